//! An involvement as it stands: the fold of its log, small however long the log is.

use serde::{Deserialize, Serialize};

use super::event::{ClaimNo, LinkedFrom, RequestNo, Seq};
use crate::calendar::{Date, Span};
use crate::ids::AccountId;
use crate::timeline::{AdviceIx, ClockIx, Compiled, ExemptionIx, FactIx, StateIx, TransitionIx, Value};

/// One child's run through one version of a timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Involvement {
    /// How many events the log has.
    pub version: Seq,
    pub started_on: Date,
    pub born_on: Option<Date>,
    pub state: StateIx,
    /// When the current state was entered.
    pub entered_on: Date,
    pub ended_on: Option<Date>,
    pub owner: Option<AccountId>,
    /// The involvement that brought this one about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked: Option<LinkedFrom>,
    pub facts: Vec<Option<Known>>,
    /// By clock: its latest run. Clocks on advisers run in `requests` instead.
    pub clocks: Vec<Option<Run>>,
    pub requests: Vec<Request>,
    pub claims: Vec<Claim>,
    /// By transition: when it was last fired.
    pub fired: Vec<Option<Date>>,
    /// By stage: when it was first entered.
    pub stages: Vec<Option<Date>>,
}

/// A fact that has been recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub value: Value,
    pub on: Date,
}

/// A clock that was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub started_on: Date,
    pub stopped: Option<Stopped>,
    /// The tightest warning given, and the due date it was given for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned: Option<(Date, Span)>,
    /// The due date whose passing has been recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<Date>,
    /// The due date that it kept when the involvement moved to another version of its timeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
}

/// A due date that an earlier version of the timeline counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub due_on: Date,
    /// The number of that version.
    pub version: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stopped {
    /// By what the definition says stops it.
    Done(Date),
    /// The involvement ended and the duty fell away.
    Lapsed(Date),
}

impl Run {
    pub fn starting(on: Date) -> Run {
        Run { started_on: on, stopped: None, warned: None, passed: None, kept: None }
    }

    /// It counts from another date, by the rule of the version in use.
    pub(super) fn count_from(&mut self, on: Date) {
        self.started_on = on;
        self.kept = None;
    }

    pub fn runs(&self) -> bool {
        self.stopped.is_none()
    }
}

/// One adviser asked for information or advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub no: RequestNo,
    pub advice: AdviceIx,
    /// Whom, by name or organisation; empty while it is not settled.
    pub of: String,
    pub run: Run,
    pub chased_on: Option<Date>,
    pub answer: Answer,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    Waiting,
    Received(Date),
    Declined { on: Date, reason: String },
    Withdrawn { on: Date, reason: String },
}

impl Request {
    pub fn waits(&self) -> bool {
        self.answer == Answer::Waiting
    }
}

/// An exemption that was claimed for one run of a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub no: ClaimNo,
    pub exemption: ExemptionIx,
    pub clock: ClockIx,
    pub request: Option<RequestNo>,
    pub from: Date,
    pub until: Date,
    pub reason: String,
    pub evidence: String,
    pub ended: bool,
}

impl Claim {
    /// Excuses the limit on this day. A claim whose period is over no longer does.
    pub fn excuses_on(&self, today: Date) -> bool {
        !self.ended && today <= self.until
    }
}

impl Involvement {
    /// Before its first event.
    pub(super) fn blank(definition: &Compiled, on: Date) -> Involvement {
        Involvement {
            version: 0,
            started_on: on,
            born_on: None,
            state: definition.start,
            entered_on: on,
            ended_on: None,
            owner: None,
            linked: None,
            facts: vec![None; definition.facts.len()],
            clocks: vec![None; definition.clocks.len()],
            requests: Vec::new(),
            claims: Vec::new(),
            fired: vec![None; definition.transitions.len()],
            stages: vec![None; definition.definition.stages.len()],
        }
    }

    pub fn fact(&self, fact: FactIx) -> Option<&Value> {
        self.facts[fact.at()].as_ref().map(|known| &known.value)
    }

    pub fn fired_on(&self, transition: TransitionIx) -> Option<Date> {
        self.fired[transition.at()]
    }

    pub fn request(&self, no: RequestNo) -> Option<&Request> {
        self.requests.iter().find(|request| request.no == no)
    }

    pub fn run(&self, clock: ClockIx, request: Option<RequestNo>) -> Option<&Run> {
        match request {
            None => self.clocks[clock.at()].as_ref(),
            Some(no) => self.request(no).map(|request| &request.run),
        }
    }

    /// Every run of every clock that was started, with the request it belongs to.
    /// `limiting` names the clock that limits the reply to a kind of advice.
    pub(super) fn runs(
        &self,
        limiting: impl Fn(AdviceIx) -> ClockIx,
    ) -> impl Iterator<Item = (ClockIx, Option<RequestNo>, &Run)> {
        let own = self.clocks.iter().enumerate();
        let own = own.filter_map(|(at, run)| run.as_ref().map(|run| (ClockIx(at as u16), None, run)));
        let of_requests = self.requests.iter();
        own.chain(of_requests.map(move |request| (limiting(request.advice), Some(request.no), &request.run)))
    }

    /// The claims made for one run, ended ones included.
    pub fn claims_on(&self, clock: ClockIx, request: Option<RequestNo>) -> impl Iterator<Item = &Claim> {
        self.claims.iter().filter(move |claim| claim.clock == clock && claim.request == request)
    }

    /// The claim that excuses this run today, if there is one: that with the longest period.
    pub fn excused(&self, clock: ClockIx, request: Option<RequestNo>, today: Date) -> Option<&Claim> {
        self.claims_on(clock, request).filter(|claim| claim.excuses_on(today)).max_by_key(|claim| claim.until)
    }
}
