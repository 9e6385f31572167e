-- The authority's grant that lets a portal user see one child's shared information.
create table sharings (
    account_id text not null references accounts (id),
    child_id text not null,
    -- what the person is to the child, in the authority's words: "mother", "young person"
    relationship text not null,
    given_at integer not null,
    -- the member of staff, or null for a command on the server
    given_by text,
    -- set when it ends; the row stays as history
    ended_at integer,
    ended_by text
) strict;

-- at most one standing grant for a person and a child; also answers "whose children"
create unique index sharings_standing on sharings (account_id, child_id) where ended_at is null;
-- who can see this child
create index sharings_by_child on sharings (child_id);
