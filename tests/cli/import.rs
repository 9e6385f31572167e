//! `milepost import children`.

use crate::support::Place;

#[test]
fn the_example_can_be_imported_as_it_is() {
    let place = Place::new();
    let example = place.run(&["import", "children", "--example"]);
    let file = place.file("children.csv", example.out);
    let dry = place.run(&["import", "children", "--dry-run", file]);
    assert_eq!((dry.code, dry.out.as_str()), (0, ""), "{}", dry.err);
    assert!(dry.err.contains("Children: 1 added, ") && dry.err.contains("nothing was written"), "{}", dry.err);
    let real = place.run(&["import", "children", file, "--json"]);
    assert!(real.out.starts_with("{\"line\":2,\"outcome\":\"added\",\"reference\":\""), "{}", real.out);
    let again = place.run(&["import", "children", file]);
    assert!(again.err.contains("0 added, 0 updated, 1 on the register already; 0 refused"), "{}", again.err);
}

#[test]
fn refused_lines_are_reported_without_names_and_end_with_1() {
    let place = Place::new();
    let file =
        place.file("children.csv", "forename,surname,dob,shoe size\nAda,Okafor,31/05/18,30\nBen,Price,2019-02-28,31\n");
    let ran = place.run(&["import", "children", file]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.out, "line 2: born_on: The date of birth must have a year of four numbers between 1900 and 2100\n");
    assert!(ran.err.contains("were ignored: shoe size"), "{}", ran.err);
    assert!(ran.err.contains("Children: 1 added, 0 updated, 0 on the register already; 1 refused"), "{}", ran.err);
    assert!(!ran.out.contains("Okafor") && !ran.err.contains("Okafor"));
}

#[test]
fn lines_that_end_as_on_windows_keep_their_numbers() {
    let place = Place::new();
    let file = place.file("children.csv", "forename,surname,dob\r\nBen,Price,2019-02-28\r\nAda,Okafor,31/05/18\r\n");
    let ran = place.run(&["import", "children", file]);
    assert!(ran.out.starts_with("line 3: born_on: "), "{}", ran.out);
}

#[test]
fn a_file_that_is_not_there_or_is_a_spreadsheet_is_a_failure_in_words() {
    let place = Place::new();
    assert!(place.run(&["import", "children", "nowhere.csv"]).err.contains("nowhere.csv cannot be read"));
    let file = place.file("children.xlsx", b"PK\x03\x04");
    let ran = place.run(&["import", "children", file]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("save it as \"CSV UTF-8\""), "{}", ran.err);
    assert_eq!(place.run(&["import", "children"]).code, 2);
}

#[test]
fn term_dates_are_reported_first_and_recorded_when_they_are_meant() {
    let place = Place::new();
    let file = place
        .file("terms.csv", "setting,term_starts,term_ends\nAlder,2026-04-13,2026-07-17\nAlder,2026-09-02,2026-12-18\n");
    let dry = place.run(&["import", "closures", "--dry-run", file]);
    assert_eq!((dry.code, dry.out.as_str()), (0, "Alder\t2026-07-18\t2026-09-02\n"));
    assert!(dry.err.contains("nothing was written"), "{}", dry.err);
    let real = place.run(&["import", "closures", file]);
    assert!(real.err.contains("1 read, 1 new; 0 refused"), "{}", real.err);
    let again = place.run(&["import", "closures", "--json", file]);
    assert_eq!(
        again.out,
        "{\"closures\":[{\"setting\":\"Alder\",\"closed_from\":\"2026-07-18\",\"reopens_on\":\"2026-09-02\"}],\"new\":0,\"refused\":[],\"ignored\":0}\n"
    );
}
