//! `milepost check`.

use crate::support::{Place, WORKFLOWS};

const SHIPPED: &str = include_str!("../../workflows/ehc-needs-assessment.ron");

#[test]
fn the_shipped_timelines_are_sound() {
    let ran = Place::new().run(&["check", WORKFLOWS]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(ran.err.contains(", 0 errors, 0 warnings"), "{}", ran.err);
}

#[test]
fn a_wrong_name_is_shown_with_its_place_and_ends_with_1() {
    let place = Place::new();
    let text = SHIPPED.replacen("to: \"gathering-advice\"", "to: \"gathering-advise\"", 1);
    let file = place.file("mine/assessment.ron", &text);
    let ran = place.run(&["check", file]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("mine/assessment.ron:"), "{}", ran.out);
    assert!(ran.out.contains(": error[unknown-name]: no state is named \"gathering-advise\""), "{}", ran.out);
    assert!(ran.out.contains("did you mean \"gathering-advice\"?"), "{}", ran.out);

    let json = place.run(&["check", "--json", "mine"]).out;
    let findings = json.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a line of JSON"));
    assert!(findings.into_iter().any(|finding| finding["check"] == "unknown-name"), "{json}");
}

#[test]
fn a_file_that_is_not_there_is_a_failure_in_words() {
    let ran = Place::new().run(&["check", "nowhere.ron"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("nowhere.ron is not there"), "{}", ran.err);
}
