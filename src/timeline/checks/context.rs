//! What checks look at: the definition, the graph of its states, and where everything stands in the file.

use std::cell::Cell;
use std::collections::HashMap;

use super::super::definition::{Definition, Effect, Fact, Guard, State, Transition};
use super::super::finding::{Finding, Severity};
use super::super::source::{Source, Span, Step};
use super::FINDINGS_MOST;

pub(super) struct Context<'a> {
    pub definition: &'a Definition,
    pub source: &'a Source,
    /// By state: the transitions out of it, with the states they lead to. Names that are not declared are left out.
    pub out: Vec<Vec<(usize, usize)>>,
    pub start: Option<usize>,
    pub reachable: Vec<bool>,
    /// What the questions about guards may still take, all together.
    pub search_steps: Cell<usize>,
    /// By the check that is running.
    pub findings_made: Cell<usize>,
    states: HashMap<&'a str, usize>,
    transitions: HashMap<&'a str, usize>,
    facts: HashMap<&'a str, &'a Fact>,
    /// By transition: whether it leaves a state that can be reached.
    can_fire: Vec<bool>,
}

const SEARCH_STEPS_MOST: usize = 2_000_000;

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
        let mut can_fire = vec![false; definition.transitions.len()];
        for (_, out) in out.iter().enumerate().filter(|(from, _)| reachable[*from]) {
            for (transition, _) in out {
                can_fire[*transition] = true;
            }
        }
        let mut transitions = HashMap::new();
        for (at, transition) in definition.transitions.iter().enumerate() {
            transitions.entry(transition.id.as_str()).or_insert(at);
        }
        let mut facts = HashMap::new();
        for fact in &definition.facts {
            facts.entry(fact.id.as_str()).or_insert(fact);
        }
        let search_steps = Cell::new(SEARCH_STEPS_MOST);
        Context {
            definition,
            source,
            out,
            start,
            reachable,
            search_steps,
            findings_made: Cell::new(0),
            states,
            transitions,
            facts,
            can_fire,
        }
    }

    pub fn state(&self, name: &str) -> Option<usize> {
        self.states.get(name).copied()
    }

    pub fn transition(&self, name: &str) -> Option<usize> {
        self.transitions.get(name).copied()
    }

    pub fn fact(&self, name: &str) -> Option<&'a Fact> {
        self.facts.get(name).copied()
    }

    /// Whether it leaves a state that can be reached.
    pub fn can_fire(&self, name: &str) -> bool {
        self.transition(name).is_some_and(|at| self.can_fire[at])
    }

    pub fn state_at(&self, at: usize) -> &'a State {
        &self.definition.states[at]
    }

    pub fn is_end(&self, at: usize) -> bool {
        self.definition.states[at].ends.is_some()
    }

    /// By state: whether it is one of these, or leads to one.
    pub fn leads_to(&self, wanted: &[bool]) -> Vec<bool> {
        let mut into = vec![Vec::new(); self.out.len()];
        for (from, out) in self.out.iter().enumerate() {
            for (_, to) in out {
                into[*to].push(from);
            }
        }
        let mut leads = vec![false; self.out.len()];
        let mut to_visit: Vec<usize> = (0..self.out.len()).filter(|at| wanted[*at]).collect();
        while let Some(state) = to_visit.pop() {
            if !std::mem::replace(&mut leads[state], true) {
                to_visit.extend(&into[state]);
            }
        }
        leads
    }

    /// A finding at a path. The check's id and severity are put on by the table of checks.
    pub fn finding(&self, path: &[Step<'_>], text: impl Into<String>, mend: impl Into<String>) -> Finding {
        // Finding the place takes time, and no more than these are shown.
        let made = self.findings_made.get();
        self.findings_made.set(made + 1);
        let span = if made < FINDINGS_MOST { self.source.span(path) } else { Span::default() };
        Finding::at(self.source, span, "", Severity::Error, text, mend)
    }

    /// Every guard of the definition with the path to it.
    pub fn guards(&self) -> Vec<(Vec<Step<'static>>, &'a Guard)> {
        fn of<'g>(
            list: &'static str,
            guards: impl Iterator<Item = Option<&'g Guard>>,
        ) -> Vec<(Vec<Step<'static>>, &'g Guard)> {
            let path = |at| vec![Step::Field(list), Step::Item(at), Step::Field("when")];
            guards.enumerate().filter_map(|(at, guard)| Some((path(at), guard?))).collect()
        }
        let mut all = of("transitions", self.definition.transitions.iter().map(|t| t.when.as_ref()));
        all.extend(of("rules", self.definition.rules.iter().map(|rule| rule.when.as_ref())));
        all.extend(of("forms", self.definition.forms.iter().map(|form| form.when.as_ref())));
        all.extend(self.definition.clocks.iter().enumerate().filter_map(|(at, clock)| {
            let path = vec![Step::Field("clocks"), Step::Item(at), Step::Field("only_when")];
            Some((path, clock.only_when.as_ref()?))
        }));
        all
    }

    /// Every list of effects with the path to it.
    pub fn effects(&self) -> Vec<(Vec<Step<'static>>, &'a [Effect])> {
        let path = |list, at| vec![Step::Field(list), Step::Item(at), Step::Field("does")];
        let transitions = self.definition.transitions.iter().enumerate();
        let transitions = transitions.map(|(at, transition)| (path("transitions", at), transition.does.as_slice()));
        let rules =
            self.definition.rules.iter().enumerate().map(|(at, rule)| (path("rules", at), rule.does.as_slice()));
        transitions.chain(rules).collect()
    }
}

/// The states a transition leaves.
fn sources(definition: &Definition, states: &HashMap<&str, usize>, transition: &Transition) -> Vec<usize> {
    if transition.from_any_open_state {
        return (0..definition.states.len()).filter(|at| definition.states[*at].ends.is_none()).collect();
    }
    let mut sources: Vec<usize> =
        transition.from.iter().filter_map(|name| states.get(name.as_str()).copied()).collect();
    sources.sort_unstable();
    sources.dedup();
    sources
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

/// Every part of a guard that is not made of others, with the path to it.
pub(super) fn atoms<'g>(
    guard: &'g Guard,
    path: &mut Vec<Step<'static>>,
    each: &mut impl FnMut(&'g Guard, &[Step<'static>]),
) {
    match guard {
        Guard::All(guards) | Guard::Any(guards) => {
            for (at, guard) in guards.iter().enumerate() {
                path.extend([Step::Item(0), Step::Item(at)]);
                atoms(guard, path, each);
                path.truncate(path.len() - 2);
            }
        }
        Guard::Not(guard) => {
            path.push(Step::Item(0));
            atoms(guard, path, each);
            path.pop();
        }
        atom => each(atom, path),
    }
}
