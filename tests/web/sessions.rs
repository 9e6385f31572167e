//! Sessions: a cookie that tells nothing, changes at every step, and ends by itself.

use milepost::access::Role;

use crate::support::app::{PASSWORD, TestApp};

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let app = TestApp::on("2026-03-02").await;
    let answer = app.visitor().get("/sign-in").await;
    let set = answer.header("set-cookie").expect("a cookie for the form");
    assert!(set.starts_with("__Host-s="), "{set}");
    for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        assert!(set.contains(part), "{part} is not in {set}");
    }
    assert!(!set.contains("Domain"), "{set}");
    for path in ["/", "/help", "/assets/app.css", "/health", "/nothing"] {
        assert_eq!(app.visitor().get(path).await.header("set-cookie"), None, "{path} needs no cookie");
    }
}

#[tokio::test]
async fn each_step_of_signing_in_changes_the_cookie() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    let mut browser = app.visitor();
    // Somebody planted this cookie before the person signed in.
    browser.cookie = Some("A".repeat(52));
    let code = app.code_of(&person);
    browser.pass_password(&person.email, PASSWORD).await;
    let half = browser.cookie.clone();
    browser.submit("/sign-in/code", &[("code", &code)]).await;
    let full = browser.cookie.clone();
    assert_ne!(half, Some("A".repeat(52)));
    assert_ne!(full, half);
    assert_eq!(browser.get("/office").await.status, 200);
    for old in [Some("A".repeat(52)), half] {
        let mut thief = app.visitor();
        thief.cookie = old;
        assert_eq!(thief.get("/office").await.status, 303);
    }
}

#[tokio::test]
async fn the_database_holds_nothing_that_signs_anybody_in() {
    let app = TestApp::on("2026-03-02").await;
    let priya = app.signed_in_as(Role::Caseworker).await;
    let file = app.fresh.url.strip_prefix("sqlite:").expect("a SQLite file");
    let cookie = priya.cookie.expect("a cookie").into_bytes();
    for file in [file.to_owned(), format!("{file}-wal")] {
        let bytes = std::fs::read(&file).expect("the file can be read");
        assert!(!bytes.windows(cookie.len()).any(|window| window == cookie), "{file} holds the cookie");
    }
}

#[tokio::test]
async fn staff_are_signed_out_after_half_an_hour_without_a_click() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    app.pass_minutes(30);
    assert_eq!(priya.get("/office").await.status, 200);
    app.pass_seconds(30 * 60 + 1);
    assert_eq!(priya.get("/office").await.status, 303);
}

#[tokio::test]
async fn families_are_signed_out_after_an_hour_without_a_click() {
    let app = TestApp::on("2026-03-02").await;
    let mut grace = app.signed_in_as(Role::Parent).await;
    app.pass_minutes(60);
    assert_eq!(grace.get("/citizen").await.status, 200);
    app.pass_seconds(60 * 60 + 1);
    assert_eq!(grace.get("/citizen").await.status, 303);
}

#[tokio::test]
async fn however_busy_a_session_ends_after_half_a_day_or_a_day() {
    let app = TestApp::on("2026-03-02").await;
    for (role, path, quarters) in [(Role::Caseworker, "/office", 48), (Role::Parent, "/citizen", 96)] {
        let mut browser = app.signed_in_as(role).await;
        for _ in 0..quarters {
            app.pass_minutes(15);
            assert_eq!(browser.get(path).await.status, 200);
        }
        app.pass_minutes(1);
        assert_eq!(browser.get(path).await.status, 303, "{role:?}");
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_lengthens_no_session() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    app.pass_minutes(-31);
    assert_eq!(priya.get("/office").await.status, 303);
}

#[tokio::test]
async fn signing_out_ends_the_session_everywhere_and_cleans_the_browser() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let other_node = app.another_node().await;
    let mut kept = priya.on(&other_node);
    assert_eq!(kept.get("/office").await.status, 200);
    let page = priya.get("/office").await;
    let token =
        page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
    let answer = priya.post("/sign-out", &[("csrf", token)]).await;
    assert_eq!((answer.status, answer.location()), (303, "/"));
    assert_eq!(answer.header("clear-site-data"), Some("\"cache\", \"cookies\", \"storage\""));
    assert!(answer.header("set-cookie").is_some_and(|set| set.contains("Max-Age=0")));
    assert_eq!(kept.get("/office").await.status, 303, "the old cookie is dead on the other node too");
}

#[tokio::test]
async fn a_closed_account_is_out_at_once() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Tom Reed", Role::Caseworker).await;
    let mut tom = app.signed_in(&person).await;
    app.app.accounts.disable(&person.email).await.expect("an account can be closed");
    assert_eq!(tom.get("/office").await.status, 303);
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn a_new_second_step_or_password_ends_every_session() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    let mut priya = app.signed_in(&person).await;
    app.app.accounts.reset_second_step(&person.email).await.expect("a new second step");
    assert_eq!(priya.get("/office").await.status, 303);
    let mut again = app.visitor();
    again.pass_password(&person.email, PASSWORD).await;
    let old = app.code_of(&person);
    assert_eq!(again.submit("/sign-in/code", &[("code", &old)]).await.status, 422, "the old app's codes are dead");
    app.app.accounts.reset_password(&person.email, "a parliament of owls".into()).await.expect("a new password");
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn a_cookie_of_nonsense_is_no_cookie() {
    let app = TestApp::on("2026-03-02").await;
    for nonsense in ["", "x", "' or 1=1 --", "..%2f..", &"9".repeat(52), &"z".repeat(4000)] {
        let mut browser = app.visitor();
        browser.cookie = Some(nonsense.to_owned());
        assert_eq!(browser.get("/office").await.status, 303, "{nonsense}");
        assert_eq!(browser.get("/sign-in").await.status, 200, "{nonsense}");
    }
}
