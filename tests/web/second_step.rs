//! Setting up the second step, and what happens when the app is lost.

use milepost::access::Role;
use milepost::accounts::{NewAccount, code_at};
use milepost::audit::Action;
use milepost::web::{ROUTES, Who};

use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Answer, Browser, an_address_of};
use crate::support::databases::on_both_databases;

const SET_UP: &str = "/account/two-step/set-up";
const GRACE: &str = "grace@family.example";

/// An account whose second step is still to be set up, and a browser that has given its password.
async fn newcomer(app: &TestApp) -> Browser {
    let new = NewAccount {
        email: GRACE.into(),
        display_name: "Grace Okafor".into(),
        roles: vec![Role::Parent],
        password: PASSWORD.into(),
    };
    app.app.accounts.add(new).await.expect("an account can be made");
    let mut browser = app.visitor();
    let answer = browser.pass_password(GRACE, PASSWORD).await;
    assert_eq!((answer.status, answer.location()), (303, "/account/two-step/set-up?next="));
    browser
}

/// The seed that a page shows, as an app would read it.
pub fn seed_on(page: &Answer) -> Vec<u8> {
    let key = page.body.split("id=\"key\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a key");
    let bits = key.chars().filter(|c| *c != ' ').map(|c| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).expect("base 32"));
    let (mut seed, mut held, mut bits_held) = (Vec::new(), 0_u32, 0);
    for five in bits {
        held = (held << 5) | u32::try_from(five).expect("five bits");
        bits_held += 5;
        if bits_held >= 8 {
            bits_held -= 8;
            seed.push(u8::try_from((held >> bits_held) & 0xff).expect("eight bits"));
        }
    }
    seed
}

pub fn codes_on(page: &Answer) -> Vec<String> {
    let list = page.body.split("<ol").nth(1).and_then(|rest| rest.split("</ol>").next()).unwrap_or_default();
    list.split("<li>").skip(1).filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect()
}

/// Goes through setting up; gives the new app's seed and the recovery codes.
async fn set_up(app: &TestApp, browser: &mut Browser) -> (Vec<u8>, Vec<String>) {
    let page = browser.get(SET_UP).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let seed = seed_on(&page);
    let code = code_at(&seed, app.clock.now()).expect("a code");
    let codes = browser.submit_on(&page, SET_UP, &[("code", &code)]).await;
    assert_eq!((codes.status, codes.heading().as_str()), (200, "Keep your recovery codes"), "{}", codes.text());
    (seed, codes_on(&codes))
}

async fn sign_in_with(app: &TestApp, seed: &[u8]) -> Answer {
    let mut browser = app.visitor();
    browser.pass_password(GRACE, PASSWORD).await;
    let code = code_at(seed, app.clock.now()).expect("a code");
    let page = browser.get("/sign-in/code").await;
    if page.status == 200 { browser.submit_on(&page, "/sign-in/code", &[("code", &code)]).await } else { page }
}

#[tokio::test]
async fn somebody_new_sets_up_an_app_and_keeps_ten_codes_before_anything_else() {
    let app = TestApp::on("2026-03-02").await;
    let mut grace = newcomer(&app).await;
    let page = grace.get(SET_UP).await;
    let seed = seed_on(&page);
    assert_eq!(seed.len(), 20, "160 bits");
    assert!(page.body.contains("role=\"img\" aria-label=\"QR code"), "{}", page.text());
    let code = code_at(&seed, app.clock.now()).expect("a code");
    let shown = grace.submit_on(&page, SET_UP, &[("code", &code)]).await;
    let codes = codes_on(&shown);
    assert_eq!(codes.len(), 10);
    assert_eq!(grace.get("/citizen").await.status, 200, "signed in");

    let untouched = grace.submit_on(&shown, "/account/recovery-codes/kept", &[]).await;
    assert_eq!(untouched.status, 422);
    assert!(untouched.text().contains("Tick the box"), "{}", untouched.text());
    assert!(!codes.iter().any(|code| untouched.body.contains(code)), "codes are shown once");
    let kept = grace.submit_on(&shown, "/account/recovery-codes/kept", &[("kept", "yes")]).await;
    assert_eq!((kept.status, kept.location()), (303, "/citizen"));

    assert_eq!(grace.get(SET_UP).await.status, 404, "it is set up");
    app.pass_seconds(60);
    assert_eq!(sign_in_with(&app, &seed).await.location(), "/citizen");
    assert_eq!(app.noted(Action::SecondStepSetUp).await, 1);
}

#[tokio::test]
async fn until_it_is_set_up_nothing_else_opens() {
    let app = TestApp::on("2026-03-02").await;
    let mut grace = newcomer(&app).await;
    for route in ROUTES.iter().filter(|route| route.method == "GET" && matches!(route.who, Who::May(_) | Who::Fresh(_)))
    {
        let answer = grace.get(&an_address_of(route)).await;
        assert_eq!(answer.status, 303, "{route:?}");
        assert!(answer.location().starts_with("/sign-in?next="), "{route:?}");
    }
    let page = grace.get(SET_UP).await;
    let answer = grace.submit_on(&page, "/account/recovery-codes/kept", &[("kept", "yes")]).await;
    assert_eq!(answer.status, 403);
    for code in ["000000", "", "123456"] {
        let page = grace.get("/sign-in/code").await;
        assert_eq!(grace.submit_on(&page, "/sign-in/code", &[("code", code)]).await.status, 422, "there is no app yet");
    }
}

#[tokio::test]
async fn each_key_is_written_out_once() {
    let app = TestApp::on("2026-03-02").await;
    let mut grace = newcomer(&app).await;
    let first = grace.get(SET_UP).await;
    let second = grace.get(SET_UP).await;
    assert_ne!(seed_on(&first), seed_on(&second), "a key is never shown again");
    let wrong = grace.submit_on(&first, SET_UP, &[("code", "000000")]).await;
    assert_eq!(wrong.status, 422);
    assert!(!wrong.body.contains("id=\"key\"") && !wrong.body.contains("<svg"), "{}", wrong.text());
    let code = code_at(&seed_on(&first), app.clock.now()).expect("a code");
    let done = grace.submit_on(&wrong, SET_UP, &[("code", &code)]).await;
    assert_eq!(codes_on(&done).len(), 10, "the key that the app was given still stands: {}", done.text());
}

#[tokio::test]
async fn a_key_proposed_to_one_person_sets_up_nobody_elses_app() {
    let app = TestApp::on("2026-03-02").await;
    let mut grace = newcomer(&app).await;
    let page = grace.get(SET_UP).await;
    let seed = seed_on(&page);
    let code = code_at(&seed, app.clock.now()).expect("a code");
    let sealed = page.hidden("sealed");
    let changed = format!("{}{}", if sealed.starts_with('0') { '1' } else { '0' }, &sealed[1..]);
    for bad in ["", "zz", changed.as_str()] {
        let answer = grace.submit_on(&page, SET_UP, &[("code", &code), ("sealed", bad)]).await;
        assert_eq!((answer.status, answer.location()), (303, "/sign-in"), "{bad}");
    }
    // The same person's next half session is not given it either.
    let mut again = app.visitor();
    again.pass_password(GRACE, PASSWORD).await;
    let answer = again.submit(SET_UP, &[("code", &code), ("sealed", &sealed)]).await;
    assert_eq!((answer.status, answer.location()), (303, "/sign-in"));
}

#[tokio::test]
async fn somebody_who_was_set_up_by_the_operator_is_not_asked_to() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    let mut priya = app.visitor();
    priya.pass_password(&person.email, PASSWORD).await;
    let answer = priya.get(SET_UP).await;
    assert_eq!(answer.status, 303, "a password alone does not change the app");
    assert!(answer.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn a_recovery_code_opens_setting_up_another_app_and_ends_the_lost_one() {
    let app = TestApp::on("2026-03-02").await;
    let mut on_the_lost_telephone = newcomer(&app).await;
    let (lost, codes) = set_up(&app, &mut on_the_lost_telephone).await;
    app.pass_minutes(5);
    let mut grace = app.visitor();
    grace.pass_password(GRACE, PASSWORD).await;
    assert_eq!(grace.submit("/sign-in/recovery-code", &[("code", "0000-0000-0000-0000")]).await.status, 422);
    let typed = codes[3].to_lowercase().replace('-', " ");
    let answer = grace.submit("/sign-in/recovery-code", &[("code", &typed)]).await;
    assert_eq!((answer.status, answer.location()), (303, "/account/two-step/set-up?next="), "{}", answer.text());
    assert_eq!(on_the_lost_telephone.get("/citizen").await.status, 303, "the lost telephone is signed out");
    assert_eq!(grace.get("/citizen").await.status, 303, "the code alone opens nothing else");

    // They go away without setting up an app: neither the lost one nor the password alone lets anybody in.
    assert_eq!(sign_in_with(&app, &lost).await.status, 422);
    let mut thief = app.visitor();
    assert_eq!(thief.pass_password(GRACE, PASSWORD).await.location(), "/sign-in/code?next=");
    assert_eq!(thief.get(SET_UP).await.status, 303);
    assert_eq!(thief.submit("/sign-in/recovery-code", &[("code", &codes[3])]).await.status, 422, "used");

    let (found, new_codes) = set_up(&app, &mut grace).await;
    assert_eq!(grace.get("/citizen").await.status, 200);
    assert!(codes.iter().all(|code| !new_codes.contains(code)));
    app.pass_minutes(1);
    assert_eq!(sign_in_with(&app, &lost).await.status, 422, "the lost app stays dead");
    app.pass_minutes(1);
    assert_eq!(sign_in_with(&app, &found).await.location(), "/citizen");
    let mut again = app.visitor();
    again.pass_password(GRACE, PASSWORD).await;
    assert_eq!(again.submit("/sign-in/recovery-code", &[("code", &codes[4])]).await.status, 422, "the old set is dead");
    assert_eq!(app.noted(Action::RecoveryCodeUsed).await, 1);
}

#[tokio::test]
async fn recovery_codes_are_nothing_without_the_password_and_are_not_guessed_at() {
    let app = TestApp::on("2026-03-02").await;
    let mut grace = newcomer(&app).await;
    let (_, codes) = set_up(&app, &mut grace).await;
    let mut thief = app.visitor();
    thief.get("/sign-in").await;
    assert_eq!(thief.get("/sign-in/recovery-code").await.location(), "/sign-in");
    thief.pass_password(GRACE, PASSWORD).await;
    let page = thief.get("/sign-in/recovery-code").await;
    for _ in 0..6 {
        thief.submit_on(&page, "/sign-in/recovery-code", &[("code", "0000-0000-0000-0000")]).await;
        app.pass_seconds(11);
    }
    let answer = thief.submit_on(&page, "/sign-in/recovery-code", &[("code", &codes[0])]).await;
    assert_eq!((answer.status, answer.location()), (303, "/sign-in?again=codes"));
}

#[tokio::test]
async fn the_database_holds_no_code_and_no_key_that_can_be_read() {
    let app = TestApp::on("2026-03-02").await;
    let mut grace = newcomer(&app).await;
    let (seed, codes) = set_up(&app, &mut grace).await;
    let file = app.fresh.url.strip_prefix("sqlite:").expect("a SQLite file");
    let plain: Vec<Vec<u8>> = codes
        .iter()
        .flat_map(|code| [code.clone(), code.replace('-', "")])
        .map(String::into_bytes)
        .chain([seed])
        .collect();
    for file in [file.to_owned(), format!("{file}-wal")] {
        let bytes = std::fs::read(&file).expect("the file can be read");
        for secret in &plain {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_slice()), "{file}");
        }
    }
}

on_both_databases! {
    async fn one_recovery_code_used_by_many_at_once_works_once(db: Db) {
        let app = crate::sign_in::app_on(db).await;
        let mut grace = newcomer(&app).await;
        let (_, codes) = set_up(&app, &mut grace).await;
        let mut halves = Vec::new();
        for _ in 0..64 {
            halves.push(app.app.accounts.try_password(GRACE, PASSWORD.into()).await.expect("asked").expect("a half session"));
        }
        let tries = halves.into_iter().map(|half| {
            let (accounts, code) = (app.app.accounts.clone(), codes[0].clone());
            tokio::spawn(async move { accounts.try_recovery_code(&half, &code).await.expect("asked").is_some() })
        });
        let mut let_in = 0;
        for tried in tries.collect::<Vec<_>>() {
            let_in += usize::from(tried.await.expect("no panic"));
        }
        assert_eq!(let_in, 1);
        assert_eq!(app.noted(Action::RecoveryCodeUsed).await, 1);
    }
}
