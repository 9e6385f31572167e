//! Who moves to another phase of education, as a caseworker finds them.

use milepost::access::Role;

use crate::support::app::TestApp;
use crate::support::browser::Browser;

async fn child(browser: &mut Browser, name: &'static str, born: [&'static str; 3], setting: &'static str) -> String {
    let fields = [
        ("given_name", name),
        ("family_name", "Okafor"),
        ("born_on-day", born[0]),
        ("born_on-month", born[1]),
        ("born_on-year", born[2]),
        ("setting_name", setting),
    ];
    browser.submit("/office/children/new", &fields).await.location().to_owned()
}

#[tokio::test]
async fn those_who_move_are_found_by_birthday_and_setting() {
    let app = TestApp::on("2026-11-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    child(&mut priya, "Ada", ["31", "8", "2016"], "Alder Primary School").await;
    child(&mut priya, "Ben", ["1", "9", "2016"], "Alder Primary School").await;
    child(&mut priya, "Cal", ["2", "2", "2011"], "Northmoor High School").await;
    child(&mut priya, "Dee", ["2", "2", "2011"], "Northmoor Sixth Form College").await;
    let everybody = priya.get("/office/phase-transfers?whom=everybody").await;
    assert_eq!(everybody.heading(), "Phase transfers in September 2027");
    let text = everybody.text();
    assert!(text.contains("Okafor, Ada") && text.contains("Primary to secondary"), "{text}");
    assert!(text.contains("Okafor, Cal") && text.contains("Secondary to post-16"), "{text}");
    assert!(!text.contains("Okafor, Ben") && !text.contains("Okafor, Dee"), "{text}");
    let with_plan = priya.get("/office/phase-transfers").await.text();
    assert!(with_plan.contains("Nobody with a plan moves in this year."), "{with_plan}");
    let year_after = priya.get("/office/phase-transfers?whom=everybody&year=2028").await.text();
    assert!(year_after.contains("Okafor, Ben") && !year_after.contains("Okafor, Ada"), "{year_after}");
    let nonsense = priya.get("/office/phase-transfers?year=99999&page=-3").await;
    assert_eq!((nonsense.status, nonsense.heading().as_str()), (200, "Phase transfers in September 2027"));
}

#[tokio::test]
async fn a_child_with_a_plan_from_elsewhere_is_on_the_list_without_being_asked_for() {
    let app = TestApp::on("2026-11-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let ada = child(&mut priya, "Ada", ["31", "8", "2016"], "Alder Primary School").await;
    let moved = [
        ("on-day", "2"),
        ("on-month", "10"),
        ("on-year", "2026"),
        ("fact-old-authority", "Southmoor Council"),
        ("fact-plan-made-day", "1"),
        ("fact-plan-made-month", "9"),
        ("fact-plan-made-year", "2025"),
    ];
    assert_eq!(priya.submit(&format!("{ada}/open?timeline=transfer-in"), &moved).await.status, 303);
    let list = priya.get("/office/phase-transfers").await.text();
    assert!(list.contains("Okafor, Ada") && list.contains("Not begun"), "{list}");
}
