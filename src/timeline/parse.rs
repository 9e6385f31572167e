//! Reads a definition from text and says everything that is wrong with its shape at once.

use ron::extensions::Extensions;

use super::checks;
use super::definition::Definition;
use super::describe::lower_first;
use super::finding::{Finding, Severity, closest};
use super::source::{Source, Span};

/// More than any process needs, and little enough to read at once.
pub const BYTES_MOST: usize = 2 * 1024 * 1024;

/// After this many faults of shape the rest would only repeat them.
const FAULTS_MOST: usize = 25;

/// A definition that was read, with everything that is wrong with it.
#[derive(Debug, Clone)]
pub struct Checked {
    /// There unless the file as a whole could not be read.
    pub definition: Option<Definition>,
    pub findings: Vec<Finding>,
    pub source: Source,
}

impl Checked {
    /// It may go live.
    pub fn is_sound(&self) -> bool {
        self.definition.is_some() && !self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Reads and checks a timeline. `file` is its name in findings.
pub fn check(file: &str, bytes: &[u8]) -> Checked {
    let source = match readable(file, bytes) {
        Ok(source) => source,
        Err(unreadable) => return *unreadable,
    };
    let (definition, mut findings) = read(&source);
    if let Some(definition) = &definition {
        // What was left out to read on must not be reported as missing too.
        let is_whole = findings.is_empty();
        findings.extend(checks::all(definition, &source, is_whole));
    }
    findings.sort_by_key(|finding| (finding.line, finding.column, finding.severity));
    Checked { definition, findings, source }
}

fn readable(file: &str, bytes: &[u8]) -> Result<Source, Box<Checked>> {
    let refuse = |source: Source, at: usize, check, text: String, mend: &str| {
        let span = Span { from: at, until: at };
        let finding = Finding::at(&source, span, check, Severity::Error, text, mend);
        Err(Box::new(Checked { definition: None, findings: vec![finding], source }))
    };
    if bytes.len() > BYTES_MOST {
        let text = format!("the file has {} kB; the most is {} kB", bytes.len() / 1024, BYTES_MOST / 1024);
        return refuse(
            Source::new(file, ""),
            0,
            "too-large",
            text,
            "split the process, or look for something pasted in by mistake",
        );
    }
    match std::str::from_utf8(bytes) {
        // Editors on Windows write a mark before the text; it means nothing.
        Ok(text) => Ok(Source::new(file, text.strip_prefix('\u{feff}').unwrap_or(text))),
        Err(error) => {
            let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            let at = good.len();
            refuse(
                Source::new(file, good),
                at,
                "not-utf-8",
                "the file is not UTF-8 text from here on".into(),
                "save it as UTF-8",
            )
        }
    }
}

/// Reads the text; each faulty item is reported and left out, so that the next fault shows too.
fn read(source: &Source) -> (Option<Definition>, Vec<Finding>) {
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let mut findings: Vec<Finding> = Vec::new();
    let mut text = source.text.clone();
    loop {
        let error = match options.from_str::<Definition>(&text) {
            Ok(definition) => return (Some(definition), findings),
            Err(error) => error,
        };
        let from = source.byte_at(error.span.start.line, error.span.start.col);
        let until = source.byte_at(error.span.end.line, error.span.end.col).max(from);
        let item = Source::new("", text.as_str()).item_around(from.min(text.len().saturating_sub(1)));
        let item = item.filter(|_| is_of_shape(&error.code));
        findings.push(shape_finding(source, Span { from, until }, &error.code, item.is_some()));
        let Some(item) = item.filter(|_| findings.len() < FAULTS_MOST) else {
            return (None, findings);
        };
        blank(&mut text, item);
    }
}

/// Whether the fault lies in one value, and the rest of the file can still be read.
fn is_of_shape(error: &ron::error::Error) -> bool {
    use ron::error::Error;
    matches!(
        error,
        Error::Message(_)
            | Error::InvalidValueForType { .. }
            | Error::ExpectedDifferentLength { .. }
            | Error::NoSuchEnumVariant { .. }
            | Error::NoSuchStructField { .. }
            | Error::MissingStructField { .. }
            | Error::DuplicateStructField { .. }
            | Error::ExpectedString
            | Error::ExpectedInteger
            | Error::ExpectedBoolean
            | Error::ExpectedArray
            | Error::ExpectedStructLike
            | Error::ExpectedNamedStructLike(_)
            | Error::ExpectedDifferentStructName { .. }
            | Error::IntegerOutOfBounds
    )
}

/// Overwrites an item and the comma behind it with spaces, so that every other position stays.
fn blank(text: &mut String, item: Span) {
    let mut until = item.until;
    let behind = &text[until..];
    let gap = behind.len() - behind.trim_start().len();
    if behind.trim_start().starts_with(',') {
        until += gap + 1;
    }
    let blanked: String = text[item.from..until].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(item.from..until, &blanked);
}

fn shape_finding(source: &Source, span: Span, error: &ron::error::Error, in_item: bool) -> Finding {
    use ron::error::Error;
    let near = |found: &str, expected: &[&'static str]| {
        closest(found, expected.iter().copied()).map(|name| format!("did you mean `{name}`?"))
    };
    let list = |expected: &[&'static str]| format!("write one of: {}", expected.join(", "));
    let (check, text, mend) = match error {
        Error::NoSuchStructField { expected, found, outer } => (
            "unknown-field",
            format!("{} has no field `{found}`", outer.as_deref().unwrap_or("this")),
            near(found, expected).unwrap_or_else(|| list(expected)),
        ),
        Error::NoSuchEnumVariant { expected, found, outer } => (
            "unknown-word",
            format!("`{found}` is not one of the words for {}", outer.as_deref().unwrap_or("this")),
            near(found, expected).unwrap_or_else(|| list(expected)),
        ),
        Error::MissingStructField { field, outer } => (
            "missing-field",
            format!("{} lacks `{field}`", outer.as_deref().unwrap_or("this")),
            format!("add `{field}: ...`"),
        ),
        Error::DuplicateStructField { field, .. } => {
            ("duplicate-field", format!("`{field}` is given twice"), "keep one of them".into())
        }
        other if in_item => (
            "wrong-type",
            lower_first(&other.to_string()),
            "write a value of the kind that stands in the items around it".into(),
        ),
        other => (
            "syntax",
            lower_first(&other.to_string()),
            "mend the text here or just before it; what follows could not be read".into(),
        ),
    };
    Finding::at(source, span, check, Severity::Error, text, mend)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../workflows/ehc-needs-assessment.ron");

    fn pictures(text: &str) -> Vec<String> {
        check("a.ron", text.as_bytes()).findings.iter().map(Finding::picture).collect()
    }

    #[test]
    fn the_shipped_timeline_has_no_findings() {
        assert_eq!(pictures(SHIPPED), Vec::<String>::new());
    }

    #[test]
    fn a_wrong_name_is_shown_with_its_place_and_what_was_meant() {
        let text = SHIPPED.replacen("to: \"gathering-advice\"", "to: \"gathering-advise\"", 1);
        let picture = pictures(&text).into_iter().find(|picture| picture.contains("[unknown-name]")).expect("found");
        assert!(picture.contains("error[unknown-name]: no state is named \"gathering-advise\""), "{picture}");
        assert!(picture.ends_with("^^^^^^^^^^^^^^^^^^ did you mean \"gathering-advice\"?"), "{picture}");
    }

    #[test]
    fn every_fault_of_shape_is_reported_at_once() {
        let text = SHIPPED.replacen("waiting_on: Advisers,", "waiting_for: Advisers,", 1).replacen(
            "by: [Caseworker, SendManager], needs: [\"evidence-missing\"]",
            "by: [Casewerker], needs: [\"evidence-missing\"]",
            1,
        );
        let found = check("a.ron", text.as_bytes()).findings;
        let ids: Vec<&str> = found.iter().map(|finding| finding.check).collect();
        assert_eq!(ids, ["unknown-field", "unknown-word"], "{found:#?}");
        assert_eq!(found[0].mend, "did you mean `waiting_on`?");
        assert_eq!(found[1].mend, "did you mean `Caseworker`?");
    }

    #[test]
    fn hostile_files_are_refused_quickly_and_clearly() {
        let deep = "[".repeat(1_000_000);
        for (bytes, id) in [
            (deep.as_bytes(), "syntax"),
            (b"Timeline(id: \"\xff\")".as_slice(), "not-utf-8"),
            (b"".as_slice(), "syntax"),
            (b"\0\0\0".as_slice(), "syntax"),
            (vec![b' '; 3 * 1024 * 1024].as_slice(), "too-large"),
            (b"\xef\xbb\xbfTimeline(".as_slice(), "syntax"),
        ] {
            let checked = check("a.ron", bytes);
            assert!(!checked.is_sound());
            assert_eq!(checked.findings.iter().map(|finding| finding.check).collect::<Vec<_>>(), [id]);
        }
    }
}
