//! `milepost graph`. The drawings of the shipped timeline are golden files: `make golden` rewrites them; look at them then.

use std::path::Path;

use crate::support::{Place, WORKFLOWS};

#[expect(clippy::disallowed_methods, reason = "make says through it that golden files are to be written")]
fn is_golden(name: &str, now: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/graph").join(name);
    if std::env::var("MILEPOST_GOLDEN").is_ok_and(|value| value == "write") {
        std::fs::create_dir_all(path.parent().expect("a golden file lies in a folder"))
            .expect("the folder can be made");
        std::fs::write(&path, now).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == now, "tests/golden/graph/{name} differs. If it is meant to, run `make golden` and look at it.");
}

#[test]
fn the_shipped_timeline_is_drawn_as_it_was_in_every_format() {
    let place = Place::new();
    for (format, name) in [
        ("svg", "assessment.svg"),
        ("dot", "assessment.dot"),
        ("mermaid", "assessment.mmd"),
        ("pnml", "assessment.pnml"),
        ("scxml", "assessment.scxml"),
        ("bpmn", "assessment.bpmn"),
    ] {
        let ran = place.run(&["graph", "ehc-needs-assessment", "--format", format, "--workflows", WORKFLOWS]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{format}");
        is_golden(name, &ran.out);
    }
}

#[test]
fn a_drawing_goes_to_the_file_that_is_asked_for_with_the_present_state_marked() {
    let place = Place::new();
    let shipped = format!("{WORKFLOWS}/ehc-needs-assessment.ron");
    let ran = place.run(&["graph", &shipped, "--current", "gathering-advice", "--out", "drawn.svg"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    let drawn = std::fs::read_to_string(place.path().join("drawn.svg")).expect("the drawing is there");
    assert!(drawn.contains(">now</text>"));
}

#[test]
fn a_timeline_or_a_state_that_is_not_there_is_a_failure_in_words() {
    let place = Place::new();
    let ran = place.run(&["graph", "school-trip", "--workflows", WORKFLOWS]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("no timeline is named \"school-trip\""), "{}", ran.err);
    assert!(ran.err.contains("ehc-needs-assessment"), "{}", ran.err);
    let ran = place.run(&["graph", "ehc-needs-assessment", "--workflows", WORKFLOWS, "--current", "nowhere"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("no state named \"nowhere\""), "{}", ran.err);
}

#[test]
fn a_file_that_cannot_be_read_as_a_timeline_says_how_to_find_out_why() {
    let place = Place::new();
    let file = place.file("broken.ron", "Timeline(");
    let ran = place.run(&["graph", file]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("milepost check broken.ron says why"), "{}", ran.err);
}
