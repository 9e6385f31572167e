//! Signing in takes a password and a code, each the right one, once.

use milepost::access::Role;
use milepost::accounts::Device;
use milepost::audit::Action;
use milepost::db::Db;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::databases::{self, on_both_databases};

#[tokio::test]
async fn staff_land_in_the_office_and_families_at_their_children() {
    let app = TestApp::on("2026-03-02").await;
    for (name, role, home) in [("Priya Nair", Role::Caseworker, "/office"), ("Grace Okafor", Role::Parent, "/citizen")]
    {
        let person = app.account(name, role).await;
        let code = app.code_of(&person);
        let mut browser = app.visitor();
        let answer = browser.pass_password(&person.email, PASSWORD).await;
        assert_eq!((answer.status, answer.location()), (303, "/sign-in/code?next="));
        let answer = browser.submit("/sign-in/code", &[("code", &code)]).await;
        assert_eq!((answer.status, answer.location()), (303, home));
        assert_eq!(browser.get(home).await.status, 200);
    }
    assert_eq!(app.noted(Action::SignedIn).await, 2);
}

#[tokio::test]
async fn the_page_asked_for_is_shown_after_signing_in() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    let mut browser = app.visitor();
    let sent = browser.get("/office/children?q=Ada").await.location().to_owned();
    assert_eq!(sent, "/sign-in?next=%2Foffice%2Fchildren%3Fq%3DAda");
    let to_code =
        browser.submit(&sent, &[("email", &person.email), ("password", PASSWORD)]).await.location().to_owned();
    let code = app.code_of(&person);
    let answer = browser.submit(&to_code, &[("code", &code)]).await;
    assert_eq!(answer.location(), "/office/children?q=Ada");
}

#[tokio::test]
async fn nobody_is_sent_to_another_site_after_signing_in() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    for elsewhere in [
        "//evil.test",
        "/\\evil.test",
        "https:evil.test",
        "/a\r\nset-cookie: x=y",
        "\\\\evil.test",
        "javascript:alert(1)",
    ] {
        let mut browser = app.visitor();
        browser.submit("/sign-in", &[("email", &person.email), ("password", PASSWORD), ("next", elsewhere)]).await;
        let code = app.code_of(&person);
        let answer = browser.submit("/sign-in/code", &[("code", &code), ("next", elsewhere)]).await;
        assert_eq!((answer.status, answer.location()), (303, "/office"), "{elsewhere:?}");
        app.pass_seconds(60);
    }
}

#[tokio::test]
async fn a_password_alone_opens_nothing() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    let mut browser = app.visitor();
    browser.pass_password(&person.email, PASSWORD).await;
    for route in
        milepost::web::ROUTES.iter().filter(|route| route.who != milepost::web::Who::Anyone && route.method == "GET")
    {
        let answer = browser.get(&crate::support::browser::an_address_of(route)).await;
        assert_eq!(answer.status, 303, "{route:?}");
        assert!(answer.location().starts_with("/sign-in?next="), "{route:?}");
    }
}

#[tokio::test]
async fn the_second_step_must_follow_within_ten_minutes() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    let mut browser = app.visitor();
    browser.pass_password(&person.email, PASSWORD).await;
    app.pass_seconds(601);
    let answer = browser.get("/sign-in/code").await;
    assert_eq!((answer.status, answer.location()), (303, "/sign-in"));
}

#[tokio::test]
async fn a_code_works_one_step_early_or_late_and_no_further() {
    let app = TestApp::on("2026-03-02").await;
    for (name, steps, good) in
        [("A A", -2, false), ("B B", -1, true), ("C C", 0, true), ("D D", 1, true), ("E E", 2, false)]
    {
        let person = app.account(name, Role::Caseworker).await;
        let mut browser = app.visitor();
        browser.pass_password(&person.email, PASSWORD).await;
        app.pass_seconds(30 * steps);
        let code = app.code_of(&person);
        app.pass_seconds(-30 * steps);
        let answer = browser.submit("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(answer.status, if good { 303 } else { 422 }, "{steps} steps away");
    }
}

#[tokio::test]
async fn a_code_works_once_and_burns_the_ones_before_it() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    let now = app.code_of(&person);
    app.pass_seconds(30);
    let next = app.code_of(&person);
    app.pass_seconds(-30);
    let mut browser = app.visitor();
    browser.pass_password(&person.email, PASSWORD).await;
    assert_eq!(browser.submit("/sign-in/code", &[("code", &next)]).await.status, 303);
    for code in [&next, &now] {
        let mut thief = app.visitor();
        thief.pass_password(&person.email, PASSWORD).await;
        assert_eq!(thief.submit("/sign-in/code", &[("code", code)]).await.status, 422);
        assert_eq!(thief.get("/office").await.status, 303);
    }
}

#[tokio::test]
async fn codes_may_be_typed_with_spaces_or_in_full_width_digits() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    let code = app.code_of(&person);
    let wide: String = code.chars().filter_map(|c| char::from_u32(c as u32 - '0' as u32 + '０' as u32)).collect();
    let typed = format!(" {} {} ", wide.chars().take(3).collect::<String>(), wide.chars().skip(3).collect::<String>());
    let mut browser = app.visitor();
    browser.pass_password(&person.email, PASSWORD).await;
    assert_eq!(browser.submit("/sign-in/code", &[("code", &typed)]).await.status, 303);
}

#[tokio::test]
async fn every_wrong_try_is_answered_with_the_same_page() {
    let app = TestApp::on("2026-03-02").await;
    let known = app.account("Priya Nair", Role::Caseworker).await;
    let gone = app.account("Tom Reed", Role::Caseworker).await;
    app.app.accounts.disable(&gone.email).await.expect("an account can be closed");
    let mut pages = Vec::new();
    for (email, password) in [
        (known.email.as_str(), "wrong password"),
        ("nobody@northmoor.example", "wrong password"),
        (gone.email.as_str(), PASSWORD),
        ("not an address", PASSWORD),
    ] {
        let mut browser = app.visitor();
        let answer = browser.pass_password(email, password).await;
        let names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        let words = answer.text();
        pages.push((answer.status, names, words, answer.body.contains(email)));
    }
    assert_eq!(pages[0].0, 422);
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:#?}");
}

#[tokio::test]
async fn six_wrong_codes_pause_sign_in_for_fifteen_minutes_across_a_restart() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    let mut browser = app.visitor();
    browser.pass_password(&person.email, PASSWORD).await;
    for _ in 0..5 {
        assert_eq!(browser.submit("/sign-in/code", &[("code", "000000")]).await.status, 422);
        app.pass_seconds(11);
    }
    let page = browser.get("/sign-in/code").await;
    let sixth = browser.submit_on(&page, "/sign-in/code", &[("code", "000000")]).await;
    assert_eq!((sixth.status, sixth.location()), (303, "/sign-in?again=codes"), "the half session is over");
    let restarted = app.another_node().await;
    let mut after = browser.on(&restarted);
    let right = app.code_of(&person);
    let answer = after.submit_on(&page, "/sign-in/code", &[("code", &right)]).await;
    assert_eq!((answer.status, answer.location()), (303, "/sign-in?again=codes"), "even with the right code");
    assert_eq!(after.pass_password(&person.email, PASSWORD).await.status, 422, "and so does the password");
    app.pass_minutes(15);
    assert_eq!(after.pass_password(&person.email, PASSWORD).await.status, 303);
    let right = app.code_of(&person);
    assert_eq!(after.submit("/sign-in/code", &[("code", &right)]).await.status, 303);
    assert!(app.noted(Action::SignInRefused).await >= 6, "refusals are in the trail");
}

#[tokio::test]
async fn a_half_session_is_of_one_account_alone() {
    let app = TestApp::on("2026-03-02").await;
    let (priya, tom) =
        (app.account("Priya Nair", Role::Caseworker).await, app.account("Tom Reed", Role::Caseworker).await);
    let mut browser = app.visitor();
    browser.pass_password(&priya.email, PASSWORD).await;
    let toms = app.code_of(&tom);
    assert_eq!(browser.submit("/sign-in/code", &[("code", &toms)]).await.status, 422);
}

/// Medians of many tries, each kind in turn, so that whatever else the machine does slows both alike.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_takes_as_long_for_somebody_unknown() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    let accounts = &app.app.accounts;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for at in 0..80 {
        for (email, times) in [(person.email.as_str(), &mut known), ("nobody@northmoor.example", &mut unknown)] {
            let began = std::time::Instant::now();
            let let_in = accounts.try_password(email, format!("wrong password {at}")).await.expect("asked");
            times.push(began.elapsed());
            assert!(let_in.is_none());
        }
        app.pass_minutes(16);
    }
    known.sort_unstable();
    unknown.sort_unstable();
    let (known, unknown) = (known[40], unknown[40]);
    assert!(known.abs_diff(unknown).as_millis() < 5, "known {known:?}, unknown {unknown:?}");
}

on_both_databases! {
    async fn many_guesses_at_once_are_worth_no_more_than_one(db: Db) {
        let app = app_on(db).await;
        let person = app.account("Priya Nair", Role::Caseworker).await;
        let half = app.app.accounts.try_password(&person.email, PASSWORD.into()).await.expect("asked").expect("a half session");
        let right = app.code_of(&person);
        let wrong = |at: u32| format!("{:06}", (right.parse::<u32>().expect("digits") + 1 + at) % 1_000_000);
        // One wrong guess has been looked at when the others come, the right one among them.
        assert!(app.app.accounts.try_code(&half, &wrong(0), &Device::default()).await.expect("asked").is_none());
        let guesses = (0..64).map(|at| {
            let (accounts, half) = (app.app.accounts.clone(), half.clone());
            let code = if at == 40 { right.clone() } else { wrong(at) };
            tokio::spawn(async move { accounts.try_code(&half, &code, &Device::default()).await.expect("asked").is_some() })
        });
        let mut let_in = 0;
        for guess in guesses.collect::<Vec<_>>() {
            let_in += usize::from(guess.await.expect("no panic"));
        }
        assert_eq!(let_in, 0);
        let next = app.app.accounts.try_password(&person.email, PASSWORD.into()).await.expect("asked");
        assert!(next.is_none(), "after so many guesses the account waits");
        app.pass_minutes(16);
        app.signed_in(&person).await;
    }

    async fn one_code_used_by_many_at_once_makes_one_session(db: Db) {
        let app = app_on(db).await;
        let person = app.account("Priya Nair", Role::Caseworker).await;
        let code = app.code_of(&person);
        let second_node = app.another_node().await;
        let mut halves = Vec::new();
        for at in 0..64 {
            let mut browser = app.visitor();
            browser.pass_password(&person.email, PASSWORD).await;
            halves.push(if at % 2 == 0 { browser } else { browser.on(&second_node) });
        }
        let mut pages = Vec::new();
        for mut browser in halves {
            let page = browser.get("/sign-in/code").await;
            pages.push((browser, page));
        }
        let tries = pages.into_iter().map(|(mut browser, page)| {
            let code = code.clone();
            tokio::spawn(async move { browser.submit_on(&page, "/sign-in/code", &[("code", &code)]).await.status })
        });
        let mut statuses = Vec::new();
        for tried in tries.collect::<Vec<_>>() {
            statuses.push(tried.await.expect("no panic"));
        }
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 63, "{statuses:?}");
    }
}

/// The macro gives a database; the service wants one of its own beside it.
pub async fn app_on(db: Db) -> TestApp {
    let fresh = match db.dialect() {
        milepost::db::Dialect::Sqlite => databases::sqlite().await,
        milepost::db::Dialect::Postgres => databases::postgres().await,
    };
    TestApp::on_database("2026-03-02", fresh).await
}
