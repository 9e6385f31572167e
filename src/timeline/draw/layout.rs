//! Which box stands where: stages are bands from top to bottom, states follow each other inside their band, and ends
//! stand to the right of what leads to them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use petgraph::graph::NodeIndex;

use super::super::definition::WaitingOn;
use super::super::graph::Graph;
use super::text;

pub(super) const BOX_WIDTH: i32 = 184;
pub(super) const LABEL_SIZE: i32 = 12;
const TITLE_SIZE: i32 = 14;
/// More boxes side by side than this would not fit on a page.
const COLUMNS_MOST: usize = 4;
/// Labels beside a box break at this width.
const SIDE_LABEL_WIDTH: i32 = 138;
/// Labels below a box have more room.
const DOWN_LABEL_WIDTH: i32 = 210;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    State(NodeIndex),
    /// Stands for every state that is not an end.
    AnyOpenState,
}

/// A box and its place in the grid.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub what: What,
    pub row: usize,
    pub column: usize,
    pub title: Vec<String>,
    pub note: Option<String>,
    pub is_end: bool,
}

impl Cell {
    pub fn text_height(&self) -> i32 {
        let note = if self.note.is_some() { 16 } else { 0 };
        i32::try_from(self.title.len()).unwrap_or(1) * 18 + note + 18
    }
}

/// The rows of one stage.
#[derive(Debug, Clone)]
pub(super) struct Band {
    pub title: String,
    pub first_row: usize,
    pub rows: usize,
}

/// An arrow: every transition that leads from one box to another.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub from: usize,
    pub to: usize,
    pub labels: Vec<Label>,
}

#[derive(Debug, Clone)]
pub(super) struct Label {
    pub text: String,
    pub is_automatic: bool,
}

impl Link {
    /// The lines beside the arrow, each with whether it happens by itself.
    pub fn lines(&self, goes_down: bool) -> Vec<(String, bool)> {
        let width = if goes_down { DOWN_LABEL_WIDTH } else { SIDE_LABEL_WIDTH };
        let many = self.labels.len() > 1;
        let mut lines = Vec::new();
        for label in self.labels.iter().take(LABELS_MOST) {
            let by_itself = if label.is_automatic { " (by itself)" } else { "" };
            let text = format!("{}{}{by_itself}", if many { "· " } else { "" }, label.text);
            lines.extend(
                text::lines(&text, LABEL_SIZE, false, width).into_iter().map(|line| (line, label.is_automatic)),
            );
        }
        if self.labels.len() > LABELS_MOST {
            lines.push((format!("· and {} more", self.labels.len() - LABELS_MOST), false));
        }
        lines
    }

    pub fn is_automatic(&self) -> bool {
        self.labels.iter().all(|label| label.is_automatic)
    }
}

/// Transitions between the same two states that are written out.
const LABELS_MOST: usize = 5;

#[derive(Debug)]
pub(super) struct Layout {
    pub cells: Vec<Cell>,
    pub bands: Vec<Band>,
    pub links: Vec<Link>,
    pub rows: usize,
    pub columns: usize,
    pub cell_of: HashMap<NodeIndex, usize>,
}

impl Layout {
    pub fn of(graph: &Graph<'_>) -> Layout {
        let layers = layers(graph);
        let mut layout = Layout {
            cells: Vec::new(),
            bands: Vec::new(),
            links: Vec::new(),
            rows: 0,
            columns: 1,
            cell_of: HashMap::new(),
        };
        let mut members: Vec<Vec<NodeIndex>> = vec![Vec::new(); graph.definition.stages.len() + 1];
        let stages: HashMap<&str, usize> =
            graph.definition.stages.iter().enumerate().rev().map(|(at, stage)| (stage.id.as_str(), at)).collect();
        for node in graph.ways.node_indices() {
            let none = graph.definition.stages.len();
            members[*stages.get(graph.ways[node].stage.as_str()).unwrap_or(&none)].push(node);
        }
        for (at, members) in members.iter().enumerate().filter(|(_, members)| !members.is_empty()) {
            let title = graph.definition.stages.get(at).map_or("No stage", |stage| stage.title.as_str());
            layout.place_band(graph, title, members, &layers);
        }
        layout.link(graph);
        layout
    }

    fn place_band(&mut self, graph: &Graph<'_>, title: &str, members: &[NodeIndex], layers: &[usize]) {
        let first_row = self.rows;
        let (ends, on_the_way): (Vec<NodeIndex>, Vec<NodeIndex>) =
            members.iter().partition(|node| graph.ways[**node].ends.is_some());
        let mut by_layer: BTreeMap<usize, Vec<NodeIndex>> = BTreeMap::new();
        for node in &on_the_way {
            by_layer.entry(layers[node.index()]).or_default().push(*node);
        }
        let mut row = first_row;
        let mut widest = 0;
        for nodes in by_layer.values() {
            for chunk in nodes.chunks(COLUMNS_MOST) {
                for (column, node) in chunk.iter().enumerate() {
                    self.place_state(graph, *node, row, column);
                }
                widest = widest.max(chunk.len());
                row += 1;
            }
        }
        let gathers_from_anywhere = graph.from_anywhere.iter().any(|(_, to)| members.contains(to));
        let anywhere_row = gathers_from_anywhere.then_some(row);
        if gathers_from_anywhere {
            let title = vec!["From any open state".to_owned()];
            self.cells.push(Cell { what: What::AnyOpenState, row, column: 0, title, note: None, is_end: false });
            widest = widest.max(1);
            row += 1;
        }
        self.place_ends(graph, &ends, first_row, widest, anywhere_row);
        self.rows = self.cells.iter().map(|cell| cell.row + 1).max().unwrap_or(0).max(row);
        self.bands.push(Band { title: title.to_owned(), first_row, rows: self.rows - first_row });
    }

    /// An end stands beside the first state of its band that leads to it.
    fn place_ends(
        &mut self,
        graph: &Graph<'_>,
        ends: &[NodeIndex],
        first_row: usize,
        widest: usize,
        anywhere_row: Option<usize>,
    ) {
        let mut taken: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (position, end) in ends.iter().enumerate() {
            if widest == 0 {
                self.place_state(graph, *end, first_row + position / COLUMNS_MOST, position % COLUMNS_MOST);
                continue;
            }
            let sources = graph.ways.neighbors_directed(*end, petgraph::Direction::Incoming);
            let rows = sources.filter_map(|source| self.cell_of.get(&source)).map(|cell| self.cells[*cell].row);
            let beside = rows.filter(|row| *row >= first_row).min();
            let anywhere = anywhere_row.filter(|_| graph.from_anywhere.iter().any(|(_, to)| to == end));
            let wanted = beside.or(anywhere).unwrap_or(first_row);
            let row = (wanted..=wanted + ends.len()).find(|row| !taken.contains(&(*row, widest))).unwrap_or(wanted);
            taken.insert((row, widest));
            self.place_state(graph, *end, row, widest);
        }
    }

    fn place_state(&mut self, graph: &Graph<'_>, node: NodeIndex, row: usize, column: usize) {
        let state = graph.ways[node];
        let note = match state.waiting_on {
            _ if state.ends.is_some() => None,
            WaitingOn::Authority => Some("we act"),
            WaitingOn::Family => Some("waiting for the family"),
            WaitingOn::Advisers => Some("waiting for the advisers"),
            WaitingOn::Setting => Some("waiting for the setting"),
            WaitingOn::Nobody => None,
        };
        self.cell_of.insert(node, self.cells.len());
        self.columns = self.columns.max(column + 1);
        self.cells.push(Cell {
            what: What::State(node),
            row,
            column,
            title: text::lines(&state.label, TITLE_SIZE, true, BOX_WIDTH - 24),
            note: note.map(str::to_owned),
            is_end: state.ends.is_some(),
        });
    }

    /// One arrow for each pair of boxes, with every transition between them.
    fn link(&mut self, graph: &Graph<'_>) {
        let mut between: BTreeMap<(usize, usize), Vec<Label>> = BTreeMap::new();
        for edge in graph.ways.edge_indices() {
            let Some((from, to)) = graph.ways.edge_endpoints(edge) else { continue };
            let transition = graph.ways[edge];
            let label = Label { text: transition.label.clone(), is_automatic: transition.automatic };
            between.entry((self.cell_of[&from], self.cell_of[&to])).or_default().push(label);
        }
        let band_of_row: Vec<usize> =
            self.bands.iter().enumerate().flat_map(|(at, band)| std::iter::repeat_n(at, band.rows)).collect();
        let mut anywhere_in_band = HashMap::new();
        for (at, cell) in self.cells.iter().enumerate().filter(|(_, cell)| cell.what == What::AnyOpenState) {
            anywhere_in_band.insert(band_of_row[cell.row], at);
        }
        for (transition, to) in &graph.from_anywhere {
            let to = self.cell_of[to];
            let Some(from) = anywhere_in_band.get(&band_of_row[self.cells[to].row]) else { continue };
            let label = Label { text: transition.label.clone(), is_automatic: transition.automatic };
            between.entry((*from, to)).or_default().push(label);
        }
        self.links = between.into_iter().map(|((from, to), labels)| Link { from, to, labels }).collect();
    }
}

/// By state: the longest way to it, not counting ways that go back.
fn layers(graph: &Graph<'_>) -> Vec<usize> {
    let (order, goes_back) = graph.in_order();
    let mut layers = vec![0; graph.ways.node_count()];
    for node in order {
        for (edge, to) in graph.out(node) {
            if !goes_back[edge.index()] {
                layers[to.index()] = layers[to.index()].max(layers[node.index()] + 1);
            }
        }
    }
    layers
}
