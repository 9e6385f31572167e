//! Everything that is named is declared.

use super::super::definition::{Effect, FactKind, Guard, Trigger};
use super::super::finding::{Finding, did_you_mean};
use super::super::source::Step::{self, Field, Item};
use super::context::{Context, atoms};
use super::names::{AllNames, Names};

pub(super) const ID: &str = "unknown-name";

/// Looking for what was meant takes time; nobody reads more at once.
const FINDINGS_MOST: usize = 100;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let names = AllNames::of(context.definition);
    let mut look = Look { context, names: &names, findings: Vec::new() };
    look.states_and_transitions();
    look.clocks();
    look.advice_and_forms();
    look.effects();
    look.guards();
    look.rules_and_rest();
    look.findings
}

struct Look<'a> {
    context: &'a Context<'a>,
    names: &'a AllNames<'a>,
    findings: Vec<Finding>,
}

impl Look<'_> {
    fn expect(&mut self, names: &Names<'_>, name: &str, path: &[Step<'_>]) {
        if !names.has(name) && self.findings.len() < FINDINGS_MOST {
            let mend =
                did_you_mean(name, names.iter(), &format!("declare it, or name one of the {}s there are", names.kind));
            let text = format!("no {} is named \"{name}\"", names.kind);
            self.findings.push(self.context.finding(path, text, mend));
        }
    }

    fn expect_each(&mut self, names: &Names<'_>, list: &[String], path: &[Step<'_>]) {
        for (at, name) in list.iter().enumerate() {
            self.expect(names, name, &[path, &[Item(at)]].concat());
        }
    }

    fn states_and_transitions(&mut self) {
        let (definition, names) = (self.context.definition, self.names);
        self.expect(&names.states, &definition.start, &[Field("start")]);
        self.expect_each(&names.facts, &definition.opening_facts, &[Field("opening_facts")]);
        for (at, state) in definition.states.iter().enumerate() {
            self.expect(&names.stages, &state.stage, &[Field("states"), Item(at), Field("stage")]);
        }
        for (at, transition) in definition.transitions.iter().enumerate() {
            let path = |field| [Field("transitions"), Item(at), Field(field)];
            self.expect_each(&names.states, &transition.from, &path("from"));
            self.expect(&names.states, &transition.to, &path("to"));
            self.expect_each(&names.facts, &transition.needs, &path("needs"));
        }
    }

    fn clocks(&mut self) {
        for (at, clock) in self.context.definition.clocks.iter().enumerate() {
            for (field, triggers) in [("starts", &clock.starts), ("stops", &clock.stops)] {
                for (item, trigger) in triggers.iter().enumerate() {
                    self.trigger(trigger, &[Field("clocks"), Item(at), Field(field), Item(item)]);
                }
            }
            for (item, later) in clock.or_later.iter().enumerate() {
                let path = [Field("clocks"), Item(at), Field("or_later"), Item(item), Field("fact")];
                self.expect(&self.names.facts, &later.fact, &path);
            }
            if let Some(fact) = &clock.replaced_by {
                self.expect(&self.names.facts, fact, &[Field("clocks"), Item(at), Field("replaced_by")]);
            }
            self.expect_each(
                &self.names.exemptions,
                &clock.exemptions,
                &[Field("clocks"), Item(at), Field("exemptions")],
            );
        }
    }

    fn trigger(&mut self, trigger: &Trigger, path: &[Step<'_>]) {
        let inside = [path, &[Item(0)]].concat();
        match trigger {
            Trigger::Fired(name) => self.expect(&self.names.transitions, name, &inside),
            Trigger::Entered(name) => self.expect(&self.names.states, name, &inside),
            Trigger::FactRecorded(name) => self.expect(&self.names.facts, name, &inside),
            Trigger::ClockWarned(name) | Trigger::ClockBreached(name) => self.expect(&self.names.clocks, name, &inside),
            Trigger::Started
            | Trigger::AdviceRequested
            | Trigger::AdviceAnswered
            | Trigger::AllAdviceAnswered
            | Trigger::Schedule(_) => {}
        }
    }

    fn advice_and_forms(&mut self) {
        let definition = self.context.definition;
        for (at, advice) in definition.advice.iter().enumerate() {
            let path = |field| [Field("advice"), Item(at), Field(field)];
            self.expect(&self.names.clocks, &advice.clock, &path("clock"));
            self.expect_each(&self.names.states, &advice.ask_in, &path("ask_in"));
            if let Some(form) = &advice.form {
                self.expect(&self.names.forms, form, &path("form"));
            }
        }
        for (at, form) in definition.forms.iter().enumerate() {
            self.expect_each(&self.names.states, &form.open_in, &[Field("forms"), Item(at), Field("open_in")]);
        }
    }

    fn effects(&mut self) {
        for (path, effects) in self.context.effects() {
            for (at, effect) in effects.iter().enumerate() {
                let first = [path.as_slice(), &[Item(at), Item(0)]].concat();
                match effect {
                    Effect::RequestAdvice(list) => self.expect_each(&self.names.advice, list, &first),
                    Effect::Notice(name, _) => self.expect(&self.names.notices, name, &first),
                    Effect::Message(name, _) => self.expect(&self.names.messages, name, &first),
                    Effect::OpenForm(name) => self.expect(&self.names.forms, name, &first),
                    Effect::Record(name, _) => self.expect(&self.names.facts, name, &first),
                    Effect::Fire(name) => self.expect(&self.names.transitions, name, &first),
                    Effect::Start { carry, .. } | Effect::Advance { carry, .. } => {
                        let carried = [path.as_slice(), &[Item(at), Field("carry")]].concat();
                        self.expect_each(&self.names.facts, carry, &carried);
                    }
                    Effect::RemindAdvisers => {}
                }
            }
        }
    }

    fn guards(&mut self) {
        for (mut path, guard) in self.context.guards() {
            atoms(guard, &mut path, &mut |atom, path| {
                let inside = |at| [path, &[Item(at)]].concat();
                match atom {
                    Guard::Known(fact) | Guard::AtLeast(fact, _) => self.expect(&self.names.facts, fact, &inside(0)),
                    Guard::Is(fact, value) => {
                        self.expect(&self.names.facts, fact, &inside(0));
                        self.option(fact, value, &inside(1));
                    }
                    Guard::AdviceAnswered(advice) => self.expect(&self.names.advice, advice, &inside(0)),
                    Guard::Passed(clock) | Guard::Running(clock) => self.expect(&self.names.clocks, clock, &inside(0)),
                    _ => {}
                }
            });
        }
    }

    fn option(&mut self, fact: &str, value: &str, path: &[Step<'_>]) {
        let Some(fact) = self.context.fact(fact) else { return };
        let options: Vec<&str> = match &fact.kind {
            FactKind::YesNo => vec!["yes", "no"],
            FactKind::Choice(options) => options.iter().map(|option| option.id.as_str()).collect(),
            // That it is no choice is said by another check.
            _ => return,
        };
        if !options.contains(&value) && self.findings.len() < FINDINGS_MOST {
            let mend = did_you_mean(value, options.iter().copied(), &format!("write one of: {}", options.join(", ")));
            let text = format!("\"{}\" has no option \"{value}\"", fact.id);
            self.findings.push(self.context.finding(path, text, mend));
        }
    }

    fn rules_and_rest(&mut self) {
        let definition = self.context.definition;
        for (at, rule) in definition.rules.iter().enumerate() {
            self.trigger(&rule.on, &[Field("rules"), Item(at), Field("on")]);
        }
        if let Some(late) = &definition.when_late {
            self.expect(&self.names.facts, &late.reason, &[Field("when_late"), Field("reason")]);
            self.expect(&self.names.facts, &late.next_update_on, &[Field("when_late"), Field("next_update_on")]);
        }
        for (at, link) in definition.links.iter().enumerate() {
            self.expect_each(&self.names.states, &link.open_in, &[Field("links"), Item(at), Field("open_in")]);
            self.expect_each(&self.names.facts, &link.carry, &[Field("links"), Item(at), Field("carry")]);
        }
        for (at, check) in definition.suspense.iter().enumerate() {
            self.expect(&self.names.forms, &check.on_form, &[Field("suspense"), Item(at), Field("on_form")]);
        }
    }
}
