//! Advice that is asked for is waited for by something.

use std::collections::HashSet;

use super::super::definition::{Guard, Trigger, WaitingOn, Whose};
use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::{Context, atoms};

pub(super) const ID: &str = "unawaited-advice";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let definition = context.definition;
    let mut waiting = vec![false; definition.states.len()];
    for (at, state) in definition.states.iter().enumerate() {
        waiting[at] = matches!(state.waiting_on, WaitingOn::Advisers | WaitingOn::Setting);
    }
    let by_clock = definition.clocks.iter().filter(|clock| clock.whose != Whose::Adviser);
    let mut all_is_awaited = by_clock
        .flat_map(|clock| clock.starts.iter().chain(&clock.stops))
        .any(|trigger| matches!(trigger, Trigger::AllAdviceAnswered | Trigger::AdviceAnswered));
    let mut awaited = HashSet::new();
    let mut waits_for_all = vec![false; definition.transitions.len()];
    for (mut path, guard) in context.guards() {
        let (list, at) = (path[0], path[1]);
        atoms(guard, &mut path, &mut |atom, _| match (atom, list, at) {
            (Guard::AllAdviceAnswered, Field("transitions"), Item(at)) => waits_for_all[at] = true,
            (Guard::AllAdviceAnswered, ..) => all_is_awaited = true,
            (Guard::AdviceAnswered(name), ..) => drop(awaited.insert(name.as_str())),
            _ => {}
        });
    }
    for (state, out) in context.out.iter().enumerate() {
        waiting[state] |= out.iter().any(|(transition, _)| waits_for_all[*transition]);
    }
    let comes_to_wait = context.leads_to(&waiting);
    let advice = definition.advice.iter().enumerate();
    advice
        .filter(|(_, advice)| {
            let waits = advice.ask_in.iter().filter_map(|name| context.state(name)).any(|state| comes_to_wait[state]);
            !(all_is_awaited || waits || awaited.contains(advice.id.as_str()))
        })
        .map(|(at, advice)| {
            let text = format!("nothing ever waits for \"{}\"", advice.id);
            let mend = "let a state be `waiting_on: Advisers`, or a transition wait for `AdviceAnswered(..)`";
            context.finding(&[Field("advice"), Item(at), Field("id")], text, mend)
        })
        .collect()
}
