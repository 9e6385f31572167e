//! From every state an end can be reached.

use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "dead-end";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let is_end: Vec<bool> = (0..context.definition.states.len()).map(|at| context.is_end(at)).collect();
    let ending = context.leads_to(&is_end);
    let stuck = (0..context.definition.states.len()).filter(|at| context.reachable[*at] && !ending[*at]);
    stuck
        .map(|at| {
            let text = format!(
                "no way leads from \"{}\" to an end, so its involvements could never be closed",
                context.state_at(at).id
            );
            let path = [Field("states"), Item(at), Field("id")];
            context.finding(&path, text, "add a transition towards an end, or give it `ends: \"...\"`")
        })
        .collect()
}
