//! Moving running involvements to another version of their timeline.

use std::collections::BTreeMap;
use std::sync::Arc;

use milepost::calendar::date;
use milepost::engine::Command;
use milepost::involvements::{Move, Refused, Trouble};
use milepost::timeline::migrate::{Plan, Treatment};
use milepost::timeline::{Compiled, Definition};

use super::desk::{Desk, SOURCE, fire, opened_on};
use crate::support::databases::on_both_databases;

/// The small process with eight weeks instead of six, and another name for "gathering".
fn changed() -> (String, Definition) {
    let text = SOURCE
        .replace("version: 1,", "version: 2,")
        .replace("in_force: (from: \"2014-09-01\")", "in_force: (from: \"2026-04-01\")")
        .replacen("limit: Within(Weeks(6))", "limit: Within(Weeks(8))", 1)
        .replace("\"gathering\"", "\"asking\"");
    let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    let definition = options.from_str(&text).expect("the changed fixture is well formed");
    (text, definition)
}

impl Desk {
    async fn published(&self, number: u32) -> Arc<Compiled> {
        self.involvements.version("small", number).await.unwrap().expect("it is published")
    }

    /// A move from version 1 to version 2, which is published for it.
    async fn move_to_changed(&self, plan: Plan) -> Move {
        let (text, definition) = changed();
        self.involvements.publish(definition, &text).await.expect("the changed timeline goes live");
        Move { from: self.published(1).await, to: self.published(2).await, plan, reason: "The new regulations".into() }
    }

    async fn carry_out(&self, moving: &Move) -> milepost::involvements::Moved {
        let id = self.involvements.begin_move(moving, &self.asked(), None).await.unwrap();
        self.involvements.carry_out(&id, |_| {}).await.unwrap();
        self.involvements.moved(&id).await.unwrap().expect("it was begun").1
    }
}

fn renaming() -> Plan {
    let clocks = [("decide".to_owned(), Treatment::Recompute)].into();
    Plan { states: [("gathering".to_owned(), "asking".to_owned())].into(), clocks }
}

on_both_databases! {
    async fn a_dry_run_says_what_would_change_and_changes_nothing(db: Db) {
        let desk = Desk::at(&db).await;
        let first = desk.opened("CHILD-1").await;
        let second = desk.opened("CHILD-2").await;
        desk.take(&second, fire("agree", opened_on())).await.unwrap();
        let ended = desk.opened("CHILD-3").await;
        desk.take(&ended, fire("withdraw", opened_on())).await.unwrap();
        let moving = desk.move_to_changed(Plan { states: BTreeMap::new(), ..renaming() }).await;
        let events = desk.count("select count(*) from events").await;

        let rehearsal = desk.involvements.rehearse(&moving, &desk.asked()).await.unwrap();

        assert_eq!((rehearsal.live, rehearsal.would_move()), (2, 1), "one that has ended is not asked");
        assert_eq!(rehearsal.states, [("Considering".to_owned(), "Considering".to_owned(), 1)]);
        let [limit] = rehearsal.limits.as_slice() else { panic!("one limit changes: {:?}", rehearsal.limits) };
        assert_eq!((limit.label.as_str(), limit.later, limit.most_days), ("Tell whether we will assess", 1, 14));
        assert_eq!(rehearsal.changes[0].involvement, first);
        assert_eq!(rehearsal.changes[0].after, Some(date(2026, 4, 27)));
        let [Refused { involvement, why }] = rehearsal.refused.as_slice() else { panic!("one is refused") };
        assert_eq!(*involvement, second);
        assert!(why.contains("\"Gathering advice\" (gathering)"), "{why}");
        assert_eq!(desk.count("select count(*) from events").await, events, "nothing was written");
        desk.check_invariants().await;
    }

    async fn a_move_takes_everybody_along_once_and_work_goes_on_under_the_new_version(db: Db) {
        let desk = Desk::at(&db).await;
        let first = desk.opened("CHILD-1").await;
        let second = desk.opened("CHILD-2").await;
        desk.take(&second, fire("agree", opened_on())).await.unwrap();
        let moving = desk.move_to_changed(renaming()).await;

        let moved = desk.carry_out(&moving).await;

        assert_eq!((moved.live, moved.moved, moved.refused), (2, 2, 0));
        assert!(moved.finished_at.is_some());
        for id in [&first, &second] {
            let held = desk.involvements.find(id).await.unwrap().unwrap();
            assert_eq!(held.definition.id, moving.to.id);
        }
        assert_eq!(desk.count("select count(*) from involvements where next_due_on = '2026-04-27'").await, 1);
        let again = desk.carry_out(&moving).await;
        assert_eq!((again.live, again.moved), (0, 0), "nobody is left on the old version");
        desk.take(&second, Command::ReceiveAdvice { request: 1, on: opened_on() }).await.unwrap();
        desk.take(&second, Command::ReceiveAdvice { request: 2, on: opened_on() }).await.unwrap();
        let held = desk.involvements.find(&second).await.unwrap().unwrap();
        assert_eq!(&*held.definition.states[held.involvement.state.at()].name, "weighing");
        desk.check_invariants().await;
    }

    async fn a_date_from_before_the_move_can_still_be_corrected(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("CHILD-1").await;
        let moving = desk.move_to_changed(renaming()).await;
        desk.carry_out(&moving).await;

        let redate = Command::Redate { seq: 1, on: date(2026, 2, 23), reason: "It came a week before".into() };
        desk.take(&id, redate).await.unwrap();

        let held = desk.involvements.find(&id).await.unwrap().unwrap();
        assert_eq!(held.involvement.started_on, date(2026, 2, 23));
        assert_eq!(held.definition.id, moving.to.id);
        desk.check_invariants().await;
    }

    async fn whoever_is_at_work_meanwhile_is_told_and_the_move_finds_what_they_did(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("CHILD-1").await;
        let seen = Some(desk.version(&id).await);
        let moving = desk.move_to_changed(renaming()).await;
        let other = Desk { involvements: desk.another_node(), ..desk.clone() };
        // The other node remembers the involvement as it was before.
        other.take(&id, Command::Note { text: "A call".into(), on: opened_on() }).await.unwrap();

        desk.carry_out(&moving).await;

        let mut late = other.step(&id, fire("agree", opened_on()));
        late.seen = seen;
        assert!(matches!(other.involvements.take(late).await, Err(Trouble::Changed { .. })));
        other.take(&id, fire("agree", opened_on())).await.unwrap();
        let held = other.involvements.find(&id).await.unwrap().unwrap();
        assert_eq!(held.definition.id, moving.to.id);
        assert_eq!(&*held.definition.states[held.involvement.state.at()].name, "asking");
        desk.check_invariants().await;
    }

    async fn a_move_that_was_interrupted_is_gone_on_with_where_it_stopped(db: Db) {
        let desk = Desk::at(&db).await;
        for child in 0..130 {
            desk.opened(&format!("CHILD-{child}")).await;
        }
        let moving = desk.move_to_changed(renaming()).await;
        let id = desk.involvements.begin_move(&moving, &desk.asked(), None).await.unwrap();
        let involvements = desk.involvements.clone();
        let (told, mut hears) = tokio::sync::mpsc::unbounded_channel();
        let begun = id.clone();
        let work = tokio::spawn(async move {
            involvements.carry_out(&begun, |moved| told.send(moved.moved).unwrap_or_default()).await
        });
        while hears.recv().await.is_some_and(|moved| moved == 0) {}
        work.abort();
        let _ = work.await;

        let after_restart = desk.another_node();
        assert_eq!(after_restart.carry_on().await.unwrap(), 1);

        let (_, moved) = after_restart.moved(&id).await.unwrap().unwrap();
        assert!(moved.finished_at.is_some());
        assert_eq!(desk.count("select count(*) from events where kind = 'migrated'").await, 130, "each once");
        assert_eq!(after_restart.carry_on().await.unwrap(), 0, "nothing is left to do");
        desk.check_invariants().await;
    }
}
