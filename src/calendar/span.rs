//! A length of time as the law states it.

use std::fmt;

use chrono::{Days, Months};
use serde::{Deserialize, Serialize};

use super::{CalendarError, Date};

/// A length of time in the unit of its provision. Working days are counted with a calendar: see [`super::Limit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Span {
    Days(u16),
    Weeks(u16),
    Months(u16),
    WorkingDays(u16),
}

impl Span {
    /// The date this long after another, the first day not counted. Months end on the corresponding date, or on the
    /// last day of a month that has none (the corresponding-date rule: Dodds v Walker \[1981\] 1 WLR 1027).
    ///
    /// Working days are taken as calendar days here, the least they can be; [`super::Limit`] counts them properly.
    ///
    /// # Errors
    /// Past the end of the calendar.
    pub fn after(self, date: Date) -> Result<Date, CalendarError> {
        let after = match self {
            Span::Days(days) | Span::WorkingDays(days) => date.checked_add_days(Days::new(u64::from(days))),
            Span::Weeks(weeks) => date.checked_add_days(Days::new(u64::from(weeks) * 7)),
            Span::Months(months) => date.checked_add_months(Months::new(u32::from(months))),
        };
        in_range(after, date, self)
    }

    /// The date this long before another.
    ///
    /// # Errors
    /// Before the beginning of the calendar.
    pub fn before(self, date: Date) -> Result<Date, CalendarError> {
        let before = match self {
            Span::Days(days) | Span::WorkingDays(days) => date.checked_sub_days(Days::new(u64::from(days))),
            Span::Weeks(weeks) => date.checked_sub_days(Days::new(u64::from(weeks) * 7)),
            Span::Months(months) => date.checked_sub_months(Months::new(u32::from(months))),
        };
        in_range(before, date, self)
    }

    /// Its length in days for ordering and comparing, with 30 days a month and 7 days for 5 working days.
    pub fn approximate_days(self) -> i64 {
        match self {
            Span::Days(days) => i64::from(days),
            Span::Weeks(weeks) => i64::from(weeks) * 7,
            Span::Months(months) => i64::from(months) * 30,
            Span::WorkingDays(days) => i64::from(days) * 7 / 5,
        }
    }
}

/// Years 1 to 9999 only: what people can write and every part of the system can hold.
fn in_range(date: Option<Date>, from: Date, span: Span) -> Result<Date, CalendarError> {
    use chrono::Datelike;
    date.filter(|date| (1..=9999).contains(&date.year())).ok_or(CalendarError::OffTheCalendar { from, span })
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match self {
            Span::Days(number) => (number, "day"),
            Span::Weeks(number) => (number, "week"),
            Span::Months(number) => (number, "month"),
            Span::WorkingDays(number) => (number, "working day"),
        };
        write!(f, "{number} {unit}{}", if *number == 1 { "" } else { "s" })
    }
}
