//! What can be seen of an involvement and done with it: a projection, never a decision of its own.

use super::Engine;
use super::event::{ClockKey, RequestNo};
use super::explain::Explanation;
use super::guard::{Looking, Truth};
use super::involvement::{Answer, Involvement, Request, Run, Stopped};
use super::refusal::Refusal;
use crate::access::Role;
use crate::calendar::{Date, days_between};
use crate::timeline::{AdviceIx, ClockIx, StageIx, StateIx, TransitionIx, Whose};

/// An involvement as a person with a role sees it on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub state: StateIx,
    pub stage: StageIx,
    /// How it ended, in words.
    pub ended: Option<String>,
    pub week: Option<Week>,
    /// Every transition that people fire, in document order: those that can be done now, and why not the rest.
    pub transitions: Vec<Offer>,
    pub advice: Vec<AdviceOffer>,
    /// Every clock of the definition in document order, then those of the advice requests.
    pub clocks: Vec<ClockView>,
    pub requests: Vec<RequestView>,
    pub forms: Vec<FormOpen>,
}

/// "Week 6 of 20". Past the last week `now` goes on counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    pub now: i64,
    pub of: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    pub transition: TransitionIx,
    /// Why it cannot be done now.
    pub refused: Option<Refusal>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct AdviceOffer {
    pub advice: AdviceIx,
    pub refused: Option<Refusal>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FormOpen {
    /// Position in the definition's `forms`.
    pub rule: usize,
    pub to: Vec<Role>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ClockView {
    pub clock: ClockIx,
    pub request: Option<RequestNo>,
    pub standing: ClockStanding,
    pub started_on: Option<Date>,
    pub due_on: Option<Date>,
    pub why: Option<Explanation>,
    /// Numbers of the claims made on it.
    pub claims: Vec<u32>,
}

impl ClockView {
    pub fn key(&self, engine: Engine<'_>) -> ClockKey {
        ClockKey { clock: engine.definition.clocks[self.clock.at()].name.clone(), request: self.request }
    }
}

/// How a clock stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockStanding {
    NotStarted,
    /// Days that are left; nought on the last day.
    Running {
        days_left: i64,
    },
    /// Days since the last day.
    Overdue {
        days: i64,
    },
    /// Excused until this day. The due date stays.
    Exempt {
        until: Date,
    },
    Met {
        on: Date,
    },
    /// Done, but later than the limit; `exempt` when a claim stood.
    MetLate {
        on: Date,
        days: i64,
        exempt: bool,
    },
    /// The duty fell away before it was done.
    Lapsed {
        on: Date,
    },
    /// A period that the family can use.
    Open {
        days_left: i64,
    },
    Closed {
        on: Date,
    },
    /// The due date cannot be computed: the calendar's data does not reach that far.
    Uncountable {
        why: String,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct RequestView {
    pub no: RequestNo,
    pub advice: AdviceIx,
    pub of: String,
    pub asked_on: Date,
    pub due_on: Option<Date>,
    pub chased_on: Option<Date>,
    pub answer: Answer,
    pub standing: ClockStanding,
}

impl Engine<'_> {
    /// What a person with this role sees and may do on a day. `None` shows what any role might do.
    pub fn view(&self, involvement: &Involvement, role: Option<Role>, today: Date) -> View {
        let state = self.state_definition(involvement.state);
        View {
            state: involvement.state,
            stage: self.definition.states[involvement.state.at()].stage,
            ended: involvement.ended_on.and(state.ends.clone()),
            week: self.week(involvement, today),
            transitions: self.offers(involvement, role, today),
            advice: self.advice_offers(involvement),
            clocks: self.clocks(involvement, today),
            requests: involvement
                .requests
                .iter()
                .map(|request| self.request_view(involvement, request, today))
                .collect(),
            forms: self.forms_open(involvement, today),
        }
    }

    /// The week the involvement is in, counted from its opening to today or to its end.
    pub fn week(&self, involvement: &Involvement, today: Date) -> Option<Week> {
        let whole = self.definition.clock_definition(self.definition.whole?);
        let until = involvement.ended_on.unwrap_or(today);
        let now = days_between(involvement.started_on, until).max(0) / 7 + 1;
        Some(Week { now, of: whole.limit.approximate_days()? / 7 })
    }

    fn offers(&self, involvement: &Involvement, role: Option<Role>, today: Date) -> Vec<Offer> {
        let all = self.definition.definition.transitions.iter().enumerate();
        all.filter(|(_, transition)| !transition.automatic)
            .map(|(at, _)| TransitionIx(at as u16))
            .map(|transition| Offer { transition, refused: self.may_fire(involvement, transition, role, today).err() })
            .collect()
    }

    /// Whether the transition could be fired today with the right facts.
    ///
    /// # Errors
    /// With the reason why not.
    pub fn may_fire(
        &self,
        involvement: &Involvement,
        transition: TransitionIx,
        role: Option<Role>,
        today: Date,
    ) -> Result<(), Refusal> {
        self.not_ended(involvement)?;
        self.allowed_from_here(involvement, transition, role)?;
        let free = &self.definition.transitions[transition.at()].needs;
        self.guard_can_hold(involvement, transition, today, free)
    }

    fn not_ended(&self, involvement: &Involvement) -> Result<(), Refusal> {
        match involvement.ended_on.and(self.state_definition(involvement.state).ends.as_ref()) {
            Some(how) => Err(Refusal::Ended { how: how.clone() }),
            None => Ok(()),
        }
    }

    fn advice_offers(&self, involvement: &Involvement) -> Vec<AdviceOffer> {
        (0..self.definition.advice.len())
            .map(|at| AdviceIx(at as u16))
            .map(|advice| {
                let refused = self.not_ended(involvement).and_then(|()| self.may_ask(involvement, advice)).err();
                AdviceOffer { advice, refused }
            })
            .collect()
    }

    fn clocks(&self, involvement: &Involvement, today: Date) -> Vec<ClockView> {
        let own = (0..self.definition.clocks.len()).map(|at| ClockIx(at as u16));
        let own = own.filter(|clock| self.definition.clock_definition(*clock).whose != Whose::Adviser);
        let own = own.map(|clock| self.clock_view(involvement, clock, None, self.run(involvement, clock), today));
        let of_requests = involvement.requests.iter().map(|request| {
            let clock = self.definition.advice[request.advice.at()].clock;
            self.clock_view(involvement, clock, Some(request.no), Some(&request.run), today)
        });
        own.chain(of_requests).collect()
    }

    fn clock_view(
        &self,
        involvement: &Involvement,
        clock: ClockIx,
        request: Option<RequestNo>,
        run: Option<&Run>,
        today: Date,
    ) -> ClockView {
        let why = run.and_then(|run| self.explain_run(involvement, clock, request, run).ok());
        ClockView {
            clock,
            request,
            standing: self.standing(involvement, clock, request, run, today),
            started_on: run.map(|run| run.started_on),
            due_on: why.as_ref().map(|why| why.due_on),
            why,
            claims: involvement.claims_on(clock, request).map(|claim| claim.no).collect(),
        }
    }

    /// How one run of a clock stands on a day.
    pub fn standing(
        &self,
        involvement: &Involvement,
        clock: ClockIx,
        request: Option<RequestNo>,
        run: Option<&Run>,
        today: Date,
    ) -> ClockStanding {
        let Some(run) = run else { return ClockStanding::NotStarted };
        let due_on = match self.due_on(involvement, clock, run) {
            Ok(due_on) => due_on,
            Err(error) => return ClockStanding::Uncountable { why: error.to_string() },
        };
        let last_day = self.last_day(clock, due_on);
        let left = days_between(today, last_day);
        let is_period = self.definition.clock_definition(clock).whose.is_period();
        match run.stopped {
            Some(Stopped::Lapsed(on)) => ClockStanding::Lapsed { on },
            Some(Stopped::Done(on)) if is_period => ClockStanding::Closed { on },
            Some(Stopped::Done(on)) if on <= due_on => ClockStanding::Met { on },
            Some(Stopped::Done(on)) => ClockStanding::MetLate {
                on,
                days: days_between(due_on, on),
                exempt: involvement.claims_on(clock, request).any(|claim| !claim.ended),
            },
            None if is_period && left < 0 => ClockStanding::Closed { on: last_day },
            None if is_period => ClockStanding::Open { days_left: left },
            None => match involvement.excused(clock, request, today) {
                Some(claim) => ClockStanding::Exempt { until: claim.until },
                None if left < 0 => ClockStanding::Overdue { days: -left },
                None => ClockStanding::Running { days_left: left },
            },
        }
    }

    fn request_view(&self, involvement: &Involvement, request: &Request, today: Date) -> RequestView {
        let clock = self.definition.advice[request.advice.at()].clock;
        RequestView {
            no: request.no,
            advice: request.advice,
            of: request.of.clone(),
            asked_on: request.run.started_on,
            due_on: self.due_on(involvement, clock, &request.run).ok(),
            chased_on: request.chased_on,
            answer: request.answer.clone(),
            standing: self.standing(involvement, clock, Some(request.no), Some(&request.run), today),
        }
    }

    fn forms_open(&self, involvement: &Involvement, today: Date) -> Vec<FormOpen> {
        let here = &self.state_definition(involvement.state).id;
        let rules = self.definition.definition.forms.iter().enumerate();
        rules
            .filter(|(_, rule)| rule.open_in.contains(here))
            .filter(|(at, _)| {
                self.definition.forms[*at].as_ref().is_none_or(|test| {
                    let looking = Looking { engine: *self, involvement, on: today, free: &[] };
                    looking.test(test) == Truth::Yes
                })
            })
            .map(|(at, rule)| FormOpen { rule: at, to: rule.to.clone() })
            .collect()
    }
}
