//! What a unit of work writes, as its statements take it: a value for each column, and JSON lists of what comes in any
//! number.

use serde::Serialize;

use super::step::{Held, Origin, entry};
use crate::audit::{self, Entry};
use crate::calendar::Date;
use crate::clock::Instant;
use crate::db::{StoreError, Value};
use crate::engine::{Asked, Engine, Event, OutgoingKind, Seq, outgoing};
use crate::ids::AccountId;
use crate::params;

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

/// The values of a step that is to be written, in the order of the writing statements: the involvement's row, the first
/// event, the audit entry, and two JSON lists of what not every step has - further events and what is to be sent.
#[derive(Debug)]
pub(super) struct Written {
    /// The step opens its involvement.
    pub opens: bool,
    /// It has further events or something to send; else the lists are absent.
    pub has_lists: bool,
    pub values: Vec<Value>,
}

impl Written {
    /// How many values a step has.
    pub const VALUES: usize = 46;

    pub fn new(engine: Engine<'_>, step: &Decided) -> Result<Written, StoreError> {
        let first = step.events.first().ok_or(StoreError::Missing)?;
        let further = further(step)?;
        let sent = sent(step)?;
        let has_lists = !further.is_empty() || !sent.is_empty();
        let mut values = Vec::with_capacity(Self::VALUES);
        put_involvement(&mut values, engine, &step.held, step.before, step.entry.at)?;
        values.extend(params![
            first.what.kind(),
            first.occurred_on,
            first.recorded_at,
            first.actor.account(),
            Value::json(first)?,
            step.key.as_deref(),
        ]);
        values.extend(audit::values(&step.entry));
        values.extend([list(&further)?, list(&sent)?]);
        debug_assert_eq!(values.len(), Self::VALUES);
        Ok(Written { opens: step.before == 0, has_lists, values })
    }
}

fn list<T: Serialize>(rows: &[T]) -> Result<Value, StoreError> {
    if rows.is_empty() { Ok(Value::Text(None)) } else { Value::json(&rows) }
}

/// The values of a row of `involvements`, with the version that must stand there now as the fifth.
pub(super) fn put_involvement(
    values: &mut Vec<Value>,
    engine: Engine<'_>,
    held: &Held,
    before: Seq,
    updated_at: Instant,
) -> Result<(), StoreError> {
    let involvement = &held.involvement;
    let line = engine.tray_line(involvement);
    values.extend(params![
        &held.id,
        &held.child,
        &held.definition.id,
        &held.definition.definition.id,
        before,
        involvement.version,
        Value::json(involvement)?,
        involvement.started_on,
        involvement.ended_on,
        involvement.owner.as_ref(),
        line.state,
        line.state_label,
        line.stage,
        line.stage_label,
        line.next_due_on,
        line.next_clock,
        line.next_label,
        line.exempt_until,
        line.waiting_on,
        Value::json(&line.awaiting)?,
        line.advice_in,
        line.advice_asked,
        line.weeks_of,
        engine.wakes_on(involvement),
        updated_at,
    ]);
    Ok(())
}

/// An event after the first of its step.
#[derive(Debug, Serialize)]
struct Further<'a> {
    seq: Seq,
    kind: &'static str,
    occurred_on: Date,
    recorded_at: Instant,
    actor_id: Option<&'a str>,
    payload: String,
}

fn further(step: &Decided) -> Result<Vec<Further<'_>>, StoreError> {
    let after_first = step.events.iter().zip(step.before + 1..).skip(1);
    after_first
        .map(|(event, seq)| {
            Ok(Further {
                seq,
                kind: event.what.kind(),
                occurred_on: event.occurred_on,
                recorded_at: event.recorded_at,
                actor_id: event.actor.account().map(AccountId::as_str),
                payload: text(event)?,
            })
        })
        .collect()
}

#[derive(Debug, Serialize)]
struct Sent {
    id: String,
    seq: Seq,
    kind: &'static str,
    payload: String,
    due_at: Instant,
}

fn sent(step: &Decided) -> Result<Vec<Sent>, StoreError> {
    let mut sent = Vec::new();
    for (event, seq) in step.events.iter().zip(step.before + 1..) {
        for outgoing in outgoing(&step.held.definition, event, seq) {
            let id = format!("{}:{}:{}", step.held.id, outgoing.seq, outgoing.index);
            let kind = outgoing_kind(&outgoing.kind);
            sent.push(Sent { id, seq, kind, payload: text(&outgoing.kind)?, due_at: event.recorded_at });
        }
    }
    Ok(sent)
}

fn text(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::unstorable)
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
