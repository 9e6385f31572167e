//! Moving an involvement to another version of its timeline.

use std::sync::{Arc, LazyLock};

use milepost::access::Role;
use milepost::calendar::{Date, date};
use milepost::engine::*;
use milepost::timeline::migrate::{Plan, Treatment};
use milepost::timeline::{Compiled, Value};
use proptest::prelude::*;

use crate::support::*;

/// The small process as it was changed: eight weeks to decide, another name for "gathering", a limit on weighing, no
/// question about urgency, and its lists in another order.
static CHANGED: LazyLock<Arc<Compiled>> = LazyLock::new(|| {
    let changed = [
        ("version: 1,", "version: 2,"),
        (
            "limit: Within(Weeks(6)),\n              basis: \"reg. 5(1)\"",
            "limit: Within(Weeks(8)),\n              basis: \"reg. 5(1)\"",
        ),
        (
            "counts_from: \"request_received\", limit: Within(Weeks(6))",
            "counts_from: \"request_received\", limit: Within(Weeks(8))",
        ),
        ("\"gathering\"", "\"asking\""),
        (
            "        Clock(id: \"reply\"",
            "        Clock(id: \"weigh\", label: \"Weigh the advice\", starts: [Fired(\"agree\")], stops: [Fired(\"send-draft\")], \
             counts_from: \"decision\", limit: Within(Weeks(10)), basis: \"reg. 9\", confidence: Text),\n        Clock(id: \"reply\"",
        ),
        (
            "        Fact(id: \"panel-date\", label: \"Panel date\", kind: Date),\n        Fact(id: \"urgent\", label: \"Urgent\", kind: YesNo),",
            "        Fact(id: \"urgent\", label: \"Urgent\", kind: YesNo),\n        Fact(id: \"panel-date\", label: \"Panel date\", kind: Date),",
        ),
    ];
    let text = changed.iter().fold(include_str!("small.ron").to_owned(), |text, (from, to)| text.replace(from, to));
    Arc::new(Compiled::new(read(&text)).expect("the changed fixture names only what it declares"))
});

static BEFORE: LazyLock<[Arc<Compiled>; 1]> = LazyLock::new(|| [Arc::new(SMALL.clone())]);

fn changed() -> Engine<'static> {
    Engine::new(&CHANGED, &CALENDAR).having_run_on(&*BEFORE)
}

fn plan(clocks: &[(&str, Treatment)]) -> Plan {
    let clocks = clocks.iter().map(|(clock, treatment)| ((*clock).to_owned(), *treatment)).collect();
    Plan { states: [("gathering".to_owned(), "asking".to_owned())].into(), clocks }
}

/// Moves it, and makes sure that its log says the same.
fn moved(live: &Live, plan: &Plan, on: Date) -> Result<Live, Refusal> {
    let asked = asked_on(on, Role::SendManager);
    let reason = (plan, "The new regulations");
    let migration = changed().migrate(&engine(), &live.involvement, reason, &asked, &live.log)?;
    let log = [live.log.clone(), migration.events].concat();
    assert_eq!(changed().fold(&log).as_ref(), Some(&migration.involvement), "replay equals live");
    Ok(Live { log, involvement: migration.involvement })
}

fn due(live: &Live, clock: &str) -> Option<Date> {
    let ix = CHANGED.clock(clock).expect("the changed fixture has this clock");
    let view = changed().view(&live.involvement, None, date(2026, 6, 1));
    view.clocks.iter().find(|held| held.clock == ix && held.request.is_none())?.due_on
}

fn opened() -> Live {
    Live::opened(date(2026, 3, 2), date(2026, 3, 2)).expect("it opens")
}

fn agreed() -> Live {
    let mut live = opened();
    let panel = vec![("panel-date".to_owned(), Value::Date(date(2026, 3, 16)))];
    live.command(fire("agree", date(2026, 3, 16), panel), date(2026, 3, 16)).expect("it is allowed");
    live
}

#[test]
fn a_date_that_is_kept_stays_although_the_new_version_gives_longer() {
    let live = moved(&opened(), &plan(&[]), date(2026, 3, 10)).unwrap();

    assert_eq!(due(&live, "decide"), Some(date(2026, 4, 13)), "six weeks");
    let run = live.involvement.run(CHANGED.clock("decide").unwrap(), None).unwrap();
    assert_eq!(run.kept, Some(Kept { due_on: date(2026, 4, 13), version: 1 }));
    let final_run = live.involvement.run(CHANGED.clock("final").unwrap(), None).unwrap();
    assert_eq!(final_run.kept, None, "both versions count the same date");
    let view = changed().view(&live.involvement, None, date(2026, 3, 10));
    let why = view.clocks.iter().find(|clock| clock.clock == CHANGED.clock("decide").unwrap()).unwrap();
    let steps = why.why.as_ref().unwrap().steps.join(" ");
    assert!(steps.starts_with("Version 1 of the timeline made this Monday 13 April 2026."), "{steps}");
}

#[test]
fn a_date_that_is_recomputed_is_what_the_new_version_would_have_counted_from_the_start() {
    let live = moved(&opened(), &plan(&[("decide", Treatment::Recompute)]), date(2026, 3, 10)).unwrap();

    assert_eq!(due(&live, "decide"), Some(date(2026, 4, 27)), "eight weeks from 2 March");
}

#[test]
fn a_limit_that_is_restarted_counts_from_the_day_of_the_move() {
    let live = moved(&opened(), &plan(&[("decide", Treatment::Restart)]), date(2026, 3, 10)).unwrap();

    assert_eq!(due(&live, "decide"), Some(date(2026, 5, 5)), "eight weeks from 10 March");
}

#[test]
fn a_limit_that_only_the_new_version_has_begins_where_the_log_says() {
    let live = moved(&agreed(), &plan(&[]), date(2026, 3, 20)).unwrap();
    assert_eq!(due(&live, "weigh"), Some(date(2026, 5, 25)), "ten weeks from the decision on 16 March");

    let live = moved(&opened(), &plan(&[]), date(2026, 3, 20)).unwrap();
    assert_eq!(due(&live, "weigh"), None, "nothing has been decided yet");

    let live = moved(&agreed(), &plan(&[("weigh", Treatment::Keep)]), date(2026, 3, 20)).unwrap();
    assert_eq!(due(&live, "weigh"), None, "it had no such limit, and keeps to that");
}

#[test]
fn what_was_met_stays_as_it_was_judged() {
    let live = moved(&agreed(), &plan(&[("decide", Treatment::Recompute)]), date(2026, 3, 20)).unwrap();

    let run = live.involvement.run(CHANGED.clock("decide").unwrap(), None).unwrap();
    assert_eq!(run.stopped, Some(Stopped::Done(date(2026, 3, 16))));
    assert_eq!(due(&live, "decide"), Some(date(2026, 4, 13)), "six weeks, by the law of that time");
}

#[test]
fn facts_advice_and_the_state_go_along_by_name() {
    let mut live = agreed();
    live.command(Command::ReceiveAdvice { request: 1, on: date(2026, 3, 18) }, date(2026, 3, 18)).unwrap();
    let live = moved(&live, &plan(&[]), date(2026, 3, 20)).unwrap();

    assert_eq!(&*CHANGED.states[live.involvement.state.at()].name, "asking");
    let panel = live.involvement.fact(CHANGED.fact("panel-date").unwrap());
    assert_eq!(panel, Some(&Value::Date(date(2026, 3, 16))));
    let advice = |no| &*CHANGED.advice[live.involvement.request(no).unwrap().advice.at()].name;
    assert_eq!((advice(1), advice(2)), ("psychology", "school"));
    let went_on = changed().decide(
        &live.involvement,
        &Command::ReceiveAdvice { request: 2, on: date(2026, 3, 21) },
        &asked_on(date(2026, 3, 21), Role::Caseworker),
        &live.log,
    );
    let kinds: Vec<&str> = went_on.unwrap().iter().map(|event| event.what.kind()).collect();
    assert_eq!(kinds, ["advice-received", "fired"], "all advice is in, and it goes on by itself");
}

#[test]
fn an_involvement_at_a_state_that_the_plan_leaves_out_is_refused_in_words() {
    let refused = moved(&agreed(), &Plan::default(), date(2026, 3, 20)).unwrap_err();

    assert_eq!(
        refused.to_string(),
        "It cannot be moved to version 2 of the timeline: it is at \"Gathering advice\" (gathering), and the plan names no \
         state of this version for it."
    );
}

#[test]
fn an_involvement_that_has_ended_is_not_moved() {
    let mut live = opened();
    live.fire("withdraw", date(2026, 3, 9)).unwrap();

    assert!(matches!(moved(&live, &plan(&[]), date(2026, 3, 20)), Err(Refusal::Ended { .. })));
}

#[test]
fn a_date_before_the_move_can_be_corrected_and_the_kept_dates_follow() {
    let live = moved(&agreed(), &plan(&[]), date(2026, 3, 20)).unwrap();
    let asked = asked_on(date(2026, 3, 23), Role::Caseworker);
    let redate = Command::Redate { seq: 1, on: date(2026, 2, 23), reason: "It came a week before".into() };
    let events = changed().decide(&live.involvement, &redate, &asked, &live.log).unwrap();
    let after = Live { involvement: changed().after(&live.involvement, &live.log, &events), log: vec![] };

    assert_eq!(after.involvement.started_on, date(2026, 2, 23));
    assert_eq!(
        due(&after, "decide"),
        Some(date(2026, 4, 6)),
        "six weeks from the right date, by the version of that time"
    );
    assert_eq!(due(&after, "final"), Some(date(2026, 7, 13)));
}

#[test]
fn the_move_itself_is_not_corrected_but_moved_back() {
    let live = moved(&opened(), &plan(&[]), date(2026, 3, 10)).unwrap();
    let asked = asked_on(date(2026, 3, 11), Role::Caseworker);
    let void = Command::Void { seq: live.log.len() as u32, reason: "By mistake".into() };
    let refused = changed().decide(&live.involvement, &void, &asked, &live.log).unwrap_err();
    assert!(refused.to_string().contains("move it back instead"), "{refused}");

    let back = Engine::new(&SMALL, &CALENDAR);
    let there = [Arc::new(SMALL.clone()), CHANGED.clone()];
    let home = Plan { states: [("asking".to_owned(), "gathering".to_owned())].into(), ..Plan::default() };
    let asked = asked_on(date(2026, 3, 11), Role::SendManager);
    let migration =
        back.migrate(&changed(), &live.involvement, (&home, "By mistake"), &asked, &live.log).expect("it goes back");
    let log = [live.log.clone(), migration.events].concat();
    assert_eq!(back.having_run_on(&there).fold(&log), Some(migration.involvement.clone()));
    let due = back.due_on(
        &migration.involvement,
        SMALL.clock("decide").unwrap(),
        migration.involvement.clocks[0].as_ref().unwrap(),
    );
    assert_eq!(due, Ok(date(2026, 4, 13)));
}

#[test]
fn a_plan_that_names_what_is_not_there_says_so_before_anybody_is_moved() {
    let wrong = Plan {
        states: [("gatherin".to_owned(), "asking".to_owned()), ("drafted".to_owned(), "issued".to_owned())].into(),
        clocks: [("descide".to_owned(), Treatment::Keep)].into(),
    };
    assert_eq!(
        wrong.faults(&SMALL, &CHANGED),
        [
            "\"issued\" is an end of version 2: nobody can be moved to an end",
            "version 1 has no state \"gatherin\"; did you mean \"gathering\"?",
            "version 2 has no time limit \"descide\"; did you mean \"decide\"?",
        ]
    );
    assert_eq!(Plan::default().faults(&SMALL, &SMALL), ["both are version 1 of \"small\""]);
}

proptest! {
    /// Whatever was done before, a plan that keeps every date keeps every date, and what runs still runs.
    #[test]
    fn keeping_keeps_every_due_date((live, today) in crate::laws::lived(), later in 0i64..60) {
        prop_assume!(live.involvement.ended_on.is_none());
        let today = today + chrono::TimeDelta::days(later);
        let keep_all = plan(&CHANGED.clocks.iter().map(|clock| (&*clock.name, Treatment::Keep)).collect::<Vec<_>>());
        let asked = asked_on(today, Role::SendManager);
        let migration = changed().migrate(&engine(), &live.involvement, (&keep_all, "Law"), &asked, &live.log);
        let migration = migration.expect("everything has a place in the changed version");
        let log = [live.log.clone(), migration.events.clone()].concat();
        prop_assert_eq!(changed().fold(&log), Some(migration.involvement.clone()));
        if migration.events.len() == 1 {
            prop_assert_eq!(changed().due_changes(&engine(), &live.involvement, &migration.involvement), vec![]);
        }
    }
}
