//! The work tray puts what is open in order of urgency, and every filter shows what it says.

use milepost::calendar::date;
use milepost::engine::{ClockKey, Command};
use milepost::ids::{AccountId, ChildId};
use milepost::involvements::{Owner, TrayFilter, Urgency};
use milepost::timeline::Value;

use super::desk::Desk;
use crate::support::databases::on_both_databases;

fn owned(owner: Owner) -> TrayFilter {
    TrayFilter { owner, ..TrayFilter::default() }
}

on_both_databases! {
    async fn involvements_stand_in_groups_by_their_next_limit(db: Db) {
        let desk = Desk::at(&db).await;
        // Received on 2 March: to be decided by Monday 13 April.
        desk.opened("ADA").await;
        for (today, urgency) in [
            (date(2026, 3, 20), Urgency::DueLater),
            // Five working days on from 3 April (Good Friday and Easter Monday do not count) is 13 April.
            (date(2026, 4, 3), Urgency::DueSoon),
            (date(2026, 4, 13), Urgency::DueToday),
            (date(2026, 4, 14), Urgency::Overdue),
        ] {
            desk.travel_to(today);
            let tray = desk.involvements.tray(&TrayFilter::default(), 1).await.unwrap();
            assert_eq!(tray.items[0].urgency, urgency, "{today}");
            assert_eq!(tray.counts[urgency as usize], 1);
            assert_eq!(tray.items[0].line.next_due_on, Some(date(2026, 4, 13)));
        }
    }

    async fn an_exempt_involvement_waits_apart_until_its_period_is_over(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("ADA").await;
        for clock in ["decide", "final"] {
            let claim = Command::ClaimExemption {
                clock: ClockKey { clock: clock.into(), request: None },
                exemption: "personal".into(),
                from: date(2026, 4, 1),
                until: date(2026, 5, 1),
                reason: "Bereavement".into(),
                evidence: "Letter".into(),
            };
            desk.take(&id, claim).await.unwrap();
        }
        desk.travel_to(date(2026, 4, 20));
        let tray = desk.involvements.tray(&TrayFilter::default(), 1).await.unwrap();
        assert_eq!(tray.items[0].urgency, Urgency::ExemptOrWaiting);
        let only_exempt = TrayFilter { exempt_only: true, ..TrayFilter::default() };
        assert_eq!(desk.involvements.tray(&only_exempt, 1).await.unwrap().total, 1);

        desk.travel_to(date(2026, 5, 2));
        let tray = desk.involvements.tray(&TrayFilter::default(), 1).await.unwrap();
        assert_eq!(tray.items[0].urgency, Urgency::Overdue);
        assert_eq!(desk.involvements.tray(&only_exempt, 1).await.unwrap().total, 0);
    }

    async fn filters_show_what_they_say_and_nothing_else(db: Db) {
        let desk = Desk::at(&db).await;
        let ada = desk.opened("ADA").await;
        desk.opened("BEN").await;
        desk.take(&ada, Command::Assign { owner: Some(AccountId::from("PRIYA")) }).await.unwrap();
        desk.travel_to(date(2026, 4, 3));
        let facts = vec![("panel-date".to_owned(), Value::Date(date(2026, 4, 2)))];
        desk.take(&ada, Command::Fire { transition: "agree".into(), on: date(2026, 4, 3), facts, note: None, told: milepost::timeline::NoticeContent::ALL.to_vec() }).await.unwrap();

        let children = async |filter: TrayFilter| {
            let tray = desk.involvements.tray(&filter, 1).await.unwrap();
            assert_eq!(tray.total, tray.items.len() as i64);
            tray.items.iter().map(|item| item.child.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(children(TrayFilter::default()).await, ["BEN", "ADA"]);
        assert_eq!(children(owned(Owner::One(AccountId::from("PRIYA")))).await, ["ADA"]);
        assert_eq!(children(owned(Owner::Nobody)).await, ["BEN"]);
        assert_eq!(children(owned(Owner::One(AccountId::from("TOM")))).await, [""; 0]);
        assert_eq!(children(TrayFilter { stage: Some("advice".into()), ..TrayFilter::default() }).await, ["ADA"]);
        let awaiting = |adviser: &str| TrayFilter { awaiting: Some(adviser.into()), ..TrayFilter::default() };
        assert_eq!(children(awaiting("Setting")).await, ["ADA"]);
        assert_eq!(children(awaiting("Health")).await, [""; 0]);
        let found = TrayFilter { children: Some(vec![ChildId::from("BEN")]), ..TrayFilter::default() };
        assert_eq!(children(found).await, ["BEN"]);
        let none = TrayFilter { children: Some(vec![]), ..TrayFilter::default() };
        assert_eq!(children(none).await, [""; 0]);
    }

    async fn the_tray_has_twenty_five_to_a_page_and_loses_none(db: Db) {
        let desk = Desk::at(&db).await;
        for number in 0..60 {
            desk.opened(&format!("CHILD-{number}")).await;
        }
        let mut seen = std::collections::BTreeSet::new();
        for page in 1..=3 {
            let tray = desk.involvements.tray(&TrayFilter::default(), page).await.unwrap();
            assert_eq!(tray.total, 60);
            assert_eq!(tray.items.len(), if page < 3 { 25 } else { 10 });
            seen.extend(tray.items.iter().map(|item| item.id.clone()));
        }
        assert_eq!(seen.len(), 60);
    }

    async fn a_step_shows_in_the_tray_at_once(db: Db) {
        let desk = Desk::at(&db).await;
        let ada = desk.opened("ADA").await;
        for owner in ["PRIYA", "TOM", "PRIYA"] {
            desk.take(&ada, Command::Assign { owner: Some(AccountId::from(owner)) }).await.unwrap();
            let tray = desk.involvements.tray(&TrayFilter::default(), 1).await.unwrap();
            assert_eq!(tray.items[0].owner, Some(AccountId::from(owner)));
        }
    }
}
