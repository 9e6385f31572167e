//! Timelines that open and move on one another: once, whatever crashes, and never silently.

use milepost::calendar::date;
use milepost::db::Db;
use milepost::engine::LinkedFrom;
use milepost::ids::{ChildId, InvolvementId};
use milepost::involvements::{Held, LinkTrouble};
use milepost::timeline::{Definition, Effect};

use super::desk::{Desk, SOURCE, fire, opened_on, small};
use crate::support::databases::on_both_databases;

/// The small timeline, under another name, with one more effect on one of its transitions.
fn named(id: &str, version: u32, transition: &str, effect: Effect) -> Definition {
    let mut definition = small();
    (definition.id, definition.version) = (id.into(), version);
    let found = definition.transitions.iter_mut().find(|held| held.id == transition);
    found.expect("the fixture has it").does.push(effect);
    definition
}

fn start(timeline: &str) -> Effect {
    Effect::Start { timeline: timeline.into(), carry: vec!["panel-date".into(), "route".into()] }
}

fn advance(timeline: &str, transition: &str) -> Effect {
    Effect::Advance { timeline: timeline.into(), transition: transition.into(), carry: vec![] }
}

/// A desk where agreeing on the small timeline opens the second, and withdrawing the second withdraws the first.
async fn desk(db: &Db) -> Desk {
    let desk = Desk::at(db).await;
    for definition in
        [named("small", 2, "agree", start("second")), named("second", 1, "withdraw", advance("small", "withdraw"))]
    {
        desk.involvements.publish(definition, SOURCE).await.expect("it goes live");
    }
    desk
}

async fn of(desk: &Desk, child: &str, timeline: &str) -> Vec<Held> {
    let all = desk.involvements.of_child(&ChildId::from(child)).await.unwrap();
    all.into_iter().filter(|held| held.definition.definition.id == timeline).collect()
}

async fn ended(desk: &Desk, id: &InvolvementId) -> bool {
    desk.involvements.find(id).await.unwrap().unwrap().involvement.ended_on.is_some()
}

on_both_databases! {
    async fn a_step_opens_the_linked_timeline_with_the_facts_that_go_along(db: Db) {
        let desk = desk(&db).await;
        let first = desk.opened("ADA").await;
        desk.travel_to(date(2026, 3, 9));
        desk.take(&first, fire("agree", date(2026, 3, 4))).await.unwrap();

        let second = of(&desk, "ADA", "second").await;
        assert_eq!(second.len(), 1);
        let opened = &second[0].involvement;
        assert_eq!(opened.started_on, date(2026, 3, 4), "from the day it took effect, not from today");
        assert_eq!(opened.linked, Some(LinkedFrom { involvement: first.clone(), timeline: "small".into() }));
        let panel = second[0].definition.fact("panel-date").unwrap();
        assert_eq!(opened.fact(panel), desk.involvements.find(&first).await.unwrap().unwrap().involvement.fact(panel));
        assert!(desk.involvements.link_troubles(&first).await.unwrap().is_empty());
        desk.check_invariants().await;
    }

    async fn what_was_left_by_a_crash_is_done_once(db: Db) {
        let desk = desk(&db).await;
        let first = desk.opened("ADA").await;
        desk.take(&first, fire("agree", opened_on())).await.unwrap();
        assert_eq!(desk.involvements.perform_linked().await.unwrap(), 0, "it was done right after the step");
        let version = of(&desk, "ADA", "second").await[0].involvement.version;
        // As if the process had died after the second was opened and before that was noted.
        let undone = "update outbox set done_at = null where kind = 'start-linked'";
        desk.execute(undone, undone).await;
        assert_eq!(desk.involvements.perform_linked().await.unwrap(), 1);
        let second = of(&desk, "ADA", "second").await;
        assert_eq!((second.len(), second[0].involvement.version), (1, version), "nothing was recorded twice");
        desk.check_invariants().await;
    }

    async fn a_linked_timeline_moves_its_origin_on_and_no_other_childs(db: Db) {
        let desk = desk(&db).await;
        let (ada, ben) = (desk.opened("ADA").await, desk.opened("BEN").await);
        for id in [&ada, &ben] {
            desk.take(id, fire("agree", opened_on())).await.unwrap();
        }
        let second = of(&desk, "ADA", "second").await[0].id.clone();
        desk.take(&second, fire("withdraw", opened_on())).await.unwrap();
        assert!(ended(&desk, &ada).await && ended(&desk, &second).await);
        assert!(!ended(&desk, &ben).await);
        desk.check_invariants().await;
    }

    async fn an_origin_that_has_ended_is_left_as_it_is(db: Db) {
        let desk = desk(&db).await;
        let first = desk.opened("ADA").await;
        desk.take(&first, fire("agree", opened_on())).await.unwrap();
        desk.take(&first, fire("withdraw", opened_on())).await.unwrap();
        let version = desk.version(&first).await;
        let second = of(&desk, "ADA", "second").await[0].id.clone();
        desk.take(&second, fire("withdraw", opened_on())).await.unwrap();
        assert_eq!(desk.version(&first).await, version);
        assert!(desk.involvements.link_troubles(&second).await.unwrap().is_empty());
    }

    async fn what_cannot_be_opened_is_said_on_the_origin_and_not_tried_for_ever(db: Db) {
        let desk = Desk::at(&db).await;
        desk.involvements.publish(named("small", 2, "agree", start("nowhere")), SOURCE).await.unwrap();
        let first = desk.opened("ADA").await;
        desk.take(&first, fire("agree", opened_on())).await.expect("the step itself is taken");
        assert_eq!(
            desk.involvements.link_troubles(&first).await.unwrap(),
            [LinkTrouble {
                timeline: Some("nowhere".into()),
                why: "The timeline \"nowhere\" has no version in force on Monday 2 March 2026.".into()
            }]
        );
        assert_eq!(desk.involvements.perform_linked().await.unwrap(), 0);
        let damage = "update outbox set payload = 'not JSON' where kind = 'start-linked'";
        desk.execute(damage, damage).await;
        let said = desk.involvements.link_troubles(&first).await.unwrap();
        assert_eq!(said[0].timeline, None, "what cannot be read any more does not hide the rest");
        assert!(said[0].why.contains("has no version in force"));
    }

    async fn timelines_that_open_each_other_at_once_come_to_rest(db: Db) {
        let desk = Desk::at(&db).await;
        for (id, other) in [("small", "second"), ("second", "small")] {
            let mut definition = small();
            (definition.id, definition.version) = (id.into(), 2);
            let rule = milepost::timeline::Rule {
                id: "open-the-other".into(),
                on: milepost::timeline::Trigger::Started,
                when: None,
                does: vec![start(other)],
            };
            definition.rules.push(rule);
            desk.involvements.publish(definition, SOURCE).await.unwrap();
        }
        let first = desk.opened("ADA").await;
        assert_eq!((of(&desk, "ADA", "small").await.len(), of(&desk, "ADA", "second").await.len()), (1, 1));
        let second = &of(&desk, "ADA", "second").await[0];
        assert_eq!(second.involvement.linked.as_ref().map(|linked| &linked.involvement), Some(&first));
        let said = desk.involvements.link_troubles(&second.id).await.unwrap();
        assert_eq!(said[0].why, "This child already has an open involvement on this timeline.");
        desk.check_invariants().await;
    }
}
