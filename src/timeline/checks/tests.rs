//! Every check does what its page says; large and hostile definitions are checked in little time.

use std::path::PathBuf;

use proptest::prelude::*;

use crate::timeline::{Compiled, Finding, check, draw};

#[path = "../../../tests/support/generated.rs"]
mod generated;

const SHIPPED: &str = include_str!("../../../workflows/ehc-needs-assessment.ron");
const SOUND: &str = include_str!("../../../docs/checks/sound.ron");

fn pages() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/checks")
}

/// The text of the code block that follows a line of a page.
fn block<'p>(page: &'p str, after: &str) -> Option<&'p str> {
    let rest = &page[page.find(after)? + after.len()..];
    let rest = &rest[rest.find("```")?..];
    let body = &rest[rest.find('\n')? + 1..];
    Some(&body[..body.find("\n```")?])
}

#[test]
fn the_timeline_that_the_pages_start_from_is_sound() {
    let pictures: Vec<String> = check("sound.ron", SOUND.as_bytes()).findings.iter().map(Finding::picture).collect();
    assert_eq!(pictures, Vec::<String>::new());
}

#[test]
fn every_check_has_a_page_whose_example_yields_exactly_the_finding_it_shows() {
    let mut ids = super::ids();
    ids.extend(["syntax", "unknown-field", "unknown-word", "missing-field", "wrong-type"]);
    for id in ids {
        let page =
            std::fs::read_to_string(pages().join(format!("{id}.md"))).unwrap_or_else(|_| panic!("{id} has no page"));
        assert!(page.starts_with(&format!("# {id}")), "{id}");
        let sound = block(&page, "In the sound timeline:").unwrap_or_else(|| panic!("{id}: what is changed"));
        let faulty = block(&page, "With the fault:").unwrap_or_else(|| panic!("{id}: the fault"));
        let shown = block(&page, "What `milepost check` says:").unwrap_or_else(|| panic!("{id}: what is said"));
        assert_eq!(SOUND.matches(sound).count(), 1, "{id}: what is changed stands once in sound.ron");
        let text = SOUND.replacen(sound, faulty, 1);
        let found = check("sound.ron", text.as_bytes()).findings;
        let pictures: Vec<String> = found.iter().map(Finding::picture).collect();
        assert_eq!(pictures.join("\n"), shown, "{id}");
        assert!(found.iter().all(|finding| finding.check == id), "{id}");
    }
}

#[test]
fn every_page_is_of_a_check_and_the_list_names_them_all() {
    let list = std::fs::read_to_string(pages().join("README.md")).expect("the list of checks");
    for entry in std::fs::read_dir(pages()).expect("the folder of pages") {
        let name = entry.expect("an entry").file_name().into_string().expect("plain names");
        if let Some(id) = name.strip_suffix(".md").filter(|id| *id != "README") {
            assert!(list.contains(&format!("[{id}]({id}.md)")), "{id} is not in the list");
        }
    }
}

#[test]
fn a_generated_definition_of_two_thousand_states_is_sound() {
    let text = generated::text_of(2_000);
    let checked = check("generated.ron", text.as_bytes());
    assert!(checked.findings.is_empty(), "{}", checked.findings[0].picture());
    assert!(checked.is_sound());
}

/// A sound definition with something put into its lists.
fn with(list: &str, items: &str) -> String {
    let opening = format!("    {list}: [\n");
    assert_eq!(SOUND.matches(&opening).count(), 1, "{list}");
    SOUND.replacen(&opening, &format!("{opening}{items}"), 1)
}

fn transition(id: &str, rest: &str) -> String {
    format!("Transition(id: \"{id}\", label: \"x\", done: \"x\", to: \"decided\", by: [Caseworker], {rest}),\n")
}

/// Made to keep the checks busy. Each must come back, and say no.
fn hostile() -> Vec<(&'static str, String)> {
    let many = |count: usize, item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<String>();
    let guards = many(100_000, &|at| format!("Known(\"x{at}\"),"));
    let choices = many(30_000, &|_| "Any([Is(\"route\",\"a\"),Known(\"route\")]),".to_owned());
    let puzzle = many(2_000, &|at| format!("Any([Running(\"c{at}\"),Running(\"d{at}\")]),"));
    let automatic = many(8_000, &|at| {
        format!(
            "Transition(id:\"a{at}\",label:\"x\",done:\"x\",from:[\"considering\"],to:\"decided\",automatic:true,when:Known(\"panel-date\")),"
        )
    });
    let anywhere = many(15_000, &|at| {
        format!(
            "Transition(id:\"a{at}\",label:\"x\",done:\"x\",from_any_open_state:true,to:\"decided\",by:[Caseworker]),"
        )
    });
    let states = many(20_000, &|at| format!("State(id:\"s{at}\",stage:\"deciding\",label:\"x\",for_families:\"x\"),"));
    let clocks = many(450, &|at| {
        format!(
            "Clock(id:\"c{at}\",label:\"x\",starts:[Started],stops:[Entered(\"decided\")],counts_from:\"x\",limit:Within(Days({})),basis:\"x\",confidence:Text),",
            at + 1
        )
    });
    let deep = "Not(".repeat(5_000) + "Known(\"panel-date\")" + &")".repeat(5_000);
    vec![
        (
            "a hundred thousand unknown names in one guard",
            with("transitions", &transition("t", &format!("when: All([{guards}])"))),
        ),
        (
            "thirty thousand choices in one guard",
            with("transitions", &transition("t", &format!("when: All([{choices}])"))),
        ),
        ("a puzzle of conditions", with("transitions", &transition("t", &format!("when: All([{puzzle}])")))),
        ("thousands of automatic transitions from one state", with("transitions", &automatic)),
        ("thousands of transitions from everywhere", with("transitions", &anywhere)),
        ("twenty thousand unreachable states", with("states", &states)),
        ("hundreds of clocks", with("clocks", &clocks)),
        ("a guard five thousand deep", with("transitions", &transition("t", &format!("when: {deep}")))),
        ("one long name", SOUND.replace("considering", &"c".repeat(100_000))),
    ]
}

#[test]
fn what_was_made_to_keep_the_checks_busy_is_refused_with_few_findings() {
    for (what, text) in hostile() {
        let checked = check("hostile.ron", text.as_bytes());
        assert!(!checked.findings.is_empty(), "{what}");
        assert!(checked.findings.len() <= 500, "{what}: {}", checked.findings.len());
        let shown: usize = checked.findings.iter().map(|finding| finding.picture().len()).sum();
        assert!(shown < 1_000_000, "{what}: {shown}");
        if let Some(definition) = &checked.definition {
            let sound = checked.is_sound();
            assert!(!sound || Compiled::new(definition.clone()).is_ok(), "{what}");
        }
    }
}

/// The findings of the sound timeline with some places changed: their ids, and their texts.
fn changed(changes: &[(&str, &str)]) -> (Vec<&'static str>, Vec<String>) {
    let mut text = SOUND.to_owned();
    for (from, to) in changes {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replacen(from, to, 1);
    }
    let found = check("sound.ron", text.as_bytes()).findings;
    (found.iter().map(|finding| finding.check).collect(), found.into_iter().map(|finding| finding.text).collect())
}

#[test]
fn a_condition_that_contradicts_itself_is_found_however_deep_and_one_that_does_not_is_let_be() {
    let pages = "Fact(id: \"pages\", label: \"Pages\", kind: Number(min: 0, max: 9)),\n        Fact(id: \"panel-date\"";
    for (guard, contradicts) in [
        ("All([AtLeast(\"pages\", 5), Not(AtLeast(\"pages\", 3))])", true),
        ("All([AtLeast(\"pages\", 3), Not(AtLeast(\"pages\", 5))])", false),
        ("AtLeast(\"pages\", 10)", true),
        ("All([Not(Is(\"route\", \"short\")), Not(Is(\"route\", \"long\")), Known(\"route\")])", true),
        ("All([Not(Is(\"route\", \"short\")), Not(Is(\"route\", \"long\"))])", false),
        ("All([Any([Is(\"route\", \"short\"), Is(\"route\", \"long\")]), Not(Known(\"route\"))])", true),
        ("Not(Any([Known(\"panel-date\"), Not(Known(\"panel-date\"))]))", true),
        ("All([Passed(\"comments\"), Not(Passed(\"comments\"))])", true),
        ("All([Passed(\"comments\"), Any([Not(Passed(\"comments\")), Is(\"route\", \"short\")])])", false),
        ("Any([])", true),
        ("All([])", false),
    ] {
        let whole = "Any([Passed(\"comments\"), Is(\"route\", \"short\")])";
        let (ids, _) = changed(&[(whole, guard), ("Fact(id: \"panel-date\"", pages)]);
        assert_eq!(ids, if contradicts { vec!["never-fires"] } else { vec![] }, "{guard}");
    }
}

#[test]
fn a_limit_whose_fulfilment_must_wait_longer_than_it_allows_is_an_error() {
    let (ids, texts) = changed(&[
        ("Any([Passed(\"comments\"), Is(\"route\", \"short\")])", "Passed(\"comments\")"),
        ("BeginningWith(Days(15))", "BeginningWith(Weeks(30))"),
    ]);
    assert_eq!(ids, ["nested-limits"]);
    assert_eq!(
        texts,
        [
            "\"plan\" allows 20 weeks, but \"issue\", which stops it, must wait for \"comments\" to pass, which takes 30 weeks"
        ]
    );
    // Where the family can say that it has finished, nobody has to wait.
    assert_eq!(changed(&[("BeginningWith(Days(15))", "BeginningWith(Weeks(30))")]).0, Vec::<&str>::new());
}

#[test]
fn an_end_that_lapses_excuses_a_clock_that_still_runs_there() {
    let stops = "stops: [Entered(\"decided\"), Entered(\"refused\")]";
    let (ids, texts) = changed(&[(stops, "stops: [Entered(\"decided\")]")]);
    assert_eq!(ids, ["clock-left-running"]);
    assert_eq!(texts, ["\"plan\" is still running at the end of this way: considering -> refused"]);
    let lapses = ("ends: \"Not assessed\"", "ends: \"Not assessed\", lapses: true");
    assert_eq!(changed(&[(stops, "stops: [Entered(\"decided\")]"), lapses]).0, Vec::<&str>::new());
}

#[test]
fn a_clock_that_is_started_again_on_the_way_back_is_seen_running_at_the_end() {
    // The first time round it is stopped; who goes back starts it anew and may then refuse.
    let again = "Transition(id: \"again\", label: \"x\", done: \"x\", from: [\"gathering\"], to: \"considering\", by: [Caseworker]),\n        \
                 Transition(id: \"all-in\"";
    let (ids, texts) = changed(&[
        ("Transition(id: \"all-in\"", again),
        (
            "starts: [Started], stops: [Fired(\"agree\"), Fired(\"refuse\")]",
            "starts: [Fired(\"again\")], stops: [Fired(\"agree\")]",
        ),
    ]);
    assert_eq!(ids, ["clock-left-running"]);
    assert_eq!(
        texts,
        ["\"decide\" is still running at the end of this way: considering -> gathering -> considering -> refused"]
    );
}

#[test]
fn transitions_that_fire_by_themselves_in_a_circle_are_found() {
    let back = "Transition(id: \"back\", label: \"x\", done: \"x\", from: [\"weighing\"], to: \"gathering\", automatic: true),\n        \
                Transition(id: \"all-in\"";
    let (ids, texts) = changed(&[("Transition(id: \"all-in\"", back)]);
    assert_eq!(ids, ["effect-cycle"]);
    assert_eq!(texts, ["these set each other off without end: back, all-in"]);
}

#[test]
fn faults_of_shape_in_several_items_are_all_reported_and_nothing_that_only_follows_from_them() {
    let (ids, _) = changed(&[
        ("waiting_on: Advisers", "waiting_for: Advisers"),
        ("whose: Adviser)", "whose: Advisor)"),
        ("from: [\"gathering\"], to: \"weighing\"", "from: \"gathering\", to: \"weighing\""),
        ("warn_before: [Days(7)]", "warn_before: [Day(7)]"),
    ]);
    assert_eq!(ids, ["unknown-field", "unknown-word", "unknown-word", "wrong-type"]);
}

#[test]
fn a_guard_of_names_is_pointed_at_name_by_name() {
    let text = SHIPPED.replacen("Is(\"family-has-finished\", \"yes\")", "Is(\"family-has-finished\", \"yess\")", 1);
    let findings = check("a.ron", text.as_bytes()).findings;
    assert_eq!(findings.len(), 1);
    let last = findings[0].picture();
    assert!(last.ends_with("^^^^^^ did you mean \"yes\"?"), "{last}");
}

#[test]
fn a_file_saved_by_an_editor_that_marks_its_encoding_is_read_all_the_same() {
    assert!(check("a.ron", format!("\u{feff}{SOUND}").as_bytes()).is_sound());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Swaps, drops and doubles pieces of a sound text: whatever comes of it is checked, and what is sound can run.
    #[test]
    fn what_is_sound_can_run_and_be_drawn_however_it_was_edited(
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u8..4), 1..4),
    ) {
        let mut words: Vec<String> = SOUND.split_inclusive(|letter: char| !letter.is_alphanumeric() && letter != '-').map(str::to_owned).collect();
        for (one, other, kind) in edits {
            let (one, other) = (one.index(words.len()), other.index(words.len()));
            match kind {
                0 => words.swap(one, other),
                1 => drop(words.remove(one)),
                2 => words.insert(one, words[other].clone()),
                _ => words[one] = words[other].clone(),
            }
        }
        let text = words.concat();
        let checked = check("edited.ron", text.as_bytes());
        for finding in &checked.findings {
            prop_assert!(finding.picture().contains(finding.check));
        }
        if let Some(definition) = &checked.definition {
            prop_assert!(draw::svg(definition, None).ends_with("</svg>\n"));
            if checked.is_sound() {
                prop_assert!(Compiled::new(definition.clone()).is_ok());
            }
        }
    }
}
