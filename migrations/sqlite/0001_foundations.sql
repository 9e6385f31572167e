-- Published timelines, the audit trail and what the installation knows about itself.
-- The twin in migrations/postgres says the same to PostgreSQL.

-- One published version of a timeline. Never changed: an involvement is pinned to the version it started with.
create table definitions (
    -- SHA-256 of the canonical text, in hexadecimal: the same definition is the same row, whoever publishes it.
    id text primary key check (length(id) = 64),
    -- The timeline's id, as in `id: "ehc-needs-assessment"`.
    timeline text not null,
    -- The version its author gave it.
    version integer not null,
    -- Its title, for lists.
    title text not null,
    -- The RON text as its author wrote it, comments included.
    source text not null,
    -- The same without comments and layout: what the id is computed from and involvements run on.
    canonical text not null,
    -- The dates in force (ISO); no last one until a later version says so.
    in_force_from text not null,
    in_force_until text,
    -- When it was published, in milliseconds UTC.
    published_at integer not null
) strict;

-- Which version to pin a new involvement to: asked at every opening.
create index definitions_in_force on definitions (timeline, in_force_from);

-- Who did and saw what, one row an act, written in the transaction of the act. Ids and names of fields only, no
-- personal data: rows outlive what they speak of, so nothing here is a foreign key.
create table audit (
    -- Order of writing. Never used twice, so that a removed row leaves a gap.
    id integer primary key autoincrement,
    -- When, in milliseconds UTC. Informs; the chain's order is what counts.
    at integer not null,
    -- Who, and in which role; neither when the system acted by itself.
    account_id text,
    role text,
    -- What was done: a name of `audit::Action`.
    action text not null,
    -- Why it was possible: the route, command or job through which it was done.
    why text not null,
    -- The child and the involvement it was about, if any.
    child_id text,
    involvement_id text,
    -- What else it touched: the id of a document, account, export ...
    object text,
    -- From where: the request, the session and the network address.
    request_id text,
    session_id text,
    address text,
    -- JSON: ids and field names.
    details text not null,
    -- Random, in hexadecimal: without it the commitment in the chain could be guessed back to what was redacted.
    salt text not null
) strict;

-- "Who looked at this child?"
create index audit_of_child on audit (child_id, id) where child_id is not null;
-- "What did this person do?"
create index audit_of_account on audit (account_id, id) where account_id is not null;

-- The chain over the audit rows, added by the sealer. Altering, removing or inserting a row breaks it.
create table audit_chain (
    -- From 1, without gaps.
    seq integer primary key,
    -- The row that is sealed here.
    audit_id integer not null unique,
    -- SHA-256 of salt and payload, in hexadecimal.
    commitment text not null,
    -- SHA-256 of 0x00, the hash before, seq in eight bytes (big end first) and the commitment, in hexadecimal.
    hash text not null
) strict;

create trigger audit_is_not_changed before update on audit begin select raise(abort, 'audit is append-only'); end;
create trigger audit_is_not_removed before delete on audit begin select raise(abort, 'audit is append-only'); end;
create trigger audit_chain_is_not_changed before update on audit_chain
    begin select raise(abort, 'audit_chain is append-only'); end;
create trigger audit_chain_is_not_removed before delete on audit_chain
    begin select raise(abort, 'audit_chain is append-only'); end;

-- Single facts about this installation, such as the day whose passing was last dealt with.
create table meta (
    key text primary key,
    value text not null
) strict;
