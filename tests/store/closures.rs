//! When settings are closed, as it is kept.

use milepost::calendar::{Closure, date};
use milepost::clock::{Clock, Instant};
use milepost::closures::Closures;
use milepost::db::Db;
use milepost::engine::Actor;
use milepost::params;

use crate::support::databases::on_both_databases;

fn closures(db: &Db) -> Closures {
    Closures::new(db.clone(), Clock::set_to(Instant::at_start_of(date(2026, 3, 2))))
}

const TERM_DATES: &str = "setting,closed_from,reopens_on\nAlder Primary,2026-07-18,2026-09-02\n\
                          Alder Primary,2026-05-23,2026-06-01\nÉcole Beck,2026-07-22,2026-09-03\n";

on_both_databases! {
    async fn a_file_that_is_imported_twice_is_recorded_once(db: Db) {
        let closures = closures(&db);
        let first = closures.import(TERM_DATES.as_bytes(), None, &Actor::System).await.unwrap();
        let second = closures.import(TERM_DATES.as_bytes(), None, &Actor::System).await.unwrap();
        assert_eq!((first.new, second.new), (3, 0));
        let (total, _) = closures.page("", date(2026, 3, 2), 1).await.unwrap();
        assert_eq!(total, 3);
        let sql = "select count(*) as n from audit where action = 'closures-changed'";
        let entries: i64 = db.read(async |c| c.fetch_one(sql, params![]).await?.get("n")).await.unwrap();
        assert_eq!(entries, 1);
    }

    async fn a_setting_is_found_however_its_name_is_written_and_old_closures_are_left_out(db: Db) {
        let closures = closures(&db);
        closures.import(TERM_DATES.as_bytes(), None, &Actor::System).await.unwrap();
        let of = async |name: &str, since| closures.of_setting(name, since).await.unwrap();
        assert_eq!(of("  alder PRIMARY ", date(2026, 3, 2)).await.len(), 2);
        assert_eq!(of("Ecole beck", date(2026, 3, 2)).await[0].from, date(2026, 7, 22));
        assert_eq!(
            of("Alder Primary", date(2026, 6, 2)).await,
            [Closure { setting: "Alder Primary".into(), from: date(2026, 7, 18), reopens_on: date(2026, 9, 2) }]
        );
        assert!(of("", date(2026, 3, 2)).await.is_empty() && of("Alder", date(2026, 3, 2)).await.is_empty());
        assert_eq!(closures.page("ald", date(2026, 3, 2), 1).await.unwrap().0, 2);
    }

    async fn what_is_removed_is_gone_and_removing_it_again_does_nothing(db: Db) {
        let closures = closures(&db);
        closures.import(TERM_DATES.as_bytes(), None, &Actor::System).await.unwrap();
        let (_, page) = closures.page("", date(2026, 3, 2), 1).await.unwrap();
        assert_eq!(page[0].closure.from, date(2026, 5, 23), "soonest first");
        assert!(closures.remove(&page[0].id, &Actor::System).await.unwrap());
        assert!(!closures.remove(&page[0].id, &Actor::System).await.unwrap());
        assert!(closures.find(&page[0].id).await.unwrap().is_none());
        assert_eq!(closures.page("", date(2026, 3, 2), 1).await.unwrap().0, 2);
    }
}
