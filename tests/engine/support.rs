//! A definition, a calendar and a hand that types commands.

use std::sync::LazyLock;

use milepost::access::Role;
use milepost::calendar::{Calendar, Date};
use milepost::clock::Instant;
use milepost::engine::*;
use milepost::ids::AccountId;
use milepost::timeline::{Compiled, Definition};

pub static SMALL: LazyLock<Compiled> =
    LazyLock::new(|| Compiled::new(read(include_str!("small.ron"))).expect("the fixture names only what it declares"));

pub fn read(text: &str) -> Definition {
    let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    options.from_str(text).expect("the fixture is well formed")
}

pub static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::england_and_wales);

pub fn engine() -> Engine<'static> {
    Engine::new(&SMALL, &CALENDAR)
}

pub fn asked_on(today: Date, role: Role) -> Asked {
    let by = Actor::Person { account: AccountId::from("CASEWORKER"), role };
    Asked::new(by, Instant::at_start_of(today).plus_millis(9 * 3_600_000))
}

/// A log that grows by commands, with the involvement beside it.
#[derive(Debug, Clone)]
pub struct Live {
    pub log: Vec<Event>,
    pub involvement: Involvement,
}

impl Live {
    pub fn opened(on: Date, today: Date) -> Result<Live, Refusal> {
        let opening = Opening { on, born_on: None, owner: None, facts: vec![], linked: None };
        let log = engine().open(&opening, &asked_on(today, Role::Caseworker))?;
        let involvement = engine().fold(&log).expect("a log begins with its opening");
        Ok(Live { log, involvement })
    }

    pub fn command(&mut self, command: Command, today: Date) -> Result<Vec<Event>, Refusal> {
        self.command_as(Role::Caseworker, command, today)
    }

    pub fn command_as(&mut self, role: Role, command: Command, today: Date) -> Result<Vec<Event>, Refusal> {
        // Each command is typed some seconds after the one before: what comes at the very instant of the opening is taken as
        // typed with it.
        let seconds = self.log.len() as i64;
        let Asked { by, at, .. } = asked_on(today, role);
        let asked = Asked::new(by, at.plus_millis(seconds * 1_000));
        let events = engine().decide(&self.involvement, &command, &asked, &self.log)?;
        self.involvement = engine().after(&self.involvement, &self.log, &events);
        self.log.extend(events.iter().cloned());
        Ok(events)
    }

    pub fn fire(&mut self, transition: &str, on: Date) -> Result<Vec<Event>, Refusal> {
        self.command(fire(transition, on, vec![]), on)
    }

    pub fn state(&self) -> &str {
        &SMALL.states[self.involvement.state.at()].name
    }

    pub fn due(&self, clock: &str) -> Option<Date> {
        let ix = SMALL.clock(clock)?;
        let view = engine().view(&self.involvement, None, self.involvement.started_on);
        view.clocks.iter().find(|held| held.clock == ix && held.request.is_none())?.due_on
    }

    pub fn standing(&self, clock: &str, request: Option<u32>, today: Date) -> ClockStanding {
        let ix = SMALL.clock(clock).expect("the fixture has this clock");
        let view = engine().view(&self.involvement, None, today);
        let found = view.clocks.into_iter().find(|held| held.clock == ix && held.request == request);
        found.expect("the fixture has this clock").standing
    }
}

pub fn fire(transition: &str, on: Date, facts: Vec<(String, milepost::timeline::Value)>) -> Command {
    Command::Fire {
        transition: transition.into(),
        on,
        facts,
        note: None,
        told: milepost::timeline::NoticeContent::ALL.to_vec(),
    }
}
