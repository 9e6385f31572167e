//! Civil dates: the London calendar's days, without times.

use chrono::Datelike;

/// A civil date.
pub type Date = chrono::NaiveDate;

/// A literal date, for tests and documentation.
///
/// # Panics
/// When there is no such day.
pub fn date(year: i32, month: u32, day: u32) -> Date {
    Date::from_ymd_opt(year, month, day).expect("the literal is a day of the calendar")
}

/// Whole days from `from` to `to`; negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    (to - from).num_days()
}

/// Within the years that a record of a living person can name.
pub fn is_plausible(date: Date) -> bool {
    (1900..=2100).contains(&date.year())
}

/// `Tuesday 13 October 2026`.
pub fn written_date(date: Date) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// `13 Oct 2026`.
pub fn short_date(date: Date) -> String {
    date.format("%-d %b %Y").to_string()
}
