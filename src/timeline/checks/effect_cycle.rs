//! What follows by itself comes to rest.

use std::collections::HashMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::super::definition::{Effect, Trigger};
use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "effect-cycle";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let follows = Follows::of(context);
    let mut findings = Vec::new();
    for circle in kosaraju_scc(&follows.graph).into_iter().filter(|circle| circle.len() > 1) {
        let mut parts: Vec<What> = circle.iter().map(|node| follows.graph[*node]).collect();
        parts.sort_unstable();
        let definition = context.definition;
        let names: Vec<&str> = parts
            .iter()
            .filter_map(|part| match part {
                What::Transition(at) => Some(definition.transitions[*at].id.as_str()),
                What::Rule(at) => Some(definition.rules[*at].id.as_str()),
                _ => None,
            })
            .take(12)
            .collect();
        let path = match parts[0] {
            What::Transition(at) => [Field("transitions"), Item(at), Field("id")],
            What::Rule(at) => [Field("rules"), Item(at), Field("id")],
            _ => continue,
        };
        let text = format!("these set each other off without end: {}", names.join(", "));
        findings.push(context.finding(&path, text, "break the circle: make one of them wait for a person"));
    }
    findings
}

/// Something that happens with nobody doing anything. Transitions and rules sort first: they are what findings name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Transition(usize),
    Rule(usize),
    Entered(usize),
    Recorded(usize),
    AdviceRequested,
}

/// What makes what happen.
struct Follows {
    graph: DiGraph<What, ()>,
}

impl Follows {
    fn of(context: &Context<'_>) -> Follows {
        let definition = context.definition;
        let mut graph = DiGraph::new();
        let transitions: Vec<NodeIndex> =
            (0..definition.transitions.len()).map(|at| graph.add_node(What::Transition(at))).collect();
        let rules: Vec<NodeIndex> = (0..definition.rules.len()).map(|at| graph.add_node(What::Rule(at))).collect();
        let states: Vec<NodeIndex> = (0..definition.states.len()).map(|at| graph.add_node(What::Entered(at))).collect();
        let facts: Vec<NodeIndex> = (0..definition.facts.len()).map(|at| graph.add_node(What::Recorded(at))).collect();
        let requested = graph.add_node(What::AdviceRequested);
        let fact_at: HashMap<&str, NodeIndex> =
            definition.facts.iter().zip(&facts).map(|(fact, node)| (fact.id.as_str(), *node)).collect();

        for (state, out) in context.out.iter().enumerate() {
            for (transition, _) in out.iter().filter(|(transition, _)| definition.transitions[*transition].automatic) {
                graph.add_edge(states[state], transitions[*transition], ());
            }
        }
        for (at, rule) in definition.rules.iter().enumerate() {
            let sets_off = match &rule.on {
                Trigger::Fired(name) => context.transition(name).map(|at| transitions[at]),
                Trigger::Entered(name) => context.state(name).map(|at| states[at]),
                Trigger::FactRecorded(name) => fact_at.get(name.as_str()).copied(),
                Trigger::AdviceRequested => Some(requested),
                // These need a person or a day to pass.
                _ => None,
            };
            if let Some(from) = sets_off {
                graph.add_edge(from, rules[at], ());
            }
        }
        let does = definition.transitions.iter().map(|transition| &transition.does).zip(&transitions);
        for (effects, from) in does.chain(definition.rules.iter().map(|rule| &rule.does).zip(&rules)) {
            for effect in effects {
                let to = match effect {
                    Effect::Fire(name) => context.transition(name).map(|at| transitions[at]),
                    Effect::Record(name, _) => fact_at.get(name.as_str()).copied(),
                    Effect::RequestAdvice(_) => Some(requested),
                    // What another involvement does comes later, in a step of its own.
                    Effect::Notice(..)
                    | Effect::Message(..)
                    | Effect::OpenForm(_)
                    | Effect::RemindAdvisers
                    | Effect::Start { .. }
                    | Effect::Advance { .. } => None,
                };
                if let Some(to) = to {
                    graph.add_edge(*from, to, ());
                }
            }
        }
        for (transition, from) in definition.transitions.iter().zip(&transitions) {
            if let Some(to) = context.state(&transition.to) {
                graph.add_edge(*from, states[to], ());
            }
        }
        Follows { graph }
    }
}
