//! Days pass: what is due is woken once, whoever wakes it.

use milepost::calendar::date;
use milepost::engine::What;
use milepost::involvements::Involvements;

use super::desk::Desk;
use crate::support::databases::on_both_databases;

on_both_databases! {
    async fn a_limit_that_comes_near_is_warned_of_once(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("ADA").await;
        desk.travel_to(date(2026, 3, 29));
        assert_eq!(desk.involvements.pass_day().await.unwrap(), 0);

        // Six weeks from 2 March end on 13 April; the first warning is due fourteen days before.
        desk.travel_to(date(2026, 3, 30));
        assert_eq!(desk.involvements.pass_day().await.unwrap(), 1);
        assert_eq!(desk.involvements.pass_day().await.unwrap(), 0);

        let log = desk.involvements.log(&id).await.unwrap();
        assert!(matches!(&log[1].what, What::ClockWarned { clock, due_on, .. } if &*clock.clock == "decide" && *due_on == date(2026, 4, 13)));
        assert_eq!(log.len(), 2);
        desk.check_invariants().await;
    }

    async fn a_limit_passed_while_the_service_was_off_is_recorded_when_it_is_back(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("ADA").await;
        desk.travel_to(date(2026, 12, 1));
        assert_eq!(desk.involvements.pass_day().await.unwrap(), 1);
        let log = desk.involvements.log(&id).await.unwrap();
        let breached = log.iter().filter(|event| matches!(event.what, What::ClockBreached { .. })).count();
        assert_eq!(breached, 2);
        assert_eq!(log[1].occurred_on, date(2026, 4, 14));
        desk.check_invariants().await;
    }

    async fn two_services_that_wake_the_same_involvements_wake_each_once(db: Db) {
        let desk = Desk::at(&db).await;
        for number in 0..150 {
            desk.opened(&format!("CHILD-{number}")).await;
        }
        let other = Involvements::new(db.clone(), desk.clock.clone());
        desk.travel_to(date(2026, 4, 14));

        let (one, two) = tokio::join!(desk.involvements.pass_day(), other.pass_day());

        assert_eq!(one.unwrap() + two.unwrap(), 150);
        assert_eq!(desk.count("select count(*) from events where kind = 'clock-breached'").await, 150);
        assert_eq!(desk.count("select count(*) from outbox where kind = 'clock-breach'").await, 150);
        desk.check_invariants().await;
    }
}
