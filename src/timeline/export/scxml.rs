//! A state chart in SCXML (W3C, 2015): states by their ids, transitions by the event of their own id.

use std::fmt::Write;

use super::{escaped, ways};
use crate::timeline::definition::Definition;
use crate::timeline::describe::guard_in_words;

/// The definition as a flat state chart. A transition that fires by itself has an event too: when its condition holds is
/// for the engine to say, and what it said can be played back here.
pub fn scxml(definition: &Definition) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" version=\"1.0\" name=\"{}\" initial=\"{}\">\n",
        name(&definition.id),
        escaped(&definition.start)
    );
    let ways = ways(definition);
    for (at, state) in definition.states.iter().enumerate() {
        let id = escaped(&state.id);
        if state.ends.is_some() {
            let _ = writeln!(out, "<final id=\"{id}\"/>");
            continue;
        }
        let _ = writeln!(out, "<state id=\"{id}\">");
        for (_, to, transition) in ways.iter().filter(|(from, ..)| *from == at) {
            if let Some(guard) = &transition.when {
                // Two hyphens would end the comment.
                let words = escaped(&guard_in_words(definition, guard)).replace("--", "- -");
                let _ = writeln!(out, "  <!-- when: {} -->", words.trim_end_matches('-'));
            }
            let target = escaped(&definition.states[*to].id);
            let _ = writeln!(out, "  <transition event=\"{}\" target=\"{target}\"/>", escaped(&transition.id));
        }
        out.push_str("</state>\n");
    }
    out + "</scxml>\n"
}

/// The id as a word of a programming language: SCION makes a function of that name, which a hyphen would break.
fn name(id: &str) -> String {
    let word: String = id.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    if word.starts_with(|first: char| first.is_ascii_digit()) { format!("_{word}") } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_chart_can_name_a_function() {
        assert_eq!(name("ehc-needs-assessment"), "ehc_needs_assessment");
        assert_eq!(name("2020-\"><i>"), "_2020____i_");
    }
}
