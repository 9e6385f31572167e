//! Pages of the tray that were read a moment ago. Counting tens of thousands of lines costs the same whoever asks, and
//! between two steps everybody who asks for the same page is given the same one.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{Tray, TrayFilter};
use crate::calendar::Date;

/// For so long another process's steps may not be seen. This one's always are.
const KEPT_FOR: Duration = Duration::from_secs(1);

/// More different pages than this are not kept.
const PAGES_MOST: usize = 256;

/// A page that was asked for.
pub(super) type Asked = (TrayFilter, i64, Date);

#[derive(Debug, Default)]
pub(in crate::involvements) struct Memory {
    changes: AtomicU64,
    pages: Mutex<HashMap<Asked, Kept<Tray>>>,
    stages: Mutex<Option<Kept<Vec<(String, String)>>>>,
}

#[derive(Debug)]
struct Kept<T> {
    change: u64,
    at: Instant,
    what: Arc<T>,
}

impl<T> Kept<T> {
    fn new(change: u64, what: Arc<T>) -> Kept<T> {
        Kept { change, at: Instant::now(), what }
    }

    fn if_current(&self, change: u64) -> Option<Arc<T>> {
        (self.change == change && self.at.elapsed() < KEPT_FOR).then(|| self.what.clone())
    }
}

impl Memory {
    /// How many times something has changed.
    pub fn change(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Something was committed: what was read before is old.
    pub fn changed(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    pub fn get(&self, asked: &Asked, change: u64) -> Option<Arc<Tray>> {
        locked(&self.pages).get(asked).and_then(|kept| kept.if_current(change))
    }

    pub fn keep(&self, asked: Asked, change: u64, tray: Arc<Tray>) {
        let mut pages = locked(&self.pages);
        if pages.len() >= PAGES_MOST {
            pages.clear();
        }
        pages.insert(asked, Kept::new(change, tray));
    }

    pub fn stages(&self, change: u64) -> Option<Arc<Vec<(String, String)>>> {
        locked(&self.stages).as_ref().and_then(|kept| kept.if_current(change))
    }

    pub fn keep_stages(&self, change: u64, stages: Arc<Vec<(String, String)>>) {
        *locked(&self.stages) = Some(Kept::new(change, stages));
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
