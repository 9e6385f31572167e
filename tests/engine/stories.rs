//! Dated stories: one thing happens in each.

use milepost::access::Role;
use milepost::calendar::date;
use milepost::engine::*;
use milepost::timeline::Value;

use crate::support::*;

fn panel(day: u32) -> Vec<(String, Value)> {
    vec![("panel-date".into(), Value::Date(date(2026, 4, day)))]
}

fn agreed() -> Live {
    let mut live = Live::opened(date(2026, 3, 2), date(2026, 3, 2)).expect("opens");
    live.command(fire("agree", date(2026, 4, 8), panel(7)), date(2026, 4, 8)).expect("agrees");
    live
}

#[test]
fn limits_count_from_the_day_the_request_was_received_and_not_from_when_it_was_typed() {
    let live = Live::opened(date(2026, 3, 2), date(2026, 3, 20)).expect("opens");
    assert_eq!(live.due("decide"), Some(date(2026, 4, 13)));
    assert_eq!(live.due("final"), Some(date(2026, 7, 20)));
}

#[test]
fn agreeing_asks_for_the_advice_and_stops_the_decision_clock() {
    let live = agreed();
    assert_eq!(live.state(), "gathering");
    let view = engine().view(&live.involvement, None, date(2026, 4, 8));
    assert_eq!(view.requests.iter().map(|request| request.due_on).collect::<Vec<_>>(), [Some(date(2026, 5, 20)); 2]);
    assert_eq!(live.standing("decide", None, date(2026, 4, 8)), ClockStanding::Met { on: date(2026, 4, 8) });
}

#[test]
fn agreeing_without_the_panel_date_says_what_is_missing() {
    let mut live = Live::opened(date(2026, 3, 2), date(2026, 3, 2)).expect("opens");
    let refusal = live.fire("agree", date(2026, 4, 8)).unwrap_err();
    assert_eq!(refusal.to_string(), "Enter: Panel date.");
    assert_eq!(live.log.len(), 1, "a refusal writes nothing");
}

#[test]
fn the_last_advice_moves_the_involvement_on_by_itself() {
    let mut live = agreed();
    live.command(Command::ReceiveAdvice { request: 1, on: date(2026, 5, 1) }, date(2026, 5, 1)).expect("received");
    assert_eq!(live.state(), "gathering");
    live.command(
        Command::DeclineAdvice { request: 2, on: date(2026, 5, 4), reason: "No longer on roll".into() },
        date(2026, 5, 5),
    )
    .expect("declined");
    assert_eq!(live.state(), "weighing");
    assert_eq!(live.involvement.entered_on, date(2026, 5, 4));
}

#[test]
fn the_plan_waits_until_the_family_has_had_its_fifteen_days() {
    let mut live = agreed();
    live.command(Command::ReceiveAdvice { request: 1, on: date(2026, 5, 1) }, date(2026, 5, 1)).expect("received");
    live.command(Command::ReceiveAdvice { request: 2, on: date(2026, 5, 1) }, date(2026, 5, 1)).expect("received");
    live.fire("send-draft", date(2026, 6, 1)).expect("sent");
    let refusal = live.fire("issue", date(2026, 6, 15)).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "\"Issue the plan\" is not open yet: the time for \"Comments on the draft\" is over or \"Urgent\" is \"yes\"."
    );
    live.fire("issue", date(2026, 6, 16)).expect("the day after the fifteenth");
    assert_eq!(live.standing("final", None, date(2026, 6, 16)), ClockStanding::Met { on: date(2026, 6, 16) });
}

#[test]
fn a_new_draft_gives_the_family_a_new_fifteen_days() {
    let mut live = agreed();
    for request in [1, 2] {
        live.command(Command::ReceiveAdvice { request, on: date(2026, 5, 1) }, date(2026, 5, 1)).expect("received");
    }
    live.fire("send-draft", date(2026, 6, 1)).expect("sent");
    live.fire("send-draft", date(2026, 6, 10)).expect("sent again");
    assert_eq!(live.due("comments"), Some(date(2026, 6, 24)));
}

#[test]
fn warnings_and_the_breach_are_recorded_once_and_only_the_latest_after_a_gap() {
    let mut live = Live::opened(date(2026, 3, 2), date(2026, 3, 2)).expect("opens");
    assert_eq!(engine().wakes_on(&live.involvement), Some(date(2026, 3, 30)));
    let kinds = |events: Vec<Event>| events.iter().map(|event| event.what.kind()).collect::<Vec<_>>();
    assert!(kinds(live.command(Command::DayPassed, date(2026, 3, 29)).expect("passes")).is_empty());
    assert_eq!(kinds(live.command(Command::DayPassed, date(2026, 4, 8)).expect("passes")), ["clock-warned"]);
    assert!(kinds(live.command(Command::DayPassed, date(2026, 4, 8)).expect("passes")).is_empty());
    assert!(kinds(live.command(Command::DayPassed, date(2026, 4, 13)).expect("passes")).is_empty());
    assert_eq!(kinds(live.command(Command::DayPassed, date(2026, 4, 16)).expect("passes")), ["clock-breached"]);
    assert_eq!(live.log.last().map(|event| event.occurred_on), Some(date(2026, 4, 14)));
    assert_eq!(live.standing("decide", None, date(2026, 4, 16)), ClockStanding::Overdue { days: 3 });
}

#[test]
fn correcting_the_received_date_moves_every_due_date() {
    let mut live = agreed();
    live.command(
        Command::Redate { seq: 1, on: date(2026, 2, 23), reason: "Stamped on arrival".into() },
        date(2026, 4, 9),
    )
    .expect("corrected");
    assert_eq!(live.due("decide"), Some(date(2026, 4, 6)));
    assert_eq!(live.due("final"), Some(date(2026, 7, 13)));
    assert_eq!(
        live.standing("decide", None, date(2026, 4, 9)),
        ClockStanding::MetLate { on: date(2026, 4, 8), days: 2, exempt: false }
    );
}

#[test]
fn a_correction_that_contradicts_what_came_later_names_it() {
    let mut live = agreed();
    let refusal = live
        .command(Command::Redate { seq: 1, on: date(2026, 4, 9), reason: "Typing mistake".into() }, date(2026, 4, 9))
        .unwrap_err();
    assert!(matches!(refusal, Refusal::CorrectionBreaks { .. }), "{refusal}");
}

#[test]
fn voiding_the_agreement_takes_back_what_followed_from_it() {
    let mut live = agreed();
    let fired = live.log.iter().position(|event| event.what.kind() == "fired").expect("fired") as u32 + 1;
    live.command(Command::Void { seq: fired, reason: "Wrong child".into() }, date(2026, 4, 9)).expect("voided");
    assert_eq!(live.state(), "considering");
    assert!(live.involvement.requests.is_empty());
    assert_eq!(live.standing("decide", None, date(2026, 4, 9)), ClockStanding::Running { days_left: 4 });
}

#[test]
fn voiding_what_later_events_rest_on_is_refused_with_the_event_in_the_way() {
    let mut live = agreed();
    live.command(Command::ReceiveAdvice { request: 1, on: date(2026, 5, 1) }, date(2026, 5, 1)).expect("received");
    let fired = live.log.iter().position(|event| event.what.kind() == "fired").expect("fired") as u32 + 1;
    let refusal =
        live.command(Command::Void { seq: fired, reason: "Wrong child".into() }, date(2026, 5, 2)).unwrap_err();
    assert!(refusal.to_string().contains("Advice received"), "{refusal}");
}

#[test]
fn an_exemption_keeps_the_due_date_and_stops_the_breach_while_it_lasts() {
    let mut live = Live::opened(date(2026, 3, 2), date(2026, 3, 2)).expect("opens");
    let claim = Command::ClaimExemption {
        clock: ClockKey { clock: "decide".into(), request: None },
        exemption: "personal".into(),
        from: date(2026, 4, 1),
        until: date(2026, 4, 30),
        reason: "Bereavement".into(),
        evidence: "Letter of 2 April".into(),
    };
    live.command(claim, date(2026, 4, 2)).expect("claimed");
    assert_eq!(live.due("decide"), Some(date(2026, 4, 13)));
    assert_eq!(live.standing("decide", None, date(2026, 4, 20)), ClockStanding::Exempt { until: date(2026, 4, 30) });
    assert!(live.command(Command::DayPassed, date(2026, 4, 20)).expect("passes").is_empty());
    assert_eq!(live.standing("decide", None, date(2026, 5, 1)), ClockStanding::Overdue { days: 18 });
    let events = live.command(Command::DayPassed, date(2026, 5, 1)).expect("passes");
    assert_eq!(events[0].what.kind(), "clock-breached");
}

#[test]
fn a_ground_the_law_does_not_give_for_that_clock_is_refused() {
    let mut live = Live::opened(date(2026, 3, 2), date(2026, 3, 2)).expect("opens");
    let claim = Command::ClaimExemption {
        clock: ClockKey { clock: "final".into(), request: None },
        exemption: "closed".into(),
        from: date(2026, 7, 20),
        until: date(2026, 9, 2),
        reason: "Summer".into(),
        evidence: "Term dates".into(),
    };
    let refusal = live.command(claim, date(2026, 4, 2)).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "The law does not give \"Setting closed\" as a ground for \"Send the final plan\"."
    );
}

#[test]
fn a_closure_shorter_than_four_weeks_does_not_excuse() {
    let mut live = agreed();
    let claim = Command::ClaimExemption {
        clock: ClockKey { clock: "reply".into(), request: Some(2) },
        exemption: "closed".into(),
        from: date(2026, 4, 10),
        until: date(2026, 4, 27),
        reason: "Easter".into(),
        evidence: "Term dates".into(),
    };
    let refusal = live.command(claim, date(2026, 4, 9)).unwrap_err();
    assert!(matches!(refusal, Refusal::PeriodTooShort { days: 17, .. }), "{refusal}");
}

#[test]
fn only_the_people_the_definition_names_may_fire_a_transition() {
    let mut live = agreed();
    let facts = vec![("route".to_owned(), Value::Choice("short".into()))];
    let refusal =
        live.command(fire("send-draft-early", date(2026, 4, 9), facts.clone()), date(2026, 4, 9)).unwrap_err();
    assert_eq!(refusal.to_string(), "\"Send the draft early\" can be done by: SEND manager.");
    live.command_as(Role::SendManager, fire("send-draft-early", date(2026, 4, 9), facts), date(2026, 4, 9))
        .expect("sent");
}

#[test]
fn withdrawal_ends_every_clock_and_every_request() {
    let mut live = agreed();
    live.fire("withdraw", date(2026, 4, 20)).expect("withdrawn");
    assert_eq!(live.standing("final", None, date(2026, 9, 1)), ClockStanding::Lapsed { on: date(2026, 4, 20) });
    assert_eq!(engine().wakes_on(&live.involvement), None);
    assert!(live.involvement.requests.iter().all(|request| !request.waits()));
    let refusal =
        live.command(Command::Note { text: "Call".into(), on: date(2026, 4, 21) }, date(2026, 4, 21)).unwrap_err();
    assert!(matches!(refusal, Refusal::Ended { .. }));
}

#[test]
fn dates_that_cannot_be_are_refused_in_words() {
    let today = date(2026, 3, 2);
    assert_eq!(
        Live::opened(date(2026, 3, 3), today).unwrap_err().to_string(),
        "Tuesday 3 March 2026 is in the future. Enter today's date or an earlier one."
    );
    assert!(matches!(Live::opened(date(2013, 3, 3), today).unwrap_err(), Refusal::BeforeTheLaw { .. }));
    let opening =
        Opening { on: date(2026, 3, 1), born_on: Some(date(2026, 3, 2)), owner: None, facts: vec![], linked: None };
    let refusal = engine().open(&opening, &asked_on(today, Role::Caseworker)).unwrap_err();
    assert!(matches!(refusal, Refusal::TooEarly { .. }));
}

#[test]
fn why_this_date_goes_down_to_the_provision() {
    let live = Live::opened(date(2026, 3, 2), date(2026, 3, 2)).expect("opens");
    let view = engine().view(&live.involvement, None, date(2026, 3, 2));
    let why = view.clocks[0].why.clone().expect("started");
    assert_eq!(why.counted_from, "Request received on Monday 2 March 2026.");
    assert_eq!(why.rule, "within 6 weeks of");
    assert_eq!(why.provision, "reg. 5(1)");
    assert_eq!(why.steps.last().map(String::as_str), Some("6 weeks (42 days) after it is Monday 13 April 2026."));
}

#[test]
fn a_family_sees_what_is_late_and_why() {
    let mut live = Live::opened(date(2026, 3, 2), date(2026, 3, 2)).expect("opens");
    let facts = vec![
        ("late-reason".to_owned(), Value::Text("Our panel was cancelled".into())),
        ("next-update-on".to_owned(), Value::Date(date(2026, 4, 27))),
    ];
    live.command(Command::RecordFacts { facts, on: date(2026, 4, 14) }, date(2026, 4, 14)).expect("recorded");
    let progress = engine().progress(&live.involvement, date(2026, 4, 14));
    let late = progress.late.expect("late");
    assert!(late.text.contains("Monday 13 April 2026"), "{}", late.text);
    assert_eq!(late.reason.as_deref(), Some("Our panel was cancelled"));
    assert_eq!(late.next_update_on, Some(date(2026, 4, 27)));
    assert_eq!(progress.stages[0].standing, StageStanding::Now { since: date(2026, 3, 2) });
    assert_eq!(progress.stages[1].standing, StageStanding::Next);
}

#[test]
fn the_tray_shows_the_next_limit_of_the_authority_and_who_is_waited_for() {
    let live = agreed();
    let line = engine().tray_line(&live.involvement);
    assert_eq!(line.next_due_on, Some(date(2026, 7, 20)));
    assert_eq!(line.waiting_on, "Educational psychologist, Setting");
    assert_eq!((line.advice_in, line.advice_asked), (0, 2));
    assert_eq!(line.weeks_of, Some(20));
}

#[test]
fn a_rule_runs_on_its_trigger_and_a_scheduled_one_only_when_its_guard_holds() {
    let mut live = agreed();
    assert!(live.log.iter().any(|event| matches!(&event.what, What::RuleRan { rule } if &**rule == "tell-panel")));
    let remind = Command::RunRule { rule: "remind".into() };
    assert!(live.command(remind.clone(), date(2026, 5, 26)).expect("runs").is_empty());
    let events = live.command(remind, date(2026, 5, 27)).expect("runs");
    assert_eq!(events.len(), 1);
    let sent = outgoing(&SMALL, &events[0], 99);
    assert_eq!(sent[0].kind, OutgoingKind::RemindAdvisers);
}
