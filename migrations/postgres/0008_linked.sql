-- Timelines that open or move on another: performed from the outbox, and what could not be done kept in words.
-- The twin in migrations/sqlite says the same to SQLite.

-- Why the last try did not succeed; a caseworker reads it on the involvement.
alter table outbox add column trouble text;

create index outbox_with_trouble on outbox (involvement_id, seq) where trouble is not null;

-- "Which linked involvements are still to be opened or moved on?", whatever else waits to be sent.
create index outbox_linked on outbox (due_at, id)
    where done_at is null and kind in ('start-linked', 'advance-linked');
