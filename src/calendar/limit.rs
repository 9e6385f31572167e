//! The counting rules of statutory limits, each as the courts read it.

use chrono::{Datelike, Days};
use serde::{Deserialize, Serialize};

use super::{Calendar, CalendarError, Date, Span, written_date};

/// How a limit is counted from its event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Limit {
    /// "within 6 weeks of": the day of the event is not counted.
    Within(Span),
    /// "15 days beginning with": the day of the event is day 1. Of working days it counts only if it is one itself.
    BeginningWith(Span),
    /// "at least 2 weeks before": the latest day that satisfies it, read in the ordinary way.
    AtLeastBefore(Span),
    /// "before 31 March in the year of": the day before that date.
    Before { day: u8, month: u8 },
}

/// A due date and how it was reached, one sentence a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub due_on: Date,
    pub steps: Vec<String>,
}

impl Limit {
    /// How long it is, for a limit that is a length of time.
    pub fn span(self) -> Option<Span> {
        match self {
            Limit::Within(span) | Limit::BeginningWith(span) | Limit::AtLeastBefore(span) => Some(span),
            Limit::Before { .. } => None,
        }
    }

    /// Its length in days after its event, for ordering and comparing; nothing for one that is counted back or that is a
    /// day of the year.
    pub fn approximate_days(self) -> Option<i64> {
        match self {
            Limit::Within(span) | Limit::BeginningWith(span) => Some(span.approximate_days()),
            Limit::AtLeastBefore(_) | Limit::Before { .. } => None,
        }
    }

    /// Counted back from its event: the last day can come before it.
    pub fn counts_back(self) -> bool {
        self.approximate_days().is_none()
    }

    /// The rule in words, to stand before the event: "within 6 weeks of".
    pub fn rule_text(self) -> String {
        match self {
            Limit::Within(span) => format!("within {span} of"),
            Limit::BeginningWith(span) => format!("{span} beginning with"),
            Limit::AtLeastBefore(span) => format!("at least {span} before"),
            Limit::Before { day, month } => format!("before {day} {} in the year of", month_name(month)),
        }
    }

    /// The rule in a word or two, where there is little room: "6 weeks".
    pub fn short_text(self) -> String {
        match self {
            Limit::Within(span) | Limit::BeginningWith(span) => span.to_string(),
            Limit::AtLeastBefore(span) => format!("{span} before"),
            Limit::Before { day, month } => format!("before {day} {}", month_name(month)),
        }
    }

    /// The last day of a limit whose event was on `from`.
    ///
    /// ```
    /// # use milepost::calendar::*;
    /// # let calendar = Calendar::england_and_wales();
    /// let six_weeks = Limit::Within(Span::Weeks(6));
    /// assert_eq!(six_weeks.due_on(date(2026, 3, 2), &calendar), Ok(date(2026, 4, 13)));
    /// let fifteen_days = Limit::BeginningWith(Span::Days(15));
    /// assert_eq!(fifteen_days.due_on(date(2026, 6, 1), &calendar), Ok(date(2026, 6, 15)));
    /// ```
    ///
    /// # Errors
    /// When working days are asked for outside the bank-holiday data, or the date leaves the years 1 to 9999.
    pub fn due_on(self, from: Date, calendar: &Calendar) -> Result<Date, CalendarError> {
        match self {
            Limit::Within(Span::WorkingDays(days)) => calendar.nth_working_day(next_day(from)?, days),
            Limit::BeginningWith(Span::WorkingDays(days)) => calendar.nth_working_day(from, days),
            Limit::AtLeastBefore(Span::WorkingDays(days)) => calendar.nth_working_day_before(from, days),
            Limit::Within(span) => span.after(from),
            Limit::BeginningWith(span) => {
                let corresponding = span.after(from)?;
                Ok(corresponding.checked_sub_days(Days::new(1)).unwrap_or(corresponding).max(from))
            }
            Limit::AtLeastBefore(span) => span.before(from),
            Limit::Before { day, month } => day_before(from, day, month),
        }
    }

    /// The last day, and the counting in words.
    ///
    /// # Errors
    /// As [`Limit::due_on`].
    pub fn counted(self, from: Date, calendar: &Calendar) -> Result<Counted, CalendarError> {
        let due_on = self.due_on(from, calendar)?;
        let day = written_date(from);
        let mut steps = vec![match self {
            Limit::Within(_) => format!("The day itself, {day}, is not counted."),
            Limit::BeginningWith(Span::WorkingDays(_)) if !calendar.is_working_day(from)? => {
                format!("{day} is not a working day, so it is not counted.")
            }
            Limit::BeginningWith(_) => format!("{day} is the first day."),
            Limit::AtLeastBefore(_) => format!("Counted back from {day}."),
            Limit::Before { .. } => format!("The year is {}.", from.year()),
        }];
        if let Some(Span::WorkingDays(_)) = self.span() {
            steps.extend(calendar.skipped_in_words(from.min(due_on), from.max(due_on))?);
        }
        steps.push(self.last_step(from, due_on));
        Ok(Counted { due_on, steps })
    }

    pub(super) fn last_step(self, from: Date, due_on: Date) -> String {
        let due = written_date(due_on);
        match self {
            Limit::Within(Span::Weeks(weeks)) => {
                format!("{} ({} days) after it is {due}.", Span::Weeks(weeks), u32::from(weeks) * 7)
            }
            Limit::Within(span @ Span::Months(_)) => {
                let clamped = due_on.day() != from.day();
                let note = if clamped { ", the last day of a shorter month" } else { ", the corresponding date" };
                format!("{span} after it is {due}{note}.")
            }
            Limit::Within(span) => format!("{span} after it is {due}."),
            Limit::BeginningWith(span @ Span::Months(_)) => {
                format!("{span} beginning with it end on {due}, the day before the corresponding date.")
            }
            Limit::BeginningWith(span) => format!("{span} beginning with it end on {due}."),
            Limit::AtLeastBefore(span) => {
                format!("{span} before it is {due}. Read as clear days, it would be one day earlier, so plan for that.")
            }
            Limit::Before { day, month } => {
                let month = month_name(month);
                format!("The last day before {day} {month} is {due}; it stays there on a weekend or a bank holiday.")
            }
        }
    }
}

/// The day before a day of the year that another date falls in.
fn day_before(from: Date, day: u8, month: u8) -> Result<Date, CalendarError> {
    let limit = Date::from_ymd_opt(from.year(), u32::from(month), u32::from(day));
    limit.and_then(|limit| limit.pred_opt()).ok_or(CalendarError::NoSuchDay { day, month, year: from.year() })
}

fn month_name(month: u8) -> &'static str {
    chrono::Month::try_from(month).map_or("(no such month)", |month| month.name())
}

pub(super) fn next_day(date: Date) -> Result<Date, CalendarError> {
    Span::Days(1).after(date)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::{date, days_between};

    fn due(limit: Limit, from: (i32, u32, u32)) -> Date {
        let calendar = Calendar::england_and_wales();
        limit.due_on(date(from.0, from.1, from.2), &calendar).expect("inside the data")
    }

    #[test]
    fn weeks_and_days_leave_out_the_day_of_the_event() {
        assert_eq!(due(Limit::Within(Span::Weeks(6)), (2026, 3, 2)), date(2026, 4, 13));
        assert_eq!(due(Limit::Within(Span::Weeks(20)), (2026, 9, 1)), date(2027, 1, 19));
        assert_eq!(due(Limit::Within(Span::Days(15)), (2026, 6, 1)), date(2026, 6, 16));
    }

    #[test]
    fn days_beginning_with_the_event_count_it() {
        assert_eq!(due(Limit::BeginningWith(Span::Days(15)), (2026, 7, 8)), date(2026, 7, 22));
    }

    #[test]
    fn months_end_on_the_corresponding_date_or_the_last_day_of_a_short_month() {
        assert_eq!(due(Limit::Within(Span::Months(2)), (2026, 4, 15)), date(2026, 6, 15));
        assert_eq!(due(Limit::Within(Span::Months(2)), (2026, 12, 31)), date(2027, 2, 28));
        assert_eq!(due(Limit::BeginningWith(Span::Months(12)), (2025, 6, 10)), date(2026, 6, 9));
        assert_eq!(due(Limit::Within(Span::Months(12)), (2024, 2, 29)), date(2025, 2, 28));
    }

    #[test]
    fn working_days_beginning_with_a_day_count_it_only_if_it_is_one() {
        assert_eq!(due(Limit::BeginningWith(Span::WorkingDays(15)), (2026, 6, 1)), date(2026, 6, 19));
        assert_eq!(due(Limit::BeginningWith(Span::WorkingDays(15)), (2026, 3, 23)), date(2026, 4, 14));
        assert_eq!(due(Limit::BeginningWith(Span::WorkingDays(15)), (2026, 12, 14)), date(2027, 1, 6));
        assert_eq!(due(Limit::BeginningWith(Span::WorkingDays(1)), (2026, 4, 3)), date(2026, 4, 7));
    }

    #[test]
    fn working_days_within_skip_weekends_and_bank_holidays() {
        assert_eq!(due(Limit::Within(Span::WorkingDays(3)), (2026, 6, 10)), date(2026, 6, 15));
        assert_eq!(due(Limit::Within(Span::WorkingDays(3)), (2026, 4, 1)), date(2026, 4, 8));
        assert_eq!(due(Limit::Within(Span::WorkingDays(3)), (2026, 7, 17)), date(2026, 7, 22));
    }

    #[test]
    fn at_least_so_long_before_is_the_latest_day_that_will_do() {
        assert_eq!(due(Limit::AtLeastBefore(Span::Weeks(2)), (2026, 5, 11)), date(2026, 4, 27));
        assert_eq!(due(Limit::AtLeastBefore(Span::Months(5)), (2026, 9, 1)), date(2026, 4, 1));
    }

    #[test]
    fn working_days_outside_the_data_are_refused_with_the_range_that_is_known() {
        let calendar = Calendar::england_and_wales();
        let error = Limit::Within(Span::WorkingDays(3)).due_on(date(2028, 12, 29), &calendar).unwrap_err();
        assert!(error.to_string().contains("2014"), "{error}");
        assert!(error.to_string().contains("2028"), "{error}");
    }

    #[test]
    fn the_explanation_names_each_day_that_was_skipped() {
        let calendar = Calendar::england_and_wales();
        let counted =
            Limit::Within(Span::WorkingDays(3)).counted(date(2026, 4, 1), &calendar).expect("inside the data");
        assert_eq!(
            counted.steps,
            [
                "The day itself, Wednesday 1 April 2026, is not counted.",
                "Skipped: Friday 3 April 2026 (Good Friday), Saturday 4 April 2026, Sunday 5 April 2026, Monday 6 April 2026 (Easter Monday).",
                "3 working days after it is Wednesday 8 April 2026.",
            ]
        );
    }

    fn any_date() -> impl Strategy<Value = Date> {
        (0i64..4_500).prop_map(|days| date(2014, 6, 1) + chrono::TimeDelta::days(days))
    }

    fn any_span() -> impl Strategy<Value = Span> {
        prop_oneof![
            (1u16..200).prop_map(Span::Days),
            (1u16..60).prop_map(Span::Weeks),
            (1u16..24).prop_map(Span::Months),
            (1u16..60).prop_map(Span::WorkingDays),
        ]
    }

    proptest! {
        #[test]
        fn nothing_is_due_before_its_event(from in any_date(), span in any_span()) {
            let calendar = Calendar::england_and_wales();
            prop_assert!(Limit::Within(span).due_on(from, &calendar).unwrap() > from);
            prop_assert!(Limit::BeginningWith(span).due_on(from, &calendar).unwrap() >= from);
            prop_assert!(Limit::AtLeastBefore(span).due_on(from, &calendar).is_ok_and(|due| due < from) || from < date(2015, 6, 1));
        }

        #[test]
        fn a_later_event_is_never_due_earlier(from in any_date(), later in 0i64..60, span in any_span()) {
            let calendar = Calendar::england_and_wales();
            let later = from + chrono::TimeDelta::days(later);
            for limit in [Limit::Within(span), Limit::BeginningWith(span)] {
                prop_assert!(limit.due_on(from, &calendar).unwrap() <= limit.due_on(later, &calendar).unwrap());
            }
        }

        #[test]
        fn within_ends_one_day_after_beginning_with(from in any_date(), days in 1u16..300) {
            let calendar = Calendar::england_and_wales();
            let within = Limit::Within(Span::Days(days)).due_on(from, &calendar).unwrap();
            let beginning = Limit::BeginningWith(Span::Days(days)).due_on(from, &calendar).unwrap();
            prop_assert_eq!(days_between(beginning, within), 1);
        }

        #[test]
        fn working_days_end_on_a_working_day_and_count_right(from in any_date(), days in 1u16..80) {
            let calendar = Calendar::england_and_wales();
            let due = Limit::Within(Span::WorkingDays(days)).due_on(from, &calendar).unwrap();
            prop_assert!(calendar.is_working_day(due).unwrap());
            let counted = from.iter_days().skip(1).take_while(|day| *day <= due)
                .filter(|day| calendar.is_working_day(*day).unwrap()).count();
            prop_assert_eq!(counted, usize::from(days));
        }
    }
}
