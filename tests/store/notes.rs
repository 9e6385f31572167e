//! What people look at is in the audit trail before they see it, and a glance at a list makes nothing else less safe.

use milepost::access::Role;
use milepost::audit::{Action, Entry, Notes};
use milepost::clock::Instant;
use milepost::db::{Db, Dialect};
use milepost::engine::Actor;
use milepost::ids::AccountId;
use milepost::params;

use crate::support::databases::on_both_databases;

fn glance(number: i64) -> Entry {
    let who = Actor::Person { account: AccountId::from("CASEWORKER"), role: Role::Caseworker };
    Entry::new(Instant(1_790_000_000_000 + number), who, Action::TrayViewed, "/office")
}

async fn entries(db: &Db) -> i64 {
    db.read(async |c| c.fetch_one("select count(*) from audit", params![]).await?.get(0)).await.unwrap()
}

/// Whether the next transaction that somebody is told of waits for the disk.
async fn flushes(db: &Db) -> bool {
    match db.dialect() {
        Dialect::Sqlite => {
            let pragma = db.write(async |c| c.fetch_one("pragma synchronous", params![]).await?.get::<i64>(0)).await;
            pragma.unwrap() == 2
        }
        Dialect::Postgres => {
            let shown =
                db.write(async |c| c.fetch_one("show synchronous_commit", params![]).await?.get::<String>(0)).await;
            shown.unwrap() == "on"
        }
    }
}

async fn execute(db: &Db, sqlite: &'static str, postgres: &'static str) {
    db.write(async |c| c.execute(c.say(sqlite, postgres), params![]).await).await.unwrap();
}

on_both_databases! {
    async fn a_glance_is_in_the_trail_when_its_page_may_be_shown(db: Db) {
        let notes = Notes::begin(db.clone());
        for number in 1..=3 {
            notes.note_glance(glance(number)).await.unwrap();
            assert_eq!(entries(&db).await, number);
        }
        assert_eq!(milepost::audit::seal(&db).await.unwrap(), 3);
    }

    async fn those_who_look_together_each_have_their_entry(db: Db) {
        let notes = Notes::begin(db.clone());
        let looks = (0..200).map(|number| {
            let notes = notes.clone();
            tokio::spawn(async move {
                match number % 5 {
                    0 => notes.note(glance(number)).await,
                    _ => notes.note_glance(glance(number)).await,
                }
            })
        });
        for look in looks.collect::<Vec<_>>() {
            look.await.unwrap().unwrap();
        }
        assert_eq!(entries(&db).await, 200);
    }

    async fn what_people_do_waits_for_the_disk_after_a_glance_as_before(db: Db) {
        let notes = Notes::begin(db.clone());
        assert!(flushes(&db).await);
        for number in 0..20 {
            notes.note_glance(glance(number)).await.unwrap();
            assert!(flushes(&db).await, "after glance {number}");
        }
    }

    async fn a_glance_that_cannot_be_noted_is_refused_and_leaves_the_database_as_it_was(db: Db) {
        let notes = Notes::begin(db.clone());
        execute(
            &db,
            "create trigger no_room before insert on audit begin select raise(abort, 'no room'); end",
            "alter table audit add constraint no_room check (at < 0) not valid",
        )
        .await;
        assert!(notes.note_glance(glance(1)).await.is_err());
        assert!(flushes(&db).await);
        execute(&db, "drop trigger no_room", "alter table audit drop constraint no_room").await;
        assert_eq!(entries(&db).await, 0);
        notes.note_glance(glance(2)).await.unwrap();
        assert_eq!(entries(&db).await, 1);
        assert!(flushes(&db).await);
    }
}
