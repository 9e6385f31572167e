//! An appeal to the Tribunal, from our letter to its decision.

use milepost::calendar::date;
use milepost::engine::*;
use milepost::timeline::Value;

use crate::desk::*;

const FILE: &str = "appeal.ron";

/// Our letter went out on Tuesday 10 March 2026.
fn may_appeal() -> Involved {
    may_appeal_about("not-to-assess")
}

fn may_appeal_about(decision: &str) -> Involved {
    Involved::opened(FILE, date(2026, 3, 10), &[("appeal-about", choice(decision))])
}

/// The Tribunal received the appeal on 16 April, and we on the 20th.
fn appealed() -> Involved {
    appealed_about("not-to-assess")
}

fn appealed_about(decision: &str) -> Involved {
    let mut ada = may_appeal_about(decision);
    let received = [("application-received", Value::Date(date(2026, 4, 20)))];
    ada.command(
        Command::Fire {
            transition: "record-appeal".into(),
            on: date(2026, 4, 16),
            facts: received.map(|(fact, value)| (fact.to_owned(), value)).to_vec(),
            note: None,
            told: Vec::new(),
        },
        date(2026, 4, 21),
    )
    .expect("appealed");
    ada
}

#[test]
fn an_appeal_that_is_answered_in_time_ends_with_an_order_that_has_limits_of_its_own() {
    let mut ada = may_appeal();
    assert_eq!(ada.due("appeal-received"), Some(date(2026, 5, 11)), "10 May is a Sunday");
    ada = appealed();
    assert_eq!(ada.due("authority-response"), Some(date(2026, 6, 3)));
    ada.fire("send-response", date(2026, 5, 29), &[]).expect("answered");
    ada.record(date(2026, 6, 1), &[("hearing-on", Value::Date(date(2026, 7, 14)))]);
    ada.fire("hold-hearing", date(2026, 7, 14), &[]).expect("heard");
    ada.fire("record-order", date(2026, 7, 22), &[("order-type", choice("assess"))]).expect("ordered");
    assert_eq!(ada.standing("authority-response", date(2026, 7, 22)), ClockStanding::Met { on: date(2026, 5, 29) });
    assert_eq!(ada.moved_elsewhere(), ["start tribunal-order"]);
    assert_eq!(ada.progress(date(2026, 7, 22)).ended.as_deref(), Some("The Tribunal made an order"));
}

#[test]
fn a_certificate_can_make_the_familys_time_longer_and_never_shorter() {
    let mut ada = may_appeal();
    ada.record(date(2026, 3, 20), &[("certificate-issued", Value::Date(date(2026, 3, 20)))]);
    assert_eq!(ada.due("appeal-received"), Some(date(2026, 5, 11)));
    ada.record(date(2026, 5, 5), &[("certificate-issued", Value::Date(date(2026, 5, 5)))]);
    assert_eq!(ada.due("appeal-received"), Some(date(2026, 6, 5)));
}

#[test]
fn a_date_that_the_tribunal_directed_is_the_one_that_counts_and_a_late_response_says_so() {
    let mut ada = appealed();
    ada.record(date(2026, 4, 27), &[("response-directed-by", Value::Date(date(2026, 5, 18)))]);
    assert_eq!(ada.due("authority-response"), Some(date(2026, 5, 18)));
    ada.day_passes(date(2026, 5, 19));
    assert!(ada.progress(date(2026, 5, 19)).late.is_some());
    ada.fire("send-response", date(2026, 5, 20), &[]).expect("late, but sent");
    let standing = ada.standing("authority-response", date(2026, 5, 20));
    assert_eq!(standing, ClockStanding::MetLate { on: date(2026, 5, 20), days: 2, exempt: false });
}

#[test]
fn an_appeal_that_came_late_is_the_tribunals_to_let_in() {
    let mut ada = may_appeal();
    ada.fire("period-over", date(2026, 5, 11), &[]).expect_err("the last day is still theirs");
    let received = ("application-received", Value::Date(date(2026, 5, 20)));
    let refusal = ada.fire("record-appeal", date(2026, 5, 20), std::slice::from_ref(&received)).unwrap_err();
    assert!(matches!(refusal, Refusal::NotYet { .. }), "{refusal}");
    let let_in = [received, ("late-admitted", text("Time extended by the order of 19 May"))];
    ada.fire("record-late-appeal", date(2026, 5, 20), &let_in).expect("the Tribunal let it in");
    assert_eq!(ada.state(), "responding");
}

#[test]
fn an_appeal_that_we_do_not_oppose_begins_the_limits_of_regulation_45_on_that_day() {
    let mut ada = appealed();
    let concede = |role_is_manager: bool, ada: &mut Involved| {
        let command = Command::Fire {
            transition: "concede".into(),
            on: date(2026, 5, 6),
            facts: vec![("order-type".into(), choice("assess"))],
            note: None,
            told: Vec::new(),
        };
        if role_is_manager { ada.as_manager(command, date(2026, 5, 6)) } else { ada.command(command, date(2026, 5, 6)) }
    };
    concede(false, &mut ada).expect_err("a SEND manager decides it");
    concede(true, &mut ada).expect("not opposed");
    assert!(ada.moved_elsewhere().contains(&"start tribunal-order".to_owned()));
    assert_eq!(ada.standing("authority-response", date(2026, 7, 1)), ClockStanding::Met { on: date(2026, 5, 6) });
}

#[test]
fn an_appeal_about_ending_a_plan_keeps_the_plan_until_it_is_determined() {
    let last = |involved: &Involved| involved.moved_elsewhere().last().cloned();
    let mut ada = appealed_about("cease");
    assert_eq!(last(&ada).as_deref(), Some("advance cease-to-maintain appeal-lodged"));
    ada.fire("record-dismissal", date(2026, 7, 22), &[]).expect("dismissed");
    assert_eq!(last(&ada).as_deref(), Some("advance cease-to-maintain appeal-dismissed"));
    let mut ben = appealed_about("cease");
    ben.fire("record-withdrawal", date(2026, 5, 6), &[]).expect("withdrawn");
    assert_eq!(last(&ben).as_deref(), Some("advance cease-to-maintain appeal-withdrawn"));
    let mut leo = appealed_about("cease");
    leo.fire("record-order", date(2026, 7, 22), &[("order-type", choice("continue"))]).expect("ordered");
    assert_eq!(last(&leo).as_deref(), Some("advance cease-to-maintain appeal-allowed"));
}

#[test]
fn an_appeal_about_anything_else_never_ends_or_keeps_a_plan() {
    let mut ada = appealed_about("contents");
    ada.fire("record-dismissal", date(2026, 7, 22), &[]).expect("dismissed");
    assert!(ada.moved_elsewhere().is_empty());
}

#[test]
fn correcting_the_day_we_received_the_appeal_moves_our_time_to_answer() {
    let mut ada = appealed();
    ada.record(date(2026, 4, 22), &[("application-received", Value::Date(date(2026, 4, 21)))]);
    assert_eq!(ada.due("authority-response"), Some(date(2026, 6, 4)));
}
