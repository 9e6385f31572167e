//! "Why this date?": from the due date down to the provision, the event it counts from and the counting.

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::Engine;
use super::involvement::{Involvement, Run};
use crate::calendar::{CalendarError, Counted, Date, Limit, written_date};
use crate::timeline::{Clock, ClockIx, Compiled, Confidence, FactIx, Trigger};

/// How a due date came about. It can be reproduced from the log alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub due_on: Date,
    /// The event the time is counted from, with its date.
    pub counted_from: String,
    /// The rule in words.
    pub rule: String,
    pub provision: String,
    pub provision_url: Option<String>,
    /// How sure we are of the provision, where that needs saying.
    pub caution: Option<String>,
    /// The counting, one sentence a step.
    pub steps: Vec<String>,
    /// Exemptions that were claimed; they excuse but never move the date.
    pub exemptions: Vec<String>,
    /// The version of the law as this involvement has it.
    pub version: String,
}

impl Explanation {
    /// The explanation on one line, for tables and files.
    pub fn in_one_line(&self) -> String {
        format!("{} {} ({}).", self.counted_from, self.steps.join(" "), self.provision)
    }
}

impl Engine<'_> {
    /// Explains a clock as if it had started on a date, with no involvement to look at but only the dates that facts hold.
    ///
    /// # Errors
    /// When the calendar's data does not reach that far.
    pub fn explain(
        &self,
        clock: ClockIx,
        started_on: Date,
        known: impl Fn(FactIx) -> Option<Date>,
    ) -> Result<Explanation, CalendarError> {
        let definition = self.definition.clock_definition(clock);
        let event = definition.starts.first().map_or_else(String::new, |trigger| event_of(self.definition, trigger));
        let counted = self.counted(clock, started_on, known)?;
        Ok(self.explained(clock, started_on, &event, counted))
    }

    /// Explains one run of a clock on an involvement.
    ///
    /// # Errors
    /// When the calendar's data does not reach that far.
    pub(super) fn explain_run(
        &self,
        involvement: &Involvement,
        clock: ClockIx,
        request: Option<u32>,
        run: &Run,
    ) -> Result<Explanation, CalendarError> {
        let definition = self.definition.clock_definition(clock);
        let started_by =
            definition.starts.iter().find(|trigger| self.happened_on(involvement, trigger, run.started_on));
        let started_by = started_by.or(definition.starts.first());
        let event = started_by.map_or_else(String::new, |trigger| event_of(self.definition, trigger));
        let counted = self.counted_run(involvement, clock, run)?;
        let mut explanation = self.explained(clock, run.started_on, &event, counted);
        explanation.exemptions = involvement
            .claims_on(clock, request)
            .map(|claim| {
                let ground = &self.definition.definition.exemptions[claim.exemption.at()];
                let ended = if claim.ended { " It was ended since." } else { "" };
                format!(
                    "{} ({}): {} to {}. {}{ended} The date stays the same; the limit need not be met where that is \
                     impractical for this reason.",
                    ground.label,
                    ground.basis,
                    written_date(claim.from),
                    written_date(claim.until),
                    claim.reason,
                )
            })
            .collect();
        Ok(explanation)
    }

    fn explained(&self, clock: ClockIx, started_on: Date, event: &str, counted: Counted) -> Explanation {
        let definition = self.definition.clock_definition(clock);
        let timeline = &self.definition.definition;
        Explanation {
            due_on: counted.due_on,
            counted_from: counted_from(definition, event, started_on),
            rule: definition.limit.rule_text(),
            provision: definition.basis.clone(),
            provision_url: definition.basis_url.clone(),
            caution: match definition.confidence {
                Confidence::Text => None,
                Confidence::Secondary => Some("Taken from a secondary source.".into()),
                Confidence::ToBeConfirmed => Some("To be confirmed against the instrument.".into()),
            },
            steps: counted.steps,
            exemptions: Vec::new(),
            version: format!("{}, version {}", timeline.title, timeline.version),
        }
    }

    fn happened_on(&self, involvement: &Involvement, trigger: &Trigger, on: Date) -> bool {
        let compiled = self.definition;
        match trigger {
            Trigger::Started => involvement.started_on == on,
            Trigger::Fired(name) => compiled.transition(name).is_some_and(|ix| involvement.fired_on(ix) == Some(on)),
            Trigger::Entered(name) => {
                compiled.state(name).is_some_and(|ix| involvement.state == ix && involvement.entered_on == on)
            }
            Trigger::FactRecorded(name) => compiled
                .fact(name)
                .and_then(|ix| involvement.facts[ix.at()].as_ref())
                .is_some_and(|known| known.on == on || known.value.counts_from() == Some(on)),
            _ => false,
        }
    }
}

fn counted_from(clock: &Clock, event: &str, started_on: Date) -> String {
    match clock.limit {
        Limit::Before { .. } => format!("{event}: {}.", started_on.year()),
        _ => format!("{event} on {}.", written_date(started_on)),
    }
}

/// What a trigger is called in "counted from ...".
pub(super) fn event_of(compiled: &Compiled, trigger: &Trigger) -> String {
    let definition = &compiled.definition;
    match trigger {
        Trigger::Started => definition.started_label.clone(),
        Trigger::Fired(name) => {
            compiled.transition(name).map_or_else(|| name.clone(), |ix| definition.transitions[ix.at()].done.clone())
        }
        Trigger::Entered(name) => {
            compiled.state(name).map_or_else(|| name.clone(), |ix| definition.states[ix.at()].label.clone())
        }
        Trigger::FactRecorded(name) => {
            compiled.fact(name).map_or_else(|| name.clone(), |ix| definition.facts[ix.at()].label.clone())
        }
        Trigger::AdviceRequested => "Asked for".into(),
        Trigger::AdviceAnswered => "Answered".into(),
        Trigger::AllAdviceAnswered => "All advice in".into(),
        Trigger::ClockWarned(name) | Trigger::ClockBreached(name) => {
            compiled.clock(name).map_or_else(|| name.clone(), |ix| definition.clocks[ix.at()].label.clone())
        }
        Trigger::Schedule(expression) => expression.clone(),
    }
}
