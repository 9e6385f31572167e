//! Limits inside other limits leave room for each other.

use super::super::definition::{Clock, Effect, Guard, Trigger, Whose};
use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "nested-limits";

/// Chains of limits longer than this add up to more than any law allows.
const CHAIN_MOST: usize = 6;

/// Enough to follow every chain of a real process.
const STEPS_MOST: usize = 1_000_000;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let clocks = &context.definition.clocks;
    let ends = Ends::of(context);
    let mut steps = STEPS_MOST;
    let mut findings = Vec::new();
    for (at, outer) in clocks.iter().enumerate().filter(|(_, clock)| clock.whose == Whose::Authority) {
        let path = [Field("clocks"), Item(at), Field("limit")];
        if let Some((transition, period)) = forced_wait(context, &ends, at) {
            let text = format!(
                "\"{}\" allows {}, but \"{}\", which stops it, must wait for \"{}\" to pass, which takes {}",
                outer.id,
                outer.limit.short_text(),
                context.definition.transitions[transition].id,
                period.id,
                period.limit.short_text()
            );
            findings.push(context.finding(&path, text, "no authority could keep both: one of the two limits is wrong"));
        }
        if let Some(chain) = chain_that_overruns(context, &ends, at, &mut steps) {
            let parts =
                chain.iter().map(|clock| format!("\"{}\" ({})", clocks[*clock].id, clocks[*clock].limit.short_text()));
            let text = format!(
                "\"{}\" allows {}, but {} may lawfully take longer",
                outer.id,
                outer.limit.short_text(),
                parts.collect::<Vec<_>>().join(" and then ")
            );
            let finding = context.finding(&path, text, "make an inner limit shorter, or the outer one longer");
            findings.push(finding.into_warning());
        }
    }
    findings
}

fn days(clock: &Clock) -> i64 {
    clock.limit.approximate_days().unwrap_or(0)
}

/// Which transitions stop which clocks, and which clocks they start.
struct Ends {
    /// By clock.
    stopped_by: Vec<Vec<usize>>,
    /// By transition, with the clocks of the advice it asks for.
    starts: Vec<Vec<usize>>,
}

impl Ends {
    fn of(context: &Context<'_>) -> Ends {
        let definition = context.definition;
        let mut into = vec![Vec::new(); definition.states.len()];
        for (at, transition) in definition.transitions.iter().enumerate() {
            if let Some(to) = context.state(&transition.to) {
                into[to].push(at);
            }
        }
        let transitions = |triggers: &[Trigger]| {
            let mut found = Vec::new();
            for trigger in triggers {
                match trigger {
                    Trigger::Fired(name) => found.extend(context.transition(name)),
                    Trigger::Entered(name) => {
                        found.extend(context.state(name).map_or(&[][..], |state| &into[state][..]));
                    }
                    _ => {}
                }
            }
            found
        };
        let mut starts = vec![Vec::new(); definition.transitions.len()];
        for (at, clock) in definition.clocks.iter().enumerate() {
            for transition in transitions(&clock.starts) {
                starts[transition].push(at);
            }
        }
        let clock_at = |id: &str| definition.clocks.iter().position(|clock| clock.id == id);
        let of_advice: std::collections::HashMap<&str, usize> = definition
            .advice
            .iter()
            .filter_map(|advice| Some((advice.id.as_str(), clock_at(&advice.clock)?)))
            .collect();
        for (transition, starts) in definition.transitions.iter().zip(&mut starts) {
            for effect in &transition.does {
                if let Effect::RequestAdvice(names) = effect {
                    starts.extend(names.iter().filter_map(|name| of_advice.get(name.as_str())));
                }
            }
        }
        Ends { stopped_by: definition.clocks.iter().map(|clock| transitions(&clock.stops)).collect(), starts }
    }
}

/// A transition that stops the clock but must wait for a period that begins no earlier and is as long or longer.
fn forced_wait<'a>(context: &Context<'a>, ends: &Ends, outer: usize) -> Option<(usize, &'a Clock)> {
    let definition = context.definition;
    let clock = &definition.clocks[outer];
    let begins_no_earlier = |period: &Clock| {
        clock.starts.contains(&Trigger::Started) || period.starts.iter().all(|trigger| clock.starts.contains(trigger))
    };
    let periods = definition
        .clocks
        .iter()
        .filter(|period| period.whose == Whose::Family && days(period) >= days(clock) && begins_no_earlier(period));
    periods.into_iter().find_map(|period| {
        let stopping = ends.stopped_by[outer].iter().copied();
        let waits =
            |at: &usize| definition.transitions[*at].when.as_ref().is_some_and(|guard| must_pass(guard, &period.id));
        stopping.into_iter().find(waits).map(|at| (at, period))
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

/// Limits, each started by what stops the one before, that begin with the outer one and together can end after it.
fn chain_that_overruns(context: &Context<'_>, ends: &Ends, outer: usize, steps: &mut usize) -> Option<Vec<usize>> {
    let clocks = &context.definition.clocks;
    let begins_with_outer = |clock: &Clock| {
        clock.whose == Whose::Authority
            && days(clock) < days(&clocks[outer])
            && clock.starts.iter().any(|trigger| clocks[outer].starts.contains(trigger))
    };
    (0..clocks.len()).filter(|first| *first != outer && begins_with_outer(&clocks[*first])).find_map(|first| {
        let mut chain = vec![first];
        overruns(context, ends, outer, &mut chain, days(&clocks[first]), steps).then_some(chain)
    })
}

/// Whether the chain can be made longer than the outer limit; it holds how.
fn overruns(
    context: &Context<'_>,
    ends: &Ends,
    outer: usize,
    chain: &mut Vec<usize>,
    so_far: i64,
    steps: &mut usize,
) -> bool {
    let clocks = &context.definition.clocks;
    let Some(last) = chain.last().copied().filter(|_| chain.len() < CHAIN_MOST) else { return false };
    for transition in &ends.stopped_by[last] {
        let Some(left) = steps.checked_sub(1 + ends.stopped_by[outer].len()) else { return false };
        *steps = left;
        if ends.stopped_by[outer].contains(transition) {
            continue;
        }
        for next in &ends.starts[*transition] {
            if *next == outer || chain.contains(next) {
                continue;
            }
            chain.push(*next);
            let total = so_far + days(&clocks[*next]);
            if total > days(&clocks[outer]) || overruns(context, ends, outer, chain, total, steps) {
                return true;
            }
            chain.pop();
        }
    }
    false
}
