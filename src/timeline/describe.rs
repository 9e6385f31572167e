//! A definition in rows: the table that is equal to the drawn graph, and "what happens when".

use serde::Serialize;

use super::definition::{Clock, Definition, Effect, FormRule, Guard, Recipient, Transition, Trigger, WaitingOn, Whose};

/// A state with everything that leads out of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateRow {
    pub state: String,
    pub stage: String,
    pub waiting_on: &'static str,
    pub ends: Option<String>,
    pub transitions: Vec<TransitionRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransitionRow {
    pub label: String,
    pub to: String,
    pub who: String,
    pub needs: String,
    pub when: String,
    pub does: String,
}

/// Something that can happen, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Happening {
    pub when: String,
    pub then: Vec<String>,
}

/// Every state in document order.
pub fn states(definition: &Definition) -> Vec<StateRow> {
    let stage =
        |id: &String| definition.stages.iter().find(|stage| stage.id == *id).map_or(id, |stage| &stage.title).clone();
    definition
        .states
        .iter()
        .map(|state| {
            let leaves = |transition: &&Transition| {
                transition.from.contains(&state.id) || (transition.from_any_open_state && state.ends.is_none())
            };
            StateRow {
                state: state.label.clone(),
                stage: stage(&state.stage),
                waiting_on: waiting_on(state.waiting_on),
                ends: state.ends.clone(),
                transitions: definition
                    .transitions
                    .iter()
                    .filter(leaves)
                    .map(|transition| row(definition, transition))
                    .collect(),
            }
        })
        .collect()
}

fn row(definition: &Definition, transition: &Transition) -> TransitionRow {
    let needs = transition.needs.iter().map(|fact| fact_label(definition, fact)).collect::<Vec<_>>();
    TransitionRow {
        label: transition.label.clone(),
        to: state_label(definition, &transition.to),
        who: if transition.automatic {
            "By itself".into()
        } else {
            transition.by.iter().map(|role| role.label()).collect::<Vec<_>>().join(" or ")
        },
        needs: needs.join("; "),
        when: transition.when.as_ref().map(|guard| guard_in_words(definition, guard)).unwrap_or_default(),
        does: sentence(&effects_in_words(definition, &transition.does)),
    }
}

/// What follows from the opening, every transition, every rule and every limit, in document order.
pub fn what_happens_when(definition: &Definition) -> Vec<Happening> {
    let mut all = Vec::new();
    let mut then = limits(definition, &[Trigger::Started, Trigger::Entered(definition.start.clone())]);
    then.extend(forms_that_open(definition, &[], &definition.start));
    all.push(Happening { when: definition.started_label.clone(), then });
    for transition in &definition.transitions {
        let mut then = effects_in_words(definition, &transition.does);
        then.extend(limits(
            definition,
            &[Trigger::Fired(transition.id.clone()), Trigger::Entered(transition.to.clone())],
        ));
        then.extend(forms_that_open(definition, &transition.from, &transition.to));
        if let Some(ends) =
            definition.states.iter().find(|state| state.id == transition.to).and_then(|state| state.ends.as_ref())
        {
            then.push(format!("The involvement ends: {ends}"));
        }
        if then.is_empty() {
            then.push(format!("Goes on to \"{}\"", state_label(definition, &transition.to)));
        }
        all.push(Happening { when: transition.done.clone(), then });
    }
    for rule in &definition.rules {
        let only = rule.when.as_ref().map(|guard| format!(", if {}", guard_in_words(definition, guard)));
        let when = format!("{}{}", trigger_in_words(definition, &rule.on), only.unwrap_or_default());
        all.push(Happening { when, then: effects_in_words(definition, &rule.does) });
    }
    for clock in &definition.clocks {
        all.extend(near_and_past(clock));
    }
    for advice in definition.advice.iter().filter(|advice| !advice.chase.is_empty()) {
        let chased = advice.chase.iter().map(|chase| match chase {
            super::definition::Chase::DaysBefore(days) => format!("{days} days before it is due"),
            super::definition::Chase::DaysAfter(days) => format!("{days} days after it was due"),
        });
        all.push(Happening {
            when: format!("\"{}\" is still awaited", advice.label),
            then: vec![format!("{} is reminded {}", advice.from.label(), chased.collect::<Vec<_>>().join(", "))],
        });
    }
    all
}

/// What the work tray says of a limit.
fn near_and_past(clock: &Clock) -> Vec<Happening> {
    let mut all = Vec::new();
    if !clock.warn_before.is_empty() {
        let before: Vec<String> = clock.warn_before.iter().map(ToString::to_string).collect();
        all.push(Happening {
            when: format!("{} before the limit \"{}\"", before.join(", "), clock.label),
            then: vec!["The work tray shows that the limit is near".into()],
        });
    }
    let (when, then) = match clock.whose {
        Whose::Authority | Whose::Adviser | Whose::Other => {
            (format!("The limit \"{}\" has passed", clock.label), "The work tray shows it as overdue")
        }
        Whose::Family => (format!("The period \"{}\" is over", clock.label), "It closes by itself; nobody is late"),
        Whose::Wait => (format!("The wait \"{}\" is over", clock.label), "What had to wait for it can be done"),
    };
    all.push(Happening { when, then: vec![then.into()] });
    all
}

/// The limits that these events stop and start.
fn limits(definition: &Definition, events: &[Trigger]) -> Vec<String> {
    let has = |triggers: &[Trigger]| triggers.iter().any(|trigger| events.contains(trigger));
    let stopped = definition.clocks.iter().filter(|clock| has(&clock.stops));
    let stopped = stopped.map(|clock| format!("Stops the limit \"{}\"", clock.label));
    let started = definition.clocks.iter().filter(|clock| has(&clock.starts));
    let started = started.map(|clock| format!("Starts the limit \"{}\" ({})", clock.label, clock.limit.short_text()));
    stopped.chain(started).collect()
}

/// The forms that are open in a state, and were not in all the states before it.
fn forms_that_open(definition: &Definition, before: &[String], state: &String) -> Vec<String> {
    let was_open = |form: &FormRule| !before.is_empty() && before.iter().all(|state| form.open_in.contains(state));
    let open = definition.forms.iter().filter(|form| form.open_in.contains(state) && !was_open(form));
    open.map(|form| {
        let to = form.to.iter().map(|role| role.label()).collect::<Vec<_>>().join(" or ");
        format!("The form \"{}\" opens to: {to}", form.label)
    })
    .collect()
}

/// What effects do, each as a short sentence without its full stop.
pub fn effects_in_words(definition: &Definition, effects: &[Effect]) -> Vec<String> {
    let to = |recipients: &[Recipient]| recipients.iter().map(|to| to.label()).collect::<Vec<_>>().join(", ");
    let advice =
        |id: &String| definition.advice.iter().find(|held| held.id == *id).map_or(id, |held| &held.label).clone();
    effects
        .iter()
        .map(|effect| match effect {
            Effect::RequestAdvice(names) => {
                format!("Asks for: {}", names.iter().map(advice).collect::<Vec<_>>().join("; "))
            }
            Effect::Notice(name, recipients) => {
                let notice =
                    definition.notices.iter().find(|notice| notice.id == *name).map_or(name, |notice| &notice.label);
                format!("Notice \"{notice}\" to: {}", to(recipients))
            }
            Effect::Message(name, recipients) => {
                let message = definition.messages.iter().find(|message| message.id == *name);
                format!("Message \"{}\" to: {}", message.map_or(name, |message| &message.label), to(recipients))
            }
            Effect::OpenForm(name) => {
                let form = definition.forms.iter().find(|form| form.form == *name).map_or(name, |form| &form.label);
                format!("Opens the form \"{form}\"")
            }
            Effect::RemindAdvisers => "Reminds those whose advice is awaited".into(),
            Effect::Start { timeline, .. } => format!("Opens a linked involvement of \"{timeline}\""),
            Effect::Advance { timeline, transition, .. } => {
                format!("Does \"{transition}\" on the linked involvement of \"{timeline}\", if it can be done")
            }
            Effect::Record(fact, _) => format!("Records \"{}\"", fact_label(definition, fact)),
            Effect::Fire(name) => {
                let transition = definition.transitions.iter().find(|transition| transition.id == *name);
                format!("Does \"{}\", if it can be done", transition.map_or(name, |transition| &transition.label))
            }
        })
        .collect()
}

fn sentence(parts: &[String]) -> String {
    if parts.is_empty() { String::new() } else { format!("{}.", parts.join(". ")) }
}

fn trigger_in_words(definition: &Definition, trigger: &Trigger) -> String {
    let clock =
        |id: &String| definition.clocks.iter().find(|clock| clock.id == *id).map_or(id, |clock| &clock.label).clone();
    match trigger {
        Trigger::Started => definition.started_label.clone(),
        Trigger::Fired(name) => definition
            .transitions
            .iter()
            .find(|transition| transition.id == *name)
            .map_or(name, |transition| &transition.done)
            .clone(),
        Trigger::Entered(name) => format!("\"{}\" is reached", state_label(definition, name)),
        Trigger::FactRecorded(name) => format!("\"{}\" is recorded", fact_label(definition, name)),
        Trigger::AdviceRequested => "Advice is asked for".into(),
        Trigger::AdviceAnswered => "Advice is answered".into(),
        Trigger::AllAdviceAnswered => "All advice is answered".into(),
        Trigger::ClockWarned(name) => format!("The limit \"{}\" is near", clock(name)),
        Trigger::ClockBreached(name) => format!("The limit \"{}\" has passed", clock(name)),
        Trigger::Schedule(expression) => format!("Every time the schedule comes round ({expression}, London time)"),
    }
}

/// A guard as a SEND manager would say it.
pub fn guard_in_words(definition: &Definition, guard: &Guard) -> String {
    let label = |id: &String| fact_label(definition, id);
    let clock =
        |id: &String| definition.clocks.iter().find(|clock| clock.id == *id).map_or(id, |clock| &clock.label).clone();
    // Brackets only where a choice or a list stands inside something larger.
    let inside = |guard: &Guard| match guard {
        Guard::Any(_) | Guard::All(_) => format!("({})", guard_in_words(definition, guard)),
        _ => guard_in_words(definition, guard),
    };
    let joined = |guards: &[Guard], with: &str| guards.iter().map(inside).collect::<Vec<_>>().join(with);
    match guard {
        Guard::Known(fact) => format!("\"{}\" is recorded", label(fact)),
        Guard::Is(fact, value) => {
            let option = definition.facts.iter().find(|held| held.id == *fact).and_then(|fact| match &fact.kind {
                super::definition::FactKind::Choice(options) => options.iter().find(|option| option.id == *value),
                _ => None,
            });
            format!("\"{}\" is \"{}\"", label(fact), option.map_or(value, |option| &option.label))
        }
        Guard::AtLeast(fact, least) => format!("\"{}\" is {least} or more", label(fact)),
        Guard::AllAdviceAnswered => "all advice asked for is in, declined or withdrawn".into(),
        Guard::AdviceAnswered(id) => {
            let advice = definition.advice.iter().find(|advice| advice.id == *id).map_or(id, |advice| &advice.label);
            format!("\"{advice}\" is in, declined or withdrawn")
        }
        Guard::Passed(id) => format!("the time for \"{}\" is over", clock(id)),
        Guard::AdviceOverdue(1) => "advice is overdue".into(),
        Guard::AdviceOverdue(days) => format!("advice is {days} days or more overdue"),
        Guard::Running(id) => format!("\"{}\" is running", clock(id)),
        Guard::All(guards) => joined(guards, " and "),
        Guard::Any(guards) => joined(guards, " or "),
        Guard::Not(guard) => format!("not: {}", inside(guard)),
    }
}

/// The text with a small first letter, to stand inside a sentence.
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn fact_label(definition: &Definition, id: &String) -> String {
    definition.facts.iter().find(|fact| fact.id == *id).map_or(id, |fact| &fact.label).clone()
}

fn state_label(definition: &Definition, id: &String) -> String {
    definition.states.iter().find(|state| state.id == *id).map_or(id, |state| &state.label).clone()
}

fn waiting_on(waiting_on: WaitingOn) -> &'static str {
    match waiting_on {
        WaitingOn::Authority => "The authority",
        WaitingOn::Family => "The family",
        WaitingOn::Advisers => "Advisers",
        WaitingOn::Setting => "The setting",
        WaitingOn::Nobody => "Nobody",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::check;

    /// Small and fixed; the words of the shipped timeline are its authors' to change.
    fn small() -> Definition {
        let text = include_str!("../../docs/checks/sound.ron");
        check("sound.ron", text.as_bytes()).definition.expect("it can be read")
    }

    fn then(when: &str) -> Vec<String> {
        let all = what_happens_when(&small());
        all.into_iter().find(|happening| happening.when == when).map(|happening| happening.then).unwrap_or_default()
    }

    #[test]
    fn opening_an_involvement_starts_the_limits_that_count_from_the_request() {
        let then = then("Request received");
        assert!(
            then.contains(&"Starts the limit \"Tell the family whether we will assess\" (6 weeks)".to_owned()),
            "{then:?}"
        );
        assert!(then.contains(&"Starts the limit \"Send the plan\" (20 weeks)".to_owned()), "{then:?}");
    }

    #[test]
    fn refusing_to_assess_sends_its_notice_stops_the_limits_and_ends_the_involvement() {
        let then = then("Refused to assess");
        assert!(then[0].starts_with("Notice \"We will not assess\" to: "), "{then:?}");
        assert!(then.contains(&"Stops the limit \"Send the plan\"".to_owned()), "{then:?}");
        assert_eq!(then.last().map(String::as_str), Some("The involvement ends: Not assessed"));
    }

    #[test]
    fn the_family_is_never_late() {
        assert_eq!(then("The period \"The family's comments\" is over"), ["It closes by itself; nobody is late"]);
    }

    #[test]
    fn every_transition_rule_and_limit_has_its_row_and_no_row_is_empty() {
        let definition = small();
        let all = what_happens_when(&definition);
        for transition in &definition.transitions {
            assert!(all.iter().any(|happening| happening.when == transition.done), "{}", transition.id);
        }
        assert!(all.len() >= 1 + definition.transitions.len() + definition.rules.len() + definition.clocks.len());
        assert!(all.iter().all(|happening| !happening.when.is_empty() && !happening.then.is_empty()));
    }

    #[test]
    fn every_state_has_its_row_with_what_leads_out_of_it() {
        let rows = states(&small());
        let drafting = rows.iter().find(|row| row.state == "Considering").expect("a row");
        assert_eq!(drafting.transitions[0].label, "Agree to assess");
        assert_eq!(drafting.transitions[0].who, "caseworker");
        assert!(rows.iter().all(|row| row.ends.is_some() == row.transitions.is_empty()));
    }
}
