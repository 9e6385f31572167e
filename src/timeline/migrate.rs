//! How a running involvement is moved from one version of its timeline to another: what a plan says, and what is wrong
//! with it before any involvement is looked at.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::compiled::Compiled;
use super::finding::or_meant;

/// What becomes of a time limit that an involvement has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// The due date stays as it is, whatever the new version counts.
    Keep,
    /// As if the new version had been there from the start: it begins where the log says, with the new limit.
    Recompute,
    /// It begins anew on the day of the move, if it still runs.
    Restart,
}

impl Treatment {
    pub const ALL: [Treatment; 3] = [Treatment::Keep, Treatment::Recompute, Treatment::Restart];

    pub fn word(self) -> &'static str {
        match self {
            Treatment::Keep => "keep",
            Treatment::Recompute => "recompute",
            Treatment::Restart => "restart",
        }
    }

    pub fn of_word(word: &str) -> Option<Treatment> {
        Treatment::ALL.into_iter().find(|treatment| treatment.word() == word)
    }
}

/// What a move does with states and time limits. What it does not name goes by the same name; see [`Plan::treatment`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// States of the old version that have another name in the new one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub states: BTreeMap<String, String>,
    /// Time limits of the new version, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub clocks: BTreeMap<String, Treatment>,
}

impl Plan {
    /// What becomes of a time limit of the new version. Unless the plan says otherwise, one that the old version has too is
    /// kept, so that a move shifts no date by itself, and one that is new is computed from the log.
    pub fn treatment(&self, old: &Compiled, clock: &str) -> Treatment {
        let unsaid = if old.clock(clock).is_some() { Treatment::Keep } else { Treatment::Recompute };
        self.clocks.get(clock).copied().unwrap_or(unsaid)
    }

    /// What a state of the old version is called in the new one.
    pub fn state<'a>(&'a self, old: &'a str) -> &'a str {
        self.states.get(old).map_or(old, String::as_str)
    }

    /// Whether any time limit has to be computed from the log.
    pub fn reads_logs(&self, old: &Compiled, new: &Compiled) -> bool {
        new.clocks.iter().any(|clock| self.treatment(old, &clock.name) == Treatment::Recompute)
    }

    /// What is wrong with the plan itself, in words. Nothing may be moved by a plan with faults.
    pub fn faults(&self, old: &Compiled, new: &Compiled) -> Vec<String> {
        let (from, to) = (&old.definition, &new.definition);
        let mut faults = Vec::new();
        if from.id != to.id {
            faults
                .push(format!("\"{}\" and \"{}\" are different timelines: open the other one instead", from.id, to.id));
        } else if old.id == new.id {
            faults.push(format!("both are version {} of \"{}\"", to.version, to.id));
        }
        for (was, is) in &self.states {
            match (old.state(was), new.state(is)) {
                (None, _) => {
                    faults.push(unknown(from.version, "state", was, old.states.iter().map(|state| &*state.name)));
                }
                (_, None) => faults.push(unknown(to.version, "state", is, new.states.iter().map(|state| &*state.name))),
                (Some(_), Some(at)) if new.states[at.at()].is_end => {
                    faults.push(format!("\"{is}\" is an end of version {}: nobody can be moved to an end", to.version));
                }
                _ => {}
            }
        }
        for name in self.clocks.keys().filter(|name| new.clock(name).is_none()) {
            faults.push(unknown(to.version, "time limit", name, new.clocks.iter().map(|clock| &*clock.name)));
        }
        faults
    }
}

fn unknown<'a>(version: u32, kind: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    format!("version {version} has no {kind} \"{name}\"{}", or_meant(name, known))
}
