//! Closures from files: a table (CSV) or a calendar (ICS), of closures themselves or of terms with the gaps between them.

use std::io::Read;

use super::{Closures, calendar_file, checked, table_file};
use crate::calendar::{Closure, Date, written_date};
use crate::db::StoreError;
use crate::engine::Actor;

/// More than the calendars of every setting in the country.
const BYTES_MOST: u64 = 16 * 1024 * 1024;

/// What a file says, before it is checked.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub closures: Vec<(Place, Closure)>,
    /// First and last day of terms; what lies between two terms of a setting is a closure.
    pub terms: Vec<(Place, Term)>,
    pub refused: Vec<Refused>,
    /// Items that are neither a term nor a closure.
    pub ignored: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Term {
    pub setting: String,
    pub from: Date,
    pub until: Date,
}

/// Where in the file something stands: "line 3", "the event \"Summer holiday\"".
pub(super) type Place = String;

/// An item that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub place: String,
    pub why: String,
}

/// What came of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// In order of setting and date.
    pub closures: Vec<Closure>,
    /// How many of them were not known before; none when the file was only read.
    pub new: usize,
    pub refused: Vec<Refused>,
    pub ignored: usize,
}

/// Why a file was not read at all.
#[derive(Debug, thiserror::Error)]
pub enum ClosuresError {
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("it is larger than 16 MB")]
    TooLarge,
    #[error("it is not UTF-8 text; save it as \"CSV UTF-8\" or as an iCalendar file")]
    NotText,
    #[error("{0}")]
    File(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Closures {
    /// Reads a file and records what it says. Items that cannot be taken are reported and the others come in. `setting`
    /// is whose closures they are, where the file does not say. For a dry run see [`read`].
    ///
    /// # Errors
    /// When the file cannot be read at all, or the database cannot be asked.
    pub async fn import(
        &self,
        source: impl Read,
        setting: Option<&str>,
        by: &Actor,
    ) -> Result<Imported, ClosuresError> {
        let mut imported = read(source, setting)?;
        imported.new = self.record(&imported.closures, by).await?;
        Ok(imported)
    }
}

/// What a file says, checked.
///
/// # Errors
/// When it cannot be read at all.
pub fn read(source: impl Read, setting: Option<&str>) -> Result<Imported, ClosuresError> {
    let mut bytes = Vec::new();
    source.take(BYTES_MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > BYTES_MOST {
        return Err(ClosuresError::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|_| ClosuresError::NotText)?;
    let text = text.trim_start_matches('\u{feff}');
    let is_calendar = text.trim_start().get(..15).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCALENDAR"));
    let found = if is_calendar { calendar_file::read(text, setting) } else { table_file::read(text, setting) };
    found.map(sorted_out).map_err(ClosuresError::File)
}

fn sorted_out(found: Found) -> Imported {
    let mut imported = Imported { refused: found.refused, ignored: found.ignored, ..Imported::default() };
    let (between, overlapping) = between_terms(found.terms);
    imported.refused.extend(overlapping);
    for (place, closure) in found.closures.into_iter().chain(between) {
        match checked(closure) {
            Ok(closure) => imported.closures.push(closure),
            Err(fault) => imported.refused.push(Refused { place, why: fault.to_string() }),
        }
    }
    imported.closures.sort_by(|a, b| (&a.setting, a.from, a.reopens_on).cmp(&(&b.setting, b.from, b.reopens_on)));
    imported.closures.dedup();
    imported
}

/// The days between each term of a setting and its next.
fn between_terms(mut terms: Vec<(Place, Term)>) -> (Vec<(Place, Closure)>, Vec<Refused>) {
    terms.sort_by(|(_, a), (_, b)| (&a.setting, a.from).cmp(&(&b.setting, b.from)));
    let (mut closures, mut refused) = (Vec::new(), Vec::new());
    for pair in terms.windows(2) {
        let [(_, before), (place, after)] = pair else { continue };
        if before.setting != after.setting {
            continue;
        }
        if after.from <= before.until {
            let why = format!("this term begins before the last one ends on {}", written_date(before.until));
            refused.push(Refused { place: place.clone(), why });
            continue;
        }
        let first_day_closed = before.until.succ_opt().unwrap_or(before.until);
        if first_day_closed < after.from {
            let setting = after.setting.clone();
            closures.push((place.clone(), Closure { setting, from: first_day_closed, reopens_on: after.from }));
        }
    }
    (closures, refused)
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
