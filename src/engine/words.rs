//! Events in words, for the chronology.

use super::Engine;
use super::event::{ClockKey, What};
use crate::calendar::{short_date, written_date};
use crate::timeline::Value;
use crate::timeline::describe::effects_in_words;

impl Engine<'_> {
    /// An event as a line of the chronology, in the definition's words.
    pub fn event_in_words(&self, what: &What) -> String {
        let definition = &self.definition.definition;
        let advice = |name: &str| {
            self.definition.advice(name).map_or_else(|| name.to_owned(), |ix| self.advice_definition(ix).label.clone())
        };
        let with = |text: String, reason: &str| if reason.is_empty() { text } else { format!("{text}: {reason}") };
        match what {
            What::Started { .. } => definition.started_label.clone(),
            What::Fired { transition, note, .. } => {
                let done = self.definition.transition(transition);
                let done =
                    done.map_or_else(|| transition.to_string(), |ix| self.transition_definition(ix).done.clone());
                with(done, note.as_deref().unwrap_or_default())
            }
            What::FactRecorded { fact, value } => match self.definition.fact(fact) {
                Some(ix) => format!("{}: {}", self.fact_definition(ix).label, self.value_in_words(ix, value)),
                None => fact.to_string(),
            },
            What::AdviceRequested { advice: name, of, .. } if of.is_empty() => {
                format!("Advice asked for: {}", advice(name))
            }
            What::AdviceRequested { advice: name, of, .. } => format!("Advice asked for: {} from {of}", advice(name)),
            What::AdviceChased { request } => format!("Advice chased (request {request})"),
            What::AdviceReceived { request } => format!("Advice received (request {request})"),
            What::AdviceDeclined { request, reason } => with(format!("Advice declined (request {request})"), reason),
            What::AdviceWithdrawn { request, reason } => {
                with(format!("Request for advice withdrawn ({request})"), reason)
            }
            What::ExemptionClaimed { clock, exemption, from, until, reason, .. } => {
                let ground = self.definition.exemption(exemption);
                let ground = ground.map_or(&**exemption, |ix| definition.exemptions[ix.at()].label.as_str());
                let period = format!("{} to {}", short_date(*from), short_date(*until));
                with(format!("Exemption claimed on \"{}\": {ground}, {period}", self.clock_in_words(clock)), reason)
            }
            What::ExemptionEnded { claim, reason } => with(format!("Exemption {claim} ended"), reason),
            What::ClockWarned { clock, due_on, .. } => {
                format!("Limit near: \"{}\" by {}", self.clock_in_words(clock), written_date(*due_on))
            }
            What::ClockBreached { clock, due_on } => {
                format!("Limit passed: \"{}\" was due on {}", self.clock_in_words(clock), written_date(*due_on))
            }
            What::PeriodClosed { clock, due_on } => {
                format!("Period ended: \"{}\" on {}", self.clock_in_words(clock), written_date(*due_on))
            }
            What::RuleRan { rule } => match self.definition.rule(rule) {
                Some(ix) => effects_in_words(definition, &definition.rules[ix.at()].does).join("; "),
                None => rule.to_string(),
            },
            What::Assigned { owner: Some(_) } => "Given to a caseworker".into(),
            What::Assigned { owner: None } => "No caseworker any more".into(),
            What::Noted { text } => text.clone(),
            What::Migrated { versions: (from, to), reason, .. } => {
                with(format!("Moved from version {from} to version {to} of the timeline"), reason)
            }
            What::Redated { seq, on, reason } => {
                with(format!("Date of event {seq} corrected to {}", written_date(*on)), reason)
            }
            What::Voided { seq, reason } => with(format!("Event {seq} voided"), reason),
        }
    }

    /// What a clock, or the clock of an advice request, is called.
    pub fn clock_in_words(&self, key: &ClockKey) -> String {
        let label = self.definition.clock(&key.clock);
        let label =
            label.map_or_else(|| key.clock.to_string(), |ix| self.definition.clock_definition(ix).label.clone());
        match key.request {
            Some(request) => format!("{label} (request {request})"),
            None => label,
        }
    }

    /// A fact's value as people read it.
    pub fn value_in_words(&self, fact: crate::timeline::FactIx, value: &Value) -> String {
        match value {
            Value::Date(date) => written_date(*date),
            Value::YesNo(true) => "Yes".into(),
            Value::YesNo(false) => "No".into(),
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Choice(choice) => match &self.fact_definition(fact).kind {
                crate::timeline::FactKind::Choice(options) => {
                    let option = options.iter().find(|option| option.id == *choice);
                    option.map_or_else(|| choice.clone(), |option| option.label.clone())
                }
                _ => choice.clone(),
            },
        }
    }
}
