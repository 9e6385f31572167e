//! A whole log read again, through every version of the timeline that the involvement ran on.

use super::Engine;
use super::event::{Event, Seq, What};
use super::evolve::{Standing, apply, standing};
use super::involvement::Involvement;
use crate::calendar::Date;
use crate::ids::DefinitionId;

/// The versions that a log runs through, from the opening on.
pub fn versions(log: &[Event]) -> impl Iterator<Item = &DefinitionId> {
    log.iter().filter_map(|event| match &event.what {
        What::Started { definition, .. } => Some(definition),
        What::Migrated { to, .. } => Some(to),
        _ => None,
    })
}

/// An event of a log that still stands, with everything that may be looked at to judge it.
pub(super) struct Replayed<'r, 'a> {
    pub engine: Engine<'a>,
    /// As it was before the event; of a move to another version, as it was under the one before.
    pub involvement: &'r Involvement,
    pub event: &'r Event,
    pub seq: Seq,
    pub on: Date,
    /// The version it moves to, where it is a move.
    pub next: Option<Engine<'a>>,
}

impl<'a> Engine<'a> {
    /// The involvement that a whole log amounts to, corrections included. `None` if the log does not begin with its opening
    /// or runs through other versions than this engine has.
    pub fn fold(&self, log: &[Event]) -> Option<Involvement> {
        self.replay(log, |_| Ok::<(), std::convert::Infallible>(())).and_then(Result::ok)
    }

    /// For each event of a log, the engine of the version it was recorded under.
    pub fn through(&self, log: &[Event]) -> Vec<Engine<'a>> {
        let mut versions = self.versions();
        let mut engine = versions.next().unwrap_or(*self);
        let of_event = |event: &Event| {
            if let What::Migrated { .. } = event.what {
                engine = versions.next().unwrap_or(*self);
            }
            engine
        };
        log.iter().map(of_event).collect()
    }

    /// The engine of each version in turn, this one last.
    pub(super) fn versions(&self) -> impl Iterator<Item = Engine<'a>> + use<'a> {
        let calendar = self.calendar;
        let earlier = self.earlier.iter().map(move |definition| Engine::new(definition, calendar));
        earlier.chain([Engine::new(self.definition, calendar)])
    }

    /// Applies each event that stands after it was looked at; the first that is objected to ends it.
    pub(super) fn replay<E>(
        &self,
        log: &[Event],
        mut look: impl FnMut(Replayed<'_, 'a>) -> Result<(), E>,
    ) -> Option<Result<Involvement, E>> {
        let first = log.first()?;
        if !matches!(first.what, What::Started { .. }) {
            return None;
        }
        let mut versions = self.versions();
        let mut engine = versions.next()?;
        let mut involvement = Involvement::blank(engine.definition, first.occurred_on);
        let standings = standing(log);
        for (at, (event, standing)) in log.iter().zip(&standings).enumerate() {
            involvement.version += 1;
            let Standing::Stands { on } = *standing else { continue };
            let seq = at as Seq + 1;
            let plan = match &event.what {
                What::Migrated { plan, .. } => Some((plan, versions.next()?)),
                _ => None,
            };
            let next = plan.map(|(_, next)| next);
            if let Err(objection) = look(Replayed { engine, involvement: &involvement, event, seq, on, next }) {
                return Some(Err(objection));
            }
            match plan {
                Some((plan, next)) => {
                    let before = log[..at].iter().zip(&standings[..at]);
                    involvement = next.carry(&engine, &involvement, plan, on, before);
                    engine = next;
                }
                None => apply(engine.definition, &mut involvement, &event.what, on),
            }
        }
        Some(Ok(involvement))
    }
}
