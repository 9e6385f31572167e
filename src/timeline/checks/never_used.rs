//! What is declared is used somewhere.

use std::collections::HashSet;

use super::super::definition::Effect;
use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "never-used";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let definition = context.definition;
    let exemptions: HashSet<&String> = definition.clocks.iter().flat_map(|clock| &clock.exemptions).collect();
    let (mut notices, mut messages) = (HashSet::new(), HashSet::new());
    for (_, effects) in context.effects() {
        for effect in effects {
            match effect {
                Effect::Notice(name, _) => drop(notices.insert(name)),
                Effect::Message(name, _) => drop(messages.insert(name)),
                _ => {}
            }
        }
    }
    let declared = definition.exemptions.iter().map(|exemption| &exemption.id).enumerate();
    let declared =
        declared.map(|(at, id)| ("exemptions", at, id, !exemptions.contains(id), "no clock can be excused by"));
    let letters = definition.notices.iter().map(|notice| &notice.id).enumerate();
    let letters = letters.map(|(at, id)| ("notices", at, id, !notices.contains(id), "nothing ever sends"));
    let notes = definition.messages.iter().map(|message| &message.id).enumerate();
    let notes = notes.map(|(at, id)| ("messages", at, id, !messages.contains(id), "nothing ever sends"));
    let unused = declared.chain(letters).chain(notes).filter(|(_, _, _, is_unused, _)| *is_unused);
    unused
        .map(|(list, at, id, _, what)| {
            let path = [Field(list), Item(at), Field("id")];
            context.finding(&path, format!("{what} \"{id}\""), "name it where it belongs, or take it out")
        })
        .collect()
}
