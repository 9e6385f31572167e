//! No two things of one kind share an id.

use std::collections::HashSet;

use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;
use super::names::{AllNames, Names};

pub(super) const ID: &str = "duplicate-id";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let names = AllNames::of(context.definition);
    let lists: [(&str, &str, &Names<'_>); 11] = [
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
    ];
    let mut findings = Vec::new();
    for (list, field, names) in lists {
        let mut seen = HashSet::new();
        for (at, id) in names.iter().enumerate() {
            if !seen.insert(id) {
                let text = format!("there is a {} named \"{id}\" already", names.kind);
                findings.push(context.finding(&[Field(list), Item(at), Field(field)], text, "give it a name of its own"));
            }
        }
    }
    findings
}
