//! Moving an involvement to another version of its timeline.
//!
//! What it has is carried over by name. Whether that can be done is asked first ([`Engine::migrate`]); doing it is total,
//! so that an old log always folds.

use std::borrow::Cow;

use super::Engine;
use super::command::Asked;
use super::decide::reasoned;
use super::event::{ClockKey, Event, RequestNo, What};
use super::evolve::{Standing, apply};
use super::involvement::{Claim, Involvement, Kept, Request, Run, Stopped};
use super::refusal::Refusal;
use super::step::Stepper;
use crate::calendar::Date;
use crate::timeline::ClockIx;
use crate::timeline::migrate::{Plan, Treatment};

/// What moving an involvement comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Migration {
    /// The move, and what happens by itself under the new version.
    pub events: Vec<Event>,
    /// The involvement with them.
    pub involvement: Involvement,
}

/// A time limit whose due date a move changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueChange {
    pub clock: ClockKey,
    pub label: String,
    /// Nothing where the limit did not run before.
    pub before: Option<Date>,
    /// Nothing where it does not run any more.
    pub after: Option<Date>,
}

impl Engine<'_> {
    /// What moving an involvement from the old version to this one comes to. `log` must be the whole log if the plan reads
    /// it ([`Plan::reads_logs`]).
    ///
    /// # Errors
    /// When it has ended, or has something that this version has no place for.
    pub fn migrate(
        &self,
        old: &Engine<'_>,
        involvement: &Involvement,
        (plan, reason): (&Plan, &str),
        asked: &Asked,
        log: &[Event],
    ) -> Result<Migration, Refusal> {
        self.can_carry(old, involvement, plan, asked)?;
        let reason = reasoned(reason)?;
        let standings = super::standing(log);
        let mut carried = self.carry(old, involvement, plan, asked.today, log.iter().zip(&standings));
        carried.version += 1;
        let versions = (old.definition.definition.version, self.definition.definition.version);
        let (from, to) = (old.definition.id.clone(), self.definition.id.clone());
        let what = What::Migrated { from, to, versions, plan: plan.clone(), reason };
        let moved =
            Event { occurred_on: asked.today, recorded_at: asked.at, actor: asked.by.clone(), caused_by: None, what };
        let mut stepper = Stepper::new(*self, Cow::Owned(carried), asked);
        stepper.run_to_completion()?;
        let involvement = stepper.involvement().clone();
        let mut events = vec![moved];
        events.extend(stepper.into_events());
        Ok(Migration { events, involvement })
    }

    /// The limits whose due dates differ between an involvement under an old version and the same one moved to this.
    pub fn due_changes(&self, old: &Engine<'_>, before: &Involvement, after: &Involvement) -> Vec<DueChange> {
        let was = old.running(before);
        let is = self.running(after);
        let find = |all: &[(ClockKey, String, Date)], key: &ClockKey| {
            all.iter().find(|(held, ..)| held == key).map(|(.., due_on)| *due_on)
        };
        let gone = was.iter().filter(|(key, ..)| find(&is, key).is_none());
        is.iter()
            .chain(gone)
            .map(|(key, label, _)| DueChange {
                clock: key.clone(),
                label: label.clone(),
                before: find(&was, key),
                after: find(&is, key),
            })
            .filter(|change| change.before != change.after)
            .collect()
    }

    fn running(&self, involvement: &Involvement) -> Vec<(ClockKey, String, Date)> {
        self.runs(involvement)
            .filter(|(_, _, run)| run.runs())
            .filter_map(|(clock, request, run)| {
                let due_on = self.due_on(involvement, clock, run).ok()?;
                let key = ClockKey { clock: self.definition.clocks[clock.at()].name.clone(), request };
                Some((key, self.definition.clock_definition(clock).label.clone(), due_on))
            })
            .collect()
    }

    /// Whether this version has a place for everything that the involvement has.
    pub(super) fn can_carry(
        &self,
        old: &Engine<'_>,
        involvement: &Involvement,
        plan: &Plan,
        asked: &Asked,
    ) -> Result<(), Refusal> {
        let version = self.definition.definition.version;
        let no = |why: String| Err(Refusal::CannotMove { version, why });
        if let Some(how) = involvement.ended_on.and(old.state_definition(involvement.state).ends.as_ref()) {
            return Err(Refusal::Ended { how: how.clone() });
        }
        let state = &old.definition.states[involvement.state.at()].name;
        match self.definition.state(plan.state(state)) {
            None => {
                let label = &old.state_definition(involvement.state).label;
                return no(format!(
                    "it is at \"{label}\" ({state}), and the plan names no state of this version for it"
                ));
            }
            Some(to) if self.definition.states[to.at()].is_end => {
                return no(format!("it is at \"{state}\", which is an end of this version"));
            }
            Some(_) => {}
        }
        for request in &involvement.requests {
            if self.definition.advice(&old.definition.advice[request.advice.at()].name).is_none() {
                let label = &old.advice_definition(request.advice).label;
                return no(format!("\"{label}\" was asked for advice, and this version has no such advice"));
            }
        }
        for claim in &involvement.claims {
            let ground = &old.definition.definition.exemptions[claim.exemption.at()];
            let clock = &old.definition.clocks[claim.clock.at()].name;
            if self.definition.exemption(&ground.id).is_none() || self.definition.clock(clock).is_none() {
                let label = &ground.label;
                return no(format!(
                    "the exemption \"{label}\" was claimed on \"{clock}\", which this version does not have"
                ));
            }
        }
        for (held, fact) in involvement.facts.iter().zip(&old.definition.facts) {
            let (Some(known), Some(ix)) = (held, self.definition.fact(&fact.name)) else { continue };
            if let Err(refusal) = self.fit(ix, &known.value, asked) {
                return no(format!("what is recorded does not fit it: {refusal}"));
            }
        }
        Ok(())
    }

    /// The involvement under this version, everything carried over by name.
    pub(super) fn carry<'e>(
        &self,
        old: &Engine<'_>,
        involvement: &Involvement,
        plan: &Plan,
        on: Date,
        log: impl Iterator<Item = (&'e Event, &'e Standing)>,
    ) -> Involvement {
        let (from, to) = (old.definition, self.definition);
        let mut carried = Involvement {
            version: involvement.version,
            started_on: involvement.started_on,
            born_on: involvement.born_on,
            entered_on: involvement.entered_on,
            ended_on: involvement.ended_on,
            owner: involvement.owner.clone(),
            linked: involvement.linked.clone(),
            ..Involvement::blank(to, involvement.started_on)
        };
        carried.state = to.state(plan.state(&from.states[involvement.state.at()].name)).unwrap_or(to.start);
        for (known, fact) in involvement.facts.iter().zip(&from.facts) {
            if let Some(ix) = to.fact(&fact.name) {
                carried.facts[ix.at()].clone_from(known);
            }
        }
        for (fired, transition) in involvement.fired.iter().zip(&from.transitions) {
            if let Some(ix) = to.transition(&transition.name) {
                carried.fired[ix.at()] = *fired;
            }
        }
        for (entered, stage) in involvement.stages.iter().zip(&from.definition.stages) {
            let same = to.definition.stages.iter().position(|held| held.id == stage.id);
            if let Some(at) = same {
                carried.stages[at] = *entered;
            }
        }
        let stage = to.states[carried.state.at()].stage;
        carried.stages[stage.at()].get_or_insert(on);
        carried.requests = involvement.requests.iter().filter_map(|request| self.request(old, request)).collect();
        carried.claims = involvement.claims.iter().filter_map(|claim| self.claim_of(old, claim)).collect();
        let counted = plan.reads_logs(from, to).then(|| self.counted_from_log(log, plan, on));
        for (at, clock) in to.clocks.iter().enumerate() {
            let held = from.clock(&clock.name).and_then(|ix| involvement.clocks[ix.at()].clone());
            let computed = counted.as_ref().and_then(|counted| counted.clocks[at].clone());
            carried.clocks[at] = match (plan.treatment(from, &clock.name), held) {
                (_, Some(done)) if matches!(done.stopped, Some(Stopped::Done(_))) => Some(done),
                (Treatment::Keep, held) => held,
                (Treatment::Recompute, Some(held)) => {
                    let run = computed.unwrap_or_else(|| Run::starting(held.started_on));
                    Some(Run { warned: held.warned, passed: held.passed, ..run })
                }
                // A duty that this version adds, and that was over before anybody had it, is nobody's.
                (Treatment::Recompute, None) => computed.filter(Run::runs),
                (Treatment::Restart, held) => held.or(computed.filter(Run::runs)).map(|_| Run::starting(on)),
            };
        }
        self.treat_requests(old, &mut carried, plan, on);
        self.keep_dates(old, involvement, &mut carried, plan);
        carried
    }

    /// What the time limits would be had this version been there from the start.
    fn counted_from_log<'e>(
        &self,
        log: impl Iterator<Item = (&'e Event, &'e Standing)>,
        plan: &Plan,
        on: Date,
    ) -> Involvement {
        let mut counted = Involvement::blank(self.definition, on);
        for (event, standing) in log {
            let Standing::Stands { on } = *standing else { continue };
            match &event.what {
                What::Fired { transition, from, to, note, told } => {
                    let (transition, from, note, told) = (transition.clone(), from.clone(), note.clone(), told.clone());
                    let to = plan.state(to).into();
                    apply(self.definition, &mut counted, &What::Fired { transition, from, to, note, told }, on);
                }
                what => apply(self.definition, &mut counted, what, on),
            }
        }
        counted
    }

    fn request(&self, old: &Engine<'_>, request: &Request) -> Option<Request> {
        let advice = self.definition.advice(&old.definition.advice[request.advice.at()].name)?;
        Some(Request { advice, ..request.clone() })
    }

    fn claim_of(&self, old: &Engine<'_>, claim: &Claim) -> Option<Claim> {
        let exemption = self.definition.exemption(&old.definition.definition.exemptions[claim.exemption.at()].id)?;
        let clock = self.definition.clock(&old.definition.clocks[claim.clock.at()].name)?;
        Some(Claim { exemption, clock, ..claim.clone() })
    }

    /// The limits on advisers run in their requests, from the day each was asked for.
    fn treat_requests(&self, old: &Engine<'_>, carried: &mut Involvement, plan: &Plan, on: Date) {
        for request in carried.requests.iter_mut().filter(|request| request.waits()) {
            let clock = self.definition.advice[request.advice.at()].clock;
            match plan.treatment(old.definition, &self.definition.clocks[clock.at()].name) {
                Treatment::Keep => {}
                Treatment::Recompute => request.run.kept = None,
                Treatment::Restart => request.run = Run::starting(on),
            }
        }
    }

    /// Where this version would make another date of a limit that is kept or that was met long ago, the old one stays.
    fn keep_dates(&self, old: &Engine<'_>, before: &Involvement, carried: &mut Involvement, plan: &Plan) {
        let version = old.definition.definition.version;
        let mut kept: Vec<(ClockIx, Option<RequestNo>, Kept)> = Vec::new();
        for (was, request, run) in old.runs(before) {
            let name = &old.definition.clocks[was.at()].name;
            let Some(clock) = self.definition.clock(name) else { continue };
            let Some(held) = carried.run(clock, request) else { continue };
            if run.runs() && plan.treatment(old.definition, name) != Treatment::Keep {
                continue;
            }
            let Ok(due_on) = old.due_on(before, was, run) else { continue };
            if run.kept.is_none() && self.due_on(carried, clock, held) != Ok(due_on) {
                kept.push((clock, request, Kept { due_on, version }));
            }
        }
        for (clock, request, kept) in kept {
            let run = match request {
                None => carried.clocks[clock.at()].as_mut(),
                Some(no) => carried.requests.iter_mut().find(|held| held.no == no).map(|held| &mut held.run),
            };
            if let Some(run) = run {
                run.kept = Some(kept);
            }
        }
    }
}
