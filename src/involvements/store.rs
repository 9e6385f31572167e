//! SQL of involvements: loading one, and writing a unit of work.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::linked::{About, LinkTrouble, ToPerform};
use super::rows::Written;
use super::step::Held;
use crate::audit::record_one_postgres;
use crate::calendar::Date;
use crate::clock::Instant;
use crate::db::{Conn, Db, Dialect, Row, StoreError, Value};
use crate::engine::{Event, Involvement, Seq};
use crate::ids::{ChildId, DefinitionId, InvolvementId};
use crate::params;
use crate::timeline::{Compiled, InForce};

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

fn with_ids(rows: &[Row]) -> Result<Vec<(InvolvementId, Stored)>, StoreError> {
    rows.iter().map(|row| Ok((row.get("id")?, stored(row)?))).collect()
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
    with_ids(&c.fetch_all(sql, vec![Value::json(&children)?]).await?)
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

const LIVE_ON: &str = "
    select id, child_id, definition_id, snapshot from involvements
    where definition_id = $1 and ended_on is null and id > $2 order by id limit $3";

/// Open involvements on a version of a timeline, those after `last`.
pub(super) async fn live_on(
    c: &mut Conn,
    definition: &DefinitionId,
    last: &InvolvementId,
    most: usize,
) -> Result<Vec<(InvolvementId, Stored)>, StoreError> {
    with_ids(&c.fetch_all(LIVE_ON, params![definition, last, most as i64]).await?)
}

const DUE_BETWEEN: &str = "
    select id, child_id, definition_id, snapshot from involvements
    where id > $3 and started_on <= $2 and (ended_on is null or ended_on >= $1) order by id limit $4";

/// Involvements in which something can have fallen due by a day, those that ended long before left out.
pub(super) async fn due_between(
    c: &mut Conn,
    ended_since: Date,
    until: Date,
    last: &InvolvementId,
    most: usize,
) -> Result<Vec<(InvolvementId, Stored)>, StoreError> {
    with_ids(&c.fetch_all(DUE_BETWEEN, params![ended_since, until, last, most as i64]).await?)
}

const LOGS_SQLITE: &str = "
    select involvement_id, payload from events
    where involvement_id in (select value from json_each($1)) order by involvement_id, seq";
const LOGS_POSTGRES: &str = "
    select involvement_id, payload from events
    where involvement_id in (select jsonb_array_elements_text(cast($1 as jsonb))) order by involvement_id, seq";

/// The whole logs of several involvements.
pub(super) async fn logs_of(
    c: &mut Conn,
    ids: &[&InvolvementId],
) -> Result<HashMap<InvolvementId, Vec<Event>>, StoreError> {
    let sql = c.say(LOGS_SQLITE, LOGS_POSTGRES);
    let mut logs: HashMap<InvolvementId, Vec<Event>> = HashMap::new();
    for row in c.fetch_all(sql, vec![Value::json(&ids)?]).await? {
        logs.entry(row.get("involvement_id")?).or_default().push(row.json("payload")?);
    }
    Ok(logs)
}

const ALL_AFTER: &str = "select id from involvements where id > $1 order by id limit $2";

pub(super) async fn all_after(c: &mut Conn, last: &InvolvementId, most: i64) -> Result<Vec<InvolvementId>, StoreError> {
    c.fetch_all(ALL_AFTER, params![last, most]).await?.iter().map(|row| row.get("id")).collect()
}

// The values of `put_involvement` where they belong.
macro_rules! set_row {
    () => {
        "definition_id = $3, version = $6, snapshot = $7, started_on = $8, ended_on = $9, owner_id = $10, state = $11, state_label = $12,
            stage = $13, stage_label = $14, next_due_on = $15, next_clock = $16, next_label = $17, exempt_until = $18,
            waiting_on = $19, awaiting = $20, advice_in = $21, advice_asked = $22, weeks_of = $23, wakes_on = $24,
            updated_at = $25"
    };
}

// `written` is the involvement if it still stood at the version that the step was decided on; everything else is written
// only with it. A second step decided on the same version waits for the row's lock here and then finds another version.
macro_rules! moved {
    () => {
        concat!(
            "with written as (update involvements set ",
            set_row!(),
            " where id = $1 and version = $5 returning id),"
        )
    };
}

macro_rules! opened {
    () => {
        "with written as (
            insert into involvements (id, child_id, definition_id, timeline, version, snapshot, started_on, ended_on,
                owner_id, state, state_label, stage, stage_label, next_due_on, next_clock, next_label, exempt_until,
                waiting_on, awaiting, advice_in, advice_asked, weeks_of, wakes_on, updated_at)
            values ($1, $2, $3, $4, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                $24, $25)
            returning id),"
    };
}

macro_rules! recorded {
    () => {
        concat!(
            "event as (
                insert into events (involvement_id, seq, step, kind, occurred_on, recorded_at, actor_id, payload,
                    idempotency_key)
                select id, $5 + 1, $5 + 1, $26, $27, $28, $29, $30, $31 from written),",
            record_one_postgres!("$32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44", "written"),
        )
    };
}

macro_rules! listed {
    () => {
        ", further as (
            insert into events (involvement_id, seq, step, kind, occurred_on, recorded_at, actor_id, payload)
            select written.id, e.seq, $5 + 1, e.kind, e.occurred_on, e.recorded_at, e.actor_id, e.payload
            from written, json_to_recordset(cast($45 as json)) as e (seq bigint, kind text, occurred_on text,
                recorded_at bigint, actor_id text, payload text)),
        sent as (
            insert into outbox (id, involvement_id, seq, kind, payload, due_at)
            select o.id, written.id, o.seq, o.kind, o.payload, o.due_at
            from written, json_to_recordset(cast($46 as json)) as o (id text, seq bigint, kind text, payload text,
                due_at bigint))"
    };
}

macro_rules! counted {
    () => {
        " select count(*) as written from written"
    };
}

const MOVE_POSTGRES: &str = concat!(moved!(), recorded!(), counted!());
const MOVE_WITH_LISTS_POSTGRES: &str = concat!(moved!(), recorded!(), listed!(), counted!());
const OPEN_POSTGRES: &str = concat!(opened!(), recorded!(), listed!(), counted!());

// One row a step; its triggers are in migrations/sqlite/0012_steps.sql. The placeholders have no names: SQLite would look
// for the name of each among all of them.
const STEPS_SQLITE: &str = "
    insert into steps (id, child_id, definition_id, timeline, before, version, snapshot, started_on, ended_on, owner_id,
        state, state_label, stage, stage_label, next_due_on, next_clock, next_label, exempt_until, waiting_on, awaiting,
        advice_in, advice_asked, weeks_of, wakes_on, updated_at, kind, occurred_on, recorded_at, actor_id, payload,
        idempotency_key, at, account_id, role, action, why, about_child, about_involvement, object, request_id, session_id,
        address, details, salt, further, sent)
    values ";

/// How many steps one statement can take; the most is [`TOGETHER_MOST`]. Rows that are not needed stay null and write
/// nothing.
const SIZES: [usize; 7] = [1, 2, 4, 8, 16, 32, TOGETHER_MOST];

/// The most steps that are committed together: enough to share a flush, few enough to keep the first of them short.
pub(super) const TOGETHER_MOST: usize = 64;

/// The text for so many steps, made once for each size, so that SQLite compiles it once.
fn steps_sqlite(steps: usize) -> &'static str {
    static TEXTS: LazyLock<[String; SIZES.len()]> = LazyLock::new(|| {
        let row = format!("({})", ["?"; Written::VALUES].join(", "));
        SIZES.map(|size| format!("{STEPS_SQLITE}{}", vec![row.as_str(); size].join(", ")))
    });
    let at = SIZES.iter().position(|size| *size >= steps).expect("no more steps come together than TOGETHER_MOST");
    &TEXTS[at]
}

/// Writes decided steps in one unit of work: on SQLite up to [`TOGETHER_MOST`], all of them or none; on PostgreSQL one.
/// Gives whether they were written: on PostgreSQL `false` means that the involvement has moved on since.
pub(super) async fn write(db: &Db, steps: Vec<Written>) -> Result<bool, StoreError> {
    let Some(first) = steps.first() else { return Ok(true) };
    let sql = match db.dialect() {
        Dialect::Sqlite => steps_sqlite(steps.len()),
        Dialect::Postgres if first.opens => OPEN_POSTGRES,
        Dialect::Postgres if first.has_lists => MOVE_WITH_LISTS_POSTGRES,
        Dialect::Postgres => MOVE_POSTGRES,
    };
    let values = steps.into_iter().flat_map(|step| step.values).collect();
    let rows = db.write_at_once(sql, values).await?;
    match rows.first() {
        Some(row) => Ok(row.get::<i64>("written")? > 0),
        None => Ok(true),
    }
}

const MEND: &str = concat!(
    "update involvements set ",
    set_row!(),
    " where id = $1 and version = $5
    and (definition_id, snapshot, started_on, ended_on, owner_id, state, state_label, stage, stage_label, next_due_on, next_clock,
        next_label, exempt_until, waiting_on, awaiting, advice_in, advice_asked, weeks_of, wakes_on)
    is distinct from ($3, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)"
);

/// Puts a row as its log says, where it differs; gives how many did.
pub(super) async fn mend(c: &mut Conn, row: Vec<Value>) -> Result<u64, StoreError> {
    c.execute(MEND, row).await
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
        let about: Option<About> = row.json("payload").ok();
        Ok(LinkTrouble { timeline: about.map(|about| about.timeline), why: row.get("trouble")? })
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
                in_force: InForce { from: row.get("in_force_from")?, until: row.get("in_force_until")? },
                published_at: row.get("published_at")?,
            })
        })
        .collect()
}
