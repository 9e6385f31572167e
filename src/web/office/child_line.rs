//! A child's involvements on one dated line, laid out for the page's drawing. The table below it says the same.

use chrono::{Datelike, Months};
use serde::Serialize;

use crate::calendar::{Date, days_between, short_date};
use crate::engine::Engine;
use crate::ids::InvolvementId;
use crate::involvements::Held;

/// Widths and heights of the drawing, in its own units.
const LEFT: i64 = 12;
const WIDTH: i64 = 900;
const ROW: i64 = 46;
const TOP: i64 = 30;

/// Fewer marks than this on the scale, so that their dates do not run into each other.
const MARKS_MOST: usize = 9;

#[derive(Debug, Clone, Serialize)]
pub(super) struct Line {
    height: i64,
    bottom: i64,
    marks: Vec<Mark>,
    today: Mark,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Serialize)]
struct Mark {
    x: i64,
    /// Text near an edge begins or ends there.
    anchor: &'static str,
    label: String,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    title: String,
    text_x: i64,
    text_y: i64,
    /// Titles that begin far to the right end where their bar begins.
    anchor: &'static str,
    x: i64,
    y: i64,
    width: i64,
    is_open: bool,
    /// The next limit on the authority.
    due: Option<Mark>,
    /// From the origin's bar down to this one's beginning.
    link: Option<String>,
}

/// The line of involvements that come in order of their beginning; nothing when there are none.
pub(super) fn line<'a>(all: &[&'a Held], engine_of: impl Fn(&'a Held) -> Engine<'a>, today: Date) -> Option<Line> {
    let from = all.iter().map(|held| held.involvement.started_on).min()?;
    let lines: Vec<_> = all
        .iter()
        .map(|held| {
            let due_on = engine_of(held).tray_line(&held.involvement).next_due_on;
            (*held, due_on.filter(|_| held.involvement.ended_on.is_none()))
        })
        .collect();
    let until = lines.iter().filter_map(|(_, due_on)| *due_on).max().unwrap_or(today).max(today);
    let days = days_between(from, until).max(30);
    let x = |date: Date| LEFT + days_between(from, date) * WIDTH / days;
    let y_of = |id: &InvolvementId| all.iter().position(|held| held.id == *id).map(|at| TOP + at as i64 * ROW + 22);
    let rows = lines.iter().enumerate().map(|(at, (held, due_on))| {
        let involvement = &held.involvement;
        let (begins, ends) = (x(involvement.started_on), x(involvement.ended_on.unwrap_or(today)));
        let y = TOP + at as i64 * ROW + 22;
        let from_right = begins > LEFT + WIDTH * 6 / 10;
        let origin = involvement.linked.as_ref().and_then(|linked| y_of(&linked.involvement)).filter(|from| *from < y);
        Row {
            title: held.definition.definition.title.clone(),
            text_x: if from_right { begins.max(ends) } else { begins },
            text_y: y - 5,
            anchor: if from_right { "end" } else { "start" },
            x: begins,
            y,
            width: (ends - begins).max(4),
            is_open: involvement.ended_on.is_none(),
            due: due_on.map(|due_on| mark(x(due_on), short_date(due_on))),
            link: origin.map(|from| format!("M{begins} {}V{y}", from + 10)),
        }
    });
    let bottom = TOP + all.len() as i64 * ROW;
    Some(Line {
        height: bottom + 24,
        bottom,
        marks: marks(from, until).into_iter().map(|(date, label)| mark(x(date), label)).collect(),
        today: mark(x(today), "Today".into()),
        rows: rows.collect(),
    })
}

fn mark(x: i64, label: String) -> Mark {
    let anchor = match x {
        ..40 => "start",
        x if x > LEFT + WIDTH - 40 => "end",
        _ => "middle",
    };
    Mark { x, anchor, label }
}

/// First days of months, quarters or years, whichever are few enough.
fn marks(from: Date, until: Date) -> Vec<(Date, String)> {
    let first = from.with_day(1).unwrap_or(from);
    [1, 3, 6, 12, 24, 60]
        .into_iter()
        .map(|months| {
            let begins = first.checked_sub_months(Months::new(first.month0() % months)).unwrap_or(first);
            std::iter::successors(Some(begins), |date| date.checked_add_months(Months::new(months)))
                .skip_while(|date| *date < from)
                .take_while(|date| *date <= until)
                .map(|date| (date, date.format("%b %Y").to_string()))
                .collect::<Vec<_>>()
        })
        .find(|marks| marks.len() <= MARKS_MOST)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::date;

    #[test]
    fn a_scale_of_any_length_has_few_marks() {
        for days in [1, 40, 300, 1_000, 9_000] {
            let from = date(2020, 2, 29);
            let until = from + chrono::TimeDelta::days(days);
            let marks = marks(from, until);
            assert!(marks.len() <= MARKS_MOST, "{days}");
            assert!(marks.iter().all(|(date, _)| *date >= from && *date <= until && date.day() == 1));
        }
    }

    #[test]
    fn a_scale_of_a_year_is_marked_by_quarters() {
        let labels: Vec<String> =
            marks(date(2026, 1, 20), date(2026, 12, 20)).into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["Apr 2026", "Jul 2026", "Oct 2026"]);
    }
}
