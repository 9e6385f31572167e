//! What a timeline asks of another is there: looked at over all the timelines of a folder.

use super::super::definition::{Definition, Effect, Fact};
use super::super::finding::{Finding, Severity, did_you_mean};
use super::super::parse::Checked;
use super::super::source::{Source, Step};
use super::Context;

pub const ID: &str = "unknown-link";

/// What one place asks of another timeline.
struct Asks<'a> {
    path: Vec<Step<'static>>,
    timeline: &'a str,
    transition: Option<&'a str>,
    carry: &'a [String],
}

/// Adds to each timeline what it asks of others that is not there. A warning: it can run without them, and whoever works
/// on the involvement is told what could not be done.
pub fn check_links(all: &mut [Checked]) {
    let definitions: Vec<Definition> = all.iter().filter_map(|checked| checked.definition.clone()).collect();
    for checked in all {
        let Some(definition) = &checked.definition else { continue };
        let found = findings(definition, &checked.source, &definitions);
        checked.findings.extend(found);
        checked.findings.sort_by_key(|finding| (finding.line, finding.column, finding.severity));
    }
}

fn findings(definition: &Definition, source: &Source, all: &[Definition]) -> Vec<Finding> {
    let context = Context::new(definition, source);
    let mut found = Vec::new();
    for asks in asked(&context) {
        let mut add = |field: &'static str, item: Option<usize>, text: String, mend: String| {
            let mut path = asks.path.clone();
            path.push(Step::Field(field));
            path.extend(item.map(Step::Item));
            found.push(Finding::at(source, source.span(&path), ID, Severity::Warning, text, mend));
        };
        let there = all.iter().filter(|other| other.id == asks.timeline).max_by_key(|other| other.version);
        let Some(there) = there else {
            let ids = all.iter().map(|other| other.id.as_str());
            let mend = did_you_mean(asks.timeline, ids, "put it into the same folder, or take this out");
            add("timeline", None, format!("no timeline is named \"{}\"", asks.timeline), mend);
            continue;
        };
        if let Some(name) = asks.transition {
            match there.transitions.iter().find(|transition| transition.id == name) {
                None => {
                    let names = there.transitions.iter().map(|transition| transition.id.as_str());
                    let mend = did_you_mean(name, names, "name one of its transitions");
                    add("transition", None, format!("\"{}\" has no transition \"{name}\"", there.id), mend);
                }
                Some(transition) if transition.does.iter().any(|effect| matches!(effect, Effect::Notice(..))) => {
                    let text = format!("\"{name}\" of \"{}\" sends a notice, and a person must confirm it", there.id);
                    add("transition", None, text, "name a transition that sends no notice".into());
                }
                Some(_) => {}
            }
        }
        for (item, name) in asks.carry.iter().enumerate() {
            let fact = |definition: &Definition| -> Option<Fact> {
                definition.facts.iter().find(|fact| fact.id == *name).cloned()
            };
            match (fact(definition), fact(there)) {
                (Some(here), Some(other)) if here.kind != other.kind => {
                    let text = format!("\"{name}\" is of another kind in \"{}\"", there.id);
                    add("carry", Some(item), text, "give both the same kind, with the same options".into());
                }
                (_, None) => {
                    let names = there.facts.iter().map(|fact| fact.id.as_str());
                    let mend = did_you_mean(name, names, "declare it there too, or do not carry it");
                    add("carry", Some(item), format!("\"{}\" has no fact \"{name}\"", there.id), mend);
                }
                _ => {}
            }
        }
    }
    found
}

fn asked<'a>(context: &Context<'a>) -> Vec<Asks<'a>> {
    let mut all = Vec::new();
    for (path, effects) in context.effects() {
        for (at, effect) in effects.iter().enumerate() {
            let path = [path.as_slice(), &[Step::Item(at)]].concat();
            match effect {
                Effect::Start { timeline, carry } => all.push(Asks { path, timeline, transition: None, carry }),
                Effect::Advance { timeline, transition, carry } => {
                    all.push(Asks { path, timeline, transition: Some(transition), carry });
                }
                _ => {}
            }
        }
    }
    for (at, link) in context.definition.links.iter().enumerate() {
        let path = vec![Step::Field("links"), Step::Item(at)];
        all.push(Asks { path, timeline: &link.timeline, transition: None, carry: &link.carry });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::check;

    const SOUND: &str = include_str!("../../../docs/checks/sound.ron");

    fn pictures(links: &str) -> Vec<String> {
        let end = SOUND.rfind(')').expect("a timeline ends with a bracket");
        let text = format!("{}    links: [\n{links}\n    ],\n)\n", &SOUND[..end]);
        let other = SOUND.replacen("id: \"small-process\"", "id: \"other\"", 1);
        let mut all = [check("sound.ron", text.as_bytes()), check("other.ron", other.as_bytes())];
        assert!(all[0].findings.is_empty(), "{:#?}", all[0].findings);
        check_links(&mut all);
        assert!(all[1].findings.is_empty());
        all[0].findings.iter().map(|finding| format!("{} -> {}", finding.text, finding.mend)).collect()
    }

    fn first_of(list: &str, field: &str) -> String {
        let rest = &SOUND[SOUND.find(&format!("{list}: [")).expect("the list is there")..];
        let rest = &rest[rest.find(field).expect("the field is there") + field.len()..];
        rest.split('"').next().expect("a name").to_owned()
    }

    #[test]
    fn a_link_that_leads_somewhere_is_no_finding() {
        let (state, fact) = (first_of("states", "id: \""), first_of("facts", "id: \""));
        let link = format!("Link(timeline: \"other\", label: \"x\", open_in: [\"{state}\"], carry: [\"{fact}\"]),");
        assert_eq!(pictures(&link), Vec::<String>::new());
    }

    #[test]
    fn a_timeline_that_is_not_there_is_named_with_the_one_that_was_meant() {
        let state = first_of("states", "id: \"");
        let link = format!("Link(timeline: \"othr\", label: \"x\", open_in: [\"{state}\"]),");
        assert_eq!(pictures(&link), ["no timeline is named \"othr\" -> did you mean \"other\"?"]);
    }
}
