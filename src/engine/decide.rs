//! Decides commands: the events that follow, or the reason why not.

use std::borrow::Cow;

use super::Engine;
use super::command::{Asked, Command, Opening};
use super::event::{Actor, ClockKey, Event, What};
use super::guard::{Looking, Truth};
use super::involvement::{Answer, Involvement, Request};
use super::refusal::Refusal;
use super::step::Stepper;
use crate::access::Role;
use crate::calendar::{Date, closure_window, days_between};
use crate::timeline::{AdviceIx, Adviser, FactIx, FactKind, InForce, Name, NoticeContent, TransitionIx, Value};

/// The longest text of a fact, a reason or a note, in characters.
pub const TEXT_MOST: usize = 4_000;

impl<'a> Engine<'a> {
    /// Opens an involvement: its first events.
    ///
    /// # Errors
    /// When the date lies in the future, before birth or before this version's law, or when a fact does not fit.
    pub fn open(&self, opening: &Opening, asked: &Asked) -> Result<Vec<Event>, Refusal> {
        let on = opening.on;
        not_in_future(on, asked)?;
        if let Some(born_on) = opening.born_on.filter(|born_on| on < *born_on) {
            return Err(Refusal::TooEarly { on, what: "the child's birth".into(), earliest: born_on });
        }
        self.while_in_force(on)?;
        let facts = self.fitting(&opening.facts, asked)?;
        let missing = self.definition.opening_facts.iter().filter(|fact| !facts.iter().any(|(held, _)| held == *fact));
        let missing = missing.map(|fact| self.fact_definition(*fact).label.clone()).collect::<Vec<_>>();
        if !missing.is_empty() {
            return Err(Refusal::FactsMissing { facts: missing });
        }
        let blank = Involvement::blank(self.definition, on);
        let mut stepper = Stepper::new(*self, Cow::Owned(blank), asked);
        let (definition, linked) = (self.definition.id.clone(), opening.linked.clone());
        stepper.record(What::Started { definition, born_on: opening.born_on, linked }, on);
        for (fact, value) in facts {
            stepper.record(What::FactRecorded { fact: self.fact_name(fact), value }, on);
        }
        if opening.owner.is_some() {
            stepper.record(What::Assigned { owner: opening.owner.clone() }, on);
        }
        stepper.run_to_completion()?;
        Ok(stepper.into_events())
    }

    /// What follows from a command: one or more events, or none where there is nothing to do.
    ///
    /// `log` is needed by corrections only (see [`Command::needs_log`]) and must be the whole log.
    ///
    /// # Errors
    /// A [`Refusal`] worded for the person who asked. Nothing has changed then.
    pub fn decide(
        &self,
        involvement: &Involvement,
        command: &Command,
        asked: &Asked,
        log: &[Event],
    ) -> Result<Vec<Event>, Refusal> {
        if let Command::Redate { .. } | Command::Void { .. } = command {
            return self.correct(log, command, asked);
        }
        if let Some(end) = involvement.ended_on.and(self.state_definition(involvement.state).ends.as_ref()) {
            return match command {
                Command::DayPassed | Command::RunRule { .. } => Ok(Vec::new()),
                _ => Err(Refusal::Ended { how: end.clone() }),
            };
        }
        let mut stepper = Stepper::new(*self, Cow::Borrowed(involvement), asked);
        self.take(&mut stepper, involvement, command, asked)?;
        stepper.run_to_completion()?;
        Ok(stepper.into_events())
    }

    fn take(
        &self,
        stepper: &mut Stepper<'a>,
        involvement: &Involvement,
        command: &Command,
        asked: &Asked,
    ) -> Result<(), Refusal> {
        match command {
            Command::Fire { transition, on, facts, note, told } => {
                let ix = self.transition_named(transition)?;
                self.allowed_from_here(involvement, ix, asked.by.role())?;
                let facts = self.fitting(facts, asked)?;
                self.asked_on_its_form(ix, &facts)?;
                self.on_or_after_entry(involvement, *on, asked)?;
                self.record_new_facts(stepper, involvement, facts, *on);
                self.facts_present(stepper.involvement(), ix)?;
                self.guard_holds(stepper.involvement(), ix, *on)?;
                let told = self.told(ix, told, asked)?;
                stepper.fire(ix, *on, tidy(note.as_deref()), told)
            }
            Command::RecordFacts { facts, on } => {
                let facts = self.fitting(facts, asked)?;
                self.since_start(involvement, *on, asked)?;
                self.record_new_facts(stepper, involvement, facts, *on);
                Ok(())
            }
            Command::RequestAdvice { advice, of, on } => {
                let ix = self.definition.advice(advice).ok_or_else(|| unknown("kind of advice", advice))?;
                self.may_ask(involvement, ix)?;
                self.since_start(involvement, *on, asked)?;
                let request = involvement.requests.len() as u32 + 1;
                let of = within_length("whom you ask", of)?;
                let advice = self.definition.advice[ix.at()].name.clone();
                stepper.record(What::AdviceRequested { request, advice, of }, *on);
                Ok(())
            }
            Command::ChaseAdvice { request, on } => {
                self.waiting_request(involvement, *request, *on, asked)?;
                stepper.record(What::AdviceChased { request: *request }, *on);
                Ok(())
            }
            Command::ReceiveAdvice { request, on } => {
                self.waiting_request(involvement, *request, *on, asked)?;
                stepper.record(What::AdviceReceived { request: *request }, *on);
                Ok(())
            }
            Command::DeclineAdvice { request, on, reason } => {
                self.waiting_request(involvement, *request, *on, asked)?;
                stepper.record(What::AdviceDeclined { request: *request, reason: reasoned(reason)? }, *on);
                Ok(())
            }
            Command::WithdrawAdvice { request, on, reason } => {
                self.waiting_request(involvement, *request, *on, asked)?;
                stepper.record(What::AdviceWithdrawn { request: *request, reason: reasoned(reason)? }, *on);
                Ok(())
            }
            Command::ClaimExemption { clock, exemption, from, until, reason, evidence } => {
                let what = self.claim(involvement, clock, exemption, (*from, *until), reason, evidence)?;
                stepper.record(what, asked.today);
                Ok(())
            }
            Command::EndExemption { claim, reason } => {
                if !involvement.claims.iter().any(|held| held.no == *claim && !held.ended) {
                    return Err(Refusal::NoSuchClaim { no: *claim });
                }
                stepper.record(What::ExemptionEnded { claim: *claim, reason: reasoned(reason)? }, asked.today);
                Ok(())
            }
            Command::Assign { owner } => {
                if involvement.owner != *owner {
                    stepper.record(What::Assigned { owner: owner.clone() }, asked.today);
                }
                Ok(())
            }
            Command::Note { text, on } => {
                not_in_future(*on, asked)?;
                let text = within_length("the note", text)?;
                if text.is_empty() {
                    return Err(Refusal::NoteEmpty);
                }
                stepper.record(What::Noted { text }, *on);
                Ok(())
            }
            Command::DayPassed => self.pass_day(stepper, involvement, asked.today),
            Command::RunRule { rule } => {
                let ix = self.definition.rule(rule).ok_or_else(|| unknown("rule", rule))?;
                stepper.run_rule_now(ix)
            }
            Command::Redate { .. } | Command::Void { .. } => unreachable!("corrections are taken before"),
        }
    }

    /// Whether a transition leaves the current state and this role may fire it.
    pub(super) fn allowed_from_here(
        &self,
        involvement: &Involvement,
        ix: TransitionIx,
        role: Option<Role>,
    ) -> Result<(), Refusal> {
        let transition = self.transition_definition(ix);
        if !self.definition.states[involvement.state.at()].out.contains(&ix) {
            return Err(Refusal::NotFromHere {
                transition: transition.label.clone(),
                state: self.state_definition(involvement.state).label.clone(),
            });
        }
        if transition.automatic {
            return Err(Refusal::Automatic { transition: transition.label.clone() });
        }
        match role {
            Some(role) if !transition.by.contains(&role) => {
                let who = transition.by.iter().map(|role| role.label()).collect::<Vec<_>>().join(", ");
                Err(Refusal::NotYours { what: transition.label.clone(), who })
            }
            _ => Ok(()),
        }
    }

    /// A transition takes the facts of its own form and no others, so that what is offered is what is decided.
    fn asked_on_its_form(&self, ix: TransitionIx, facts: &[(FactIx, Value)]) -> Result<(), Refusal> {
        let needs = &self.definition.transitions[ix.at()].needs;
        match facts.iter().find(|(fact, _)| !needs.contains(fact)) {
            Some((fact, _)) => Err(Refusal::FactNotAsked {
                fact: self.fact_definition(*fact).label.clone(),
                transition: self.transition_definition(ix).label.clone(),
            }),
            None => Ok(()),
        }
    }

    fn facts_present(&self, involvement: &Involvement, ix: TransitionIx) -> Result<(), Refusal> {
        let needs = &self.definition.transitions[ix.at()].needs;
        let missing = needs.iter().filter(|fact| involvement.fact(**fact).is_none());
        let facts = missing.map(|fact| self.fact_definition(*fact).label.clone()).collect::<Vec<_>>();
        if facts.is_empty() { Ok(()) } else { Err(Refusal::FactsMissing { facts }) }
    }

    /// Whether an involvement can begin on a day under this version.
    pub(super) fn while_in_force(&self, on: Date) -> Result<(), Refusal> {
        let InForce { from, until } = self.definition.definition.in_force;
        match until {
            _ if on < from => Err(Refusal::BeforeTheLaw { on, from }),
            Some(until) if on > until => Err(Refusal::AfterTheLaw { on, until }),
            _ => Ok(()),
        }
    }

    /// What is confirmed of the notices that go out with a transition; the law's contents of them must all be there.
    /// Another involvement that fires it has confirmed its own.
    fn told(&self, ix: TransitionIx, told: &[NoticeContent], asked: &Asked) -> Result<Vec<NoticeContent>, Refusal> {
        let must = &self.definition.transitions[ix.at()].must_tell;
        let missing: Vec<&str> =
            must.iter().filter(|content| !told.contains(content)).map(|content| content.label()).collect();
        if asked.by.is_person() && !missing.is_empty() {
            let transition = self.transition_definition(ix).label.clone();
            return Err(Refusal::NoticeIncomplete { transition, missing: missing.join("; ") });
        }
        Ok(must.iter().filter(|content| told.contains(content)).copied().collect())
    }

    fn guard_holds(&self, involvement: &Involvement, ix: TransitionIx, on: Date) -> Result<(), Refusal> {
        self.guard_can_hold(involvement, ix, on, &[])
    }

    /// Whether the guard holds, or could hold once the person has given the facts that are `free`.
    pub(super) fn guard_can_hold(
        &self,
        involvement: &Involvement,
        ix: TransitionIx,
        on: Date,
        free: &[FactIx],
    ) -> Result<(), Refusal> {
        let transition = self.transition_definition(ix);
        let (Some(guard), Some(test)) = (&transition.when, &self.definition.transitions[ix.at()].when) else {
            return Ok(());
        };
        let looking = Looking { engine: *self, involvement, on, free };
        if looking.test(test) == Truth::No {
            let unmet = looking.unmet(guard, test);
            return Err(Refusal::NotYet { transition: transition.label.clone(), unmet });
        }
        Ok(())
    }

    fn record_new_facts(
        &self,
        stepper: &mut Stepper<'a>,
        involvement: &Involvement,
        facts: Vec<(FactIx, Value)>,
        on: Date,
    ) {
        for (fact, value) in facts {
            if involvement.fact(fact) != Some(&value) {
                stepper.record(What::FactRecorded { fact: self.fact_name(fact), value }, on);
            }
        }
    }

    /// Facts by name, each checked against its kind; the last wins where one is given twice.
    fn fitting(&self, facts: &[(String, Value)], asked: &Asked) -> Result<Vec<(FactIx, Value)>, Refusal> {
        let mut fitting: Vec<(FactIx, Value)> = Vec::new();
        for (name, value) in facts {
            let ix = self.definition.fact(name).ok_or_else(|| unknown("fact", name))?;
            let value = self.fit(ix, value, asked)?;
            fitting.retain(|(held, _)| *held != ix);
            fitting.push((ix, value));
        }
        Ok(fitting)
    }

    pub(super) fn fit(&self, ix: FactIx, value: &Value, asked: &Asked) -> Result<Value, Refusal> {
        let fact = self.fact_definition(ix);
        let unfit = |expected: String| Refusal::FactUnfit { fact: fact.label.clone(), expected };
        match (&fact.kind, value) {
            (FactKind::Date, Value::Date(date)) if fact.not_in_future && *date > asked.today => {
                Err(unfit("today or in the past".into()))
            }
            (FactKind::Date, Value::Date(date)) if !crate::calendar::is_plausible(*date) => {
                Err(unfit("a date between 1900 and 2100".into()))
            }
            (FactKind::Text, Value::Text(text)) => {
                let text = text.trim();
                match text.chars().count() {
                    0 => Err(unfit("filled in".into())),
                    length if length > TEXT_MOST => Err(unfit(format!("{TEXT_MOST} characters or fewer"))),
                    _ => Ok(Value::Text(text.to_owned())),
                }
            }
            (FactKind::Number { min, max }, Value::Number(number)) if number < min || number > max => {
                Err(unfit(format!("a number from {min} to {max}")))
            }
            (FactKind::Choice(options), Value::Choice(choice))
                if !options.iter().any(|option| option.id == *choice) =>
            {
                Err(unfit("one of the answers on the list".into()))
            }
            (FactKind::Date, Value::Date(_))
            | (FactKind::YesNo, Value::YesNo(_))
            | (FactKind::Number { .. }, Value::Number(_))
            | (FactKind::Choice(_), Value::Choice(_)) => Ok(value.clone()),
            (FactKind::Date, _) => Err(unfit("a date".into())),
            (FactKind::YesNo, _) => Err(unfit("yes or no".into())),
            (FactKind::Text, _) => Err(unfit("text".into())),
            (FactKind::Number { min, max }, _) => Err(unfit(format!("a number from {min} to {max}"))),
            (FactKind::Choice(_), _) => Err(unfit("one of the answers on the list".into())),
        }
    }

    /// Whether advice of this kind can be asked for now.
    pub(super) fn may_ask(&self, involvement: &Involvement, ix: AdviceIx) -> Result<(), Refusal> {
        let advice = self.advice_definition(ix);
        if !self.definition.advice[ix.at()].ask_in[involvement.state.at()] {
            return Err(Refusal::CannotAskHere {
                advice: advice.label.clone(),
                state: self.state_definition(involvement.state).label.clone(),
            });
        }
        let waits = involvement.requests.iter().any(|request| request.advice == ix && request.waits());
        if waits && !advice.several {
            return Err(Refusal::AlreadyAsked { advice: advice.label.clone() });
        }
        Ok(())
    }

    pub(super) fn waiting_request<'i>(
        &self,
        involvement: &'i Involvement,
        no: u32,
        on: Date,
        asked: &Asked,
    ) -> Result<&'i Request, Refusal> {
        let request = involvement.request(no).ok_or(Refusal::NoSuchRequest { no })?;
        let answer = match request.answer {
            Answer::Waiting => None,
            Answer::Received(_) => Some("received"),
            Answer::Declined { .. } => Some("declined"),
            Answer::Withdrawn { .. } => Some("withdrawn"),
        };
        if let Some(answer) = answer {
            let advice = self.advice_definition(request.advice).label.clone();
            return Err(Refusal::NotWaiting { advice, answer });
        }
        not_in_future(on, asked)?;
        let asked_on = request.run.started_on;
        if on < asked_on {
            return Err(Refusal::TooEarly { on, what: "it was asked for".into(), earliest: asked_on });
        }
        Ok(request)
    }

    fn claim(
        &self,
        involvement: &Involvement,
        key: &ClockKey,
        exemption: &str,
        (from, until): (Date, Date),
        reason: &str,
        evidence: &str,
    ) -> Result<What, Refusal> {
        let clock = self.definition.clock(&key.clock).ok_or_else(|| unknown("clock", &key.clock))?;
        let ix = self.definition.exemption(exemption).ok_or_else(|| unknown("exemption", exemption))?;
        let clock_label = || self.definition.clock_definition(clock).label.clone();
        let ground = &self.definition.definition.exemptions[ix.at()];
        let of_this_clock = key.request.is_none_or(|no| {
            involvement.request(no).is_some_and(|request| self.definition.advice[request.advice.at()].clock == clock)
        });
        let run = involvement.run(clock, key.request).filter(|_| of_this_clock);
        let run = run.ok_or_else(|| Refusal::NotRunning { clock: clock_label() })?;
        if !self.definition.clocks[clock.at()].exemptions.contains(&ix) {
            return Err(Refusal::GroundNotGiven { exemption: ground.label.clone(), clock: clock_label() });
        }
        if until <= from {
            return Err(Refusal::PeriodBackwards);
        }
        if until < run.started_on {
            return Err(Refusal::PeriodBeforeClock { until, started_on: run.started_on });
        }
        if let Some(least) = ground.at_least {
            let enough = least.after(from).map_err(|error| Refusal::Calendar(error.to_string()))?;
            if until < enough {
                let days = days_between(from, until);
                return Err(Refusal::PeriodTooShort { exemption: ground.label.clone(), least, days });
            }
        }
        if ground.closure_window {
            self.asked_in_closure_window(involvement, key.request, &ground.label, (from, until))?;
        }
        Ok(What::ExemptionClaimed {
            claim: involvement.claims.len() as u32 + 1,
            clock: ClockKey { clock: self.definition.clocks[clock.at()].name.clone(), request: key.request },
            exemption: exemption.into(),
            from,
            until,
            reason: reasoned(reason)?,
            evidence: Some(within_length("the evidence", evidence)?)
                .filter(|evidence| !evidence.is_empty())
                .ok_or(Refusal::EvidenceMissing)?,
        })
    }

    /// A closure excuses only where the setting was asked from one week before it to one week before it ends.
    fn asked_in_closure_window(
        &self,
        involvement: &Involvement,
        request: Option<u32>,
        ground: &str,
        (closed_from, reopens_on): (Date, Date),
    ) -> Result<(), Refusal> {
        let Some((first, last)) = closure_window(closed_from, reopens_on) else {
            return Err(Refusal::PeriodBackwards);
        };
        let asks_setting = |held: &&Request| self.advice_definition(held.advice).from == Adviser::Setting;
        let asked: Vec<Date> = match request {
            Some(no) => involvement.request(no).map(|held| held.run.started_on).into_iter().collect(),
            None => involvement.requests.iter().filter(asks_setting).map(|held| held.run.started_on).collect(),
        };
        match asked.iter().max() {
            Some(asked_on) if !asked.iter().any(|on| (first..=last).contains(on)) => {
                Err(Refusal::OutsideClosureWindow { exemption: ground.to_owned(), first, last, asked_on: *asked_on })
            }
            _ => Ok(()),
        }
    }

    fn on_or_after_entry(&self, involvement: &Involvement, on: Date, asked: &Asked) -> Result<(), Refusal> {
        not_in_future(on, asked)?;
        if on < involvement.entered_on {
            let state = &self.state_definition(involvement.state).label;
            let what = format!("the involvement came to \"{state}\"");
            return Err(Refusal::TooEarly { on, what, earliest: involvement.entered_on });
        }
        Ok(())
    }

    pub(super) fn since_start(&self, involvement: &Involvement, on: Date, asked: &Asked) -> Result<(), Refusal> {
        not_in_future(on, asked)?;
        if on < involvement.started_on {
            let what = format!("\"{}\"", self.definition.definition.started_label);
            return Err(Refusal::TooEarly { on, what, earliest: involvement.started_on });
        }
        Ok(())
    }

    fn transition_named(&self, name: &str) -> Result<TransitionIx, Refusal> {
        self.definition.transition(name).ok_or_else(|| unknown("transition", name))
    }

    fn fact_name(&self, fact: FactIx) -> Name {
        self.definition.facts[fact.at()].name.clone()
    }
}

impl Actor {
    /// Whether a person did it, and not a rule or a day passing.
    pub fn is_person(&self) -> bool {
        matches!(self, Actor::Person { .. })
    }
}

pub(super) fn not_in_future(on: Date, asked: &Asked) -> Result<(), Refusal> {
    if on > asked.today { Err(Refusal::InFuture { on }) } else { Ok(()) }
}

pub(super) fn reasoned(reason: &str) -> Result<String, Refusal> {
    let reason = within_length("the reason", reason)?;
    if reason.is_empty() { Err(Refusal::ReasonMissing) } else { Ok(reason) }
}

fn within_length(what: &str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().count() > TEXT_MOST {
        return Err(Refusal::FactUnfit { fact: what.to_owned(), expected: format!("{TEXT_MOST} characters or fewer") });
    }
    Ok(text.to_owned())
}

fn tidy(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(|text| text.chars().take(TEXT_MOST).collect())
}

fn unknown(kind: &'static str, name: &str) -> Refusal {
    Refusal::Unknown { kind, name: name.chars().take(60).collect() }
}
