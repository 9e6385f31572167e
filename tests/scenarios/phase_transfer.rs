//! Moving to the next phase: the review and the change that names the place, both before the day.

use milepost::calendar::{Date, date};
use milepost::engine::*;
use milepost::timeline::Value;

use crate::desk::*;

fn moving(phase: &str, year: i64) -> Involved {
    let facts = [("phase", choice(phase)), ("transfer-year", Value::Number(year))];
    Involved::opened("phase-transfer.ron", date(2025, 9, 15), &facts)
}

fn review(ada: &mut Involved, decided_on: Date) {
    ada.fire("record-review", decided_on, &[("review-meeting", Value::Date(date(2025, 11, 5)))]).expect("reviewed");
}

fn beck_lane() -> (&'static str, Value) {
    ("named-setting", text("Beck Lane High"))
}

#[test]
fn a_move_to_secondary_school_is_named_in_the_plan_by_the_14th_of_february() {
    let mut ada = moving("between-schools", 2026);
    assert_eq!(ada.due("other-phase"), Some(date(2026, 2, 14)));
    assert_eq!(ada.standing("post16-from-secondary", date(2025, 9, 15)), ClockStanding::NotStarted);
    review(&mut ada, date(2025, 12, 1));
    ada.fire("amendment-is-under-way", date(2025, 12, 1), &[]).expect("the review decided so");
    ada.fire("plan-amended", date(2026, 1, 28), &[beck_lane()]).expect("issued");
    assert_eq!(ada.standing("other-phase", date(2026, 1, 28)), ClockStanding::Met { on: date(2026, 1, 28) });
    assert_eq!(ada.progress(date(2026, 1, 28)).ended.as_deref(), Some("The plan names the next place"));
}

#[test]
fn a_review_alone_does_not_keep_the_limit() {
    let mut ada = moving("between-schools", 2026);
    review(&mut ada, date(2025, 12, 1));
    assert_eq!(ada.standing("other-phase", date(2026, 2, 15)), ClockStanding::Overdue { days: 1 });
    ada.fire("plan-amended", date(2026, 2, 16), &[beck_lane()]).expect("issued");
    let late = ClockStanding::MetLate { on: date(2026, 2, 16), days: 2, exempt: false };
    assert_eq!(ada.standing("other-phase", date(2026, 2, 16)), late, "a Saturday does not move the day");
}

#[test]
fn a_move_after_16_has_until_the_30th_of_march() {
    let mut zara = moving("secondary-to-post-16", 2027);
    assert_eq!(zara.due("post16-from-secondary"), Some(date(2027, 3, 30)));
    assert_eq!(zara.standing("other-phase", date(2027, 3, 1)), ClockStanding::NotStarted);
    review(&mut zara, date(2026, 12, 1));
    zara.fire("plan-amended", date(2027, 3, 30), &[("named-setting", text("Northmoor College"))]).expect("issued");
    let met = ClockStanding::Met { on: date(2027, 3, 30) };
    assert_eq!(zara.standing("post16-from-secondary", date(2027, 3, 30)), met);
}

#[test]
fn a_move_between_colleges_counts_five_months_back_from_its_day_and_is_refused_without_one() {
    let mut zara = moving("post-16-to-post-16", 2026);
    let reviewed = [("review-meeting", Value::Date(date(2026, 3, 2)))];
    let refusal = zara.fire("record-review", date(2026, 3, 20), &reviewed).unwrap_err();
    assert!(refusal.to_string().contains("Day of the move"), "{refusal}");
    zara.record(date(2026, 3, 20), &[("transfer-date", Value::Date(date(2026, 10, 8)))]);
    assert_eq!(zara.due("post16-to-post16"), Some(date(2026, 5, 8)));
    zara.fire("record-review", date(2026, 3, 20), &reviewed).expect("reviewed");
    assert_eq!(zara.standing("post16-to-post16", date(2026, 5, 9)), ClockStanding::Overdue { days: 1 });
}

#[test]
fn the_setting_has_to_be_named_and_the_review_comes_first() {
    let mut ada = moving("into-school", 2026);
    let refusal = ada.fire("plan-amended", date(2025, 11, 3), &[beck_lane()]).unwrap_err();
    assert!(matches!(refusal, Refusal::NotFromHere { .. }), "{refusal}");
    review(&mut ada, date(2025, 12, 1));
    let refusal = ada.fire("plan-amended", date(2026, 1, 28), &[]).unwrap_err();
    assert_eq!(refusal.to_string(), "Enter: The setting or type of setting named in section I.");
}

#[test]
fn the_change_of_the_plan_can_be_opened_from_here() {
    let mut ada = moving("between-schools", 2026);
    review(&mut ada, date(2025, 12, 1));
    ada.fire("open-amendment", date(2025, 12, 2), &[("why-changed", text("Moves to secondary school"))])
        .expect("opened");
    assert_eq!(ada.state(), "amending");
    assert_eq!(ada.opened_from_here()[0].0, "plan-amendment");
}

#[test]
fn a_year_typed_wrongly_is_put_right_and_the_day_with_it() {
    let mut ada = moving("between-schools", 2026);
    ada.record(date(2025, 9, 16), &[("transfer-year", Value::Number(2027))]);
    assert_eq!(ada.due("other-phase"), Some(date(2027, 2, 14)));
}

#[test]
fn without_knowing_which_move_it_is_nothing_is_opened() {
    let refused = Involved::try_opened("phase-transfer.ron", date(2025, 9, 15), &[]).map(|_| ()).unwrap_err();
    let asked_for = "Which move; Year of the move";
    assert!(matches!(&refused, Refusal::FactsMissing { facts } if facts.join("; ") == asked_for), "{refused}");
}
