//! The one door through which an involvement moves.
//!
//! A step is asked for ([`Step`]), decided by the engine and kept in one unit of work: the log's new events, the
//! involvement's row, what is to be sent and the audit entry commit together or not at all ([`store`]). SQLite's steps go
//! through one queue that commits whatever waits together ([`queue`]); PostgreSQL's each take a round trip of their own, and
//! one before it when the involvement is not remembered ([`memory`]).
//!
//! Two people at once: the first wins, the second is told ([`Trouble::Changed`]). The same form twice: the second is
//! given the outcome of the first ([`Step::key`]). A step costs the same however long the log: only corrections read it.

mod alone;
mod day;
mod definitions;
mod folder;
mod in_time;
mod linked;
mod memory;
mod migrate;
mod queue;
mod rebuild;
mod rows;
mod schedules;
mod step;
mod store;
mod tray;

use std::sync::Arc;

pub use definitions::{PublishError, Published};
pub use folder::checked_files;
pub use in_time::InTime;
pub use linked::{LinkTrouble, carried, linked_from};
pub use migrate::{Changed, LimitMoves, Move, Moved, Refused, Rehearsal};
pub use rebuild::Rebuilt;
pub use step::{Held, Open, Origin, Outcome, Past, Step, Trouble};
pub use tray::{LINES_A_PAGE, Owner, Tray, TrayFilter, TrayItem, Urgency};

use definitions::Definitions;
use memory::Memory;
use queue::Queue;

use crate::calendar::Calendar;
use crate::clock::Clock;
use crate::db::{Db, Dialect, StoreError};
use crate::engine::{Engine, Event, Seq};
use crate::ids::{ChildId, InvolvementId};

/// Everything that can be done with involvements. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Involvements(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    db: Db,
    clock: Clock,
    calendar: Calendar,
    definitions: Definitions,
    /// SQLite has one; PostgreSQL writes on as many connections as callers come.
    queue: Option<Queue>,
    memory: Memory,
    /// Pages of the work tray that were read a moment ago.
    trays: tray::Memory,
    /// Held by whoever carries out a move to another version.
    moving: tokio::sync::Mutex<()>,
}

impl Involvements {
    /// Needs a tokio runtime: on SQLite a task begins that writes what others ask for, and ends with the last clone.
    pub fn new(db: Db, clock: Clock) -> Involvements {
        Involvements(Arc::new_cyclic(|shared| Shared {
            queue: (db.dialect() == Dialect::Sqlite).then(|| Queue::begin(shared.clone())),
            db,
            clock,
            calendar: Calendar::england_and_wales(),
            definitions: Definitions::default(),
            memory: Memory::default(),
            trays: tray::Memory::default(),
            moving: tokio::sync::Mutex::default(),
        }))
    }

    /// Opens an involvement on the version of its timeline that was in force on the day the request was received.
    ///
    /// # Errors
    /// [`Trouble`], worded for the person who asked; nothing has changed then.
    pub async fn open(&self, open: Open) -> Result<Outcome, Trouble> {
        let outcome = self.0.open(open).await?;
        self.perform_after(outcome.asks_for_linked).await;
        Ok(outcome)
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Trouble`], worded for the person who asked; nothing has changed then.
    pub async fn take(&self, step: Step) -> Result<Outcome, Trouble> {
        let outcome = self.take_step(step).await?;
        self.perform_after(outcome.asks_for_linked).await;
        Ok(outcome)
    }

    async fn take_step(&self, step: Step) -> Result<Outcome, Trouble> {
        match &self.0.queue {
            Some(queue) => {
                self.0.warm(&step.involvement).await?;
                queue.take(step).await
            }
            None => self.0.take_quickly(&step).await,
        }
    }

    /// An involvement as it stands; none if there is none of this id.
    ///
    /// # Errors
    /// When the database does not answer or its definition cannot run any more.
    pub async fn find(&self, id: &InvolvementId) -> Result<Option<Held>, Trouble> {
        self.0.load(id).await
    }

    /// The involvements of a child, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of_child(&self, child: &ChildId) -> Result<Vec<Held>, Trouble> {
        self.of_children(std::slice::from_ref(child)).await
    }

    /// The involvements of several children by one query, the newest first.
    ///
    /// # Errors
    /// When the database does not answer or a definition cannot run any more.
    pub async fn of_children(&self, children: &[ChildId]) -> Result<Vec<Held>, Trouble> {
        let stored = self.0.db.read(async |c| store::of_children(c, children).await).await?;
        let mut held = Vec::with_capacity(stored.len());
        for (id, stored) in stored {
            // Compiled once and remembered: this asks the database only for a version not seen since the start.
            let definition = self.0.definition(&stored.definition).await?;
            held.push(stored.held(id, definition));
        }
        Ok(held)
    }

    /// Its whole log, in order: event `n` is at `n - 1`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn log(&self, id: &InvolvementId) -> Result<Vec<Event>, StoreError> {
        self.0.db.read(async |c| store::log_after(c, id, 0).await).await
    }

    /// Its whole log, with the versions of the timeline that it ran on before.
    ///
    /// # Errors
    /// When the database does not answer or a definition cannot run any more.
    pub async fn past(&self, id: &InvolvementId) -> Result<Past, Trouble> {
        self.0.past(self.log(id).await?).await
    }

    /// What was recorded since somebody looked: the events after the one they saw last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn log_after(&self, id: &InvolvementId, seen: Seq) -> Result<Vec<Event>, StoreError> {
        self.0.db.read(async |c| store::log_after(c, id, seen).await).await
    }

    /// The calendar that limits are counted in.
    pub fn calendar(&self) -> &Calendar {
        &self.0.calendar
    }

    /// The engine of the version that an involvement is pinned to.
    pub fn engine<'a>(&'a self, held: &'a Held) -> Engine<'a> {
        Engine::new(&held.definition, &self.0.calendar)
    }
}
