//! Dates and standings as people read them on pages.

use crate::calendar::{Date, days_between};
use crate::engine::ClockStanding;

/// What is said of a code of the authenticator app that is not accepted, whatever the reason.
pub const WRONG_CODE: &str = "That code is not right, or was used already. Wait for the next code and try again. After several wrong \
                              codes you have to wait for up to 15 minutes";

/// "(4 days)", "(tomorrow)", "(today)", "(overdue 3 days)".
pub fn days_in_brackets(today: Date, due_on: Date) -> String {
    match days_between(today, due_on) {
        0 => "(today)".into(),
        1 => "(tomorrow)".into(),
        -1 => "(overdue 1 day)".into(),
        days if days < 0 => format!("(overdue {} days)", -days),
        days => format!("({days} days)"),
    }
}

pub fn days(number: i64) -> String {
    if number == 1 { "1 day".into() } else { format!("{number} days") }
}

/// How a clock stands, in words, and the colour that goes with them.
pub fn standing(standing: &ClockStanding) -> (String, &'static str) {
    use crate::calendar::short_date;
    match standing {
        ClockStanding::NotStarted => ("Not started".into(), "govuk-tag--grey"),
        ClockStanding::Running { days_left: 0 } => ("Due today".into(), "govuk-tag--orange"),
        ClockStanding::Running { days_left } => (format!("{} left", days(*days_left)), "govuk-tag--blue"),
        ClockStanding::Overdue { days: late } => (format!("Overdue {}", days(*late)), "govuk-tag--red"),
        ClockStanding::Exempt { until } => (format!("Exempt until {}", short_date(*until)), "govuk-tag--purple"),
        ClockStanding::Met { on } => (format!("Met on {}", short_date(*on)), "govuk-tag--green"),
        ClockStanding::MetLate { on, days: late, exempt } => {
            let exempt = if *exempt { ", exempt" } else { "" };
            (format!("Done on {}, {} late{exempt}", short_date(*on), days(*late)), "govuk-tag--yellow")
        }
        ClockStanding::Lapsed { on } => (format!("Fell away on {}", short_date(*on)), "govuk-tag--grey"),
        ClockStanding::Open { days_left: 0 } => ("Last day today".into(), "govuk-tag--blue"),
        ClockStanding::Open { days_left } => (format!("Open, {} left", days(*days_left)), "govuk-tag--blue"),
        ClockStanding::Closed { on } => (format!("Closed on {}", short_date(*on)), "govuk-tag--grey"),
        ClockStanding::Uncountable { why } => (why.clone(), "govuk-tag--red"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::date;

    #[test]
    fn days_are_said_as_a_caseworker_would() {
        let today = date(2026, 11, 23);
        assert_eq!(days_in_brackets(today, date(2026, 11, 27)), "(4 days)");
        assert_eq!(days_in_brackets(today, date(2026, 11, 24)), "(tomorrow)");
        assert_eq!(days_in_brackets(today, today), "(today)");
        assert_eq!(days_in_brackets(today, date(2026, 11, 20)), "(overdue 3 days)");
    }
}
