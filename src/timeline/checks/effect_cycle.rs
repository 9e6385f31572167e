//! What follows by itself comes to rest.

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::super::definition::{Effect, Trigger};
use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "effect-cycle";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let graph = what_sets_off_what(context);
    let mut findings = Vec::new();
    for circle in tarjan_scc(&graph) {
        let goes_round = circle.len() > 1 || circle.iter().any(|node| graph.contains_edge(*node, *node));
        if !goes_round {
            continue;
        }
        let mut parts: Vec<usize> = circle.iter().map(|node| node.index()).collect();
        parts.sort_unstable();
        let transitions = context.definition.transitions.len();
        let name = |part: &usize| match part.checked_sub(transitions) {
            None => context.definition.transitions[*part].id.as_str(),
            Some(rule) => context.definition.rules[rule].id.as_str(),
        };
        let names = parts.iter().map(name).collect::<Vec<_>>().join(", ");
        let text = format!("these set each other off without end: {names}");
        let path = match parts[0].checked_sub(transitions) {
            None => [Field("transitions"), Item(parts[0]), Field("id")],
            Some(rule) => [Field("rules"), Item(rule), Field("id")],
        };
        findings.push(context.finding(&path, text, "break the circle: make one of them wait for a person"));
    }
    findings
}

/// Transitions first, then rules; an edge where one makes the other happen with nobody doing anything.
fn what_sets_off_what(context: &Context<'_>) -> DiGraph<(), ()> {
    let definition = context.definition;
    let transitions = definition.transitions.len();
    let mut graph = DiGraph::with_capacity(transitions + definition.rules.len(), 0);
    for _ in 0..transitions + definition.rules.len() {
        graph.add_node(());
    }
    for (at, transition) in definition.transitions.iter().enumerate() {
        let from = NodeIndex::new(at);
        let to = context.state(&transition.to);
        for (next, _) in to.into_iter().flat_map(|to| &context.out[to]) {
            if definition.transitions[*next].automatic {
                graph.update_edge(from, NodeIndex::new(*next), ());
            }
        }
        let rules = context.rules_on(|trigger| {
            matches!(trigger, Trigger::Fired(name) if *name == transition.id)
                || matches!(trigger, Trigger::Entered(name) if *name == transition.to)
        });
        for (rule, _) in rules {
            graph.update_edge(from, NodeIndex::new(transitions + rule), ());
        }
        add_effects(context, &mut graph, from, &transition.does);
    }
    for (at, rule) in definition.rules.iter().enumerate() {
        add_effects(context, &mut graph, NodeIndex::new(transitions + at), &rule.does);
    }
    graph
}

fn add_effects(context: &Context<'_>, graph: &mut DiGraph<(), ()>, from: NodeIndex, effects: &[Effect]) {
    let definition = context.definition;
    let transitions = definition.transitions.len();
    for effect in effects {
        match effect {
            Effect::Fire(name) => {
                if let Some(at) = definition.transitions.iter().position(|transition| transition.id == *name) {
                    graph.update_edge(from, NodeIndex::new(at), ());
                }
            }
            Effect::Record(fact, _) => {
                for (rule, _) in context.rules_on(|trigger| matches!(trigger, Trigger::FactRecorded(name) if name == fact)) {
                    graph.update_edge(from, NodeIndex::new(transitions + rule), ());
                }
            }
            Effect::RequestAdvice(_) => {
                for (rule, _) in context.rules_on(|trigger| *trigger == Trigger::AdviceRequested) {
                    graph.update_edge(from, NodeIndex::new(transitions + rule), ());
                }
            }
            Effect::Notice(..) | Effect::Message(..) | Effect::OpenForm(_) | Effect::RemindAdvisers => {}
        }
    }
}
