//! How much was done in time, as a SEND manager and an analyst read it.

use milepost::access::Role;

use crate::assessment::requested;
use crate::support::app::TestApp;

#[tokio::test]
async fn both_figures_are_shown_for_what_fell_due_in_a_period() {
    let app = TestApp::on("2026-04-20").await;
    let mut miriam = app.signed_in_as(Role::SendManager).await;
    let mut involvements = Vec::new();
    for (name, day_of_march) in [("Ada", "2"), ("Ben", "2"), ("Cal", "2"), ("Dee", "30")] {
        involvements.push(requested(&mut miriam, name, day_of_march).await);
    }
    // Decided on 10 April, in time; the second is excused; the third is late; the fourth is not due yet.
    let agree =
        [("on-day", "10"), ("on-month", "4"), ("on-year", "2026"), ("fact-decided-by", "panel"), ("told", "Decision")];
    let agreed = miriam.submit(&format!("{}/do/fire/agree-to-assess", involvements[0]), &agree).await;
    assert_eq!(agreed.status, 303, "{}", agreed.text());
    let claim = [
        ("exemption", "exceptional-circumstances"),
        ("from-day", "1"),
        ("from-month", "4"),
        ("from-year", "2026"),
        ("until-day", "30"),
        ("until-month", "4"),
        ("until-year", "2026"),
        ("reason", "A bereavement"),
        ("evidence", "A letter"),
    ];
    let claimed = miriam.submit(&format!("{}/do/exempt/decide-whether-to-assess", involvements[1]), &claim).await;
    assert_eq!(claimed.status, 303, "{}", claimed.text());

    let mut analyst = app.signed_in_as(Role::Analyst).await;
    let page = analyst.get("/office/in-time").await;
    assert_eq!(page.heading(), "Done in time");
    let text = page.text();
    assert!(
        text.contains("Tell the family whether we will assess SEND Regulations 2014 reg. 5(1) 3 1 1 1 33% 50%"),
        "{text}"
    );
    assert!(!text.contains("Okafor"), "figures name nobody");

    let period = |from: &str, until: &str| {
        format!(
            "/office/in-time?from-day={from}&from-month=4&from-year=2026&until-day={until}&until-month=4&until-year=2026"
        )
    };
    let before = analyst.get(&period("1", "12")).await.text();
    assert!(before.contains("Nothing fell due in these days"), "{before}");
    let backwards = analyst.get(&period("14", "13")).await;
    assert_eq!(backwards.status, 422);
    assert!(backwards.text().contains("must not be before the first"), "{}", backwards.text());
    let nonsense = analyst.get("/office/in-time?from-day=31&from-month=2&from-year=2026").await;
    assert_eq!(nonsense.status, 422, "{}", nonsense.text());

    let mut administrator = app.signed_in_as(Role::PortalAdministrator).await;
    assert_eq!(administrator.get("/office/in-time").await.status, 404);
}
