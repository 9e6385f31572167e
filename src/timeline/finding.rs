//! A fault in a definition, worded for its author: what, where, and how to mend it.

use std::fmt::Write;

use serde::Serialize;

use super::source::{Source, Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The definition never goes live.
    Error,
    /// It may go live; somebody should look.
    Warning,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub check: &'static str,
    pub severity: Severity,
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub text: String,
    /// How to mend it, or "did you mean".
    pub mend: String,
    /// The line it stands on, or the part of a very long one around it, and how many characters of it are meant.
    #[serde(skip)]
    pub excerpt: String,
    /// How many characters of the excerpt stand before what is meant.
    #[serde(skip)]
    pub indent: usize,
    #[serde(skip)]
    pub width: usize,
}

impl Finding {
    pub fn at(
        source: &Source,
        span: Span,
        check: &'static str,
        severity: Severity,
        text: impl Into<String>,
        mend: impl Into<String>,
    ) -> Finding {
        let (line, column) = source.line_and_column(span.from);
        // A file may be one line of two megabytes; what is shown of it stays short.
        let skipped = if column > EXCERPT_MOST - 40 { column - 1 - EXCERPT_MOST / 2 } else { 0 };
        let excerpt: String = source.line(line).chars().skip(skipped).take(EXCERPT_MOST).collect();
        let indent = column - 1 - skipped;
        let meant = source.text.get(span.from..span.until).unwrap_or_default();
        let width = meant.lines().next().unwrap_or_default().chars().take(EXCERPT_MOST).count().max(1);
        Finding {
            check,
            severity,
            file: source.file.clone(),
            line,
            column,
            text: text.into(),
            mend: mend.into(),
            width: width.min(excerpt.chars().count().saturating_sub(indent).max(1)),
            excerpt,
            indent,
        }
    }

    pub(super) fn into_warning(self) -> Finding {
        Finding { severity: Severity::Warning, ..self }
    }

    /// As it is shown in a terminal or beside the source, with the place marked.
    pub fn picture(&self) -> String {
        let mut out = format!(
            "{}:{}:{}: {}[{}]: {}",
            self.file,
            self.line,
            self.column,
            self.severity.word(),
            self.check,
            self.text
        );
        let number = self.line.to_string();
        // Tabs would put the caret in the wrong place, and control characters could do worse to a terminal.
        let excerpt: String = self.excerpt.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let before = " ".repeat(self.indent);
        let carets = "^".repeat(self.width);
        let _ =
            write!(out, "\n  {number} | {excerpt}\n  {} | {before}{carets} {}", " ".repeat(number.len()), self.mend);
        out
    }
}

/// Characters of a line that are shown.
const EXCERPT_MOST: usize = 200;

/// Longer names are pasted in by mistake; nobody meant another one.
const NAME_MOST: usize = 80;

/// The name among some that somebody most likely meant, if one is close.
pub(super) fn closest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if wanted.len() > NAME_MOST {
        return None;
    }
    let allowed = |name: &str| 2.max(name.chars().count() / 4);
    names
        .filter(|name| name.len() <= NAME_MOST && name.len().abs_diff(wanted.len()) <= allowed(name))
        .map(|name| (strsim::damerau_levenshtein(wanted, name), name))
        .filter(|(distance, name)| *distance <= allowed(name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `; did you mean "x"?` to go on with after saying that a name is unknown; nothing if no other is close.
pub fn or_meant<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> String {
    closest(wanted, names).map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default()
}

/// `did you mean "x"?`, or what else to do.
pub(super) fn did_you_mean<'a>(wanted: &str, names: impl Iterator<Item = &'a str>, otherwise: &str) -> String {
    closest(wanted, names).map_or_else(|| otherwise.to_owned(), |name| format!("did you mean \"{name}\"?"))
}
