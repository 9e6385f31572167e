//! What the work tray shows of an involvement. Nothing in it depends on today, so it can be stored and searched.

use serde::{Deserialize, Serialize};

use super::Engine;
use super::involvement::{Involvement, Run};
use crate::calendar::Date;
use crate::timeline::{ClockIx, WaitingOn, Whose};

/// One involvement's line in the tray.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrayLine {
    pub state: String,
    pub state_label: String,
    pub stage: String,
    pub stage_label: String,
    /// The authority's next limit that is not excused for good; with it, what has to be done.
    pub next_due_on: Option<Date>,
    pub next_clock: Option<String>,
    pub next_label: Option<String>,
    /// The next limit is excused until this day; after it the limit counts as overdue or due again.
    pub exempt_until: Option<Date>,
    pub waiting_on: String,
    /// Advisers asked and not heard from, each once, in order of their request.
    pub awaiting: Vec<String>,
    /// How many requests have been answered, and how many were made.
    pub advice_in: u32,
    pub advice_asked: u32,
    /// Weeks in the whole process, where it has a limit.
    pub weeks_of: Option<i64>,
}

impl Engine<'_> {
    pub fn tray_line(&self, involvement: &Involvement) -> TrayLine {
        let state = self.state_definition(involvement.state);
        let stage = &self.definition.definition.stages[self.definition.states[involvement.state.at()].stage.at()];
        let next = self.next_limit(involvement);
        let waiting = || involvement.requests.iter().filter(|request| request.waits());
        let mut awaiting: Vec<String> = Vec::new();
        for request in waiting() {
            let adviser = self.advice_definition(request.advice).from.label().to_owned();
            if !awaiting.contains(&adviser) {
                awaiting.push(adviser);
            }
        }
        TrayLine {
            state: state.id.clone(),
            state_label: state.label.clone(),
            stage: stage.id.clone(),
            stage_label: stage.title.clone(),
            next_due_on: next.map(|next| next.due_on),
            next_clock: next.map(|next| self.definition.clock_definition(next.clock).id.clone()),
            next_label: next.map(|next| self.definition.clock_definition(next.clock).label.clone()),
            exempt_until: next.and_then(|next| next.exempt_until),
            waiting_on: match state.waiting_on {
                WaitingOn::Authority => "The authority".into(),
                WaitingOn::Family => "The family".into(),
                WaitingOn::Advisers if awaiting.is_empty() => "The authority".into(),
                WaitingOn::Advisers => awaiting.join(", "),
                WaitingOn::Setting => "The setting".into(),
                WaitingOn::Nobody => "Nobody".into(),
            },
            advice_in: (involvement.requests.len() - waiting().count()) as u32,
            advice_asked: involvement.requests.len() as u32,
            awaiting,
            weeks_of: self.week(involvement, involvement.started_on).map(|week| week.of),
        }
    }

    /// The limit on the authority that comes first: one that is not excused before one that is.
    fn next_limit(&self, involvement: &Involvement) -> Option<NextLimit> {
        let running = self.runs(involvement).filter(|(_, request, run)| request.is_none() && run.runs());
        running
            .map(|(clock, _, run)| (clock, run))
            .filter(|(clock, _)| self.definition.clock_definition(*clock).whose == Whose::Authority)
            .filter_map(|(clock, run)| self.limit_of(involvement, clock, run))
            .min_by_key(|next| (next.exempt_until.is_some(), next.due_on))
    }

    fn limit_of(&self, involvement: &Involvement, clock: ClockIx, run: &Run) -> Option<NextLimit> {
        let due_on = self.due_on(involvement, clock, run).ok()?;
        let claims = involvement.claims_on(clock, None).filter(|claim| !claim.ended);
        Some(NextLimit { clock, due_on, exempt_until: claims.map(|claim| claim.until).max() })
    }
}

#[derive(Debug, Clone, Copy)]
struct NextLimit {
    clock: ClockIx,
    due_on: Date,
    exempt_until: Option<Date>,
}
