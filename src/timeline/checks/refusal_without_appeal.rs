//! A decision against the family goes out with its right of appeal.

use super::super::definition::Effect;
use super::super::finding::Finding;
use super::super::notice::NoticeContent;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "refusal-without-appeal";

const NEEDED: [NoticeContent; 3] =
    [NoticeContent::AppealRight, NoticeContent::AppealTimeLimit, NoticeContent::Mediation];

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let definition = context.definition;
    let mut findings = Vec::new();
    for (at, transition) in definition.transitions.iter().enumerate().filter(|(_, transition)| transition.refusal) {
        let sent = transition.does.iter().filter_map(|effect| match effect {
            Effect::Notice(name, _) => definition.notices.iter().find(|notice| notice.id == *name),
            _ => None,
        });
        let tells = sent.into_iter().any(|notice| NEEDED.iter().all(|needed| notice.contents.contains(needed)));
        if !tells {
            let text = format!(
                "\"{}\" refuses, but sends no notice with the right of appeal, its time limit and mediation",
                transition.id
            );
            let mend = "add `Notice(\"...\", [Family])` whose contents have AppealRight, AppealTimeLimit and Mediation";
            findings.push(context.finding(&[Field("transitions"), Item(at), Field("id")], text, mend));
        }
    }
    findings
}
