//! Corrections: a wrong date mended, a mistaken event taken back. The log keeps both; everything is computed anew.

use std::borrow::Cow;

use super::Engine;
use super::command::{Asked, Command};
use super::decide::{not_in_future, reasoned};
use super::event::{Actor, Event, Seq, What};
use super::evolve::{Standing, standing};
use super::guard::{Looking, Truth};
use super::involvement::Involvement;
use super::refusal::Refusal;
use super::replay::Replayed;
use super::step::Stepper;
use crate::calendar::Date;

impl Engine<'_> {
    /// The involvement after a step: each event applied, or the whole log folded anew where it was corrected.
    pub fn after(&self, involvement: &Involvement, log: &[Event], events: &[Event]) -> Involvement {
        if events.iter().any(Event::corrects) {
            let whole = [log, events].concat();
            if let Some(folded) = self.fold(&whole) {
                return folded;
            }
        }
        let mut after = involvement.clone();
        for event in events {
            super::evolve(self.definition, &mut after, event);
        }
        after
    }

    pub(super) fn correct(&self, log: &[Event], command: &Command, asked: &Asked) -> Result<Vec<Event>, Refusal> {
        let (seq, what) = match command {
            Command::Redate { seq, on, reason } => {
                not_in_future(*on, asked)?;
                (*seq, What::Redated { seq: *seq, on: *on, reason: reasoned(reason)? })
            }
            Command::Void { seq, reason } => (*seq, What::Voided { seq: *seq, reason: reasoned(reason)? }),
            _ => return Ok(Vec::new()),
        };
        self.correctable(log, seq, &what)?;
        let correction =
            Event { occurred_on: asked.today, recorded_at: asked.at, actor: asked.by.clone(), caused_by: None, what };
        let mut corrected = log.to_vec();
        corrected.push(correction.clone());
        let involvement = self.corrected(&corrected, asked)?;
        let mut stepper = Stepper::new(*self, Cow::Owned(involvement), asked);
        stepper.run_to_completion()?;
        let mut events = vec![correction];
        events.extend(stepper.into_events());
        Ok(events)
    }

    fn correctable(&self, log: &[Event], seq: Seq, what: &What) -> Result<(), Refusal> {
        let event = seq.checked_sub(1).and_then(|at| log.get(at as usize)).ok_or(Refusal::NoSuchEvent { seq })?;
        let no = |why| Err(Refusal::NotCorrectable { seq, why });
        if event.corrects() {
            return no("it is a correction itself; correct the event it is about once more");
        }
        if let What::Migrated { .. } = event.what {
            return no("it moved the involvement to another version of the timeline; move it back instead");
        }
        if event.caused_by.is_some() || !event.actor.is_person() {
            return no("it followed by itself; correct the event that brought it about");
        }
        let stands_on = match standing(log)[seq as usize - 1] {
            Standing::Voided => return no("it has been voided already"),
            Standing::Stands { on } => on,
        };
        match what {
            What::Redated { on, .. } if *on == stands_on => no("it has that date already"),
            What::Redated { on, .. } if matches!(event.what, What::Started { .. }) => {
                self.opening_may_move_to(event, *on)
            }
            What::Voided { .. } if matches!(event.what, What::Started { .. }) => {
                no("it opened the involvement; end the involvement instead and say that it was opened by mistake")
            }
            _ => Ok(()),
        }
    }

    fn opening_may_move_to(&self, opening: &Event, on: Date) -> Result<(), Refusal> {
        self.versions().next().unwrap_or(*self).while_in_force(on)?;
        match &opening.what {
            What::Started { born_on: Some(born_on), .. } if on < *born_on => {
                Err(Refusal::TooEarly { on, what: "the child's birth".into(), earliest: *born_on })
            }
            _ => Ok(()),
        }
    }

    /// Folds a corrected log and makes sure that each event that still stands could have been recorded.
    fn corrected(&self, log: &[Event], asked: &Asked) -> Result<Involvement, Refusal> {
        let folded = self.replay(log, |replayed| {
            let Replayed { engine, involvement, event, seq, on, next } = replayed;
            let breaks = |why| Refusal::CorrectionBreaks { seq, event: engine.event_in_words(&event.what), why };
            if let (Some(next), What::Migrated { plan, .. }) = (next, &event.what) {
                return next.can_carry(&engine, involvement, plan, asked).map_err(|why| breaks(why.to_string()));
            }
            engine.could_happen(involvement, event, on).map_err(breaks)
        });
        folded.unwrap_or(Err(Refusal::NoSuchEvent { seq: 1 }))
    }

    /// Why an event of the log could not have happened to the involvement as it was then.
    fn could_happen(&self, involvement: &Involvement, event: &Event, on: Date) -> Result<(), String> {
        let by_a_person = matches!(event.actor, Actor::Person { .. });
        match &event.what {
            What::Started { .. } | What::Migrated { .. } | What::Redated { .. } | What::Voided { .. } => return Ok(()),
            // What time brought stays in the log as it was; the involvement shows whether it still applies.
            What::ClockWarned { .. }
            | What::ClockBreached { .. }
            | What::PeriodClosed { .. }
            | What::RuleRan { .. } => {
                return Ok(());
            }
            _ => {}
        }
        if let (true, Some(ended_on)) = (by_a_person || !matches!(event.what, What::Fired { .. }), involvement.ended_on)
        {
            return Err(format!(
                "the involvement would have ended on {} by then.",
                crate::calendar::written_date(ended_on)
            ));
        }
        let not_before = |earliest: Date, what: &str| {
            if on < earliest {
                let (on, earliest) = (crate::calendar::written_date(on), crate::calendar::written_date(earliest));
                return Err(format!("its date, {on}, would be before {what} on {earliest}."));
            }
            Ok(())
        };
        match &event.what {
            What::Fired { transition, from, .. } => {
                let ix = self.definition.transition(transition);
                let ix = ix.ok_or_else(|| "the timeline does not know it.".to_owned())?;
                let here = &self.definition.states[involvement.state.at()].name;
                if here != from {
                    let label = &self.state_definition(involvement.state).label;
                    return Err(format!("the involvement would have been at \"{label}\"."));
                }
                not_before(involvement.entered_on, "the step before it")?;
                let Some(test) = &self.definition.transitions[ix.at()].when else { return Ok(()) };
                let looking = Looking { engine: *self, involvement, on, free: &[] };
                if looking.test(test) != Truth::Yes {
                    let guard = self.transition_definition(ix).when.as_ref();
                    let unmet = guard.map(|guard| looking.unmet(guard, test)).unwrap_or_default();
                    return Err(format!("it needs that {}.", unmet.join("; ")));
                }
                Ok(())
            }
            What::AdviceReceived { request }
            | What::AdviceDeclined { request, .. }
            | What::AdviceWithdrawn { request, .. }
            | What::AdviceChased { request } => match involvement.request(*request) {
                Some(held) if held.waits() => not_before(held.run.started_on, "the request for it"),
                Some(_) => Err("it would have been answered already.".into()),
                None => Err("it would never have been asked for.".into()),
            },
            What::ExemptionClaimed { clock, .. } => {
                let ran = self.definition.clock(&clock.clock).and_then(|ix| involvement.run(ix, clock.request));
                ran.map(|_| ()).ok_or_else(|| "its time limit would not have begun.".to_owned())
            }
            What::ExemptionEnded { claim, .. } => {
                let held = involvement.claims.iter().any(|held| held.no == *claim);
                if held { Ok(()) } else { Err("the exemption would never have been claimed.".into()) }
            }
            What::Noted { .. } | What::Assigned { .. } => Ok(()),
            _ => not_before(involvement.started_on, "the opening"),
        }
    }
}
