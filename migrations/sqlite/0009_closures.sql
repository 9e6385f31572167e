-- When settings are closed: what excuses a limit, and what a reply would fall into.
create table closures (
    id text primary key,
    setting text not null,
    -- the name in lower case without accents or punctuation: what children's settings are matched by
    setting_folded text not null,
    -- first day closed and day it opens again, ISO dates
    closed_from text not null,
    reopens_on text not null,
    recorded_at integer not null,
    -- the member of staff, or null for a command on the server
    recorded_by text
) strict;

-- the closures of one setting in order of date; the same one is not kept twice
create unique index closures_of_setting on closures (setting_folded, closed_from, reopens_on);
-- what is still to come, soonest first
create index closures_by_end on closures (reopens_on, closed_from, setting_folded);
