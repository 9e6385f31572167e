//! `milepost dates`, first of all on the dated cases that the law was read into.

use std::collections::BTreeMap;

use crate::support::Place;

/// The cases that the law was read into, and those of clocks that it has none for.
const CASES: [&str; 2] = [include_str!("../statute-cases.csv"), include_str!("../further-cases.csv")];

#[test]
fn every_statutory_case_of_a_shipped_timeline_comes_out_right() {
    let workflows = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    let shipped: Vec<String> = milepost::involvements::checked_files(&workflows)
        .into_iter()
        .filter_map(|(_, checked)| Some(checked.definition?.id))
        .collect();
    let is_shipped = |line: &&str| shipped.iter().any(|id| line.split(',').nth(1) == Some(id));
    let mut computed = 0;
    for cases in CASES.into_iter().filter(|cases| cases.lines().count() > 1) {
        let (header, lines) = cases.split_once('\n').expect("the file has a header");
        let lines: Vec<&str> = lines.lines().filter(is_shipped).collect();
        let place = Place::new();
        let file = place.file("cases.csv", format!("{header}\n{}\n", lines.join("\n")));
        let ran = place.run(&["dates", file]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let expected = column(&std::fs::read_to_string(place.path().join(file)).unwrap(), "due_on");
        assert_eq!(column(&ran.out, "due_on"), expected);
        computed += lines.len();
    }
    assert!(computed >= 17, "{computed}");
}

#[test]
fn a_case_of_a_timeline_that_is_not_there_is_reported_and_the_others_still_come_out() {
    let place = Place::new();
    let invented = "X1,school-trip,depart,\"{\"\"planned\"\": \"\"2026-03-02\"\"}\"";
    let (header, lines) = CASES[0].split_once('\n').expect("the file has a header");
    let first = lines.lines().next().expect("it has cases");
    let file = place.file("cases.csv", format!("{header}\n{invented},2026-03-02,,,,\n{first}\n"));
    let ran = place.run(&["dates", file]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.out.lines().count(), 1 + 1);
    assert!(ran.err.contains("line 2: case X1: there is no timeline \"school-trip\""), "{}", ran.err);
}

#[test]
fn each_date_says_how_it_was_counted_and_by_which_provision() {
    let place = Place::new();
    let file = place.file(
        "cases.csv",
        "case_id,timeline,clock,inputs\nA1,ehc-needs-assessment,decide-whether-to-assess,\"{\"\"request_received\"\": \"\"2026-03-02\"\"}\"\n",
    );
    let out = place.run(&["dates", file, "--json"]).out;
    let (shown, _) = out.split_once(",\"why\":").expect("the parts of the explanation follow");
    assert_eq!(
        shown,
        "{\"case_id\":\"A1\",\"due_on\":\"2026-04-13\",\"explanation\":\"Request received on Monday 2 March 2026. The day itself, \
         Monday 2 March 2026, is not counted. 6 weeks (42 days) after it is Monday 13 April 2026. (SEND Regulations 2014 reg. 5(1)).\""
    );
    let whole: serde_json::Value = serde_json::from_str(&out).expect("one object");
    assert_eq!(whole["why"]["counted_from"], "Request received on Monday 2 March 2026.");
    assert_eq!(whole["why"]["provision_url"], "https://www.legislation.gov.uk/uksi/2014/1530/regulation/5");
    assert_eq!(whole["why"]["steps"].as_array().map(Vec::len), Some(2));
}

#[test]
fn each_bad_line_says_its_number_and_the_reason() {
    let place = Place::new();
    let bad = [
        (
            "a,ehc-needs-assesment,final-plan,{}",
            "there is no timeline \"ehc-needs-assesment\"; did you mean \"ehc-needs-assessment\"?",
        ),
        ("b,ehc-needs-assessment,final-plans,{}", "has no clock \"final-plans\"; did you mean \"final-plan\"?"),
        ("c,ehc-needs-assessment,final-plan,{}", "inputs lacks \"request_received\", which final-plan counts from"),
        ("d,ehc-needs-assessment,final-plan,received", "inputs is not a JSON object"),
        ("e,ehc-needs-assessment,final-plan,\"{\"\"request_received\"\": 5}\"", "must be a date in quotes"),
        (
            "f,ehc-needs-assessment,final-plan,\"{\"\"request_received\"\": \"\"2026-02-29\"\"}\"",
            "\"2026-02-29\", which is not a date",
        ),
        (
            "g,ehc-needs-assessment,final-plan,\"{\"\"request_received\"\": \"\"9999-12-31\"\"}\"",
            "\"9999-12-31\", which is not a date",
        ),
        (
            "h,ehc-needs-assessment,final-plan,\"{\"\"request_received\"\": \"\"2014-08-31\"\"}\"",
            "no version of \"ehc-needs-assessment\" is in force on 2014-08-31",
        ),
        ("i,ehc-needs-assessment", "it has 2 columns where the first line has 4"),
    ];
    let good = "z,ehc-needs-assessment,final-plan,\"{\"\"request_received\"\": \"\"2026-03-02\"\"}\"";
    let lines: Vec<&str> = bad.iter().map(|(line, _)| *line).chain([good]).collect();
    let file = place.file("cases.csv", format!("\u{feff}case_id,timeline,clock,inputs\n{}\n", lines.join("\n")));
    let ran = place.run(&["dates", file]);
    assert_eq!(ran.code, 1);
    for (at, (_, reason)) in bad.iter().enumerate() {
        let said = ran.err.lines().find(|line| line.starts_with(&format!("line {}: ", at + 2)));
        assert!(said.is_some_and(|said| said.contains(reason)), "{reason}\n{}", ran.err);
    }
    assert!(ran.err.ends_with("milepost: 9 lines could not be computed\n"), "{}", ran.err);
    assert!(ran.out.contains("\nz,2026-07-20,"), "{}", ran.out);
}

#[test]
fn a_file_without_the_columns_is_refused_as_a_whole() {
    let place = Place::new();
    let file = place.file("cases.csv", "id,date\n1,2026-03-02\n");
    let ran = place.run(&["dates", file]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("the first line has no column case_id"), "{}", ran.err);
}

#[test]
fn standard_input_is_read_and_text_that_is_not_utf_8_is_named() {
    let input = b"case_id,timeline,clock,inputs\nA,ehc-needs-assessment,final-plan,\"{\"\"request_received\"\": \"\"2026-03-02\"\"}\"\nZo\xeb,a,b,{}\n";
    let ran = Place::new().run_with_input(&["dates", "-"], input);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("\nA,2026-07-20,"), "{}", ran.out);
    assert!(ran.err.contains("line 3: it is not UTF-8 text"), "{}", ran.err);
}

/// A column of a CSV text, by case.
fn column(csv_text: &str, name: &str) -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_reader(csv_text.as_bytes());
    let at = reader.headers().unwrap().iter().position(|header| header == name).expect("the column is there");
    reader.records().map(|record| record.unwrap()).map(|record| (record[0].to_owned(), record[at].to_owned())).collect()
}
