//! Whether a guard holds, and what is missing when it does not.

use super::Engine;
use super::involvement::{Involvement, Run};
use crate::calendar::{Date, days_between};
use crate::timeline::describe::guard_in_words;
use crate::timeline::{FactIx, Guard, Test, Value};

/// The answer of a guard while some facts are still to be given on the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    /// It depends on the facts still to be given.
    Maybe,
}

impl Truth {
    fn of(holds: bool) -> Truth {
        if holds { Truth::Yes } else { Truth::No }
    }
}

/// What a guard looks at.
pub(super) struct Looking<'a> {
    pub engine: Engine<'a>,
    pub involvement: &'a Involvement,
    pub on: Date,
    /// Facts that the person can still give with the command.
    pub free: &'a [FactIx],
}

impl Looking<'_> {
    pub fn test(&self, test: &Test) -> Truth {
        let involvement = self.involvement;
        match test {
            Test::Known(fact) => self.fact(*fact, |_| true),
            Test::Is(fact, value) => self.fact(*fact, |known| known == value),
            Test::AtLeast(fact, least) => self.fact(*fact, |known| matches!(known, Value::Number(n) if n >= least)),
            Test::AllAdviceAnswered => Truth::of(
                !involvement.requests.is_empty() && involvement.requests.iter().all(|request| !request.waits()),
            ),
            Test::AdviceAnswered(advice) => {
                let mut of_kind = involvement.requests.iter().filter(|request| request.advice == *advice).peekable();
                Truth::of(of_kind.peek().is_some() && of_kind.all(|request| !request.waits()))
            }
            Test::Passed(clock) => Truth::of(self.engine.run(involvement, *clock).is_some_and(|run| {
                let last_day = || {
                    let due_on = self.engine.due_on(involvement, *clock, run).ok()?;
                    Some(self.engine.last_day(*clock, due_on))
                };
                !run.runs() || last_day().is_some_and(|last_day| self.on > last_day)
            })),
            Test::AdviceOverdue(days) => Truth::of(involvement.requests.iter().any(|request| {
                let clock = self.engine.definition.advice[request.advice.at()].clock;
                request.waits()
                    && self
                        .engine
                        .due_on(involvement, clock, &request.run)
                        .is_ok_and(|due_on| days_between(due_on, self.on) >= i64::from(*days))
            })),
            Test::Running(clock) => Truth::of(self.engine.run(involvement, *clock).is_some_and(Run::runs)),
            Test::All(tests) => {
                tests.iter().map(|test| self.test(test)).fold(Truth::Yes, |so_far, next| match (so_far, next) {
                    (Truth::No, _) | (_, Truth::No) => Truth::No,
                    (Truth::Yes, Truth::Yes) => Truth::Yes,
                    _ => Truth::Maybe,
                })
            }
            Test::Any(tests) => {
                tests.iter().map(|test| self.test(test)).fold(Truth::No, |so_far, next| match (so_far, next) {
                    (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
                    (Truth::No, Truth::No) => Truth::No,
                    _ => Truth::Maybe,
                })
            }
            Test::Not(test) => match self.test(test) {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                Truth::Maybe => Truth::Maybe,
            },
        }
    }

    fn fact(&self, fact: FactIx, holds: impl Fn(&Value) -> bool) -> Truth {
        if self.free.contains(&fact) {
            return Truth::Maybe;
        }
        Truth::of(self.involvement.fact(fact).is_some_and(holds))
    }

    /// The parts of a guard that do not hold, in words: for "not yet, because ...".
    pub fn unmet(&self, guard: &Guard, test: &Test) -> Vec<String> {
        match (guard, test) {
            (Guard::All(guards), Test::All(tests)) => {
                guards.iter().zip(tests).flat_map(|(guard, test)| self.unmet(guard, test)).collect()
            }
            _ if self.test(test) == Truth::No => vec![self.engine.in_words(guard)],
            _ => Vec::new(),
        }
    }
}

impl Engine<'_> {
    /// A guard as a caseworker would say it.
    pub fn in_words(&self, guard: &Guard) -> String {
        guard_in_words(&self.definition.definition, guard)
    }
}
