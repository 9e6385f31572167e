//! A SEND manager moves running involvements to another version of their timeline.

use milepost::access::Role;

use crate::assessment::requested;
use crate::support::app::TestApp;

const MOVE: &str = "/office/timelines/ehc-needs-assessment/move?from=3&to=2";

#[tokio::test]
async fn a_manager_sees_what_would_change_says_why_and_watches_it_done() {
    let app = TestApp::on("2026-03-02").await;
    let mut miriam = app.signed_in_as(Role::SendManager).await;
    let involvement = requested(&mut miriam, "Ada", "2").await;
    let compare = miriam.get("/office/timelines/ehc-needs-assessment/compare?from=2&to=3").await.text();
    assert!(compare.contains("from version 3 to version 2"), "{compare}");

    let form = miriam.get(MOVE).await.text();
    assert!(
        form.contains("What to do with each time limit") && !form.contains("Nothing has been changed yet"),
        "{form}"
    );
    let preview = miriam.get(&format!("{MOVE}&go=on&clock-decide-whether-to-assess=restart")).await;
    assert!(preview.text().contains("1 would move. Nothing has been changed yet"), "{}", preview.text());

    let chosen = ("clock-final-plan", "keep");
    let key = ("key", "0123456789ABCDEFGHJKMNPQRS");
    let unsaid = miriam.submit_on(&preview, MOVE, &[chosen, key, ("reason", " ")]).await;
    assert_eq!(unsaid.status, 422, "{}", unsaid.text());
    assert!(unsaid.text().contains("Say why they are moved"), "{}", unsaid.text());
    assert!(unsaid.hidden_fields().contains(&("clock-final-plan".into(), "keep".into())), "what was chosen is kept");
    assert_eq!(app.noted(milepost::audit::Action::InvolvementMigrated).await, 0);

    let moved = miriam.submit_on(&unsaid, MOVE, &[chosen, key, ("reason", "To try it <out>")]).await;
    assert_eq!((moved.status, moved.location()), (303, "/office/moves/0123456789ABCDEFGHJKMNPQRS"));
    let mut page = miriam.get("/office/moves/0123456789ABCDEFGHJKMNPQRS").await.text();
    for _ in 0..500 {
        if page.contains("It was done on") {
            break;
        }
        assert!(page.contains("Look again"), "{page}");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        page = miriam.get("/office/moves/0123456789ABCDEFGHJKMNPQRS").await.text();
    }
    assert!(page.contains("It was done on") && page.contains("To try it <out>"), "{page}");
    let held = miriam.get(&involvement).await.text();
    assert!(held.contains("Moved from version 3 to version 2 of the timeline: To try it <out>"), "{held}");
    assert!(held.contains(", version 2"), "{held}");
    assert_eq!(app.noted(milepost::audit::Action::InvolvementMigrated).await, 1);

    let nothing = miriam.get(&format!("{MOVE}&go=on")).await.text();
    assert!(nothing.contains("there is nothing to move"), "{nothing}");
}

#[tokio::test]
async fn only_a_send_manager_moves_versions_and_only_between_those_there_are() {
    let app = TestApp::on("2026-03-02").await;
    let mut priya = app.signed_in_as(Role::Caseworker).await;
    assert_eq!(priya.get(MOVE).await.status, 404);
    let compare = priya.get("/office/timelines/ehc-needs-assessment/compare?from=2&to=3").await.text();
    assert!(!compare.contains("Move running involvements"), "{compare}");

    let mut miriam = app.signed_in_as(Role::SendManager).await;
    for nowhere in ["from=3&to=3", "from=3&to=9", "from=three&to=2", "to=2", ""] {
        for page in ["move", "compare"] {
            let path = format!("/office/timelines/ehc-needs-assessment/{page}?{nowhere}");
            let same_twice = nowhere == "from=3&to=3" && page == "compare";
            assert_eq!(miriam.get(&path).await.status, if same_twice { 200 } else { 404 }, "{path}");
        }
    }
    assert_eq!(miriam.get("/office/moves/0123456789ABCDEFGHJKMNPQRS").await.status, 404);
}
