//! The names a definition declares, for "did you mean".

use std::collections::HashSet;

use super::super::definition::Definition;

/// The declared names of one kind.
pub(super) struct Names<'a> {
    /// What one of them is called in a sentence.
    pub kind: &'static str,
    list: Vec<&'a str>,
    set: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    pub fn of(kind: &'static str, ids: impl Iterator<Item = &'a String>) -> Names<'a> {
        let list: Vec<&str> = ids.map(String::as_str).collect();
        Names { kind, set: list.iter().copied().collect(), list }
    }

    pub fn has(&self, name: &str) -> bool {
        self.set.contains(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &'a str> {
        self.list.iter().copied()
    }
}

pub(super) struct AllNames<'a> {
    pub stages: Names<'a>,
    pub states: Names<'a>,
    pub facts: Names<'a>,
    pub clocks: Names<'a>,
    pub exemptions: Names<'a>,
    pub advice: Names<'a>,
    pub transitions: Names<'a>,
    pub notices: Names<'a>,
    pub messages: Names<'a>,
    pub forms: Names<'a>,
    pub rules: Names<'a>,
}

impl<'a> AllNames<'a> {
    pub fn of(definition: &'a Definition) -> AllNames<'a> {
        AllNames {
            stages: Names::of("stage", definition.stages.iter().map(|stage| &stage.id)),
            states: Names::of("state", definition.states.iter().map(|state| &state.id)),
            facts: Names::of("fact", definition.facts.iter().map(|fact| &fact.id)),
            clocks: Names::of("clock", definition.clocks.iter().map(|clock| &clock.id)),
            exemptions: Names::of("exemption", definition.exemptions.iter().map(|exemption| &exemption.id)),
            advice: Names::of("kind of advice", definition.advice.iter().map(|advice| &advice.id)),
            transitions: Names::of("transition", definition.transitions.iter().map(|transition| &transition.id)),
            notices: Names::of("notice", definition.notices.iter().map(|notice| &notice.id)),
            messages: Names::of("message", definition.messages.iter().map(|message| &message.id)),
            forms: Names::of("form", definition.forms.iter().map(|form| &form.form)),
            rules: Names::of("rule", definition.rules.iter().map(|rule| &rule.id)),
        }
    }
}
