//! What does not happen by itself can be done by somebody, from somewhere.

use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "nobody-may-fire";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, transition) in context.definition.transitions.iter().enumerate() {
        let path = [Field("transitions"), Item(at), Field("id")];
        if !transition.automatic && transition.by.is_empty() {
            let text = format!("nobody may do \"{}\"", transition.id);
            findings.push(context.finding(&path, text, "add `by: [Caseworker]`, or `automatic: true`"));
        }
        if transition.from.is_empty() && !transition.from_any_open_state {
            let text = format!("\"{}\" leaves no state", transition.id);
            findings.push(context.finding(&path, text, "add `from: [\"...\"]`, or `from_any_open_state: true`"));
        }
    }
    findings
}
