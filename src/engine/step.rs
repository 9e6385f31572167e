//! One step being taken: its events so far, and everything that follows from them before it is done.
//!
//! The order is that of SCXML's run to completion: what a transition does comes first, then automatic transitions of
//! the state that was reached, in document order, and only then what rules have asked for.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::Engine;
use super::command::Asked;
use super::event::{Actor, Event, Seq, What};
use super::evolve::evolve;
use super::guard::{Looking, Truth};
use super::involvement::Involvement;
use super::refusal::Refusal;
use crate::calendar::Date;
use crate::timeline::{AdviceIx, FactIx, Inner, NoticeContent, RuleIx, Test, TransitionIx, Value};

/// More events than this from one command means that the definition goes round in a circle.
const EVENTS_MOST: usize = 256;

pub(super) struct Stepper<'a> {
    engine: Engine<'a>,
    asked: &'a Asked,
    involvement: Cow<'a, Involvement>,
    /// How many of `events` the involvement has taken in. It is copied only when somebody has to look at it.
    taken_in: usize,
    events: Vec<Event>,
    to_do: VecDeque<ToDo>,
}

/// What rules and effects have asked for and the step has still to look at.
enum ToDo {
    Rule { rule: RuleIx, on: Date, cause: Seq },
    Fire { transition: TransitionIx, on: Date, cause: Seq },
}

impl<'a> Stepper<'a> {
    pub fn new(engine: Engine<'a>, involvement: Cow<'a, Involvement>, asked: &'a Asked) -> Stepper<'a> {
        Stepper { engine, asked, involvement, taken_in: 0, events: Vec::new(), to_do: VecDeque::new() }
    }

    /// The involvement with every event so far.
    pub fn involvement(&mut self) -> &Involvement {
        if self.taken_in < self.events.len() {
            let involvement = self.involvement.to_mut();
            for event in &self.events[self.taken_in..] {
                evolve(self.engine.definition, involvement, event);
            }
            self.taken_in = self.events.len();
        }
        &self.involvement
    }

    /// Records what was asked for, and notes what it sets off.
    pub fn record(&mut self, what: What, on: Date) {
        let by = self.asked.by.clone();
        self.push(what, on, by, None);
    }

    /// Records what the passing of time brought, and notes what it sets off.
    pub fn record_by_itself(&mut self, what: What, on: Date) {
        self.push(what, on, Actor::System, None);
    }

    fn push(&mut self, what: What, on: Date, actor: Actor, cause: Option<Seq>) {
        let seq = self.involvement.version + (self.events.len() - self.taken_in) as Seq + 1;
        self.note_what_follows(&what, on, cause.unwrap_or(seq));
        self.events.push(Event { occurred_on: on, recorded_at: self.asked.at, actor, caused_by: cause, what });
    }

    fn note_what_follows(&mut self, what: &What, on: Date, cause: Seq) {
        let definition = self.engine.definition;
        let mut rules = |rules: &[RuleIx]| {
            self.to_do.extend(rules.iter().map(|rule| ToDo::Rule { rule: *rule, on, cause }));
        };
        match what {
            What::Started { .. } => rules(&definition.started.rules),
            What::Fired { transition, .. } => {
                if let Some(transition) = definition.transition(transition) {
                    rules(&definition.transitions[transition.at()].rules);
                }
            }
            What::FactRecorded { fact, .. } => {
                if let Some(fact) = definition.fact(fact) {
                    rules(&definition.facts[fact.at()].rules);
                }
            }
            What::AdviceRequested { .. } => rules(&definition.advice_requested.rules),
            What::AdviceReceived { .. } | What::AdviceDeclined { .. } | What::AdviceWithdrawn { .. } => {
                rules(&definition.advice_answered.rules);
                if !definition.all_advice_answered.rules.is_empty() {
                    // The guard of such a rule is looked at when its turn comes, with the answer taken in.
                    rules(&definition.all_advice_answered.rules);
                }
            }
            What::ClockWarned { clock, .. } => {
                if let Some(clock) = definition.clock(&clock.clock) {
                    rules(&definition.clocks[clock.at()].warned);
                }
            }
            What::ClockBreached { clock, .. } => {
                if let Some(clock) = definition.clock(&clock.clock) {
                    rules(&definition.clocks[clock.at()].breached);
                }
            }
            _ => {}
        }
    }

    /// Fires a transition that has been found to be allowed, and does what stands in its `does`.
    pub fn fire(
        &mut self,
        transition: TransitionIx,
        on: Date,
        note: Option<String>,
        told: Vec<NoticeContent>,
    ) -> Result<(), Refusal> {
        let by = self.asked.by.clone();
        self.fire_as(transition, on, (note, told), by, None)
    }

    fn fire_as(
        &mut self,
        ix: TransitionIx,
        on: Date,
        (note, told): (Option<String>, Vec<NoticeContent>),
        actor: Actor,
        cause: Option<Seq>,
    ) -> Result<(), Refusal> {
        let definition = self.engine.definition;
        let transition = &definition.transitions[ix.at()];
        let from = if self.events.iter().any(|event| matches!(event.what, What::Fired { .. })) {
            self.involvement().state
        } else {
            self.involvement.state
        };
        let fired = What::Fired {
            transition: transition.name.clone(),
            from: definition.states[from.at()].name.clone(),
            to: definition.states[transition.to.at()].name.clone(),
            note,
            told,
        };
        self.push(fired, on, actor, cause);
        if !transition.inner.is_empty() {
            let cause = cause.unwrap_or(self.involvement().version);
            self.act(&transition.inner, on, cause)?;
        }
        Ok(())
    }

    fn act(&mut self, inner: &[Inner], on: Date, cause: Seq) -> Result<(), Refusal> {
        for effect in inner {
            match effect {
                Inner::RequestAdvice(kinds) => {
                    for advice in kinds {
                        self.request_once(*advice, on, cause);
                    }
                }
                Inner::Record(fact, value) => self.record_fact_once(*fact, value, on, cause),
                Inner::Fire(transition) => {
                    self.to_do.push_back(ToDo::Fire { transition: *transition, on, cause });
                }
            }
            self.within_bounds()?;
        }
        Ok(())
    }

    /// Asks for advice of this kind unless it is being waited for already.
    fn request_once(&mut self, advice: AdviceIx, on: Date, cause: Seq) {
        let involvement = self.involvement();
        if involvement.requests.iter().any(|request| request.advice == advice && request.waits()) {
            return;
        }
        let request = involvement.requests.len() as u32 + 1;
        let advice = self.engine.definition.advice[advice.at()].name.clone();
        self.push(What::AdviceRequested { request, advice, of: String::new() }, on, Actor::System, Some(cause));
    }

    fn record_fact_once(&mut self, fact: FactIx, value: &Value, on: Date, cause: Seq) {
        if self.involvement().fact(fact) != Some(value) {
            let fact = self.engine.definition.facts[fact.at()].name.clone();
            self.push(What::FactRecorded { fact, value: value.clone() }, on, Actor::System, Some(cause));
        }
    }

    /// Does everything that follows, until nothing more does.
    ///
    /// # Errors
    /// When it never comes to rest.
    pub fn run_to_completion(&mut self) -> Result<(), Refusal> {
        loop {
            self.within_bounds()?;
            if let Some((transition, on, cause)) = self.automatic_transition() {
                self.fire_as(transition, on, (None, Vec::new()), Actor::System, cause)?;
                continue;
            }
            match self.to_do.pop_front() {
                Some(ToDo::Rule { rule, on, cause }) => self.run_rule(rule, on, cause)?,
                Some(ToDo::Fire { transition, on, cause }) => {
                    let definition = self.engine.definition;
                    let involvement = self.involvement();
                    let leaves_from_here = definition.states[involvement.state.at()].out.contains(&transition);
                    let on = on.max(involvement.entered_on);
                    let when = definition.transitions[transition.at()].when.as_ref();
                    if leaves_from_here && self.holds(when, on) {
                        self.fire_as(transition, on, (None, Vec::new()), Actor::System, Some(cause))?;
                    }
                }
                None => return Ok(()),
            }
        }
    }

    /// The first automatic transition out of the current state whose guard holds, with its date and cause.
    fn automatic_transition(&mut self) -> Option<(TransitionIx, Date, Option<Seq>)> {
        let definition = self.engine.definition;
        let has_any = |involvement: &Involvement| !definition.states[involvement.state.at()].automatic.is_empty();
        // Looking costs a copy of the involvement, so look only where an automatic transition can be.
        let reached = self.events.iter().rev().find_map(|event| match &event.what {
            What::Fired { to, .. } => definition.state(to),
            _ => None,
        });
        let may = reached
            .map_or_else(|| has_any(&self.involvement), |state| !definition.states[state.at()].automatic.is_empty());
        if !may {
            return None;
        }
        let last = self.events.last();
        let happened_on = last.map_or(self.asked.today, |event| event.occurred_on);
        let seq = self.involvement.version + (self.events.len() - self.taken_in) as Seq;
        let cause = last.map(|event| event.caused_by.unwrap_or(seq));
        let involvement = self.involvement();
        let on = happened_on.max(involvement.entered_on);
        let state = involvement.state;
        let automatic = &definition.states[state.at()].automatic;
        let first = automatic.iter().find(|ix| self.holds(definition.transitions[ix.at()].when.as_ref(), on));
        first.map(|ix| (*ix, on, cause))
    }

    fn run_rule(&mut self, ix: RuleIx, on: Date, cause: Seq) -> Result<(), Refusal> {
        let rule = &self.engine.definition.rules[ix.at()];
        let on_all_answered = self.engine.definition.all_advice_answered.rules.contains(&ix);
        let set_off = !on_all_answered || self.holds(Some(&Test::AllAdviceAnswered), on);
        if self.involvement().ended_on.is_some_and(|ended| ended < on)
            || !set_off
            || !self.holds(rule.when.as_ref(), on)
        {
            return Ok(());
        }
        self.push(What::RuleRan { rule: rule.name.clone() }, on, Actor::System, Some(cause));
        self.act(&rule.inner, on, cause)
    }

    pub fn holds(&mut self, test: Option<&Test>, on: Date) -> bool {
        let Some(test) = test else { return true };
        let engine = self.engine;
        let looking = Looking { engine, involvement: self.involvement(), on, free: &[] };
        looking.test(test) == Truth::Yes
    }

    /// Runs one rule as if its own trigger had come, for cron schedules.
    pub fn run_rule_now(&mut self, rule: RuleIx) -> Result<(), Refusal> {
        let on = self.asked.today;
        if self.holds(self.engine.definition.rules[rule.at()].when.as_ref(), on) {
            let seq = self.involvement().version + 1;
            let name = self.engine.definition.rules[rule.at()].name.clone();
            self.record_by_itself(What::RuleRan { rule: name }, on);
            self.act(&self.engine.definition.rules[rule.at()].inner, on, seq)?;
        }
        Ok(())
    }

    fn within_bounds(&self) -> Result<(), Refusal> {
        if self.events.len() > EVENTS_MOST { Err(Refusal::GoesRound { most: EVENTS_MOST }) } else { Ok(()) }
    }

    pub fn into_events(self) -> Vec<Event> {
        self.events
    }
}
