//! SQLite's queue of steps: whatever waits is decided in memory and committed together, so that one flush to the disk
//! serves everybody who came while the one before it was under way. Nobody is told before the commit.
//!
//! Involvements that were moved lately are remembered, so that their next step need not read them first. What is
//! remembered can be old if another process wrote: then the primary key of the log refuses the write, and every step of
//! the batch is taken again by itself on what the database says. For the same reason nobody is refused from memory.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::{mpsc, oneshot};

use super::Shared;
use super::alone::outcome;
use super::rows::Decided;
use super::step::{Held, Outcome, Step, Trouble};
use super::store::TOGETHER_MOST;
use crate::db::StoreError;
use crate::ids::InvolvementId;

/// How many may wait before callers are held back.
const WAITING_MOST: usize = 1_024;
/// How many involvements are remembered, of one or two kilobytes each.
const REMEMBERED_MOST: usize = 8_192;

#[derive(Debug)]
pub(super) struct Queue {
    waiting: mpsc::Sender<Waiting>,
    remembered: Mutex<HashMap<InvolvementId, Held>>,
}

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
        let (waiting, mut arrived) = mpsc::channel(WAITING_MOST);
        tokio::spawn(async move {
            let mut together = Vec::with_capacity(TOGETHER_MOST);
            while arrived.recv_many(&mut together, TOGETHER_MOST).await > 0 {
                let Some(shared) = shared.upgrade() else { return };
                shared.take_together(&mut together).await;
            }
        });
        Queue { waiting, remembered: Mutex::default() }
    }

    pub async fn take(&self, step: Step) -> Result<Outcome, Trouble> {
        let (reply, told) = oneshot::channel();
        let closing = || StoreError::Unreachable("it is being closed".into());
        self.waiting.send(Waiting { step, reply }).await.map_err(|_| closing())?;
        told.await.map_err(|_| closing())?
    }

    fn remembered(&self) -> MutexGuard<'_, HashMap<InvolvementId, Held>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, held: Held) {
        let mut remembered = self.remembered();
        let known = remembered.get(&held.id);
        if known.is_some_and(|known| known.involvement.version > held.involvement.version) {
            return;
        }
        if known.is_none() && remembered.len() >= REMEMBERED_MOST {
            remembered.clear();
        }
        remembered.insert(held.id.clone(), held);
    }
}

impl Shared {
    /// Sees to it that an involvement is remembered, reading it beside the queue if it is not.
    pub(super) async fn warm(&self, id: &InvolvementId) -> Result<(), Trouble> {
        let Some(queue) = &self.queue else { return Ok(()) };
        if !queue.remembered().contains_key(id) {
            let held = self.load(id).await?.ok_or(Trouble::NotFound)?;
            queue.remember(held);
        }
        Ok(())
    }

    /// Takes the steps that wait: together where that can be done, else one by one.
    async fn take_together(&self, arrived: &mut Vec<Waiting>) {
        let (together, mut alone) = self.sort(arrived);
        let steps: Vec<&Decided> = together.iter().map(|(_, decided)| decided).collect();
        let written = if steps.is_empty() { Ok(true) } else { self.write(&steps).await };
        match written {
            Ok(_) => {
                for (waiting, decided) in together {
                    self.remember(decided.held.clone());
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
            self.forget(&waiting.step.involvement);
            let result = self.take_alone(&waiting.step).await;
            waiting.tell(result);
        }
    }

    /// Decides what waits, each on what the one before it left. What cannot be decided from memory, is refused or does
    /// nothing is left to be taken alone, and so is everything after it on the same involvement.
    fn sort(&self, arrived: &mut Vec<Waiting>) -> (Vec<(Waiting, Decided)>, Vec<Waiting>) {
        let mut together: Vec<(Waiting, Decided)> = Vec::with_capacity(arrived.len());
        let mut latest: HashMap<InvolvementId, usize> = HashMap::new();
        let mut alone: Vec<Waiting> = Vec::new();
        let mut set_aside: HashSet<InvolvementId> = HashSet::new();
        for waiting in arrived.drain(..) {
            let id = &waiting.step.involvement;
            let decided = if waiting.step.command.needs_log() || set_aside.contains(id) {
                None
            } else if let Some(at) = latest.get(id) {
                self.decide(&together[*at].1.held, &waiting.step, &[]).ok()
            } else {
                self.decide_from_memory(&waiting.step)
            };
            match decided.filter(|decided| !decided.events.is_empty()) {
                Some(decided) => {
                    latest.insert(id.clone(), together.len());
                    together.push((waiting, decided));
                }
                None => {
                    set_aside.insert(id.clone());
                    alone.push(waiting);
                }
            }
        }
        (together, alone)
    }

    fn decide_from_memory(&self, step: &Step) -> Option<Decided> {
        let remembered = self.queue.as_ref()?.remembered();
        self.decide(remembered.get(&step.involvement)?, step, &[]).ok()
    }

    fn remember(&self, held: Held) {
        if let Some(queue) = &self.queue {
            queue.remember(held);
        }
    }

    pub(super) fn forget(&self, id: &InvolvementId) {
        if let Some(queue) = &self.queue {
            queue.remembered().remove(id);
        }
    }
}
