//! What changes from one version of a timeline to another, in words: states, limits, who is asked, wording.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::definition::{Definition, Effect, Guard};
use super::describe::{effects_in_words, guard_in_words};
use crate::calendar::Limit;

/// One difference. Its words say the same without the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The part of the timeline: "States", "Time limits".
    pub part: &'static str,
    pub change: Change,
    /// What it is about, by label and id; empty for the timeline as a whole.
    pub item: String,
    /// Which of its fields, in words; empty when all of it was added or removed.
    pub field: String,
    pub before: String,
    pub after: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    Added,
    Removed,
    Changed,
}

impl Change {
    pub fn word(self) -> &'static str {
        match self {
            Change::Added => "Added",
            Change::Removed => "Removed",
            Change::Changed => "Changed",
        }
    }
}

impl Difference {
    /// The difference as a sentence without its full stop.
    pub fn in_words(&self) -> String {
        let about = match (self.item.is_empty(), self.field.is_empty()) {
            (true, _) => self.field.clone(),
            (false, true) => self.item.clone(),
            (false, false) => format!("{}, {}", self.item, self.field),
        };
        match self.change {
            Change::Changed => format!("{about}: {} -> {}", or_nothing(&self.before), or_nothing(&self.after)),
            Change::Added | Change::Removed => about,
        }
    }
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "(nothing)" } else { text }
}

/// The lists of a definition, in the order people read them, with the field that names an item and the one that labels it.
const LISTS: [(&str, &str, &str, &str); 12] = [
    ("stages", "Stages", "id", "title"),
    ("facts", "Facts", "id", "label"),
    ("states", "States", "id", "label"),
    ("clocks", "Time limits", "id", "label"),
    ("exemptions", "Exemptions", "id", "label"),
    ("advice", "Advice", "id", "label"),
    ("transitions", "Transitions", "id", "label"),
    ("notices", "Notices", "id", "label"),
    ("messages", "Messages", "id", "label"),
    ("forms", "Forms", "form", "label"),
    ("rules", "Rules", "id", "id"),
    ("links", "Linked timelines", "timeline", "label"),
];

const WHOLE: &str = "The timeline as a whole";

/// Every difference, part by part, each in the order of the newer definition. Comments and layout are none, and the
/// version's number is not one either.
pub fn differences(before: &Definition, after: &Definition) -> Vec<Difference> {
    let (old, new) = (json_of(before), json_of(after));
    let mut found = Vec::new();
    let is_list = |name: &str| LISTS.iter().any(|(list, ..)| *list == name);
    for name in names(&old, &new).into_iter().filter(|name| name != "version" && !is_list(name)) {
        let (was, is) = (in_words(before, &name, &old[&name]), in_words(after, &name, &new[&name]));
        if old[&name] != new[&name] {
            found.push(changed(WHOLE, String::new(), &name, was, is));
        }
    }
    for (list, part, id, label) in LISTS {
        let items = |json: &Json| json[list].as_array().cloned().unwrap_or_default();
        found.extend(of_list(part, (id, label), (before, items(&old)), (after, items(&new))));
    }
    found
}

type Side<'a> = (&'a Definition, Vec<Json>);

fn of_list(part: &'static str, (id, label): (&str, &str), before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let name = |item: &Json| item[id].as_str().unwrap_or_default().to_owned();
    let title = |item: &Json| match (item[label].as_str().unwrap_or_default(), name(item)) {
        ("", name) => name,
        (label, name) if label == name => name,
        (label, name) => format!("\"{label}\" ({name})"),
    };
    let whole = |change, item: &Json| Difference {
        part,
        change,
        item: title(item),
        field: String::new(),
        before: String::new(),
        after: String::new(),
    };
    let find = |items: &[Json], wanted: &Json| items.iter().find(|item| name(item) == name(wanted)).cloned();
    let mut found = Vec::new();
    for item in &before.1 {
        if find(&after.1, item).is_none() {
            found.push(whole(Change::Removed, item));
        }
    }
    for item in &after.1 {
        let Some(old) = find(&before.1, item) else {
            found.push(whole(Change::Added, item));
            continue;
        };
        for field in names(&old, item) {
            if old[&field] != item[&field] {
                let was = in_words(before.0, &field, &old[&field]);
                let is = in_words(after.0, &field, &item[&field]);
                found.push(changed(part, title(item), &field, was, is));
            }
        }
    }
    // Document order decides where two things could happen at once.
    let common = |items: &[Json], others: &[Json]| -> Vec<String> {
        items.iter().filter(|item| find(others, item).is_some()).map(name).collect()
    };
    let (was, is) = (common(&before.1, &after.1), common(&after.1, &before.1));
    if was != is {
        found.push(changed(part, String::new(), "order", was.join(", "), is.join(", ")));
    }
    found
}

fn changed(part: &'static str, item: String, field: &str, before: String, after: String) -> Difference {
    let field = match field {
        "for_families" => "words for families".to_owned(),
        "next_for_families" => "words for families on what is next".to_owned(),
        "warn_before" => "warnings".to_owned(),
        "does" => "what it does".to_owned(),
        "when" | "only_when" => "condition".to_owned(),
        "ends" => "how it ends".to_owned(),
        "needs" => "facts it needs".to_owned(),
        "by" => "who may do it".to_owned(),
        "basis" => "provision".to_owned(),
        "basis_url" => "where to read the provision".to_owned(),
        "within" | "limit" => "limit".to_owned(),
        other => other.replace('_', " "),
    };
    Difference { part, change: Change::Changed, item, field, before, after }
}

fn json_of(definition: &Definition) -> Json {
    serde_json::to_value(definition).expect("a definition is plain data with text keys")
}

/// The fields of two objects, each once.
fn names(one: &Json, other: &Json) -> Vec<String> {
    let fields = |json: &Json| json.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default();
    let mut all: Vec<String> = fields(one);
    for field in fields(other) {
        if !all.contains(&field) {
            all.push(field);
        }
    }
    all
}

fn in_words(definition: &Definition, field: &str, value: &Json) -> String {
    match (field, value) {
        (_, Json::Null) => String::new(),
        ("limit", value) => Limit::deserialize(value).map_or_else(|_| plain(value), Limit::rule_text),
        ("when" | "only_when", value) => {
            Guard::deserialize(value).map_or_else(|_| plain(value), |guard| guard_in_words(definition, &guard))
        }
        ("does", value) => Vec::<Effect>::deserialize(value)
            .map_or_else(|_| plain(value), |effects| effects_in_words(definition, &effects).join("; ")),
        (_, value) => plain(value),
    }
}

/// Data as people would write it down: no brackets, no quotation marks.
fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(true) => "yes".into(),
        Json::Bool(false) => "no".into(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Json::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| format!("{} {}", name.replace('_', " "), plain(value)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::Span;
    use crate::timeline::{Recipient, check};

    const SHIPPED: &str = include_str!("../../workflows/ehc-needs-assessment.ron");

    fn shipped() -> Definition {
        check("ehc-needs-assessment.ron", SHIPPED.as_bytes()).definition.expect("it can be read")
    }

    fn words(edit: impl FnOnce(&mut Definition)) -> Vec<String> {
        let before = shipped();
        let mut after = before.clone();
        edit(&mut after);
        differences(&before, &after)
            .iter()
            .map(|difference| format!("{}: {} {}", difference.part, difference.change.word(), difference.in_words()))
            .collect()
    }

    #[test]
    fn a_timeline_does_not_differ_from_itself_whatever_its_comments_and_number() {
        assert_eq!(words(|after| after.version += 1), Vec::<String>::new());
        let without_comments: String = SHIPPED
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .map(|line| format!("{line}\n"))
            .collect();
        let other = check("other.ron", without_comments.as_bytes()).definition.expect("it can be read");
        assert_eq!(differences(&shipped(), &other), []);
    }

    #[test]
    fn a_longer_limit_is_said_in_the_laws_words() {
        let said = words(|after| after.clocks[0].limit = Limit::Within(Span::Weeks(8)));
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("Time limits: Changed"), "{said:?}");
        assert!(said[0].ends_with("limit: within 6 weeks of -> within 8 weeks of"), "{said:?}");
    }

    #[test]
    fn what_is_added_and_removed_is_named_once() {
        let said = words(|after| {
            let last = after.messages.len() - 1;
            after.messages[last].id = "another".into();
        });
        assert_eq!(said.iter().filter(|said| said.starts_with("Messages: Added")).count(), 1, "{said:?}");
        assert_eq!(said.iter().filter(|said| said.starts_with("Messages: Removed")).count(), 1, "{said:?}");
    }

    #[test]
    fn another_order_of_transitions_is_a_difference() {
        let said = words(|after| after.transitions.swap(0, 1));
        assert!(said.len() == 1 && said[0].starts_with("Transitions: Changed order:"), "{said:?}");
    }

    #[test]
    fn what_a_transition_does_is_said_in_words() {
        let said = words(|after| {
            after.transitions[0].does.push(Effect::Message("plan-needed".into(), vec![Recipient::Caseworker]));
        });
        assert!(said.len() == 1 && said[0].contains("Message \"A plan is needed\" to: the caseworker"), "{said:?}");
    }

    proptest! {
        #[test]
        fn a_single_edit_is_found_whichever_it_is(list in 0usize..LISTS.len(), item in 0usize..40, text in "[a-z]{1,8} x") {
            let before = shipped();
            let mut json = json_of(&before);
            let (list, part, id, label) = LISTS[list];
            prop_assume!(label != id);
            let Some(items) = json.get_mut(list).and_then(Json::as_array_mut).filter(|items| !items.is_empty()) else {
                return Ok(());
            };
            let at = item % items.len();
            prop_assume!(items[at][label] != text.as_str());
            items[at][label] = Json::from(text.clone());
            let after: Definition = serde_json::from_value(json).expect("still of its shape");
            let found = differences(&before, &after);
            prop_assert!(found.iter().any(|found| found.part == part && found.after == text), "{:?}", found);
            prop_assert!(found.iter().all(|found| found.part == part || found.after.contains(&text)), "{:?}", found);
        }
    }
}
