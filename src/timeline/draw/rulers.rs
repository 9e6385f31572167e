//! The time limits of a drawing: a ruler beside the boxes from where a clock starts to where it stops, and a list below.

use super::super::definition::{Clock, Definition, Trigger, Whose};
use super::super::describe::lower_first;
use super::super::graph::Graph;
use super::layout::Layout;
use super::route::Place;
use super::text::{self, Anchor, Style};
use std::fmt::Write;

const LANE_WIDTH: i32 = 92;
/// Further clocks stand in the list only.
const RULERS_MOST: usize = 12;

/// A clock's stretch of the drawing.
struct Ruler {
    clock: usize,
    from: i32,
    until: i32,
    /// Other places where it can stop.
    stops: Vec<i32>,
    lane: i32,
}

pub(super) struct Rulers<'a> {
    definition: &'a Definition,
    list: Vec<Ruler>,
    lanes: i32,
}

impl<'a> Rulers<'a> {
    pub fn of(graph: &Graph<'a>, layout: &Layout, places: &[Place]) -> Rulers<'a> {
        let definition = graph.definition;
        let marks = Marks { graph, layout, places };
        let found = definition.clocks.iter().enumerate().filter_map(|(at, clock)| marks.ruler(at, clock));
        let mut rulers: Vec<Ruler> = found.take(RULERS_MOST).collect();
        let mut lanes: Vec<i32> = Vec::new();
        for ruler in &mut rulers {
            // The pill on top of the next one needs room too.
            let lane = lanes.iter().position(|until| *until + 10 < ruler.from).unwrap_or_else(|| {
                lanes.push(0);
                lanes.len() - 1
            });
            lanes[lane] = ruler.until;
            ruler.lane = i32::try_from(lane).unwrap_or(0);
        }
        Rulers { definition, list: rulers, lanes: i32::try_from(lanes.len()).unwrap_or(0) }
    }

    pub fn width(&self) -> i32 {
        if self.lanes == 0 { 0 } else { self.lanes * LANE_WIDTH + 8 }
    }

    pub fn draw(&self, out: &mut String, left: i32) {
        for ruler in &self.list {
            let clock = &self.definition.clocks[ruler.clock];
            let colour = colour(clock.whose);
            let x = left + ruler.lane * LANE_WIDTH + LANE_WIDTH / 2;
            let dashes = if clock.whose == Whose::Adviser { " stroke-dasharray=\"2 4\"" } else { "" };
            let _ = writeln!(
                out,
                "<path d=\"M{} {}h14M{x} {}V{}M{} {}h14\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"3\"{dashes}/>",
                x - 7,
                ruler.from,
                ruler.from,
                ruler.until,
                x - 7,
                ruler.until
            );
            for y in &ruler.stops {
                let _ = writeln!(out, "<path d=\"M{} {y}h10\" stroke=\"{colour}\" stroke-width=\"3\"/>", x - 5);
            }
            let label = format!("{} · {}", ruler.clock + 1, clock.limit.short_text());
            let width = text::width(&label, 12, true) + 14;
            let y = ruler.from + ((ruler.until - ruler.from) / 2 - 11).clamp(4, 60);
            let _ = writeln!(
                out,
                "<rect x=\"{}\" y=\"{y}\" width=\"{width}\" height=\"22\" rx=\"11\" fill=\"{colour}\" stroke=\"#ffffff\" stroke-width=\"2\"/>",
                x - width / 2
            );
            text::write(out, x, y + 15, &label, Style::plain(12).bold().coloured("#ffffff").anchored(Anchor::Middle));
        }
    }

    /// One line a clock; where the list ends.
    pub fn explain(&self, out: &mut String, left: i32, top: i32, width: i32) -> i32 {
        let mut y = top;
        for (at, clock) in self.definition.clocks.iter().enumerate() {
            let words = format!(
                "{}: {} {}. {}",
                clock.label,
                clock.limit.rule_text(),
                counted_from(self.definition, clock),
                clock.basis
            );
            let lines = text::lines(&words, 13, false, width - 40);
            let _ = writeln!(
                out,
                "<circle cx=\"{}\" cy=\"{}\" r=\"10\" fill=\"{}\"/>",
                left + 10,
                y + 1,
                colour(clock.whose)
            );
            let number = Style::plain(11).bold().coloured("#ffffff").anchored(Anchor::Middle);
            text::write(out, left + 10, y + 5, &(at + 1).to_string(), number);
            for line in &lines {
                text::write(out, left + 30, y + 5, line, Style::plain(13));
                y += 18;
            }
            y += 8;
        }
        y
    }
}

fn counted_from(definition: &Definition, clock: &Clock) -> String {
    let words = clock.starts.iter().map(|trigger| match trigger {
        Trigger::Started => lower_first(&definition.started_label),
        Trigger::Fired(name) => definition
            .transitions
            .iter()
            .find(|transition| transition.id == *name)
            .map_or_else(|| name.clone(), |transition| lower_first(&transition.done)),
        Trigger::Entered(name) => definition
            .states
            .iter()
            .find(|state| state.id == *name)
            .map_or_else(|| name.clone(), |state| format!("reaching \u{201c}{}\u{201d}", state.label)),
        Trigger::FactRecorded(name) => definition
            .facts
            .iter()
            .find(|fact| fact.id == *name)
            .map_or_else(|| name.clone(), |fact| lower_first(&fact.label)),
        Trigger::AdviceRequested => "each request".to_owned(),
        Trigger::AdviceAnswered => "an answer".to_owned(),
        Trigger::AllAdviceAnswered => "the last answer".to_owned(),
        Trigger::ClockWarned(name) => format!("a warning on {name}"),
        Trigger::ClockBreached(name) => format!("the end of {name}"),
        Trigger::Schedule(expression) => format!("the schedule {expression}"),
    });
    let mut words: Vec<String> = words.collect();
    words.dedup();
    words.join(" or ")
}

pub(super) fn colour(whose: Whose) -> &'static str {
    match whose {
        Whose::Authority => "#144e81",
        Whose::Adviser => "#54319f",
        Whose::Family => "#00572f",
        Whose::Other => "#6b3a00",
        Whose::Wait => "#383f43",
    }
}

/// Where on the page the events of clocks are.
struct Marks<'a, 'g> {
    graph: &'a Graph<'g>,
    layout: &'a Layout,
    places: &'a [Place],
}

impl Marks<'_, '_> {
    fn ruler(&self, at: usize, clock: &Clock) -> Option<Ruler> {
        if clock.whose == Whose::Adviser {
            let (from, until) = self.asked_within(clock)?;
            return Some(Ruler { clock: at, from, until, stops: Vec::new(), lane: 0 });
        }
        let from = clock.starts.iter().filter_map(|trigger| self.starts_at(trigger)).min()?;
        let mut stops: Vec<i32> =
            clock.stops.iter().flat_map(|trigger| self.stops_at(trigger)).filter(|y| *y > from + 30).collect();
        stops.sort_unstable();
        stops.dedup();
        let until = stops.pop()?;
        Some(Ruler { clock: at, from, until, stops, lane: 0 })
    }

    fn place(&self, state: &str) -> Option<Place> {
        let node = self.graph.ways.node_indices().find(|node| self.graph.ways[*node].id == state)?;
        self.layout.cell_of.get(&node).map(|cell| self.places[*cell])
    }

    fn starts_at(&self, trigger: &Trigger) -> Option<i32> {
        match trigger {
            Trigger::Started => self.place(&self.graph.definition.start).map(|place| place.y),
            Trigger::Entered(name) => self.place(name).map(|place| place.y),
            Trigger::Fired(name) => {
                let transition = self.graph.definition.transitions.iter().find(|transition| transition.id == *name)?;
                self.place(&transition.to).map(|place| place.y)
            }
            _ => None,
        }
    }

    fn stops_at(&self, trigger: &Trigger) -> Vec<i32> {
        match trigger {
            Trigger::Entered(name) => self.place(name).map(|place| place.y).into_iter().collect(),
            Trigger::Fired(name) => {
                let transitions = &self.graph.definition.transitions;
                let Some(transition) = transitions.iter().find(|transition| transition.id == *name) else {
                    return Vec::new();
                };
                let leaves = transition
                    .from
                    .iter()
                    .filter_map(|from| self.place(from))
                    .map(|place| place.y + place.height)
                    .max();
                let arrives = self.place(&transition.to).map(|place| place.y);
                leaves.into_iter().chain(arrives).max().into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// From the first to the last state in which advice on this clock is asked for.
    fn asked_within(&self, clock: &Clock) -> Option<(i32, i32)> {
        let advice = self.graph.definition.advice.iter().filter(|advice| advice.clock == clock.id);
        let places: Vec<Place> =
            advice.flat_map(|advice| &advice.ask_in).filter_map(|state| self.place(state)).collect();
        let from = places.iter().map(|place| place.y).min()?;
        let until = places.iter().map(|place| place.y + place.height).max()?;
        Some((from, until))
    }
}
