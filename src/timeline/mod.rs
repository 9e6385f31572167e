//! Timeline definitions: what a SEND manager writes, and what the engine runs on.
//!
//! ```text
//! check(file, bytes) -> Checked { definition, findings, source }   everything that is wrong, at once, with its place
//! Compiled::new(definition) -> Compiled                            names interned, ready for the engine
//! ```

pub mod checks;
mod compile;
mod compiled;
mod definition;
pub mod describe;
pub mod diff;
pub mod dot;
pub mod draw;
pub mod export;
mod finding;
mod graph;
pub mod mermaid;
pub mod migrate;
mod notice;
mod parse;
mod source;

pub use checks::check_links;
pub use compile::canonical_text;
pub use compiled::{
    AdviceIx, ClockIx, CompileError, Compiled, ExemptionIx, FactIx, Hooks, Inner, Name, RuleIx, StageIx, StateIx, Test,
    TransitionIx,
};
pub use definition::*;
pub use describe::lower_first;
pub use finding::{Finding, Severity, or_meant};
pub use notice::{Notice, NoticeContent};
pub use parse::{BYTES_MOST, Checked, check};
pub use source::{Source, Span, Step};
