//! What a definition must hold beyond its shape: one check a file, each with its page in `docs/checks/`.

mod automatic_overlap;
mod bad_id;
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
mod never_used;
mod nobody_may_fire;
mod refusal_without_appeal;
mod satisfiable;
mod stage_without_states;
mod unawaited_advice;
mod unknown_link;
mod unknown_name;
mod unopenable_form;
mod unreachable_state;
mod warning_too_early;
mod wrong_kind;

#[cfg(test)]
mod mangled;
#[cfg(test)]
mod tests;

use context::Context;
pub use unknown_link::check_links;

use super::definition::Definition;
use super::finding::{Finding, Severity};
use super::source::{Source, Step};

type Check = fn(&Context<'_>) -> Vec<Finding>;

/// Every check: its id, how much it weighs, and its code.
const CHECKS: &[(&str, Severity, Check)] = &[
    (unknown_name::ID, Severity::Error, unknown_name::check),
    (duplicate_id::ID, Severity::Error, duplicate_id::check),
    (bad_id::ID, Severity::Error, bad_id::check),
    (wrong_kind::ID, Severity::Error, wrong_kind::check),
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
    (never_used::ID, Severity::Warning, never_used::check),
];

/// The ids of all checks on meaning, for the documentation test.
pub fn ids() -> Vec<&'static str> {
    CHECKS.iter().map(|(id, _, _)| *id).collect()
}

/// More of one kind would not be read, and tells nothing new.
const FINDINGS_MOST: usize = 100;

/// Checks that follow names through the definition. Where a name is unknown they would only report what follows from that.
const FOLLOW_NAMES: &[&str] = &[
    unreachable_state::ID,
    dead_end::ID,
    clock_never_started::ID,
    clock_left_running::ID,
    nested_limits::ID,
    refusal_without_appeal::ID,
    unawaited_advice::ID,
    unopenable_form::ID,
    never_used::ID,
];

/// Runs every check. Where items had to be left out to read the file, names are not looked up: they may stand there.
pub(super) fn all(definition: &Definition, source: &Source, is_whole: bool) -> Vec<Finding> {
    if let Some(finding) = too_large(definition, source) {
        return vec![finding];
    }
    let mut findings = Vec::new();
    let context = Context::new(definition, source);
    let in_use = CHECKS.iter().filter(|(id, _, _)| is_whole || *id == duplicate_id::ID);
    let mut names_hold = true;
    for (id, severity, check) in in_use {
        if !names_hold && FOLLOW_NAMES.contains(id) {
            continue;
        }
        context.findings_made.set(0);
        let mut found = check(&context);
        names_hold &= *id != unknown_name::ID || found.is_empty();
        let more = found.len().saturating_sub(FINDINGS_MOST);
        found.truncate(FINDINGS_MOST);
        if let Some(last) = found.last_mut().filter(|_| more > 0) {
            last.text = format!("{} (and {more} more like it)", last.text);
        }
        for mut finding in found {
            finding.check = id;
            finding.severity = finding.severity.max(*severity);
            findings.push(finding);
        }
    }
    findings
}

/// Pairs of a transition and a state that it leaves.
const WAYS_MOST: usize = 200_000;

/// No process has this many parts; what has them was made to keep us busy.
fn too_large(definition: &Definition, source: &Source) -> Option<Finding> {
    let anywhere = definition.transitions.iter().filter(|transition| transition.from_any_open_state).count();
    let named: usize = definition.transitions.iter().map(|transition| transition.from.len()).sum();
    let parts = [
        ("states", definition.states.len(), 5_000),
        ("stages", definition.stages.len(), 5_000),
        ("transitions", definition.transitions.len(), 20_000),
        ("clocks", definition.clocks.len(), 500),
        ("facts", definition.facts.len(), 5_000),
        ("advice", definition.advice.len(), 5_000),
        ("forms", definition.forms.len(), 5_000),
        ("rules", definition.rules.len(), 5_000),
        ("notices", definition.notices.len(), 2_000),
        ("messages", definition.messages.len(), 2_000),
        ("transitions", named.saturating_add(anywhere.saturating_mul(definition.states.len())), WAYS_MOST),
    ];
    let (list, count, most) = parts.into_iter().find(|(_, count, most)| count > most)?;
    let span = source.span(&[Step::Field(list)]);
    let how = if most == WAYS_MOST { ", counted from every state they leave" } else { "" };
    let text = format!("there are {count} {list}{how}; the most is {most}");
    Some(Finding::at(source, span, TOO_LARGE, Severity::Error, text, "split the process into several timelines"))
}

pub(super) const TOO_LARGE: &str = "too-large";
