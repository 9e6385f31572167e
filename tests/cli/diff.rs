//! `milepost diff`.

use crate::support::Place;

const SHIPPED: &str = include_str!("../../workflows/ehc-needs-assessment.ron");

#[test]
fn what_changes_is_said_part_by_part_in_words() {
    let place = Place::new();
    let old = place.file("old.ron", SHIPPED);
    let changed = SHIPPED.replacen("limit: Within(Weeks(6))", "limit: Within(Weeks(8))", 1);
    let new = place.file("new.ron", &changed);
    let ran = place.run(&["diff", old, new]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("\nTime limits\n  ~ Changed "), "{}", ran.out);
    assert!(ran.out.contains("limit: within 6 weeks of -> within 8 weeks of"), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}'), "no colour where nobody looks");
    assert_eq!(place.run(&["diff", "--exit-code", old, new]).code, 1);
}

#[test]
fn nothing_changes_between_a_file_and_itself() {
    let place = Place::new();
    let file = place.file("one.ron", SHIPPED);
    let ran = place.run(&["diff", "--exit-code", file, file]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.ends_with("Nothing changes.\n"), "{}", ran.out);
    assert_eq!(place.run(&["diff", "--json", file, file]).out, "");
}

#[test]
fn a_file_that_cannot_be_read_is_a_failure_in_words() {
    let place = Place::new();
    let good = place.file("good.ron", SHIPPED);
    let bad = place.file("bad.ron", "Timeline(");
    let ran = place.run(&["diff", good, bad]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("milepost check bad.ron says why"), "{}", ran.err);
    assert_eq!(place.run(&["diff", good]).code, 2);
}
