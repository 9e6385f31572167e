//! A timeline's graph in the formats of other programs: a Petri net, a state chart, a BPMN process.
//!
//! All three carry states, transitions, start and ends. Conditions, limits and advice are left out: they depend on facts
//! and days, which these formats do not know; a condition stands as a comment where the format has a place for one.

mod bpmn;
mod pnml;
mod scxml;

pub use bpmn::bpmn;
pub use pnml::pnml;
pub use scxml::scxml;

use super::definition::{Definition, Transition};
use super::draw::escaped;

/// Every way from a state to a state, by their positions, in document order; a transition that leaves every open state is
/// there once for each.
fn ways(definition: &Definition) -> Vec<(usize, usize, &Transition)> {
    let at = |name: &String| definition.states.iter().position(|state| state.id == *name);
    let mut ways = Vec::new();
    for transition in &definition.transitions {
        let Some(to) = at(&transition.to) else { continue };
        let mut from: Vec<usize> = if transition.from_any_open_state {
            (0..definition.states.len()).filter(|at| definition.states[*at].ends.is_none()).collect()
        } else {
            transition.from.iter().filter_map(at).collect()
        };
        from.sort_unstable();
        from.dedup();
        ways.extend(from.into_iter().map(|from| (from, to, transition)));
    }
    ways
}

fn start(definition: &Definition) -> Option<usize> {
    definition.states.iter().position(|state| state.id == definition.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::check;

    fn shipped() -> Vec<Definition> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
        let files =
            std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path());
        let files = files.filter(|file| file.extension().is_some_and(|ending| ending == "ron"));
        files
            .map(|file| {
                check("shipped.ron", &std::fs::read(file).expect("it can be read")).definition.expect("it is sound")
            })
            .collect()
    }

    /// Whether tags open and close in order; enough to see that nothing was left unescaped.
    fn is_well_formed(xml: &str) {
        let mut open: Vec<&str> = Vec::new();
        for tag in xml.split('<').skip(1) {
            let (tag, text) = tag.split_once('>').expect("a tag ends");
            assert!(!text.contains('>'), "{text}");
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name), "{tag}");
            } else if !tag.ends_with('/') && !tag.starts_with('?') && !tag.starts_with("!--") {
                open.push(tag.split_whitespace().next().expect("a tag has a name"));
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }

    #[test]
    fn every_shipped_timeline_is_well_formed_in_every_format_and_has_every_way() {
        for definition in shipped() {
            let ways = ways(&definition).len();
            for xml in [pnml(&definition), scxml(&definition), bpmn(&definition)] {
                is_well_formed(&xml);
            }
            assert_eq!(scxml(&definition).matches("<transition ").count(), ways, "{}", definition.id);
            let ends = definition.states.iter().filter(|state| state.ends.is_some()).count();
            assert_eq!(pnml(&definition).matches("<transition ").count(), ways + ends + 1, "{}", definition.id);
            assert_eq!(bpmn(&definition).matches("<endEvent ").count(), ends, "{}", definition.id);
        }
    }

    #[test]
    fn hostile_labels_stay_text() {
        let mut definition = shipped().swap_remove(0);
        let hostile = "\"><script>&'\u{0}\u{FFFE}]]> -- é".to_owned();
        definition.title.clone_from(&hostile);
        definition.states[0].label.clone_from(&hostile);
        definition.transitions[0].label.clone_from(&hostile);
        for xml in [pnml(&definition), scxml(&definition), bpmn(&definition)] {
            is_well_formed(&xml);
            assert!(!xml.contains("<script") && !xml.contains('\u{0}'));
        }
    }
}
