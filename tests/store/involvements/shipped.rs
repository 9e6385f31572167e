//! The shipped timelines, linked: what a review decides is opened and moved along by itself, to its end.

use milepost::calendar::{Date, date};
use milepost::db::Db;
use milepost::engine::{Command, LinkedFrom};
use milepost::ids::{ChildId, InvolvementId};
use milepost::involvements::{Held, checked_files};
use milepost::timeline::{NoticeContent, Value};

use super::desk::Desk;
use crate::support::databases::on_both_databases;

async fn desk(db: &Db) -> Desk {
    let desk = Desk::at(db).await;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    for (file, checked) in checked_files(&folder) {
        let definition = checked.definition.unwrap_or_else(|| panic!("{file} can be read"));
        desk.involvements.publish(definition, "").await.unwrap_or_else(|error| panic!("{file}: {error}"));
    }
    desk
}

async fn open(
    desk: &Desk,
    timeline: &str,
    on: Date,
    facts: &[(&str, Value)],
    linked: Option<LinkedFrom>,
) -> InvolvementId {
    let mut open = desk.opening("ADA", None);
    open.timeline = timeline.into();
    open.opening.on = on;
    open.opening.facts = facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    open.opening.linked = linked;
    desk.involvements.open(open).await.expect("it opens").involvement
}

async fn fire(desk: &Desk, id: &InvolvementId, transition: &str, on: Date, facts: &[(&str, Value)]) {
    desk.travel_to(on);
    let command = Command::Fire {
        transition: transition.into(),
        on,
        facts: facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        note: None,
        told: NoticeContent::ALL.to_vec(),
    };
    desk.take(id, command).await.unwrap_or_else(|error| panic!("{transition}: {error}"));
}

/// The involvements of a timeline, those that were opened last at the end, with their states.
async fn of(desk: &Desk, timeline: &str) -> Vec<(Held, String)> {
    let mut all = desk.involvements.of_child(&ChildId::from("ADA")).await.unwrap();
    all.retain(|held| held.definition.definition.id == timeline);
    all.sort_by_key(|held| held.involvement.started_on);
    let state = |held: &Held| held.definition.definition.states[held.involvement.state.at()].id.clone();
    all.into_iter().map(|held| (held.clone(), state(&held))).collect()
}

async fn states(desk: &Desk, timeline: &str) -> Vec<String> {
    of(desk, timeline).await.into_iter().map(|(_, state)| state).collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn decided() -> Vec<(&'static str, Value)> {
    vec![("decided-by", Value::Choice("panel".into())), ("decision-reasons", text("The report of the meeting."))]
}

/// A review whose meeting was on 4 November 2026, with its report sent out.
async fn reported(desk: &Desk) -> InvolvementId {
    let review = open(desk, "annual-review", date(2026, 1, 12), &[], None).await;
    fire(desk, &review, "arrange-ourselves", date(2026, 10, 5), &[]).await;
    let meeting = [("review-meeting", Value::Date(date(2026, 11, 4)))];
    fire(desk, &review, "record-invitations", date(2026, 10, 12), &meeting).await;
    fire(desk, &review, "circulate-advice", date(2026, 10, 19), &[]).await;
    fire(desk, &review, "hold-meeting", date(2026, 11, 4), &[]).await;
    fire(desk, &review, "circulate-report", date(2026, 11, 16), &[]).await;
    review
}

on_both_databases! {
    async fn a_review_that_changes_the_plan_for_a_move_carries_the_move_to_its_end(db: Db) {
        let desk = desk(&db).await;
        let review = reported(&desk).await;
        let from_review = LinkedFrom { involvement: review.clone(), timeline: "annual-review".into() };
        let moving = [("phase", Value::Choice("between-schools".into())), ("transfer-year", Value::Number(2027))];
        open(&desk, "phase-transfer", date(2026, 11, 16), &moving, Some(from_review)).await;

        fire(&desk, &review, "decide-to-amend", date(2026, 11, 30), &decided()).await;
        assert_eq!(states(&desk, "plan-amendment").await, ["with-family"]);
        assert_eq!(states(&desk, "phase-transfer").await, ["reviewed"]);
        assert_eq!(states(&desk, "annual-review").await, ["to-be-amended", "due"]);

        let amendment = of(&desk, "plan-amendment").await.remove(0).0;
        let no_consultation = vec![("no-setting-to-consult".to_owned(), Value::YesNo(true))];
        let on = date(2026, 12, 1);
        desk.travel_to(on);
        desk.take(&amendment.id, Command::RecordFacts { facts: no_consultation, on }).await.expect("recorded");
        let named = [("named-setting", text("Beck Lane High"))];
        fire(&desk, &amendment.id, "issue-amended-plan", date(2027, 1, 18), &named).await;
        let (moved, state) = of(&desk, "phase-transfer").await.remove(0);
        assert_eq!((state.as_str(), moved.involvement.ended_on), ("complete", Some(date(2027, 1, 18))));
        for id in [&review, &amendment.id] {
            assert_eq!(desk.involvements.link_troubles(id).await.unwrap(), []);
        }
        desk.check_invariants().await;
    }

    async fn a_plan_that_is_sent_to_another_authority_ends_the_review_here(db: Db) {
        let desk = desk(&db).await;
        let review = open(&desk, "annual-review", date(2026, 1, 12), &[], None).await;
        let from_review = LinkedFrom { involvement: review.clone(), timeline: "annual-review".into() };
        desk.travel_to(date(2026, 2, 2));
        let transfer = open(&desk, "transfer-out", date(2026, 2, 2), &[], Some(from_review)).await;
        let moved = [("moves-on", Value::Date(date(2026, 2, 9))), ("new-authority", text("Southmoor Council"))];
        fire(&desk, &transfer, "record-move", date(2026, 2, 9), &moved).await;
        fire(&desk, &transfer, "transfer-plan", date(2026, 2, 10), &[("sent-to", text("Their SEND team"))]).await;
        assert_eq!(states(&desk, "annual-review").await, ["moved-away"]);
        assert_eq!(desk.involvements.link_troubles(&transfer).await.unwrap(), []);
        desk.check_invariants().await;
    }

    async fn a_plan_that_ends_after_a_review_closes_the_review_that_was_to_come(db: Db) {
        let desk = desk(&db).await;
        let review = reported(&desk).await;
        let mut ceasing = decided();
        ceasing.extend([
            ("ceasing-ground", Value::Choice("no-longer-necessary".into())),
            ("family-consulted-on", Value::Date(date(2026, 11, 17))),
            ("setting-consulted-on", Value::Date(date(2026, 11, 17))),
        ]);
        fire(&desk, &review, "decide-to-cease", date(2026, 11, 30), &ceasing).await;
        assert_eq!(states(&desk, "cease-to-maintain").await, ["notice-given"]);
        assert_eq!(states(&desk, "annual-review").await, ["to-be-ceased", "due"]);

        let cease = of(&desk, "cease-to-maintain").await.remove(0).0;
        let from_cease = LinkedFrom { involvement: cease.id.clone(), timeline: "cease-to-maintain".into() };
        let about = [("appeal-about", Value::Choice("cease".into()))];
        let appeal = open(&desk, "appeal", date(2026, 11, 30), &about, Some(from_cease)).await;
        let received = [("application-received", Value::Date(date(2027, 1, 11)))];
        fire(&desk, &appeal, "record-appeal", date(2027, 1, 11), &received).await;
        assert_eq!(states(&desk, "cease-to-maintain").await, ["appeal-pending"]);
        fire(&desk, &appeal, "record-dismissal", date(2027, 5, 10), &[]).await;
        assert_eq!(states(&desk, "cease-to-maintain").await, ["ceased"]);
        assert_eq!(states(&desk, "annual-review").await, ["to-be-ceased", "plan-ended"]);
        desk.check_invariants().await;
    }
}
