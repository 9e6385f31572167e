//! Draws a timeline as SVG: bands for the stages, boxes for the states, arrows with the names of the transitions, rulers for
//! the time limits.
//!
//! The same bytes for the same definition, always. No scripts, no `style` attributes and no outside fonts, so that the picture
//! may stand in a page with the strictest content security policy, and as a file alone. Everything in it also stands in
//! words: see [`super::describe`].

mod layout;
mod route;
mod rulers;
mod text;

use std::fmt::Write;

use super::definition::Definition;
use super::graph::Graph;
use crate::calendar::Date;
use layout::{BOX_WIDTH, Cell, LABEL_SIZE, Layout, What};
use route::{Arrow, BAND_TITLE_WIDTH, Place, Routed};
use rulers::Rulers;
pub(super) use text::escaped;
use text::{Anchor, INK, Style};

const MARGIN: i32 = 16;
const HEADER_HEIGHT: i32 = 74;
/// Before the first band: where the start comes in.
const START_HEIGHT: i32 = 34;
const GREY: &str = "#505a5f";
const LINE: &str = "#383f43";
const BY_ITSELF: &str = "#144e81";

/// The picture of a definition. `current` names the state an involvement is in, to be marked.
pub fn svg(definition: &Definition, current: Option<&str>) -> String {
    let graph = Graph::of(definition);
    let layout = Layout::of(&graph);
    let top = HEADER_HEIGHT + START_HEIGHT;
    let routed = route::route(&layout, top);
    let rulers = Rulers::of(&graph, &layout, &routed.places);
    let prefix = format!("timeline-{}", plain_id(&definition.id));
    let bands_right = routed.width.max(BAND_TITLE_WIDTH + BOX_WIDTH);
    let width = (bands_right + rulers.width() + 2 * MARGIN).max(560);

    let mut body = String::new();
    header(&mut body, definition);
    bands(&mut body, &layout, &routed, bands_right + rulers.width());
    rulers.draw(&mut body, bands_right);
    for arrow in &routed.arrows {
        line(&mut body, &layout, arrow, &prefix);
    }
    start(&mut body, &graph, &layout, &routed.places, &prefix);
    for (cell, place) in layout.cells.iter().zip(&routed.places) {
        state(&mut body, &graph, cell, *place, current);
    }
    for arrow in &routed.arrows {
        labels(&mut body, arrow);
    }
    let bottom = routed.bands.last().map_or(top, |(_, bottom)| *bottom);
    let bottom = below(&mut body, &rulers, definition, bottom, width - 2 * MARGIN);
    let height = bottom + MARGIN;

    let mut out = String::with_capacity(body.len() + 2_000);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"{} 0 {width} {height}\" role=\"img\" \
         aria-labelledby=\"{prefix}-title {prefix}-desc\" font-family=\"Arial, Helvetica, 'Liberation Sans', sans-serif\">\n\
         <title id=\"{prefix}-title\">{}</title>\n<desc id=\"{prefix}-desc\">{}</desc>\n",
        -MARGIN,
        escaped(&format!("{}: the timeline as a diagram", definition.title)),
        escaped(&in_words(&graph, current)),
    );
    let _ = writeln!(
        out,
        "<defs><marker id=\"{prefix}-arrow\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" \
         markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L10 5L0 10z\" fill=\"{LINE}\"/></marker>\
         <marker id=\"{prefix}-arrow-itself\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"11\" markerHeight=\"11\" \
         markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L10 5L0 10z\" fill=\"{BY_ITSELF}\"/></marker></defs>"
    );
    let _ = writeln!(out, "<rect x=\"{}\" width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>", -MARGIN);
    out + &body + "</svg>\n"
}

/// Only what may stand in an XML id and a CSS selector.
fn plain_id(id: &str) -> String {
    id.chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '-' })
        .take(80)
        .collect()
}

fn in_words(graph: &Graph<'_>, current: Option<&str>) -> String {
    let states = graph.definition.states.len();
    let ends = graph.definition.states.iter().filter(|state| state.ends.is_some()).count();
    let mut words = format!(
        "{states} states in {} stages, {ends} of them ends, joined by {} transitions. The same is given as tables in words.",
        graph.definition.stages.len(),
        graph.definition.transitions.len()
    );
    let start = graph.start.map(|start| graph.ways[start].label.as_str());
    if let Some(start) = start {
        let _ = write!(words, " It begins with: {start}.");
    }
    let current = current.and_then(|current| graph.definition.states.iter().find(|state| state.id == current));
    if let Some(current) = current {
        let _ = write!(words, " Now: {}.", current.label);
    }
    words
}

fn header(out: &mut String, definition: &Definition) {
    text::write(out, 0, 34, &definition.title, Style::plain(24).bold());
    let written = |date: Date| date.format("%-d %B %Y");
    let from = written(definition.in_force.from);
    let until = definition.in_force.until.map_or_else(String::new, |until| format!(" to {}", written(until)));
    let line = format!("Version {}, in force from {from}{until}. {}", definition.version, definition.law);
    text::write(out, 0, 58, &line, Style::plain(13).coloured(GREY));
}

fn bands(out: &mut String, layout: &Layout, routed: &Routed, width: i32) {
    for (at, (band, (top, bottom))) in layout.bands.iter().zip(&routed.bands).enumerate() {
        let fill = if at % 2 == 0 { "#f3f5f6" } else { "#ffffff" };
        let height = bottom - top;
        let _ = writeln!(
            out,
            "<rect x=\"0\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\" stroke=\"#b1b4b6\"/>\
             <rect x=\"0\" y=\"{top}\" width=\"6\" height=\"{height}\" fill=\"#144e81\"/>"
        );
        for (line, words) in text::lines(&band.title, 14, true, BAND_TITLE_WIDTH - 24).iter().enumerate() {
            let y = top + 26 + i32::try_from(line).unwrap_or(0) * 18;
            text::write(out, 18, y, words, Style::plain(14).bold().coloured("#144e81"));
        }
    }
}

/// A line with rounded corners and an arrow head; dashed where it goes back, blue and thick where it goes by itself.
fn line(out: &mut String, layout: &Layout, arrow: &Arrow, prefix: &str) {
    let is_automatic = layout.links[arrow.link].is_automatic();
    let (colour, width, head) = if is_automatic { (BY_ITSELF, "3", "-itself") } else { (LINE, "1.5", "") };
    let dashes = if arrow.goes_back { " stroke-dasharray=\"6 4\"" } else { "" };
    let _ = writeln!(
        out,
        "<path d=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"{dashes} marker-end=\"url(#{prefix}-arrow{head})\"/>",
        rounded(&arrow.points)
    );
}

/// The path through some points, its corners rounded.
fn rounded(points: &[(i32, i32)]) -> String {
    const RADIUS: i32 = 6;
    let mut path = format!("M{} {}", points[0].0, points[0].1);
    for corner in points.windows(3) {
        let [before, at, after] = [corner[0], corner[1], corner[2]];
        let toward = |to: (i32, i32)| {
            let (dx, dy) = (to.0 - at.0, to.1 - at.1);
            let reach = RADIUS.min(dx.abs().max(dy.abs()) / 2);
            (at.0 + dx.signum() * reach, at.1 + dy.signum() * reach)
        };
        let (near, far) = (toward(before), toward(after));
        let _ = write!(path, "L{} {}Q{} {} {} {}", near.0, near.1, at.0, at.1, far.0, far.1);
    }
    if let Some(last) = points.last() {
        let _ = write!(path, "L{} {}", last.0, last.1);
    }
    path
}

fn labels(out: &mut String, arrow: &Arrow) {
    for (at, (line, is_automatic)) in arrow.label.iter().enumerate() {
        let y = arrow.label_at.1 + i32::try_from(at).unwrap_or(0) * 14;
        let anchor = if arrow.label_ends_there { Anchor::End } else { Anchor::Start };
        let colour = if *is_automatic { BY_ITSELF } else { INK };
        let style = Style { is_italic: *is_automatic, ..Style::plain(LABEL_SIZE).coloured(colour).anchored(anchor) };
        // Beside a box nothing passes behind a label; below one, something may.
        let style = if arrow.label_is_below { style.with_halo() } else { style };
        text::write(out, arrow.label_at.0, y, line, style);
    }
}

fn start(out: &mut String, graph: &Graph<'_>, layout: &Layout, places: &[Place], prefix: &str) {
    let Some(cell) = graph.start.and_then(|start| layout.cell_of.get(&start)) else { return };
    let place = places[*cell];
    let (x, y) = (place.x + BOX_WIDTH / 2, HEADER_HEIGHT + 8);
    let _ = writeln!(
        out,
        "<circle cx=\"{x}\" cy=\"{y}\" r=\"7\" fill=\"{INK}\"/>\
         <path d=\"M{x} {y}V{}\" stroke=\"{LINE}\" stroke-width=\"1.5\" marker-end=\"url(#{prefix}-arrow)\"/>",
        place.y
    );
    text::write(out, x + 14, y + 5, &graph.definition.started_label, Style::plain(13).bold());
}

fn state(out: &mut String, graph: &Graph<'_>, cell: &Cell, place: Place, current: Option<&str>) {
    let is_current = matches!(cell.what, What::State(node) if Some(graph.ways[node].id.as_str()) == current);
    let (x, y, height) = (place.x, place.y, place.height);
    let (fill, stroke, stroke_width) = match (is_current, cell.is_end, cell.what) {
        (true, ..) => ("#ffdd00", INK, 4),
        (_, true, _) => (INK, INK, 2),
        (_, _, What::AnyOpenState) => ("#ffffff", GREY, 1),
        _ => ("#ffffff", "#144e81", 2),
    };
    let radius = if cell.is_end { height.min(48) / 2 } else { 6 };
    let dashes = if cell.what == What::AnyOpenState { " stroke-dasharray=\"2 3\"" } else { "" };
    let _ = writeln!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{BOX_WIDTH}\" height=\"{height}\" rx=\"{radius}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{stroke_width}\"{dashes}/>"
    );
    if cell.is_end {
        let inner = if is_current { INK } else { "#ffffff" };
        let _ = writeln!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" fill=\"none\" stroke=\"{inner}\" stroke-width=\"1.5\"/>",
            x + 4,
            y + 4,
            BOX_WIDTH - 8,
            height - 8,
            radius - 4
        );
    }
    let colour = if cell.is_end && !is_current { "#ffffff" } else { INK };
    let middle = x + BOX_WIDTH / 2;
    let mut baseline = y + (height - cell.text_height()) / 2 + 9 + 14;
    for words in &cell.title {
        text::write(out, middle, baseline, words, Style::plain(14).bold().coloured(colour).anchored(Anchor::Middle));
        baseline += 18;
    }
    let note = if is_current { Some("now") } else { cell.note.as_deref() };
    if let Some(note) = note {
        let style = Style::plain(12).coloured(if is_current { INK } else { GREY }).anchored(Anchor::Middle);
        text::write(out, middle, baseline - 1, note, if is_current { style.bold() } else { style });
    }
}

/// What stands below the picture: the limits, and how to read the lines. Where it ends.
fn below(out: &mut String, rulers: &Rulers<'_>, definition: &Definition, bottom: i32, width: i32) -> i32 {
    let mut y = bottom + 32;
    if !definition.clocks.is_empty() {
        text::write(out, 0, y, "Time limits", Style::plain(16).bold());
        y = rulers.explain(out, 0, y + 24, width);
        y += 8;
    }
    let mut x = 0;
    let mut entry = |out: &mut String, mark: &str, words: &str| {
        let _ = writeln!(out, "<path d=\"M{x} {}h34\" fill=\"none\" {mark}/>", y - 4);
        text::write(out, x + 42, y, words, Style::plain(12).coloured(GREY));
        x += 42 + text::width(words, 12, false) + 24;
    };
    entry(out, &format!("stroke=\"{LINE}\" stroke-width=\"1.5\""), "somebody does it");
    entry(out, &format!("stroke=\"{BY_ITSELF}\" stroke-width=\"3\""), "happens by itself");
    entry(out, &format!("stroke=\"{LINE}\" stroke-width=\"1.5\" stroke-dasharray=\"6 4\""), "goes back");
    entry(out, &format!("stroke=\"{INK}\" stroke-width=\"14\""), "an end");
    y
}

#[cfg(test)]
mod tests;
