//! What was read from the database a moment ago. Between two changes everybody who asks for the same is given the same, and
//! while it is being read, those who ask for it wait for the one who reads.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// For so long another process's changes may not be seen. This one's always are.
const KEPT_FOR: Duration = Duration::from_secs(1);

/// More different things than this are not kept.
const KEPT_MOST: usize = 256;

/// Things that were read, by what was asked for. Whoever changes what they are read from says so.
#[derive(Debug)]
pub(crate) struct Memory<K, T> {
    changes: AtomicU64,
    kept: Mutex<HashMap<K, Arc<Remembered<T>>>>,
}

impl<K, T> Default for Memory<K, T> {
    fn default() -> Memory<K, T> {
        Memory { changes: AtomicU64::new(0), kept: Mutex::default() }
    }
}

impl<K: Hash + Eq, T> Memory<K, T> {
    /// Something was committed: what was read before is old.
    pub fn changed(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// What was read no longer than a second ago and after every change there had been; reads it if nobody has.
    pub async fn get<E>(&self, asked: K, read: impl AsyncFnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let remembered = {
            let mut kept = locked(&self.kept);
            if kept.len() >= KEPT_MOST && !kept.contains_key(&asked) {
                kept.clear();
            }
            kept.entry(asked).or_default().clone()
        };
        remembered.get(&self.changes, read).await
    }
}

/// What was read last, and a place to wait for what is being read.
#[derive(Debug)]
struct Remembered<T> {
    last: Mutex<Option<Reading<T>>>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Reading<T> {
    /// How many changes there had been, and when it was, when the reading began.
    changes: u64,
    began_at: Instant,
    what: Arc<T>,
}

impl<T> Default for Remembered<T> {
    fn default() -> Remembered<T> {
        Remembered { last: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }
}

impl<T> Remembered<T> {
    /// What was read after every change there had been when this was asked; reads it if nobody has.
    async fn get<E>(&self, changes: &AtomicU64, read: impl AsyncFnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let asked_at = changes.load(Ordering::SeqCst);
        if let Some(what) = self.read_since(asked_at) {
            return Ok(what);
        }
        let _turn = self.turn.lock().await;
        if let Some(what) = self.read_since(asked_at) {
            return Ok(what);
        }
        // Noted before reading: a step that commits meanwhile makes what is read old for those who ask after it.
        let (changes, began_at) = (changes.load(Ordering::SeqCst), Instant::now());
        let what = Arc::new(read().await?);
        *locked(&self.last) = Some(Reading { changes, began_at, what: what.clone() });
        Ok(what)
    }

    fn read_since(&self, change: u64) -> Option<Arc<T>> {
        let last = locked(&self.last);
        last.as_ref()
            .filter(|last| last.changes >= change && last.began_at.elapsed() < KEPT_FOR)
            .map(|last| last.what.clone())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use tokio::sync::Semaphore;

    use super::*;

    struct Desk {
        remembered: Remembered<u64>,
        changes: AtomicU64,
        readings: AtomicU64,
        /// Each reading waits until it is let go on.
        go_on: Semaphore,
    }

    impl Desk {
        fn with(go_on: usize) -> Desk {
            let (changes, readings) = (AtomicU64::new(0), AtomicU64::new(0));
            Desk { remembered: Remembered::default(), changes, readings, go_on: Semaphore::new(go_on) }
        }

        /// Which reading this is given.
        async fn ask(&self) -> u64 {
            let read = async || {
                tokio::task::yield_now().await;
                self.go_on.acquire().await.expect("it stays open").forget();
                Ok::<_, Infallible>(self.readings.fetch_add(1, Ordering::SeqCst) + 1)
            };
            match self.remembered.get(&self.changes, read).await {
                Ok(what) => *what,
            }
        }
    }

    #[tokio::test]
    async fn those_who_ask_together_share_one_reading_until_something_changes() {
        let desk = Desk::with(9);
        assert_eq!(tokio::join!(desk.ask(), desk.ask(), desk.ask()), (1, 1, 1));
        assert_eq!(desk.ask().await, 1);
        desk.changes.fetch_add(1, Ordering::SeqCst);
        assert_eq!(tokio::join!(desk.ask(), desk.ask()), (2, 2));
    }

    #[tokio::test]
    async fn who_has_just_acted_does_not_share_a_reading_that_began_before() {
        let desk = Desk::with(0);
        let acted = async {
            desk.changes.fetch_add(1, Ordering::SeqCst);
            desk.go_on.add_permits(2);
            desk.ask().await
        };
        assert_eq!(tokio::join!(desk.ask(), acted), (1, 2));
    }
}
