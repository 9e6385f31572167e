//! Term dates as settings publish them, and files that are something else.

use super::*;
use crate::calendar::date;

fn closure(setting: &str, from: Date, reopens_on: Date) -> Closure {
    Closure { setting: setting.into(), from, reopens_on }
}

fn of(text: &str) -> Imported {
    read(text.as_bytes(), None).expect("it can be read")
}

#[test]
fn a_table_of_closures_is_read_as_it_stands() {
    let imported =
        of("School,Closed from,Reopens on\nAlder Primary,2026-07-18,2026-09-02\nBeck High,18/07/2026,03/09/2026\n");
    assert_eq!(
        imported.closures,
        [
            closure("Alder Primary", date(2026, 7, 18), date(2026, 9, 2)),
            closure("Beck High", date(2026, 7, 18), date(2026, 9, 3)),
        ]
    );
    assert!(imported.refused.is_empty());
}

#[test]
fn between_two_terms_a_setting_is_closed() {
    let imported = of("setting,term_starts,term_ends\nAlder,2026-04-13,2026-07-17\nBeck,2026-04-20,2026-07-22\n\
                       Alder,2026-09-02,2026-12-18\n");
    assert_eq!(imported.closures, [closure("Alder", date(2026, 7, 18), date(2026, 9, 2))]);
}

#[test]
fn a_line_that_cannot_be_taken_says_why_and_the_others_come_in() {
    let imported = of("setting,closed_from,reopens_on\r\nAlder,2026-07-18,2026-07-18\r\nAlder,18 July,2026-09-02\r\n\
                       ,2026-07-18,2026-09-02\r\nAlder,2026-07-18,2027-07-18\r\nBeck,2026-10-24,2026-11-02\r\n");
    let said: Vec<String> =
        imported.refused.iter().map(|refused| format!("{}: {}", refused.place, refused.why)).collect();
    assert_eq!(
        said,
        [
            "line 3: \"18 July\" is no date; write it as 2026-07-18 or 18/07/2026",
            "line 4: no setting is named",
            "line 2: The day it opens again must be after the first day it is closed",
            "line 5: It would be closed for 365 days: look at the dates again",
        ]
    );
    assert_eq!(imported.closures, [closure("Beck", date(2026, 10, 24), date(2026, 11, 2))]);
}

#[test]
fn terms_that_overlap_are_refused() {
    let imported = of("setting,term_starts,term_ends\nAlder,2026-04-13,2026-07-17\nAlder,2026-07-01,2026-12-18\n");
    assert!(imported.closures.is_empty());
    assert_eq!(imported.refused[0].why, "this term begins before the last one ends on Friday 17 July 2026");
}

#[test]
fn a_school_calendar_brings_its_holidays_and_the_gaps_between_its_terms() {
    let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nNAME:Alder Primary\r\n\
        BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260718\r\nDTEND;VALUE=DATE:20260902\r\n\
        SUMMARY:Summer holiday\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:2\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20261026\r\nSUMMARY:Half-term\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:3\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260612T180000Z\r\nSUMMARY:Summer fair\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:4\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20261102\r\nDTEND;VALUE=DATE:20261219\r\nSUMMARY:Autumn term 2\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:5\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20270104\r\nDTEND;VALUE=DATE:20270213\r\nSUMMARY:Spring term 1\r\nEND:VEVENT\r\n\
        END:VCALENDAR\r\n";
    let imported = of(text);
    assert_eq!(
        imported.closures,
        [
            closure("Alder Primary", date(2026, 7, 18), date(2026, 9, 2)),
            closure("Alder Primary", date(2026, 10, 26), date(2026, 10, 27)),
            closure("Alder Primary", date(2026, 12, 19), date(2027, 1, 4)),
        ]
    );
    assert_eq!(imported.ignored, 1);
    let renamed = read(text.as_bytes(), Some("Alder Infants")).expect("it can be read");
    assert!(renamed.closures.iter().all(|closure| closure.setting == "Alder Infants"));
}

#[test]
fn what_is_neither_a_table_nor_a_calendar_is_refused_in_words() {
    let error = |bytes: &[u8]| read(bytes, None).expect_err("refused").to_string();
    assert!(error(b"a,b\n1,2\n").contains("must name the columns setting, closed_from and reopens_on"));
    assert!(error(b"closed_from,reopens_on\n").contains("--setting"));
    assert!(error(b"\xff\xfe\x00").contains("not UTF-8"));
    assert!(error(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n").contains("has no name"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_fall_over(text in "\\PC{0,400}", calendar in proptest::bool::ANY) {
        let text = if calendar { format!("BEGIN:VCALENDAR\r\n{text}\r\nEND:VCALENDAR\r\n") } else { text };
        if let Ok(imported) = read(text.as_bytes(), Some("Alder")) {
            proptest::prop_assert!(imported.closures.iter().all(|closure| closure.from < closure.reopens_on));
        }
    }
}
