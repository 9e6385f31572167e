//! Every form can be opened by somebody, some time.

use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;
use super::satisfiable::can_hold_together;

pub(super) const ID: &str = "unopenable-form";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, form) in context.definition.forms.iter().enumerate() {
        let can_be_there = |name: &String| context.state(name).is_some_and(|state| context.reachable[state]);
        let (field, why) = if form.to.is_empty() {
            ("to", "it is open to nobody")
        } else if !form.open_in.iter().any(can_be_there) {
            ("open_in", "it is open in no state that can be reached")
        } else if form.when.as_ref().is_some_and(|guard| can_hold_together(context, &[guard]) == Some(false)) {
            ("when", "its `when` contradicts itself")
        } else {
            continue;
        };
        let text = format!("nobody can ever open \"{}\": {why}", form.form);
        let path = [Field("forms"), Item(at), Field(field)];
        findings.push(context.finding(&path, text, "say to whom it is open, and in which states"));
    }
    findings
}
