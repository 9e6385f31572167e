//! Facts are tested and recorded as what they are, and clocks run on what can carry them.

use super::super::definition::{Clock, Effect, Fact, FactKind, Guard, Trigger, Value, Whose};
use super::super::finding::Finding;
use super::super::source::Step::{self, Field, Item};
use super::context::{Context, atoms};
use crate::calendar::{Date, Limit};

pub(super) const ID: &str = "wrong-kind";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut look = Look { context, findings: Vec::new() };
    look.guards();
    look.records();
    look.clocks();
    look.when_late();
    look.findings
}

struct Look<'a> {
    context: &'a Context<'a>,
    findings: Vec<Finding>,
}

impl Look<'_> {
    fn add(&mut self, path: &[Step<'_>], text: String, mend: &str) {
        self.findings.push(self.context.finding(path, text, mend));
    }

    fn guards(&mut self) {
        for (mut path, guard) in self.context.guards() {
            atoms(guard, &mut path, &mut |atom, path| {
                let (Guard::Is(name, _) | Guard::AtLeast(name, _)) = atom else { return };
                let Some(fact) = self.context.fact(name) else { return };
                let path = [path, &[Item(0)]].concat();
                match (atom, &fact.kind) {
                    (Guard::Is(..), FactKind::YesNo | FactKind::Choice(_))
                    | (Guard::AtLeast(..), FactKind::Number { .. }) => {}
                    (Guard::Is(..), kind) => {
                        let text = format!("\"{name}\" is a {}; `Is` compares a choice or a yes/no", in_words(kind));
                        self.add(&path, text, "test it with Known or AtLeast, or make it a choice");
                    }
                    (_, kind) => {
                        let text = format!("\"{name}\" is a {}; `AtLeast` compares a number", in_words(kind));
                        self.add(&path, text, "test it with Known or Is, or make it a number");
                    }
                }
            });
        }
    }

    fn records(&mut self) {
        for (path, effects) in self.context.effects() {
            for (at, effect) in effects.iter().enumerate() {
                let Effect::Record(name, value) = effect else { continue };
                let Some(fact) = self.context.fact(name).filter(|fact| !fits(fact, value)) else { continue };
                let text = format!("\"{name}\" is a {} and cannot be {value:?}", in_words(&fact.kind));
                self.add(
                    &[path.as_slice(), &[Item(at), Item(1)]].concat(),
                    text,
                    "record a value of the fact's own kind",
                );
            }
        }
    }

    fn clocks(&mut self) {
        let definition = self.context.definition;
        for (at, clock) in definition.clocks.iter().enumerate() {
            for (field, triggers) in [("starts", &clock.starts), ("stops", &clock.stops)] {
                for (item, trigger) in triggers.iter().enumerate() {
                    if let Trigger::ClockWarned(_) | Trigger::ClockBreached(_) | Trigger::Schedule(_) = trigger {
                        let text = format!(
                            "the clock \"{}\" cannot hang on a warning, a missed limit or a schedule",
                            clock.id
                        );
                        let path = [Field("clocks"), Item(at), Field(field), Item(item)];
                        self.add(
                            &path,
                            text,
                            "name an event of the involvement: Started, Fired, Entered, FactRecorded",
                        );
                    }
                }
            }
        }
        for (at, clock) in definition.clocks.iter().enumerate() {
            self.dates_of(at, clock);
            self.day_of_the_year(at, clock);
            if let Some(guard) = &clock.only_when {
                self.facts_alone(at, guard);
            }
        }
        for (at, advice) in definition.advice.iter().enumerate() {
            let clock = definition.clocks.iter().find(|clock| clock.id == advice.clock);
            if clock.is_some_and(|clock| clock.whose != Whose::Adviser) {
                let text = format!("the clock \"{}\" is not the adviser's, so it cannot limit a reply", advice.clock);
                let path = [Field("advice"), Item(at), Field("clock")];
                self.add(&path, text, "give that clock `whose: Adviser`, or name another");
            }
        }
    }

    /// A clock counts from dates: a date fact, or a number fact that is a year for a day of the year.
    fn dates_of(&mut self, at: usize, clock: &Clock) {
        let kind = |name: &str| self.context.fact(name).map(|fact| &fact.kind);
        let mut wrong = Vec::new();
        for (item, later) in clock.or_later.iter().enumerate() {
            if let Some(kind) = kind(&later.fact).filter(|kind| **kind != FactKind::Date) {
                let path = vec![Field("clocks"), Item(at), Field("or_later"), Item(item), Field("fact")];
                wrong.push((path, &later.fact, kind, "name a fact with `kind: Date`"));
            }
        }
        let replacing = clock.replaced_by.as_ref().and_then(|fact| Some((fact, kind(fact)?)));
        if let Some((fact, kind)) = replacing.filter(|(_, kind)| **kind != FactKind::Date) {
            let path = vec![Field("clocks"), Item(at), Field("replaced_by")];
            wrong.push((path, fact, kind, "name a fact with `kind: Date`"));
        }
        for (item, trigger) in clock.starts.iter().enumerate() {
            let Trigger::FactRecorded(fact) = trigger else { continue };
            let Some(kind @ FactKind::Number { min, max }) = kind(fact) else { continue };
            if *min < 1900 || *max > 2100 || !matches!(clock.limit, Limit::Before { .. }) {
                let path = vec![Field("clocks"), Item(at), Field("starts"), Item(item)];
                let mend = "a number that starts a clock is a year: give it `min: 1900` or more and `max: 2100` or less, \
                            and the clock a limit `Before(day: .., month: ..)`";
                wrong.push((path, fact, kind, mend));
            }
        }
        for (path, fact, kind, mend) in wrong {
            let text = format!("\"{}\" counts from a date, but \"{fact}\" is a {}", clock.id, in_words(kind));
            self.add(&path, text, mend);
        }
    }

    fn day_of_the_year(&mut self, at: usize, clock: &Clock) {
        let limits = std::iter::once(clock.limit).chain(clock.or_later.iter().map(|later| later.limit));
        for limit in limits {
            let Limit::Before { day, month } = limit else { continue };
            // 2023 was no leap year: a limit must fall in every year.
            if Date::from_ymd_opt(2023, u32::from(month), u32::from(day)).is_none() {
                let text = format!("there is no day {day} of month {month} in every year");
                self.add(
                    &[Field("clocks"), Item(at), Field("limit")],
                    text,
                    "write a day and a month that every year has",
                );
            }
        }
    }

    /// Whether a limit applies is asked at any time, so it may hang on nothing but what is known of the child.
    fn facts_alone(&mut self, at: usize, guard: &Guard) {
        atoms(guard, &mut vec![Field("clocks"), Item(at), Field("only_when")], &mut |atom, path| {
            if !matches!(atom, Guard::Known(_) | Guard::Is(..) | Guard::AtLeast(..)) {
                let text = "whether a limit applies cannot hang on clocks or advice".to_owned();
                self.add(path, text, "test facts with Known, Is or AtLeast");
            }
        });
    }

    fn when_late(&mut self) {
        let Some(late) = &self.context.definition.when_late else { return };
        let kind = |name: &String| self.context.fact(name).map(|fact| &fact.kind);
        if let Some(kind) = kind(&late.reason).filter(|kind| **kind != FactKind::Text) {
            let text = format!("the reason is a {}, but families read it as a text", in_words(kind));
            self.add(&[Field("when_late"), Field("reason")], text, "name a fact with `kind: Text`");
        }
        if let Some(kind) = kind(&late.next_update_on).filter(|kind| **kind != FactKind::Date) {
            let text = format!("the next update is a {}, but families read it as a date", in_words(kind));
            self.add(&[Field("when_late"), Field("next_update_on")], text, "name a fact with `kind: Date`");
        }
    }
}

fn in_words(kind: &FactKind) -> &'static str {
    match kind {
        FactKind::Date => "date",
        FactKind::YesNo => "yes/no",
        FactKind::Text => "text",
        FactKind::Number { .. } => "number",
        FactKind::Choice(_) => "choice",
    }
}

fn fits(fact: &Fact, value: &Value) -> bool {
    match (&fact.kind, value) {
        (FactKind::Date, Value::Date(_)) | (FactKind::YesNo, Value::YesNo(_)) | (FactKind::Text, Value::Text(_)) => {
            true
        }
        (FactKind::Number { min, max }, Value::Number(number)) => (min..=max).contains(&number),
        (FactKind::Choice(options), Value::Choice(value)) => options.iter().any(|option| option.id == *value),
        _ => false,
    }
}
