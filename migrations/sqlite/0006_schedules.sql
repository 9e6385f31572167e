-- When each rule with a cron schedule comes round next. Moved on only after every involvement was looked at, so that a
-- run that was cut off is taken up again.
create table schedules (
    definition_id text not null references definitions (id),
    -- the rule's name in that definition
    rule text not null,
    -- the next time it comes round, in milliseconds UTC
    next_at integer not null,
    primary key (definition_id, rule)
) strict;

-- open involvements of one definition, in an order that a cut-off run can go on in
create index involvements_of_definition on involvements (definition_id, id) where ended_on is null;
