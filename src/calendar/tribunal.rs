//! Time before the First-tier Tribunal: the one place where a last day moves (SI 2008/2699 r. 12).

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::limit::next_day;
use super::{Calendar, CalendarError, Counted, Date, Limit, Span, written_date};

/// Which days count and where a last day may fall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Time {
    /// Every day, or every working day where the limit says so. A last day stays where it falls.
    #[default]
    Ordinary,
    /// The First-tier Tribunal's in special educational needs cases: a last day that is no working day moves to the next
    /// one; one in August or from 25 December to 1 January moves to the first working day after; and as working days
    /// those days do not count.
    Tribunal,
}

impl Time {
    pub fn is_ordinary(&self) -> bool {
        *self == Time::Ordinary
    }

    /// The last day of a limit whose event was on `from`.
    ///
    /// # Errors
    /// As [`Limit::due_on`]; in the Tribunal's time whenever the date lies outside the bank-holiday data.
    pub fn due_on(self, limit: Limit, from: Date, calendar: &Calendar) -> Result<Date, CalendarError> {
        match (self, limit) {
            (Time::Ordinary, limit) => limit.due_on(from, calendar),
            (Time::Tribunal, Limit::Within(Span::WorkingDays(days))) => nth_day(next_day(from)?, days, calendar),
            (Time::Tribunal, Limit::BeginningWith(Span::WorkingDays(days))) => nth_day(from, days, calendar),
            (Time::Tribunal, limit) => nth_day(limit.due_on(from, calendar)?, 1, calendar),
        }
    }

    /// The last day, and the counting in words.
    ///
    /// # Errors
    /// As [`Time::due_on`].
    pub fn counted(self, limit: Limit, from: Date, calendar: &Calendar) -> Result<Counted, CalendarError> {
        if self == Time::Ordinary {
            return limit.counted(from, calendar);
        }
        let due_on = self.due_on(limit, from, calendar)?;
        if let Some(Span::WorkingDays(_)) = limit.span() {
            let mut steps = vec![match limit {
                Limit::BeginningWith(_) => format!("{} is the first day if it counts.", written_date(from)),
                _ => format!("The day itself, {}, is not counted.", written_date(from)),
            }];
            steps.extend(calendar.skipped_in_words(from, due_on)?);
            if from.iter_days().take_while(|day| *day <= due_on).any(is_vacation) {
                steps.push(format!("{VACATION} do not count before the Tribunal."));
            }
            steps.push(limit.last_step(from, due_on));
            return Ok(Counted { due_on, steps });
        }
        let mut counted = limit.counted(from, calendar)?;
        if due_on != counted.due_on {
            let why = if is_vacation(counted.due_on) {
                format!("{VACATION} do not count before the Tribunal")
            } else {
                "That is not a working day".to_owned()
            };
            counted.steps.push(format!("{why}, so the last day is the next working day, {}.", written_date(due_on)));
            counted.due_on = due_on;
        }
        Ok(counted)
    }
}

const VACATION: &str = "August and the days from 25 December to 1 January";

fn is_vacation(day: Date) -> bool {
    matches!((day.month(), day.day()), (8, _) | (12, 25..=31) | (1, 1))
}

/// The nth day that counts, on or after a date.
fn nth_day(from: Date, n: u16, calendar: &Calendar) -> Result<Date, CalendarError> {
    let mut left = n.max(1);
    let mut day = from;
    loop {
        if !is_vacation(day) && calendar.is_working_day(day)? {
            left -= 1;
            if left == 0 {
                return Ok(day);
            }
        }
        day = next_day(day)?;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::date;

    fn due(limit: Limit, from: Date) -> Date {
        Time::Tribunal.due_on(limit, from, &Calendar::england_and_wales()).expect("inside the data")
    }

    #[test]
    fn a_last_day_on_a_sunday_moves_to_monday() {
        assert_eq!(due(Limit::Within(Span::Months(2)), date(2026, 3, 10)), date(2026, 5, 11));
    }

    #[test]
    fn a_last_day_in_august_moves_to_september_and_one_at_christmas_to_january() {
        assert_eq!(due(Limit::Within(Span::Months(2)), date(2026, 6, 15)), date(2026, 9, 1));
        assert_eq!(due(Limit::Within(Span::Months(2)), date(2026, 10, 28)), date(2027, 1, 4));
    }

    #[test]
    fn thirty_working_days_leave_out_bank_holidays_and_august() {
        assert_eq!(due(Limit::Within(Span::WorkingDays(30)), date(2026, 4, 20)), date(2026, 6, 3));
        assert_eq!(due(Limit::Within(Span::WorkingDays(3)), date(2026, 7, 30)), date(2026, 9, 2));
    }

    #[test]
    fn the_explanation_says_why_the_day_moved() {
        let counted = Time::Tribunal
            .counted(Limit::Within(Span::Months(2)), date(2026, 6, 15), &Calendar::england_and_wales())
            .expect("inside the data");
        assert_eq!(
            counted.steps,
            [
                "The day itself, Monday 15 June 2026, is not counted.",
                "2 months after it is Saturday 15 August 2026, the corresponding date.",
                "August and the days from 25 December to 1 January do not count before the Tribunal, so the last day is \
                 the next working day, Tuesday 1 September 2026.",
            ]
        );
    }

    proptest! {
        #[test]
        fn the_tribunals_time_never_ends_before_ordinary_time_nor_on_a_day_it_does_not_sit(
            days in 0i64..4_000,
            months in 1u16..6,
        ) {
            let calendar = Calendar::england_and_wales();
            let from = date(2014, 6, 1) + chrono::TimeDelta::days(days);
            let limit = Limit::Within(Span::Months(months));
            let due = Time::Tribunal.due_on(limit, from, &calendar).unwrap();
            prop_assert!(due >= limit.due_on(from, &calendar).unwrap());
            prop_assert!(!is_vacation(due) && calendar.is_working_day(due).unwrap());
        }
    }
}
