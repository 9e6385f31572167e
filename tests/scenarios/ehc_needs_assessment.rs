//! The EHC needs assessment, as it goes and as it goes wrong.

use milepost::calendar::date;
use milepost::engine::*;
use milepost::timeline::Value;

use crate::desk::*;

/// Received on Monday 2 March 2026; agreed on 8 April.
fn agreed() -> Involved {
    let mut ada = Involved::request_received(date(2026, 3, 2));
    ada.fire("agree-to-assess", date(2026, 4, 8), &[panel()]).expect("agreed");
    ada
}

/// All advice in by 18 May; a plan is needed; the draft is sent on 1 June.
fn drafted() -> Involved {
    let mut ada = agreed();
    ada.all_advice_comes_in(date(2026, 5, 18));
    ada.fire("agree-to-issue-plan", date(2026, 5, 22), &[panel()]).expect("decided");
    ada.fire("send-draft", date(2026, 6, 1), &[]).expect("sent");
    ada
}

#[test]
fn a_request_that_is_granted_in_time_ends_with_a_plan_within_twenty_weeks() {
    let mut ada = drafted();
    ada.fire("begin-consultation", date(2026, 6, 5), &[]).expect("begun");
    let ask = Command::RequestAdvice {
        advice: "setting-consultation".into(),
        of: "Alder Primary".into(),
        on: date(2026, 6, 5),
    };
    ada.command(ask, date(2026, 6, 5)).expect("asked");
    ada.all_advice_comes_in(date(2026, 6, 19));
    ada.fire("issue-final-plan", date(2026, 6, 22), &[("named-setting", text("Alder Primary"))]).expect("issued");

    assert_eq!(ada.state(), "plan-issued");
    assert_eq!(
        ada.standing("decide-whether-to-assess", date(2026, 6, 22)),
        ClockStanding::Met { on: date(2026, 4, 8) }
    );
    assert_eq!(ada.standing("notify-not-to-issue", date(2026, 6, 22)), ClockStanding::Met { on: date(2026, 5, 22) });
    assert_eq!(ada.standing("final-plan", date(2026, 6, 22)), ClockStanding::Met { on: date(2026, 6, 22) });
    assert_eq!(ada.notices_sent(), ["assessment-agreed", "draft-plan", "final-plan"]);
    assert_eq!(ada.progress(date(2026, 6, 22)).ended.as_deref(), Some("Final plan issued"));
}

#[test]
fn the_three_dates_of_the_law_count_from_the_day_of_the_request() {
    let ada = Involved::request_received(date(2026, 3, 2));
    assert_eq!(ada.due("decide-whether-to-assess"), Some(date(2026, 4, 13)));
    assert_eq!(ada.due("notify-not-to-issue"), Some(date(2026, 6, 22)));
    assert_eq!(ada.due("final-plan"), Some(date(2026, 7, 20)));
}

#[test]
fn agreeing_to_assess_asks_everybody_the_law_names() {
    let ada = agreed();
    assert_eq!(ada.advisers_asked(), ["family", "setting", "health", "psychology", "social-care"]);
    assert!(ada.open_forms(date(2026, 4, 8)).contains(&"parent-views"));
    let waited = ada.progress(date(2026, 4, 8)).waited;
    assert_eq!(waited.len(), 5);
    assert!(waited.iter().all(|waited| waited.due_on == Some(date(2026, 5, 20))));
}

#[test]
fn a_refusal_tells_the_family_of_their_rights_and_leaves_no_later_limit_to_keep_or_miss() {
    let mut ada = Involved::request_received(date(2026, 3, 2));
    let refusal = ada.fire("refuse-to-assess", date(2026, 4, 1), &[panel()]).unwrap_err();
    assert_eq!(refusal.to_string(), "Enter: Reasons for the decision.");
    ada.fire(
        "refuse-to-assess",
        date(2026, 4, 1),
        &[panel(), ("decision-reasons", text("The support in place is working."))],
    )
    .expect("refused");
    assert_eq!(ada.notices_sent(), ["assessment-refused"]);
    let standing = ada.standing("decide-whether-to-assess", date(2026, 9, 1));
    assert_eq!(standing, ClockStanding::Met { on: date(2026, 4, 1) });
    for clock in ["notify-not-to-issue", "final-plan"] {
        assert_eq!(ada.standing(clock, date(2026, 9, 1)), ClockStanding::Lapsed { on: date(2026, 4, 1) }, "{clock}");
    }
}

#[test]
fn late_psychology_advice_keeps_the_assessment_waiting_and_the_family_is_told_so() {
    let mut ada = agreed();
    for request in [1, 2, 3, 5] {
        ada.command(Command::ReceiveAdvice { request, on: date(2026, 5, 18) }, date(2026, 5, 18)).expect("received");
    }
    assert_eq!(ada.state(), "gathering-advice");
    let progress = ada.progress(date(2026, 5, 25));
    assert_eq!(progress.replies_in, 4);
    let late: Vec<&str> =
        progress.waited.iter().filter(|waited| waited.overdue).map(|waited| waited.who.as_str()).collect();
    assert_eq!(late, ["An educational psychologist"]);
    ada.command(Command::ReceiveAdvice { request: 4, on: date(2026, 6, 8) }, date(2026, 6, 8)).expect("received");
    assert_eq!(ada.state(), "considering-advice");
}

#[test]
fn a_decision_that_no_plan_is_needed_is_due_within_sixteen_weeks() {
    let mut ada = agreed();
    ada.all_advice_comes_in(date(2026, 5, 18));
    let reasons = [panel(), ("decision-reasons", text("The needs can be met from what is ordinarily available."))];
    ada.fire("refuse-to-issue-plan", date(2026, 6, 24), &reasons).expect("decided, two days late");
    let standing = ada.standing("notify-not-to-issue", date(2026, 6, 24));
    assert_eq!(standing, ClockStanding::MetLate { on: date(2026, 6, 24), days: 2, exempt: false });
    assert_eq!(ada.notices_sent().last().map(String::as_str), Some("plan-refused"));
}

#[test]
fn the_plan_cannot_be_issued_before_the_family_has_had_fifteen_days_unless_it_has_finished() {
    let mut ada = drafted();
    ada.record(date(2026, 6, 2), &[("no-setting-to-consult", Value::YesNo(true))]);
    let named = [("named-setting", text("Education otherwise than at a school"))];
    let refusal = ada.fire("issue-final-plan", date(2026, 6, 15), &named).unwrap_err();
    assert!(refusal.to_string().contains("Family's comments on the draft"), "{refusal}");
    ada.record(date(2026, 6, 15), &[("family-has-finished", Value::YesNo(true))]);
    ada.fire("issue-final-plan", date(2026, 6, 15), &named).expect("the family says it has finished");
}

#[test]
fn a_summer_closure_excuses_the_settings_part_and_leaves_the_dates_where_they_are() {
    let mut ada = Involved::request_received(date(2026, 6, 29));
    ada.fire("agree-to-assess", date(2026, 7, 17), &[panel()]).expect("agreed");
    let claim = Command::ClaimExemption {
        clock: ClockKey { clock: "final-plan".into(), request: None },
        exemption: "school-closed".into(),
        from: date(2026, 7, 22),
        until: date(2026, 9, 2),
        reason: "The school cannot give its advice before September".into(),
        evidence: "Published term dates".into(),
    };
    ada.command(claim, date(2026, 7, 17)).expect("asked within a week of the closure");
    assert_eq!(ada.due("final-plan"), Some(date(2026, 11, 16)));
    assert_eq!(ada.standing("final-plan", date(2026, 8, 10)), ClockStanding::Exempt { until: date(2026, 9, 2) });
    assert_eq!(ada.standing("final-plan", date(2026, 9, 3)), ClockStanding::Running { days_left: 74 });
}

#[test]
fn a_closure_does_not_excuse_a_request_that_was_made_long_before_it() {
    let mut ada = agreed();
    let claim = Command::ClaimExemption {
        clock: ClockKey { clock: "final-plan".into(), request: None },
        exemption: "school-closed".into(),
        from: date(2026, 7, 22),
        until: date(2026, 9, 2),
        reason: "Summer".into(),
        evidence: "Term dates".into(),
    };
    let refusal = ada.command(claim, date(2026, 7, 17)).unwrap_err();
    assert!(matches!(refusal, Refusal::OutsideClosureWindow { .. }), "{refusal}");
}

#[test]
fn correcting_the_day_of_the_request_moves_every_date_and_shows_what_was_late() {
    let mut ada = agreed();
    let correction =
        Command::Redate { seq: 1, on: date(2026, 2, 20), reason: "The letter was stamped on 20 February".into() };
    ada.command(correction, date(2026, 4, 9)).expect("corrected");
    assert_eq!(ada.due("decide-whether-to-assess"), Some(date(2026, 4, 3)));
    assert_eq!(ada.due("final-plan"), Some(date(2026, 7, 10)));
    let standing = ada.standing("decide-whether-to-assess", date(2026, 4, 9));
    assert_eq!(standing, ClockStanding::MetLate { on: date(2026, 4, 8), days: 5, exempt: false });
}

#[test]
fn a_withdrawn_request_leaves_nothing_running() {
    let mut ada = agreed();
    ada.fire("withdraw-request", date(2026, 4, 20), &[("withdrawal-reason", text("The family changed its mind"))])
        .expect("withdrawn");
    assert_eq!(ada.standing("final-plan", date(2027, 1, 1)), ClockStanding::Lapsed { on: date(2026, 4, 20) });
    assert!(ada.progress(date(2026, 4, 20)).late.is_none());
}

#[test]
fn a_missed_date_is_said_to_the_family_in_words_with_its_reason() {
    let mut ada = Involved::request_received(date(2026, 3, 2));
    ada.record(
        date(2026, 4, 14),
        &[
            ("late-reason", text("Our panel was cancelled because of illness.")),
            ("next-update-on", Value::Date(date(2026, 4, 28))),
        ],
    );
    let late = ada.progress(date(2026, 4, 16)).late.expect("late");
    assert_eq!(
        late.text,
        "We are late. The law gave us until Monday 13 April 2026 to tell you whether we will do an assessment. We have not done it yet."
    );
    assert_eq!(late.reason.as_deref(), Some("Our panel was cancelled because of illness."));
}

#[test]
fn a_date_of_receipt_typed_too_early_is_mended_with_everything_that_was_typed_in_with_it() {
    let today = date(2026, 3, 20);
    let mut wrong = Involved::request_received(date(2026, 3, 2));
    let mend = Command::Redate { seq: 1, on: date(2026, 3, 9), reason: "Stamped on the 9th".into() };
    wrong.command(mend, today).expect("who asked was typed in with it, and moves along");
    let right = Involved::request_received(date(2026, 3, 9));
    assert_eq!(wrong.due("final-plan"), right.due("final-plan"));
    assert_eq!(wrong.involvement.facts, right.involvement.facts);
}

#[test]
fn a_child_brought_to_attention_by_somebody_else_is_owed_a_decision_in_the_same_six_weeks() {
    let mut ada = Involved::request_received(date(2026, 3, 2));
    ada.record(date(2026, 3, 3), &[("requested-by", Value::Choice("someone-else".into()))]);
    assert_eq!(ada.due("decide-whether-to-assess"), Some(date(2026, 4, 13)));
    assert_eq!(ada.standing("decide-whether-to-assess", date(2026, 4, 13)), ClockStanding::Running { days_left: 0 });
    assert_eq!(ada.standing("decide-whether-to-assess", date(2026, 4, 14)), ClockStanding::Overdue { days: 1 });
}

#[test]
fn from_year_nine_on_advice_on_adult_life_is_asked_for_too() {
    let mut ben = Involved::request_received(date(2026, 9, 1));
    ben.record(date(2026, 9, 3), &[("year-group", Value::Number(9))]);
    ben.fire("agree-to-assess", date(2026, 10, 5), &[panel()]).expect("agreed");
    assert_eq!(ben.advisers_asked(), ["family", "setting", "health", "psychology", "social-care", "adulthood"]);
    assert!(ben.progress(date(2026, 10, 5)).waited.iter().all(|waited| waited.due_on == Some(date(2026, 11, 16))));
}

#[test]
fn a_young_person_who_asks_is_asked_for_their_own_views() {
    let mut zara = Involved::request_received(date(2026, 9, 1));
    zara.record(
        date(2026, 9, 1),
        &[("requested-by", Value::Choice("young-person".into())), ("year-group", Value::Number(12))],
    );
    zara.fire("agree-to-assess", date(2026, 10, 5), &[panel()]).expect("agreed");
    assert!(zara.advisers_asked().contains(&"young-person"), "{:?}", zara.advisers_asked());
}

#[test]
fn a_child_with_a_hearing_impairment_has_a_qualified_teacher_asked() {
    let mut leo = Involved::request_received(date(2026, 9, 1));
    leo.record(date(2026, 9, 3), &[("sensory-impairment", Value::YesNo(true)), ("year-group", Value::Number(2))]);
    leo.fire("agree-to-assess", date(2026, 10, 5), &[panel()]).expect("agreed");
    assert_eq!(leo.advisers_asked(), ["family", "setting", "health", "psychology", "social-care", "sensory"]);
}

#[test]
fn a_changed_draft_gives_the_family_fifteen_new_days() {
    let mut ada = drafted();
    ada.record(date(2026, 6, 2), &[("no-setting-to-consult", Value::YesNo(true))]);
    ada.fire("send-draft-again", date(2026, 6, 12), &[]).expect("sent again");
    assert_eq!(ada.due("representations-on-draft"), Some(date(2026, 6, 26)));
    let named = [("named-setting", text("Education otherwise than at a school"))];
    ada.fire("issue-final-plan", date(2026, 6, 26), &named).expect_err("the last day is still theirs");
    ada.fire("issue-final-plan", date(2026, 6, 27), &named).expect("the day after");
}

#[test]
fn a_setting_that_never_replies_does_not_hold_up_the_plan_for_ever() {
    let mut ada = drafted();
    ada.fire("begin-consultation", date(2026, 6, 1), &[]).expect("begun");
    let ask = Command::RequestAdvice {
        advice: "setting-consultation".into(),
        of: "Beck Lane Primary".into(),
        on: date(2026, 6, 1),
    };
    ada.command(ask, date(2026, 6, 1)).expect("asked");
    let named = [("named-setting", text("Beck Lane Primary"))];
    ada.fire("issue-final-plan", date(2026, 6, 17), &named).expect_err("no reply yet, a day after the 15 days");
    let reason = "No reply after two reminders".to_owned();
    ada.command(Command::DeclineAdvice { request: 6, on: date(2026, 6, 17), reason }, date(2026, 6, 17))
        .expect("written down");
    ada.fire("issue-final-plan", date(2026, 6, 17), &named).expect("issued");
}

#[test]
fn a_missed_appointment_excuses_the_adviser_and_not_the_authority() {
    let mut ada = agreed();
    let claim = |clock: &str, request| Command::ClaimExemption {
        clock: ClockKey { clock: clock.into(), request },
        exemption: "appointment-missed".into(),
        from: date(2026, 5, 11),
        until: date(2026, 6, 8),
        reason: "Ada was ill on the day".into(),
        evidence: "Call from the clinic on 11 May".into(),
    };
    ada.command(claim("advice-returned", Some(3)), date(2026, 5, 12)).expect("the adviser is excused");
    let refusal = ada.command(claim("final-plan", None), date(2026, 5, 12)).unwrap_err();
    assert!(matches!(refusal, Refusal::GroundNotGiven { .. }), "{refusal}");
    assert_eq!(ada.due("final-plan"), Some(date(2026, 7, 20)));
}

#[test]
fn a_family_that_moved_away_is_told_who_looks_after_it_and_nothing_runs_on() {
    let mut ada = drafted();
    ada.fire("record-move", date(2026, 6, 10), &[("new-authority", text("Southfell Council"))]).expect("moved");
    assert_eq!(ada.standing("final-plan", date(2026, 12, 1)), ClockStanding::Lapsed { on: date(2026, 6, 10) });
    let progress = ada.progress(date(2026, 6, 10));
    assert_eq!(progress.ended.as_deref(), Some("Moved to another authority"));
    assert!(ada.fire("issue-final-plan", date(2026, 6, 20), &[("named-setting", text("Alder Primary"))]).is_err());
}

#[test]
fn a_bereaved_family_reads_nothing_about_reasons_or_dates() {
    let mut ada = agreed();
    let close = Command::Fire {
        transition: "close-otherwise".into(),
        on: date(2026, 4, 20),
        facts: vec![("closing-reason".into(), Value::Choice("died".into()))],
        note: None,
        told: Vec::new(),
    };
    ada.as_manager(close, date(2026, 4, 20)).expect("closed by the SEND manager");
    let progress = ada.progress(date(2026, 6, 30));
    assert_eq!(progress.ended.as_deref(), Some("We have closed this"));
    assert!(progress.late.is_none() && progress.next.is_none() && progress.shared_facts.is_empty());
    assert_eq!(
        progress.now,
        "We will not ask you for anything more. If you would like to speak with somebody, you can call us at any time."
    );
}
