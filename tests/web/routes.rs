//! Who may come in, for every route there is: the table of routes is the list that is walked.

use milepost::access::{Action, Role, may};
use milepost::web::{ROUTES, Who};

use crate::support::app::TestApp;
use crate::support::browser::{Browser, an_address_of};

/// A part of an address that no row has.
const MISSING: &str = "0123456789ABCDEFGHJKMNPQRS";

#[tokio::test]
async fn each_role_is_let_in_where_it_may_and_told_not_found_elsewhere() {
    let app = TestApp::on("2026-03-02").await;
    for role in Role::ALL {
        let mut browser = app.signed_in_as(role).await;
        for route in ROUTES.iter().filter(|route| route.method == "GET") {
            let (Who::May(action) | Who::Fresh(action)) = route.who else { continue };
            let answer = browser.get(&an_address_of(route)).await;
            let open = route.path.contains("{}");
            match may(&[role], action) {
                true if open => assert_eq!(answer.status, 404, "{role:?} {route:?}"),
                true => assert_eq!(answer.status, 200, "{role:?} {route:?}: {}", answer.text()),
                false => assert_eq!(answer.status, 404, "{role:?} {route:?}"),
            }
        }
    }
}

#[tokio::test]
async fn nobody_posts_what_their_role_may_not_do() {
    let app = TestApp::on("2026-03-02").await;
    for role in Role::ALL {
        let mut browser = app.signed_in_as(role).await;
        for route in ROUTES.iter().filter(|route| route.method == "POST") {
            let (Who::May(action) | Who::Fresh(action)) = route.who else { continue };
            // Everybody keeps an account of their own: `account.rs` tells of it.
            if action == Action::KeepOwnAccount {
                continue;
            }
            let token = token_of(&mut browser).await;
            let answer = browser.post(&an_address_of(route), &[("csrf", &token)]).await;
            if may(&[role], action) {
                assert!([404, 422].contains(&answer.status), "{role:?} {route:?}: {}", answer.status);
            } else {
                assert_eq!(answer.status, 404, "{role:?} {route:?}");
            }
        }
    }
    assert_eq!(app.count("children").await, 0);
}

#[tokio::test]
async fn what_is_not_yours_reads_like_what_is_not_there() {
    let app = TestApp::on("2026-03-02").await;
    let mut grace = app.signed_in_as(Role::Parent).await;
    let plain = |text: String, id: &str| text.replace(id, "");
    let mut seen = Vec::new();
    for path in
        ["/nothing", "/office", &format!("/office/children/{MISSING}"), &format!("/citizen/involvements/{MISSING}")]
    {
        let answer = grace.get(path).await;
        let id = answer.header("x-request-id").expect("an id").to_owned();
        seen.push((answer.status, plain(answer.text(), &id)));
    }
    assert_eq!(seen[0].0, 404);
    assert!(seen.iter().all(|page| *page == seen[0]), "{seen:#?}");
}

#[tokio::test]
async fn every_page_of_somebody_signed_in_has_a_way_out() {
    let app = TestApp::on("2026-03-02").await;
    let mut manager = app.signed_in_as(Role::SendManager).await;
    for path in ["/office", "/office/children", "/office/children/new", "/office/timelines", "/help"] {
        let page = manager.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains("action=\"/sign-out\""), "{path}");
    }
}

#[tokio::test]
async fn reading_changes_nothing_but_the_trail() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    for route in ROUTES.iter().filter(|route| route.method == "GET") {
        priya.get(&an_address_of(route)).await;
    }
    assert_eq!((app.count("children").await, app.count("involvements").await, app.count("sessions").await), (0, 0, 1));
}

async fn token_of(browser: &mut Browser) -> String {
    let page = browser.get("/help").await;
    let token = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    token.expect("the sign-out form has a token").to_owned()
}
