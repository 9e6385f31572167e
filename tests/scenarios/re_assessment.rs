//! Re-assessment: fifteen days to decide, fourteen weeks to the plan.

use milepost::calendar::date;
use milepost::engine::*;
use milepost::timeline::Value;

use crate::desk::*;

/// A parent's request, received on 5 May 2026.
fn requested() -> Involved {
    Involved::opened("re-assessment.ron", date(2026, 5, 5), &[("requested-by", choice("parent"))])
}

fn agreed() -> Involved {
    let mut ada = requested();
    ada.fire("agree-to-reassess", date(2026, 5, 20), &[panel()]).expect("agreed on the last day");
    ada
}

fn named() -> (&'static str, Value) {
    ("named-setting", text("Alder Primary"))
}

#[test]
fn a_re_assessment_in_time_ends_with_a_plan_within_fourteen_weeks() {
    let mut ada = agreed();
    assert_eq!(ada.due("final-plan"), Some(date(2026, 8, 26)));
    assert_eq!(ada.advisers_asked(), ["family", "setting", "health", "psychology", "social-care"]);
    assert!(ada.progress(date(2026, 5, 20)).waited.iter().all(|waited| waited.due_on == Some(date(2026, 7, 1))));
    ada.all_advice_comes_in(date(2026, 6, 26));
    assert_eq!(ada.state(), "considering-advice");
    ada.fire("send-draft", date(2026, 7, 8), &[]).expect("sent");
    ada.record(date(2026, 7, 8), &[("no-setting-to-consult", yes())]);
    ada.fire("issue-final-plan", date(2026, 7, 22), &[named()]).expect_err("the fifteenth day is still theirs");
    ada.fire("issue-final-plan", date(2026, 7, 23), &[named()]).expect("issued");
    let today = date(2026, 7, 23);
    assert_eq!(ada.standing("decide-whether-to-reassess", today), ClockStanding::Met { on: date(2026, 5, 20) });
    assert_eq!(ada.standing("final-plan", today), ClockStanding::Met { on: today });
    assert_eq!(ada.notices_sent(), ["re-assessment-agreed", "draft-plan", "final-plan"]);
}

#[test]
fn a_decision_after_the_fifteen_days_and_a_plan_after_the_fourteen_weeks_are_late() {
    let mut ada = Involved::opened("re-assessment.ron", date(2026, 6, 11), &[("requested-by", choice("parent"))]);
    assert_eq!(ada.due("decide-whether-to-reassess"), Some(date(2026, 6, 26)));
    ada.fire("agree-to-reassess", date(2026, 6, 29), &[panel()]).expect("agreed, three days late");
    ada.all_advice_comes_in(date(2026, 8, 10));
    ada.fire("send-draft", date(2026, 9, 14), &[]).expect("sent");
    ada.record(date(2026, 9, 14), &[("no-setting-to-consult", yes())]);
    ada.fire("issue-final-plan", date(2026, 10, 7), &[named()]).expect("issued");
    let today = date(2026, 10, 7);
    let late = |on, days| ClockStanding::MetLate { on, days, exempt: false };
    assert_eq!(ada.standing("decide-whether-to-reassess", today), late(date(2026, 6, 29), 3));
    assert_eq!(ada.standing("final-plan", today), late(today, 2), "14 weeks of 29 June are over on 5 October");
}

#[test]
fn a_refusal_tells_the_family_of_its_rights_and_leaves_no_plan_owed() {
    let mut ada = requested();
    let refused = [panel(), ("decision-reasons", text("The needs have not changed since the last assessment."))];
    ada.fire("refuse-to-reassess", date(2026, 5, 18), &refused).expect("refused");
    assert_eq!(ada.notices_sent(), ["re-assessment-refused"]);
    assert_eq!(ada.due("final-plan"), None);
}

#[test]
fn within_six_months_of_the_last_assessment_it_is_too_soon_unless_the_reason_is_written_down() {
    let mut ada = requested();
    ada.record(date(2026, 5, 6), &[("last-assessed", Value::Date(date(2026, 1, 20)))]);
    assert_eq!(ada.due("not-within-six-months"), Some(date(2026, 7, 21)));
    ada.fire("agree-to-reassess", date(2026, 5, 18), &[panel()]).expect_err("too soon");
    ada.record(date(2026, 5, 18), &[("sooner-because", text("Ada was in an accident in April."))]);
    ada.fire("agree-to-reassess", date(2026, 5, 18), &[panel()]).expect("agreed");
}

#[test]
fn six_months_after_the_last_assessment_nothing_more_has_to_be_said() {
    let mut ada = Involved::opened("re-assessment.ron", date(2026, 7, 10), &[("requested-by", choice("parent"))]);
    ada.record(date(2026, 7, 10), &[("last-assessed", Value::Date(date(2026, 1, 20)))]);
    ada.fire("agree-to-reassess", date(2026, 7, 20), &[panel()]).expect_err("the last day is still too soon");
    ada.fire("agree-to-reassess", date(2026, 7, 21), &[panel()]).expect("agreed");
}

#[test]
fn where_the_authority_decides_of_itself_no_fifteen_days_run_and_the_fourteen_weeks_do() {
    let mut ada = Involved::opened("re-assessment.ron", date(2026, 4, 1), &[("requested-by", choice("authority"))]);
    assert_eq!(ada.standing("decide-whether-to-reassess", date(2026, 6, 1)), ClockStanding::NotStarted);
    ada.fire("agree-to-reassess", date(2026, 6, 26), &[panel()]).expect("decided");
    assert_eq!(ada.due("final-plan"), Some(date(2026, 10, 2)));
}

#[test]
fn a_summer_closure_excuses_the_fourteen_weeks_and_leaves_the_date_where_it_is() {
    let mut ada = Involved::opened("re-assessment.ron", date(2026, 7, 6), &[("requested-by", choice("parent"))]);
    ada.fire("agree-to-reassess", date(2026, 7, 17), &[panel()]).expect("agreed");
    let claim = Command::ClaimExemption {
        clock: ClockKey { clock: "final-plan".into(), request: None },
        exemption: "school-closed".into(),
        from: date(2026, 7, 22),
        until: date(2026, 9, 2),
        reason: "The school cannot give its advice before September".into(),
        evidence: "Published term dates".into(),
    };
    ada.command(claim, date(2026, 7, 17)).expect("asked within a week of the closure");
    assert_eq!(ada.due("final-plan"), Some(date(2026, 10, 23)));
    assert_eq!(ada.standing("final-plan", date(2026, 8, 10)), ClockStanding::Exempt { until: date(2026, 9, 2) });
}

#[test]
fn a_plan_that_no_longer_seems_needed_does_not_end_here_the_family_is_asked_first() {
    let mut ada = agreed();
    ada.all_advice_comes_in(date(2026, 6, 26));
    ada.fire("consider-ending-the-plan", date(2026, 7, 1), &[panel()]).expect("considered");
    assert_eq!(ada.opened_from_here(), [("cease-to-maintain".to_owned(), vec![])]);
    assert_eq!(ada.standing("final-plan", date(2027, 1, 1)), ClockStanding::Lapsed { on: date(2026, 7, 1) });
}

#[test]
fn correcting_the_day_of_the_notice_moves_the_fourteen_weeks() {
    let mut ada = agreed();
    let told = ada.seq_of("agree-to-reassess");
    let mend = Command::Redate { seq: told, on: date(2026, 5, 18), reason: "Posted on the 18th".into() };
    ada.command(mend, date(2026, 5, 21)).expect("corrected");
    assert_eq!(ada.due("final-plan"), Some(date(2026, 8, 24)));
}
