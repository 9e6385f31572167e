//! SQL of involvements: loading one, and writing a unit of work.

use std::sync::Arc;

use super::linked::{About, LinkTrouble, ToPerform};
use super::step::Held;
use crate::audit::{record_postgres, record_sqlite};
use crate::calendar::Date;
use crate::clock::Instant;
use crate::db::{Conn, Db, Row, StoreError, Value};
use crate::engine::{Event, Involvement, Seq};
use crate::ids::{ChildId, DefinitionId, InvolvementId};
use crate::params;
use crate::timeline::Compiled;

/// An involvement as it is stored; its definition is known by id only.
#[derive(Debug)]
pub(super) struct Stored {
    pub child: ChildId,
    pub definition: DefinitionId,
    pub involvement: Involvement,
}

impl Stored {
    pub fn held(self, id: InvolvementId, definition: Arc<Compiled>) -> Held {
        Held { id, child: self.child, definition, involvement: self.involvement }
    }
}

const LOAD: &str = "select child_id, definition_id, snapshot from involvements where id = $1";

pub(super) async fn load(c: &mut Conn, id: &InvolvementId) -> Result<Option<Stored>, StoreError> {
    c.fetch_optional(LOAD, params![id]).await?.as_ref().map(stored).transpose()
}

fn stored(row: &Row) -> Result<Stored, StoreError> {
    Ok(Stored {
        child: row.get("child_id")?,
        definition: row.get("definition_id")?,
        involvement: row.json("snapshot")?,
    })
}

const PINNED: &str = "select child_id, definition_id from involvements where id = $1";

pub(super) async fn pinned(c: &mut Conn, id: &InvolvementId) -> Result<Option<(ChildId, DefinitionId)>, StoreError> {
    let row = c.fetch_optional(PINNED, params![id]).await?;
    row.map(|row| Ok((row.get("child_id")?, row.get("definition_id")?))).transpose()
}

const OF_CHILDREN_SQLITE: &str = "
    select id, child_id, definition_id, snapshot from involvements
    where child_id in (select value from json_each($1)) order by started_on desc, id";
const OF_CHILDREN_POSTGRES: &str = "
    select id, child_id, definition_id, snapshot from involvements
    where child_id in (select jsonb_array_elements_text(cast($1 as jsonb))) order by started_on desc, id";

pub(super) async fn of_children(
    c: &mut Conn,
    children: &[ChildId],
) -> Result<Vec<(InvolvementId, Stored)>, StoreError> {
    let sql = c.say(OF_CHILDREN_SQLITE, OF_CHILDREN_POSTGRES);
    let rows = c.fetch_all(sql, vec![Value::json(&children)?]).await?;
    rows.iter().map(|row| Ok((row.get("id")?, stored(row)?))).collect()
}

const LOG_AFTER: &str = "select payload from events where involvement_id = $1 and seq > $2 order by seq";

pub(super) async fn log_after(c: &mut Conn, id: &InvolvementId, seen: Seq) -> Result<Vec<Event>, StoreError> {
    c.fetch_all(LOG_AFTER, params![id, seen]).await?.iter().map(|row| row.json("payload")).collect()
}

const OF_KEY: &str = "
    select e.seq, e.payload
    from events k join events e on e.involvement_id = k.involvement_id and e.step = k.step
    where k.involvement_id = $1 and k.idempotency_key = $2
    order by e.seq";

/// The first event's number and the events of the step that was taken with this key, if one was.
pub(super) async fn of_key(
    c: &mut Conn,
    id: &InvolvementId,
    key: &str,
) -> Result<Option<(Seq, Vec<Event>)>, StoreError> {
    let rows = c.fetch_all(OF_KEY, params![id, key]).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let events: Result<Vec<Event>, StoreError> = rows.iter().map(|row| row.json("payload")).collect();
    Ok(Some((first.get("seq")?, events?)))
}

const TO_WAKE: &str = "
    select id, wakes_on from involvements
    where wakes_on <= $1 and (wakes_on > $2 or (wakes_on = $2 and id > $3))
    order by wakes_on, id limit $4";

/// Involvements on which passing time changes something by `today`, those after `last` in order of that day.
pub(super) async fn to_wake(
    c: &mut Conn,
    today: Date,
    last: &(String, InvolvementId),
    most: i64,
) -> Result<Vec<(String, InvolvementId)>, StoreError> {
    let rows = c.fetch_all(TO_WAKE, params![today, &last.0, &last.1, most]).await?;
    rows.iter().map(|row| Ok((row.get("wakes_on")?, row.get("id")?))).collect()
}

const ALL_AFTER: &str = "select id from involvements where id > $1 order by id limit $2";

pub(super) async fn all_after(c: &mut Conn, last: &InvolvementId, most: i64) -> Result<Vec<InvolvementId>, StoreError> {
    c.fetch_all(ALL_AFTER, params![last, most]).await?.iter().map(|row| row.get("id")).collect()
}

// The rows of `InvolvementRow` out of a JSON list, with the same names in both dialects.
macro_rules! rows_sqlite {
    ($list:literal) => {
        concat!(
            "(select value ->> 'id' as id, value ->> 'child_id' as child_id, value ->> 'definition_id' as definition_id,
                value ->> 'timeline' as timeline, value ->> 'before' as before, value ->> 'version' as version,
                value -> 'snapshot' as snapshot, value ->> 'started_on' as started_on, value ->> 'ended_on' as ended_on,
                value ->> 'owner_id' as owner_id, value ->> 'state' as state, value ->> 'state_label' as state_label,
                value ->> 'stage' as stage, value ->> 'stage_label' as stage_label,
                value ->> 'next_due_on' as next_due_on, value ->> 'next_clock' as next_clock,
                value ->> 'next_label' as next_label, value ->> 'exempt_until' as exempt_until,
                value ->> 'waiting_on' as waiting_on, value -> 'awaiting' as awaiting, value ->> 'advice_in' as advice_in,
                value ->> 'advice_asked' as advice_asked, value ->> 'weeks_of' as weeks_of,
                value ->> 'wakes_on' as wakes_on, value ->> 'updated_at' as updated_at
            from json_each(",
            $list,
            ")) as r"
        )
    };
}

macro_rules! rows_postgres {
    ($list:literal) => {
        concat!(
            "(select id, child_id, definition_id, timeline, before, version, cast(snapshot as text) as snapshot, started_on,
                ended_on, owner_id, state, state_label, stage, stage_label, next_due_on, next_clock, next_label,
                exempt_until, waiting_on, cast(awaiting as text) as awaiting, advice_in, advice_asked, weeks_of, wakes_on,
                updated_at
            from json_to_recordset(cast(",
            $list,
            " as json)) as x (id text, child_id text, definition_id text, timeline text, before bigint, version bigint,
                snapshot json, started_on text, ended_on text, owner_id text, state text, state_label text, stage text,
                stage_label text, next_due_on text, next_clock text, next_label text, exempt_until text, waiting_on text,
                awaiting json, advice_in bigint, advice_asked bigint, weeks_of bigint, wakes_on text, updated_at bigint)) as r"
        )
    };
}

macro_rules! insert_rows {
    () => {
        "insert into involvements (id, child_id, definition_id, timeline, version, snapshot, started_on, ended_on, owner_id,
            state, state_label, stage, stage_label, next_due_on, next_clock, next_label, exempt_until, waiting_on, awaiting,
            advice_in, advice_asked, weeks_of, wakes_on, updated_at)
        select id, child_id, definition_id, timeline, version, snapshot, started_on, ended_on, owner_id, state, state_label,
            stage, stage_label, next_due_on, next_clock, next_label, exempt_until, waiting_on, awaiting, advice_in,
            advice_asked, weeks_of, wakes_on, updated_at
        from "
    };
}

macro_rules! set_from_row {
    () => {
        "version = r.version, snapshot = r.snapshot, started_on = r.started_on, ended_on = r.ended_on,
            owner_id = r.owner_id, state = r.state, state_label = r.state_label, stage = r.stage,
            stage_label = r.stage_label, next_due_on = r.next_due_on, next_clock = r.next_clock, next_label = r.next_label,
            exempt_until = r.exempt_until, waiting_on = r.waiting_on, awaiting = r.awaiting, advice_in = r.advice_in,
            advice_asked = r.advice_asked, weeks_of = r.weeks_of, wakes_on = r.wakes_on, updated_at = r.updated_at
        from "
    };
}

// Two steps decided on the same version would write the same `seq`: the primary key of `events` lets one of them in, and
// the whole text fails for the other. So events come first, and the rows need not ask for the version again.
const WRITE_SQLITE: &str = concat!(
    "begin immediate;
    insert into events (involvement_id, seq, step, kind, occurred_on, recorded_at, actor_id, payload, idempotency_key)
    select value ->> 'involvement_id', value ->> 'seq', value ->> 'step', value ->> 'kind', value ->> 'occurred_on',
        value ->> 'recorded_at', value ->> 'actor_id', value -> 'payload', value ->> 'idempotency_key'
    from json_each($3);",
    insert_rows!(),
    rows_sqlite!("$1"),
    " where true;
    update involvements set ",
    set_from_row!(),
    rows_sqlite!("$2"),
    " where involvements.id = r.id;
    insert into outbox (id, involvement_id, seq, kind, payload, due_at)
    select value ->> 'id', value ->> 'involvement_id', value ->> 'seq', value ->> 'kind', value -> 'payload',
        value ->> 'due_at'
    from json_each($4);",
    record_sqlite!("$5"),
    ";
    commit"
);

// `written` are the involvements that still stood at the version they were decided on; everything else of a step is
// written only with it. Concurrent steps wait for the row's lock here and then find another version.
const WRITE_POSTGRES: &str = concat!(
    "with opened as (",
    insert_rows!(),
    rows_postgres!("$1"),
    " returning id),
    moved as (update involvements set ",
    set_from_row!(),
    rows_postgres!("$2"),
    " where involvements.id = r.id and involvements.version = r.before returning involvements.id),
    written as (select id from opened union all select id from moved),
    event as (
        insert into events (involvement_id, seq, step, kind, occurred_on, recorded_at, actor_id, payload, idempotency_key)
        select involvement_id, seq, step, kind, occurred_on, recorded_at, actor_id, cast(payload as text), idempotency_key
        from json_to_recordset(cast($3 as json)) as e (involvement_id text, seq bigint, step bigint, kind text,
            occurred_on text, recorded_at bigint, actor_id text, payload json, idempotency_key text)
        where involvement_id in (select id from written)),
    sent as (
        insert into outbox (id, involvement_id, seq, kind, payload, due_at)
        select id, involvement_id, seq, kind, cast(payload as text), due_at
        from json_to_recordset(cast($4 as json)) as o (id text, involvement_id text, seq bigint, kind text, payload json,
            due_at bigint)
        where involvement_id in (select id from written)),",
    record_postgres!("$5", "involvement_id in (select id from written)"),
    " select count(*) as written from written"
);

/// Writes decided steps in one unit of work: all of them, or on SQLite none. Gives whether they were written: on
/// PostgreSQL, where one comes at a time, `false` means that the involvement has moved on since.
pub(super) async fn write(db: &Db, parameters: Vec<Value>) -> Result<bool, StoreError> {
    let rows = db.write_at_once(WRITE_SQLITE, WRITE_POSTGRES, parameters).await?;
    match rows.first() {
        Some(row) => Ok(row.get::<i64>("written")? > 0),
        None => Ok(true),
    }
}

macro_rules! unlike_row {
    () => {
        " where involvements.id = r.id and involvements.version = r.before
        and (involvements.snapshot, involvements.started_on, involvements.ended_on, involvements.owner_id,
            involvements.state, involvements.state_label, involvements.stage, involvements.stage_label,
            involvements.next_due_on, involvements.next_clock, involvements.next_label, involvements.exempt_until,
            involvements.waiting_on, involvements.awaiting, involvements.advice_in, involvements.advice_asked,
            involvements.weeks_of, involvements.wakes_on)
        is distinct from (r.snapshot, r.started_on, r.ended_on, r.owner_id, r.state, r.state_label, r.stage, r.stage_label,
            r.next_due_on, r.next_clock, r.next_label, r.exempt_until, r.waiting_on, r.awaiting, r.advice_in,
            r.advice_asked, r.weeks_of, r.wakes_on)"
    };
}

const MEND_SQLITE: &str = concat!("update involvements set ", set_from_row!(), rows_sqlite!("$1"), unlike_row!());
const MEND_POSTGRES: &str = concat!("update involvements set ", set_from_row!(), rows_postgres!("$1"), unlike_row!());

/// Puts rows as their logs say, where they differ; gives how many did.
pub(super) async fn mend(c: &mut Conn, rows: Value) -> Result<u64, StoreError> {
    c.execute(c.say(MEND_SQLITE, MEND_POSTGRES), vec![rows]).await
}

const TO_PERFORM: &str = "
    select id, involvement_id, payload from outbox
    where done_at is null and kind in ('start-linked', 'advance-linked') order by due_at, id limit $1";

/// Linked involvements that are still to be opened or moved on, the oldest first.
pub(super) async fn to_perform(c: &mut Conn, most: i64) -> Result<Vec<ToPerform>, StoreError> {
    let piece = |row: &Row| {
        Ok(ToPerform { id: row.get("id")?, involvement: row.get("involvement_id")?, kind: row.json("payload").ok() })
    };
    c.fetch_all(TO_PERFORM, params![most]).await?.iter().map(piece).collect()
}

const PERFORMED: &str =
    "update outbox set done_at = $3, trouble = $2, attempts = attempts + 1 where id = $1 and done_at is null";

pub(super) async fn performed(c: &mut Conn, id: &str, trouble: Option<&str>, now: Instant) -> Result<(), StoreError> {
    c.execute(PERFORMED, params![id, trouble.map(str::to_owned), now]).await.map(|_| ())
}

const LINK_TROUBLES: &str = "
    select payload, trouble from outbox
    where involvement_id = $1 and trouble is not null order by seq, id";

pub(super) async fn link_troubles(c: &mut Conn, id: &InvolvementId) -> Result<Vec<LinkTrouble>, StoreError> {
    let trouble = |row: &Row| {
        let About { timeline } = row.json("payload")?;
        Ok(LinkTrouble { timeline, why: row.get("trouble")? })
    };
    let rows = c.fetch_all(LINK_TROUBLES, params![id]).await?;
    rows.iter().map(trouble).collect()
}

const PUBLISH: &str = "
    insert into definitions (id, timeline, version, title, source, canonical, in_force_from, in_force_until, published_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (id) do nothing";

/// Keeps a definition; gives whether it was new.
pub(super) async fn publish(
    c: &mut Conn,
    definition: &Compiled,
    source: &str,
    canonical: &str,
    at: Instant,
) -> Result<bool, StoreError> {
    let own = &definition.definition;
    let params = params![
        &definition.id,
        &own.id,
        own.version,
        &own.title,
        source,
        canonical,
        own.in_force.from,
        own.in_force.until,
        at
    ];
    Ok(c.execute(PUBLISH, params).await? > 0)
}

const DEFINITION: &str = "select canonical from definitions where id = $1";

pub(super) async fn canonical(c: &mut Conn, id: &DefinitionId) -> Result<Option<String>, StoreError> {
    c.fetch_optional(DEFINITION, params![id]).await?.map(|row| row.get("canonical")).transpose()
}

const IN_FORCE: &str = "
    select id from definitions
    where timeline = $1 and in_force_from <= $2 and (in_force_until is null or in_force_until >= $2)
    order by in_force_from desc, version desc limit 1";

pub(super) async fn in_force(c: &mut Conn, timeline: &str, on: Date) -> Result<Option<DefinitionId>, StoreError> {
    c.fetch_optional(IN_FORCE, params![timeline, on]).await?.map(|row| row.get("id")).transpose()
}

const SOURCE: &str = "select source from definitions where id = $1";

pub(super) async fn source(c: &mut Conn, id: &DefinitionId) -> Result<Option<String>, StoreError> {
    c.fetch_optional(SOURCE, params![id]).await?.map(|row| row.get("source")).transpose()
}

const PUBLISHED: &str = "
    select id, timeline, version, title, in_force_from, in_force_until, published_at
    from definitions order by timeline, version desc";

pub(super) async fn published(c: &mut Conn) -> Result<Vec<super::Published>, StoreError> {
    let rows = c.fetch_all(PUBLISHED, params![]).await?;
    rows.iter()
        .map(|row| {
            Ok(super::Published {
                id: row.get("id")?,
                timeline: row.get("timeline")?,
                version: row.get("version")?,
                title: row.get("title")?,
                in_force_from: row.get("in_force_from")?,
                in_force_until: row.get("in_force_until")?,
                published_at: row.get("published_at")?,
            })
        })
        .collect()
}
