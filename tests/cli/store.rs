//! Commands that work on the database: `migrate`, `user`, `verify-audit`.

use crate::support::Place;

#[test]
fn a_database_is_made_once_and_then_up_to_date() {
    let place = Place::new();
    for _ in 0..2 {
        let ran = place.run(&["migrate"]);
        assert_eq!((ran.code, ran.out.as_str()), (0, "The schema is up to date.\n"), "{}", ran.err);
    }
    assert!(place.path().join("data/milepost.db").exists());
}

#[test]
fn a_person_is_added_listed_and_shut_out() {
    let place = Place::new();
    place.run(&["migrate"]);
    let add = [
        "user",
        "add",
        "ada.osei@northmoor.example",
        "--name",
        "Ada Osei",
        "--role",
        "caseworker",
        "--role",
        "send-manager",
    ];
    let added = place.run(&add);
    assert_eq!(added.code, 0, "{}", added.err);
    assert!(added.out.contains("Password: ") && added.out.contains("otpauth://totp/"), "{}", added.out);

    let again = place.run(&add);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("is there already"), "{}", again.err);

    assert_eq!(place.run(&["user", "disable", "ada.osei@northmoor.example"]).code, 0);
    let list = place.run(&["user", "list"]).out;
    assert!(list.contains("Ada Osei") && list.trim_end().ends_with("caseworker, SEND manager  (disabled)"), "{list}");
    assert_eq!(place.run(&["user", "disable", "nobody@northmoor.example"]).code, 1);
}

#[test]
fn a_password_from_standard_input_is_not_shown_and_must_be_long() {
    let place = Place::new();
    place.run(&["migrate"]);
    let add = ["user", "add", "bo@northmoor.example", "--name", "Bo", "--role", "analyst", "--password-stdin"];
    let short = place.run_with_input(&add, b"short\n");
    assert_eq!(short.code, 1);
    assert!(short.err.contains("use 12 characters or more"), "{}", short.err);
    let added = place.run_with_input(&add, b"violet tractor umbrella\n");
    assert_eq!(added.code, 0, "{}", added.err);
    assert!(!added.out.contains("violet") && !added.out.contains("Password:"), "{}", added.out);
}

#[test]
fn an_empty_audit_trail_is_whole() {
    let place = Place::new();
    place.run(&["migrate"]);
    let ran = place.run(&["verify-audit"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}
