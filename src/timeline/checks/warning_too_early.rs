//! No warning comes before the clock has begun.

use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "warning-too-early";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, clock) in context.definition.clocks.iter().enumerate() {
        let Some(limit) = clock.limit.approximate_days() else { continue };
        for (item, before) in clock.warn_before.iter().enumerate() {
            if before.approximate_days() >= limit {
                let text = format!(
                    "a warning {before} before the end of {} would come before the clock begins",
                    clock.limit.short_text()
                );
                let path = [Field("clocks"), Item(at), Field("warn_before"), Item(item)];
                findings.push(context.finding(&path, text, "warn later, or take it out"));
            }
        }
    }
    findings
}
