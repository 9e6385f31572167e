//! A child with a plan moves away, in time and late.

use milepost::calendar::{Calendar, Date, Limit, Span, date};
use milepost::engine::*;
use milepost::timeline::Value;

use crate::desk::*;

const FILE: &str = "transfer-out.ron";

fn moved(on: Date) -> [(&'static str, Value); 2] {
    [("moves-on", Value::Date(on)), ("new-authority", text("Southfell Council"))]
}

/// We heard on Monday 1 June 2026.
fn heard() -> Involved {
    Involved::opened(FILE, date(2026, 6, 1), &[])
}

#[test]
fn a_move_that_was_known_long_before_has_the_plan_sent_on_the_day_itself() {
    let mut ada = heard();
    assert_eq!(ada.due("transfer-plan"), Some(date(2026, 6, 19)));
    ada.record(date(2026, 6, 8), &[("moves-on", Value::Date(date(2026, 8, 3)))]);
    assert_eq!(ada.due("transfer-plan"), Some(date(2026, 8, 3)));
    ada.fire("record-move", date(2026, 8, 3), &moved(date(2026, 8, 3))).expect("moved");
    ada.fire("transfer-plan", date(2026, 8, 3), &[("sent-to", text("Their SEND team"))]).expect("sent");
    assert_eq!(ada.standing("transfer-plan", date(2026, 8, 4)), ClockStanding::Met { on: date(2026, 8, 3) });
    assert_eq!(ada.moved_elsewhere(), ["advance annual-review record-move"]);
    assert_eq!(ada.progress(date(2026, 8, 4)).ended.as_deref(), Some("Plan sent to the new council"));
}

#[test]
fn a_move_that_we_hear_of_afterwards_leaves_fifteen_working_days_and_a_late_plan_says_so() {
    let mut ada = heard();
    ada.fire("record-move", date(2026, 6, 2), &moved(date(2026, 5, 25))).expect("they moved a week ago");
    ada.day_passes(date(2026, 6, 22));
    assert_eq!(ada.standing("transfer-plan", date(2026, 6, 22)), ClockStanding::Overdue { days: 3 });
    let late = ada.progress(date(2026, 6, 22)).late.expect("late");
    assert_eq!(
        late.text,
        "We are late. The law gave us until Friday 19 June 2026 to send your plan to your new council. We have not done it yet."
    );
    ada.fire("transfer-plan", date(2026, 6, 23), &[("sent-to", text("Their SEND team"))]).expect("sent");
    let standing = ada.standing("transfer-plan", date(2026, 6, 23));
    assert_eq!(standing, ClockStanding::MetLate { on: date(2026, 6, 23), days: 4, exempt: false });
}

#[test]
fn the_plan_is_not_transferred_while_the_child_still_lives_here() {
    let mut ada = heard();
    let refusal = ada.fire("transfer-plan", date(2026, 6, 5), &[("sent-to", text("Their SEND team"))]).unwrap_err();
    assert!(matches!(refusal, Refusal::NotFromHere { .. }), "{refusal}");
}

#[test]
fn a_family_that_stays_after_all_leaves_nothing_owed() {
    let mut ada = heard();
    ada.fire("record-no-move", date(2026, 7, 1), &[("no-move-reason", text("The house was not sold"))]).expect("stays");
    assert_eq!(ada.standing("transfer-plan", date(2026, 9, 1)), ClockStanding::Lapsed { on: date(2026, 7, 1) });
}

#[test]
fn correcting_the_day_we_heard_moves_the_last_day() {
    let mut ada = heard();
    ada.redate(1, date(2026, 5, 27), date(2026, 6, 2)).expect("the e-mail came on the 27th");
    assert_eq!(ada.due("transfer-plan"), Some(date(2026, 6, 16)));
}

/// The law asks whether we knew at least 15 working days before the move. The timeline takes the later of two dates instead;
/// they are the same, for every day we can hear and every day of the move.
#[test]
fn the_later_of_the_two_dates_is_what_the_law_says_for_every_pair_of_days() {
    let calendar = Calendar::england_and_wales();
    let fifteen = Span::WorkingDays(15);
    for heard_on in date(2026, 3, 1).iter_days().take(120) {
        let from_hearing = Limit::BeginningWith(fifteen).due_on(heard_on, &calendar).unwrap();
        for moves_on in heard_on.iter_days().take(60).step_by(3) {
            let mut known = Involved::opened(FILE, heard_on, &[]);
            known.record(heard_on, &[("moves-on", Value::Date(moves_on))]);
            let known_in_time = heard_on <= Limit::AtLeastBefore(fifteen).due_on(moves_on, &calendar).unwrap();
            let law = if known_in_time { moves_on } else { from_hearing };
            assert_eq!(known.due("transfer-plan"), Some(law), "heard on {heard_on}, moves on {moves_on}");
        }
    }
}
