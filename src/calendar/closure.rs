//! When a setting is closed, and when the law lets that excuse a limit.

use chrono::Days;

use super::{Date, days_between};

/// A setting is closed from one day and open again on another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    pub setting: String,
    pub from: Date,
    pub reopens_on: Date,
}

impl Closure {
    /// Whether it is closed on a day.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day < self.reopens_on
    }

    /// Whether it is long enough to excuse: a continuous period of not less than four weeks
    /// (SEND Regulations 2014, reg. 5(4)(a)).
    pub fn is_four_weeks_or_more(&self) -> bool {
        days_between(self.from, self.reopens_on) >= 28
    }

    /// The days on which a request must have been made for the closure to excuse its limit: from one week before it
    /// begins to one week before it ends (reg. 5(4)(a)). `None` where the calendar ends.
    pub fn window(&self) -> Option<(Date, Date)> {
        closure_window(self.from, self.reopens_on)
    }
}

/// The window of a closure that is known by its dates alone: see [`Closure::window`].
pub fn closure_window(from: Date, reopens_on: Date) -> Option<(Date, Date)> {
    let week = Days::new(7);
    Some((from.checked_sub_days(week)?, reopens_on.checked_sub_days(week)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::date;

    #[test]
    fn a_summer_closure_excuses_requests_from_a_week_before_it_to_a_week_before_its_end() {
        let summer = Closure { setting: "Alder Primary".into(), from: date(2026, 7, 22), reopens_on: date(2026, 9, 2) };
        assert!(summer.is_four_weeks_or_more());
        assert_eq!(summer.window(), Some((date(2026, 7, 15), date(2026, 8, 26))));
    }

    #[test]
    fn an_easter_closure_is_too_short() {
        let easter =
            Closure { setting: "Alder Primary".into(), from: date(2026, 3, 30), reopens_on: date(2026, 4, 13) };
        assert!(!easter.is_four_weeks_or_more());
    }
}
