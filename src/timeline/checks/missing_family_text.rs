//! Whatever families see has words for them.

use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "missing-family-text";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let definition = context.definition;
    let is_blank = |text: Option<&str>| text.is_none_or(|text| text.trim().is_empty());
    let mut findings = Vec::new();
    let mut missing = |list: &'static str, at: usize, what: String| {
        let path = [Field(list), Item(at), Field("id")];
        findings.push(context.finding(&path, what, "add `for_families: \"...\"` in plain words"));
    };
    for (at, stage) in definition.stages.iter().enumerate().filter(|(_, stage)| is_blank(Some(&stage.for_families))) {
        missing("stages", at, format!("the stage \"{}\" has no words for families", stage.id));
    }
    for (at, state) in definition.states.iter().enumerate().filter(|(_, state)| is_blank(state.for_families.as_deref()))
    {
        missing("states", at, format!("the state \"{}\" has no words for families", state.id));
    }
    let shared = definition.clocks.iter().enumerate().filter(|(_, clock)| clock.shared);
    for (at, clock) in shared.filter(|(_, clock)| is_blank(clock.for_families.as_deref())) {
        missing("clocks", at, format!("the clock \"{}\" is shared, but has no words for families", clock.id));
    }
    findings
}
