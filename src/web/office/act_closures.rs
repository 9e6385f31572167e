//! What the closures of the child's setting have to do with a form: a reply that would fall in one, and one that excuses.

use super::act_form::Around;
use crate::calendar::{Closure, Date, short_date, written_date};
use crate::engine::Request;
use crate::timeline::{Advice, Adviser};

/// A warning where a reply that is asked of the setting today would be due while it is closed.
pub(super) fn reply_in_closure(around: &Around<'_>, asks: impl Fn(&Advice) -> bool) -> Option<String> {
    let advice = around.engine.definition.definition.advice.iter();
    let of_setting = advice.filter(|advice| advice.from == Adviser::Setting && asks(advice));
    of_setting.filter_map(|advice| around.engine.definition.clock(&advice.clock)).find_map(|clock| {
        let definition = around.engine.definition.clock_definition(clock);
        let due_on = definition.time.due_on(definition.limit, around.today, around.engine.calendar).ok()?;
        let closure = around.closures.iter().find(|closure| closure.covers(due_on))?;
        Some(format!(
            "A reply asked of the setting today would be due on {}, while {}.",
            written_date(due_on),
            in_words(closure)
        ))
    })
}

/// The closure that a reply falls in, in words, where it does.
pub(super) fn closure_on(closures: &[Closure], due_on: Date) -> Option<String> {
    closures.iter().find(|closure| closure.covers(due_on)).map(in_words)
}

/// The first closure of four weeks or more in whose window the setting was asked: it can excuse the limit.
pub(super) fn excusing<'a>(around: &Around<'a>, request: Option<u32>) -> Option<&'a Closure> {
    let asks_setting = |held: &&Request| {
        around.engine.advice_definition(held.advice).from == Adviser::Setting
            && request.is_none_or(|request| held.no == request)
    };
    let asked: Vec<Date> =
        around.held.involvement.requests.iter().filter(asks_setting).map(|held| held.run.started_on).collect();
    around.closures.iter().filter(|closure| closure.is_four_weeks_or_more()).find(|closure| {
        closure.window().is_some_and(|(first, last)| asked.iter().any(|on| (first..=last).contains(on)))
    })
}

/// "Alder Primary is closed from 18 Jul 2026 and opens again on 2 Sep 2026".
pub(super) fn in_words(closure: &Closure) -> String {
    let Closure { setting, from, reopens_on } = closure;
    format!("{setting} is closed from {} and opens again on {}", short_date(*from), short_date(*reopens_on))
}
