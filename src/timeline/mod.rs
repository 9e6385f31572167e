//! Timeline definitions: what a SEND manager writes, and what the engine runs on.

mod compiled;
mod definition;

pub use compiled::{
    AdviceIx, ClockIx, CompileError, Compiled, ExemptionIx, FactIx, Hooks, Inner, Name, RuleIx, StageIx, StateIx, Test,
    TransitionIx, canonical_text,
};
pub use definition::*;
