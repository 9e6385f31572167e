//! A plan arrives from another authority.

use milepost::calendar::date;
use milepost::engine::*;
use milepost::timeline::Value;

use crate::desk::*;

const FILE: &str = "transfer-in.ron";

/// Transferred on Wednesday 1 July 2026; the plan was made on 1 September 2025 and never reviewed.
fn arrived() -> Involved {
    let facts = [("plan-made", Value::Date(date(2025, 9, 1))), ("old-authority", text("Southfell Council"))];
    Involved::opened(FILE, date(2026, 7, 1), &facts)
}

fn told(proposes_assessment: bool) -> Involved {
    let mut ada = arrived();
    let told = [
        ("proposes-assessment", Value::YesNo(proposes_assessment)),
        ("review-planned-for", Value::Date(date(2026, 9, 21))),
    ];
    ada.fire("inform-family", date(2026, 8, 10), &told).expect("told");
    ada
}

fn reviewed(decision: &str) -> [(&'static str, Value); 2] {
    [("review-decision", choice(decision)), ("review-has-own-involvement", Value::YesNo(false))]
}

#[test]
fn a_plan_that_moves_here_is_told_of_in_six_weeks_and_reviewed_in_time() {
    let mut ada = arrived();
    assert_eq!(ada.due("inform-after-transfer"), Some(date(2026, 8, 12)));
    assert_eq!(ada.due("review-due"), Some(date(2026, 9, 30)), "three months, later than the twelve from the plan");
    ada = told(false);
    assert_eq!(ada.notices_sent(), ["plan-transferred-in"]);
    ada.fire("record-review", date(2026, 9, 25), &reviewed("maintain")).expect("reviewed");
    assert_eq!(ada.standing("review-due", date(2026, 9, 25)), ClockStanding::Met { on: date(2026, 9, 25) });
    assert_eq!(ada.moved_elsewhere(), ["start annual-review"]);
}

#[test]
fn a_plan_that_was_reviewed_lately_is_reviewed_a_year_after_that() {
    let mut ada = arrived();
    ada.record(date(2026, 7, 2), &[("last-reviewed", Value::Date(date(2026, 2, 10)))]);
    assert_eq!(ada.due("review-due"), Some(date(2027, 2, 9)));
}

#[test]
fn a_letter_that_is_late_is_late_and_the_family_reads_it() {
    let mut ada = arrived();
    ada.day_passes(date(2026, 8, 13));
    assert_eq!(ada.standing("inform-after-transfer", date(2026, 8, 13)), ClockStanding::Overdue { days: 1 });
    assert!(ada.progress(date(2026, 8, 13)).late.is_some());
}

#[test]
fn nobody_records_the_letter_before_it_says_all_that_the_law_requires() {
    let mut ada = arrived();
    let silent = Command::Fire {
        transition: "inform-family".into(),
        on: date(2026, 8, 10),
        facts: vec![
            ("proposes-assessment".into(), Value::YesNo(false)),
            ("review-planned-for".into(), Value::Date(date(2026, 9, 21))),
        ],
        note: None,
        told: Vec::new(),
    };
    let refusal = ada.command(silent, date(2026, 8, 10)).unwrap_err();
    assert!(matches!(refusal, Refusal::NoticeIncomplete { .. }), "{refusal}");
    assert_eq!(ada.state(), "plan-received");
}

#[test]
fn a_transfer_without_the_day_the_plan_was_made_cannot_be_opened() {
    let refusal = Involved::try_opened(FILE, date(2026, 7, 1), &[("old-authority", text("Southfell Council"))]);
    assert!(matches!(refusal, Err(Refusal::FactsMissing { .. })));
}

#[test]
fn a_new_assessment_goes_its_own_way_and_the_review_stays_due_until_it_is_finished() {
    let mut ada = told(false);
    ada.fire("begin-assessment", date(2026, 8, 20), &[]).expect_err("the family was told that there would be none");
    let mut ben = told(true);
    ben.fire("begin-assessment", date(2026, 8, 20), &[]).expect("decided");
    let goes_along = [("re-assessment".to_owned(), vec!["requested-by".to_owned(), "named-setting".to_owned()])];
    assert_eq!(ben.opened_from_here(), goes_along);
    let there = Involved::opened("re-assessment.ron", date(2026, 8, 20), &[("requested-by", choice("authority"))]);
    assert_eq!(there.due("decide-whether-to-reassess"), None, "nobody asked, so no request has to be answered");
    assert_eq!(ben.standing("review-due", date(2026, 10, 1)), ClockStanding::Overdue { days: 1 });
    ben.fire("record-assessment", date(2026, 9, 29), &[]).expect("finished");
    assert_eq!(ben.standing("review-due", date(2026, 10, 1)), ClockStanding::Met { on: date(2026, 9, 29) });
}

#[test]
fn a_plan_that_is_to_change_opens_no_review_by_itself() {
    let mut ada = told(false);
    ada.fire("record-review", date(2026, 9, 25), &reviewed("amend")).expect("reviewed");
    assert!(ada.moved_elsewhere().is_empty());
}

#[test]
fn correcting_the_day_of_the_transfer_moves_both_dates() {
    let mut ada = arrived();
    ada.redate(1, date(2026, 6, 24), date(2026, 7, 3)).expect("corrected");
    assert_eq!(ada.due("inform-after-transfer"), Some(date(2026, 8, 5)));
    assert_eq!(ada.due("review-due"), Some(date(2026, 9, 23)));
}
