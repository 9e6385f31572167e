//! A timeline in the words of Mermaid, for wikis and pull requests that draw it themselves.

use std::fmt::Write;

use super::definition::Definition;
use super::graph::Graph;

/// The definition as a flowchart, a subgraph for each stage.
pub fn mermaid(definition: &Definition) -> String {
    let graph = Graph::of(definition);
    // Ids of our own: a state named "end" or "graph" would break Mermaid's.
    let node = |at: usize| format!("s{at}");
    let mut out = String::from("flowchart TD\n");
    for (at, stage) in definition.stages.iter().enumerate() {
        let _ = writeln!(out, "    subgraph g{at} [{}]", quoted(&stage.title));
        for (state, held) in definition.states.iter().enumerate().filter(|(_, state)| state.stage == stage.id) {
            let (open, close) = if held.ends.is_some() { ("([", "])") } else { ("(", ")") };
            let _ = writeln!(out, "        {}{open}{}{close}", node(state), quoted(&held.label));
        }
        out.push_str("    end\n");
    }
    if let Some(start) = graph.start {
        let _ = writeln!(out, "    start(( )) -->|{}| {}", quoted(&definition.started_label), node(start.index()));
    }
    if !graph.from_anywhere.is_empty() {
        out.push_str("    anywhere(\"From any open state\")\n");
    }
    let (_, goes_back) = graph.in_order();
    for edge in graph.ways.edge_indices() {
        let Some((from, to)) = graph.ways.edge_endpoints(edge) else { continue };
        let arrow = match (graph.ways[edge].automatic, goes_back[edge.index()]) {
            (_, true) => "-.->",
            (true, false) => "==>",
            (false, false) => "-->",
        };
        let label = quoted(&graph.ways[edge].label);
        let _ = writeln!(out, "    {} {arrow}|{label}| {}", node(from.index()), node(to.index()));
    }
    for (transition, to) in &graph.from_anywhere {
        let _ = writeln!(out, "    anywhere -->|{}| {}", quoted(&transition.label), node(to.index()));
    }
    out
}

/// A quoted label of Mermaid, where entities stand for what would end it or become markup.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        match letter {
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '`' => out.push_str("#96;"),
            letter => out.push(letter),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::check;

    #[test]
    fn what_happens_by_itself_is_a_thick_arrow_and_what_goes_back_a_dotted_one() {
        let text = include_str!("../../workflows/ehc-needs-assessment.ron");
        let definition = check("a.ron", text.as_bytes()).definition.expect("can be read");
        let mermaid = mermaid(&definition);
        assert!(mermaid.contains(" ==>|\"All advice is in\"| "), "{mermaid}");
        assert!(mermaid.contains(" -.->|\"Send a changed draft to the family\"| "), "{mermaid}");
        assert_eq!(quoted("a \"b\" #1 <i>"), "\"a #quot;b#quot; #35;1 #lt;i#gt;\"");
    }
}
