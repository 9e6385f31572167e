//! What a person typed and sent: kept as it came, so that a page can show it again.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::calendar::{Date, date_from_parts};
use crate::timeline::lower_first;

/// The fields of a submitted form, in the order they came. A field that comes twice counts with its first value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// Reads `application/x-www-form-urlencoded` text; bytes that are not UTF-8 become replacement characters.
    pub fn parse(body: &[u8]) -> Form {
        Form {
            fields: form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
        }
    }

    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(held, _)| held == name).map_or("", |(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(held, _)| held == name).map(|(_, value)| value.as_str())
    }

    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// What may be given back or kept: everything that was typed but passwords, codes and the form's own tokens.
    pub fn worth_keeping(&self) -> Vec<(String, String)> {
        self.fields.iter().filter(|(name, _)| !is_token(name) && !is_secret(name)).cloned().collect()
    }

    /// Whether it holds a password or a code.
    pub fn has_secrets(&self) -> bool {
        self.fields.iter().any(|(name, _)| is_secret(name))
    }
}

fn is_token(name: &str) -> bool {
    matches!(name, "csrf" | "once" | "kept-form")
}

fn is_secret(name: &str) -> bool {
    matches!(name, "password" | "current-password" | "new-password" | "code" | "sealed")
}

/// Reads a form field by field and collects what is wrong, each mistake beside its field and on top of the page.
#[derive(Debug)]
pub struct Reading<'a> {
    form: &'a Form,
    pub errors: Errors,
}

/// Mistakes in what was typed, by field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Errors {
    /// In the order of the page, for the summary.
    pub list: Vec<FieldError>,
    pub by_field: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The id of the field to go to.
    pub field: String,
    pub text: String,
}

impl Errors {
    pub fn add(&mut self, field: &str, text: impl Into<String>) {
        let text = text.into();
        self.list.push(FieldError { field: field.to_owned(), text: text.clone() });
        self.by_field.entry(field.to_owned()).or_insert(text);
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl<'a> Reading<'a> {
    pub fn of(form: &'a Form) -> Reading<'a> {
        Reading { form, errors: Errors::default() }
    }

    /// Trimmed text that may be empty.
    pub fn text(&self, field: &str) -> String {
        self.form.get(field).trim().to_owned()
    }

    /// Text that must be there, with the message to show when it is not.
    pub fn needed(&mut self, field: &str, missing: &str) -> String {
        let text = self.text(field);
        if text.is_empty() {
            self.errors.add(field, missing);
        }
        text
    }

    /// The date of three boxes named `field-day`, `field-month` and `field-year`; `label` begins the messages.
    pub fn date(&mut self, field: &str, label: &str) -> Option<Date> {
        let part = |part: &str| self.form.get(&format!("{field}-{part}"));
        match date_from_parts(part("day"), part("month"), part("year")) {
            Ok(date) => date,
            Err(error) => {
                self.errors.add(field, format!("{label} {error}"));
                None
            }
        }
    }

    /// As [`Reading::date`], with a message when all boxes are empty.
    pub fn needed_date(&mut self, field: &str, label: &str) -> Option<Date> {
        let before = self.errors.list.len();
        let date = self.date(field, label);
        if date.is_none() && self.errors.list.len() == before {
            self.errors.add(field, format!("Enter {}", lower_first(label)));
        }
        date
    }

    /// The three boxes as they were typed, or the date they should start with.
    pub fn boxes(&self, field: &str) -> DateBoxes {
        let part = |part: &str| self.form.get(&format!("{field}-{part}")).to_owned();
        DateBoxes { day: part("day"), month: part("month"), year: part("year") }
    }
}

/// What stands in the three boxes of a date input.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DateBoxes {
    pub day: String,
    pub month: String,
    pub year: String,
}

impl DateBoxes {
    pub fn of(date: Option<Date>) -> DateBoxes {
        use chrono::Datelike;
        date.map_or_else(DateBoxes::default, |date| DateBoxes {
            day: date.day().to_string(),
            month: date.month().to_string(),
            year: date.year().to_string(),
        })
    }
}
