//! What a definition must hold beyond its shape: one check a file, each with its page in `docs/checks/`.

mod automatic_overlap;
mod bad_in_force;
mod bad_schedule;
mod clock_left_running;
mod clock_never_started;
mod context;
mod dead_end;
mod duplicate_id;
mod effect_cycle;
mod end_with_way_out;
mod missing_family_text;
mod names;
mod nested_limits;
mod never_fires;
mod nobody_may_fire;
mod refusal_without_appeal;
mod satisfiable;
mod stage_without_states;
mod unawaited_advice;
mod unopenable_form;
mod unknown_name;
mod unreachable_state;
mod warning_too_early;

use context::Context;

use super::definition::Definition;
use super::finding::{Finding, Severity};
use super::source::Source;

type Check = fn(&Context<'_>) -> Vec<Finding>;

/// Every check: its id, how much it weighs, and its code.
const CHECKS: &[(&str, Severity, Check)] = &[
    (unknown_name::ID, Severity::Error, unknown_name::check),
    (duplicate_id::ID, Severity::Error, duplicate_id::check),
    (unreachable_state::ID, Severity::Error, unreachable_state::check),
    (dead_end::ID, Severity::Error, dead_end::check),
    (end_with_way_out::ID, Severity::Error, end_with_way_out::check),
    (stage_without_states::ID, Severity::Error, stage_without_states::check),
    (clock_never_started::ID, Severity::Error, clock_never_started::check),
    (clock_left_running::ID, Severity::Error, clock_left_running::check),
    (nested_limits::ID, Severity::Error, nested_limits::check),
    (never_fires::ID, Severity::Error, never_fires::check),
    (automatic_overlap::ID, Severity::Error, automatic_overlap::check),
    (effect_cycle::ID, Severity::Error, effect_cycle::check),
    (unawaited_advice::ID, Severity::Warning, unawaited_advice::check),
    (unopenable_form::ID, Severity::Error, unopenable_form::check),
    (refusal_without_appeal::ID, Severity::Error, refusal_without_appeal::check),
    (missing_family_text::ID, Severity::Error, missing_family_text::check),
    (bad_schedule::ID, Severity::Error, bad_schedule::check),
    (bad_in_force::ID, Severity::Error, bad_in_force::check),
    (nobody_may_fire::ID, Severity::Error, nobody_may_fire::check),
    (warning_too_early::ID, Severity::Warning, warning_too_early::check),
];

/// The ids of all checks on meaning, for the documentation test.
pub fn ids() -> Vec<&'static str> {
    CHECKS.iter().map(|(id, _, _)| *id).collect()
}

/// Runs every check. Where items had to be left out to read the file, names are not looked up: they may stand there.
pub(super) fn all(definition: &Definition, source: &Source, is_whole: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let context = Context::new(definition, source);
    let in_use = CHECKS.iter().filter(|(id, _, _)| is_whole || *id == duplicate_id::ID);
    for (id, severity, check) in in_use {
        for mut finding in check(&context) {
            finding.check = id;
            finding.severity = *severity;
            findings.push(finding);
        }
    }
    findings
}
