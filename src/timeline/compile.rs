//! Compiling a checked definition: every name becomes an index, and every trigger is placed where it can go off.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

use super::compiled::{
    AdviceIx, ClockIx, CompileError, Compiled, CompiledAdvice, CompiledClock, CompiledFact, CompiledRule,
    CompiledState, CompiledTransition, ExemptionIx, FactIx, Hooks, Inner, Name, RuleIx, StageIx, StateIx, Test,
    TransitionIx,
};
use super::definition::{Definition, Effect, Guard, Trigger, Value, Whose};
use super::notice::{Notice, NoticeContent};
use crate::ids::{DefinitionId, hexadecimal};

/// The text a definition's identity is taken from: no comments, no layout, fields in a fixed order.
pub fn canonical_text(definition: &Definition) -> String {
    serde_json::to_string(definition).expect("a definition is plain data with text keys")
}

/// The names of one definition while it is being compiled.
pub(super) struct Compiler {
    title: String,
    states: HashMap<Name, StateIx>,
    stages: HashMap<Name, StageIx>,
    transitions: HashMap<Name, TransitionIx>,
    clocks: HashMap<Name, ClockIx>,
    facts: HashMap<Name, FactIx>,
    advice: HashMap<Name, AdviceIx>,
    exemptions: HashMap<Name, ExemptionIx>,
    rules: HashMap<Name, RuleIx>,
}

impl Compiler {
    pub(super) fn new(definition: &Definition) -> Result<Compiler, CompileError> {
        fn names<'a, Ix>(
            title: &str,
            ids: impl Iterator<Item = &'a String>,
            index: impl Fn(u16) -> Ix,
        ) -> Result<HashMap<Name, Ix>, CompileError> {
            let mut map = HashMap::new();
            for (position, id) in ids.enumerate() {
                let position = u16::try_from(position).map_err(|_| CompileError {
                    definition: title.to_owned(),
                    what: "it has more than 65,535 items of one kind".into(),
                })?;
                map.entry(Name::from(id.as_str())).or_insert_with(|| index(position));
            }
            Ok(map)
        }
        let title = definition.id.clone();
        Ok(Compiler {
            states: names(&title, definition.states.iter().map(|s| &s.id), StateIx)?,
            stages: names(&title, definition.stages.iter().map(|s| &s.id), StageIx)?,
            transitions: names(&title, definition.transitions.iter().map(|t| &t.id), TransitionIx)?,
            clocks: names(&title, definition.clocks.iter().map(|c| &c.id), ClockIx)?,
            facts: names(&title, definition.facts.iter().map(|f| &f.id), FactIx)?,
            advice: names(&title, definition.advice.iter().map(|a| &a.id), AdviceIx)?,
            exemptions: names(&title, definition.exemptions.iter().map(|e| &e.id), ExemptionIx)?,
            rules: names(&title, definition.rules.iter().map(|r| &r.id), RuleIx)?,
            title,
        })
    }

    fn find<Ix: Copy>(&self, names: &HashMap<Name, Ix>, kind: &str, name: &str) -> Result<Ix, CompileError> {
        names.get(name).copied().ok_or_else(|| CompileError {
            definition: self.title.clone(),
            what: format!("no {kind} is named \"{name}\""),
        })
    }

    pub(super) fn compile(self, definition: Definition) -> Result<Compiled, CompileError> {
        let mut states = self.states(&definition)?;
        let mut transitions = self.transitions(&definition, &mut states)?;
        let mut facts = definition
            .facts
            .iter()
            .map(|fact| CompiledFact { name: fact.id.as_str().into(), starts: vec![], stops: vec![], rules: vec![] })
            .collect::<Vec<_>>();
        let mut clocks = self.clocks(&definition)?;
        let advice = self.advice(&definition)?;
        let mut hooks: BTreeMap<Hook, Hooks> = BTreeMap::new();

        for (position, clock) in definition.clocks.iter().enumerate() {
            let ix = ClockIx(position as u16);
            for trigger in &clock.starts {
                self.place(trigger, &mut states, &mut transitions, &mut facts, &mut hooks, |starts, _| {
                    starts.push(ix);
                })?;
            }
            for trigger in &clock.stops {
                self.place(trigger, &mut states, &mut transitions, &mut facts, &mut hooks, |_, stops| stops.push(ix))?;
            }
        }
        let mut rules = Vec::new();
        for (position, rule) in definition.rules.iter().enumerate() {
            let ix = RuleIx(position as u16);
            rules.push(CompiledRule {
                name: rule.id.as_str().into(),
                when: rule.when.as_ref().map(|guard| self.test(&definition, guard)).transpose()?,
                inner: self.inner(&rule.does)?,
            });
            match &rule.on {
                Trigger::Started => hooks.entry(Hook::Started).or_default().rules.push(ix),
                Trigger::Fired(name) => {
                    transitions[self.find(&self.transitions, "transition", name)?.at()].rules.push(ix);
                }
                Trigger::Entered(name) => {
                    let state = self.find(&self.states, "state", name)?;
                    for transition in transitions.iter_mut().filter(|transition| transition.to == state) {
                        transition.rules.push(ix);
                    }
                }
                Trigger::FactRecorded(name) => facts[self.find(&self.facts, "fact", name)?.at()].rules.push(ix),
                Trigger::AdviceRequested => hooks.entry(Hook::AdviceRequested).or_default().rules.push(ix),
                Trigger::AdviceAnswered => hooks.entry(Hook::AdviceAnswered).or_default().rules.push(ix),
                Trigger::AllAdviceAnswered => hooks.entry(Hook::AllAdviceAnswered).or_default().rules.push(ix),
                Trigger::ClockWarned(name) => clocks[self.find(&self.clocks, "clock", name)?.at()].warned.push(ix),
                Trigger::ClockBreached(name) => clocks[self.find(&self.clocks, "clock", name)?.at()].breached.push(ix),
                Trigger::Schedule(_) => {}
            }
        }
        let forms = definition.forms.iter().map(|form| form.when.as_ref());
        let forms = forms.map(|guard| guard.map(|guard| self.test(&definition, guard)).transpose());
        let forms = forms.collect::<Result<Vec<_>, _>>()?;
        let whole = definition
            .clocks
            .iter()
            .enumerate()
            .filter(|(_, clock)| clock.whose == Whose::Authority && clock.starts.contains(&Trigger::Started))
            .filter_map(|(position, clock)| Some((position, clock.limit.approximate_days()?)))
            .max_by_key(|(_, days)| *days)
            .map(|(position, _)| ClockIx(position as u16));
        let id = DefinitionId::from(hexadecimal(&Sha256::digest(canonical_text(&definition))));
        let mut hook = |hook: Hook| hooks.remove(&hook).unwrap_or_default();
        Ok(Compiled {
            id,
            start: self.find(&self.states, "state", &definition.start)?,
            started: hook(Hook::Started),
            advice_requested: hook(Hook::AdviceRequested),
            advice_answered: hook(Hook::AdviceAnswered),
            all_advice_answered: hook(Hook::AllAdviceAnswered),
            states,
            transitions,
            clocks,
            facts,
            advice,
            rules,
            forms,
            whole,
            reaches_out: {
                let does = definition.transitions.iter().map(|transition| &transition.does);
                let does = does.chain(definition.rules.iter().map(|rule| &rule.does));
                does.flatten().any(|effect| matches!(effect, Effect::Start { .. } | Effect::Advance { .. }))
            },
            opening_facts: definition
                .opening_facts
                .iter()
                .map(|name| self.find(&self.facts, "fact", name))
                .collect::<Result<_, _>>()?,
            definition,
            states_by_name: self.states,
            transitions_by_name: self.transitions,
            clocks_by_name: self.clocks,
            facts_by_name: self.facts,
            advice_by_name: self.advice,
            exemptions_by_name: self.exemptions,
            rules_by_name: self.rules,
        })
    }

    fn states(&self, definition: &Definition) -> Result<Vec<CompiledState>, CompileError> {
        definition
            .states
            .iter()
            .map(|state| {
                Ok(CompiledState {
                    name: state.id.as_str().into(),
                    stage: self.find(&self.stages, "stage", &state.stage)?,
                    is_end: state.ends.is_some(),
                    lapses: state.lapses,
                    out: vec![],
                    automatic: vec![],
                    starts: vec![],
                    stops: vec![],
                })
            })
            .collect()
    }

    fn transitions(
        &self,
        definition: &Definition,
        states: &mut [CompiledState],
    ) -> Result<Vec<CompiledTransition>, CompileError> {
        let mut transitions = Vec::new();
        for (position, transition) in definition.transitions.iter().enumerate() {
            let ix = TransitionIx(position as u16);
            let from = if transition.from_any_open_state {
                (0..states.len()).filter(|at| !states[*at].is_end).collect()
            } else {
                let mut from = Vec::new();
                for name in &transition.from {
                    let state = self.find(&self.states, "state", name)?.at();
                    if !from.contains(&state) {
                        from.push(state);
                    }
                }
                from
            };
            for at in from {
                states[at].out.push(ix);
                if transition.automatic {
                    states[at].automatic.push(ix);
                }
            }
            transitions.push(CompiledTransition {
                name: transition.id.as_str().into(),
                to: self.find(&self.states, "state", &transition.to)?,
                when: transition.when.as_ref().map(|guard| self.test(definition, guard)).transpose()?,
                needs: transition
                    .needs
                    .iter()
                    .map(|name| self.find(&self.facts, "fact", name))
                    .collect::<Result<_, _>>()?,
                must_tell: must_tell(definition, &transition.does),
                inner: self.inner(&transition.does)?,
                starts: vec![],
                stops: vec![],
                rules: vec![],
            });
        }
        Ok(transitions)
    }

    fn clocks(&self, definition: &Definition) -> Result<Vec<CompiledClock>, CompileError> {
        definition
            .clocks
            .iter()
            .map(|clock| {
                Ok(CompiledClock {
                    name: clock.id.as_str().into(),
                    exemptions: clock
                        .exemptions
                        .iter()
                        .map(|name| self.find(&self.exemptions, "exemption", name))
                        .collect::<Result<_, _>>()?,
                    warned: vec![],
                    breached: vec![],
                    or_later: clock
                        .or_later
                        .iter()
                        .map(|later| self.find(&self.facts, "fact", &later.fact))
                        .collect::<Result<_, _>>()?,
                    replaced_by: clock
                        .replaced_by
                        .as_ref()
                        .map(|name| self.find(&self.facts, "fact", name))
                        .transpose()?,
                    only_when: clock.only_when.as_ref().map(|guard| self.test(definition, guard)).transpose()?,
                })
            })
            .collect()
    }

    fn advice(&self, definition: &Definition) -> Result<Vec<CompiledAdvice>, CompileError> {
        definition
            .advice
            .iter()
            .map(|advice| {
                let mut ask_in = vec![false; definition.states.len()];
                for name in &advice.ask_in {
                    ask_in[self.find(&self.states, "state", name)?.at()] = true;
                }
                Ok(CompiledAdvice {
                    name: advice.id.as_str().into(),
                    clock: self.find(&self.clocks, "clock", &advice.clock)?,
                    ask_in,
                })
            })
            .collect()
    }

    /// Notes at the trigger's own place which clock it starts or stops.
    fn place(
        &self,
        trigger: &Trigger,
        states: &mut [CompiledState],
        transitions: &mut [CompiledTransition],
        facts: &mut [CompiledFact],
        hooks: &mut BTreeMap<Hook, Hooks>,
        note: impl Fn(&mut Vec<ClockIx>, &mut Vec<ClockIx>),
    ) -> Result<(), CompileError> {
        let (starts, stops) = match trigger {
            Trigger::Fired(name) => {
                let transition = &mut transitions[self.find(&self.transitions, "transition", name)?.at()];
                (&mut transition.starts, &mut transition.stops)
            }
            Trigger::Entered(name) => {
                let state = &mut states[self.find(&self.states, "state", name)?.at()];
                (&mut state.starts, &mut state.stops)
            }
            Trigger::FactRecorded(name) => {
                let fact = &mut facts[self.find(&self.facts, "fact", name)?.at()];
                (&mut fact.starts, &mut fact.stops)
            }
            other => {
                let Some(hook) = Hook::of(other) else {
                    return Err(CompileError {
                        definition: self.title.clone(),
                        what: format!("a clock cannot be started or stopped by {other:?}"),
                    });
                };
                let hooks = hooks.entry(hook).or_default();
                (&mut hooks.starts, &mut hooks.stops)
            }
        };
        note(starts, stops);
        Ok(())
    }

    fn inner(&self, effects: &[Effect]) -> Result<Vec<Inner>, CompileError> {
        let mut inner = Vec::new();
        for effect in effects {
            match effect {
                Effect::RequestAdvice(names) => inner.push(Inner::RequestAdvice(
                    names.iter().map(|name| self.find(&self.advice, "advice", name)).collect::<Result<_, _>>()?,
                )),
                Effect::Record(name, value) => {
                    inner.push(Inner::Record(self.find(&self.facts, "fact", name)?, value.clone()));
                }
                Effect::Fire(name) => inner.push(Inner::Fire(self.find(&self.transitions, "transition", name)?)),
                Effect::Notice(..)
                | Effect::Message(..)
                | Effect::OpenForm(_)
                | Effect::RemindAdvisers
                | Effect::Start { .. }
                | Effect::Advance { .. } => {}
            }
        }
        Ok(inner)
    }

    fn test(&self, definition: &Definition, guard: &Guard) -> Result<Test, CompileError> {
        let tests =
            |guards: &[Guard]| guards.iter().map(|guard| self.test(definition, guard)).collect::<Result<Vec<_>, _>>();
        Ok(match guard {
            Guard::Known(fact) => Test::Known(self.find(&self.facts, "fact", fact)?),
            Guard::Is(fact, value) => {
                let fact = self.find(&self.facts, "fact", fact)?;
                let value = match definition.facts[fact.at()].kind {
                    super::definition::FactKind::YesNo => Value::YesNo(value == "yes"),
                    _ => Value::Choice(value.clone()),
                };
                Test::Is(fact, value)
            }
            Guard::AtLeast(fact, least) => Test::AtLeast(self.find(&self.facts, "fact", fact)?, *least),
            Guard::AllAdviceAnswered => Test::AllAdviceAnswered,
            Guard::AdviceAnswered(advice) => Test::AdviceAnswered(self.find(&self.advice, "advice", advice)?),
            Guard::Passed(clock) => Test::Passed(self.find(&self.clocks, "clock", clock)?),
            Guard::AdviceOverdue(days) => Test::AdviceOverdue(*days),
            Guard::Running(clock) => Test::Running(self.find(&self.clocks, "clock", clock)?),
            Guard::All(guards) => Test::All(tests(guards)?),
            Guard::Any(guards) => Test::Any(tests(guards)?),
            Guard::Not(guard) => Test::Not(Box::new(self.test(definition, guard)?)),
        })
    }
}

/// What all the notices among these effects must say, each once, in the order of the law's own list.
fn must_tell(definition: &Definition, effects: &[Effect]) -> Vec<NoticeContent> {
    let sent =
        |notice: &Notice| effects.iter().any(|effect| matches!(effect, Effect::Notice(id, _) if *id == notice.id));
    let contents = definition.notices.iter().filter(|notice| sent(notice)).flat_map(|notice| &notice.contents);
    let contents: std::collections::BTreeSet<NoticeContent> = contents.copied().collect();
    contents.into_iter().collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hook {
    Started,
    AdviceRequested,
    AdviceAnswered,
    AllAdviceAnswered,
}

impl Hook {
    fn of(trigger: &Trigger) -> Option<Hook> {
        match trigger {
            Trigger::Started => Some(Hook::Started),
            Trigger::AdviceRequested => Some(Hook::AdviceRequested),
            Trigger::AdviceAnswered => Some(Hook::AdviceAnswered),
            Trigger::AllAdviceAnswered => Some(Hook::AllAdviceAnswered),
            _ => None,
        }
    }
}
