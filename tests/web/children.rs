//! A child's details, changed by hand.

use milepost::access::Role;

use crate::support::app::TestApp;
use crate::support::browser::Browser;

const ADA: [(&str, &str); 6] = [
    ("given_name", "Ada"),
    ("family_name", "Okafor"),
    ("born_on-day", "31"),
    ("born_on-month", "5"),
    ("born_on-year", "2019"),
    ("setting_name", "Alder Primary"),
];

async fn ada(browser: &mut Browser) -> String {
    browser.submit("/office/children/new", &ADA).await.location().to_owned()
}

fn ada_but(field: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    ADA.into_iter().filter(|(name, _)| *name != field).chain([(field, value)]).collect()
}

#[tokio::test]
async fn a_child_who_moves_to_another_school_keeps_everything_else() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let child = ada(&mut priya).await;
    let edit = format!("{child}/edit");
    let page = priya.get(&edit).await;
    assert!(page.body.contains("value=\"Alder Primary\"") && page.body.contains("value=\"2019\""), "{}", page.text());
    let saved = priya.submit_on(&page, &edit, &ada_but("setting_name", "Beck High")).await;
    assert_eq!((saved.status, saved.location()), (303, child.as_str()), "{}", saved.text());
    let text = priya.get(&child).await.text();
    assert!(text.contains("Setting Beck High") && text.contains("Friday 31 May 2019"), "{text}");
}

#[tokio::test]
async fn of_two_who_change_a_child_at_once_the_second_is_told_and_keeps_what_was_typed() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let child = ada(&mut priya).await;
    let edit = format!("{child}/edit");
    let stale = priya.get(&edit).await;
    app.pass_minutes(1);
    priya.submit(&edit, &ada_but("setting_name", "Beck High")).await;
    let answer = priya.submit_on(&stale, &edit, &ada_but("postcode", "NM1 1AA")).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Somebody else changed these details"), "{}", answer.text());
    assert!(answer.body.contains("value=\"NM1 1AA\""));
    let again = priya.submit_on(&answer, &edit, &ada_but("postcode", "NM1 1AA")).await;
    assert_eq!(again.status, 303, "{}", again.text());
}

#[tokio::test]
async fn a_number_of_another_child_is_refused_with_that_childs_reference() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let ben = [
        ("given_name", "Ben"),
        ("family_name", "Price"),
        ("born_on-day", "1"),
        ("born_on-month", "2"),
        ("born_on-year", "2018"),
        ("nhs_number", "943 476 5919"),
    ];
    assert_eq!(priya.submit("/office/children/new", &ben).await.status, 303);
    let child = ada(&mut priya).await;
    let answer = priya.submit(&format!("{child}/edit"), &ada_but("nhs_number", "9434765919")).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("That number belongs to"), "{}", answer.text());
}
