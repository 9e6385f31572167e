//! No guard contradicts itself.

use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;
use super::satisfiable::can_hold_together;

pub(super) const ID: &str = "never-fires";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let definition = context.definition;
    let transitions = definition.transitions.iter().map(|transition| (&transition.id, transition.when.as_ref()));
    let rules = definition.rules.iter().map(|rule| (&rule.id, rule.when.as_ref()));
    let mut findings = Vec::new();
    for (list, guards) in [("transitions", transitions.collect::<Vec<_>>()), ("rules", rules.collect())] {
        for (at, (id, guard)) in guards.into_iter().enumerate() {
            let Some(guard) = guard else { continue };
            let path = [Field(list), Item(at), Field("when")];
            match can_hold_together(context, &[guard]) {
                Some(true) => {}
                Some(false) => {
                    let text = format!("\"{id}\" can never happen: its `when` contradicts itself");
                    findings.push(context.finding(&path, text, "take out one side of the contradiction"));
                }
                None => {
                    let text = format!("the `when` of \"{id}\" is too tangled to tell whether it can ever hold");
                    findings.push(context.finding(&path, text, "write it with fewer choices").into_warning());
                }
            }
        }
    }
    findings
}
