//! Closures of settings, from the list to the exemption they explain.

use milepost::access::Role;

use crate::support::app::TestApp;

const SUMMER: [(&str, &str); 7] = [
    ("setting", "Alder Primary"),
    ("from-day", "18"),
    ("from-month", "7"),
    ("from-year", "2026"),
    ("reopens_on-day", "2"),
    ("reopens_on-month", "9"),
    ("reopens_on-year", "2026"),
];

const AGREE: [(&str, &str); 5] =
    [("on-day", "15"), ("on-month", "7"), ("on-year", "2026"), ("fact-decided-by", "panel"), ("told", "Decision")];

#[tokio::test]
async fn a_closure_warns_before_advice_is_asked_for_and_fills_in_the_exemption() {
    let app = TestApp::on("2026-07-15").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let added = priya.submit("/office/closures/new", &SUMMER).await;
    assert_eq!((added.status, added.location()), (303, "/office/closures"));
    let list = priya.get("/office/closures?q=alder").await.text();
    assert!(list.contains("Saturday 18 July 2026") && list.contains("46 days"), "{list}");

    let child = [
        ("given_name", "Ada"),
        ("family_name", "Okafor"),
        ("born_on-day", "31"),
        ("born_on-month", "5"),
        ("born_on-year", "2019"),
        ("setting_name", "ALDER primary"),
    ];
    let child = priya.submit("/office/children/new", &child).await.location().to_owned();
    let received = [
        ("timeline", "ehc-needs-assessment"),
        ("on-day", "29"),
        ("on-month", "6"),
        ("on-year", "2026"),
        ("fact-requested-by", "parent"),
    ];
    let involvement =
        priya.submit(&format!("{child}/open?timeline=ehc-needs-assessment"), &received).await.location().to_owned();

    let agree = format!("{involvement}/do/fire/agree-to-assess");
    let page = priya.get(&agree).await.text();
    let warning =
        "due on Wednesday 26 August 2026, while Alder Primary is closed from 18 Jul 2026 and opens again on 2 Sep 2026";
    assert!(page.contains(warning), "{page}");
    let agreed = priya.submit(&agree, &AGREE).await;
    assert_eq!(agreed.status, 303, "{}", agreed.text());
    assert!(priya.get(&involvement).await.text().contains("Alder Primary is closed from 18 Jul 2026"));

    let exempt = priya.get(&format!("{involvement}/do/exempt/final-plan")).await;
    assert!(exempt.text().contains("It was asked in the window of that closure"), "{}", exempt.text());
    let filled = |name: &str, value: &str| {
        let field =
            exempt.body.split("<input").find(|input| input.contains(&format!("name=\"{name}\""))).unwrap_or_default();
        assert!(field.contains(&format!("value=\"{value}\"")), "{name}: {field}");
    };
    filled("from-day", "18");
    filled("until-month", "9");
}

#[tokio::test]
async fn a_closure_is_removed_only_after_a_second_look() {
    let app = TestApp::on("2026-07-15").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    priya.submit("/office/closures/new", &SUMMER).await;
    let links = priya.get("/office/closures").await.links();
    let path = links.into_iter().find(|link| link.ends_with("/remove")).expect("it can be removed");
    assert!(priya.get(&path).await.text().contains("Remove this closure?"));
    assert_eq!(priya.submit(&path, &[]).await.location(), "/office/closures");
    assert!(priya.get("/office/closures").await.text().contains("No closures to come are recorded"));
    assert_eq!(priya.get(&path).await.status, 404);
}

#[tokio::test]
async fn a_closure_that_ends_before_it_begins_keeps_what_was_typed() {
    let app = TestApp::on("2026-07-15").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let page = priya.get("/office/closures/new").await;
    let mut backwards = SUMMER;
    backwards[6] = ("reopens_on-year", "2025");
    let answer = priya.submit_on(&page, "/office/closures/new", &backwards).await;
    assert_eq!(answer.status, 422);
    let text = answer.text();
    assert!(text.contains("The day it opens again must be after the first day it is closed"), "{text}");
    assert!(answer.body.contains("value=\"Alder Primary\"") && answer.body.contains("value=\"2025\""));
}
