//! No two things of one kind share an id.

use std::collections::HashSet;

use super::super::definition::FactKind;
use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;
use super::names::{AllNames, Names};

pub(super) const ID: &str = "duplicate-id";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let names = AllNames::of(context.definition);
    let mut findings = Vec::new();
    for (list, field, names) in lists(&names) {
        let mut seen = HashSet::new();
        for (at, id) in names.iter().enumerate() {
            if !seen.insert(id) {
                let text = format!("there is a {} named \"{id}\" already", names.kind);
                findings.push(context.finding(
                    &[Field(list), Item(at), Field(field)],
                    text,
                    "give it a name of its own",
                ));
            }
        }
    }
    for (at, fact) in context.definition.facts.iter().enumerate() {
        let FactKind::Choice(options) = &fact.kind else { continue };
        let mut seen = HashSet::new();
        for (item, option) in options.iter().enumerate().filter(|(_, option)| !seen.insert(&option.id)) {
            let path = [Field("facts"), Item(at), Field("kind"), Item(0), Item(item), Field("id")];
            let text = format!("\"{}\" has an option \"{}\" already", fact.id, option.id);
            findings.push(context.finding(&path, text, "give it a name of its own"));
        }
    }
    findings
}

/// Every list of things with ids: where it stands, the field of the id, and the ids.
pub(super) fn lists<'n, 'a>(names: &'n AllNames<'a>) -> [(&'static str, &'static str, &'n Names<'a>); 11] {
    [
        ("stages", "id", &names.stages),
        ("states", "id", &names.states),
        ("facts", "id", &names.facts),
        ("clocks", "id", &names.clocks),
        ("exemptions", "id", &names.exemptions),
        ("advice", "id", &names.advice),
        ("transitions", "id", &names.transitions),
        ("notices", "id", &names.notices),
        ("messages", "id", &names.messages),
        ("forms", "form", &names.forms),
        ("rules", "id", &names.rules),
    ]
}
