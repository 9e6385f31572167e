//! Changing a plan, after a review and without one.

use milepost::calendar::{Date, date};
use milepost::engine::*;
use milepost::timeline::Value;

use crate::desk::*;

/// The review of 11 May 2026 decided on a day to change the plan and sent the changes with its decision.
fn after_review(decided_on: Date) -> Involved {
    let carried = [("after-review", yes()), ("review-meeting", Value::Date(date(2026, 5, 11)))];
    Involved::opened("plan-amendment.ron", decided_on, &carried)
}

/// The named setting stays the same.
fn unchanged_setting(ada: &mut Involved, on: Date) {
    ada.record(on, &[("no-setting-to-consult", yes())]);
}

fn alder() -> (&'static str, Value) {
    ("named-setting", text("Alder Primary"))
}

#[test]
fn after_a_review_the_limits_count_from_its_letter_and_nothing_is_sent_twice() {
    let ada = after_review(date(2026, 6, 8));
    assert_eq!(ada.state(), "with-family");
    assert_eq!(ada.due("representations-on-amendment"), Some(date(2026, 6, 22)));
    assert_eq!(ada.due("final-amended-plan"), Some(date(2026, 8, 3)));
    assert_eq!(ada.due("decide-not-to-amend"), Some(date(2026, 8, 3)));
    assert_eq!(ada.due("final-amended-plan-from-meeting"), Some(date(2026, 8, 3)));
    assert!(ada.notices_sent().is_empty());
}

#[test]
fn changes_that_went_out_early_make_the_eight_weeks_end_before_the_twelve() {
    let ada = after_review(date(2026, 5, 18));
    assert_eq!(ada.due("final-amended-plan"), Some(date(2026, 7, 13)));
    assert_eq!(ada.due("final-amended-plan-from-meeting"), Some(date(2026, 8, 3)));
}

#[test]
fn a_changed_plan_in_time_keeps_every_limit_and_tells_the_move_that_waits_for_it() {
    let mut ada = after_review(date(2026, 6, 8));
    unchanged_setting(&mut ada, date(2026, 6, 9));
    ada.fire("issue-amended-plan", date(2026, 6, 22), &[alder()]).expect_err("the fifteenth day is still theirs");
    ada.fire("issue-amended-plan", date(2026, 6, 23), &[alder()]).expect("issued");
    for clock in ["final-amended-plan", "decide-not-to-amend", "final-amended-plan-from-meeting"] {
        let standing = ada.standing(clock, date(2026, 6, 23));
        assert_eq!(standing, ClockStanding::Met { on: date(2026, 6, 23) }, "{clock}");
    }
    assert_eq!(ada.notices_sent(), ["final-amended-plan"]);
    assert_eq!(ada.moved_elsewhere(), ["advance phase-transfer plan-amended"]);
}

#[test]
fn without_a_review_the_changes_are_sent_first_and_no_limit_counts_from_a_meeting() {
    let mut ada = Involved::opened("plan-amendment.ron", date(2026, 10, 5), &[]);
    assert_eq!(ada.due("final-amended-plan"), None);
    let refusal = ada.fire("send-proposals", date(2026, 10, 12), &[]).unwrap_err();
    assert_eq!(refusal.to_string(), "Enter: Why the plan is changed.");
    ada.fire("send-proposals", date(2026, 10, 12), &[("why-changed", text("Ada was given glasses."))]).expect("sent");
    assert_eq!(ada.due("representations-on-amendment"), Some(date(2026, 10, 26)));
    assert_eq!(ada.due("final-amended-plan"), Some(date(2026, 12, 7)));
    assert_eq!(ada.due("final-amended-plan-from-meeting"), None);
    assert_eq!(ada.notices_sent(), ["amendment-notice"]);
}

#[test]
fn a_plan_after_the_eight_weeks_is_late() {
    let mut ada = after_review(date(2026, 6, 8));
    unchanged_setting(&mut ada, date(2026, 6, 9));
    ada.fire("issue-amended-plan", date(2026, 8, 13), &[alder()]).expect("issued");
    let late = ClockStanding::MetLate { on: date(2026, 8, 13), days: 10, exempt: false };
    assert_eq!(ada.standing("final-amended-plan", date(2026, 8, 13)), late);
    assert_eq!(ada.standing("final-amended-plan-from-meeting", date(2026, 8, 13)), late);
}

#[test]
fn the_family_is_heard_before_we_decide_not_to_change_the_plan_and_is_told_of_its_rights() {
    let mut ada = after_review(date(2026, 6, 8));
    let reasons = [panel(), ("decision-reasons", text("The new advice does not bear the change out."))];
    ada.fire("decide-not-to-amend", date(2026, 6, 15), &reasons).expect_err("the family still has time");
    ada.fire("decide-not-to-amend", date(2026, 7, 1), &reasons).expect("decided");
    assert_eq!(ada.notices_sent(), ["plan-not-amended"]);
    assert_eq!(ada.standing("decide-not-to-amend", date(2026, 7, 1)), ClockStanding::Met { on: date(2026, 7, 1) });
    let lapsed = ClockStanding::Lapsed { on: date(2026, 7, 1) };
    assert_eq!(ada.standing("final-amended-plan", date(2026, 9, 1)), lapsed, "no changed plan is owed any more");
}

#[test]
fn other_changes_give_the_family_fifteen_new_days_and_us_no_longer() {
    let mut ada = after_review(date(2026, 6, 8));
    ada.fire("send-proposals-again", date(2026, 6, 19), &[]).expect("sent again");
    assert_eq!(ada.due("representations-on-amendment"), Some(date(2026, 7, 3)));
    assert_eq!(ada.due("final-amended-plan"), Some(date(2026, 8, 3)));
}

#[test]
fn a_setting_that_never_replies_does_not_hold_up_the_plan_for_ever() {
    let mut ada = after_review(date(2026, 6, 8));
    let ask = Command::RequestAdvice {
        advice: "setting-consultation".into(),
        of: "Beck Lane High".into(),
        on: date(2026, 6, 15),
    };
    ada.command(ask, date(2026, 6, 15)).expect("asked");
    assert_eq!(ada.progress(date(2026, 6, 15)).waited[0].due_on, Some(date(2026, 6, 30)));
    let beck_lane = [("named-setting", text("Beck Lane High"))];
    ada.fire("issue-amended-plan", date(2026, 7, 1), &beck_lane).expect_err("no reply yet");
    let decline = Command::DeclineAdvice { request: 1, on: date(2026, 7, 1), reason: "No reply".into() };
    ada.command(decline, date(2026, 7, 1)).expect("written down");
    ada.fire("issue-amended-plan", date(2026, 7, 1), &beck_lane).expect("issued");
}

#[test]
fn correcting_the_day_on_which_the_changes_were_sent_moves_the_limits() {
    let mut ada = Involved::opened("plan-amendment.ron", date(2026, 6, 1), &[]);
    ada.fire("send-proposals", date(2026, 6, 15), &[("why-changed", text("New advice"))]).expect("sent");
    let sent = ada.seq_of("send-proposals");
    let mend = Command::Redate { seq: sent, on: date(2026, 6, 8), reason: "Posted on the 8th".into() };
    ada.command(mend, date(2026, 6, 16)).expect("corrected");
    assert_eq!(ada.due("final-amended-plan"), Some(date(2026, 8, 3)));
}
