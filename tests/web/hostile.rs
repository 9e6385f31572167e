//! Requests that no browser of a well-meaning person sends.

use milepost::access::Role;

use crate::support::app::TestApp;

#[tokio::test]
async fn only_hosts_of_ours_are_answered() {
    let app = TestApp::on("2026-03-02").await;
    for host in ["evil.test", "localhost:8080.evil.test", "localhost", "", "localhost:8080@evil.test"] {
        let answer = app.visitor().send("GET", "/sign-in", &[("host", host)], None).await;
        assert_eq!(answer.status, 421, "{host:?}");
        assert!(!answer.body.contains("evil.test"));
    }
    let answer = app
        .visitor()
        .send("GET", "/sign-in", &[("x-forwarded-host", "evil.test"), ("forwarded", "host=evil.test")], None)
        .await;
    assert_eq!(answer.status, 200);
    assert!(!answer.body.contains("evil.test"), "what a stranger forwards is not believed");
}

#[tokio::test]
async fn ten_megabytes_in_a_field_are_refused_with_words() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let page = priya.get("/office/children/new").await;
    let long = "a".repeat(10 * 1024 * 1024);
    let answer = priya.submit_on(&page, "/office/children/new", &[("given_name", &long)]).await;
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("too long to send"), "{}", answer.text());
    assert_eq!(app.count("children").await, 0);
}

#[tokio::test]
async fn naughty_strings_are_kept_as_text_or_refused_with_words() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let naughty = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' or 1=1 --",
        "{{7*7}}",
        "{{{page}}}",
        "%00",
        "a\0b",
        "a\r\nSet-Cookie: x=y",
        "\u{202e}desrever",
        "\u{feff}bom",
        "👩‍👩‍👧‍👦",
        "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
        "../../../etc/passwd",
        "$(id)",
        "null",
        "-1e400",
        "ﷺ",
    ];
    for text in naughty {
        let typed = [
            ("given_name", text),
            ("family_name", "Okafor"),
            ("born_on-day", "31"),
            ("born_on-month", "5"),
            ("born_on-year", "2019"),
            ("another", "yes"),
        ];
        let answer = priya.submit("/office/children/new", &typed).await;
        let page = match answer.status {
            303 => priya.get(answer.location()).await,
            422 => answer,
            other => panic!("{text:?} was answered with {other}"),
        };
        for broken in ["<script>alert", "<img src=x", ">49<"] {
            assert!(!page.body.contains(broken), "{text:?} came back as markup");
        }
    }
}

#[tokio::test]
async fn dates_that_do_not_exist_or_make_no_sense_are_refused_beside_their_field() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    for (day, month, year) in [
        ("29", "2", "2019"),
        ("31", "4", "2019"),
        ("0", "1", "2019"),
        ("1", "13", "2019"),
        ("1", "1", "0"),
        ("1", "1", "9999"),
        ("3", "3", "2026"),
        ("x", "5", "2019"),
        ("1", "1", "99999999999999999999"),
        ("-1", "5", "2019"),
    ] {
        let typed = [
            ("given_name", "Ada"),
            ("family_name", "Okafor"),
            ("born_on-day", day),
            ("born_on-month", month),
            ("born_on-year", year),
        ];
        let answer = priya.submit("/office/children/new", &typed).await;
        assert_eq!(answer.status, 422, "{day}/{month}/{year}");
        assert!(answer.body.contains("href=\"#born_on\""), "{day}/{month}/{year}: {}", answer.text());
        assert!(answer.body.contains("value=\"Ada\""), "what was typed is kept");
        assert!(answer.body.contains("<title>Error: "), "the title says so first");
    }
}

#[tokio::test]
async fn addresses_made_up_by_hand_are_not_found_and_nothing_worse() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::SendManager).await;
    let long = format!("/office/children/{}", "a".repeat(2000));
    for path in [
        "/office/children/%00",
        "/office/children/%ff%fe",
        "/office/children/..%2f..%2fetc%2fpasswd",
        "/office/children/'%20or%201=1",
        "/office/involvements/x/do/fire/nothing",
        "/office/involvements/x/do/correct/99999999999999999999",
        "/office/timelines/..%2f..%2fCargo.toml",
        "/assets/..%2fapp.scss",
        "/assets/%2e%2e/Cargo.toml",
        "/.git/config",
        "/admin",
        &long,
    ] {
        assert_eq!(priya.get(path).await.status, 404, "{path}");
    }
    for query in [
        "?page=-1",
        "?page=0",
        "?page=99999999999999999999",
        "?page=x",
        "?q=%00",
        "?q=%25",
        "?owner='%20or%201",
        "?q=a&q=b",
    ] {
        assert_eq!(priya.get(&format!("/office{query}")).await.status, 200, "{query}");
        assert_eq!(priya.get(&format!("/office/children{query}")).await.status, 200, "{query}");
    }
}
