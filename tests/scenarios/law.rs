//! The page on the law keeps up with the timelines.

use milepost::calendar::Date;
use milepost::timeline::{self, Definition};

const LAW: &str = include_str!("../../docs/law.md");
const CASES: [&str; 2] = [include_str!("../statute-cases.csv"), include_str!("../further-cases.csv")];

/// The page's section about the timeline in a file: from its heading to the next.
fn section(file: &str) -> &'static str {
    let file = std::path::Path::new(file).file_name().and_then(|name| name.to_str()).expect("a file has a name");
    let named = format!("(`workflows/{file}`");
    let found =
        LAW.split("\n## ").find(|section| section.lines().next().is_some_and(|heading| heading.contains(&named)));
    found.unwrap_or_else(|| panic!("docs/law.md has no section with {named} in its heading"))
}

/// Whether a case is computed with this version: the one in force on the date that the clock counts from.
fn is_of(version: &Definition, all: &[(String, Definition)], clock: &timeline::Clock, case: &str) -> bool {
    let from = case.split_once(&format!("\"\"{}\"\": ", clock.counts_from)).expect("the case has the clock's date").1;
    let digits: String = from.chars().filter(char::is_ascii_digit).take(8).collect();
    let on = Date::parse_from_str(&digits, "%Y%m%d").ok();
    let holds = |held: &&Definition| {
        let until = held.in_force.until.unwrap_or(Date::MAX);
        held.id == version.id && on.is_none_or(|on| (held.in_force.from..=until).contains(&on))
    };
    let taken = all.iter().map(|(_, held)| held).filter(holds).max_by_key(|held| (held.in_force.from, held.version));
    taken.is_some_and(|taken| taken.version == version.version)
}

#[test]
fn every_clock_that_is_shipped_is_on_the_page_and_has_a_case() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    let all: Vec<(String, Definition)> = milepost::involvements::checked_files(&folder)
        .into_iter()
        .map(|(file, checked)| (file.clone(), checked.definition.unwrap_or_else(|| panic!("{file} can be read"))))
        .collect();
    let mut clocks = 0;
    for (file, definition) in &all {
        for clock in &definition.clocks {
            clocks += 1;
            let row = section(file).lines().find(|line| line.starts_with(&format!("| `{}` |", clock.id)));
            let row = row.unwrap_or_else(|| panic!("{} of {file} is not in docs/law.md", clock.id));
            let cases: Vec<&str> = CASES
                .iter()
                .flat_map(|cases| cases.lines())
                .filter(|line| line.contains(&format!(",{},{},", definition.id, clock.id)))
                .filter(|line| is_of(definition, &all, clock, line))
                .filter_map(|line| line.split(',').next())
                .collect();
            assert!(!cases.is_empty(), "{} of {file} has no case", clock.id);
            for case in cases {
                assert!(row.contains(case), "the case {case} is not named beside {}", clock.id);
            }
            let sure = match clock.confidence {
                timeline::Confidence::Text => "| V |",
                timeline::Confidence::Secondary => "| S |",
                timeline::Confidence::ToBeConfirmed => "| K |",
            };
            assert!(row.contains(sure), "{} is marked {sure} in the timeline", clock.id);
        }
    }
    assert!(clocks >= 6);
}

#[test]
fn every_exemption_advice_and_notice_that_is_shipped_is_on_the_page() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    for (file, checked) in milepost::involvements::checked_files(&folder) {
        let definition = checked.definition.unwrap_or_else(|| panic!("{file} can be read"));
        let exemptions = definition.exemptions.iter().map(|exemption| format!("`{}`", exemption.id));
        let advice = definition.advice.iter().map(|advice| format!("| advice `{}` |", advice.id));
        let notices = definition.notices.iter().map(|notice| format!("| notice `{}` |", notice.id));
        for name in exemptions.chain(advice).chain(notices) {
            assert!(
                section(&file).lines().any(|line| line.starts_with('|') && line.contains(&name)),
                "{name} of {file} is not in docs/law.md"
            );
        }
    }
}

#[test]
fn every_clock_of_the_regulations_says_where_to_read_them() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    for (file, checked) in milepost::involvements::checked_files(&folder) {
        let definition = checked.definition.unwrap_or_else(|| panic!("{file} can be read"));
        for clock in &definition.clocks {
            let place = clock.basis_url.as_deref().unwrap_or_default();
            let of_the_law = place.starts_with("https://www.legislation.gov.uk/") || clock.basis.contains("guidance");
            assert!(of_the_law && place.starts_with("https://"), "{} of {file}: {place:?}", clock.id);
        }
    }
}
