//! Schedules are cron expressions, outside the hour that clocks skip or repeat.

use std::str::FromStr;

use super::super::definition::Trigger;
use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "bad-schedule";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, rule) in context.definition.rules.iter().enumerate() {
        let Trigger::Schedule(expression) = &rule.on else { continue };
        let path = [Field("rules"), Item(at), Field("on"), Item(0)];
        match cron::Schedule::from_str(expression) {
            Err(_) => {
                let text = format!("\"{expression}\" is not a cron schedule");
                let mend = "write six parts: second minute hour day month weekday, such as \"0 0 8 * * Mon-Fri\"";
                findings.push(context.finding(&path, text, mend));
            }
            Ok(schedule) => {
                use cron::TimeUnitSpec;
                if schedule.hours().includes(1) {
                    let text = format!(
                        "\"{expression}\" can fall between 01:00 and 02:00, an hour that is skipped in March and comes twice in October"
                    );
                    findings.push(context.finding(&path, text, "choose another hour"));
                }
            }
        }
    }
    findings
}
