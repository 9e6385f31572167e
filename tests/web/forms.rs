//! Forms: only those of our own pages count, and no text is lost when one came too late.

use milepost::access::Role;
use milepost::audit::Action;

use crate::support::app::{PASSWORD, Person, TestApp};
use crate::support::browser::Browser;

const NEW_CHILD: &str = "/office/children/new";

const ADA: [(&str, &str); 5] = [
    ("given_name", "Ada"),
    ("family_name", "Okafor"),
    ("born_on-day", "31"),
    ("born_on-month", "5"),
    ("born_on-year", "2019"),
];

#[tokio::test]
async fn forged_forms_change_nothing() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let mut tom = app.signed_in_as(Role::SendManager).await;
    let page = priya.get(NEW_CHILD).await;
    let (token, others_token) = (page.hidden("csrf"), tom.get(NEW_CHILD).await.hidden("csrf"));
    let here = ("sec-fetch-site", "same-origin");
    let cut = &token[1..];
    let forgeries: [(&str, Option<&str>, Vec<(&str, &str)>); 9] = [
        ("without a token", None, vec![here]),
        ("with an empty token", Some(""), vec![here]),
        ("with somebody else's token", Some(&others_token), vec![here]),
        ("with a token cut short", Some(cut), vec![here]),
        ("from another site", Some(&token), vec![("sec-fetch-site", "cross-site")]),
        ("from a neighbour site", Some(&token), vec![("sec-fetch-site", "same-site")]),
        ("from another origin", Some(&token), vec![("origin", "https://evil.test")]),
        ("from a sandboxed frame", Some(&token), vec![("origin", "null")]),
        ("from a host that begins as ours", Some(&token), vec![("origin", "http://localhost:8080.evil.test")]),
    ];
    for (what, token, headers) in &forgeries {
        let token = token.map(|token| ("csrf", token));
        let fields: Vec<(&str, &str)> = ADA.into_iter().chain(token).collect();
        let answer = priya.post_with(NEW_CHILD, &fields, headers).await;
        assert_eq!(answer.status, 403, "a form {what}: {}", answer.text());
    }
    let typed = form_urlencoded::Serializer::new(String::new()).extend_pairs(ADA).append_pair("csrf", &token).finish();
    let in_address = priya.send("GET", &format!("{NEW_CHILD}?{typed}"), &[], None).await;
    assert_eq!(in_address.status, 200);
    assert_eq!(app.count("children").await, 0);

    let answer = priya.submit(NEW_CHILD, &ADA).await;
    assert_eq!(answer.status, 303, "the real form still works: {}", answer.text());
    assert_eq!(app.count("children").await, 1);
}

#[tokio::test]
async fn signing_in_and_out_are_guarded_too() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    assert_eq!(priya.post("/sign-out", &[]).await.status, 403);
    assert_eq!(priya.get("/office").await.status, 200, "a forged form signs nobody out");
    let mut visitor = app.visitor();
    let answer = visitor.post("/sign-in", &[("email", "a@b.example"), ("password", "x")]).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn a_form_whose_token_is_stale_gives_the_text_back_and_can_be_sent_again() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    let mut priya = app.signed_in(&person).await;
    let old_page = priya.get(NEW_CHILD).await;
    app.pass_minutes(1);
    let mut priya = app.signed_in(&person).await;
    let answer = priya.submit_on(&old_page, NEW_CHILD, &ADA).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("nothing is lost"), "{}", answer.text());
    let kept = answer.hidden_fields();
    assert!(kept.contains(&("family_name".into(), "Okafor".into())), "{kept:?}");

    let answer = priya.submit_on(&answer, NEW_CHILD, &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(app.count("children").await, 1);
}

#[tokio::test]
async fn a_session_that_ended_while_somebody_wrote_costs_them_nothing() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    let mut priya = app.signed_in(&person).await;
    let page = priya.get(NEW_CHILD).await;
    app.pass_minutes(31);
    let out = priya.submit_on(&page, NEW_CHILD, &ADA).await;
    assert_eq!(out.status, 403);
    assert!(out.text().contains("What you sent is kept for you"), "{}", out.text());
    let sign_in = out.links().into_iter().find(|link| link.starts_with("/sign-in?")).expect("a link");

    // They sign in, are shown what they sent, and send it.
    let kept = sign_in_at(&app, &mut priya, &person, &sign_in).await;
    assert!(kept.starts_with("/account/kept/"), "{kept}");
    let shown = priya.get(&kept).await;
    assert!(shown.text().contains("Okafor"), "{}", shown.text());
    assert_eq!(app.count("children").await, 0, "nothing is done before they say so");
    let done = priya.submit_on(&shown, NEW_CHILD, &[]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(app.count("children").await, 1);
    assert_eq!(priya.get(&kept).await.status, 404, "it is sent, and not kept any more");
}

#[tokio::test]
async fn what_somebody_was_sending_waits_until_they_sign_in_and_is_shown_to_nobody_else() {
    let app = TestApp::on("2026-03-02").await;
    let (person, other) =
        (app.account("Priya Nair", Role::Caseworker).await, app.account("Tom Reed", Role::Caseworker).await);
    let mut priya = app.signed_in(&person).await;
    let page = priya.get(NEW_CHILD).await;
    app.pass_minutes(31);
    let out = priya.submit_on(&page, NEW_CHILD, &ADA).await;
    let sign_in = out.links().into_iter().find(|link| link.starts_with("/sign-in?")).expect("a link");

    // Somebody else signs in at the same browser.
    let kept = sign_in_at(&app, &mut priya, &other, &sign_in).await;
    let answer = priya.get(&kept).await;
    assert_eq!(answer.status, 404);
    assert!(!answer.body.contains("Okafor"));

    // Priya comes back days later, at another computer, by the front door.
    app.travel_to("2026-03-05");
    let mut elsewhere = app.visitor();
    let to = sign_in_at(&app, &mut elsewhere, &person, "/sign-in").await;
    assert_eq!(to, kept);
    assert!(elsewhere.get(&kept).await.text().contains("Okafor"));
    let page = elsewhere.get(&kept).await;
    assert_eq!(elsewhere.submit_on(&page, &format!("{kept}/forget"), &[]).await.status, 303);
    assert_eq!(elsewhere.get(&kept).await.status, 404);
}

#[tokio::test]
async fn a_form_that_nobody_is_known_to_have_sent_is_not_kept_but_given_back() {
    let app = TestApp::on("2026-03-02").await;
    let person = app.account("Priya Nair", Role::Caseworker).await;
    let mut priya = app.signed_in(&person).await;
    let page = priya.get(NEW_CHILD).await;
    app.pass_minutes(31);
    let forged = priya.submit_on(&page, NEW_CHILD, &[("family_name", "Forged"), ("csrf", "")]).await;
    assert_eq!(forged.status, 403);
    assert!(forged.text().contains("what you typed is still here"), "{}", forged.text());
    let mut again = app.visitor();
    assert_eq!(sign_in_at(&app, &mut again, &person, "/sign-in").await, "/office", "nothing waits");
}

#[tokio::test]
async fn the_database_holds_what_is_kept_sealed() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let page = priya.get(NEW_CHILD).await;
    app.pass_minutes(31);
    priya.submit_on(&page, NEW_CHILD, &[("family_name", "Unmistakable-Okafor")]).await;
    let file = app.fresh.url.strip_prefix("sqlite:").expect("a SQLite file");
    for file in [file.to_owned(), format!("{file}-wal")] {
        let bytes = std::fs::read(&file).expect("the file can be read");
        assert!(!bytes.windows(12).any(|window| window == b"Unmistakable"), "{file}");
    }
}

/// Both steps of signing in, begun at an address; where that leads.
async fn sign_in_at(app: &TestApp, browser: &mut Browser, person: &Person, address: &str) -> String {
    let code = app.code_of(person);
    let answer = browser.submit(address, &[("email", &person.email), ("password", PASSWORD)]).await;
    let to_code = answer.location().to_owned();
    browser.submit(&to_code, &[("code", &code)]).await.location().to_owned()
}

#[tokio::test]
async fn passwords_and_codes_are_never_given_back() {
    let app = TestApp::on("2026-03-02").await;
    let mut visitor = app.visitor();
    let answer = visitor.post("/sign-in", &[("email", "a@b.example"), ("password", "correct horse battery")]).await;
    assert_eq!(answer.status, 403);
    assert!(!answer.body.contains("correct horse battery"));
    let answer = visitor.submit("/sign-in", &[("email", "a@b.example"), ("password", "correct horse battery")]).await;
    assert_eq!(answer.status, 422);
    assert!(!answer.body.contains("correct horse battery"));
    assert!(answer.body.contains("a@b.example"), "the address is kept");
}

#[tokio::test]
async fn a_message_is_shown_once_after_the_form_was_sent() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let answer = priya.submit(NEW_CHILD, &ADA).await;
    let to = answer.location().to_owned();
    let first = priya.get(&to).await;
    assert!(first.body.contains("govuk-notification-banner"), "{}", first.text());
    let second = priya.get(&to).await;
    assert!(!second.body.contains("govuk-notification-banner"), "{}", second.text());
    assert_eq!(app.noted(Action::ChildAdded).await, 1);
}
