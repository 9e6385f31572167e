//! A day passes: limits come near, limits pass, periods close.

use super::Engine;
use super::event::{ClockKey, RequestNo, What};
use super::involvement::{Involvement, Run};
use super::refusal::Refusal;
use super::step::Stepper;
use crate::calendar::{Date, Span};
use crate::timeline::ClockIx;

/// What a clock has to say next, and on which day.
struct Due {
    on: Date,
    what: Passing,
}

enum Passing {
    Warn { due_on: Date, before: Span },
    Breach { due_on: Date },
    Close { due_on: Date },
}

impl<'a> Engine<'a> {
    /// The next day on which passing time changes something, if any. It may lie in the past, when a day was missed.
    pub fn wakes_on(&self, involvement: &Involvement) -> Option<Date> {
        if involvement.ended_on.is_some() {
            return None;
        }
        let runs = self.runs(involvement);
        runs.filter_map(|(clock, request, run)| self.next(involvement, clock, request, run)).map(|due| due.on).min()
    }

    pub(super) fn pass_day(
        &self,
        stepper: &mut Stepper<'a>,
        involvement: &Involvement,
        today: Date,
    ) -> Result<(), Refusal> {
        for (clock, request, run) in self.runs(involvement) {
            // What an earlier clock set off may have stopped this one.
            let still_runs = stepper.involvement().run(clock, request).is_some_and(Run::runs);
            let Some(due) = self.latest_by(involvement, clock, request, run, today).filter(|_| still_runs) else {
                continue;
            };
            let key = ClockKey { clock: self.definition.clocks[clock.at()].name.clone(), request };
            let what = match due.what {
                Passing::Warn { due_on, before } => What::ClockWarned { clock: key, due_on, before },
                Passing::Breach { due_on } => What::ClockBreached { clock: key, due_on },
                Passing::Close { due_on } => What::PeriodClosed { clock: key, due_on },
            };
            stepper.record_by_itself(what, due.on);
            stepper.run_to_completion()?;
        }
        Ok(())
    }

    /// What the clock should have said by today: only the last of it, so that nobody is warned after the fact.
    fn latest_by(
        &self,
        involvement: &Involvement,
        clock: ClockIx,
        request: Option<RequestNo>,
        run: &Run,
        today: Date,
    ) -> Option<Due> {
        let all = self.still_to_come(involvement, clock, request, run);
        all.into_iter().rfind(|due| due.on <= today)
    }

    fn next(&self, involvement: &Involvement, clock: ClockIx, request: Option<RequestNo>, run: &Run) -> Option<Due> {
        self.still_to_come(involvement, clock, request, run).into_iter().next()
    }

    /// Everything a running clock has still to say, in order of day.
    fn still_to_come(
        &self,
        involvement: &Involvement,
        clock: ClockIx,
        request: Option<RequestNo>,
        run: &Run,
    ) -> Vec<Due> {
        if !run.runs() {
            return Vec::new();
        }
        let definition = self.definition.clock_definition(clock);
        let Ok(due_on) = self.due_on(involvement, clock, run) else { return Vec::new() };
        let Some(day_after) = self.last_day(clock, due_on).succ_opt() else { return Vec::new() };
        if run.passed == Some(due_on) {
            return Vec::new();
        }
        if definition.whose.is_period() {
            return vec![Due { on: day_after, what: Passing::Close { due_on } }];
        }
        let excused_until =
            involvement.claims_on(clock, request).filter(|claim| !claim.ended).map(|claim| claim.until).max();
        let resumes_on = excused_until.and_then(|until| until.succ_opt());
        let not_while_excused = |on: Date| resumes_on.map_or(on, |resumes_on| on.max(resumes_on));
        let said_from = match run.warned {
            Some((for_due, before)) if for_due == due_on => before.before(due_on).ok(),
            _ => None,
        };
        let mut to_come: Vec<Due> = definition
            .warn_before
            .iter()
            .filter_map(|before| before.before(due_on).ok().map(|on| (on, *before)))
            .filter(|(on, _)| definition.limit.counts_back() || *on >= run.started_on)
            .filter(|(on, _)| said_from.is_none_or(|said| *on > said))
            .map(|(on, before)| Due { on: not_while_excused(on), what: Passing::Warn { due_on, before } })
            .filter(|due| due.on <= due_on)
            .collect();
        to_come.sort_by_key(|due| due.on);
        to_come.push(Due { on: not_while_excused(day_after), what: Passing::Breach { due_on } });
        to_come
    }
}
