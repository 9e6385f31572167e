//! Dates as people type them into three boxes.

use super::{Date, is_plausible};

/// What is wrong with a typed date, in words for the field's error message, and which box it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    #[error("must include {}", .0.join(" and "))]
    Missing(Vec<&'static str>),
    #[error("must be a real date")]
    NotReal,
    #[error("must have a year of four numbers between 1900 and 2100")]
    Year,
}

/// A date from the three boxes of a date input. Full-width digits and month names are understood; an entirely empty
/// input is `Ok(None)`.
///
/// # Errors
/// Says which part is missing or wrong.
pub fn date_from_parts(day: &str, month: &str, year: &str) -> Result<Option<Date>, DateError> {
    let [day, month, year] = [day, month, year].map(tidy);
    let parts = [("a day", &day), ("a month", &month), ("a year", &year)];
    let missing: Vec<&'static str> = parts.iter().filter(|(_, text)| text.is_empty()).map(|(name, _)| *name).collect();
    match missing.len() {
        0 => {}
        3 => return Ok(None),
        _ => return Err(DateError::Missing(missing)),
    }
    let month = month_number(&month).ok_or(DateError::NotReal)?;
    let day: u32 = day.parse().map_err(|_| DateError::NotReal)?;
    if year.len() != 4 {
        return Err(DateError::Year);
    }
    let year: i32 = year.parse().map_err(|_| DateError::Year)?;
    if !(1900..=2100).contains(&year) {
        return Err(DateError::Year);
    }
    let date = Date::from_ymd_opt(year, month, day).filter(|date| is_plausible(*date));
    date.map(Some).ok_or(DateError::NotReal)
}

/// Without surrounding space, and with ASCII digits for full-width ones.
fn tidy(text: &str) -> String {
    let digit = |c: char| match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        other => other,
    };
    text.trim().chars().take(20).map(digit).collect()
}

fn month_number(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let start: String = text.to_lowercase().chars().take(3).collect();
    MONTHS.iter().position(|month| *month == start).map(|at| at as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::date;

    #[test]
    fn typed_dates_are_understood_as_people_write_them() {
        assert_eq!(date_from_parts("2", "3", "2026"), Ok(Some(date(2026, 3, 2))));
        assert_eq!(date_from_parts(" 02 ", "March", "2026"), Ok(Some(date(2026, 3, 2))));
        assert_eq!(date_from_parts("２９", "２", "２０２４"), Ok(Some(date(2024, 2, 29))));
        assert_eq!(date_from_parts("", " ", ""), Ok(None));
    }

    #[test]
    fn wrong_dates_say_what_is_wrong() {
        assert_eq!(date_from_parts("29", "2", "2026"), Err(DateError::NotReal));
        assert_eq!(date_from_parts("29", "", "2026").unwrap_err().to_string(), "must include a month");
        for year in ["0", "26", "9999", "12026", "-202"] {
            assert_eq!(date_from_parts("1", "1", year), Err(DateError::Year), "{year}");
        }
        assert_eq!(date_from_parts("1e1", "1", "2026"), Err(DateError::NotReal));
    }
}
