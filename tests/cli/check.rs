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
fn links_are_followed_into_the_other_timelines_of_the_folder() {
    let place = Place::new();
    let link = "    links: [Link(timeline: \"moddy\", label: \"x\", open_in: [\"considering\"])],\n)";
    let sound = include_str!("../../docs/checks/sound.ron");
    let linking = format!("{}{link}\n", &sound[..sound.rfind(')').expect("its end")]);
    let file = place.file("mine/small.ron", linking);
    place.file("mine/other.ron", sound.replacen("id: \"small-process\"", "id: \"moody\"", 1));
    let ran = place.run(&["check", file]);
    assert_eq!(ran.code, 0, "a warning: {}", ran.out);
    assert!(ran.out.contains("warning[unknown-link]: no timeline is named \"moddy\""), "{}", ran.out);
    assert!(ran.out.contains("did you mean \"moody\"?"), "{}", ran.out);
    assert!(ran.err.contains("1 file, 0 errors, 1 warning"), "{}", ran.err);
}

#[test]
fn a_faulty_calendar_and_a_file_of_another_kind_are_said_in_words_wherever_they_lie() {
    let place = Place::new();
    place.file("mine/deep/down/holidays.ron", "// ours\n#![enable(implicit_some)]\nCalendar(from: \"2026-01-01\")\n");
    place.file("mine/form.ron", "Form(id: \"views\")\n");
    let ran = place.run(&["check", "mine"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("holidays.ron: error: The calendar cannot be read"), "{}", ran.err);
    assert!(ran.err.contains("form.ron: error: it begins with Form(...)"), "{}", ran.err);
    assert!(ran.err.contains("2 files, 2 errors, 0 warnings"), "{}", ran.err);
}

#[test]
fn a_file_that_is_not_there_is_a_failure_in_words() {
    let ran = Place::new().run(&["check", "nowhere.ron"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("nowhere.ron is not there"), "{}", ran.err);
}
