//! One involvement on the shipped timeline, moved as a caseworker would.

use std::sync::LazyLock;

use milepost::access::Role;
use milepost::calendar::{Calendar, Date};
use milepost::clock::Instant;
use milepost::engine::*;
use milepost::ids::AccountId;
use milepost::timeline::{self, Compiled, Value};

pub const SHIPPED: &str = include_str!("../../workflows/ehc-needs-assessment.ron");

static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
    let checked = timeline::check("ehc-needs-assessment.ron", SHIPPED.as_bytes());
    Compiled::new(checked.definition.expect("the shipped timeline can be read")).expect("and runs")
});

static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::england_and_wales);

pub struct Involved {
    pub involvement: Involvement,
    log: Vec<Event>,
}

pub type Facts<'a> = &'a [(&'a str, Value)];

fn engine() -> Engine<'static> {
    Engine::new(&COMPILED, &CALENDAR)
}

fn asked_by(role: Role, on: Date) -> Asked {
    let by = Actor::Person { account: AccountId::from("SOMEBODY"), role };
    Asked::new(by, Instant::at_start_of(on).plus_millis(9 * 3_600_000))
}

fn owned(facts: Facts<'_>) -> Vec<(String, Value)> {
    facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

impl Involved {
    /// A request by a parent, received and typed in on the same day.
    pub fn request_received(on: Date) -> Involved {
        let facts = vec![("requested-by".to_owned(), Value::Choice("parent".into()))];
        let opening = Opening { on, born_on: None, owner: None, facts, linked: None };
        let log = engine().open(&opening, &asked_by(Role::Caseworker, on)).expect("it opens");
        Involved { involvement: fold(&COMPILED, &log).expect("a log begins with its opening"), log }
    }

    pub fn command(&mut self, command: Command, today: Date) -> Result<(), Refusal> {
        self.command_by(Role::Caseworker, command, today)
    }

    /// What only a SEND manager may do.
    pub fn as_manager(&mut self, command: Command, today: Date) -> Result<(), Refusal> {
        self.command_by(Role::SendManager, command, today)
    }

    fn command_by(&mut self, role: Role, command: Command, today: Date) -> Result<(), Refusal> {
        let events = engine().decide(&self.involvement, &command, &asked_by(role, today), &self.log)?;
        self.involvement = engine().after(&self.involvement, &self.log, &events);
        self.log.extend(events);
        Ok(())
    }

    pub fn fire(&mut self, transition: &str, on: Date, facts: Facts<'_>) -> Result<(), Refusal> {
        self.command(
            Command::Fire {
                transition: transition.into(),
                on,
                facts: owned(facts),
                note: None,
                told: milepost::timeline::NoticeContent::ALL.to_vec(),
            },
            on,
        )
    }

    pub fn record(&mut self, on: Date, facts: Facts<'_>) {
        self.command(Command::RecordFacts { facts: owned(facts), on }, on).expect("the facts fit");
    }

    /// Every request for advice that is still waiting is answered.
    pub fn all_advice_comes_in(&mut self, on: Date) {
        let waiting: Vec<u32> =
            self.involvement.requests.iter().filter(|request| request.waits()).map(|request| request.no).collect();
        for request in waiting {
            self.command(Command::ReceiveAdvice { request, on }, on).expect("it was waiting");
        }
    }

    pub fn state(&self) -> &str {
        &COMPILED.states[self.involvement.state.at()].name
    }

    pub fn due(&self, clock: &str) -> Option<Date> {
        let ix = COMPILED.clock(clock).expect("the timeline has this clock");
        self.involvement.run(ix, None).and_then(|run| engine().due_on(&self.involvement, ix, run).ok())
    }

    pub fn standing(&self, clock: &str, today: Date) -> ClockStanding {
        let ix = COMPILED.clock(clock).expect("the timeline has this clock");
        let view = engine().view(&self.involvement, Some(Role::Caseworker), today);
        view.clocks.into_iter().find(|held| held.clock == ix && held.request.is_none()).expect("listed").standing
    }

    pub fn advisers_asked(&self) -> Vec<&str> {
        self.involvement.requests.iter().map(|request| &*COMPILED.advice[request.advice.at()].name).collect()
    }

    pub fn notices_sent(&self) -> Vec<String> {
        let sent = self.log.iter().zip(1..).flat_map(|(event, seq)| outgoing(&COMPILED, event, seq));
        sent.filter_map(|sent| if let OutgoingKind::Notice { notice, .. } = sent.kind { Some(notice) } else { None })
            .collect()
    }

    pub fn progress(&self, today: Date) -> Progress {
        engine().progress(&self.involvement, today)
    }

    pub fn open_forms(&self, today: Date) -> Vec<&str> {
        let view = engine().view(&self.involvement, None, today);
        view.forms.iter().map(|form| COMPILED.definition.forms[form.rule].form.as_str()).collect()
    }
}

pub fn panel() -> (&'static str, Value) {
    ("decided-by", Value::Choice("panel".into()))
}

pub fn text(text: &str) -> Value {
    Value::Text(text.into())
}
