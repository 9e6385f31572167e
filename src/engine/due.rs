//! When a clock is due: its limit, the later ones beside it, what takes their place, and whether it applies at all.

use super::Engine;
use super::event::RequestNo;
use super::guard::{Looking, Truth};
use super::involvement::{Involvement, Kept, Run};
use crate::calendar::{CalendarError, Counted, Date, Span, written_date};
use crate::timeline::{ClockIx, FactIx, Value, Whose};

impl Engine<'_> {
    /// Whether the limit applies to this child: see `only_when`.
    pub fn applies(&self, involvement: &Involvement, clock: ClockIx) -> bool {
        self.definition.clocks[clock.at()].only_when.as_ref().is_none_or(|test| {
            let looking = Looking { engine: *self, involvement, on: involvement.entered_on, free: &[] };
            looking.test(test) == Truth::Yes
        })
    }

    /// The run of a clock of the involvement's own, if it was started and applies.
    pub fn run<'i>(&self, involvement: &'i Involvement, clock: ClockIx) -> Option<&'i Run> {
        involvement.run(clock, None).filter(|_| self.applies(involvement, clock))
    }

    /// Every run of every clock that was started and applies, with the request it belongs to.
    pub fn runs<'i>(
        &self,
        involvement: &'i Involvement,
    ) -> impl Iterator<Item = (ClockIx, Option<RequestNo>, &'i Run)> {
        let engine = *self;
        let started = involvement.runs(move |advice| engine.definition.advice[advice.at()].clock);
        started.filter(move |(clock, _, _)| engine.applies(involvement, *clock))
    }

    /// The due date of one run of a clock.
    ///
    /// # Errors
    /// When the calendar's data does not reach that far.
    pub fn due_on(&self, involvement: &Involvement, clock: ClockIx, run: &Run) -> Result<Date, CalendarError> {
        let definition = self.definition.clock_definition(clock);
        let compiled = &self.definition.clocks[clock.at()];
        if let Some(directed) = compiled.replaced_by.and_then(|fact| date_of(involvement, fact)) {
            return Ok(directed);
        }
        if let Some(kept) = run.kept {
            return Ok(kept.due_on);
        }
        let mut due_on = definition.time.due_on(definition.limit, run.started_on, self.calendar)?;
        for (later, fact) in definition.or_later.iter().zip(&compiled.or_later) {
            if let Some(from) = date_of(involvement, *fact) {
                due_on = due_on.max(definition.time.due_on(later.limit, from, self.calendar)?);
            }
        }
        if definition.whose == Whose::Wait { Span::Days(1).after(due_on) } else { Ok(due_on) }
    }

    /// The last day of the time a run allows: its due date, or the day before it where the clock is a wait.
    pub(super) fn last_day(&self, clock: ClockIx, due_on: Date) -> Date {
        match self.definition.clock_definition(clock).whose {
            Whose::Wait => due_on.pred_opt().unwrap_or(due_on),
            _ => due_on,
        }
    }

    /// The due date of a clock that started on a date, with the facts it may look at, and how it was counted.
    ///
    /// # Errors
    /// When the calendar's data does not reach that far.
    pub(super) fn counted(
        &self,
        clock: ClockIx,
        started_on: Date,
        known: impl Fn(FactIx) -> Option<Date>,
    ) -> Result<Counted, CalendarError> {
        let definition = self.definition.clock_definition(clock);
        let compiled = &self.definition.clocks[clock.at()];
        if let Some((fact, directed)) = compiled.replaced_by.and_then(|fact| Some((fact, known(fact)?))) {
            let label = &self.fact_definition(fact).label;
            let due = written_date(directed);
            return Ok(Counted {
                due_on: directed,
                steps: vec![format!("{label}: {due}. It takes the place of the counted date.")],
            });
        }
        let mut counted = definition.time.counted(definition.limit, started_on, self.calendar)?;
        for (later, fact) in definition.or_later.iter().zip(&compiled.or_later) {
            let Some(from) = known(*fact) else { continue };
            let other = definition.time.counted(later.limit, from, self.calendar)?;
            let (rule, label) = (later.limit.rule_text(), &self.fact_definition(*fact).label);
            counted.steps.push(format!("Or {rule} another date, if that is later. {label}: {}.", written_date(from)));
            counted.steps.extend(other.steps);
            counted.due_on = counted.due_on.max(other.due_on);
            counted.steps.push(format!("The later of them is {}.", written_date(counted.due_on)));
        }
        if definition.whose == Whose::Wait {
            counted.due_on = Span::Days(1).after(counted.due_on)?;
            counted.steps.push(format!("The first day after that is {}.", written_date(counted.due_on)));
        }
        Ok(counted)
    }

    /// How the due date of one run was counted.
    pub(super) fn counted_run(
        &self,
        involvement: &Involvement,
        clock: ClockIx,
        run: &Run,
    ) -> Result<Counted, CalendarError> {
        let directed = self.definition.clocks[clock.at()].replaced_by.and_then(|fact| date_of(involvement, fact));
        match run.kept.filter(|_| directed.is_none()) {
            None => self.counted(clock, run.started_on, |fact| date_of(involvement, fact)),
            Some(Kept { due_on, version }) => Ok(Counted {
                due_on,
                steps: vec![format!(
                    "Version {version} of the timeline made this {}. The date was kept when the involvement moved to the \
                     version it runs on now.",
                    written_date(due_on)
                )],
            }),
        }
    }
}

fn date_of(involvement: &Involvement, fact: FactIx) -> Option<Date> {
    involvement.fact(fact).and_then(Value::counts_from)
}
