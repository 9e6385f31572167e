//! Where two transitions fire by themselves, their guards exclude each other.

use super::super::definition::Guard;
use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::FINDINGS_MOST;
use super::context::Context;
use super::satisfiable::can_hold_together;

pub(super) const ID: &str = "automatic-overlap";

/// No state of ours has more transitions that fire by themselves than this.
const PAIRS_MOST: usize = 50;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let transitions = &context.definition.transitions;
    let mut findings = Vec::new();
    let mut reported = std::collections::HashSet::new();
    for (state, out) in context.out.iter().enumerate() {
        let automatic: Vec<usize> = out.iter().map(|(at, _)| *at).filter(|at| transitions[*at].automatic).collect();
        for (position, later) in automatic.iter().enumerate() {
            for earlier in automatic[..position].iter().take(PAIRS_MOST) {
                if findings.len() > FINDINGS_MOST {
                    return findings;
                }
                let guards: Vec<&Guard> =
                    [earlier, later].iter().filter_map(|at| transitions[**at].when.as_ref()).collect();
                if can_hold_together(context, &guards) == Some(true) && reported.insert((*earlier, *later)) {
                    let text = format!(
                        "\"{}\" and \"{}\" can both fire by themselves from \"{}\"; the one written first would win",
                        transitions[*earlier].id,
                        transitions[*later].id,
                        context.state_at(state).id
                    );
                    let path = [Field("transitions"), Item(*later), Field("id")];
                    findings.push(context.finding(&path, text, "make their `when` exclude each other"));
                }
            }
        }
    }
    findings
}
