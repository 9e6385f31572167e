//! An end is the end.

use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "end-with-way-out";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, transition) in context.definition.transitions.iter().enumerate() {
        for (item, name) in transition.from.iter().enumerate() {
            if context.state(name).is_some_and(|state| context.is_end(state)) {
                let text = format!("\"{}\" leaves \"{name}\", which is an end", transition.id);
                let path = [Field("transitions"), Item(at), Field("from"), Item(item)];
                findings.push(context.finding(&path, text, "take it out here, or take `ends` off the state"));
            }
        }
    }
    findings
}
