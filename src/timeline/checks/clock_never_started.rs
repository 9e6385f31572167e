//! Every clock is started and can be stopped by something that can happen.

use std::collections::HashSet;

use super::super::definition::{Effect, Trigger, Whose};
use super::super::finding::Finding;
use super::super::source::Step::{Field, Item};
use super::context::Context;

pub(super) const ID: &str = "clock-never-started";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let used_by_advice: HashSet<&str> = context.definition.advice.iter().map(|advice| advice.clock.as_str()).collect();
    let mut findings = Vec::new();
    let asks = asks_for_advice(context);
    for (at, clock) in context.definition.clocks.iter().enumerate() {
        let path = |field| [Field("clocks"), Item(at), Field(field)];
        if clock.whose == Whose::Adviser {
            if !used_by_advice.contains(clock.id.as_str()) {
                let text = format!("no kind of advice names the clock \"{}\", so nothing starts it", clock.id);
                findings.push(context.finding(&path("id"), text, "name it in an advice's `clock`, or take it out"));
            }
            continue;
        }
        if !clock.starts.iter().any(|trigger| can_happen(context, trigger, asks)) {
            let text = format!("nothing that can happen starts the clock \"{}\"", clock.id);
            findings.push(context.finding(&path("starts"), text, "name an event that can happen"));
        }
        if !clock.stops.iter().any(|trigger| can_happen(context, trigger, asks)) {
            let text = format!("nothing that can happen stops the clock \"{}\"", clock.id);
            findings.push(context.finding(&path("stops"), text, "name the event that fulfils the duty"));
        }
    }
    findings
}

fn can_happen(context: &Context<'_>, trigger: &Trigger, asks: bool) -> bool {
    match trigger {
        Trigger::Started | Trigger::Schedule(_) => true,
        Trigger::Fired(name) => context.can_fire(name),
        Trigger::Entered(name) => context.state(name).is_some_and(|state| context.reachable[state]),
        Trigger::FactRecorded(name) => context.fact(name).is_some(),
        Trigger::AdviceRequested | Trigger::AdviceAnswered | Trigger::AllAdviceAnswered => asks,
        Trigger::ClockWarned(name) | Trigger::ClockBreached(name) => {
            context.definition.clocks.iter().any(|clock| clock.id == *name)
        }
    }
}

fn asks_for_advice(context: &Context<'_>) -> bool {
    let asked = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::RequestAdvice(_)));
    context.definition.advice.iter().any(|advice| !advice.ask_in.is_empty())
        || context.effects().iter().any(|(_, effects)| asked(effects))
}
