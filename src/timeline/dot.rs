//! A timeline in the words of Graphviz, for those who lay it out themselves.

use std::fmt::Write;

use super::definition::Definition;
use super::graph::Graph;

/// The definition as a `digraph`, a cluster for each stage.
pub fn dot(definition: &Definition) -> String {
    let graph = Graph::of(definition);
    let mut out = format!(
        "digraph {} {{\n    label={};\n    labelloc=t;\n    rankdir=TB;\n    node [shape=box, style=rounded, fontname=\"Arial\"];\n    edge [fontname=\"Arial\", fontsize=11];\n",
        quoted(&definition.id),
        quoted(&definition.title)
    );
    for (at, stage) in definition.stages.iter().enumerate() {
        let _ = write!(out, "    subgraph cluster_{at} {{\n        label={};\n", quoted(&stage.title));
        for state in definition.states.iter().filter(|state| state.stage == stage.id) {
            let shape = if state.ends.is_some() { ", shape=doubleoctagon" } else { "" };
            let _ = writeln!(out, "        {} [label={}{shape}];", quoted(&state.id), quoted(&state.label));
        }
        out.push_str("    }\n");
    }
    if let Some(start) = graph.start {
        let start = quoted(&graph.ways[start].id);
        let _ = write!(
            out,
            "    \"\" [shape=point, width=0.2];\n    \"\" -> {start} [label={}];\n",
            quoted(&definition.started_label)
        );
    }
    if !graph.from_anywhere.is_empty() {
        out.push_str("    \"*\" [label=\"From any open state\", style=\"rounded,dashed\"];\n");
    }
    let (_, goes_back) = graph.in_order();
    for edge in graph.ways.edge_indices() {
        let Some((from, to)) = graph.ways.edge_endpoints(edge) else { continue };
        let transition = graph.ways[edge];
        let style = match (transition.automatic, goes_back[edge.index()]) {
            (true, true) => ", style=\"bold,dashed\"",
            (true, false) => ", style=bold",
            (false, true) => ", style=dashed",
            (false, false) => "",
        };
        let (from, to) = (quoted(&graph.ways[from].id), quoted(&graph.ways[to].id));
        let _ = writeln!(out, "    {from} -> {to} [label={}{style}];", quoted(&transition.label));
    }
    for (transition, to) in &graph.from_anywhere {
        let _ = writeln!(out, "    \"*\" -> {} [label={}];", quoted(&graph.ways[*to].id), quoted(&transition.label));
    }
    out + "}\n"
}

/// A quoted string of Graphviz: only the quote ends it, and a backslash would begin an escape.
fn quoted(text: &str) -> String {
    let clean: String = text.chars().filter(|letter| !letter.is_control()).collect();
    format!("\"{}\"", clean.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::check;

    #[test]
    fn the_shipped_timeline_has_an_edge_for_every_transition() {
        let text = include_str!("../../workflows/ehc-needs-assessment.ron");
        let definition = check("a.ron", text.as_bytes()).definition.expect("can be read");
        let dot = dot(&definition);
        assert!(dot.contains(
            "    \"considering-request\" -> \"gathering-advice\" [label=\"Tell the family that we will assess\"];\n"
        ));
        assert!(
            dot.contains("    \"*\" -> \"request-withdrawn\" [label=\"Record that the request was withdrawn\"];\n")
        );
        for transition in &definition.transitions {
            assert!(dot.contains(&quoted(&transition.label)), "{}", transition.id);
        }
    }

    #[test]
    fn a_quote_in_a_label_stays_in_it() {
        assert_eq!(quoted("say \"no\"\\\n"), "\"say \\\"no\\\"\\\\\"");
    }
}
