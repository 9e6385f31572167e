//! Laws that hold whatever people type: on random sequences of commands.

use milepost::access::Role;
use milepost::calendar::{Date, date};
use milepost::engine::*;
use milepost::timeline::Value;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use crate::support::*;

/// What somebody does, and how many days later than the last thing it took effect and was typed in.
#[derive(Debug, Clone)]
struct Act {
    days_on: i64,
    typed_later: i64,
    command: fn(Date, u32) -> Command,
    pick: u32,
}

const TRANSITIONS: [&str; 7] = ["agree", "refuse", "all-in", "send-draft", "send-draft-early", "issue", "withdraw"];

fn fire_any(on: Date, pick: u32) -> Command {
    let transition = TRANSITIONS[pick as usize % TRANSITIONS.len()];
    let facts = match transition {
        "agree" => vec![("panel-date".to_owned(), Value::Date(on))],
        "send-draft-early" => {
            vec![("route".to_owned(), Value::Choice(if pick.is_multiple_of(2) { "short" } else { "long" }.into()))]
        }
        _ => vec![],
    };
    fire(transition, on, facts)
}

fn record_any(on: Date, pick: u32) -> Command {
    let facts = match pick % 4 {
        0 => vec![("urgent".to_owned(), Value::YesNo(pick % 8 < 4))],
        1 => vec![("panel-date".to_owned(), Value::Date(on))],
        2 => vec![("pages".to_owned(), Value::Number(i64::from(pick % 120)))],
        _ => vec![("late-reason".to_owned(), Value::Text("Because".into())), ("nothing".to_owned(), Value::Number(1))],
    };
    Command::RecordFacts { facts, on }
}

fn request_any(on: Date, pick: u32) -> Command {
    let advice = ["psychology", "school", "other", "nobody"][pick as usize % 4];
    Command::RequestAdvice { advice: advice.into(), of: "Somebody".into(), on }
}

fn answer_any(on: Date, pick: u32) -> Command {
    let request = pick % 5;
    match pick % 4 {
        0 => Command::DeclineAdvice { request, on, reason: "No".into() },
        1 => Command::ChaseAdvice { request, on },
        _ => Command::ReceiveAdvice { request, on },
    }
}

fn claim_any(on: Date, pick: u32) -> Command {
    let (clock, request) = match pick % 3 {
        0 => ("decide", None),
        1 => ("final", None),
        _ => ("reply", Some(pick % 4)),
    };
    Command::ClaimExemption {
        clock: ClockKey { clock: clock.into(), request },
        exemption: if pick.is_multiple_of(2) { "personal" } else { "closed" }.into(),
        from: on,
        until: on + chrono::TimeDelta::days(i64::from(pick % 60)),
        reason: "Reason".into(),
        evidence: "Letter".into(),
    }
}

fn act() -> impl Strategy<Value = Act> {
    let command = prop_oneof![
        4 => Just(fire_any as fn(Date, u32) -> Command),
        2 => Just(record_any as fn(Date, u32) -> Command),
        2 => Just(request_any as fn(Date, u32) -> Command),
        4 => Just(answer_any as fn(Date, u32) -> Command),
        1 => Just(claim_any as fn(Date, u32) -> Command),
        2 => Just((|_, _| Command::DayPassed) as fn(Date, u32) -> Command),
        1 => Just((|_, _| Command::RunRule { rule: "remind".into() }) as fn(Date, u32) -> Command),
        1 => Just((|on, _| Command::Note { text: "A call".into(), on }) as fn(Date, u32) -> Command),
    ];
    (-3i64..25, 0i64..4, command, 0u32..1_000).prop_map(|(days_on, typed_later, command, pick)| Act {
        days_on,
        typed_later,
        command,
        pick,
    })
}

/// An involvement to which anything may have happened, and the day on which it was last looked at.
pub fn lived() -> impl Strategy<Value = (Live, Date)> {
    prop::collection::vec(act(), 0..30).prop_map(|acts| play(&acts, date(OPENED.0, OPENED.1, OPENED.2)))
}

fn correction() -> impl Strategy<Value = (u32, bool, i64)> {
    (0u32..40, any::<bool>(), -10i64..10)
}

const OPENED: (i32, u32, u32) = (2026, 3, 2);

/// Plays acts on a live involvement; commands that are refused change nothing.
fn play(acts: &[Act], opened_on: Date) -> (Live, Date) {
    let mut live = Live::opened(opened_on, opened_on.max(date(OPENED.0, OPENED.1, OPENED.2))).expect("opens");
    let mut on = date(OPENED.0, OPENED.1, OPENED.2);
    let mut today = on;
    for act in acts {
        on += chrono::TimeDelta::days(act.days_on);
        today = today.max(on + chrono::TimeDelta::days(act.typed_later));
        let before = live.clone();
        if live.command((act.command)(on, act.pick), today).is_err() {
            assert_eq!(before.log, live.log);
        }
    }
    (live, today)
}

/// Everything but the number of events, which a correction adds to.
fn content(involvement: &Involvement) -> Involvement {
    Involvement { version: 0, ..involvement.clone() }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 400,
        max_global_rejects: 40_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn replay_equals_live(acts in prop::collection::vec(act(), 0..40), corrections in prop::collection::vec(correction(), 0..4)) {
        let (mut live, today) = play(&acts, date(2026, 3, 2));
        for (seq, void, days) in corrections {
            let command = if void {
                Command::Void { seq, reason: "Mistake".into() }
            } else {
                let on = live.log.get(seq as usize).map_or(today, |event| event.occurred_on);
                Command::Redate { seq: seq + 1, on: on + chrono::TimeDelta::days(days), reason: "Mistake".into() }
            };
            let _ = live.command(command, today);
        }
        prop_assert_eq!(engine().fold(&live.log), Some(live.involvement.clone()));
        prop_assert_eq!(live.involvement.version as usize, live.log.len());
    }

    #[test]
    fn correcting_the_opening_equals_having_entered_it_right(acts in prop::collection::vec(act(), 0..25), days in 1i64..20) {
        // Days that pass are left out: what a day brought on the wrong dates stays in the log, as it should.
        let acts: Vec<Act> = acts.into_iter().filter(|act| !matches!((act.command)(date(2026, 3, 2), 0), Command::DayPassed)).collect();
        let earlier = date(2026, 3, 2) - chrono::TimeDelta::days(days);
        let (right, _) = play(&acts, earlier);
        let (mut wrong, today) = play(&acts, date(2026, 3, 2));
        // An act that took effect before the wrong date was refused there, and a like one may have been accepted later: only
        // logs that are equal but for the opening's date are comparable.
        let acted = |live: &Live| live.log.iter().skip(1).map(|event| (event.what.clone(), event.occurred_on)).collect::<Vec<_>>();
        prop_assume!(right.log[0].what == wrong.log[0].what && acted(&right) == acted(&wrong));
        wrong.command(Command::Redate { seq: 1, on: earlier, reason: "Mistake".into() }, today).expect("nothing rests on a later opening");
        prop_assert_eq!(content(&wrong.involvement), content(&right.involvement));
    }

    #[test]
    fn voiding_the_last_thing_done_equals_never_having_done_it(acts in prop::collection::vec(act(), 1..30)) {
        let (before, _) = play(&acts[..acts.len() - 1], date(2026, 3, 2));
        let (mut after, today) = play(&acts, date(2026, 3, 2));
        prop_assume!(after.log.len() > before.log.len());
        let roots: Vec<u32> = (before.log.len()..after.log.len())
            .filter(|at| after.log[*at].caused_by.is_none() && matches!(after.log[*at].actor, Actor::Person { .. }))
            .map(|at| at as u32 + 1).collect();
        prop_assume!(!roots.is_empty());
        for seq in roots.into_iter().rev() {
            after.command(Command::Void { seq, reason: "Mistake".into() }, today).expect("nothing rests on the last thing done");
        }
        prop_assert_eq!(content(&after.involvement), content(&before.involvement));
    }

    #[test]
    fn nothing_is_recorded_after_an_end(acts in prop::collection::vec(act(), 0..40)) {
        let (live, _) = play(&acts, date(2026, 3, 2));
        let end = live.log.iter().position(|event| matches!(&event.what, What::Fired { to, .. } if SMALL.states[SMALL.state(to).unwrap().at()].is_end));
        if let Some(end) = end {
            let after = &live.log[end + 1..];
            prop_assert!(after.iter().all(|event| event.caused_by.is_some()), "{after:?}");
        }
    }

    #[test]
    fn nothing_is_due_before_it_started(acts in prop::collection::vec(act(), 0..40)) {
        let (live, today) = play(&acts, date(2026, 3, 2));
        for clock in engine().view(&live.involvement, None, today).clocks {
            if let (Some(started_on), Some(due_on)) = (clock.started_on, clock.due_on) {
                prop_assert!(due_on >= started_on);
            }
        }
    }

    #[test]
    fn what_is_offered_is_accepted_and_what_is_not_offered_is_refused(acts in prop::collection::vec(act(), 0..30), manager in any::<bool>()) {
        let role = if manager { Role::SendManager } else { Role::Caseworker };
        let (live, today) = play(&acts, date(2026, 3, 2));
        let view = engine().view(&live.involvement, Some(role), today);
        for offer in view.transitions {
            let name = SMALL.transitions[offer.transition.at()].name.to_string();
            let answers: Vec<Vec<(String, Value)>> = match name.as_str() {
                "agree" => vec![vec![("panel-date".into(), Value::Date(today))]],
                "send-draft-early" => ["short", "long"].iter()
                    .map(|route| vec![("route".into(), Value::Choice((*route).into()))]).collect(),
                _ => vec![vec![]],
            };
            let accepted = answers.into_iter().any(|facts| live.clone().command_as(role, fire(&name, today, facts), today).is_ok());
            prop_assert_eq!(accepted, offer.refused.is_none(), "{} {:?}", name, offer.refused);
        }
        for offer in view.advice {
            let advice = SMALL.advice[offer.advice.at()].name.to_string();
            let command = Command::RequestAdvice { advice, of: String::new(), on: today };
            prop_assert_eq!(live.clone().command_as(role, command, today).is_ok(), offer.refused.is_none());
        }
    }

    #[test]
    fn a_day_on_which_nothing_wakes_brings_nothing_and_waking_brings_something(acts in prop::collection::vec(act(), 0..30), days in 0i64..200) {
        let (mut live, today) = play(&acts, date(2026, 3, 2));
        let today = today + chrono::TimeDelta::days(days);
        let wakes = engine().wakes_on(&live.involvement).is_some_and(|on| on <= today);
        let events = live.command(Command::DayPassed, today).expect("a day always passes");
        prop_assert_eq!(wakes, !events.is_empty());
        prop_assert!(engine().wakes_on(&live.involvement).is_none_or(|on| on > today), "woken once is enough");
    }
}
