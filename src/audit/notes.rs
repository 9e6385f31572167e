//! Notes what people look at. Those who look at the same time share one commit, and each waits for it: nothing is shown
//! before it is noted.
//!
//! A look at one child's record also waits for the disk. A glance at a list does not: it is committed, and flushed within
//! a second (see decision 9).

use tokio::sync::{mpsc, oneshot};

use super::store::record_unflushed;
use super::{Entry, record};
use crate::db::{Db, StoreError};

/// The most entries of one commit.
const AT_ONCE: usize = 64;

/// Entries that wait; more than this and those who look wait too.
const WAITING_MOST: usize = 1_024;

/// Takes entries and commits whatever waits together. Cheap to clone; ends with its last clone.
#[derive(Debug, Clone)]
pub struct Notes(mpsc::Sender<Waiting>);

#[derive(Debug)]
struct Waiting {
    entry: Entry,
    until: Until,
    kept: oneshot::Sender<bool>,
}

/// What the one who looks waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Committed,
    Flushed,
}

impl Notes {
    /// Needs a tokio runtime.
    pub fn begin(db: Db) -> Notes {
        let (sender, receiver) = mpsc::channel(WAITING_MOST);
        tokio::spawn(keep(db, receiver));
        Notes(sender)
    }

    /// Notes an entry; comes back when it is kept whatever happens to the machine.
    ///
    /// # Errors
    /// When it could not be kept: what it is about must then not be shown.
    pub async fn note(&self, entry: Entry) -> Result<(), StoreError> {
        self.wait(entry, Until::Flushed).await
    }

    /// Notes a glance at a list; comes back when it is committed. A power cut within the next second may lose it, the end
    /// of the process does not.
    ///
    /// # Errors
    /// As [`Notes::note`].
    pub async fn note_glance(&self, entry: Entry) -> Result<(), StoreError> {
        self.wait(entry, Until::Committed).await
    }

    async fn wait(&self, entry: Entry, until: Until) -> Result<(), StoreError> {
        let lost = || StoreError::Unreachable("the audit trail does not take entries".into());
        let (kept, answer) = oneshot::channel();
        self.0.send(Waiting { entry, until, kept }).await.map_err(|_| lost())?;
        if answer.await.unwrap_or(false) { Ok(()) } else { Err(lost()) }
    }
}

async fn keep(db: Db, mut receiver: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::with_capacity(AT_ONCE);
    while receiver.recv_many(&mut waiting, AT_ONCE).await > 0 {
        let glances = waiting.iter().all(|held| held.until == Until::Committed);
        let (entries, answers): (Vec<Entry>, Vec<_>) = waiting.drain(..).map(|held| (held.entry, held.kept)).unzip();
        let outcome = match glances {
            true => record_unflushed(&db, &entries).await,
            false => db.write(async |c| record(c, &entries).await).await,
        };
        if let Err(error) = &outcome {
            tracing::error!(%error, entries = entries.len(), "the audit trail could not be written");
        }
        for answer in answers {
            // Somebody who has left needs no answer.
            let _ = answer.send(outcome.is_ok());
        }
    }
}
