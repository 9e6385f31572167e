//! Mediation, refused and taken up, with and without an agreement.

use milepost::calendar::date;
use milepost::engine::*;
use milepost::timeline::Value;

use crate::desk::*;

const FILE: &str = "mediation.ron";

/// Our letter went out on Wednesday 15 April 2026.
fn may_ask(about: &str) -> Involved {
    Involved::opened(FILE, date(2026, 4, 15), &[("appeal-about", choice(about))])
}

/// We were told on 10 June that the family wants mediation; it was concluded on 2 July.
fn mediated() -> Involved {
    let mut ada = may_ask("contents");
    ada.fire("ask-for-mediation", date(2026, 6, 10), &[("family-wants", text("Speech and language therapy"))])
        .expect("asked");
    assert_eq!(ada.due("mediation-arranged"), Some(date(2026, 7, 10)));
    ada.fire("arrange-mediation", date(2026, 6, 22), &[("mediation-on", Value::Date(date(2026, 7, 2)))])
        .expect("arranged");
    ada.fire("hold-mediation", date(2026, 7, 2), &[]).expect("concluded");
    ada
}

fn agreed(amend: bool, other: bool) -> [(&'static str, Value); 3] {
    [
        ("authority-was-party", Value::YesNo(true)),
        ("agreed-to-amend", Value::YesNo(amend)),
        ("agreed-other-action", Value::YesNo(other)),
    ]
}

#[test]
fn a_family_that_wants_no_mediation_has_its_certificate_within_three_working_days() {
    let mut ada = may_ask("not-to-assess");
    assert_eq!(ada.due("contact-adviser"), Some(date(2026, 6, 15)));
    ada.fire("decline-mediation", date(2026, 6, 10), &[]).expect("told the adviser");
    assert_eq!(ada.due("certificate-no-mediation"), Some(date(2026, 6, 15)));
    let certificate = [("certificate-issued", Value::Date(date(2026, 6, 12)))];
    ada.fire("record-certificate", date(2026, 6, 15), &certificate).expect("given");
    assert_eq!(
        ada.standing("certificate-no-mediation", date(2026, 6, 15)),
        ClockStanding::Met { on: date(2026, 6, 12) }
    );
    assert_eq!(ada.state(), "no-mediation");
}

#[test]
fn a_family_is_never_late_in_its_own_time_but_mediation_that_we_do_not_arrange_is() {
    let mut ada = may_ask("not-to-issue");
    ada.day_passes(date(2026, 6, 16));
    assert!(ada.progress(date(2026, 6, 16)).late.is_none());
    let mut ben = may_ask("not-to-issue");
    ben.fire("ask-for-mediation", date(2026, 6, 10), &[("family-wants", text("The refusal"))]).expect("asked");
    assert_eq!(ben.standing("mediation-arranged", date(2026, 7, 13)), ClockStanding::Overdue { days: 3 });
    assert_eq!(
        ben.progress(date(2026, 7, 13)).late.expect("late").text,
        "We are late. The law gave us until Friday 10 July 2026 to arrange a meeting with you. We have not done it yet."
    );
}

#[test]
fn a_plan_that_we_agreed_to_change_is_sent_within_five_weeks_and_everything_else_in_two() {
    let mut ada = mediated();
    assert_eq!(ada.due("certificate-after-mediation"), Some(date(2026, 7, 7)));
    ada.fire("record-agreement", date(2026, 7, 2), &agreed(true, true)).expect("agreed");
    assert_eq!(ada.due("agreement-amend-plan"), Some(date(2026, 8, 6)));
    assert_eq!(ada.due("agreement-non-appealable-action"), Some(date(2026, 7, 16)));
    assert_eq!(ada.due("agreement-notify-authority"), None, "we took part ourselves");
    ada.fire("agreement-carried-out", date(2026, 7, 10), &[]).expect_err("nothing is done yet");
    ada.fire("record-action", date(2026, 7, 10), &[("action-done", text("The bus comes earlier"))]).expect("done");
    ada.fire("agreement-carried-out", date(2026, 7, 10), &[]).expect_err("the plan is not sent yet");
    ada.fire("send-amended-plan", date(2026, 8, 3), &[]).expect("sent");
    ada.fire("agreement-carried-out", date(2026, 8, 3), &[]).expect("all done");
    assert_eq!(ada.standing("agreement-amend-plan", date(2026, 8, 3)), ClockStanding::Met { on: date(2026, 8, 3) });
    assert_eq!(ada.notices_sent(), ["amended-plan"]);
    assert!(ada.moved_elsewhere().is_empty());
}

#[test]
fn a_time_that_was_agreed_in_writing_takes_the_place_of_the_laws_own() {
    let mut ada = mediated();
    ada.fire("record-agreement", date(2026, 7, 2), &agreed(true, false)).expect("agreed");
    ada.record(date(2026, 7, 2), &[("amend-agreed-for", Value::Date(date(2026, 7, 24)))]);
    assert_eq!(ada.due("agreement-amend-plan"), Some(date(2026, 7, 24)));
    assert_eq!(ada.standing("agreement-amend-plan", date(2026, 7, 25)), ClockStanding::Overdue { days: 1 });
    assert_eq!(ada.due("agreement-non-appealable-action"), None, "nothing of the kind was agreed");
}

#[test]
fn an_agreement_to_assess_opens_what_an_order_of_that_day_would() {
    let mut ada = mediated();
    let facts = [&agreed(false, false)[..], &[("order-type", choice("assess"))]].concat();
    ada.fire("record-agreement-as-order", date(2026, 7, 2), &facts).expect("agreed");
    assert_eq!(ada.moved_elsewhere(), ["start tribunal-order"]);
    ada.fire("agreement-carried-out", date(2026, 7, 2), &[]).expect("the rest goes on there");
}

#[test]
fn an_agreement_that_we_were_no_party_to_reaches_us_within_a_week() {
    let mut ada = mediated();
    let mut facts = agreed(false, true);
    facts[0].1 = Value::YesNo(false);
    ada.fire("record-agreement", date(2026, 7, 2), &facts).expect("agreed");
    assert_eq!(ada.due("agreement-notify-authority"), Some(date(2026, 7, 9)));
    ada.record(date(2026, 7, 13), &[("told-of-agreement-on", Value::Date(date(2026, 7, 13)))]);
    let standing = ada.standing("agreement-notify-authority", date(2026, 7, 13));
    assert_eq!(standing, ClockStanding::MetLate { on: date(2026, 7, 13), days: 4, exempt: false });
    assert!(ada.progress(date(2026, 7, 13)).late.is_none(), "it is not ours");
}

#[test]
fn the_familys_two_months_cannot_be_ended_for_it() {
    let mut ada = may_ask("contents");
    let refusal = ada.fire("period-over", date(2026, 6, 15), &[]).unwrap_err();
    assert!(matches!(refusal, Refusal::NotYet { .. }), "{refusal}");
    ada.fire("period-over", date(2026, 6, 16), &[]).expect("the day after the last");
}

#[test]
fn only_an_appeal_about_the_setting_alone_needs_no_certificate() {
    may_ask("contents").fire("record-no-certificate-needed", date(2026, 5, 1), &[]).expect_err("it needs one");
    may_ask("setting-only").fire("record-no-certificate-needed", date(2026, 5, 1), &[]).expect("it needs none");
}

#[test]
fn correcting_the_day_of_our_letter_moves_the_familys_time() {
    let mut ada = may_ask("contents");
    ada.redate(1, date(2026, 4, 20), date(2026, 5, 1)).expect("it was posted on the 20th");
    assert_eq!(ada.due("contact-adviser"), Some(date(2026, 6, 20)));
}
