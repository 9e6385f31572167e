//! Rules with a cron schedule come round once, and act only where their guard holds.

use milepost::calendar::date;
use milepost::engine::{Command, What};
use milepost::involvements::Involvements;
use milepost::timeline::Value;

use super::desk::Desk;
use crate::support::databases::on_both_databases;

impl Desk {
    /// An involvement whose advice was asked for on 3 April and is due on 15 May.
    async fn awaiting_advice(&self, child: &str) -> milepost::ids::InvolvementId {
        let id = self.opened(child).await;
        self.travel_to(date(2026, 4, 3));
        let facts = vec![("panel-date".to_owned(), Value::Date(date(2026, 4, 2)))];
        self.take(
            &id,
            Command::Fire {
                transition: "agree".into(),
                on: date(2026, 4, 3),
                facts,
                note: None,
                told: milepost::timeline::NoticeContent::ALL.to_vec(),
            },
        )
        .await
        .unwrap();
        id
    }

    async fn reminders(&self, id: &milepost::ids::InvolvementId) -> usize {
        let log = self.involvements.log(id).await.unwrap();
        log.iter().filter(|event| matches!(&event.what, What::RuleRan { rule } if &**rule == "remind")).count()
    }
}

on_both_databases! {
    async fn a_weekday_rule_reminds_once_a_day_once_advice_is_a_week_late(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.awaiting_advice("ADA").await;
        desk.involvements.run_schedules().await.unwrap();

        // Due on 15 May; seven days late on Friday 22 May.
        desk.travel_to(date(2026, 5, 21));
        assert_eq!(desk.involvements.run_schedules().await.unwrap(), 0);
        desk.travel_to(date(2026, 5, 22));
        assert_eq!(desk.involvements.run_schedules().await.unwrap(), 1);
        assert_eq!(desk.involvements.run_schedules().await.unwrap(), 0);
        assert_eq!(desk.reminders(&id).await, 1);

        desk.travel_to(date(2026, 5, 23));
        assert_eq!(desk.involvements.run_schedules().await.unwrap(), 0, "Saturday");
        desk.travel_to(date(2026, 5, 25));
        assert_eq!(desk.involvements.run_schedules().await.unwrap(), 1);
        desk.check_invariants().await;
    }

    async fn a_rule_that_was_missed_for_weeks_runs_once_when_the_service_is_back(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.awaiting_advice("ADA").await;
        desk.involvements.run_schedules().await.unwrap();
        desk.travel_to(date(2026, 7, 1));
        assert_eq!(desk.involvements.run_schedules().await.unwrap(), 1);
        assert_eq!(desk.reminders(&id).await, 1);
    }

    async fn two_services_that_run_the_same_schedule_act_on_each_involvement_once(db: Db) {
        let desk = Desk::at(&db).await;
        let mut ids = Vec::new();
        for number in 0..30 {
            ids.push(desk.awaiting_advice(&format!("CHILD-{number}")).await);
        }
        desk.involvements.run_schedules().await.unwrap();
        let other = Involvements::new(db.clone(), desk.clock.clone());
        desk.travel_to(date(2026, 5, 22));

        let (one, two) = tokio::join!(desk.involvements.run_schedules(), other.run_schedules());

        one.unwrap();
        two.unwrap();
        for id in ids {
            assert_eq!(desk.reminders(&id).await, 1);
        }
        desk.check_invariants().await;
    }
}
