//! SQLite's queue of steps: whatever waits is decided in memory and committed together, so that one flush to the disk
//! serves everybody who came while the one before it was under way. Nobody is told before the commit.
//!
//! While one batch is being written the next one is decided, so that the disk and the processor work side by side. What
//! concerns an involvement of the batch that is being written waits until that is done.

use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::sync::Weak;

use tokio::sync::{mpsc, oneshot};

use super::alone::outcome;
use super::rows::{Decided, Written};
use super::step::{Outcome, Step, Trouble};
use super::store::TOGETHER_MOST;
use super::{Past, Shared};
use crate::db::StoreError;
use crate::ids::InvolvementId;

/// How many may wait before callers are held back.
const WAITING_MOST: usize = 1_024;

#[derive(Debug)]
pub(super) struct Queue(mpsc::Sender<Waiting>);

#[derive(Debug)]
struct Waiting {
    step: Step,
    reply: oneshot::Sender<Result<Outcome, Trouble>>,
}

impl Waiting {
    fn tell(self, result: Result<Outcome, Trouble>) {
        // Whoever asked may have gone; the step is taken all the same.
        let _ = self.reply.send(result);
    }
}

impl Queue {
    /// Begins the task that writes; it ends when the queue is dropped.
    pub fn begin(shared: Weak<Shared>) -> Queue {
        let (waiting, arrived) = mpsc::channel(WAITING_MOST);
        tokio::spawn(keep_writing(shared, arrived));
        Queue(waiting)
    }

    pub async fn take(&self, step: Step) -> Result<Outcome, Trouble> {
        let (reply, told) = oneshot::channel();
        let closing = || StoreError::Unreachable("it is being closed".into());
        self.0.send(Waiting { step, reply }).await.map_err(|_| closing())?;
        told.await.map_err(|_| closing())?
    }
}

async fn keep_writing(shared: Weak<Shared>, mut arrived: mpsc::Receiver<Waiting>) {
    let mut came = Vec::with_capacity(TOGETHER_MOST);
    while arrived.recv_many(&mut came, TOGETHER_MOST).await > 0 {
        let Some(shared) = shared.upgrade() else { return };
        let mut next = Batch::default();
        for waiting in came.drain(..) {
            next.add(&shared, waiting);
        }
        while !next.is_empty() {
            let batch = std::mem::take(&mut next);
            let concerned = batch.involvements();
            let mut held_back = Vec::new();
            let mut writing = pin!(shared.take_together(batch));
            loop {
                let room = TOGETHER_MOST.saturating_sub(next.len() + held_back.len());
                tokio::select! {
                    biased;
                    () = &mut writing => break,
                    _ = arrived.recv_many(&mut came, room), if room > 0 => {}
                }
                for waiting in came.drain(..) {
                    if concerned.contains(&waiting.step.involvement) {
                        held_back.push(waiting);
                    } else {
                        next.add(&shared, waiting);
                    }
                }
            }
            for waiting in held_back {
                next.add(&shared, waiting);
            }
            // Those who were told may have more to ask: let them, so that they share a flush.
            tokio::task::yield_now().await;
            while next.len() < TOGETHER_MOST
                && let Ok(waiting) = arrived.try_recv()
            {
                next.add(&shared, waiting);
            }
        }
    }
}

/// Steps that are committed together, and those that have to be taken alone after them.
#[derive(Debug, Default)]
struct Batch {
    together: Vec<(Waiting, Decided)>,
    rows: Vec<Written>,
    /// Of each involvement in `together`, where its last step stands there.
    latest: HashMap<InvolvementId, usize>,
    alone: Vec<Waiting>,
    set_aside: HashSet<InvolvementId>,
}

impl Batch {
    fn len(&self) -> usize {
        self.together.len() + self.alone.len()
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn involvements(&self) -> HashSet<InvolvementId> {
        self.latest.keys().chain(&self.set_aside).cloned().collect()
    }

    /// Decides a step, on what the one before it left. What cannot be decided from memory, is refused or does nothing is
    /// left to be taken alone, and so is everything after it on the same involvement.
    fn add(&mut self, shared: &Shared, waiting: Waiting) {
        let id = waiting.step.involvement.clone();
        match self.decide(shared, &waiting.step) {
            Some((decided, row)) => {
                self.latest.insert(id, self.together.len());
                self.together.push((waiting, decided));
                self.rows.push(row);
            }
            None => {
                self.set_aside.insert(id);
                self.alone.push(waiting);
            }
        }
    }

    fn decide(&self, shared: &Shared, step: &Step) -> Option<(Decided, Written)> {
        let id = &step.involvement;
        if self.set_aside.contains(id) {
            return None;
        }
        let decided = match self.latest.get(id) {
            Some(_) if step.command.needs_log() => None,
            Some(at) => shared.decide(&self.together[*at].1.held, step, &Past::default()).ok(),
            None => shared.decide_from_memory(step),
        };
        let decided = decided.filter(|decided| !decided.events.is_empty())?;
        let row = shared.row(&decided).ok()?;
        Some((decided, row))
    }
}

impl Shared {
    /// Sees to it that an involvement is remembered, reading it beside the queue if it is not.
    pub(super) async fn warm(&self, id: &InvolvementId) -> Result<(), Trouble> {
        if !self.memory.has(id) {
            let held = self.load(id).await?.ok_or(Trouble::NotFound)?;
            self.memory.remember(held);
        }
        Ok(())
    }

    /// Takes the steps of a batch: together where that can be done, else one by one.
    async fn take_together(&self, batch: Batch) {
        let Batch { together, rows, mut alone, .. } = batch;
        match self.write(rows).await {
            Ok(_) => {
                for (waiting, decided) in together {
                    self.memory.remember(decided.held.clone());
                    waiting.tell(Ok(outcome(decided)));
                }
            }
            Err(error) if error.may_pass() => {
                let trouble = Trouble::from(error);
                for (waiting, _) in together {
                    waiting.tell(Err(trouble.clone()));
                }
            }
            // One of them cannot be written: each for itself, so that it fails alone.
            Err(_) => alone.splice(..0, together.into_iter().map(|(waiting, _)| waiting)).for_each(drop),
        }
        for waiting in alone {
            self.memory.forget(&waiting.step.involvement);
            let result = self.take_alone(&waiting.step).await;
            waiting.tell(result);
        }
    }
}
