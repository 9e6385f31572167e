//! Timelines whose files break while involvements run.

use std::fs;

use milepost::access::Role;

use crate::support::app::TestApp;

#[tokio::test]
async fn a_file_that_breaks_or_disappears_stops_no_involvement_and_is_shown_to_the_manager() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("ehc-needs-assessment.ron");
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/workflows/ehc-needs-assessment.ron"), &file).expect("copied");
    let app = TestApp::with_workflows("2026-03-02", folder.path().to_owned()).await;
    let mut miriam = app.signed_in_as(Role::SendManager).await;
    let child = [
        ("given_name", "Ada"),
        ("family_name", "Okafor"),
        ("born_on-day", "31"),
        ("born_on-month", "5"),
        ("born_on-year", "2019"),
    ];
    let child = miriam.submit("/office/children/new", &child).await.location().to_owned();
    let received = [("timeline", "ehc-needs-assessment"), ("fact-requested-by", "parent")];
    let today = [("on-day", "2"), ("on-month", "3"), ("on-year", "2026")];
    let received: Vec<_> = received.into_iter().chain(today).collect();
    let involvement =
        miriam.submit(&format!("{child}/open?timeline=ehc-needs-assessment"), &received).await.location().to_owned();

    for broken in [Some("Timeline(id: \"ehc-needs-assessment\", oops"), Some("\u{feff}[[[[[["), None] {
        match broken {
            Some(text) => fs::write(&file, text).expect("written"),
            None => fs::remove_file(&file).expect("removed"),
        }
        let restarted = app.another_node().await;
        for mut browser in [miriam.clone(), miriam.on(&restarted)] {
            assert_eq!(browser.get(&involvement).await.status, 200, "{broken:?}");
            let note: Vec<_> = [("text", "The work goes on")].into_iter().chain(today).collect();
            let noted = browser.submit(&format!("{involvement}/do/note"), &note).await;
            assert_eq!(noted.status, 303, "{broken:?}: {}", noted.text());
            let timelines = browser.get("/office/timelines").await;
            assert_eq!(timelines.status, 200);
            assert_eq!(timelines.text().contains("Cannot go live"), broken.is_some(), "{}", timelines.text());
            assert_eq!(
                browser.get("/office/timelines/ehc-needs-assessment").await.status,
                200,
                "the live one is shown"
            );
            assert_eq!(browser.get("/ready").await.status, 200);
        }
    }
}
