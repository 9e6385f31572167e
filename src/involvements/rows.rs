//! What a unit of work writes, as the set-based statements take it: lists of rows in JSON, field names as columns.

use std::collections::HashMap;

use serde::Serialize;

use super::step::{Held, Origin, entry};
use crate::audit::{Entry, written};
use crate::calendar::Date;
use crate::clock::Instant;
use crate::db::{StoreError, Value};
use crate::engine::{Asked, Engine, Event, Involvement, OutgoingKind, Seq, outgoing};
use crate::ids::AccountId;

/// A step that was decided and is still to be written.
#[derive(Debug, Clone)]
pub(super) struct Decided {
    /// The involvement with the step taken.
    pub held: Held,
    /// The version it was decided on; 0 for an opening.
    pub before: Seq,
    pub events: Vec<Event>,
    pub key: Option<String>,
    pub entry: Entry,
}

impl Decided {
    pub fn new(
        held: Held,
        before: Seq,
        events: Vec<Event>,
        key: Option<String>,
        asked: &Asked,
        origin: &Origin,
    ) -> Decided {
        let entry = entry(&held, before + 1, &events, asked, origin);
        Decided { held, before, events, key, entry }
    }
}

/// The parameters `$1` to `$5` of the writing statements: openings, movements, events, outbox and audit.
pub(super) fn parameters<'a>(
    engine_of: impl Fn(&'a Held) -> Engine<'a>,
    steps: impl IntoIterator<Item = &'a Decided>,
) -> Result<Vec<Value>, StoreError> {
    let (mut opened, mut events, mut sent, mut audit) = (vec![], vec![], vec![], vec![]);
    // Of several steps of one involvement, its row shows the last.
    let mut moved: IndexedRows<'a> = IndexedRows::default();
    for step in steps {
        let engine = engine_of(&step.held);
        let row = InvolvementRow::new(engine, &step.held, step.before, step.entry.at);
        if step.before == 0 {
            opened.push(row);
        } else {
            moved.put(row);
        }
        for (event, seq) in step.events.iter().zip(step.before + 1..) {
            events.push(EventRow::new(step, event, seq));
            for outgoing in outgoing(&step.held.definition, event, seq) {
                let id = format!("{}:{}:{}", step.held.id, outgoing.seq, outgoing.index);
                let kind = outgoing_kind(&outgoing.kind);
                let involvement_id = step.held.id.as_str();
                sent.push(OutboxRow {
                    id,
                    involvement_id,
                    seq,
                    kind,
                    payload: outgoing.kind,
                    due_at: event.recorded_at,
                });
            }
        }
        audit.push(written(&step.entry));
    }
    Ok(vec![
        Value::json(&opened)?,
        Value::json(&moved.rows)?,
        Value::json(&events)?,
        Value::json(&sent)?,
        Value::json(&audit)?,
    ])
}

#[derive(Default)]
struct IndexedRows<'a> {
    rows: Vec<InvolvementRow<'a>>,
    at: HashMap<&'a str, usize>,
}

impl<'a> IndexedRows<'a> {
    fn put(&mut self, row: InvolvementRow<'a>) {
        match self.at.get(row.id) {
            Some(at) => self.rows[*at] = InvolvementRow { before: self.rows[*at].before, ..row },
            None => {
                self.at.insert(row.id, self.rows.len());
                self.rows.push(row);
            }
        }
    }
}

/// A row of `involvements`.
#[derive(Debug, Serialize)]
pub(super) struct InvolvementRow<'a> {
    id: &'a str,
    child_id: &'a str,
    definition_id: &'a str,
    timeline: &'a str,
    /// The version that must stand there now.
    before: Seq,
    version: Seq,
    snapshot: &'a Involvement,
    started_on: Date,
    ended_on: Option<Date>,
    owner_id: Option<&'a str>,
    state: String,
    state_label: String,
    stage: String,
    stage_label: String,
    next_due_on: Option<Date>,
    next_clock: Option<String>,
    next_label: Option<String>,
    exempt_until: Option<Date>,
    waiting_on: String,
    awaiting: Vec<String>,
    advice_in: u32,
    advice_asked: u32,
    weeks_of: Option<i64>,
    wakes_on: Option<Date>,
    updated_at: Instant,
}

impl<'a> InvolvementRow<'a> {
    pub fn new(engine: Engine<'_>, held: &'a Held, before: Seq, updated_at: Instant) -> InvolvementRow<'a> {
        let involvement = &held.involvement;
        let line = engine.tray_line(involvement);
        InvolvementRow {
            id: held.id.as_str(),
            child_id: held.child.as_str(),
            definition_id: held.definition.id.as_str(),
            timeline: &held.definition.definition.id,
            before,
            version: involvement.version,
            snapshot: involvement,
            started_on: involvement.started_on,
            ended_on: involvement.ended_on,
            owner_id: involvement.owner.as_ref().map(AccountId::as_str),
            state: line.state,
            state_label: line.state_label,
            stage: line.stage,
            stage_label: line.stage_label,
            next_due_on: line.next_due_on,
            next_clock: line.next_clock,
            next_label: line.next_label,
            exempt_until: line.exempt_until,
            waiting_on: line.waiting_on,
            awaiting: line.awaiting,
            advice_in: line.advice_in,
            advice_asked: line.advice_asked,
            weeks_of: line.weeks_of,
            wakes_on: engine.wakes_on(involvement),
            updated_at,
        }
    }
}

#[derive(Debug, Serialize)]
struct EventRow<'a> {
    involvement_id: &'a str,
    seq: Seq,
    step: Seq,
    kind: &'static str,
    occurred_on: Date,
    recorded_at: Instant,
    actor_id: Option<&'a str>,
    payload: &'a Event,
    idempotency_key: Option<&'a str>,
}

impl<'a> EventRow<'a> {
    fn new(step: &'a Decided, event: &'a Event, seq: Seq) -> EventRow<'a> {
        let is_first = seq == step.before + 1;
        EventRow {
            involvement_id: step.held.id.as_str(),
            seq,
            step: step.before + 1,
            kind: event.what.kind(),
            occurred_on: event.occurred_on,
            recorded_at: event.recorded_at,
            actor_id: event.actor.account().map(AccountId::as_str),
            payload: event,
            idempotency_key: step.key.as_deref().filter(|_| is_first),
        }
    }
}

#[derive(Debug, Serialize)]
struct OutboxRow<'a> {
    id: String,
    involvement_id: &'a str,
    seq: Seq,
    kind: &'static str,
    payload: OutgoingKind,
    due_at: Instant,
}

fn outgoing_kind(kind: &OutgoingKind) -> &'static str {
    match kind {
        OutgoingKind::Notice { .. } => "notice",
        OutgoingKind::Message { .. } => "message",
        OutgoingKind::RemindAdvisers => "remind-advisers",
        OutgoingKind::Start { .. } => "start-linked",
        OutgoingKind::Advance { .. } => "advance-linked",
        OutgoingKind::ClockWarning { .. } => "clock-warning",
        OutgoingKind::ClockBreach { .. } => "clock-breach",
    }
}
