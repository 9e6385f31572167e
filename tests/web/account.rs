//! My account: what everybody sees and changes of their own, and the fresh code that dangerous acts want.

use milepost::access::Action::KeepOwnAccount;
use milepost::access::Role;
use milepost::audit::Action;
use milepost::web::{ROUTES, Who};

use crate::support::app::{PASSWORD, Person, TestApp};
use crate::support::browser::{Browser, an_address_of};

const NEW_PASSWORD: &str = "a parliament of owls";

async fn grace(app: &TestApp) -> (Person, Browser) {
    let person = app.account("Grace Okafor", Role::Parent).await;
    let browser = app.signed_in(&person).await;
    (person, browser)
}

/// Gives a new code where one is asked for; gives where that leads.
async fn prove(app: &TestApp, browser: &mut Browser, person: &Person, to: &str) -> String {
    assert!(to.starts_with("/account/prove?next="), "{to}");
    let code = app.code_of(person);
    let answer = browser.submit(to, &[("code", &code)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().to_owned()
}

#[tokio::test]
async fn everybody_sees_their_own_account_whatever_their_role() {
    let app = TestApp::on("2026-03-02").await;
    for role in Role::ALL {
        let mut browser = app.signed_in_as(role).await;
        let page = browser.get("/account").await;
        assert_eq!(page.status, 200, "{role:?}");
        assert!(page.text().contains(&format!("Priya {role:?}")), "{}", page.text());
    }
}

#[tokio::test]
async fn a_code_older_than_ten_minutes_opens_nothing_dangerous() {
    let app = TestApp::on("2026-03-02").await;
    let (_, mut grace) = grace(&app).await;
    let page = grace.get("/account").await;
    app.pass_seconds(10 * 60 + 1);
    let mut dangerous = 0;
    for route in ROUTES.iter().filter(|route| route.who == Who::Fresh(KeepOwnAccount)) {
        let address = an_address_of(route);
        let answer = match route.method {
            "GET" => grace.get(&address).await,
            _ => grace.post(&address, &[("csrf", &page.hidden_csrf()), ("leave", "yes")]).await,
        };
        assert_eq!(answer.status, 303, "{route:?}");
        assert!(answer.location().starts_with("/account/prove?next="), "{route:?}: {}", answer.location());
        dangerous += 1;
    }
    assert!(dangerous >= 10, "{dangerous}");
    for undone in [Action::PasswordChanged, Action::RecoveryCodesMade, Action::AccountClosed, Action::SecondStepChanged]
    {
        assert_eq!(app.noted(undone).await, 0, "{undone:?}");
    }
}

#[tokio::test]
async fn moving_what_runs_to_another_version_wants_a_fresh_code() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Miriam Cole", Role::SendManager).await;
    let mut miriam = app.signed_in(&person).await;
    let page = miriam.get("/account").await;
    app.pass_minutes(11);
    let address = "/office/timelines/ehc-needs-assessment/move?from=2&to=3";
    let asked = miriam.post(address, &[("csrf", &page.hidden_csrf())]).await;
    let kept = prove(&app, &mut miriam, &person, asked.location()).await;
    let shown = miriam.get(&kept).await;
    assert!(
        shown.body.contains("action=\"/office/timelines/ehc-needs-assessment/move?from&#x3D;2&amp;to&#x3D;3\""),
        "{}",
        shown.body
    );
}

#[tokio::test]
async fn the_trail_says_in_which_session_something_was_done() {
    let app = TestApp::on("2026-03-02").await;
    let (_, mut grace) = grace(&app).await;
    grace.get("/citizen").await;
    let rows = app.app.db.read(async |c| {
        let sql = "select count(*) as n from audit a join sessions s on s.id = a.session_id";
        c.fetch_optional(sql, milepost::params![]).await
    });
    let counted: i64 = rows.await.expect("asked").expect("a row").get("n").expect("a number");
    assert!(counted >= 1, "{counted}");
}

#[tokio::test]
async fn a_form_that_wants_a_fresh_code_is_kept_and_sent_after_it() {
    let app = TestApp::on("2026-03-02").await;
    let (person, mut grace) = grace(&app).await;
    let page = grace.get("/account/contact").await;
    app.pass_minutes(11);
    let typed = [("phone", "01632 960 123"), ("contact_by", "phone")];
    let asked = grace.submit_on(&page, "/account/contact", &typed).await;
    assert_eq!(app.noted(Action::AccountChanged).await, 0, "nothing is done yet");
    let old_cookie = grace.cookie.clone();
    let kept = prove(&app, &mut grace, &person, asked.location()).await;
    assert_ne!(grace.cookie, old_cookie, "the session goes on under another cookie");
    let mut thief = app.visitor();
    thief.cookie = old_cookie;
    assert_eq!(thief.get("/account").await.status, 303, "and the old one is dead");

    let shown = grace.get(&kept).await;
    assert!(shown.text().contains("01632 960 123"), "{}", shown.text());
    let done = grace.submit_on(&shown, "/account/contact", &[]).await;
    assert_eq!((done.status, done.location()), (303, "/account"), "{}", done.text());
    assert!(grace.get("/account").await.text().contains("01632 960 123"));
    assert_eq!(grace.get(&kept).await.status, 404, "it is sent, and not kept any more");
    assert_eq!(app.noted(Action::AccountChanged).await, 1);
}

#[tokio::test]
async fn a_form_kept_in_one_session_is_not_shown_in_another_that_is_open() {
    let app = TestApp::on("2026-03-02").await;
    let (person, mut at_home) = grace(&app).await;
    let page = at_home.get("/account/contact").await;
    app.pass_minutes(11);
    let mut in_the_library = app.signed_in(&person).await;
    let asked = at_home.submit_on(&page, "/account/contact", &[("phone", "01632 960 123")]).await;
    app.pass_minutes(1);
    let kept = prove(&app, &mut at_home, &person, asked.location()).await;
    assert_eq!(in_the_library.get(&kept).await.status, 404);
    assert_eq!(at_home.get(&kept).await.status, 200);
}

#[tokio::test]
async fn passwords_are_not_kept_and_are_asked_for_again() {
    let app = TestApp::on("2026-03-02").await;
    let (person, mut grace) = grace(&app).await;
    let page = grace.get("/account/password").await;
    app.pass_minutes(11);
    let typed = [("current-password", PASSWORD), ("new-password", NEW_PASSWORD)];
    let asked = grace.submit_on(&page, "/account/password", &typed).await;
    let kept = prove(&app, &mut grace, &person, asked.location()).await;
    let shown = grace.get(&kept).await;
    assert!(!shown.body.contains(NEW_PASSWORD) && !shown.body.contains(PASSWORD));
    let again = grace.submit_on(&shown, "/account/password", &[]).await;
    assert_eq!(again.status, 422);
    assert!(again.text().contains("Enter your password"), "{}", again.text());
    assert_eq!(grace.submit_on(&again, "/account/password", &typed).await.status, 303);
}

#[tokio::test]
async fn six_wrong_codes_end_the_session_of_whoever_types_them() {
    let app = TestApp::on("2026-03-02").await;
    let (_, mut thief) = grace(&app).await;
    app.pass_minutes(11);
    let page = thief.get("/account/prove?next=/account/leave").await;
    for _ in 0..5 {
        assert_eq!(thief.submit_on(&page, "/account/prove", &[("code", "000000")]).await.status, 422);
        app.pass_seconds(11);
    }
    let sixth = thief.submit_on(&page, "/account/prove", &[("code", "000000")]).await;
    assert_eq!((sixth.status, sixth.location()), (303, "/sign-in?again=codes"));
    assert_eq!(thief.get("/account").await.status, 303);
}

#[tokio::test]
async fn after_a_fresh_code_nobody_is_sent_to_another_site() {
    let app = TestApp::on("2026-03-02").await;
    let (person, mut grace) = grace(&app).await;
    for elsewhere in ["//evil.test", "https://evil.test", "/\\evil.test", ""] {
        app.pass_minutes(1);
        let code = app.code_of(&person);
        let answer = grace.submit("/account/prove", &[("code", &code), ("next", elsewhere)]).await;
        assert_eq!((answer.status, answer.location()), (303, "/account"), "{elsewhere:?}");
    }
}

#[tokio::test]
async fn a_changed_password_is_the_one_that_works_and_signs_out_everywhere_else() {
    let app = TestApp::on("2026-03-02").await;
    let (person, mut grace) = grace(&app).await;
    app.pass_minutes(1);
    let mut elsewhere = app.signed_in(&person).await;
    for (current, new, what) in [
        ("not her password", NEW_PASSWORD, "That is not your password"),
        (PASSWORD, "short", "use 12 characters or more"),
        (PASSWORD, "grace.okafor2026", "it must not be made of a name"),
        ("", NEW_PASSWORD, "Enter your password"),
    ] {
        let typed = [("current-password", current), ("new-password", new)];
        let answer = grace.submit("/account/password", &typed).await;
        assert_eq!(answer.status, 422, "{what}");
        assert!(answer.text().contains(what), "{}", answer.text());
    }
    let typed = [("current-password", PASSWORD), ("new-password", NEW_PASSWORD)];
    assert_eq!(grace.submit("/account/password", &typed).await.location(), "/account");
    assert_eq!(grace.get("/account").await.status, 200);
    assert_eq!(elsewhere.get("/account").await.status, 303, "signed out elsewhere");
    let mut again = app.visitor();
    assert_eq!(again.pass_password(&person.email, PASSWORD).await.status, 422);
    assert_eq!(again.pass_password(&person.email, NEW_PASSWORD).await.status, 303);
    assert_eq!(app.noted(Action::PasswordChanged).await, 1);
}

#[tokio::test]
async fn wrong_passwords_at_an_open_screen_are_slowed_as_at_the_door() {
    let app = TestApp::on("2026-03-02").await;
    let (_, mut thief) = grace(&app).await;
    let page = thief.get("/account/password").await;
    for guess in 0..6 {
        let typed = [("current-password", &*format!("guess number {guess}")), ("new-password", NEW_PASSWORD)];
        assert_eq!(thief.submit_on(&page, "/account/password", &typed).await.status, 422);
        app.pass_seconds(11);
    }
    let typed = [("current-password", PASSWORD), ("new-password", NEW_PASSWORD)];
    assert_eq!(thief.submit_on(&page, "/account/password", &typed).await.status, 422, "even the right one waits");
    assert_eq!(app.noted(Action::PasswordChanged).await, 0);
}

#[tokio::test]
async fn another_app_takes_the_place_of_the_old_one_once_it_shows_its_code() {
    let app = TestApp::on("2026-03-02").await;
    let (person, mut grace) = grace(&app).await;
    let page = grace.get("/account/two-step").await;
    let seed = crate::second_step::seed_on(&page);
    let code = milepost::accounts::code_at(&seed, app.clock.now()).expect("a code");
    let wrong = grace.submit_on(&page, "/account/two-step", &[("code", "000000")]).await;
    assert_eq!(wrong.status, 422);
    assert!(!wrong.body.contains("id=\"key\""), "a key is written out once");
    assert_eq!(grace.submit_on(&wrong, "/account/two-step", &[("code", &code)]).await.location(), "/account");
    assert_eq!(app.noted(Action::SecondStepChanged).await, 1);

    app.pass_minutes(1);
    let mut again = app.visitor();
    again.pass_password(&person.email, PASSWORD).await;
    let old = app.code_of(&person);
    assert_eq!(again.submit("/sign-in/code", &[("code", &old)]).await.status, 422);
    let new = milepost::accounts::code_at(&seed, app.clock.now()).expect("a code");
    assert_eq!(again.submit("/sign-in/code", &[("code", &new)]).await.status, 303);
}

#[tokio::test]
async fn new_recovery_codes_end_the_ones_before() {
    let app = TestApp::on("2026-03-02").await;
    let (person, mut grace) = grace(&app).await;
    assert!(grace.get("/account").await.text().contains("None left"));
    let first = grace.submit("/account/recovery-codes", &[]).await;
    let first = crate::second_step::codes_on(&first);
    assert_eq!(first.len(), 10);
    assert!(grace.get("/account").await.text().contains("10 left"));
    let second = crate::second_step::codes_on(&grace.submit("/account/recovery-codes", &[]).await);
    let mut again = app.visitor();
    again.pass_password(&person.email, PASSWORD).await;
    assert_eq!(again.submit("/sign-in/recovery-code", &[("code", &first[0])]).await.status, 422);
    assert_eq!(again.submit("/sign-in/recovery-code", &[("code", &second[0])]).await.status, 303);
}

#[tokio::test]
async fn people_see_where_they_are_signed_in_and_sign_out_elsewhere() {
    let app = TestApp::on("2026-03-02").await;
    let (person, mut here) = grace(&app).await;
    app.pass_minutes(1);
    let mut telephone = app.signed_in(&person).await;
    app.pass_minutes(1);
    let mut library = app.signed_in(&person).await;
    let page = here.get("/account/sign-ins").await;
    assert_eq!(page.body.matches("Sign this one out").count(), 2, "{}", page.text());
    assert_eq!(page.text().matches("(this one)").count(), 1);
    let action = |page: &crate::support::browser::Answer| {
        let at = page.body.split("action=\"").find(|rest| rest.starts_with("/account/sign-ins/")).expect("a form");
        at.split('"').next().expect("an address").to_owned()
    };
    // The newest click is shown first: the library's.
    let first = action(&page);
    assert_eq!(here.submit_on(&page, &first, &[]).await.status, 303);
    assert_eq!(library.get("/account").await.status, 303);
    assert_eq!(telephone.get("/account").await.status, 200);

    let other = app.account("Daniel Whitlock", Role::Parent).await;
    let mut daniel = app.signed_in(&other).await;
    let page = here.get("/account/sign-ins").await;
    let graces = action(&page);
    let daniels = daniel.get("/account/sign-ins").await;
    let token = daniels.hidden_csrf();
    assert_eq!(daniel.post(&graces, &[("csrf", &token)]).await.status, 404, "nobody signs somebody else out");

    let page = here.get("/account/sign-ins").await;
    assert_eq!(here.submit_on(&page, "/account/sign-ins/end-others", &[]).await.status, 303);
    assert_eq!(telephone.get("/account").await.status, 303);
    assert_eq!(here.get("/account").await.status, 200);
    assert_eq!(daniel.get("/account").await.status, 200);
}

#[tokio::test]
async fn the_last_twenty_sign_ins_are_listed_with_the_wrong_tries_before_them() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Grace Okafor", Role::Parent).await;
    for _ in 0..21 {
        app.signed_in(&person).await;
        app.pass_minutes(1);
    }
    let mut thief = app.visitor();
    thief.pass_password(&person.email, "guess").await;
    thief.pass_password(&person.email, "another guess").await;
    app.pass_minutes(1);
    let mut grace = app.visitor();
    grace.pass_password(&person.email, PASSWORD).await;
    let page = grace.get("/sign-in/code").await;
    let code = app.code_of(&person);
    let fields = [("csrf", page.hidden("csrf")), ("code", code)];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    grace.post_with("/sign-in/code", &fields, &[("sec-fetch-site", "same-origin"), ("user-agent", firefox)]).await;
    let page = grace.get("/account/sign-ins").await;
    assert!(page.text().contains("2 March 2026 at 9:22am Firefox on Linux, after 2 wrong tries"), "{}", page.text());
    let listed = page.body.rsplit("<ul").next().map_or(0, |list| list.matches("<li>").count());
    assert!(page.body.contains("The last times you signed in"));
    let last = page.body.split("The last times you signed in").nth(1).expect("the list");
    assert_eq!(last.split("</ul>").next().map_or(0, |list| list.matches("<li>").count()), 20, "{listed}");
}

#[tokio::test]
async fn whoever_leaves_is_out_at_once_and_what_they_did_stays() {
    let app = TestApp::on("2026-03-02").await;
    let (person, mut grace) = grace(&app).await;
    app.pass_minutes(1);
    let mut elsewhere = app.signed_in(&person).await;
    let before = app.noted(Action::SignedIn).await;
    assert_eq!(grace.submit("/account/leave", &[]).await.status, 422, "not without saying so");
    let left = grace.submit("/account/leave", &[("leave", "yes")]).await;
    assert_eq!((left.status, left.location()), (303, "/"));
    assert!(left.header("clear-site-data").is_some());
    assert_eq!(elsewhere.get("/account").await.status, 303);
    assert_eq!(app.visitor().pass_password(&person.email, PASSWORD).await.status, 422);
    assert_eq!(app.noted(Action::SignedIn).await, before);
    assert_eq!(app.noted(Action::AccountClosed).await, 1);
    assert!(app.app.accounts.by_email(&person.email).await.is_ok(), "the account is closed, not erased");
}

#[tokio::test]
async fn a_page_says_when_its_session_ends_and_a_click_puts_that_off() {
    let app = TestApp::on("2026-03-02").await;
    let (_, mut grace) = grace(&app).await;
    let page = grace.get("/account").await;
    assert!(page.body.contains("You are signed out after an hour without a click"), "stated without JavaScript");
    assert!(page.body.contains("data-seconds=\"3600\" data-can-be-later=\"true\""));
    app.pass_minutes(56);
    let stay = grace.get("/account/stay").await;
    assert_eq!((stay.status, stay.body.as_str()), (200, "{\"seconds\":3600,\"canBeLater\":true}"));
    app.pass_minutes(56);
    assert_eq!(grace.get("/account").await.status, 200);
    assert_eq!(app.visitor().get("/help").await.body.matches("session-ends").count(), 0, "nobody's session ends there");
}

#[tokio::test]
async fn the_overall_limit_is_told_and_cannot_be_put_off() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    for _ in 0..47 {
        app.pass_minutes(15);
        assert_eq!(priya.get("/account").await.status, 200);
    }
    let page = priya.get("/account").await;
    assert!(page.body.contains("data-seconds=\"900\" data-can-be-later=\"false\""));
}
