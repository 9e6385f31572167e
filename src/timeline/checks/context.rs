//! What checks look at: the definition, the graph of its states, and where everything stands in the file.

use std::collections::HashMap;

use super::super::definition::{Definition, Effect, Guard, Rule, State, Transition, Trigger};
use super::super::finding::{Finding, Severity};
use super::super::source::{Source, Step};

pub(super) struct Context<'a> {
    pub definition: &'a Definition,
    pub source: &'a Source,
    /// By state: the transitions out of it, with the states they lead to. Names that are not declared are left out.
    pub out: Vec<Vec<(usize, usize)>>,
    pub start: Option<usize>,
    pub reachable: Vec<bool>,
    states: HashMap<&'a str, usize>,
}

impl<'a> Context<'a> {
    pub fn new(definition: &'a Definition, source: &'a Source) -> Context<'a> {
        let mut states = HashMap::new();
        for (at, state) in definition.states.iter().enumerate() {
            states.entry(state.id.as_str()).or_insert(at);
        }
        let mut out = vec![Vec::new(); definition.states.len()];
        for (at, transition) in definition.transitions.iter().enumerate() {
            let Some(to) = states.get(transition.to.as_str()) else { continue };
            for from in sources(definition, &states, transition) {
                out[from].push((at, *to));
            }
        }
        let start = states.get(definition.start.as_str()).copied();
        let reachable = reachable(&out, start);
        Context { definition, source, out, start, reachable, states }
    }

    pub fn state(&self, name: &str) -> Option<usize> {
        self.states.get(name).copied()
    }

    pub fn state_at(&self, at: usize) -> &'a State {
        &self.definition.states[at]
    }

    pub fn is_end(&self, at: usize) -> bool {
        self.definition.states[at].ends.is_some()
    }

    /// A finding at a path. The check's id and severity are put on by the table of checks.
    pub fn finding(&self, path: &[Step<'_>], text: impl Into<String>, mend: impl Into<String>) -> Finding {
        Finding::at(self.source, self.source.span(path), "", Severity::Error, text, mend)
    }

    pub fn rules_on(&self, wanted: impl Fn(&Trigger) -> bool) -> impl Iterator<Item = (usize, &'a Rule)> {
        self.definition.rules.iter().enumerate().filter(move |(_, rule)| wanted(&rule.on))
    }

    /// Every guard of the definition with the path to it.
    pub fn guards(&self) -> Vec<(Vec<Step<'static>>, &'a Guard)> {
        fn of<'g>(list: &'static str, guards: impl Iterator<Item = Option<&'g Guard>>) -> Vec<(Vec<Step<'static>>, &'g Guard)> {
            let path = |at| vec![Step::Field(list), Step::Item(at), Step::Field("when")];
            guards.enumerate().filter_map(|(at, guard)| Some((path(at), guard?))).collect()
        }
        let mut all = of("transitions", self.definition.transitions.iter().map(|t| t.when.as_ref()));
        all.extend(of("rules", self.definition.rules.iter().map(|rule| rule.when.as_ref())));
        all.extend(of("forms", self.definition.forms.iter().map(|form| form.when.as_ref())));
        all
    }

    /// Every list of effects with the path to it.
    pub fn effects(&self) -> Vec<(Vec<Step<'static>>, &'a [Effect])> {
        let path = |list, at| vec![Step::Field(list), Step::Item(at), Step::Field("does")];
        let transitions = self.definition.transitions.iter().enumerate();
        let transitions = transitions.map(|(at, transition)| (path("transitions", at), transition.does.as_slice()));
        let rules = self.definition.rules.iter().enumerate().map(|(at, rule)| (path("rules", at), rule.does.as_slice()));
        transitions.chain(rules).collect()
    }
}

/// The states a transition leaves.
fn sources(definition: &Definition, states: &HashMap<&str, usize>, transition: &Transition) -> Vec<usize> {
    if transition.from_any_open_state {
        return (0..definition.states.len()).filter(|at| definition.states[*at].ends.is_none()).collect();
    }
    transition.from.iter().filter_map(|name| states.get(name.as_str()).copied()).collect()
}

fn reachable(out: &[Vec<(usize, usize)>], start: Option<usize>) -> Vec<bool> {
    let mut seen = vec![false; out.len()];
    let mut to_visit: Vec<usize> = start.into_iter().collect();
    while let Some(state) = to_visit.pop() {
        if !std::mem::replace(&mut seen[state], true) {
            to_visit.extend(out[state].iter().map(|(_, to)| *to));
        }
    }
    seen
}

/// Every part of a guard that is not made of others.
pub(super) fn atoms<'g>(guard: &'g Guard, each: &mut impl FnMut(&'g Guard)) {
    match guard {
        Guard::All(guards) | Guard::Any(guards) => guards.iter().for_each(|guard| atoms(guard, each)),
        Guard::Not(guard) => atoms(guard, each),
        atom => each(atom),
    }
}
