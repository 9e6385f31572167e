//! The small timeline against a model of it that was written by hand: after every command both say the same.

use milepost::access::Role;
use milepost::calendar::{Date, date};
use milepost::engine::*;
use milepost::timeline::Value;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use crate::support::*;

/// What somebody does today.
#[derive(Debug, Clone)]
enum Deed {
    DaysPass(i64),
    Agree,
    Refuse,
    AskOther,
    Receive(u32),
    SendDraft,
    SendDraftEarly,
    MarkUrgent(bool),
    Issue,
    Withdraw,
}

/// The small timeline as its author would tell it.
#[derive(Debug, Clone)]
struct Model {
    today: Date,
    state: &'static str,
    /// By number from 1: whether the request still waits.
    requests: Vec<bool>,
    drafted_on: Option<Date>,
    urgent: bool,
}

impl Model {
    fn has_ended(&self) -> bool {
        matches!(self.state, "issued" | "refused" | "withdrawn")
    }

    /// Whether the deed is accepted, and what it leaves.
    fn after(&self, deed: &Deed) -> (bool, Model) {
        let mut next = self.clone();
        let accepted = match deed {
            Deed::DaysPass(days) => {
                next.today += chrono::TimeDelta::days(*days);
                // Twenty weeks from 2 March end on 20 July; the breach marks the involvement as urgent.
                if !next.has_ended() && next.today > date(2026, 7, 20) && self.today <= date(2026, 7, 20) {
                    next.urgent = true;
                }
                true
            }
            _ if self.has_ended() => false,
            Deed::Agree => {
                next.state = "gathering";
                next.requests = vec![true, true];
                self.state == "considering"
            }
            Deed::Refuse => {
                next.state = "refused";
                self.state == "considering"
            }
            Deed::AskOther => {
                next.requests.push(true);
                matches!(self.state, "gathering" | "weighing")
            }
            Deed::Receive(number) => {
                let waits = self.requests.get(*number as usize).copied().unwrap_or(false);
                if waits {
                    next.requests[*number as usize] = false;
                    if next.state == "gathering" && next.requests.iter().all(|waits| !waits) {
                        next.state = "weighing";
                    }
                }
                waits
            }
            Deed::SendDraft => {
                next.state = "drafted";
                next.drafted_on = Some(self.today);
                matches!(self.state, "weighing" | "drafted")
            }
            Deed::SendDraftEarly => {
                next.state = "drafted";
                self.state == "gathering"
            }
            Deed::MarkUrgent(urgent) => {
                next.urgent = *urgent;
                true
            }
            Deed::Issue => {
                next.state = "issued";
                let passed = self.drafted_on.is_some_and(|on| self.today > on + chrono::TimeDelta::days(14));
                self.state == "drafted" && (passed || self.urgent)
            }
            Deed::Withdraw => {
                next.state = "withdrawn";
                true
            }
        };
        if accepted { (true, next) } else { (false, self.clone()) }
    }
}

impl ReferenceStateMachine for Model {
    type State = Model;
    type Transition = Deed;

    fn init_state() -> BoxedStrategy<Model> {
        let today = date(2026, 3, 2);
        Just(Model { today, state: "considering", requests: vec![], drafted_on: None, urgent: false }).boxed()
    }

    fn transitions(_: &Model) -> BoxedStrategy<Deed> {
        prop_oneof![
            3 => (1i64..40).prop_map(Deed::DaysPass),
            3 => Just(Deed::Agree),
            1 => Just(Deed::Refuse),
            2 => Just(Deed::AskOther),
            6 => (0u32..4).prop_map(Deed::Receive),
            3 => Just(Deed::SendDraft),
            1 => Just(Deed::SendDraftEarly),
            1 => any::<bool>().prop_map(Deed::MarkUrgent),
            3 => Just(Deed::Issue),
            1 => Just(Deed::Withdraw),
        ]
        .boxed()
    }

    fn apply(state: Model, deed: &Deed) -> Model {
        state.after(deed).1
    }
}

/// The engine, with what the model says beside it.
struct Told {
    live: Live,
    today: Date,
}

impl StateMachineTest for Told {
    type SystemUnderTest = Told;
    type Reference = Model;

    fn init_test(model: &Model) -> Told {
        Told { live: Live::opened(model.today, model.today).expect("it opens"), today: model.today }
    }

    fn apply(mut told: Told, model: &Model, deed: Deed) -> Told {
        let before = told.live.clone();
        let today = told.today;
        let done = match &deed {
            Deed::DaysPass(days) => {
                told.today = today + chrono::TimeDelta::days(*days);
                told.live.command(Command::DayPassed, told.today)
            }
            Deed::Agree => {
                told.live.command(fire("agree", today, vec![("panel-date".into(), Value::Date(today))]), today)
            }
            Deed::Refuse => told.live.fire("refuse", today),
            Deed::AskOther => told
                .live
                .command(Command::RequestAdvice { advice: "other".into(), of: "A tutor".into(), on: today }, today),
            Deed::Receive(number) => {
                told.live.command(Command::ReceiveAdvice { request: number + 1, on: today }, today)
            }
            Deed::SendDraft => told.live.fire("send-draft", today),
            Deed::SendDraftEarly => {
                let facts = vec![("route".to_owned(), Value::Choice("short".into()))];
                told.live.command_as(Role::SendManager, fire("send-draft-early", today, facts), today)
            }
            Deed::MarkUrgent(urgent) => {
                let facts = vec![("urgent".to_owned(), Value::YesNo(*urgent))];
                told.live.command(Command::RecordFacts { facts, on: today }, today)
            }
            Deed::Issue => told.live.fire("issue", today),
            Deed::Withdraw => told.live.fire("withdraw", today),
        };
        if done.is_err() {
            assert_eq!(told.live.log, before.log, "a refusal writes nothing");
        }
        assert_eq!(told.live.state(), model.state, "after {deed:?}: {done:?}");
        told
    }

    fn check_invariants(told: &Told, model: &Model) {
        assert_eq!(engine().fold(&told.live.log).as_ref(), Some(&told.live.involvement), "replay equals live");
        assert_eq!(told.live.involvement.ended_on.is_some(), model.has_ended());
        let waiting = told.live.involvement.requests.iter().filter(|request| request.waits()).count();
        let expected = if model.has_ended() { 0 } else { model.requests.iter().filter(|waits| **waits).count() };
        assert_eq!(waiting, expected);
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_engine_does_what_the_model_says(sequential 1..40 => Told);
}
