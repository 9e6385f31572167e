//! The pure engine: a command becomes events, events become the involvement, and what is to be sent is derived.
//!
//! No clock, no files, no randomness: dates are arguments, and the same log always gives the same involvement. Live
//! involvements and simulated ones take the same steps:
//!
//! ```text
//! engine.open(opening, asked)                  -> events            (or a Refusal)
//! engine.decide(involvement, command, asked, log) -> events         (or a Refusal)
//! engine.after(involvement, log, events)       -> involvement
//! engine.fold(log)                             -> involvement       (replay equals live)
//! engine.migrate(old, involvement, ...)        -> events            (to another version of the timeline)
//! outgoing(definition, event, seq)             -> what to send
//! engine.view(involvement, role, today)        -> what can be seen and done
//! engine.wakes_on(involvement)                 -> the next day that matters
//! ```

mod command;
mod correct;
mod decide;
mod due;
mod event;
mod evolve;
mod explain;
mod guard;
mod involvement;
mod migrate;
mod outgoing;
mod progress;
mod refusal;
mod replay;
mod step;
mod tray;
mod view;
mod wake;
mod words;

pub use command::{Asked, Command, Opening};
pub use decide::TEXT_MOST;
pub use event::{Actor, ClaimNo, ClockKey, Event, LinkedFrom, RequestNo, Seq, What};
pub use evolve::{Standing, evolve, standing};
pub use explain::Explanation;
pub use involvement::{Answer, Claim, Involvement, Kept, Known, Request, Run, Stopped};
pub use migrate::{DueChange, Migration};
pub use outgoing::{Outgoing, OutgoingKind, outgoing};
pub use progress::{Late, Progress, ProgressDate, ProgressStage, StageStanding, Waited};
pub use refusal::Refusal;
pub use replay::versions;
pub use tray::TrayLine;
pub use view::{AdviceOffer, ClockStanding, ClockView, FormOpen, Offer, RequestView, View, Week};

use std::sync::Arc;

use crate::calendar::Calendar;
use crate::timeline::{Advice, AdviceIx, Compiled, Fact, FactIx, State, StateIx, Transition, TransitionIx};

/// A definition and the calendar its limits are counted in.
#[derive(Debug, Clone, Copy)]
pub struct Engine<'a> {
    pub definition: &'a Compiled,
    pub calendar: &'a Calendar,
    /// The versions that the involvement ran on before, in order: needed only where its log is read.
    pub earlier: &'a [Arc<Compiled>],
}

impl<'a> Engine<'a> {
    pub fn new(definition: &'a Compiled, calendar: &'a Calendar) -> Engine<'a> {
        Engine { definition, calendar, earlier: &[] }
    }

    /// The engine of an involvement that was moved: with the versions it ran on before.
    pub fn having_run_on(self, earlier: &'a [Arc<Compiled>]) -> Engine<'a> {
        Engine { earlier, ..self }
    }

    pub fn state_definition(&self, state: StateIx) -> &'a State {
        &self.definition.definition.states[state.at()]
    }

    pub fn transition_definition(&self, transition: TransitionIx) -> &'a Transition {
        &self.definition.definition.transitions[transition.at()]
    }

    pub fn fact_definition(&self, fact: FactIx) -> &'a Fact {
        &self.definition.definition.facts[fact.at()]
    }

    pub fn advice_definition(&self, advice: AdviceIx) -> &'a Advice {
        &self.definition.definition.advice[advice.at()]
    }
}
