//! Moving the running involvements of one version of a timeline to another: rehearsed first, then carried out bit by bit,
//! so that it can be watched, and goes on after a restart where it stopped.
//!
//! Each involvement takes the move as a step like any other, with its own audit entry: somebody who is at work on one
//! meanwhile is told that it has changed, and one that moved on meanwhile is moved as it then stands. What cannot be moved
//! stays where it is and is named with the reason.

mod rehearse;
mod store;

use std::collections::HashMap;
use std::sync::Arc;

pub use rehearse::{Changed, LimitMoves, Refused, Rehearsal};

use rehearse::Rehearsing;

use super::alone::{TRIES, outcome};
use super::rows::Decided;
use super::store::TOGETHER_MOST;
use super::{Held, Involvements, Origin, Shared, Trouble};
use crate::clock::Instant;
use crate::db::{Dialect, StoreError};
use crate::engine::{Actor, Asked, Engine, Event, Migration, Refusal};
use crate::ids::{InvolvementId, random_text};
use crate::timeline::Compiled;
use crate::timeline::migrate::Plan;

/// How many are rehearsed at a time.
const REHEARSED_AT_ONCE: usize = 500;

/// How many refusals are kept with their reasons. The others are counted; they stay on the old version and can be found there.
const REFUSALS_KEPT: usize = 500;

/// A move from one version to another. Its plan has no faults.
#[derive(Debug, Clone)]
pub struct Move {
    pub from: Arc<Compiled>,
    pub to: Arc<Compiled>,
    pub plan: Plan,
    /// Why it is done: stands in the log of every involvement.
    pub reason: String,
}

impl Move {
    fn reads_logs(&self) -> bool {
        self.plan.reads_logs(&self.from, &self.to)
    }
}

/// How far a move that was begun has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub id: String,
    /// How many there were when it began.
    pub live: u32,
    pub moved: u32,
    pub refused: u32,
    /// The first of those refused.
    pub refusals: Vec<Refused>,
    pub by: Actor,
    pub begun_at: Instant,
    pub finished_at: Option<Instant>,
}

impl Involvements {
    /// What a move would do to every live involvement of the version it moves from. Nothing is written.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rehearse(&self, moving: &Move, asked: &Asked) -> Result<Rehearsal, Trouble> {
        let mut rehearsing = Rehearsing::default();
        let mut last = InvolvementId::from("");
        loop {
            let (live, logs) = self.0.live_on(moving, &last, REHEARSED_AT_ONCE).await?;
            let Some(end) = live.last() else { return Ok(rehearsing.done()) };
            last = end.id.clone();
            for held in live {
                let migrated = self.0.migrated(moving, &held, logs.get(&held.id), asked);
                let (old, new) = self.0.engines(moving);
                rehearsing.take(moving, (&old, &new), &held, migrated, asked);
            }
        }
    }

    /// Keeps a move that is to be carried out; [`Involvements::carry_out`] does it. `key` is made with the form: the same
    /// form again begins nothing more. Gives the move's id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin_move(&self, moving: &Move, asked: &Asked, key: Option<String>) -> Result<String, Trouble> {
        let id = key.unwrap_or_else(|| random_text(26));
        let versions = (&moving.from.id, &moving.to.id);
        let what = (&moving.plan, moving.reason.as_str());
        let kept = self.0.db.write(async |c| {
            let live = store::count_live(c, versions.0).await?;
            store::begin(c, &id, versions, what, (&asked.by, asked.at), live).await
        });
        kept.await?;
        Ok(id)
    }

    /// Carries out a move that was begun, from where it stands; `told` hears of every bit. One is carried out at a time.
    ///
    /// # Errors
    /// When the database does not answer; it can be gone on with.
    pub async fn carry_out(&self, id: &str, told: impl FnMut(&Moved)) -> Result<(), Trouble> {
        let _alone = self.0.moving.lock().await;
        self.carry_out_alone(id, told).await
    }

    async fn carry_out_alone(&self, id: &str, mut told: impl FnMut(&Moved)) -> Result<(), Trouble> {
        let mut reaches_out = false;
        loop {
            let stored = self.0.db.read(async |c| store::find(c, id).await).await?.ok_or(Trouble::NotFound)?;
            let mut so_far = stored.so_far;
            told(&so_far);
            if so_far.finished_at.is_some() {
                self.perform_after(reaches_out).await;
                return Ok(());
            }
            let from = self.0.definition(&stored.from).await?;
            let to = self.0.definition(&stored.to).await?;
            let moving = Move { from, to, plan: stored.plan, reason: stored.reason };
            let asked = Asked::new(so_far.by.clone(), self.0.clock.now());
            let (live, logs) = self.0.live_on(&moving, &stored.last, TOGETHER_MOST).await?;
            let last = live.last().map_or_else(|| stored.last.clone(), |held| held.id.clone());
            let finished_at = live.is_empty().then(|| self.0.clock.now());
            let bit = self.0.move_some(id, &moving, live, &logs, &asked).await?;
            reaches_out |= bit.asks_for_linked;
            let refused = bit.refused.len() as u32;
            let room = REFUSALS_KEPT.saturating_sub(so_far.refusals.len());
            so_far.refusals.extend(bit.refused.into_iter().take(room));
            let counts = (bit.moved, refused);
            let (between, refusals) = ((&stored.last, &last), &so_far.refusals);
            self.0.db.write(async |c| store::advance(c, id, between, counts, refusals, finished_at).await).await?;
        }
    }

    /// Goes on with moves that a stop of the service interrupted; gives how many. Nothing to do while one is carried out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn carry_on(&self) -> Result<u64, Trouble> {
        let Ok(_alone) = self.0.moving.try_lock() else { return Ok(0) };
        let unfinished = self.0.db.read(async |c| store::unfinished(c).await).await?;
        for id in &unfinished {
            self.carry_out_alone(id, |_| {}).await?;
        }
        Ok(unfinished.len() as u64)
    }

    /// How far a move has come, with the definitions it moves from and to.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn moved(&self, id: &str) -> Result<Option<(Move, Moved)>, Trouble> {
        let Some(stored) = self.0.db.read(async |c| store::find(c, id).await).await? else { return Ok(None) };
        let from = self.0.definition(&stored.from).await?;
        let to = self.0.definition(&stored.to).await?;
        Ok(Some((Move { from, to, plan: stored.plan, reason: stored.reason }, stored.so_far)))
    }
}

/// What came of some involvements.
#[derive(Debug, Default)]
struct Bit {
    moved: u32,
    refused: Vec<Refused>,
    asks_for_linked: bool,
}

impl Shared {
    fn engines<'a>(&'a self, moving: &'a Move) -> (Engine<'a>, Engine<'a>) {
        (Engine::new(&moving.from, &self.calendar), Engine::new(&moving.to, &self.calendar))
    }

    fn migrated(
        &self,
        moving: &Move,
        held: &Held,
        log: Option<&Vec<Event>>,
        asked: &Asked,
    ) -> Result<Migration, Refusal> {
        let (old, new) = self.engines(moving);
        let log = log.map_or(&[][..], Vec::as_slice);
        // What was recorded since it was read shows when the step is written.
        let log = &log[..log.len().min(held.involvement.version as usize)];
        new.migrate(&old, &held.involvement, (&moving.plan, &moving.reason), asked, log)
    }

    /// Live involvements of the version that is moved from, with their logs where the plan needs them.
    async fn live_on(
        &self,
        moving: &Move,
        last: &InvolvementId,
        most: usize,
    ) -> Result<(Vec<Held>, HashMap<InvolvementId, Vec<Event>>), Trouble> {
        let from = &moving.from.id;
        let stored = self.db.read(async |c| super::store::live_on(c, from, last, most).await).await?;
        let held: Vec<Held> = stored.into_iter().map(|(id, stored)| stored.held(id, moving.from.clone())).collect();
        let mut logs = HashMap::new();
        if moving.reads_logs() && !held.is_empty() {
            let ids: Vec<&InvolvementId> = held.iter().map(|held| &held.id).collect();
            logs = self.db.read(async |c| super::store::logs_of(c, &ids).await).await?;
        }
        Ok((held, logs))
    }

    async fn move_some(
        &self,
        id: &str,
        moving: &Move,
        live: Vec<Held>,
        logs: &HashMap<InvolvementId, Vec<Event>>,
        asked: &Asked,
    ) -> Result<Bit, Trouble> {
        let mut bit = Bit::default();
        let mut together = Vec::new();
        for held in live {
            match self.decide_move(id, moving, &held, logs.get(&held.id), asked) {
                Ok(decided) => together.push(decided),
                Err(refusal) => bit.refused.push(Refused { involvement: held.id, why: refusal.to_string() }),
            }
        }
        let mut alone = Vec::new();
        if self.db.dialect() == Dialect::Sqlite {
            let rows = together.iter().map(|decided| self.row(decided)).collect::<Result<Vec<_>, _>>()?;
            match self.write(rows).await {
                Ok(_) => together.into_iter().for_each(|decided| self.note_moved(&mut bit, decided)),
                Err(StoreError::Taken(_)) => alone = together,
                Err(error) => return Err(error.into()),
            }
        } else {
            alone = together;
        }
        for decided in alone {
            self.move_alone(id, moving, decided, asked, &mut bit).await?;
        }
        Ok(bit)
    }

    fn decide_move(
        &self,
        id: &str,
        moving: &Move,
        held: &Held,
        log: Option<&Vec<Event>>,
        asked: &Asked,
    ) -> Result<Decided, Refusal> {
        let Migration { events, involvement } = self.migrated(moving, held, log, asked)?;
        let after = Held { definition: moving.to.clone(), involvement, ..held.clone() };
        let origin = Origin::new("move to another version");
        let key = Some(format!("move:{id}"));
        Ok(Decided::new(after, held.involvement.version, events, key, asked, &origin))
    }

    fn note_moved(&self, bit: &mut Bit, decided: Decided) {
        bit.moved += 1;
        self.memory.remember(decided.held.clone());
        bit.asks_for_linked |= outcome(decided).asks_for_linked;
    }

    /// Moves one by itself, and looks at it again where somebody was quicker.
    async fn move_alone(
        &self,
        id: &str,
        moving: &Move,
        mut decided: Decided,
        asked: &Asked,
        bit: &mut Bit,
    ) -> Result<(), Trouble> {
        for _ in 0..TRIES {
            match self.write(vec![self.row(&decided)?]).await {
                Ok(true) => {
                    self.note_moved(bit, decided);
                    return Ok(());
                }
                Ok(false) | Err(StoreError::Taken(_)) => {}
                Err(error) => return Err(error.into()),
            }
            let held = self.load(&decided.held.id).await?.ok_or(Trouble::NotFound)?;
            if held.definition.id != moving.from.id || held.involvement.ended_on.is_some() {
                return Ok(());
            }
            let past = self.past_of(&held).await?;
            match self.decide_move(id, moving, &held, Some(&past.log), asked) {
                Ok(again) => decided = again,
                Err(refusal) => {
                    bit.refused.push(Refused { involvement: held.id, why: refusal.to_string() });
                    return Ok(());
                }
            }
        }
        let why = "It was being worked on all the while. Move it again later.".to_owned();
        bit.refused.push(Refused { involvement: decided.held.id, why });
        Ok(())
    }
}
