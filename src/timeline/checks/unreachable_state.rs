//! Every state can be reached from the start.

use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "unreachable-state";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.start.is_none() {
        return Vec::new();
    }
    let unreachable = context.reachable.iter().enumerate().filter(|(_, reached)| !**reached);
    unreachable
        .map(|(at, _)| {
            let text = format!("no way leads from the start to \"{}\"", context.state_at(at).id);
            let path = [Field("states"), Item(at), Field("id")];
            context.finding(&path, text, "add a transition that leads to it, or take it out")
        })
        .collect()
}
