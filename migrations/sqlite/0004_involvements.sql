-- Involvements: the log that is the truth, and what is kept beside it so that no step and no screen has to read it whole.
-- The twin in migrations/postgres says the same to PostgreSQL.

-- One row an involvement: its fold, and the line the work tray shows. Written with each step; rebuilt from the log by
-- `involvements::rebuild`.
create table involvements (
    -- 26 random characters; derived from the form's key when it is opened, so that a form sent twice opens one.
    id text primary key,
    -- The child it is about.
    child_id text not null,
    -- The version of the timeline it is pinned to.
    definition_id text not null references definitions (id),
    -- That timeline's id, whatever the version.
    timeline text not null,
    -- How many events its log has: what a step expects to find.
    version integer not null,
    -- The involvement as the engine knows it, in JSON.
    snapshot text not null,
    -- The day the request was received, and the day it ended (ISO dates).
    started_on text not null,
    ended_on text,
    -- The caseworker who has it, if anybody.
    owner_id text,
    -- Where it is on the graph: ids for filters, labels for people.
    state text not null,
    state_label text not null,
    stage text not null,
    stage_label text not null,
    -- The authority's next limit, and until when it is excused.
    next_due_on text,
    next_clock text,
    next_label text,
    exempt_until text,
    -- Whom it waits for, in words; the advisers not heard from as a JSON list; how much advice is in.
    waiting_on text not null,
    awaiting text not null,
    advice_in integer not null,
    advice_asked integer not null,
    -- Weeks in the whole process, where it has a limit.
    weeks_of integer,
    -- The next day on which passing time changes something: the one timer that the rest derive from.
    wakes_on text,
    -- When its last event was recorded, in milliseconds UTC.
    updated_at integer not null
) strict;

-- The involvements of a child, and no second one of the same timeline while the first is open.
create unique index involvements_open_once on involvements (child_id, timeline) where ended_on is null;
create index involvements_of_child on involvements (child_id);
-- The work tray: what is open, soonest limit first.
create index involvements_in_tray on involvements (next_due_on, id) where ended_on is null;
-- "Whom must today wake?" asked every minute; its cost does not grow with the number of involvements.
create index involvements_to_wake on involvements (wakes_on, id) where wakes_on is not null;

-- The log. Only added to; corrections are events too. Its primary key is also what lets only one of two steps win that
-- were decided on the same version.
create table events (
    involvement_id text not null,
    -- From 1, without gaps.
    seq integer not null,
    -- The first event of the step that it was recorded in.
    step integer not null,
    -- What happened: a name of `engine::What`.
    kind text not null,
    -- The day it took effect (ISO), and when it was recorded (milliseconds UTC).
    occurred_on text not null,
    recorded_at integer not null,
    -- Who; none when it happened by itself.
    actor_id text,
    -- The whole event in JSON, as the engine wrote it.
    payload text not null,
    -- On the first event of a step: the key its form carries, so that the same form sent again finds this outcome.
    idempotency_key text,
    primary key (involvement_id, seq)
) strict, without rowid;

create unique index events_of_key on events (involvement_id, idempotency_key) where idempotency_key is not null;

create trigger events_are_not_changed before update on events begin select raise(abort, 'events is append-only'); end;
create trigger events_are_not_removed before delete on events begin select raise(abort, 'events is append-only'); end;

-- What steps have asked to be sent. Written with the step, delivered afterwards, at least once.
create table outbox (
    -- `involvement:seq:index`: trying again is the same message, whoever receives it; and one involvement's are a range.
    id text primary key,
    involvement_id text not null,
    -- The event that asked for it.
    seq integer not null,
    -- What it is: a name of `engine::OutgoingKind`, and the whole of it in JSON.
    kind text not null,
    payload text not null,
    -- When to try (next), in milliseconds UTC; how often it was tried; until when a worker holds it.
    due_at integer not null,
    attempts integer not null default 0,
    lease_until integer,
    -- When it was delivered, or given up on by a person.
    done_at integer
) strict, without rowid;

-- "What is to be sent?"
create index outbox_to_send on outbox (due_at, id) where done_at is null;

-- A version that has gone live never changes.
create unique index definitions_version on definitions (timeline, version);
