//! Every answer carries the headers that keep browsers safe, whatever its status.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use milepost::access::Role;
use sha2::{Digest, Sha256};

use crate::support::app::TestApp;
use crate::support::browser::Answer;

const ALWAYS: [(&str, &str); 8] = [
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-robots-tag", "noindex"),
];

/// What must hold of every answer.
fn is_protected(answer: &Answer, what: &str) {
    for (name, value) in ALWAYS {
        assert_eq!(answer.header(name), Some(value), "{name} of {what} ({})", answer.status);
    }
    let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{what} has no policy"));
    for part in [
        "default-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "trusted-types 'none'",
    ] {
        assert!(policy.contains(part), "{what}: {part} is not in {policy}");
    }
    for loose in ["unsafe-inline", "unsafe-eval", "data:", "*", "http:"] {
        assert!(!policy.contains(loose), "{what}: {loose} is in {policy}");
    }
    assert!(answer.header("x-request-id").is_some_and(|id| id.len() == 26), "{what} has no request id");
    for telling in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert_eq!(answer.header(telling), None, "{what} has a header {telling}");
    }
}

#[tokio::test]
async fn every_kind_of_answer_carries_every_header() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let mut visitor = app.visitor();
    let form = "application/x-www-form-urlencoded";
    let long = "x".repeat(300 * 1024);
    let etag = visitor.get("/assets/app.css").await.header("etag").expect("an etag").to_owned();
    let answers = [
        ("a page", 200, visitor.get("/sign-in").await),
        ("a page of somebody signed in", 200, priya.get("/office").await),
        ("a style sheet", 200, visitor.get("/assets/app.css").await),
        (
            "a style sheet that the browser has",
            304,
            visitor.send("GET", "/assets/app.css", &[("if-none-match", &etag)], None).await,
        ),
        ("health", 200, visitor.get("/health").await),
        ("a redirect", 303, visitor.get("/office").await),
        (
            "a body that is not a form",
            403,
            visitor.send("POST", "/sign-in", &[("content-type", "text/plain")], Some("a".into())).await,
        ),
        (
            "a form without a token",
            403,
            visitor.send("POST", "/sign-in", &[("content-type", form)], Some("a=b".into())).await,
        ),
        ("a page that is not there", 404, visitor.get("/nothing/here").await),
        ("another method", 405, visitor.send("DELETE", "/sign-in", &[], None).await),
        ("tracing", 405, visitor.send("TRACE", "/", &[], None).await),
        ("options", 405, visitor.send("OPTIONS", "/office", &[("origin", "https://evil.test")], None).await),
        ("a long body", 413, visitor.send("POST", "/sign-in", &[], Some(long)).await),
        ("another host", 421, visitor.send("GET", "/", &[("host", "evil.test")], None).await),
        ("a form with a mistake", 422, visitor.submit("/sign-in", &[("email", "nobody"), ("password", "wrong")]).await),
        ("a head too long", 431, visitor.send("GET", "/", &[("x-padding", &"x".repeat(17 * 1024))], None).await),
    ];
    for (what, status, answer) in &answers {
        assert_eq!(answer.status, *status, "{what}: {}", answer.text());
        is_protected(answer, what);
    }
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_said_in_words_and_with_every_header() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    app.app.db.close().await;
    let answer = priya.get("/office").await;
    assert!([500, 503].contains(&answer.status), "{}", answer.status);
    is_protected(&answer, "a page without its database");
    assert!(answer.text().contains(answer.header("x-request-id").expect("an id")), "{}", answer.text());
    let ready = app.visitor().get("/ready").await;
    assert_eq!(ready.status, 503);
    is_protected(&ready, "readiness without a database");
    assert_eq!(app.visitor().get("/health").await.status, 200, "the process itself is well");
}

#[tokio::test]
async fn the_policy_allows_the_inline_script_that_is_served_and_no_other() {
    let app = TestApp::on("2026-03-02").await;
    let page = app.visitor().get("/sign-in").await;
    let scripts: Vec<&str> =
        page.body.split("<script>").skip(1).filter_map(|rest| rest.split("</script>").next()).collect();
    assert_eq!(scripts.len(), 1);
    let hash = BASE64_STANDARD.encode(Sha256::digest(scripts[0].as_bytes()));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains(&format!("script-src 'self' 'sha256-{hash}';")), "{policy}");
}

#[tokio::test]
async fn nothing_but_our_own_files_may_be_kept_by_browsers() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    for path in ["/office", "/office/children", "/office/timelines", "/nothing", "/office/1/x.css"] {
        assert_eq!(priya.get(path).await.header("cache-control"), Some("no-store"), "{path}");
    }
    assert_eq!(app.visitor().get("/sign-in").await.header("cache-control"), Some("no-store"));
    let asset = app.visitor().get("/assets/app.css").await;
    assert!(asset.header("cache-control").is_some_and(|kept| kept.contains("max-age")), "{:?}", asset.headers);
    assert_eq!(asset.header("set-cookie"), None);
}

#[tokio::test]
async fn every_page_says_its_kind_and_its_letters() {
    let app = TestApp::on("2026-03-02").await;
    let mut visitor = app.visitor();
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/nothing", "text/html; charset=utf-8"),
        ("/assets/app.css", "text/css; charset=utf-8"),
        ("/assets/app.mjs", "text/javascript; charset=utf-8"),
        ("/assets/favicon.svg", "image/svg+xml"),
        ("/health", "text/plain; charset=utf-8"),
        ("/ready", "application/json"),
    ] {
        assert_eq!(visitor.get(path).await.header("content-type"), Some(kind), "{path}");
    }
}

#[tokio::test]
async fn the_same_page_can_be_asked_for_without_its_body() {
    let app = TestApp::on("2026-03-02").await;
    for path in ["/", "/sign-in", "/assets/app.css", "/health"] {
        assert_eq!(app.visitor().send("HEAD", path, &[], None).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_method_that_a_page_does_not_have_names_those_it_has() {
    let app = TestApp::on("2026-03-02").await;
    let answer = app.visitor().send("PUT", "/sign-in", &[], None).await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD, POST")));
    let answer = app.visitor().send("POST", "/help", &[], None).await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")));
}

#[tokio::test]
async fn somebody_who_finds_a_weakness_reads_where_to_report_it() {
    let app = TestApp::on("2026-03-02").await;
    let answer = app.visitor().get("/.well-known/security.txt").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    assert_eq!(
        answer.body,
        "Contact: mailto:security@northmoor.example\nExpires: 2026-08-29T00:00:00Z\n\
         Canonical: http://localhost:8080/.well-known/security.txt\nPreferred-Languages: en\n"
    );
}
