//! When settings are closed: brought from their term dates, and asked when a limit may be excused or a reply is due.

mod calendar_file;
pub mod import;
mod store;
mod table_file;

pub use store::Recorded;

use crate::audit::{self, Action, Entry};
use crate::calendar::{Closure, Date, is_plausible};
use crate::children::fold;
use crate::clock::Clock;
use crate::db::{Db, StoreError};
use crate::engine::Actor;
use crate::ids::random_text;

/// How many a page shows.
pub const CLOSURES_A_PAGE: i64 = 25;

/// A setting that is closed for longer than this is closed for good: a mistake in a date is likelier.
const DAYS_MOST: i64 = 200;

/// The closures of one database.
#[derive(Debug, Clone)]
pub struct Closures {
    db: Db,
    clock: Clock,
}

/// Why a closure cannot be recorded, with the field it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClosureFault {
    #[error("Enter the name of the setting")]
    SettingMissing,
    #[error("Use 300 characters or fewer for the name of the setting")]
    SettingTooLong,
    #[error("The dates must be between 1900 and 2100")]
    Implausible,
    #[error("The day it opens again must be after the first day it is closed")]
    Backwards,
    #[error("It would be closed for {0} days: look at the dates again")]
    TooLong(i64),
}

impl ClosureFault {
    pub fn field(&self) -> &'static str {
        match self {
            ClosureFault::SettingMissing | ClosureFault::SettingTooLong => "setting",
            ClosureFault::Implausible => "from",
            ClosureFault::Backwards | ClosureFault::TooLong(_) => "reopens_on",
        }
    }
}

/// Checks what was typed or read.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn checked(closure: Closure) -> Result<Closure, ClosureFault> {
    let setting = closure.setting.split_whitespace().collect::<Vec<_>>().join(" ");
    let days = crate::calendar::days_between(closure.from, closure.reopens_on);
    if fold(&setting).is_empty() {
        return Err(ClosureFault::SettingMissing);
    }
    if setting.chars().count() > 300 {
        return Err(ClosureFault::SettingTooLong);
    }
    if !is_plausible(closure.from) || !is_plausible(closure.reopens_on) {
        return Err(ClosureFault::Implausible);
    }
    match days {
        ..=0 => Err(ClosureFault::Backwards),
        1..=DAYS_MOST => Ok(Closure { setting, ..closure }),
        _ => Err(ClosureFault::TooLong(days)),
    }
}

impl Closures {
    pub fn new(db: Db, clock: Clock) -> Closures {
        Closures { db, clock }
    }

    /// Records closures that have been [`checked`]; one that is recorded already is left as it is. Gives how many are new.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn record(&self, closures: &[Closure], by: &Actor) -> Result<usize, StoreError> {
        let now = self.clock.now();
        self.db
            .write(async |c| {
                let new = store::insert(c, closures, now, by).await?;
                if new > 0 {
                    let entry = Entry::new(now, by.clone(), Action::ClosuresChanged, "closures");
                    audit::record(c, &[entry.about(format!("{new} recorded"))]).await?;
                }
                Ok(new)
            })
            .await
    }

    /// Takes one away. Gives whether it was there.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn remove(&self, id: &str, by: &Actor) -> Result<bool, StoreError> {
        let now = self.clock.now();
        self.db
            .write(async |c| {
                let was_there = store::delete(c, id).await?;
                if was_there {
                    let entry = Entry::new(now, by.clone(), Action::ClosuresChanged, "closures");
                    audit::record(c, &[entry.about(format!("{id} removed"))]).await?;
                }
                Ok(was_there)
            })
            .await
    }

    /// # Errors
    /// When the database cannot be asked.
    pub async fn find(&self, id: &str) -> Result<Option<Recorded>, StoreError> {
        self.db.read(async |c| store::find(c, id).await).await
    }

    /// Those of a setting whose name begins with the words, or of all settings; not those that were over before `since`.
    /// Soonest first, with how many there are in all.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn page(&self, setting: &str, since: Date, page: i64) -> Result<(i64, Vec<Recorded>), StoreError> {
        let skip = (page - 1).max(0) * CLOSURES_A_PAGE;
        self.db.read(async |c| store::page(c, &fold(setting), since, CLOSURES_A_PAGE, skip).await).await
    }

    /// The closures of one setting that are not over before a date, in order.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn of_setting(&self, setting: &str, since: Date) -> Result<Vec<Closure>, StoreError> {
        let setting = fold(setting);
        if setting.is_empty() {
            return Ok(Vec::new());
        }
        self.db.read(async |c| store::of_setting(c, &setting, since).await).await
    }
}

fn new_id() -> String {
    random_text(26)
}
