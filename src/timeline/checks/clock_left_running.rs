//! No way to an end leaves a duty of the authority undone: the clock is stopped on it, or the end lapses it.

use std::collections::{HashSet, VecDeque};

use super::super::definition::{Clock, Trigger, Whose};
use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "clock-left-running";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(start) = context.start else { return Vec::new() };
    let mut findings = Vec::new();
    for (at, clock) in context.definition.clocks.iter().enumerate() {
        if clock.whose != Whose::Authority || !clock.stops.iter().all(is_on_the_way) {
            continue;
        }
        if let Some(way) = way_that_leaves_it_running(context, &Effects::of(context, clock), start) {
            let text = format!("\"{}\" is still running at the end of this way: {}", clock.id, way.join(" -> "));
            let mend = "name a transition of that way in `stops`, or let the end lapse it with `lapses: true`";
            findings.push(context.finding(&[Field("clocks"), Item(at), Field("stops")], text, mend));
        }
    }
    findings
}

/// Whether it happens where the graph can see it. What a fact or an answer stops is not judged.
fn is_on_the_way(trigger: &Trigger) -> bool {
    matches!(trigger, Trigger::Fired(_) | Trigger::Entered(_))
}

/// What each transition and state does to one clock.
struct Effects {
    at_start: bool,
    /// Started by something the graph does not show: it may run anywhere.
    anywhere: bool,
    fired: Vec<Option<bool>>,
    entered: Vec<Option<bool>>,
}

impl Effects {
    fn of(context: &Context<'_>, clock: &Clock) -> Effects {
        let definition = context.definition;
        // As the engine does it: what stops comes first, then what starts.
        let doing = |stops: bool, starts: bool| if starts { Some(true) } else { stops.then_some(false) };
        let names = |triggers: &[Trigger]| {
            let mut fired = HashSet::new();
            let mut entered = HashSet::new();
            for trigger in triggers {
                match trigger {
                    Trigger::Fired(name) => drop(fired.insert(name.clone())),
                    Trigger::Entered(name) => drop(entered.insert(name.clone())),
                    _ => {}
                }
            }
            (fired, entered)
        };
        let (start_fired, start_entered) = names(&clock.starts);
        let (stop_fired, stop_entered) = names(&clock.stops);
        let of_transition = |id: &String| doing(stop_fired.contains(id), start_fired.contains(id));
        let of_state = |id: &String| doing(stop_entered.contains(id), start_entered.contains(id));
        Effects {
            at_start: clock.starts.contains(&Trigger::Started),
            anywhere: clock.starts.iter().any(|trigger| !is_on_the_way(trigger) && *trigger != Trigger::Started),
            fired: definition.transitions.iter().map(|transition| of_transition(&transition.id)).collect(),
            entered: definition.states.iter().map(|state| of_state(&state.id)).collect(),
        }
    }
}

/// The shortest way from the start to an end that does not lapse, with the clock running there.
fn way_that_leaves_it_running(context: &Context<'_>, effects: &Effects, start: usize) -> Option<Vec<String>> {
    let running_at_start = effects.entered[start].unwrap_or(effects.at_start) || effects.anywhere;
    let mut came_from = vec![[None; 2]; context.definition.states.len()];
    let mut to_visit = VecDeque::from([(start, running_at_start)]);
    came_from[start][usize::from(running_at_start)] = Some((start, running_at_start));
    while let Some((state, running)) = to_visit.pop_front() {
        if context.is_end(state) {
            if running && !context.state_at(state).lapses {
                return Some(way_back(context, &came_from, (state, running)));
            }
            continue;
        }
        for (transition, to) in &context.out[state] {
            let after = effects.fired[*transition].unwrap_or(running);
            let after = effects.entered[*to].unwrap_or(after);
            let slot = &mut came_from[*to][usize::from(after)];
            if slot.is_none() {
                *slot = Some((state, running));
                to_visit.push_back((*to, after));
            }
        }
    }
    None
}

fn way_back(context: &Context<'_>, came_from: &[[Option<(usize, bool)>; 2]], end: (usize, bool)) -> Vec<String> {
    let mut way = Vec::new();
    let mut at = end;
    loop {
        way.push(context.state_at(at.0).id.clone());
        match came_from[at.0][usize::from(at.1)] {
            Some(before) if before != at && way.len() < 40 => at = before,
            _ => break,
        }
    }
    way.reverse();
    way
}
