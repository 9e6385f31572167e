-- What the work tray needs so that it can be counted and paged from its indexes alone, whatever the rows hold beside it.
drop index involvements_in_tray;
-- What is open, soonest limit first. The first two give the order; the rest is what filters ask for.
create index involvements_in_tray on involvements (next_due_on, id, exempt_until, owner_id, stage, child_id)
    where ended_on is null;
-- The stages that open involvements are in, for the filter.
create index involvements_stages on involvements (stage, stage_label) where ended_on is null;
