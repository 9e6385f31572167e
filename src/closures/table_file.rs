//! Closures and terms in a CSV file.

use super::import::{Found, Refused, Term};
use crate::calendar::{Closure, Date};
use crate::lines::{ends_lines_with_crlf, line_number};

/// The columns, each with the other names it goes by. Case, spaces and punctuation do not matter.
const COLUMNS: [(&str, &[&str]); 5] = [
    ("setting", &["school", "settingname", "schoolname", "name"]),
    ("closed_from", &["closedfrom", "closes", "closedon", "holidaystarts"]),
    ("reopens_on", &["reopenson", "reopens", "openson", "opensagain"]),
    ("term_starts", &["termstarts", "termfrom", "termbegins"]),
    ("term_ends", &["termends", "termuntil", "termto"]),
];

/// Reads a file whose first line names `setting` and either `closed_from` and `reopens_on`, or `term_starts` and
/// `term_ends`.
pub(super) fn read(text: &str, setting: Option<&str>) -> Result<Found, String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let crlf = ends_lines_with_crlf(text.as_bytes());
    let headers: Vec<String> = reader.headers().map_err(|error| error.to_string())?.iter().map(plain).collect();
    let at = |column: &str| {
        let (name, others) = COLUMNS.iter().find(|(name, _)| *name == column)?;
        headers.iter().position(|header| *header == plain(name) || others.contains(&header.as_str()))
    };
    let (from, until, of_terms) = match (at("closed_from"), at("reopens_on"), at("term_starts"), at("term_ends")) {
        (Some(from), Some(until), _, _) => (from, until, false),
        (_, _, Some(from), Some(until)) => (from, until, true),
        _ => {
            return Err(
                "the first line must name the columns setting, closed_from and reopens_on, or setting, term_starts \
                        and term_ends"
                    .into(),
            );
        }
    };
    let named = at("setting");
    if named.is_none() && setting.is_none() {
        return Err("the first line names no column setting; say whose dates these are with --setting".into());
    }
    let mut found = Found::default();
    for record in reader.into_records() {
        let (place, row) = match record {
            Ok(record) => {
                let place = record.position().map_or(0, |position| line_number(position, crlf));
                let setting = named.and_then(|at| record.get(at)).filter(|name| !name.is_empty()).or(setting);
                let row = row(setting, record.get(from), record.get(until));
                (place, row)
            }
            Err(error) => (error.position().map_or(0, |position| line_number(position, crlf)), Err(error.to_string())),
        };
        let place = format!("line {place}");
        match row {
            Ok((setting, from, until)) if of_terms => found.terms.push((place, Term { setting, from, until })),
            Ok((setting, from, reopens_on)) => found.closures.push((place, Closure { setting, from, reopens_on })),
            Err(why) => found.refused.push(Refused { place, why }),
        }
    }
    Ok(found)
}

fn row(setting: Option<&str>, from: Option<&str>, until: Option<&str>) -> Result<(String, Date, Date), String> {
    let setting = setting.ok_or("no setting is named")?;
    Ok((setting.to_owned(), date(from.unwrap_or_default())?, date(until.unwrap_or_default())?))
}

/// A date as 2026-07-18 or, as British spreadsheets write it, 18/07/2026.
fn date(text: &str) -> Result<Date, String> {
    let british = || Date::parse_from_str(text, "%d/%m/%Y").ok().filter(|_| text.len() == 10);
    let date = text.parse().ok().or_else(british);
    date.ok_or_else(|| format!("{text:?} is no date; write it as 2026-07-18 or 18/07/2026"))
}

fn plain(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
}
