//! Taking one step by itself: load, decide, write, and look again when somebody was quicker.

use super::rows::{Decided, Written};
use super::step::{Held, Open, Outcome, Step, Trouble};
use super::{Past, Shared, store};
use crate::db::StoreError;
use crate::engine::{Engine, OutgoingKind, outgoing, versions};
use crate::ids::InvolvementId;

/// How often a step is decided anew because the involvement moved on in between.
pub(super) const TRIES: usize = 3;

impl Shared {
    pub(super) fn engine_of<'a>(&'a self, held: &'a Held) -> Engine<'a> {
        Engine::new(&held.definition, &self.calendar)
    }

    pub(super) async fn load(&self, id: &InvolvementId) -> Result<Option<Held>, Trouble> {
        let Some(stored) = self.db.read(async |c| store::load(c, id).await).await? else { return Ok(None) };
        let definition = self.definition(&stored.definition).await?;
        Ok(Some(stored.held(id.clone(), definition)))
    }

    /// The step as the engine decides it, still to be written.
    pub(super) fn decide(&self, held: &Held, step: &Step, past: &Past) -> Result<Decided, Trouble> {
        let now = held.involvement.version;
        if let Some(seen) = step.seen.filter(|seen| *seen != now) {
            return Err(Trouble::Changed { seen, now });
        }
        let engine = self.engine_of(held).having_run_on(&past.earlier);
        let events = engine.decide(&held.involvement, &step.command, &step.asked, &past.log)?;
        let involvement = engine.after(&held.involvement, &past.log, &events);
        let after = Held { involvement, ..held.clone() };
        Ok(Decided::new(after, now, events, step.key.clone(), &step.asked, &step.origin))
    }

    /// The step as the engine decides it on what is remembered; none if that may not be trusted to say no.
    pub(super) fn decide_from_memory(&self, step: &Step) -> Option<Decided> {
        if step.command.needs_log() {
            return None;
        }
        let held = self.memory.get(&step.involvement)?;
        self.decide(&held, step, &Past::default()).ok().filter(|decided| !decided.events.is_empty())
    }

    /// Takes a step by itself, without reading the involvement first if it is remembered as it stands.
    pub(super) async fn take_quickly(&self, step: &Step) -> Result<Outcome, Trouble> {
        if let Some(decided) = self.decide_from_memory(step) {
            match self.write(vec![self.row(&decided)?]).await {
                Ok(true) => {
                    self.memory.remember(decided.held.clone());
                    return Ok(outcome(decided));
                }
                // It has moved on since, or the same form has done it already.
                Ok(false) | Err(StoreError::Taken(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.memory.forget(&step.involvement);
        self.take_alone(step).await
    }

    /// Takes a step by itself, on what the database says now.
    pub(super) async fn take_alone(&self, step: &Step) -> Result<Outcome, Trouble> {
        let mut stood_at = 0;
        for _ in 0..TRIES {
            let held = self.load(&step.involvement).await?.ok_or(Trouble::NotFound)?;
            stood_at = held.involvement.version;
            let past = if step.command.needs_log() { self.past_of(&held).await? } else { Past::default() };
            let decided = match self.decide(&held, step, &past) {
                Ok(decided) if decided.events.is_empty() => {
                    let nothing = Outcome {
                        involvement: held.id,
                        first: stood_at + 1,
                        events: vec![],
                        repeated: false,
                        asks_for_linked: false,
                    };
                    return Ok(self.first_outcome(step).await?.unwrap_or(nothing));
                }
                Ok(decided) => decided,
                // What was refused may be refused only because the same form has done it already.
                Err(trouble) => return self.first_outcome(step).await?.ok_or(trouble),
            };
            match self.write(vec![self.row(&decided)?]).await {
                Ok(true) => {
                    self.memory.remember(decided.held.clone());
                    return Ok(outcome(decided));
                }
                Ok(false) => {}
                Err(StoreError::Taken(rule)) => {
                    if let Some(outcome) = self.first_outcome(step).await? {
                        return Ok(outcome);
                    }
                    // Undoing an end would leave the child with two.
                    if is_open_once(&rule) {
                        return Err(Trouble::AlreadyOpen);
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(Trouble::Changed { seen: step.seen.unwrap_or(stood_at), now: stood_at })
    }

    /// Opens an involvement.
    pub(super) async fn open(&self, open: Open) -> Result<Outcome, Trouble> {
        let definition = self.in_force(&open.timeline, open.opening.on).await?;
        let engine = Engine::new(&definition, &self.calendar);
        let events = engine.open(&open.opening, &open.asked)?;
        let id = open.id();
        let involvement = engine.fold(&events).ok_or(StoreError::Missing)?;
        let held = Held { id: id.clone(), child: open.child.clone(), definition, involvement };
        let decided = Decided::new(held, 0, events, open.key.clone(), &open.asked, &open.origin);
        match self.write(vec![self.row(&decided)?]).await {
            Ok(_) => Ok(outcome(decided)),
            Err(StoreError::Taken(_)) => {
                let before = match &open.key {
                    Some(key) => self.outcome_of(&id, key).await?,
                    None => None,
                };
                before.ok_or(Trouble::AlreadyOpen)
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn row(&self, decided: &Decided) -> Result<Written, StoreError> {
        Written::new(self.engine_of(&decided.held), decided)
    }

    pub(super) async fn write(&self, rows: Vec<Written>) -> Result<bool, StoreError> {
        if rows.is_empty() {
            return Ok(true);
        }
        let written = store::write(&self.db, rows).await;
        self.trays.changed();
        written
    }

    /// The past up to the version that is held: later events, if any have come since, show when the step is written.
    pub(super) async fn past_of(&self, held: &Held) -> Result<Past, Trouble> {
        let mut log = self.db.read(async |c| store::log_after(c, &held.id, 0).await).await?;
        log.truncate(held.involvement.version as usize);
        self.past(log).await
    }

    pub(super) async fn past(&self, log: Vec<crate::engine::Event>) -> Result<Past, Trouble> {
        let mut earlier = Vec::new();
        for id in versions(&log) {
            earlier.push(self.definition(id).await?);
        }
        // The last is the one that it runs on.
        earlier.pop();
        Ok(Past { log, earlier })
    }

    /// What came of this step's form the first time, if there was a first time.
    async fn first_outcome(&self, step: &Step) -> Result<Option<Outcome>, StoreError> {
        match &step.key {
            Some(key) => self.outcome_of(&step.involvement, key).await,
            None => Ok(None),
        }
    }

    async fn outcome_of(&self, id: &InvolvementId, key: &str) -> Result<Option<Outcome>, StoreError> {
        let found = self.db.read(async |c| store::of_key(c, id, key).await).await?;
        let outcome = |(first, events)| Outcome {
            involvement: id.clone(),
            first,
            events,
            repeated: true,
            asks_for_linked: false,
        };
        Ok(found.map(outcome))
    }
}

pub(super) fn outcome(decided: Decided) -> Outcome {
    let Decided { held, before, events, .. } = decided;
    let asks_for_linked = held.definition.reaches_out
        && events.iter().zip(before + 1..).any(|(event, seq)| {
            let sent = outgoing(&held.definition, event, seq);
            sent.iter().any(|sent| matches!(sent.kind, OutgoingKind::Start { .. } | OutgoingKind::Advance { .. }))
        });
    Outcome { involvement: held.id, first: before + 1, events, repeated: false, asks_for_linked }
}

/// The rule that a child has one open involvement of a timeline: by its index's name, or on SQLite by its columns.
fn is_open_once(rule: &str) -> bool {
    rule.contains("involvements_open_once") || rule.contains("involvements.child_id")
}
