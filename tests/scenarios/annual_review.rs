//! The annual review, as it goes and as it goes wrong.

use milepost::calendar::date;
use milepost::engine::*;
use milepost::timeline::{NoticeContent, Value};

use crate::desk::*;

/// Last reviewed on 10 June 2025, so the review is to be finished by 9 June 2026.
fn due() -> Involved {
    Involved::opened("annual-review.ron", date(2025, 6, 10), &[("named-setting", text("Alder Primary"))])
}

/// The setting arranges the meeting for 11 May 2026; people are invited on 20 April.
fn invited() -> Involved {
    let mut ada = due();
    ada.fire("ask-setting-to-arrange", date(2026, 2, 2), &[]).expect("asked");
    let meeting = [("review-meeting", Value::Date(date(2026, 5, 11)))];
    ada.fire("record-invitations", date(2026, 4, 20), &meeting).expect("invited");
    ada
}

fn met() -> Involved {
    let mut ada = invited();
    ada.fire("circulate-advice", date(2026, 4, 24), &[]).expect("sent");
    ada.fire("hold-meeting", date(2026, 5, 11), &[]).expect("held");
    ada
}

fn reported() -> Involved {
    let mut ada = met();
    ada.fire("circulate-report", date(2026, 5, 22), &[]).expect("sent");
    ada
}

fn reasons() -> (&'static str, Value) {
    ("decision-reasons", text("The report of the meeting and the advice before it."))
}

#[test]
fn a_review_in_good_time_keeps_every_limit_and_opens_the_next_on_the_day_of_the_decision() {
    let mut ada = reported();
    ada.fire("decide-to-maintain", date(2026, 6, 5), &[panel(), reasons()]).expect("decided");
    let kept = [
        ("meeting-notice", date(2026, 4, 20)),
        ("advice-circulated", date(2026, 4, 24)),
        ("report-circulated", date(2026, 5, 22)),
        ("decision-notified", date(2026, 6, 5)),
        ("review-due", date(2026, 6, 5)),
    ];
    for (clock, on) in kept {
        assert_eq!(ada.standing(clock, date(2026, 6, 5)), ClockStanding::Met { on }, "{clock}");
    }
    assert_eq!(ada.notices_sent(), ["review-report", "plan-maintained"]);
    assert_eq!(ada.opened_from_here(), [("annual-review".to_owned(), vec!["named-setting".to_owned()])]);
    assert_eq!(ada.progress(date(2026, 6, 5)).ended.as_deref(), Some("The plan stays as it is"));
}

#[test]
fn the_dates_of_the_law_count_back_and_forward_from_the_meeting() {
    let ada = met();
    assert_eq!(ada.due("review-due"), Some(date(2026, 6, 9)));
    assert_eq!(ada.due("meeting-notice"), Some(date(2026, 4, 27)));
    assert_eq!(ada.due("advice-circulated"), Some(date(2026, 4, 27)));
    assert_eq!(ada.due("report-circulated"), Some(date(2026, 5, 25)));
    assert_eq!(ada.due("decision-notified"), Some(date(2026, 6, 8)));
}

#[test]
fn a_decision_after_the_fourth_week_is_late_even_where_the_year_is_kept() {
    let mut ben = Involved::opened("annual-review.ron", date(2026, 1, 20), &[]);
    ben.fire("arrange-ourselves", date(2026, 9, 1), &[]).expect("he attends no school");
    let meeting = [("review-meeting", Value::Date(date(2026, 11, 5)))];
    ben.fire("record-invitations", date(2026, 10, 23), &meeting).expect("a day late");
    ben.fire("circulate-advice", date(2026, 10, 22), &[]).expect_err("not before the invitations");
    ben.fire("circulate-advice", date(2026, 10, 23), &[]).expect("sent");
    ben.fire("hold-meeting", date(2026, 11, 5), &[]).expect("held");
    ben.fire("circulate-report", date(2026, 11, 19), &[]).expect("on the last day");
    ben.fire("decide-to-maintain", date(2026, 12, 10), &[panel(), reasons()]).expect("decided");
    let today = date(2026, 12, 10);
    let late = |on, days| ClockStanding::MetLate { on, days, exempt: false };
    assert_eq!(ben.standing("meeting-notice", today), late(date(2026, 10, 23), 1));
    assert_eq!(ben.standing("report-circulated", today), ClockStanding::Met { on: date(2026, 11, 19) });
    assert_eq!(ben.standing("decision-notified", today), late(today, 7));
    assert_eq!(ben.standing("review-due", today), ClockStanding::Met { on: today });
}

#[test]
fn a_meeting_before_which_no_advice_was_sent_out_says_why_and_counts_as_late() {
    let mut ada = invited();
    let refusal = ada.fire("hold-meeting-without-advice", date(2026, 5, 11), &[]).unwrap_err();
    assert_eq!(refusal.to_string(), "Enter: Why advice was not sent out before the meeting.");
    ada.fire("hold-meeting-without-advice", date(2026, 5, 11), &[("advice-missing", text("None had come in."))])
        .expect("held");
    let standing = ada.standing("advice-circulated", date(2026, 5, 11));
    assert_eq!(standing, ClockStanding::MetLate { on: date(2026, 5, 11), days: 14, exempt: false });
}

#[test]
fn a_decision_to_change_the_plan_goes_out_with_the_changes_and_opens_what_follows() {
    let mut ada = reported();
    let decide = |told: Vec<NoticeContent>| Command::Fire {
        transition: "decide-to-amend".into(),
        on: date(2026, 6, 8),
        facts: vec![
            ("decided-by".into(), choice("panel")),
            ("decision-reasons".into(), text("Ada needs more help with reading.")),
        ],
        note: None,
        told,
    };
    let without = NoticeContent::ALL.into_iter().filter(|content| *content != NoticeContent::ProposedAmendments);
    let refusal = ada.command(decide(without.collect()), date(2026, 6, 8)).unwrap_err();
    assert!(refusal.to_string().contains("the amendments that are proposed"), "{refusal}");
    ada.command(decide(NoticeContent::ALL.to_vec()), date(2026, 6, 8)).expect("on the last day");
    assert_eq!(ada.standing("decision-notified", date(2026, 6, 8)), ClockStanding::Met { on: date(2026, 6, 8) });
    let opened = ada.opened_from_here();
    assert_eq!(opened[0].0, "plan-amendment");
    assert!(opened[0].1.contains(&"review-meeting".to_owned()), "the twelve weeks count from it: {opened:?}");
    assert_eq!(opened[1].0, "annual-review");
    let moved = ada.moved_elsewhere();
    assert!(moved.contains(&"advance phase-transfer record-review".to_owned()), "a move has its review now: {moved:?}");
}

#[test]
fn a_plan_is_not_ended_before_the_family_and_the_setting_were_consulted() {
    let mut ada = reported();
    let ground = ("ceasing-ground", choice("no-longer-necessary"));
    let refusal = ada.fire("decide-to-cease", date(2026, 6, 5), &[ground.clone(), panel(), reasons()]).unwrap_err();
    assert!(refusal.to_string().contains("Parent or young person told and consulted"), "{refusal}");
    let consulted = [
        ground,
        ("family-consulted-on", Value::Date(date(2026, 5, 26))),
        ("setting-consulted-on", Value::Date(date(2026, 5, 26))),
        panel(),
        reasons(),
    ];
    ada.fire("decide-to-cease", date(2026, 6, 5), &consulted).expect("decided within the four weeks");
    assert_eq!(ada.notices_sent().last().map(String::as_str), Some("cease-decided"));
    let opened: Vec<String> = ada.opened_from_here().into_iter().map(|(timeline, _)| timeline).collect();
    assert_eq!(opened, ["cease-to-maintain"], "which opens the next review, as long as there is a plan");
}

#[test]
fn somebody_under_eighteen_who_stopped_attending_does_not_lose_the_plan_for_it() {
    let mut ada = reported();
    let stopped = [
        ("ceasing-ground", choice("stopped-attending")),
        ("family-consulted-on", Value::Date(date(2026, 5, 26))),
        ("setting-consulted-on", Value::Date(date(2026, 5, 26))),
        panel(),
        reasons(),
    ];
    let refusal = ada.fire("decide-to-cease", date(2026, 6, 5), &stopped).unwrap_err();
    assert!(matches!(refusal, Refusal::NotYet { .. }), "{refusal}");
    ada.record(date(2026, 6, 5), &[("eighteen-or-over", yes())]);
    ada.fire("decide-to-cease", date(2026, 6, 5), &stopped).expect("a young person of 18");
}

#[test]
fn from_year_nine_on_the_report_says_how_adult_life_was_prepared_for() {
    let mut zara = met();
    zara.record(date(2026, 5, 12), &[("year-group", Value::Number(9))]);
    zara.fire("circulate-report", date(2026, 5, 22), &[]).expect_err("nothing is written down about it yet");
    zara.record(date(2026, 5, 22), &[("adulthood-reviewed", text("Work experience, travel training, friends."))]);
    zara.fire("circulate-report", date(2026, 5, 22), &[]).expect("sent");
}

#[test]
fn a_meeting_that_is_put_off_needs_new_invitations_in_time() {
    let mut ada = invited();
    ada.fire("put-off-meeting", date(2026, 5, 6), &[("put-off-because", text("The head is ill."))]).expect("put off");
    ada.fire("ask-setting-to-arrange", date(2026, 5, 6), &[]).expect("asked again");
    let meeting = [("review-meeting", Value::Date(date(2026, 6, 17)))];
    ada.fire("record-invitations", date(2026, 5, 29), &meeting).expect("invited anew");
    assert_eq!(ada.due("meeting-notice"), Some(date(2026, 6, 3)));
    assert_eq!(ada.standing("meeting-notice", date(2026, 5, 29)), ClockStanding::Met { on: date(2026, 5, 29) });
}

#[test]
fn a_meetings_date_put_right_afterwards_measures_the_invitations_anew_and_opens_nothing() {
    let mut ada = met();
    ada.record(date(2026, 5, 12), &[("review-meeting", Value::Date(date(2026, 4, 30)))]);
    let standing = ada.standing("meeting-notice", date(2026, 5, 12));
    assert_eq!(standing, ClockStanding::MetLate { on: date(2026, 4, 20), days: 4, exempt: false });
}

#[test]
fn correcting_the_day_of_the_meeting_moves_the_report_and_the_decision() {
    let mut ada = met();
    let held = ada.seq_of("hold-meeting");
    let mend = Command::Redate { seq: held, on: date(2026, 5, 7), reason: "The minutes say Thursday".into() };
    ada.command(mend, date(2026, 5, 13)).expect("corrected");
    assert_eq!(ada.due("report-circulated"), Some(date(2026, 5, 21)));
    assert_eq!(ada.due("decision-notified"), Some(date(2026, 6, 4)));
}

#[test]
fn a_review_of_a_plan_that_has_ended_is_over_with_nothing_missed() {
    let mut ada = invited();
    ada.fire("plan-ceased", date(2026, 4, 30), &[]).expect("the appeal was dismissed");
    for clock in ["review-due", "advice-circulated"] {
        let standing = ada.standing(clock, date(2027, 1, 1));
        assert_eq!(standing, ClockStanding::Lapsed { on: date(2026, 4, 30) }, "{clock}");
    }
}

#[test]
fn a_late_review_is_said_to_the_family_in_words() {
    let ada = due();
    let late = ada.progress(date(2026, 6, 10)).late.expect("a day late");
    assert!(late.text.contains("The law gave us until Tuesday 9 June 2026 to finish this review"), "{}", late.text);
}
