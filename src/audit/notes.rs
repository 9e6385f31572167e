//! Notes what people look at. Those who look at the same time share one commit, and each waits for it: nothing is shown
//! before it is noted.

use tokio::sync::{mpsc, oneshot};

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
    kept: oneshot::Sender<bool>,
}

impl Notes {
    /// Needs a tokio runtime.
    pub fn begin(db: Db) -> Notes {
        let (sender, receiver) = mpsc::channel(WAITING_MOST);
        tokio::spawn(keep(db, receiver));
        Notes(sender)
    }

    /// Notes an entry; comes back when it is kept.
    ///
    /// # Errors
    /// When it could not be kept: what it is about must then not be shown.
    pub async fn note(&self, entry: Entry) -> Result<(), StoreError> {
        let lost = || StoreError::Unreachable("the audit trail does not take entries".into());
        let (kept, answer) = oneshot::channel();
        self.0.send(Waiting { entry, kept }).await.map_err(|_| lost())?;
        if answer.await.unwrap_or(false) { Ok(()) } else { Err(lost()) }
    }
}

async fn keep(db: Db, mut receiver: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::with_capacity(AT_ONCE);
    while receiver.recv_many(&mut waiting, AT_ONCE).await > 0 {
        let (entries, answers): (Vec<Entry>, Vec<_>) = waiting.drain(..).map(|held| (held.entry, held.kept)).unzip();
        let outcome = db.write(async |c| record(c, &entries).await).await;
        if let Err(error) = &outcome {
            tracing::error!(%error, entries = entries.len(), "the audit trail could not be written");
        }
        for answer in answers {
            // Somebody who has left needs no answer.
            let _ = answer.send(outcome.is_ok());
        }
    }
}
