//! Due dates that look at facts: later limits, directed dates, days of the year, waits, and limits that do not apply.

use std::sync::LazyLock;

use milepost::access::Role;
use milepost::calendar::{Date, date};
use milepost::engine::*;
use milepost::timeline::{Compiled, NoticeContent, Value, check};

use crate::support::{CALENDAR, asked_on};

static LIMITS: LazyLock<Compiled> = LazyLock::new(|| {
    let checked = check("limits.ron", include_bytes!("limits.ron"));
    assert!(checked.is_sound(), "{:#?}", checked.findings);
    Compiled::new(checked.definition.expect("it is sound")).expect("it is sound")
});

fn engine() -> Engine<'static> {
    Engine::new(&LIMITS, &CALENDAR)
}

struct Run {
    involvement: Involvement,
    log: Vec<Event>,
}

impl Run {
    fn opened(on: Date, facts: Vec<(&str, Value)>) -> Result<Run, Refusal> {
        let facts = facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let opening = Opening { on, born_on: None, owner: None, facts, linked: None };
        let log = engine().open(&opening, &asked_on(on, Role::Caseworker))?;
        Ok(Run { involvement: engine().fold(&log).expect("opened"), log })
    }

    fn of_phase(on: Date, phase: &str) -> Run {
        Run::opened(on, vec![("phase", Value::Choice(phase.into()))]).expect("opened")
    }

    fn take(&mut self, command: &Command, today: Date) -> Result<(), Refusal> {
        let events = engine().decide(&self.involvement, command, &asked_on(today, Role::Caseworker), &self.log)?;
        self.involvement = engine().after(&self.involvement, &self.log, &events);
        self.log.extend(events);
        assert_eq!(engine().fold(&self.log).as_ref(), Some(&self.involvement), "replay equals live");
        Ok(())
    }

    fn know(&mut self, fact: &str, value: Value, on: Date) {
        self.take(&Command::RecordFacts { facts: vec![(fact.into(), value)], on }, on).expect("recorded");
    }

    fn clock(&self, id: &str, today: Date) -> ClockView {
        let ix = LIMITS.clock(id).expect("a clock of the fixture");
        let view = engine().view(&self.involvement, None, today);
        view.clocks.into_iter().find(|clock| clock.clock == ix).expect("every clock is shown")
    }

    fn due(&self, id: &str) -> Option<Date> {
        self.clock(id, date(2026, 3, 10)).due_on
    }
}

fn cease(told: Vec<NoticeContent>, on: Date) -> Command {
    Command::Fire { transition: "cease".into(), on, facts: vec![], note: None, told }
}

#[test]
fn the_later_of_two_limits_is_due_and_the_explanation_counts_both() {
    let mut ada = Run::of_phase(date(2026, 3, 10), "other");
    assert_eq!(ada.due("appeal"), Some(date(2026, 5, 11)));
    ada.know("certificate-issued", Value::Date(date(2026, 5, 5)), date(2026, 5, 5));
    assert_eq!(ada.due("appeal"), Some(date(2026, 6, 5)));
    let steps = ada.clock("appeal", date(2026, 5, 5)).why.expect("it is counted").steps.join("\n");
    assert!(
        steps.contains("Monday 11 May 2026") && steps.contains("The later of them is Friday 5 June 2026."),
        "{steps}"
    );
}

#[test]
fn a_wait_is_due_on_the_first_day_after_and_a_later_certificate_prolongs_it() {
    let mut ada = Run::of_phase(date(2026, 3, 10), "other");
    assert_eq!(ada.due("cease"), Some(date(2026, 5, 12)));
    assert_eq!(ada.clock("cease", date(2026, 5, 11)).standing, ClockStanding::Open { days_left: 0 });
    assert_eq!(ada.clock("cease", date(2026, 5, 12)).standing, ClockStanding::Closed { on: date(2026, 5, 11) });
    let both = vec![NoticeContent::Decision, NoticeContent::AppealRight];
    let refused = ada.take(&cease(both.clone(), date(2026, 5, 11)), date(2026, 5, 11));
    assert!(matches!(refused, Err(Refusal::NotYet { .. })), "{refused:?}");
    ada.know("certificate-issued", Value::Date(date(2026, 5, 5)), date(2026, 5, 11));
    let refused = ada.take(&cease(both.clone(), date(2026, 5, 12)), date(2026, 5, 12));
    assert!(matches!(refused, Err(Refusal::NotYet { .. })), "the certificate prolongs it: {refused:?}");
    ada.take(&cease(both, date(2026, 6, 8)), date(2026, 6, 8)).expect("the wait is over");
}

#[test]
fn a_directed_date_takes_the_place_of_the_counted_one() {
    let mut ada = Run::of_phase(date(2026, 4, 20), "other");
    assert_eq!(ada.due("respond"), Some(date(2026, 6, 3)));
    ada.know("directed-date", Value::Date(date(2026, 5, 22)), date(2026, 4, 24));
    assert_eq!(ada.due("respond"), Some(date(2026, 5, 22)));
}

#[test]
fn a_limit_applies_only_to_the_children_it_is_for() {
    let mut ada = Run::of_phase(date(2025, 9, 8), "college");
    ada.know("transfer-year", Value::Number(2026), date(2025, 9, 8));
    assert_eq!(ada.due("college"), Some(date(2026, 3, 30)));
    let mut ben = Run::of_phase(date(2025, 9, 8), "other");
    ben.know("transfer-year", Value::Number(2026), date(2025, 9, 8));
    assert_eq!(ben.clock("college", date(2025, 9, 8)).standing, ClockStanding::NotStarted);
    let college = LIMITS.clock("college").expect("a clock of the fixture");
    assert_eq!(engine().tray_line(&ada.involvement).next_clock.as_deref(), Some("respond"));
    assert!(engine().runs(&ada.involvement).any(|(clock, _, _)| clock == college));
    assert!(engine().runs(&ben.involvement).all(|(clock, _, _)| clock != college));
}

#[test]
fn a_meeting_that_is_moved_takes_its_limit_along_and_the_warning_comes_before_it() {
    let mut ada = Run::of_phase(date(2026, 3, 10), "other");
    ada.know("review-meeting", Value::Date(date(2026, 5, 11)), date(2026, 3, 10));
    assert_eq!(ada.due("invite"), Some(date(2026, 4, 27)));
    ada.know("review-meeting", Value::Date(date(2026, 6, 17)), date(2026, 3, 12));
    assert_eq!(ada.due("invite"), Some(date(2026, 6, 3)));
    ada.take(&Command::DayPassed, date(2026, 5, 27)).expect("a day passes");
    let warned = |event: &&Event| matches!(&event.what, What::ClockWarned { clock, .. } if &*clock.clock == "invite");
    let warnings: Vec<Date> = ada.log.iter().filter(warned).map(|event| event.occurred_on).collect();
    assert_eq!(warnings, [date(2026, 5, 27)]);
}

#[test]
fn a_date_put_right_afterwards_measures_what_was_done_anew_and_a_meeting_put_off_begins_again() {
    let mut ada = Run::of_phase(date(2026, 3, 10), "other");
    ada.know("review-meeting", Value::Date(date(2026, 5, 11)), date(2026, 3, 10));
    let fire = |transition: &str, on| Command::Fire {
        transition: transition.into(),
        on,
        facts: vec![],
        note: None,
        told: vec![],
    };
    ada.take(&fire("ask", date(2026, 4, 24)), date(2026, 4, 24)).expect("asked");
    assert_eq!(ada.clock("ask", date(2026, 4, 24)).standing, ClockStanding::Met { on: date(2026, 4, 24) });

    ada.know("review-meeting", Value::Date(date(2026, 5, 1)), date(2026, 4, 25));
    let late = ClockStanding::MetLate { on: date(2026, 4, 24), days: 7, exempt: false };
    assert_eq!(ada.clock("ask", date(2026, 4, 25)).standing, late, "the meeting was really on 1 May");

    ada.take(&fire("put-off", date(2026, 4, 27)), date(2026, 4, 27)).expect("put off");
    ada.know("review-meeting", Value::Date(date(2026, 6, 17)), date(2026, 4, 27));
    assert_eq!(ada.clock("ask", date(2026, 4, 27)).standing, ClockStanding::Running { days_left: 37 });
}

#[test]
fn an_opening_without_its_facts_is_refused_by_their_names() {
    let refused = Run::opened(date(2026, 3, 10), vec![]).map(|_| ());
    assert_eq!(refused, Err(Refusal::FactsMissing { facts: vec!["Which move".into()] }));
}

#[test]
fn a_notice_that_leaves_out_the_right_of_appeal_is_no_notice() {
    let mut ada = Run::of_phase(date(2026, 3, 10), "other");
    let on = date(2026, 5, 12);
    let refused = ada.take(&cease(vec![NoticeContent::Decision], on), on).expect_err("not lawful");
    assert!(refused.to_string().contains("the right to appeal to the First-tier Tribunal"), "{refused}");
    assert!(!refused.to_string().contains("the decision"), "{refused}");
    ada.take(&cease(vec![NoticeContent::AppealRight, NoticeContent::Decision], on), on).expect("lawful");
    let told = ada.log.iter().find_map(|event| match &event.what {
        What::Fired { told, .. } => Some(told.clone()),
        _ => None,
    });
    assert_eq!(told, Some(vec![NoticeContent::Decision, NoticeContent::AppealRight]));
}
