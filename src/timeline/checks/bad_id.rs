//! Ids can stand in addresses and file names.

use super::super::finding::Finding;
use super::super::source::Step::{self, Field, Item};
use super::context::Context;
use super::duplicate_id::lists;
use super::names::AllNames;

pub(super) const ID: &str = "bad-id";

const LETTERS_MOST: usize = 60;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let names = AllNames::of(context.definition);
    let mut findings = Vec::new();
    let mut look = |id: &str, path: &[Step<'_>]| {
        if !is_plain(id) {
            let shown: String = id.chars().take(LETTERS_MOST).collect();
            let text = format!("\"{shown}\" cannot be an id");
            let mend = "write up to 60 small letters, digits and hyphens, a letter first";
            findings.push(context.finding(path, text, mend));
        }
    };
    look(&context.definition.id, &[Field("id")]);
    for (list, field, names) in lists(&names) {
        for (at, id) in names.iter().enumerate() {
            look(id, &[Field(list), Item(at), Field(field)]);
        }
    }
    findings
}

fn is_plain(id: &str) -> bool {
    id.starts_with(|letter: char| letter.is_ascii_lowercase())
        && id.len() <= LETTERS_MOST
        && id.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
}
