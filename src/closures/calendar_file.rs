//! Closures and terms in an iCalendar file, as schools publish their term dates.

use icalendar::{Calendar, CalendarComponent, CalendarDateTime, Component, DatePerhapsTime, Event};

use super::import::{Found, Refused, Term};
use crate::calendar::{Closure, Date};

/// Words in a title that say that the setting is closed.
const CLOSED: [&str; 8] = ["holiday", "holidays", "closed", "closure", "half term", "half-term", "break", "vacation"];

/// A term, as an event of its own, lasts longer than any holiday's title mistaken for one.
const TERM_DAYS_LEAST: i64 = 20;

/// Reads whole-day events. Those whose title speaks of a holiday or a closure are closures; long ones whose title speaks
/// of a term are terms; the others are counted and left.
pub(super) fn read(text: &str, setting: Option<&str>) -> Result<Found, String> {
    let calendar: Calendar = text.parse().map_err(|error| format!("it is not a calendar that can be read: {error}"))?;
    let setting = setting.or(calendar.get_name());
    let setting = setting.ok_or("the calendar has no name; say whose dates these are with --setting")?.to_owned();
    let mut found = Found::default();
    for component in &calendar.components {
        let CalendarComponent::Event(event) = component else { continue };
        let title = event.get_summary().unwrap_or("(no title)").to_owned();
        let Some(kind) = kind(&title) else {
            found.ignored += 1;
            continue;
        };
        let place = format!("the event \"{title}\"");
        match (days(event), kind) {
            (Some((from, until)), Kind::Closure) => {
                found.closures.push((place, Closure { setting: setting.clone(), from, reopens_on: until }));
            }
            (Some((from, until)), Kind::Term) if crate::calendar::days_between(from, until) >= TERM_DAYS_LEAST => {
                let until = until.pred_opt().unwrap_or(until);
                found.terms.push((place, Term { setting: setting.clone(), from, until }));
            }
            (Some(_), Kind::Term) => found.ignored += 1,
            (None, _) => found.refused.push(Refused { place, why: "it has no day on which it begins".into() }),
        }
    }
    Ok(found)
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Closure,
    Term,
}

fn kind(title: &str) -> Option<Kind> {
    let title = title.to_lowercase();
    if CLOSED.iter().any(|word| title.contains(word)) {
        Some(Kind::Closure)
    } else {
        title.contains("term").then_some(Kind::Term)
    }
}

/// First day, and the day after the last: the end of a whole-day event is not part of it (RFC 5545, 3.6.1).
fn days(event: &Event) -> Option<(Date, Date)> {
    let from = day(event.get_start()?);
    let until = match event.get_end() {
        Some(DatePerhapsTime::Date(date)) => date,
        // One that ends at a time of day still takes up that day.
        Some(end) => day(end).succ_opt()?,
        None => from.succ_opt()?,
    };
    Some((from, until))
}

fn day(moment: DatePerhapsTime) -> Date {
    match moment {
        DatePerhapsTime::Date(date) => date,
        DatePerhapsTime::DateTime(CalendarDateTime::Floating(at)) => at.date(),
        DatePerhapsTime::DateTime(CalendarDateTime::Utc(at)) => {
            at.with_timezone(&chrono_tz::Europe::London).date_naive()
        }
        DatePerhapsTime::DateTime(CalendarDateTime::WithTimezone { date_time, .. }) => date_time.date(),
    }
}
