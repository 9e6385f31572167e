//! Form fields as the partial `parts/field` shows them.

use serde::Serialize;

use super::form::{DateBoxes, Errors, Form, Reading};
use crate::calendar::Date;
use crate::timeline::{Fact, FactKind, Value};

/// One field of a form, whichever kind it is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Field {
    pub id: String,
    pub label: String,
    pub hint: Option<String>,
    pub error: Option<String>,
    pub value: String,
    pub boxes: DateBoxes,
    pub options: Vec<FieldOption>,
    pub rows: u8,
    pub autocomplete: Option<String>,
    pub is_date: bool,
    pub is_text: bool,
    pub is_textarea: bool,
    pub is_radios: bool,
    pub is_select: bool,
    pub is_checkboxes: bool,
    pub is_password: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct FieldOption {
    pub id: String,
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Field {
    fn named(id: &str, label: &str) -> Field {
        Field { id: id.to_owned(), label: label.to_owned(), rows: 5, ..Field::default() }
    }

    pub fn date(id: &str, label: &str, date: Option<Date>) -> Field {
        Field { is_date: true, boxes: DateBoxes::of(date), ..Field::named(id, label) }
    }

    pub fn text(id: &str, label: &str, value: &str) -> Field {
        Field { is_text: true, value: value.to_owned(), ..Field::named(id, label) }
    }

    /// A password, which is never shown again; `autocomplete` tells password managers which one is meant.
    pub fn password(id: &str, label: &str, autocomplete: &str) -> Field {
        Field { is_password: true, autocomplete: Some(autocomplete.to_owned()), ..Field::named(id, label) }
    }

    pub fn textarea(id: &str, label: &str, value: &str) -> Field {
        Field { is_textarea: true, value: value.to_owned(), ..Field::named(id, label) }
    }

    /// Options are value and label; `chosen` is the value that stands.
    pub fn radios(id: &str, label: &str, options: &[(String, String)], chosen: &str) -> Field {
        let options = options.iter().enumerate().map(|(at, (value, label))| FieldOption {
            // The first carries the field's own id, so that the error summary leads to it.
            id: if at == 0 { id.to_owned() } else { format!("{id}-{}", at + 1) },
            value: value.clone(),
            label: label.clone(),
            chosen: value == chosen,
        });
        Field { is_radios: true, options: options.collect(), ..Field::named(id, label) }
    }

    pub fn select(id: &str, label: &str, options: &[(String, String)], chosen: &str) -> Field {
        Field { is_radios: false, is_select: true, ..Field::radios(id, label, options, chosen) }
    }

    /// Several can be ticked; none is at first.
    pub fn checkboxes(id: &str, label: &str, options: &[(String, String)]) -> Field {
        Field { is_radios: false, is_checkboxes: true, ..Field::radios(id, label, options, "") }
    }

    pub fn hint(self, hint: impl Into<String>) -> Field {
        Field { hint: Some(hint.into()), ..self }
    }

    /// The field of a fact, with the value that is known.
    pub fn of_fact(fact: &Fact, known: Option<&Value>) -> Field {
        let id = fact_field(&fact.id);
        let text = known.map(fact_text).unwrap_or_default();
        let field = match &fact.kind {
            FactKind::Date => {
                let date = if let Some(Value::Date(date)) = known { Some(*date) } else { None };
                Field::date(&id, &fact.label, date)
            }
            FactKind::YesNo => {
                let options = [("yes".to_owned(), "Yes".to_owned()), ("no".to_owned(), "No".to_owned())];
                Field::radios(&id, &fact.label, &options, &text)
            }
            FactKind::Text => Field { rows: 3, ..Field::textarea(&id, &fact.label, &text) },
            FactKind::Number { .. } => Field::text(&id, &fact.label, &text),
            FactKind::Choice(options) => {
                let options: Vec<_> = options.iter().map(|option| (option.id.clone(), option.label.clone())).collect();
                Field::radios(&id, &fact.label, &options, &text)
            }
        };
        Field { hint: fact.hint.clone(), ..field }
    }

    /// The field with what was typed in it and what is wrong with that.
    pub fn typed(mut self, form: &Form, errors: &Errors) -> Field {
        if self.is_date {
            let part = |part: &str| form.get(&format!("{}-{part}", self.id)).to_owned();
            self.boxes = DateBoxes { day: part("day"), month: part("month"), year: part("year") };
        } else {
            self.value = form.get(&self.id).to_owned();
            let sent: Vec<&str> = form.all(&self.id).take(if self.is_checkboxes { usize::MAX } else { 1 }).collect();
            for option in &mut self.options {
                option.chosen = sent.contains(&option.value.as_str());
            }
        }
        self.error = errors.by_field.get(&self.id).cloned();
        self
    }
}

/// The name of a fact's field: facts never collide with the form's other fields.
pub fn fact_field(fact: &str) -> String {
    format!("fact-{fact}")
}

/// The facts that were typed; one that was left empty is left out.
pub fn read_facts<'a>(
    reading: &mut Reading<'_>,
    form: &Form,
    facts: impl IntoIterator<Item = &'a Fact>,
) -> Vec<(String, Value)> {
    let mut read = Vec::new();
    for fact in facts {
        let field = fact_field(&fact.id);
        let text = form.get(&field).trim();
        let value = match &fact.kind {
            FactKind::Date => reading.date(&field, &fact.label).map(Value::Date),
            _ if text.is_empty() => None,
            FactKind::YesNo => Some(Value::YesNo(text == "yes")),
            FactKind::Text => Some(Value::Text(text.to_owned())),
            FactKind::Choice(_) => Some(Value::Choice(text.to_owned())),
            FactKind::Number { min, max } => match text.parse() {
                Ok(number) => Some(Value::Number(number)),
                Err(_) => {
                    reading.errors.add(&field, format!("{} must be a number from {min} to {max}", fact.label));
                    None
                }
            },
        };
        read.extend(value.map(|value| (fact.id.clone(), value)));
    }
    read
}

fn fact_text(value: &Value) -> String {
    match value {
        Value::Date(date) => date.to_string(),
        Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Text(text) | Value::Choice(text) => text.clone(),
        Value::Number(number) => number.to_string(),
    }
}
