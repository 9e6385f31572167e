//! Every stage that families see has a state in it.

use std::collections::HashSet;

use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "stage-without-states";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let used: HashSet<&str> = context.definition.states.iter().map(|state| state.stage.as_str()).collect();
    let stages = context.definition.stages.iter().enumerate();
    stages
        .filter(|(_, stage)| !used.contains(stage.id.as_str()))
        .map(|(at, stage)| {
            let text = format!("no state is in the stage \"{}\": families would see a step that never comes", stage.id);
            context.finding(&[Field("stages"), Item(at), Field("id")], text, "put a state in it, or take it out")
        })
        .collect()
}
