//! One involvement on a shipped timeline, moved as a caseworker would.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use milepost::access::Role;
use milepost::calendar::{Calendar, Date};
use milepost::clock::Instant;
use milepost::engine::*;
use milepost::ids::AccountId;
use milepost::timeline::{Compiled, Value};

/// Every shipped timeline, by the name of its file.
static SHIPPED: LazyLock<BTreeMap<String, Compiled>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    let compiled = |(file, checked): (String, milepost::timeline::Checked)| {
        let definition = checked.definition.unwrap_or_else(|| panic!("{file} can be read"));
        (file, Compiled::new(definition).expect("a shipped timeline runs"))
    };
    milepost::involvements::checked_files(&folder).into_iter().map(compiled).collect()
});

static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::england_and_wales);

pub struct Involved {
    pub involvement: Involvement,
    timeline: &'static Compiled,
    log: Vec<Event>,
}

pub type Facts<'a> = &'a [(&'a str, Value)];

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
        Involved::opened("ehc-needs-assessment.ron", on, &[("requested-by", Value::Choice("parent".into()))])
    }

    /// Opened and typed in on the same day, on the timeline of a file.
    pub fn opened(file: &str, on: Date, facts: Facts<'_>) -> Involved {
        Involved::try_opened(file, on, facts).expect("it opens")
    }

    pub fn try_opened(file: &str, on: Date, facts: Facts<'_>) -> Result<Involved, Refusal> {
        let timeline = SHIPPED.get(file).unwrap_or_else(|| panic!("{file} is shipped"));
        let opening = Opening { on, born_on: None, owner: None, facts: owned(facts), linked: None };
        let engine = Engine::new(timeline, &CALENDAR);
        let log = engine.open(&opening, &asked_by(Role::Caseworker, on))?;
        Ok(Involved { involvement: engine.fold(&log).expect("a log begins with its opening"), timeline, log })
    }

    fn engine(&self) -> Engine<'static> {
        Engine::new(self.timeline, &CALENDAR)
    }

    pub fn command(&mut self, command: Command, today: Date) -> Result<(), Refusal> {
        self.command_by(Role::Caseworker, command, today)
    }

    /// What only a SEND manager may do.
    pub fn as_manager(&mut self, command: Command, today: Date) -> Result<(), Refusal> {
        self.command_by(Role::SendManager, command, today)
    }

    fn command_by(&mut self, role: Role, command: Command, today: Date) -> Result<(), Refusal> {
        let events = self.engine().decide(&self.involvement, &command, &asked_by(role, today), &self.log)?;
        self.involvement = self.engine().after(&self.involvement, &self.log, &events);
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
        &self.timeline.states[self.involvement.state.at()].name
    }

    /// When a clock that runs, or ran, for this child is due.
    pub fn due(&self, clock: &str) -> Option<Date> {
        let ix = self.timeline.clock(clock).expect("the timeline has this clock");
        self.engine().run(&self.involvement, ix).and_then(|run| self.engine().due_on(&self.involvement, ix, run).ok())
    }

    pub fn standing(&self, clock: &str, today: Date) -> ClockStanding {
        let ix = self.timeline.clock(clock).expect("the timeline has this clock");
        let view = self.engine().view(&self.involvement, Some(Role::Caseworker), today);
        view.clocks.into_iter().find(|held| held.clock == ix && held.request.is_none()).expect("listed").standing
    }

    pub fn advisers_asked(&self) -> Vec<&str> {
        self.involvement.requests.iter().map(|request| &*self.timeline.advice[request.advice.at()].name).collect()
    }

    pub fn notices_sent(&self) -> Vec<String> {
        let sent = self.log.iter().zip(1..).flat_map(|(event, seq)| outgoing(self.timeline, event, seq));
        sent.filter_map(|sent| if let OutgoingKind::Notice { notice, .. } = sent.kind { Some(notice) } else { None })
            .collect()
    }

    /// What is opened or moved elsewhere: "start annual-review", "advance cease-to-maintain appeal-lodged".
    pub fn moved_elsewhere(&self) -> Vec<String> {
        let sent = self.log.iter().zip(1..).flat_map(|(event, seq)| outgoing(self.timeline, event, seq));
        let told = |sent: Outgoing| match sent.kind {
            OutgoingKind::Start { timeline, .. } => Some(format!("start {timeline}")),
            OutgoingKind::Advance { timeline, transition, .. } => Some(format!("advance {timeline} {transition}")),
            _ => None,
        };
        sent.filter_map(told).collect()
    }

    /// A day passes, and nobody does anything.
    pub fn day_passes(&mut self, today: Date) {
        self.command(Command::DayPassed, today).expect("a day can always pass");
    }

    /// How the event at a place of the log is corrected to another day.
    pub fn redate(&mut self, seq: u32, on: Date, today: Date) -> Result<(), Refusal> {
        self.command(Command::Redate { seq, on, reason: "It was typed in wrongly".into() }, today)
    }

    /// The place in the log of the last time a transition was fired.
    pub fn seq_of(&self, transition: &str) -> Seq {
        let is_it =
            |event: &Event| matches!(&event.what, What::Fired { transition: fired, .. } if &**fired == transition);
        self.log.iter().rposition(is_it).expect("it was fired") as Seq + 1
    }

    /// The timelines that were opened from here, each with the facts that go along.
    pub fn opened_from_here(&self) -> Vec<(String, Vec<String>)> {
        let sent = self.log.iter().zip(1..).flat_map(|(event, seq)| outgoing(self.timeline, event, seq));
        sent.filter_map(|sent| match sent.kind {
            OutgoingKind::Start { timeline, carry, .. } => Some((timeline, carry)),
            _ => None,
        })
        .collect()
    }

    pub fn progress(&self, today: Date) -> Progress {
        self.engine().progress(&self.involvement, today)
    }

    pub fn open_forms(&self, today: Date) -> Vec<&str> {
        let view = self.engine().view(&self.involvement, None, today);
        view.forms.iter().map(|form| self.timeline.definition.forms[form.rule].form.as_str()).collect()
    }
}

pub fn panel() -> (&'static str, Value) {
    ("decided-by", Value::Choice("panel".into()))
}

pub fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub fn yes() -> Value {
    Value::YesNo(true)
}

pub fn choice(option: &str) -> Value {
    Value::Choice(option.into())
}
