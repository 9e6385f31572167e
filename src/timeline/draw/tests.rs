//! What a drawing keeps: everything is in it, nothing lies on anything else, and it is safe to put into a page.

use proptest::prelude::*;

use super::*;
use crate::timeline::check;

const SHIPPED: &str = include_str!("../../../workflows/ehc-needs-assessment.ron");

fn shipped() -> Definition {
    check("ehc-needs-assessment.ron", SHIPPED.as_bytes()).definition.expect("the shipped timeline can be read")
}

#[derive(Debug, Clone, Copy)]
struct Area {
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
}

fn overlap(a: Area, b: Area) -> bool {
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

/// Every box and every label with the room it takes.
fn areas(definition: &Definition) -> Vec<(String, Area)> {
    let graph = Graph::of(definition);
    let layout = Layout::of(&graph);
    let routed = route::route(&layout, 100);
    let boxes = layout.cells.iter().zip(&routed.places).map(|(cell, place)| {
        let area = Area { left: place.x, top: place.y, right: place.x + BOX_WIDTH, bottom: place.y + place.height };
        (cell.title.join(" "), area)
    });
    let labels = routed.arrows.iter().flat_map(|arrow| {
        arrow.label.iter().enumerate().map(|(at, (line, _))| {
            let width = text::width(line, LABEL_SIZE, false);
            let left = if arrow.label_ends_there { arrow.label_at.0 - width } else { arrow.label_at.0 };
            let baseline = arrow.label_at.1 + i32::try_from(at).expect("few lines") * 14;
            (line.clone(), Area { left, top: baseline - 10, right: left + width, bottom: baseline + 3 })
        })
    });
    boxes.chain(labels).collect()
}

fn expect_nothing_on_anything(definition: &Definition) {
    let areas = areas(definition);
    for (at, (first, one)) in areas.iter().enumerate() {
        for (second, other) in &areas[..at] {
            assert!(!overlap(*one, *other), "\"{first}\" {one:?} lies on \"{second}\" {other:?}");
        }
    }
}

/// Some states in some stages, joined in any way: every third one an end.
fn definition_of(states: &[usize], ways: &[(usize, usize, bool)]) -> Definition {
    use std::fmt::Write;
    let mut text = String::from(
        "Timeline(id: \"any\", title: \"Any\", version: 1, in_force: (from: \"2014-09-01\"), law: \"\", start: \"s0\", \
         started_label: \"Received\", started_as: \"received\", stages: [",
    );
    for stage in 0..4 {
        let _ = write!(text, "Stage(id: \"g{stage}\", title: \"Stage number {stage}\", for_families: \"x\"),");
    }
    text.push_str("], states: [");
    for (at, stage) in states.iter().enumerate() {
        let ends = if at % 3 == 2 { ", ends: \"over\"" } else { "" };
        let _ =
            write!(text, "State(id: \"s{at}\", stage: \"g{stage}\", label: \"State number {at} of them all\"{ends}),");
    }
    text.push_str("], transitions: [");
    for (at, (from, to, automatic)) in ways.iter().enumerate() {
        let (from, to) = (from % states.len(), to % states.len());
        let from = if at % 7 == 6 { "from_any_open_state: true".to_owned() } else { format!("from: [\"s{from}\"]") };
        let _ = write!(
            text,
            "Transition(id: \"t{at}\", label: \"Do the thing that is number {at}\", done: \"Done\", {from}, to: \"s{to}\", automatic: {automatic}),"
        );
    }
    text.push_str("])");
    check("any.ron", text.as_bytes()).definition.expect("well formed")
}

#[test]
fn in_the_shipped_timeline_no_label_lies_on_another_or_on_a_box() {
    expect_nothing_on_anything(&shipped());
}

#[test]
fn every_state_transition_and_limit_of_the_shipped_timeline_is_in_its_picture() {
    let definition = shipped();
    let picture = svg(&definition, None);
    let drawn: String = picture.split('>').filter_map(|part| part.split('<').next()).collect::<Vec<_>>().join(" ");
    let drawn = drawn.split_whitespace().collect::<Vec<_>>().join(" ");
    let escaped = |text: &str| text::escaped(text);
    for state in &definition.states {
        assert!(drawn.contains(&escaped(&state.label)), "{} is missing", state.label);
    }
    for transition in &definition.transitions {
        assert!(drawn.contains(&escaped(&transition.label)), "{} is missing", transition.label);
    }
    for clock in &definition.clocks {
        assert!(drawn.contains(&escaped(&clock.label)), "{} is missing", clock.label);
    }
}

#[test]
fn the_same_definition_always_gives_the_same_bytes() {
    assert_eq!(svg(&shipped(), Some("gathering-advice")), svg(&shipped(), Some("gathering-advice")));
}

#[test]
fn the_current_state_is_marked_and_said_in_words() {
    let picture = svg(&shipped(), Some("gathering-advice"));
    assert_eq!(picture.matches(">now</text>").count(), 1);
    assert!(picture.contains("Now: Gathering advice."));
    assert!(!svg(&shipped(), None).contains(">now</text>"));
}

#[test]
fn nothing_that_a_label_says_can_become_markup_and_nothing_needs_a_looser_security_policy() {
    let mut definition = shipped();
    definition.title = "<script>alert(1)</script>\u{0}".into();
    definition.id = "\"><b>".into();
    definition.states[0].label = "a & b <i> \"c\"".into();
    let picture = svg(&definition, None);
    assert!(!picture.contains("<script"));
    assert!(!picture.contains("<b>"));
    assert!(!picture.contains("<i>"));
    assert!(!picture.contains('\u{0}'));
    assert!(!picture.contains(" style="));
    assert!(!picture.contains("<style"));
}

#[test]
fn a_thousand_states_are_drawn_without_delay() {
    let states: Vec<usize> = (0..1_000).map(|at| at % 4).collect();
    let ways: Vec<(usize, usize, bool)> = (0..2_000).map(|at| (at / 2, at * 7 % 1_000, false)).collect();
    assert!(svg(&definition_of(&states, &ways), None).ends_with("</svg>\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_joined_to_whatever_no_label_lies_on_another(
        states in proptest::collection::vec(0usize..4, 1..14),
        ways in proptest::collection::vec((0usize..14, 0usize..14, any::<bool>()), 0..24),
    ) {
        let definition = definition_of(&states, &ways);
        expect_nothing_on_anything(&definition);
        prop_assert!(svg(&definition, None).ends_with("</svg>\n"));
    }
}
