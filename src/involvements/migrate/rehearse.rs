//! What a move would come to: every live involvement is moved in memory, and nothing is written.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Move;
use crate::calendar::{Date, days_between};
use crate::engine::{Asked, Engine, Migration, Refusal};
use crate::ids::InvolvementId;
use crate::involvements::Held;
use crate::timeline::ClockIx;

/// What a move would do, over all live involvements of the version it moves from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Rehearsal {
    /// How many are on the version.
    pub live: usize,
    /// From which state to which, by label, and how many.
    pub states: Vec<(String, String, usize)>,
    /// The time limits of which any due date changes, in the definition's order.
    pub limits: Vec<LimitMoves>,
    /// Something would happen by itself right after the move.
    pub by_themselves: usize,
    pub refused: Vec<Refused>,
    /// Each date that changes.
    pub changes: Vec<Changed>,
}

/// How the due dates of one time limit would change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LimitMoves {
    pub label: String,
    pub earlier: usize,
    pub later: usize,
    /// The furthest that any goes, in days.
    pub most_days: i64,
    pub begin: usize,
    pub fall_away: usize,
    /// Due in the future before, and in the past after.
    pub overdue_at_once: usize,
}

/// An involvement that cannot be moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Refused {
    pub involvement: InvolvementId,
    pub why: String,
}

/// One due date that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub involvement: InvolvementId,
    pub limit: String,
    pub before: Option<Date>,
    pub after: Option<Date>,
}

impl Rehearsal {
    pub fn would_move(&self) -> usize {
        self.live - self.refused.len()
    }
}

/// Takes in one involvement after another.
#[derive(Debug, Default)]
pub(super) struct Rehearsing {
    rehearsal: Rehearsal,
    states: BTreeMap<(u16, String, String), usize>,
    limits: BTreeMap<(usize, String), LimitMoves>,
}

impl Rehearsing {
    pub fn take(
        &mut self,
        moving: &Move,
        engines: (&Engine<'_>, &Engine<'_>),
        held: &Held,
        migrated: Result<Migration, Refusal>,
        asked: &Asked,
    ) {
        let (old, new) = engines;
        self.rehearsal.live += 1;
        let migration = match migrated {
            Ok(migration) => migration,
            Err(refusal) => {
                let refused = Refused { involvement: held.id.clone(), why: refusal.to_string() };
                return self.rehearsal.refused.push(refused);
            }
        };
        let (was, is) = (held.involvement.state, migration.involvement.state);
        let (from, to) = (old.state_definition(was).label.clone(), new.state_definition(is).label.clone());
        *self.states.entry((was.0, from, to)).or_default() += 1;
        self.rehearsal.by_themselves += usize::from(migration.events.len() > 1);
        for change in new.due_changes(old, &held.involvement, &migration.involvement) {
            let at = moving.to.clock(&change.clock.clock).map_or(usize::MAX, ClockIx::at);
            let limit = self.limits.entry((at, change.label.clone())).or_default();
            match (change.before, change.after) {
                (Some(before), Some(after)) => {
                    let days = days_between(before, after);
                    if days < 0 {
                        limit.earlier += 1;
                    } else {
                        limit.later += 1;
                    }
                    limit.most_days = limit.most_days.max(days.abs());
                    limit.overdue_at_once += usize::from(before >= asked.today && after < asked.today);
                }
                (None, after) => {
                    limit.begin += 1;
                    limit.overdue_at_once += usize::from(after.is_some_and(|after| after < asked.today));
                }
                (Some(_), None) => limit.fall_away += 1,
            }
            self.rehearsal.changes.push(Changed {
                involvement: held.id.clone(),
                limit: change.label,
                before: change.before,
                after: change.after,
            });
        }
    }

    pub fn done(self) -> Rehearsal {
        let states = self.states.into_iter().map(|((_, from, to), count)| (from, to, count)).collect();
        let limits = self.limits.into_iter().map(|((_, label), limit)| LimitMoves { label, ..limit }).collect();
        Rehearsal { states, limits, ..self.rehearsal }
    }
}
