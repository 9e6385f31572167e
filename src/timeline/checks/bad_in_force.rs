//! A version is numbered, and in force for a time that exists.

use super::super::finding::Finding;
use super::super::source::Step::Field;
use super::context::Context;
use crate::calendar::is_plausible;

pub(super) const ID: &str = "bad-in-force";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let definition = context.definition;
    let mut findings = Vec::new();
    if definition.version == 0 {
        findings.push(context.finding(&[Field("version")], "versions begin with 1", "write `version: 1`"));
    }
    let in_force = &definition.in_force;
    if !is_plausible(in_force.from) {
        let path = [Field("in_force"), Field("from")];
        findings.push(context.finding(
            &path,
            "no law of ours is in force from then",
            "write a date between 1900 and 2100",
        ));
    }
    if in_force.until.is_some_and(|until| until < in_force.from) {
        let path = [Field("in_force"), Field("until")];
        findings.push(context.finding(&path, "it is over before it begins", "write a date on or after `from`"));
    }
    findings
}
