//! Ways through a timeline that the engine itself takes, chosen at random: whatever is open at each place is tried, and
//! where nothing is, a fact is recorded, advice comes in or days pass.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use milepost::calendar::{Calendar, Date, date};
use milepost::clock::Instant;
use milepost::engine::{Actor, Asked, Command, Engine, Event, Involvement, Opening, Request, What};
use milepost::timeline::{Compiled, FactIx, FactKind, TransitionIx, Value};

use crate::support::Dice;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::england_and_wales);

/// A transition that was fired, and the state that the engine was in then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    pub transition: String,
    pub state: String,
}

/// How often each transition was fired on the ways so far.
pub type Often = BTreeMap<String, usize>;

struct Walker<'a> {
    engine: Engine<'a>,
    dice: &'a mut Dice,
    often: &'a mut Often,
    involvement: Involvement,
    today: Date,
    fired: Vec<Fired>,
}

/// One way, of so many attempts at most. What was seldom fired before is tried more often.
pub fn walk(compiled: &Compiled, dice: &mut Dice, often: &mut Often, attempts: usize) -> Vec<Fired> {
    let engine = Engine::new(compiled, &CALENDAR);
    let first = compiled.definition.in_force.from.max(date(2018, 9, 3));
    let today = first + chrono::TimeDelta::days(dice.up_to(20) as i64);
    let facts = compiled.opening_facts.iter().map(|fact| a_value(compiled, *fact, today, dice)).collect();
    let opening = Opening { on: today, born_on: Some(date(2008, 5, 31)), owner: None, facts, linked: None };
    let events = engine.open(&opening, &asked(today)).expect("it opens on the first days it is in force");
    let involvement = engine.fold(&events).expect("a log begins with its opening");
    let mut walker = Walker { engine, dice, often, involvement, today, fired: Vec::new() };
    walker.note(&events);
    for _ in 0..attempts {
        if walker.involvement.ended_on.is_some() {
            break;
        }
        let command = walker.something();
        walker.attempt(&command);
    }
    walker.fired
}

fn asked(today: Date) -> Asked {
    Asked::new(Actor::System, Instant::at_start_of(today).plus_millis(36_000_000))
}

fn a_value(compiled: &Compiled, fact: FactIx, today: Date, dice: &mut Dice) -> (String, Value) {
    let fact = &compiled.definition.facts[fact.at()];
    let value = match &fact.kind {
        FactKind::Date if fact.not_in_future => Value::Date(today - chrono::TimeDelta::days(dice.up_to(30) as i64)),
        FactKind::Date => Value::Date(today + chrono::TimeDelta::days(dice.up_to(90) as i64 - 30)),
        FactKind::YesNo => Value::YesNo(dice.up_to(2) == 0),
        FactKind::Text => Value::Text("Because".into()),
        FactKind::Number { min, max } => Value::Number(min + dice.up_to((max - min + 1) as usize) as i64),
        FactKind::Choice(options) => Value::Choice(options[dice.up_to(options.len())].id.clone()),
    };
    (fact.id.clone(), value)
}

impl Walker<'_> {
    fn something(&mut self) -> Command {
        let compiled = self.engine.definition;
        let out = &compiled.states[self.involvement.state.at()].out;
        let by_people: Vec<_> =
            out.iter().filter(|ix| !self.engine.transition_definition(**ix).automatic).copied().collect();
        let some: Vec<_> = (0..3).filter_map(|_| self.dice.one_of(&by_people).copied()).collect();
        let fired = |ix: &TransitionIx| self.often.get(&*compiled.transitions[ix.at()].name).copied().unwrap_or(0);
        match (self.dice.up_to(10), some.into_iter().min_by_key(fired)) {
            (0..=4, Some(ix)) => {
                let needs = &compiled.transitions[ix.at()].needs;
                let facts = needs.iter().map(|fact| a_value(compiled, *fact, self.today, self.dice)).collect();
                let transition = compiled.transitions[ix.at()].name.to_string();
                Command::Fire { transition, on: self.today, facts, note: None, told: Vec::new() }
            }
            (5, _) if !compiled.facts.is_empty() => {
                let fact = FactIx(self.dice.up_to(compiled.facts.len()) as u16);
                let facts = vec![a_value(compiled, fact, self.today, self.dice)];
                Command::RecordFacts { facts, on: self.today }
            }
            (6..=8, _) if self.involvement.requests.iter().any(Request::waits) => {
                let waiting: Vec<u32> =
                    self.involvement.requests.iter().filter(|one| one.waits()).map(|one| one.no).collect();
                let request = waiting[self.dice.up_to(waiting.len())];
                Command::ReceiveAdvice { request, on: self.today }
            }
            _ => {
                self.today += chrono::TimeDelta::days(1 + self.dice.up_to(21) as i64);
                Command::DayPassed
            }
        }
    }

    /// What is refused changes nothing.
    fn attempt(&mut self, command: &Command) {
        if let Ok(events) = self.engine.decide(&self.involvement, command, &asked(self.today), &[]) {
            self.involvement = self.engine.after(&self.involvement, &[], &events);
            self.note(&events);
        }
    }

    fn note(&mut self, events: &[Event]) {
        for event in events {
            if let What::Fired { transition, to, .. } = &event.what {
                *self.often.entry(transition.to_string()).or_default() += 1;
                self.fired.push(Fired { transition: transition.to_string(), state: to.to_string() });
            }
        }
        let state = &self.engine.definition.states[self.involvement.state.at()].name;
        let last = self
            .fired
            .last()
            .map_or(&*self.engine.definition.states[self.engine.definition.start.at()].name, |fired| &*fired.state);
        assert_eq!(&**state, last, "the involvement is where its last transition led");
    }
}
