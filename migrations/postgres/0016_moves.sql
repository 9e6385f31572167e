-- Moving running involvements to another version of their timeline.

-- Each move that somebody began: what is to be done, and how far it is. It goes on where it stopped.
create table moves (
    id text primary key,
    -- The versions that involvements are moved from and to.
    from_definition text not null references definitions (id),
    to_definition text not null references definitions (id),
    -- `timeline::migrate::Plan` in JSON, and why it is done.
    plan text not null,
    reason text not null,
    -- Who began it, in JSON, and when; when it was done.
    begun_by text not null,
    begun_at bigint not null,
    finished_at bigint,
    -- How many it was to move when it began; the last involvement that was looked at; and what came of those so far.
    live bigint not null,
    last_id text not null default '',
    moved bigint not null default 0,
    refused bigint not null default 0,
    -- The first of those refused, with the reason, as a JSON list.
    refusals text not null default '[]'
);

-- "Is one to be taken up again?"
create index moves_unfinished on moves (begun_at) where finished_at is null;
-- "What was moved to or from this version?"
create index moves_of_definition on moves (to_definition, begun_at);
