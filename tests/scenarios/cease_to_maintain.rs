//! Ending a plan: never before the family could appeal, and never while an appeal is pending.

use milepost::calendar::date;
use milepost::engine::*;
use milepost::timeline::Value;

use crate::desk::*;

/// Considered from February; the family and the school were consulted; the letter went out on 10 March 2026.
fn notice_given() -> Involved {
    let mut ada = Involved::opened("cease-to-maintain.ron", date(2026, 2, 2), &[]);
    ada.fire("consult", date(2026, 2, 9), &[]).expect("asked");
    ada.fire("give-notice", date(2026, 3, 10), &decided("no-longer-necessary")).expect("told");
    ada
}

fn decided(ground: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("ceasing-ground", choice(ground)),
        ("family-consulted-on", Value::Date(date(2026, 2, 9))),
        ("setting-consulted-on", Value::Date(date(2026, 2, 9))),
        panel(),
        ("decision-reasons", text("Ada reached what the plan set out for her.")),
    ]
}

#[test]
fn a_plan_may_end_on_the_first_day_after_the_time_for_an_appeal() {
    let mut ada = notice_given();
    assert_eq!(ada.due("earliest-cease"), Some(date(2026, 5, 12)));
    let refusal = ada.fire("cease-plan", date(2026, 5, 11), &[]).unwrap_err();
    assert!(matches!(refusal, Refusal::NotYet { .. }), "{refusal}");
    ada.fire("cease-plan", date(2026, 5, 12), &[]).expect("nobody appealed");
    assert_eq!(ada.state(), "ceased");
    assert_eq!(ada.notices_sent(), ["considering-to-cease", "cease-decided"]);
    assert_eq!(ada.moved_elsewhere(), ["advance annual-review plan-ceased"]);
}

#[test]
fn a_certificate_gives_the_family_longer_and_the_plan_with_it() {
    let mut ada = notice_given();
    ada.record(date(2026, 5, 6), &[("certificate-issued", Value::Date(date(2026, 5, 5)))]);
    assert_eq!(ada.due("earliest-cease"), Some(date(2026, 6, 6)));
    ada.fire("cease-plan", date(2026, 5, 12), &[]).expect_err("the family can still appeal");
    ada.fire("cease-plan", date(2026, 6, 6), &[]).expect("nobody appealed");
}

#[test]
fn a_certificate_recorded_after_the_first_date_passed_still_prolongs_the_wait() {
    let mut ada = notice_given();
    ada.command(Command::DayPassed, date(2026, 5, 14)).expect("the period closes by itself");
    ada.record(date(2026, 5, 14), &[("certificate-issued", Value::Date(date(2026, 5, 8)))]);
    ada.fire("cease-plan", date(2026, 5, 15), &[]).expect_err("until 8 June the family can appeal");
    ada.fire("cease-plan", date(2026, 6, 9), &[]).expect("nobody appealed");
}

#[test]
fn while_an_appeal_is_pending_the_plan_stays_whatever_the_date_says() {
    let mut ada = notice_given();
    ada.fire("appeal-lodged", date(2026, 5, 8), &[]).expect("lodged");
    let refusal = ada.fire("cease-plan", date(2026, 12, 1), &[]).unwrap_err();
    assert!(matches!(refusal, Refusal::NotFromHere { .. }), "{refusal}");
    ada.fire("appeal-dismissed", date(2026, 12, 1), &[]).expect("dismissed");
    assert_eq!(ada.progress(date(2026, 12, 1)).ended.as_deref(), Some("The plan has ended"));
    assert_eq!(ada.moved_elsewhere(), ["advance annual-review plan-ceased"]);
}

#[test]
fn an_appeal_that_is_allowed_keeps_the_plan_and_its_review() {
    let mut ada = notice_given();
    ada.fire("appeal-lodged", date(2026, 5, 8), &[]).expect("lodged");
    ada.fire("appeal-allowed", date(2026, 10, 20), &[]).expect("allowed");
    assert_eq!(ada.state(), "continued");
    assert!(ada.moved_elsewhere().is_empty(), "the review goes on");
}

#[test]
fn after_an_appeal_is_withdrawn_the_time_for_one_still_has_to_pass() {
    let mut ada = notice_given();
    ada.fire("appeal-lodged", date(2026, 4, 1), &[]).expect("lodged");
    ada.fire("appeal-withdrawn", date(2026, 4, 20), &[]).expect("withdrawn");
    ada.fire("cease-plan", date(2026, 4, 21), &[]).expect_err("the two months are not over");
    ada.fire("cease-plan", date(2026, 5, 12), &[]).expect("now they are");
}

#[test]
fn after_a_review_the_wait_counts_from_its_letter_and_the_plan_is_reviewed_while_it_stays() {
    let carried = [
        ("after-review", yes()),
        ("ceasing-ground", choice("no-longer-necessary")),
        ("family-consulted-on", Value::Date(date(2026, 4, 20))),
        ("setting-consulted-on", Value::Date(date(2026, 4, 20))),
    ];
    let ada = Involved::opened("cease-to-maintain.ron", date(2026, 5, 13), &carried);
    assert_eq!(ada.state(), "notice-given");
    assert_eq!(ada.due("earliest-cease"), Some(date(2026, 7, 14)));
    assert!(ada.notices_sent().is_empty(), "the review sent it");
    assert_eq!(ada.opened_from_here(), [("annual-review".to_owned(), vec!["named-setting".to_owned()])]);
}

#[test]
fn nobody_is_told_that_the_plan_ends_before_they_were_asked() {
    let mut ada = Involved::opened("cease-to-maintain.ron", date(2026, 2, 2), &[]);
    let refusal = ada.fire("give-notice", date(2026, 3, 10), &decided("no-longer-necessary")).unwrap_err();
    assert!(matches!(refusal, Refusal::NotFromHere { .. }), "{refusal}");
}

#[test]
fn a_young_person_who_stopped_attending_is_reviewed_first_and_must_be_eighteen() {
    let mut ben = Involved::opened("cease-to-maintain.ron", date(2026, 2, 2), &[]);
    ben.fire("consult", date(2026, 2, 9), &[]).expect("asked");
    ben.fire("give-notice", date(2026, 3, 10), &decided("stopped-attending")).expect_err("nothing is known of his age");
    ben.record(date(2026, 3, 10), &[("eighteen-or-over", yes())]);
    ben.fire("give-notice", date(2026, 3, 10), &decided("stopped-attending")).expect_err("no review yet");
    ben.record(date(2026, 3, 10), &[("reviewed-on", Value::Date(date(2026, 3, 2)))]);
    ben.fire("give-notice", date(2026, 3, 10), &decided("stopped-attending")).expect("18, and reviewed");
}

#[test]
fn correcting_the_day_of_the_letter_moves_the_first_day() {
    let mut ada = notice_given();
    let told = ada.seq_of("give-notice");
    let mend = Command::Redate { seq: told, on: date(2026, 3, 16), reason: "Posted on the 16th".into() };
    ada.command(mend, date(2026, 3, 20)).expect("corrected");
    assert_eq!(ada.due("earliest-cease"), Some(date(2026, 5, 19)));
}

#[test]
fn the_family_can_persuade_us_to_go_on() {
    let mut ada = notice_given();
    ada.fire("continue-plan", date(2026, 4, 2), &[("continuing-because", text("New medical advice"))])
        .expect("goes on");
    assert_eq!(ada.progress(date(2026, 4, 2)).ended.as_deref(), Some("The plan goes on"));
}
