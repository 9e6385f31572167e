//! A definition as a graph: states are nodes, transitions are edges. Names that nothing declares are left out, so that a
//! definition with findings can be drawn too.

use std::collections::HashMap;

use petgraph::Direction;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;

use super::definition::{Definition, State, Transition};

/// States and transitions of one definition. A node's index is the state's position in the document.
#[derive(Debug)]
pub struct Graph<'a> {
    pub definition: &'a Definition,
    /// Without the transitions that leave every open state: drawn one by one they would hide all others.
    pub ways: DiGraph<&'a State, &'a Transition>,
    /// Transitions that leave every open state, with the state they lead to.
    pub from_anywhere: Vec<(&'a Transition, NodeIndex)>,
    pub start: Option<NodeIndex>,
}

impl<'a> Graph<'a> {
    pub fn of(definition: &'a Definition) -> Graph<'a> {
        let mut ways = DiGraph::with_capacity(definition.states.len(), definition.transitions.len());
        let mut named = HashMap::new();
        for state in &definition.states {
            let node = ways.add_node(state);
            named.entry(state.id.as_str()).or_insert(node);
        }
        let mut from_anywhere = Vec::new();
        for transition in &definition.transitions {
            let Some(to) = named.get(transition.to.as_str()) else { continue };
            if transition.from_any_open_state {
                from_anywhere.push((transition, *to));
                continue;
            }
            let mut sources: Vec<NodeIndex> = Vec::new();
            for from in transition.from.iter().filter_map(|name| named.get(name.as_str()).copied()) {
                if !sources.contains(&from) {
                    sources.push(from);
                    ways.add_edge(from, *to, transition);
                }
            }
        }
        let start = named.get(definition.start.as_str()).copied();
        Graph { definition, ways, from_anywhere, start }
    }

    /// Transitions out of a state in document order, without those that leave every open state.
    pub fn out(&self, state: NodeIndex) -> Vec<(EdgeIndex, NodeIndex)> {
        let mut out: Vec<_> =
            self.ways.edges_directed(state, Direction::Outgoing).map(|edge| (edge.id(), edge.target())).collect();
        out.sort_unstable();
        out
    }

    /// The states from the start on, each after all that lead to it except by going back; and which edges go back.
    pub fn in_order(&self) -> (Vec<NodeIndex>, Vec<bool>) {
        #[derive(Clone, Copy, PartialEq)]
        enum Seen {
            Not,
            OnTheWay,
            Done,
        }
        let mut seen = vec![Seen::Not; self.ways.node_count()];
        let mut goes_back = vec![false; self.ways.edge_count()];
        let mut finished = Vec::with_capacity(seen.len());
        // The start is visited first; what it does not reach follows in document order.
        let roots: Vec<NodeIndex> = self.start.into_iter().chain(self.ways.node_indices()).collect();
        for root in roots {
            if seen[root.index()] != Seen::Not {
                continue;
            }
            seen[root.index()] = Seen::OnTheWay;
            let mut way = vec![(root, self.out(root).into_iter())];
            while let Some((node, out)) = way.last_mut() {
                match out.next() {
                    None => {
                        seen[node.index()] = Seen::Done;
                        finished.push(*node);
                        way.pop();
                    }
                    Some((edge, to)) => match seen[to.index()] {
                        Seen::OnTheWay => goes_back[edge.index()] = true,
                        Seen::Done => {}
                        Seen::Not => {
                            seen[to.index()] = Seen::OnTheWay;
                            way.push((to, self.out(to).into_iter()));
                        }
                    },
                }
            }
        }
        finished.reverse();
        (finished, goes_back)
    }
}
