//! A checked definition with its names interned: what the engine runs on.

use std::collections::HashMap;
use std::sync::Arc;

use super::compile::Compiler;
use super::definition::{Clock, Definition, Rule, Trigger, Value};
use super::notice::NoticeContent;
use crate::ids::DefinitionId;

/// A name that the definition gives, shared rather than copied.
pub type Name = Arc<str>;

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u16);

        impl $name {
            pub fn at(self) -> usize {
                usize::from(self.0)
            }
        }
    )*};
}

index!(
    /// Position of a state in its definition.
    StateIx,
    /// Position of a transition in its definition.
    TransitionIx,
    /// Position of a clock in its definition.
    ClockIx,
    /// Position of a fact in its definition.
    FactIx,
    /// Position of a kind of advice in its definition.
    AdviceIx,
    /// Position of an exemption in its definition.
    ExemptionIx,
    /// Position of a rule in its definition.
    RuleIx,
    /// Position of a stage in its definition.
    StageIx,
);

/// A name that stands in the definition but that nothing there declares, or too many of one kind.
///
/// The checks report the same with position and mend; this only keeps an unchecked definition from running.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the definition \"{definition}\" cannot run: {what}")]
pub struct CompileError {
    pub definition: String,
    pub what: String,
}

/// A guard on indices.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    Known(FactIx),
    Is(FactIx, Value),
    AtLeast(FactIx, i64),
    AllAdviceAnswered,
    AdviceAnswered(AdviceIx),
    Passed(ClockIx),
    AdviceOverdue(u16),
    Running(ClockIx),
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
}

/// What a step may do inside the involvement, on indices. What goes out to people stays in the definition.
#[derive(Debug, Clone, PartialEq)]
pub enum Inner {
    RequestAdvice(Vec<AdviceIx>),
    Record(FactIx, Value),
    Fire(TransitionIx),
}

#[derive(Debug, Clone)]
pub struct CompiledState {
    pub name: Name,
    pub stage: StageIx,
    pub is_end: bool,
    pub lapses: bool,
    /// Transitions out, in document order.
    pub out: Vec<TransitionIx>,
    /// Those of them that fire by themselves.
    pub automatic: Vec<TransitionIx>,
    /// Clocks that entering the state starts and stops.
    pub starts: Vec<ClockIx>,
    pub stops: Vec<ClockIx>,
}

#[derive(Debug, Clone)]
pub struct CompiledTransition {
    pub name: Name,
    pub to: StateIx,
    pub when: Option<Test>,
    pub needs: Vec<FactIx>,
    /// What the notices that go out with it must say.
    pub must_tell: Vec<NoticeContent>,
    pub inner: Vec<Inner>,
    pub starts: Vec<ClockIx>,
    pub stops: Vec<ClockIx>,
    pub rules: Vec<RuleIx>,
}

#[derive(Debug, Clone)]
pub struct CompiledRule {
    pub name: Name,
    pub when: Option<Test>,
    pub inner: Vec<Inner>,
}

#[derive(Debug, Clone)]
pub struct CompiledFact {
    pub name: Name,
    pub starts: Vec<ClockIx>,
    pub stops: Vec<ClockIx>,
    pub rules: Vec<RuleIx>,
}

#[derive(Debug, Clone)]
pub struct CompiledAdvice {
    pub name: Name,
    pub clock: ClockIx,
    /// By state: whether it can be asked for there.
    pub ask_in: Vec<bool>,
}

#[derive(Debug, Clone)]
pub struct CompiledClock {
    pub name: Name,
    /// Which grounds the definition gives for it.
    pub exemptions: Vec<ExemptionIx>,
    pub warned: Vec<RuleIx>,
    pub breached: Vec<RuleIx>,
    /// By later limit: the date fact it counts from.
    pub or_later: Vec<FactIx>,
    pub replaced_by: Option<FactIx>,
    pub only_when: Option<Test>,
}

/// Clocks and rules set off by something that is not a transition, a state or a fact.
#[derive(Debug, Clone, Default)]
pub struct Hooks {
    pub starts: Vec<ClockIx>,
    pub stops: Vec<ClockIx>,
    pub rules: Vec<RuleIx>,
}

/// A definition ready to run.
#[derive(Debug, Clone)]
pub struct Compiled {
    pub id: DefinitionId,
    pub definition: Definition,
    pub start: StateIx,
    pub states: Vec<CompiledState>,
    pub transitions: Vec<CompiledTransition>,
    pub clocks: Vec<CompiledClock>,
    pub facts: Vec<CompiledFact>,
    pub advice: Vec<CompiledAdvice>,
    pub rules: Vec<CompiledRule>,
    /// By form rule: what must hold beside the state.
    pub forms: Vec<Option<Test>>,
    pub started: Hooks,
    pub advice_requested: Hooks,
    pub advice_answered: Hooks,
    pub all_advice_answered: Hooks,
    /// The longest limit on the authority that runs from the opening: "week 6 of 20" counts in it.
    pub whole: Option<ClockIx>,
    /// Something in it opens or moves on another timeline.
    pub reaches_out: bool,
    /// Facts that must be given with the opening.
    pub opening_facts: Vec<FactIx>,
    pub(super) states_by_name: HashMap<Name, StateIx>,
    pub(super) transitions_by_name: HashMap<Name, TransitionIx>,
    pub(super) clocks_by_name: HashMap<Name, ClockIx>,
    pub(super) facts_by_name: HashMap<Name, FactIx>,
    pub(super) advice_by_name: HashMap<Name, AdviceIx>,
    pub(super) exemptions_by_name: HashMap<Name, ExemptionIx>,
    pub(super) rules_by_name: HashMap<Name, RuleIx>,
}

impl Compiled {
    /// Interns the names of a definition.
    ///
    /// # Errors
    /// When a name is used that the definition does not declare; `timeline::checks` says where, and how to mend it.
    pub fn new(definition: Definition) -> Result<Compiled, CompileError> {
        Compiler::new(&definition)?.compile(definition)
    }

    pub fn state(&self, name: &str) -> Option<StateIx> {
        self.states_by_name.get(name).copied()
    }

    pub fn transition(&self, name: &str) -> Option<TransitionIx> {
        self.transitions_by_name.get(name).copied()
    }

    pub fn clock(&self, name: &str) -> Option<ClockIx> {
        self.clocks_by_name.get(name).copied()
    }

    pub fn fact(&self, name: &str) -> Option<FactIx> {
        self.facts_by_name.get(name).copied()
    }

    pub fn advice(&self, name: &str) -> Option<AdviceIx> {
        self.advice_by_name.get(name).copied()
    }

    pub fn exemption(&self, name: &str) -> Option<ExemptionIx> {
        self.exemptions_by_name.get(name).copied()
    }

    pub fn rule(&self, name: &str) -> Option<RuleIx> {
        self.rules_by_name.get(name).copied()
    }

    pub fn clock_definition(&self, clock: ClockIx) -> &Clock {
        &self.definition.clocks[clock.at()]
    }

    /// The rules that run on a cron schedule, each with its expression.
    pub fn schedules(&self) -> impl Iterator<Item = (&Rule, &str)> {
        self.definition.rules.iter().filter_map(|rule| match &rule.on {
            Trigger::Schedule(expression) => Some((rule, expression.as_str())),
            _ => None,
        })
    }
}
