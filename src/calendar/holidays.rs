//! Bank holidays as data, and the working days between them.

use std::collections::BTreeMap;

use chrono::{Datelike, Weekday};
use serde::Deserialize;

use super::{Date, Span, written_date};

/// England and Wales, as shipped in `workflows/calendars/england-and-wales.ron`.
const ENGLAND_AND_WALES: &str = include_str!("../../workflows/calendars/england-and-wales.ron");

/// A day that is not a working day by law or proclamation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankHoliday {
    pub on: Date,
    pub name: String,
}

/// The days that do not count, with the range of dates that they are known for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    from: Date,
    until: Date,
    holidays: BTreeMap<Date, String>,
}

/// The file's own shape.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Calendar")]
struct File {
    from: Date,
    until: Date,
    bank_holidays: Vec<BankHoliday>,
}

/// Why a date could not be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    #[error(
        "Bank holidays are known from {} to {} only, so working days cannot be counted to {}. \
         Add the missing years to the calendar in workflows/calendars.",
        written_date(*from), written_date(*until), written_date(*asked)
    )]
    OutsideData { asked: Date, from: Date, until: Date },
    #[error("{span} from {from} leaves the years 1 to 9999.")]
    OffTheCalendar { from: Date, span: Span },
    #[error("There is no day {day} of month {month} in {year}.")]
    NoSuchDay { day: u8, month: u8, year: i32 },
    #[error("The calendar cannot be read: {0}")]
    Unreadable(String),
}

impl Calendar {
    /// The calendar that is shipped.
    ///
    /// # Panics
    /// Never: a test reads the shipped file.
    pub fn england_and_wales() -> Calendar {
        Calendar::parse(ENGLAND_AND_WALES).expect("the shipped calendar is read by a test")
    }

    /// Reads a calendar file.
    ///
    /// # Errors
    /// When it is not RON of this shape, or a holiday lies outside the range that the file says it covers.
    pub fn parse(text: &str) -> Result<Calendar, CalendarError> {
        let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
        let file: File = options.from_str(text).map_err(|error| CalendarError::Unreadable(error.to_string()))?;
        if let Some(outside) = file.bank_holidays.iter().find(|day| day.on < file.from || day.on > file.until) {
            let (on, from, until) = (outside.on, file.from, file.until);
            return Err(CalendarError::Unreadable(format!("{on} lies outside {from} to {until}")));
        }
        let holidays = file.bank_holidays.into_iter().map(|day| (day.on, day.name)).collect();
        Ok(Calendar { from: file.from, until: file.until, holidays })
    }

    pub fn bank_holidays(&self) -> impl Iterator<Item = (Date, &str)> {
        self.holidays.iter().map(|(on, name)| (*on, name.as_str()))
    }

    /// Neither a Saturday, a Sunday nor a bank holiday.
    ///
    /// # Errors
    /// Outside the range that the bank holidays are known for.
    pub fn is_working_day(&self, date: Date) -> Result<bool, CalendarError> {
        if date < self.from || date > self.until {
            return Err(CalendarError::OutsideData { asked: date, from: self.from, until: self.until });
        }
        Ok(!is_weekend(date) && !self.holidays.contains_key(&date))
    }

    /// The nth working day on or after a date.
    ///
    /// # Errors
    /// Outside the range that the bank holidays are known for.
    pub fn nth_working_day(&self, from: Date, n: u16) -> Result<Date, CalendarError> {
        self.count_working_days(from, n, Date::succ_opt)
    }

    /// The nth working day before a date.
    ///
    /// # Errors
    /// Outside the range that the bank holidays are known for.
    pub fn nth_working_day_before(&self, date: Date, n: u16) -> Result<Date, CalendarError> {
        let before = Span::Days(1).before(date)?;
        self.count_working_days(before, n, Date::pred_opt)
    }

    fn count_working_days(&self, from: Date, n: u16, step: fn(&Date) -> Option<Date>) -> Result<Date, CalendarError> {
        let mut day = from;
        let mut left = n;
        loop {
            if self.is_working_day(day)? {
                if left <= 1 {
                    return Ok(day);
                }
                left -= 1;
            }
            day = step(&day).ok_or(CalendarError::OffTheCalendar { from, span: Span::WorkingDays(n) })?;
        }
    }

    /// The days between two dates that were not counted, as one sentence; nothing when there were none.
    pub(super) fn skipped_in_words(&self, from: Date, until: Date) -> Result<Option<String>, CalendarError> {
        let mut skipped = Vec::new();
        for day in from.iter_days().skip(1).take_while(|day| *day < until) {
            if !self.is_working_day(day)? {
                let name = self.holidays.get(&day).map(|name| format!(" ({name})")).unwrap_or_default();
                skipped.push(format!("{}{name}", written_date(day)));
            }
        }
        Ok((!skipped.is_empty()).then(|| format!("Skipped: {}.", skipped.join(", "))))
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::date;

    /// Counted against the `holidays` package for Python, England, 2014 to 2028.
    #[test]
    fn every_year_has_its_bank_holidays_and_the_one_off_ones() {
        let calendar = Calendar::england_and_wales();
        for year in 2014..=2028 {
            let days = calendar.bank_holidays().filter(|(on, _)| on.year() == year).count();
            let expected = match year {
                2022 => 10,
                2023 => 9,
                _ => 8,
            };
            assert_eq!(days, expected, "{year}");
        }
        for one_off in [date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)] {
            assert_eq!(calendar.is_working_day(one_off), Ok(false), "{one_off}");
        }
        assert_eq!(calendar.is_working_day(date(2020, 5, 4)), Ok(true), "moved to 8 May that year");
        assert_eq!(calendar.is_working_day(date(2022, 5, 30)), Ok(true), "moved to 2 June that year");
    }

    #[test]
    fn weekend_holidays_have_their_substitutes() {
        let calendar = Calendar::england_and_wales();
        for substitute in
            [date(2021, 12, 27), date(2021, 12, 28), date(2022, 1, 3), date(2026, 12, 28), date(2027, 12, 28)]
        {
            assert_eq!(calendar.is_working_day(substitute), Ok(false), "{substitute}");
        }
    }

    #[test]
    fn no_bank_holiday_falls_on_a_weekend() {
        assert!(Calendar::england_and_wales().bank_holidays().all(|(on, _)| !is_weekend(on)));
    }

    #[test]
    fn a_day_outside_the_data_is_an_error() {
        let calendar = Calendar::england_and_wales();
        assert!(matches!(calendar.is_working_day(date(2013, 12, 31)), Err(CalendarError::OutsideData { .. })));
        assert!(matches!(calendar.is_working_day(date(2029, 1, 1)), Err(CalendarError::OutsideData { .. })));
    }
}
