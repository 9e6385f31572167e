//! What must be done after an order of the Tribunal, each kind in its own time.

use milepost::calendar::{Date, date};
use milepost::engine::*;
use milepost::timeline::Value;

use crate::desk::*;

const FILE: &str = "tribunal-order.ron";

/// Ordered, told to the Tribunal or agreed on Monday 6 July 2026.
fn must(order: &str, arises_from: &str) -> Involved {
    Involved::opened(FILE, date(2026, 7, 6), &[("order-type", choice(order)), ("arises-from", choice(arises_from))])
}

fn running(involved: &Involved) -> Vec<(&'static str, Date)> {
    const CLOCKS: [&str; 16] = [
        "assess-notify",
        "assess-not-to-issue",
        "assess-final-plan",
        "issue-draft",
        "issue-final",
        "amend-plan",
        "name-setting",
        "continue-plan",
        "reconsider",
        "unopposed-assess-notify",
        "unopposed-assess-not-to-issue",
        "unopposed-assess-final-plan",
        "unopposed-issue-draft",
        "unopposed-issue-final",
        "unopposed-amend-plan",
        "unopposed-name-setting",
    ];
    CLOCKS.into_iter().filter_map(|clock| Some((clock, involved.due(clock)?))).collect()
}

#[test]
fn each_kind_of_order_has_its_own_limits_and_no_others() {
    let two = date(2026, 7, 20);
    let (five, eleven) = (date(2026, 8, 10), date(2026, 9, 21));
    let (ten, fourteen) = (date(2026, 9, 14), date(2026, 10, 12));
    let assess = [("assess-notify", two), ("assess-not-to-issue", ten), ("assess-final-plan", fourteen)];
    assert_eq!(running(&must("assess", "order")), assess);
    assert_eq!(running(&must("assess", "agreement")), assess, "an agreement counts as an order of its day");
    assert_eq!(running(&must("make-plan", "order")), [("issue-draft", five), ("issue-final", eleven)]);
    assert_eq!(running(&must("reconsider", "order")), [("reconsider", two)]);
    assert_eq!(running(&must("amend", "order")), [("amend-plan", five)]);
    assert_eq!(running(&must("continue", "order")), [("continue-plan", date(2026, 7, 6))]);
    let both = [("amend-plan", five), ("continue-plan", date(2026, 7, 6))];
    assert_eq!(running(&must("continue-and-amend", "order")), both);
    assert_eq!(running(&must("name-setting", "order")), [("name-setting", two)]);
}

#[test]
fn an_appeal_that_is_not_opposed_has_the_limits_of_regulation_45() {
    let assess = [
        ("unopposed-assess-notify", date(2026, 7, 20)),
        ("unopposed-assess-not-to-issue", date(2026, 9, 14)),
        ("unopposed-assess-final-plan", date(2026, 10, 12)),
    ];
    assert_eq!(running(&must("assess", "unopposed")), assess);
    let plan = [("unopposed-issue-draft", date(2026, 8, 10)), ("unopposed-issue-final", date(2026, 9, 21))];
    assert_eq!(running(&must("make-plan", "unopposed")), plan);
    assert_eq!(running(&must("amend", "unopposed")), [("unopposed-amend-plan", date(2026, 8, 10))]);
    assert_eq!(running(&must("name-setting", "unopposed")), [("unopposed-name-setting", date(2026, 7, 20))]);
    assert_eq!(running(&must("continue", "unopposed")), [], "no limit was read for it");
}

#[test]
fn an_assessment_that_was_ordered_gathers_advice_and_ends_with_a_plan_within_fourteen_weeks() {
    let mut ada = must("assess", "order");
    assert_eq!(ada.state(), "to-notify");
    ada.record(date(2026, 7, 7), &[("year-group", Value::Number(10)), ("no-setting-to-consult", Value::YesNo(true))]);
    ada.fire("confirm-assessment", date(2026, 7, 14), &[]).expect("told");
    assert_eq!(ada.advisers_asked(), ["family", "setting", "health", "psychology", "social-care", "adulthood"]);
    ada.all_advice_comes_in(date(2026, 8, 21));
    assert_eq!(ada.state(), "considering-advice");
    ada.fire("agree-to-issue-plan", date(2026, 8, 27), &[panel()]).expect("needed");
    ada.fire("send-draft", date(2026, 8, 31), &[]).expect("sent");
    let named = [("named-setting", text("Alder Primary"))];
    ada.fire("issue-final-plan", date(2026, 9, 14), &named).expect_err("the fifteenth day is still the family's");
    ada.fire("issue-final-plan", date(2026, 9, 15), &named).expect("issued");
    assert_eq!(ada.standing("assess-final-plan", date(2026, 9, 15)), ClockStanding::Met { on: date(2026, 9, 15) });
    assert_eq!(ada.notices_sent(), ["assessment-confirmed", "draft-plan", "final-plan"]);
    assert_eq!(ada.moved_elsewhere(), ["start annual-review"]);
}

#[test]
fn an_assessment_that_was_ordered_can_end_without_a_plan_and_says_how_to_appeal() {
    let mut ada = must("assess", "order");
    ada.fire("confirm-assessment", date(2026, 7, 14), &[]).expect("told");
    ada.all_advice_comes_in(date(2026, 8, 21));
    let reasons = [panel(), ("decision-reasons", text("The needs can be met from what is ordinarily available."))];
    ada.fire("refuse-to-issue-plan", date(2026, 9, 16), &reasons).expect("refused, two days late");
    let standing = ada.standing("assess-not-to-issue", date(2026, 9, 16));
    assert_eq!(standing, ClockStanding::MetLate { on: date(2026, 9, 16), days: 2, exempt: false });
    assert_eq!(ada.standing("assess-final-plan", date(2027, 1, 1)), ClockStanding::Lapsed { on: date(2026, 9, 16) });
    assert_eq!(ada.notices_sent().last().map(String::as_str), Some("plan-refused"));
}

#[test]
fn a_plan_that_was_ordered_is_drafted_and_issued_late_and_the_family_reads_why() {
    let mut ada = must("make-plan", "order");
    assert_eq!(ada.state(), "drafting-plan");
    ada.record(date(2026, 8, 11), &[("late-reason", text("Our plan writer was ill."))]);
    let late = ada.progress(date(2026, 8, 11)).late.expect("late");
    assert_eq!(
        late.text,
        "We are late. The law gave us until Monday 10 August 2026 to send you a draft of the plan. We have not done it yet."
    );
    assert_eq!(late.reason.as_deref(), Some("Our plan writer was ill."));
}

#[test]
fn what_the_tribunal_directed_takes_the_place_of_the_laws_own_date() {
    let mut ada = must("amend", "order");
    ada.record(date(2026, 7, 7), &[("directed-amend-by", Value::Date(date(2026, 7, 17)))]);
    assert_eq!(ada.due("amend-plan"), Some(date(2026, 7, 17)));
    ada.fire("issue-amended-plan", date(2026, 7, 16), &[]).expect("sent");
    assert_eq!(ada.standing("amend-plan", date(2026, 7, 16)), ClockStanding::Met { on: date(2026, 7, 16) });
}

#[test]
fn a_plan_that_stays_and_changes_is_confirmed_at_once_and_changed_within_five_weeks() {
    let mut ada = must("continue-and-amend", "order");
    ada.fire("record-continued-before-amending", date(2026, 7, 7), &[]).expect("told");
    let standing = ada.standing("continue-plan", date(2026, 7, 7));
    assert_eq!(standing, ClockStanding::MetLate { on: date(2026, 7, 7), days: 1, exempt: false });
    ada.fire("issue-amended-plan", date(2026, 8, 10), &[]).expect("sent");
    assert_eq!(ada.standing("amend-plan", date(2026, 8, 10)), ClockStanding::Met { on: date(2026, 8, 10) });
}

#[test]
fn a_second_refusal_goes_out_with_the_right_of_appeal_or_not_at_all() {
    let mut ada = must("reconsider", "order");
    let silent = Command::Fire {
        transition: "decide-again-against-family".into(),
        on: date(2026, 7, 15),
        facts: vec![("decided-by".into(), choice("panel")), ("decision-reasons".into(), text("As before"))],
        note: None,
        told: Vec::new(),
    };
    let refusal = ada.command(silent, date(2026, 7, 15)).unwrap_err();
    assert!(matches!(refusal, Refusal::NoticeIncomplete { .. }), "{refusal}");
    assert_eq!(ada.state(), "reconsidering");
}

#[test]
fn correcting_the_day_of_the_order_moves_every_date_of_it() {
    let mut ada = must("assess", "order");
    ada.redate(1, date(2026, 7, 3), date(2026, 7, 8)).expect("it was made on the 3rd");
    assert_eq!(ada.due("assess-notify"), Some(date(2026, 7, 17)));
    assert_eq!(ada.due("assess-final-plan"), Some(date(2026, 10, 9)));
}

#[test]
fn an_order_without_its_kind_cannot_be_opened() {
    let refusal = Involved::try_opened(FILE, date(2026, 7, 6), &[("order-type", choice("assess"))]);
    assert!(matches!(refusal, Err(Refusal::FactsMissing { .. })));
}
