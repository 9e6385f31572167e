//! Advice that is asked for is waited for by something.

use super::super::definition::{Guard, WaitingOn};
use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::{Context, atoms};

pub(super) const ID: &str = "unawaited-advice";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut all_is_awaited = false;
    let mut awaited = Vec::new();
    for (_, guard) in context.guards() {
        atoms(guard, &mut |atom| match atom {
            Guard::AllAdviceAnswered => all_is_awaited = true,
            Guard::AdviceAnswered(name) => awaited.push(name.as_str()),
            _ => {}
        });
    }
    let advice = context.definition.advice.iter().enumerate();
    advice
        .filter(|(_, advice)| {
            let waits_there = advice.ask_in.iter().filter_map(|name| context.state(name)).any(|state| {
                matches!(context.state_at(state).waiting_on, WaitingOn::Advisers | WaitingOn::Setting)
            });
            !(all_is_awaited || waits_there || awaited.contains(&advice.id.as_str()))
        })
        .map(|(at, advice)| {
            let text = format!("nothing ever waits for \"{}\"", advice.id);
            let mend = "let a state be `waiting_on: Advisers`, or a transition wait for `AdviceAnswered(..)`";
            context.finding(&[Field("advice"), Item(at), Field("id")], text, mend)
        })
        .collect()
}
