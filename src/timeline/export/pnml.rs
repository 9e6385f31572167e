//! A workflow net in PNML (ISO/IEC 15909-2): a place for each state, one place before and one after everything.

use std::fmt::Write;

use super::{escaped, start, ways};
use crate::timeline::definition::Definition;

/// The definition as a place/transition net. One place `begin` leads to the start, and every end to the one place `end`, so
/// that tools for workflow nets can judge its soundness.
pub fn pnml(definition: &Definition) -> String {
    let title = escaped(&definition.title);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<pnml xmlns=\"http://www.pnml.org/version-2009/grammar/pnml\">\n\
         <net id=\"{}\" type=\"http://www.pnml.org/version-2009/grammar/ptnet\">\n<name><text>{title}</text></name>\n<page id=\"page\">\n",
        escaped(&definition.id)
    );
    let token = "<initialMarking><text>1</text></initialMarking>";
    let _ = writeln!(out, "<place id=\"begin\"><name><text>begin</text></name>{token}</place>");
    for (at, state) in definition.states.iter().enumerate() {
        let _ = writeln!(out, "<place id=\"p{at}\"><name><text>{}</text></name></place>", escaped(&state.id));
    }
    out.push_str("<place id=\"end\"><name><text>end</text></name></place>\n");
    let mut arcs = String::new();
    let mut arc = |number: usize, from: &str, to: &str| {
        let _ = writeln!(arcs, "<arc id=\"a{number}-{from}-{to}\" source=\"{from}\" target=\"{to}\"/>");
    };
    if let Some(first) = start(definition) {
        let name = escaped(&definition.started_label);
        let _ = writeln!(out, "<transition id=\"start\"><name><text>{name}</text></name></transition>");
        arc(0, "begin", "start");
        arc(0, "start", &format!("p{first}"));
    }
    for (number, (from, to, transition)) in ways(definition).into_iter().enumerate() {
        let _ = writeln!(
            out,
            "<transition id=\"t{number}\"><name><text>{}</text></name></transition>",
            escaped(&transition.id)
        );
        arc(number, &format!("p{from}"), &format!("t{number}"));
        arc(number, &format!("t{number}"), &format!("p{to}"));
    }
    for (at, state) in definition.states.iter().enumerate().filter(|(_, state)| state.ends.is_some()) {
        let name = escaped(&format!("end at {}", state.id));
        let _ = writeln!(out, "<transition id=\"e{at}\"><name><text>{name}</text></name></transition>");
        arc(at, &format!("p{at}"), &format!("e{at}"));
        arc(at, &format!("e{at}"), "end");
    }
    // The file's final marking, as process-mining tools read it.
    format!(
        "{out}{arcs}</page>\n<finalmarkings><marking><place idref=\"end\"><text>1</text></place></marking></finalmarkings>\n</net>\n</pnml>\n"
    )
}
