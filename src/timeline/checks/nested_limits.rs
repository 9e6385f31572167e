//! Limits inside other limits leave room for each other.

use super::super::definition::{Clock, Definition, Effect, Guard, Transition, Trigger, Whose};
use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "nested-limits";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, outer) in context.definition.clocks.iter().enumerate() {
        if outer.whose != Whose::Authority {
            continue;
        }
        let path = [Field("clocks"), Item(at), Field("limit")];
        if let Some(period) = forced_wait(context.definition, outer) {
            let text = format!(
                "\"{}\" allows {}, but what stops it must wait for \"{}\" to pass, which takes {}",
                outer.id,
                outer.limit.span(),
                period.id,
                period.limit.span()
            );
            findings.push(context.finding(&path, text, "no authority could keep both: one of the two limits is wrong"));
        }
        if let Some((first, second)) = chain_that_overruns(context.definition, outer) {
            let text = format!(
                "\"{}\" allows {}, but \"{}\" ({}) and then \"{}\" ({}) may lawfully take longer",
                outer.id,
                outer.limit.span(),
                first.id,
                first.limit.span(),
                second.id,
                second.limit.span()
            );
            findings.push(context.finding(&path, text, "make an inner limit shorter, or the outer one longer"));
        }
    }
    findings
}

fn days(clock: &Clock) -> i64 {
    clock.limit.span().approximate_days()
}

/// A period that every transition stopping the clock must wait for, longer than the clock allows.
fn forced_wait<'a>(definition: &'a Definition, outer: &Clock) -> Option<&'a Clock> {
    let stopping: Vec<&Transition> = definition.transitions.iter().filter(|transition| stops(outer, transition)).collect();
    let periods = definition.clocks.iter().filter(|clock| clock.whose == Whose::Family && days(clock) >= days(outer));
    periods.into_iter().find(|period| {
        !stopping.is_empty() && stopping.iter().all(|transition| transition.when.as_ref().is_some_and(|guard| must_pass(guard, &period.id)))
    })
}

fn stops(clock: &Clock, transition: &Transition) -> bool {
    clock.stops.iter().any(|trigger| match trigger {
        Trigger::Fired(name) => *name == transition.id,
        Trigger::Entered(name) => *name == transition.to,
        _ => false,
    })
}

/// Whether a guard cannot hold before the clock has passed.
fn must_pass(guard: &Guard, clock: &str) -> bool {
    match guard {
        Guard::Passed(name) => name == clock,
        Guard::All(guards) => guards.iter().any(|guard| must_pass(guard, clock)),
        Guard::Any(guards) => !guards.is_empty() && guards.iter().all(|guard| must_pass(guard, clock)),
        _ => false,
    }
}

/// Two limits, the second started by what stops the first, that begin with the outer one and can end after it.
fn chain_that_overruns<'a>(definition: &'a Definition, outer: &Clock) -> Option<(&'a Clock, &'a Clock)> {
    let begins_with_outer = |clock: &&Clock| {
        clock.whose == Whose::Authority
            && days(clock) < days(outer)
            && clock.starts.iter().any(|trigger| outer.starts.contains(trigger))
    };
    for first in definition.clocks.iter().filter(begins_with_outer) {
        for transition in definition.transitions.iter().filter(|transition| stops(first, transition) && !stops(outer, transition)) {
            let second = started_by(definition, transition).into_iter().find(|second| {
                second.id != outer.id && days(first) + days(second) > days(outer)
            });
            if let Some(second) = second {
                return Some((first, second));
            }
        }
    }
    None
}

/// The clocks that a transition starts, those of the advice it asks for included.
fn started_by<'a>(definition: &'a Definition, transition: &Transition) -> Vec<&'a Clock> {
    let asked = transition.does.iter().flat_map(|effect| match effect {
        Effect::RequestAdvice(names) => names.as_slice(),
        _ => &[],
    });
    let of_advice: Vec<&str> = definition
        .advice
        .iter()
        .filter(|advice| asked.clone().any(|name| *name == advice.id))
        .map(|advice| advice.clock.as_str())
        .collect();
    let starts = |clock: &&Clock| {
        of_advice.contains(&clock.id.as_str())
            || clock.starts.iter().any(|trigger| match trigger {
                Trigger::Fired(name) => *name == transition.id,
                Trigger::Entered(name) => *name == transition.to,
                _ => false,
            })
    };
    definition.clocks.iter().filter(starts).collect()
}
