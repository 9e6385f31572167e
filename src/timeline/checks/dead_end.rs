//! From every state an end can be reached.

use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "dead-end";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let ending = can_end(context);
    let stuck = (0..context.definition.states.len()).filter(|at| context.reachable[*at] && !ending[*at]);
    stuck
        .map(|at| {
            let text = format!("no way leads from \"{}\" to an end, so its involvements could never be closed", context.state_at(at).id);
            let path = [Field("states"), Item(at), Field("id")];
            context.finding(&path, text, "add a transition towards an end, or give it `ends: \"...\"`")
        })
        .collect()
}

/// By state: whether it is an end or leads to one.
fn can_end(context: &Context<'_>) -> Vec<bool> {
    let states = context.definition.states.len();
    let mut into = vec![Vec::new(); states];
    for (from, out) in context.out.iter().enumerate() {
        for (_, to) in out {
            into[*to].push(from);
        }
    }
    let mut ending = vec![false; states];
    let mut to_visit: Vec<usize> = (0..states).filter(|at| context.is_end(*at)).collect();
    while let Some(state) = to_visit.pop() {
        if !std::mem::replace(&mut ending[state], true) {
            to_visit.extend(&into[state]);
        }
    }
    ending
}
