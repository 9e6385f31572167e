//! The demonstration shows what it should, on whatever day somebody looks.

use std::collections::HashSet;

use milepost::calendar::Calendar;
use milepost::demo;
use milepost::engine::Engine;
use milepost::involvements::TrayFilter;

use crate::support::app::TestApp;

#[tokio::test]
async fn every_kind_of_urgency_is_in_the_tray_whatever_the_day() {
    // A Monday, a Saturday after Christmas, a Sunday in the summer holidays, a leap day, and the days of a changed clock.
    for day in ["2026-11-23", "2026-12-26", "2027-08-15", "2028-02-29", "2027-03-28", "2026-10-25"] {
        let app = TestApp::on(day).await;
        assert!(demo::fill(&app.app).await.unwrap_or_else(|error| panic!("{day}: {error}")));
        let tray = app.app.involvements.tray(&TrayFilter::default(), 1).await.expect("the tray is read");
        assert!(tray.counts.iter().all(|count| *count > 0), "{day}: {:?}", tray.counts);
        assert!((36..=50).contains(&app.count("children").await), "about forty children");
        assert!(!demo::fill(&app.app).await.expect("a second start does nothing"), "{day}");
    }
}

#[tokio::test]
async fn it_has_involvements_in_every_state_and_promises_no_family_a_day_that_has_passed() {
    let app = TestApp::on("2026-11-23").await;
    demo::fill(&app.app).await.expect("it can be set up");
    let (today, calendar) = (app.app.clock.today(), Calendar::england_and_wales());
    let (mut reached, mut states, mut grounds, mut timelines) = (HashSet::new(), 0, HashSet::new(), HashSet::new());
    for page in 1..=3 {
        for child in app.app.children.search("", page).await.expect("the register is read").children {
            for held in app.app.involvements.of_child(&child.id).await.expect("they are read") {
                timelines.insert(held.definition.definition.id.clone());
                if held.definition.definition.id == "ehc-needs-assessment" {
                    states = held.definition.states.len();
                    reached.insert(held.involvement.state);
                }
                grounds.extend(held.involvement.claims.iter().map(|claim| claim.exemption));
                let progress = Engine::new(&held.definition, &calendar).progress(&held.involvement, today);
                let promised = progress.late.and_then(|late| late.next_update_on);
                assert!(
                    promised.is_none_or(|on| on >= today),
                    "{} {}: {promised:?}",
                    child.details.given_name,
                    child.details.family_name
                );
            }
        }
    }
    assert_eq!(reached.len(), states, "an involvement in each state, ends included");
    assert!(grounds.len() >= 3, "three grounds of exemption");
    for follows in ["annual-review", "mediation", "appeal"] {
        assert!(timelines.contains(follows), "{follows} follows from an assessment: {timelines:?}");
    }
}

#[tokio::test]
async fn a_parent_of_two_sees_both_and_reads_why_it_is_late() {
    let app = TestApp::on("2026-11-23").await;
    demo::fill(&app.app).await.expect("it can be set up");
    let code = demo::code_of("grace@family.example", app.app.clock.now()).expect("a code");
    let mut grace = app.visitor();
    grace.pass_password("grace@family.example", demo::PASSWORD).await;
    assert_eq!(grace.submit("/sign-in/code", &[("code", &code)]).await.status, 303);
    let page = grace.get("/citizen").await;
    let seen = page.text();
    assert!(seen.contains("Ada") && seen.contains("Chidi") && !seen.contains("Rosie"), "{seen}");
    let links = page.body.split("href=\"").filter(|link| link.starts_with("/citizen/involvements/"));
    let links: HashSet<&str> = links.filter_map(|link| link.split('"').next()).collect();
    assert_eq!(links.len(), 2);
    let mut reasons = 0;
    for link in links {
        let progress = grace.get(link).await.text();
        reasons += usize::from(progress.contains("Our panel was cancelled because of illness, and we are sorry."));
    }
    assert_eq!(reasons, 1, "Ada's is late and says why");
}
