//! Where the arrows run. Every arrow end has a place of its own on the side of its box, with room for its label, and every
//! long stretch has a track of its own between the columns: so labels never lie on each other.

use super::layout::{BOX_WIDTH, LABEL_SIZE, Layout};
use super::text;

const LINE_HEIGHT: i32 = 14;
const TRACK_WIDTH: i32 = 12;
/// Room for an arrow head and a little of its line.
const STUB: i32 = 18;
const BAND_PADDING: i32 = 18;
const ROW_GAP: i32 = 26;
const CORRIDOR_HEIGHT: i32 = 10;
pub(super) const BAND_TITLE_WIDTH: i32 = 132;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// Which way an arrow takes. Gutter `n` lies left of column `n`; the corridor of row `n` lies above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Down,
    Beside { out: Side, gutter: usize, into: Side },
    Across { out: Side, gutter_out: usize, corridor: usize, gutter_in: usize, into: Side },
}

/// The end of an arrow on the side of a box.
#[derive(Debug, Clone)]
struct Port {
    link: usize,
    leaves: bool,
    cell: usize,
    side: Side,
    height: i32,
    y: i32,
}

/// An arrow as it is drawn.
#[derive(Debug, Clone)]
pub(super) struct Arrow {
    pub link: usize,
    pub points: Vec<(i32, i32)>,
    pub goes_back: bool,
    /// Left edge (or right edge, where it ends there) and baseline of each line.
    pub label: Vec<(String, bool)>,
    pub label_at: (i32, i32),
    pub label_ends_there: bool,
    pub label_is_below: bool,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub x: i32,
    pub y: i32,
    pub height: i32,
}

#[derive(Debug)]
pub(super) struct Routed {
    pub places: Vec<Place>,
    /// Top and bottom of each band.
    pub bands: Vec<(i32, i32)>,
    pub arrows: Vec<Arrow>,
    /// Right edge of the last gutter.
    pub width: i32,
}

/// Lays everything out below `top`.
pub(super) fn route(layout: &Layout, top: i32) -> Routed {
    let ways: Vec<Way> = ways(layout);
    let mut ports = ports(layout, &ways);
    let heights = heights(layout, &ports);
    let corridors = corridors(layout, &ways);
    let (rows, bands) = rows(layout, &ways, &heights, &corridors, top);
    let mut places: Vec<Place> = layout
        .cells
        .iter()
        .zip(&heights)
        .map(|(cell, height)| Place { x: 0, y: rows[cell.row].0 + (rows[cell.row].1 - height) / 2, height: *height })
        .collect();
    place_ports(&mut ports, &places);
    straighten(layout, &ways, &mut ports, &mut places, &rows);
    let ends = Ends::of(&ports, layout.links.len());
    let corridor_y = |link: usize, row: usize| rows[row].0 - ROW_GAP / 2 - corridors.track[link] * CORRIDOR_HEIGHT;
    let gutters = gutters(layout, &ways, &ports, &ends, &corridor_y);
    for (place, cell) in places.iter_mut().zip(&layout.cells) {
        place.x = gutters.column_x[cell.column];
    }
    let arrows = (0..layout.links.len())
        .map(|link| arrow(layout, link, ways[link], &places, &rows, &ends, &gutters, &corridor_y))
        .collect();
    Routed { places, bands, arrows, width: gutters.right }
}

fn ways(layout: &Layout) -> Vec<Way> {
    let mut by_column: Vec<Vec<usize>> = vec![Vec::new(); layout.columns];
    for cell in &layout.cells {
        by_column[cell.column].push(cell.row);
    }
    for rows in &mut by_column {
        rows.sort_unstable();
    }
    let is_next = |column: usize, from: usize, to: usize| {
        let rows = &by_column[column];
        rows.get(rows.partition_point(|row| *row <= from)) == Some(&to)
    };
    let way = |link: &super::layout::Link| {
        let (from, to) = (&layout.cells[link.from], &layout.cells[link.to]);
        let (column, target) = (from.column, to.column);
        if column == target && to.row > from.row && is_next(column, from.row, to.row) {
            Way::Down
        } else if column == target && to.row > from.row {
            Way::Beside { out: Side::Right, gutter: column + 1, into: Side::Right }
        } else if column == target {
            Way::Beside { out: Side::Left, gutter: column, into: Side::Left }
        } else if target == column + 1 {
            Way::Beside { out: Side::Right, gutter: target, into: Side::Left }
        } else if target + 1 == column {
            Way::Beside { out: Side::Left, gutter: column, into: Side::Right }
        } else {
            let corridor = if to.row < from.row { to.row + 1 } else { to.row };
            let (out, gutter_out) = if target > column { (Side::Right, column + 1) } else { (Side::Left, column) };
            let (into, gutter_in) = if target > column { (Side::Left, target) } else { (Side::Right, target + 1) };
            Way::Across { out, gutter_out, corridor, gutter_in, into }
        }
    };
    layout.links.iter().map(way).collect()
}

fn sides(way: Way) -> Option<(Side, Side)> {
    match way {
        Way::Down => None,
        Way::Beside { out, into, .. } | Way::Across { out, into, .. } => Some((out, into)),
    }
}

fn ports(layout: &Layout, ways: &[Way]) -> Vec<Port> {
    let mut ports = Vec::new();
    for (at, link) in layout.links.iter().enumerate() {
        let Some((out, into)) = sides(ways[at]) else { continue };
        let lines = i32::try_from(link.lines(false).len()).unwrap_or(0);
        ports.push(Port { link: at, leaves: true, cell: link.from, side: out, height: lines * LINE_HEIGHT + 10, y: 0 });
        ports.push(Port { link: at, leaves: false, cell: link.to, side: into, height: 16, y: 0 });
    }
    // By the other end, so that arrows on one side do not cross; what goes up leaves above what goes down.
    let other = |port: &Port| {
        let link = &layout.links[port.link];
        let cell = &layout.cells[if port.leaves { link.to } else { link.from }];
        (cell.row, cell.column, port.link, port.leaves)
    };
    ports.sort_by_key(|port| (port.cell, port.side == Side::Right, other(port)));
    ports
}

fn heights(layout: &Layout, ports: &[Port]) -> Vec<i32> {
    let mut sides = vec![[0; 2]; layout.cells.len()];
    for port in ports {
        sides[port.cell][usize::from(port.side == Side::Right)] += port.height;
    }
    layout
        .cells
        .iter()
        .zip(sides)
        .map(|(cell, [left, right])| cell.text_height().max(left + 8).max(right + 8))
        .collect()
}

/// A track above the row for every arrow that crosses a column.
struct Corridors {
    track: Vec<i32>,
    /// By row.
    count: Vec<i32>,
}

fn corridors(layout: &Layout, ways: &[Way]) -> Corridors {
    let mut corridors = Corridors { track: vec![0; ways.len()], count: vec![0; layout.rows + 1] };
    for (link, way) in ways.iter().enumerate() {
        if let Way::Across { corridor, .. } = way {
            corridors.track[link] = corridors.count[*corridor];
            corridors.count[*corridor] += 1;
        }
    }
    corridors
}

/// Two heights on the page: where something begins, and how far it goes or where it ends.
type Stretch = (i32, i32);

/// Top and height of each row, and top and bottom of each band.
fn rows(
    layout: &Layout,
    ways: &[Way],
    heights: &[i32],
    corridors: &Corridors,
    top: i32,
) -> (Vec<Stretch>, Vec<Stretch>) {
    let mut row_height = vec![0; layout.rows];
    for (cell, height) in layout.cells.iter().zip(heights) {
        row_height[cell.row] = row_height[cell.row].max(*height);
    }
    let mut label_height = vec![0; layout.rows];
    for (link, _) in layout.links.iter().zip(ways).filter(|(_, way)| **way == Way::Down) {
        let row = layout.cells[link.from].row;
        let lines = i32::try_from(link.lines(true).len()).unwrap_or(0);
        label_height[row] = label_height[row].max(lines * LINE_HEIGHT + 4);
    }
    let mut y = top;
    let mut rows = Vec::new();
    let mut bands = Vec::new();
    for band in &layout.bands {
        let band_top = y;
        for row in band.first_row..band.first_row + band.rows {
            y += if row == band.first_row { BAND_PADDING } else { ROW_GAP };
            y += corridors.count[row] * CORRIDOR_HEIGHT;
            rows.push((y, row_height[row]));
            y += row_height[row] + label_height[row];
        }
        y += BAND_PADDING;
        bands.push((band_top, y));
    }
    (rows, bands)
}

fn place_ports(ports: &mut [Port], places: &[Place]) {
    let mut at = 0;
    while at < ports.len() {
        let (cell, side) = (ports[at].cell, ports[at].side);
        let until =
            ports[at..].iter().position(|port| (port.cell, port.side) != (cell, side)).map_or(ports.len(), |n| at + n);
        let total: i32 = ports[at..until].iter().map(|port| port.height).sum();
        let mut y = places[cell].y + (places[cell].height - total) / 2;
        for port in &mut ports[at..until] {
            y += port.height;
            port.y = if port.leaves { y - 4 } else { y - port.height / 2 };
        }
        at = until;
    }
}

/// Where an arrow alone touches a box, from the next column, the box moves within its row so that the arrow runs straight.
fn straighten(layout: &Layout, ways: &[Way], ports: &mut [Port], places: &mut [Place], rows: &[(i32, i32)]) {
    let mut touched = vec![0usize; layout.cells.len()];
    let mut has_down = vec![false; layout.cells.len()];
    for port in ports.iter() {
        touched[port.cell] += 1;
    }
    for (link, _) in layout.links.iter().zip(ways).filter(|(_, way)| **way == Way::Down) {
        has_down[link.from] = true;
        has_down[link.to] = true;
    }
    let from = Ends::of(ports, layout.links.len()).out;
    for port in ports.iter_mut().filter(|port| !port.leaves && touched[port.cell] == 1 && !has_down[port.cell]) {
        let (top, height) = rows[layout.cells[port.cell].row];
        let place = &mut places[port.cell];
        let wanted = from[port.link];
        if matches!(ways[port.link], Way::Beside { out, into, .. } if out != into)
            && (top..top + height).contains(&wanted)
        {
            place.y = (wanted - place.height / 2).clamp(top, top + height - place.height);
            port.y = wanted.clamp(place.y + 8, place.y + place.height - 8);
        }
    }
}

/// By link: where it leaves and where it arrives.
struct Ends {
    out: Vec<i32>,
    into: Vec<i32>,
}

impl Ends {
    fn of(ports: &[Port], links: usize) -> Ends {
        let mut ends = Ends { out: vec![0; links], into: vec![0; links] };
        for port in ports {
            let side = if port.leaves { &mut ends.out } else { &mut ends.into };
            side[port.link] = port.y;
        }
        ends
    }
}

/// The room between the columns.
struct Gutters {
    column_x: Vec<i32>,
    /// Left edge of the tracks of each gutter.
    tracks_x: Vec<i32>,
    /// By link: its track in the gutter where it leaves, and in the one where it arrives.
    track: Vec<[i32; 2]>,
    right: i32,
}

fn gutters(
    layout: &Layout,
    ways: &[Way],
    ports: &[Port],
    ends: &Ends,
    corridor_y: &dyn Fn(usize, usize) -> i32,
) -> Gutters {
    let count = layout.columns + 1;
    let mut stretches: Vec<Vec<(i32, i32, usize, usize)>> = vec![Vec::new(); count];
    let mut note = |gutter: usize, from: i32, to: i32, link: usize, which: usize| {
        if from != to {
            stretches[gutter].push((from.min(to), from.max(to), link, which));
        }
    };
    for (link, way) in ways.iter().enumerate() {
        match *way {
            Way::Down => {}
            Way::Beside { gutter, .. } => note(gutter, ends.out[link], ends.into[link], link, 0),
            Way::Across { gutter_out, corridor, gutter_in, .. } => {
                let y = corridor_y(link, corridor);
                note(gutter_out, ends.out[link], y, link, 0);
                note(gutter_in, y, ends.into[link], link, 1);
            }
        }
    }
    let mut track = vec![[0; 2]; ways.len()];
    let mut tracks = vec![0; count];
    for (gutter, stretches) in stretches.iter_mut().enumerate() {
        tracks[gutter] = share_tracks(stretches, &mut track);
        if gutter == 0 {
            // Short stretches lie nearest to the boxes, which are on the right here.
            for (_, _, link, which) in stretches.iter() {
                track[*link][*which] = tracks[0] - 1 - track[*link][*which];
            }
        }
    }
    let (beside_right, beside_left) = label_widths(layout, ways, ports, &tracks);
    let mut gutters = Gutters { column_x: Vec::new(), tracks_x: Vec::new(), track, right: 0 };
    let mut x = BAND_TITLE_WIDTH;
    for gutter in 0..count {
        x += if gutter == 0 { 6 } else { STUB.max(beside_right[gutter]) };
        gutters.tracks_x.push(x + TRACK_WIDTH / 2);
        x += tracks[gutter] * TRACK_WIDTH;
        if gutter < layout.columns {
            x += STUB.max(beside_left[gutter]);
            gutters.column_x.push(x);
            x += BOX_WIDTH;
        }
    }
    gutters.right = x + 12;
    gutters
}

/// Gives each stretch the first track that is free there; how many tracks that takes.
fn share_tracks(stretches: &mut [(i32, i32, usize, usize)], track: &mut [[i32; 2]]) -> i32 {
    stretches.sort_by_key(|(from, until, link, which)| (until - from, *from, *link, *which));
    let mut taken: Vec<std::collections::BTreeMap<i32, i32>> = Vec::new();
    for (from, until, link, which) in stretches.iter() {
        let is_free = |held: &std::collections::BTreeMap<i32, i32>| {
            held.range(..=*until + 8).next_back().is_none_or(|(_, end)| *end + 8 < *from)
        };
        let at = taken.iter().position(is_free).unwrap_or_else(|| {
            taken.push(std::collections::BTreeMap::new());
            taken.len() - 1
        });
        taken[at].insert(*from, *until);
        track[*link][*which] = i32::try_from(at).unwrap_or(i32::MAX);
    }
    i32::try_from(taken.len()).unwrap_or(i32::MAX)
}

/// By gutter: the room that labels need on its left, and on its right.
fn label_widths(layout: &Layout, ways: &[Way], ports: &[Port], tracks: &[i32]) -> (Vec<i32>, Vec<i32>) {
    let widest = |lines: &[(String, bool)]| {
        lines.iter().map(|(line, _)| text::width(line, LABEL_SIZE, false)).max().unwrap_or(0)
    };
    let mut right = vec![0; tracks.len()];
    let mut left = vec![0; tracks.len()];
    for port in ports.iter().filter(|port| port.leaves) {
        let width = widest(&layout.links[port.link].lines(false)) + 16;
        let column = layout.cells[port.cell].column;
        match port.side {
            Side::Right => right[column + 1] = right[column + 1].max(width),
            Side::Left => left[column] = left[column].max(width),
        }
    }
    for (link, _) in layout.links.iter().zip(ways).filter(|(_, way)| **way == Way::Down) {
        let gutter = layout.cells[link.from].column + 1;
        right[gutter] = right[gutter].max(widest(&link.lines(true)) + 18 - BOX_WIDTH / 2);
    }
    (right, left)
}

#[expect(clippy::too_many_arguments, reason = "everything that has been decided about the drawing so far")]
fn arrow(
    layout: &Layout,
    link: usize,
    way: Way,
    places: &[Place],
    rows: &[(i32, i32)],
    ends: &Ends,
    gutters: &Gutters,
    corridor_y: &dyn Fn(usize, usize) -> i32,
) -> Arrow {
    let held = &layout.links[link];
    let (from, to) = (places[held.from], places[held.to]);
    let (from_cell, to_cell) = (&layout.cells[held.from], &layout.cells[held.to]);
    let goes_back = (to_cell.row, to_cell.column) <= (from_cell.row, from_cell.column);
    let edge = |place: Place, side: Side| if side == Side::Left { place.x } else { place.x + BOX_WIDTH };
    let track_x = |gutter: usize, which: usize| gutters.tracks_x[gutter] + gutters.track[link][which] * TRACK_WIDTH;
    let (y_out, y_in) = (ends.out[link], ends.into[link]);
    let (points, out) = match way {
        Way::Down => {
            let x = from.x + BOX_WIDTH / 2;
            (vec![(x, from.y + from.height), (x, to.y)], None)
        }
        Way::Beside { out, gutter, into } => {
            let x = track_x(gutter, 0);
            let mut points = vec![(edge(from, out), y_out)];
            if y_out != y_in {
                points.extend([(x, y_out), (x, y_in)]);
            }
            points.push((edge(to, into), y_in));
            (points, Some(out))
        }
        Way::Across { out, gutter_out, corridor, gutter_in, into } => {
            let (x, far_x, y) = (track_x(gutter_out, 0), track_x(gutter_in, 1), corridor_y(link, corridor));
            let points =
                vec![(edge(from, out), y_out), (x, y_out), (x, y), (far_x, y), (far_x, y_in), (edge(to, into), y_in)];
            (points, Some(out))
        }
    };
    let label = held.lines(out.is_none());
    let rise = i32::try_from(label.len()).unwrap_or(1).saturating_sub(1) * LINE_HEIGHT;
    let label_at = match out {
        None => (from.x + BOX_WIDTH / 2 + 8, rows[from_cell.row].0 + rows[from_cell.row].1 + LINE_HEIGHT),
        Some(Side::Right) => (from.x + BOX_WIDTH + 6, y_out - 5 - rise),
        Some(Side::Left) => (from.x - 6, y_out - 5 - rise),
    };
    Arrow {
        link,
        points,
        goes_back,
        label,
        label_at,
        label_ends_there: out == Some(Side::Left),
        label_is_below: out.is_none(),
    }
}
