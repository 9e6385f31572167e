//! What a family sees: where things are, what we wait for and from whom, what is next, the legal date, and lateness
//! in words.

use super::Engine;
use super::explain::Explanation;
use super::involvement::Involvement;
use super::view::ClockStanding;
use crate::calendar::{Date, written_date};
use crate::timeline::{FactIx, Value, Whose, lower_first};

/// An involvement as its family sees it on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// What is happening now.
    pub now: String,
    /// What happens next.
    pub next: Option<String>,
    pub ended: Option<String>,
    pub stages: Vec<ProgressStage>,
    /// Those who were asked and whether they have answered; withdrawn requests are left out.
    pub waited: Vec<Waited>,
    pub replies_in: usize,
    /// The legal dates that are shared, the next one first.
    pub dates: Vec<ProgressDate>,
    pub late: Option<Late>,
    /// What happened so far, newest first.
    pub happened: Vec<(Date, String)>,
    /// Facts that are shared with the family.
    pub shared_facts: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressStage {
    pub title: String,
    pub text: String,
    pub standing: StageStanding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageStanding {
    Done { since: Date },
    Now { since: Date },
    Next,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waited {
    pub who: String,
    pub asked_on: Date,
    pub due_on: Option<Date>,
    pub answered_on: Option<Date>,
    pub overdue: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ProgressDate {
    pub label: String,
    pub due_on: Date,
    /// The authority's duty, which it is late with once the date has passed; not somebody else's, nor the family's own time.
    pub is_ours: bool,
    pub standing: ClockStanding,
    pub why: Explanation,
    /// Said to the family when the limit is excused.
    pub exempt: Option<String>,
}

impl ProgressDate {
    pub fn is_done(&self) -> bool {
        matches!(
            self.standing,
            ClockStanding::Met { .. }
                | ClockStanding::MetLate { .. }
                | ClockStanding::Lapsed { .. }
                | ClockStanding::Closed { .. }
        )
    }
}

/// A legal date that was missed, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    pub text: String,
    pub reason: Option<String>,
    pub next_update_on: Option<Date>,
}

impl Engine<'_> {
    /// What the family sees on a day.
    pub fn progress(&self, involvement: &Involvement, today: Date) -> Progress {
        let state = self.state_definition(involvement.state);
        let stage = &self.definition.definition.stages[self.definition.states[involvement.state.at()].stage.at()];
        let waited = self.waited(involvement, today);
        let dates = self.shared_dates(involvement, today);
        Progress {
            now: state.for_families.clone().unwrap_or_else(|| stage.for_families.clone()),
            next: state.next_for_families.clone(),
            ended: involvement.ended_on.and(state.ends.clone()),
            stages: self.progress_stages(involvement),
            replies_in: waited.iter().filter(|waited| waited.answered_on.is_some()).count(),
            waited,
            late: self.late(involvement, &dates),
            dates,
            happened: self.happened(involvement),
            shared_facts: self.shared_facts(involvement),
        }
    }

    fn progress_stages(&self, involvement: &Involvement) -> Vec<ProgressStage> {
        let current = self.definition.states[involvement.state.at()].stage.at();
        let ended = involvement.ended_on.is_some();
        let stages = self.definition.definition.stages.iter().zip(&involvement.stages).enumerate();
        stages
            .filter_map(|(at, (stage, since))| {
                let standing = match since {
                    Some(since) if at == current && !ended => StageStanding::Now { since: *since },
                    // A stage that was gone back from lies ahead again.
                    Some(since) if at <= current || ended => StageStanding::Done { since: *since },
                    _ if ended || at < current || self.only_lapses(at) => return None,
                    _ => StageStanding::Next,
                };
                Some(ProgressStage { title: stage.title.clone(), text: stage.for_families.clone(), standing })
            })
            .collect()
    }

    /// A stage that only a withdrawal or the like leads to: nobody should be told that it comes next.
    fn only_lapses(&self, stage: usize) -> bool {
        let mut states = self.definition.states.iter().filter(|state| state.stage.at() == stage);
        states.all(|state| state.lapses)
    }

    fn waited(&self, involvement: &Involvement, today: Date) -> Vec<Waited> {
        let asked = involvement.requests.iter().filter(|request| {
            !matches!(request.answer, super::Answer::Withdrawn { .. } | super::Answer::Declined { .. })
        });
        asked
            .map(|request| {
                let advice = self.advice_definition(request.advice);
                let clock = self.definition.advice[request.advice.at()].clock;
                let standing = self.standing(involvement, clock, Some(request.no), Some(&request.run), today);
                Waited {
                    who: advice.for_families.clone(),
                    asked_on: request.run.started_on,
                    due_on: self.due_on(involvement, clock, &request.run).ok(),
                    answered_on: match request.answer {
                        super::Answer::Received(on) => Some(on),
                        _ => None,
                    },
                    overdue: matches!(standing, ClockStanding::Overdue { .. }),
                }
            })
            .collect()
    }

    fn shared_dates(&self, involvement: &Involvement, today: Date) -> Vec<ProgressDate> {
        let mut dates: Vec<ProgressDate> = self
            .runs(involvement)
            .filter(|(clock, request, _)| request.is_none() && self.definition.clock_definition(*clock).shared)
            .filter_map(|(clock, request, run)| {
                let definition = self.definition.clock_definition(clock);
                let why = self.explain_run(involvement, clock, request, run).ok()?;
                let excused = involvement.excused(clock, request, today).filter(|_| run.runs());
                Some(ProgressDate {
                    label: definition.for_families.clone().unwrap_or_else(|| definition.label.clone()),
                    due_on: why.due_on,
                    is_ours: definition.whose == Whose::Authority,
                    standing: self.standing(involvement, clock, request, Some(run), today),
                    exempt: excused
                        .map(|claim| self.definition.definition.exemptions[claim.exemption.at()].for_families.clone()),
                    why,
                })
            })
            .collect();
        dates.sort_by_key(|date| (date.is_done(), date.due_on));
        dates
    }

    fn late(&self, involvement: &Involvement, dates: &[ProgressDate]) -> Option<Late> {
        let is_missed = |date: &&ProgressDate| date.is_ours && matches!(date.standing, ClockStanding::Overdue { .. });
        let missed = dates.iter().find(is_missed)?;
        let facts = self.definition.definition.when_late.as_ref();
        let known = |name: &str| self.definition.fact(name).and_then(|fact| involvement.fact(fact));
        let reason = facts.and_then(|facts| match known(&facts.reason) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        });
        let next_update_on = facts.and_then(|facts| match known(&facts.next_update_on) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        });
        let text = format!(
            "We are late. The law gave us until {} to {}. We have not done it yet.",
            written_date(missed.due_on),
            lower_first(&missed.label),
        );
        Some(Late { text, reason, next_update_on })
    }

    fn happened(&self, involvement: &Involvement) -> Vec<(Date, String)> {
        let transitions = self.definition.definition.transitions.iter().zip(&involvement.fired);
        let fired = transitions.filter_map(|(transition, on)| Some(((*on)?, transition.for_families.clone()?)));
        let mut happened: Vec<(Date, String)> =
            std::iter::once((involvement.started_on, self.definition.definition.started_label.clone()))
                .chain(fired)
                .collect();
        happened.sort_by_key(|(on, _)| std::cmp::Reverse(*on));
        happened
    }

    fn shared_facts(&self, involvement: &Involvement) -> Vec<(String, String)> {
        let facts = self.definition.definition.facts.iter().enumerate().filter(|(_, fact)| fact.shared);
        facts
            .filter_map(|(at, fact)| {
                let ix = FactIx(at as u16);
                Some((fact.label.clone(), self.value_in_words(ix, involvement.fact(ix)?)))
            })
            .collect()
    }
}
