//! The only caller of the system clock. Everything dated takes its time from a [`Clock`], so that tests can travel.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Europe::London;
use serde::{Deserialize, Serialize};

/// An instant in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// The civil date in London at this instant: the date that limits are counted in.
    pub fn london_date(self) -> NaiveDate {
        self.utc().with_timezone(&London).date_naive()
    }

    /// Wall-clock time in London, for people: `13 October 2026 at 9:05am`.
    pub fn london_text(self) -> String {
        self.utc().with_timezone(&London).format("%-d %B %Y at %-I:%M%P").to_string()
    }

    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// The first instant of a civil date in London.
    pub fn at_start_of(date: NaiveDate) -> Instant {
        let midnight = date.and_time(chrono::NaiveTime::MIN);
        // Midnight exists in London on every date: its clocks change at 01:00 and 02:00.
        let instant = London.from_local_datetime(&midnight).earliest().map(|at| at.timestamp_millis());
        Instant(instant.unwrap_or_else(|| midnight.and_utc().timestamp_millis()))
    }

    pub fn plus_millis(self, millis: i64) -> Instant {
        Instant(self.0.saturating_add(millis))
    }
}

/// Where the time comes from: the machine, or a hand that tests and the demonstration move.
#[derive(Debug, Clone)]
pub enum Clock {
    System,
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still until it is moved.
    pub fn set_to(instant: Instant) -> Clock {
        Clock::Set(Arc::new(AtomicI64::new(instant.0)))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for the time")]
    pub fn now(&self) -> Instant {
        match self {
            Clock::System => Instant(Utc::now().timestamp_millis()),
            Clock::Set(at) => Instant(at.load(Ordering::SeqCst)),
        }
    }

    /// Today's civil date in London.
    pub fn today(&self) -> NaiveDate {
        self.now().london_date()
    }

    /// Moves a set clock; the system's clock cannot be moved and is left alone.
    pub fn travel_to(&self, instant: Instant) {
        if let Clock::Set(at) = self {
            at.store(instant.0, Ordering::SeqCst);
        }
    }
}
