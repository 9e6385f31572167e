-- Writing a step by one statement: a row inserted into the view `steps` is the whole of a step, and the triggers put each
-- part in its table. Nobody reads the view. Being one statement, it is a transaction by itself: either all of its rows are
-- written or none. PostgreSQL can say the same in one statement as it is, so its twin of this file holds nothing.

create view steps (
    -- The columns of `involvements` as the step leaves them; `before` is the version it was decided on, 0 for an opening.
    id, child_id, definition_id, timeline, before, version, snapshot, started_on, ended_on, owner_id, state, state_label,
    stage, stage_label, next_due_on, next_clock, next_label, exempt_until, waiting_on, awaiting, advice_in, advice_asked,
    weeks_of, wakes_on, updated_at,
    -- Its first event.
    kind, occurred_on, recorded_at, actor_id, payload, idempotency_key,
    -- Its audit entry.
    at, account_id, role, action, why, about_child, about_involvement, object, request_id, session_id, address, details,
    salt,
    -- What not every step has, as JSON lists: further events, and what is to be sent.
    further, sent
) as select
    id, child_id, definition_id, timeline, 0, version, snapshot, started_on, ended_on, owner_id, state, state_label, stage,
    stage_label, next_due_on, next_clock, next_label, exempt_until, waiting_on, awaiting, advice_in, advice_asked, weeks_of,
    wakes_on, updated_at, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
    null, null, null, null, null
from involvements where false;

create trigger steps_open instead of insert on steps when new.before = 0
begin
    insert into involvements (id, child_id, definition_id, timeline, version, snapshot, started_on, ended_on, owner_id,
        state, state_label, stage, stage_label, next_due_on, next_clock, next_label, exempt_until, waiting_on, awaiting,
        advice_in, advice_asked, weeks_of, wakes_on, updated_at)
    values (new.id, new.child_id, new.definition_id, new.timeline, new.version, new.snapshot, new.started_on, new.ended_on,
        new.owner_id, new.state, new.state_label, new.stage, new.stage_label, new.next_due_on, new.next_clock,
        new.next_label, new.exempt_until, new.waiting_on, new.awaiting, new.advice_in, new.advice_asked, new.weeks_of,
        new.wakes_on, new.updated_at);
end;

create trigger steps_move instead of insert on steps when new.before > 0
begin
    update involvements set version = new.version, snapshot = new.snapshot, started_on = new.started_on,
        ended_on = new.ended_on, owner_id = new.owner_id, state = new.state, state_label = new.state_label,
        stage = new.stage, stage_label = new.stage_label, next_due_on = new.next_due_on, next_clock = new.next_clock,
        next_label = new.next_label, exempt_until = new.exempt_until, waiting_on = new.waiting_on,
        awaiting = new.awaiting, advice_in = new.advice_in, advice_asked = new.advice_asked, weeks_of = new.weeks_of,
        wakes_on = new.wakes_on, updated_at = new.updated_at
    where id = new.id;
end;

-- Two steps decided on the same version would write the same `seq`: the primary key of `events` lets one of them in, and
-- the whole statement fails for the other. So the row of `involvements` need not be asked for its version again.
create trigger steps_are_recorded instead of insert on steps when new.before >= 0
begin
    insert into events (involvement_id, seq, step, kind, occurred_on, recorded_at, actor_id, payload, idempotency_key)
    values (new.id, new.before + 1, new.before + 1, new.kind, new.occurred_on, new.recorded_at, new.actor_id, new.payload,
        new.idempotency_key);
    insert into events (involvement_id, seq, step, kind, occurred_on, recorded_at, actor_id, payload)
    select new.id, value ->> 'seq', new.before + 1, value ->> 'kind', value ->> 'occurred_on', value ->> 'recorded_at',
        value ->> 'actor_id', value ->> 'payload'
    from json_each(new.further);
    insert into outbox (id, involvement_id, seq, kind, payload, due_at)
    select value ->> 'id', new.id, value ->> 'seq', value ->> 'kind', value ->> 'payload', value ->> 'due_at'
    from json_each(new.sent);
    insert into audit (at, account_id, role, action, why, child_id, involvement_id, object, request_id, session_id, address,
        details, salt)
    values (new.at, new.account_id, new.role, new.action, new.why, new.about_child, new.about_involvement, new.object,
        new.request_id, new.session_id, new.address, new.details, new.salt);
end;
