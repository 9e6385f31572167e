//! The layer over both databases: values go in and come out the same, transactions hold, errors say what can be done.

use std::sync::Arc;

use milepost::calendar::{Date, date};
use milepost::clock::Instant;
use milepost::db::{Db, StoreError};
use milepost::ids::ChildId;
use milepost::params;

use crate::support::databases::{on_both_databases, sqlite};

async fn make_table(db: &Db) {
    let sqlite =
        "create table kept (id text primary key, count integer, yes integer, raw blob, day text, at integer) strict";
    let postgres = "create table kept (id text primary key, count bigint, yes boolean, raw bytea, day text, at bigint)";
    db.write(async |c| c.execute(c.say(sqlite, postgres), params![]).await).await.unwrap();
}

const ADD: &str = "insert into kept (id, count, yes, raw, day, at) values ($1, $2, $3, $4, $5, $6)";
const COUNT: &str = "select count(*) from kept";

async fn add(db: &Db, id: &str) -> Result<u64, StoreError> {
    let none = (None::<i64>, None::<bool>, None::<Vec<u8>>, None::<Date>, None::<Instant>);
    db.write(async |c| c.execute(ADD, params![id, none.0, none.1, none.2, none.3, none.4]).await).await
}

async fn count(db: &Db) -> i64 {
    db.read(async |c| c.fetch_one(COUNT, params![]).await?.get(0)).await.unwrap()
}

on_both_databases! {
    async fn every_kind_of_value_comes_back_as_it_was_stored(db: Db) {
        make_table(&db).await;
        let id = ChildId::random();
        let raw: Vec<u8> = (0..=255).collect();
        let day = date(2028, 2, 29);
        let at = Instant(1_790_000_000_123);
        db.write(async |c| c.execute(ADD, params![&id, i64::MAX, true, raw.clone(), day, at]).await).await.unwrap();

        let row = db.read(async |c| c.fetch_one("select * from kept where id = $1", params![&id]).await).await.unwrap();

        assert_eq!(row.get::<ChildId>("id").unwrap(), id);
        assert_eq!(row.get::<i64>("count").unwrap(), i64::MAX);
        assert!(row.get::<bool>("yes").unwrap());
        assert_eq!(row.get::<Vec<u8>>("raw").unwrap(), raw);
        assert_eq!(row.get::<Date>("day").unwrap(), day);
        assert_eq!(row.get::<Option<Instant>>("at").unwrap(), Some(at));
    }

    async fn an_absent_value_of_any_kind_comes_back_absent(db: Db) {
        make_table(&db).await;
        add(&db, "none").await.unwrap();

        let row = db.read(async |c| c.fetch_one("select * from kept", params![]).await).await.unwrap();

        assert_eq!(row.get::<Option<i64>>("count").unwrap(), None);
        assert_eq!(row.get::<Option<bool>>("yes").unwrap(), None);
        assert_eq!(row.get::<Option<Vec<u8>>>("raw").unwrap(), None);
        assert_eq!(row.get::<Option<Date>>("day").unwrap(), None);
        assert!(matches!(row.get::<i64>("count"), Err(StoreError::Unreadable { .. })));
    }

    async fn a_transaction_that_fails_keeps_nothing(db: Db) {
        make_table(&db).await;

        let outcome: Result<(), StoreError> = db.write(async |c| {
            c.execute("insert into kept (id) values ($1)", params!["first"]).await?;
            Err(StoreError::Missing)
        }).await;

        assert!(matches!(outcome, Err(StoreError::Missing)));
        assert_eq!(count(&db).await, 0);
    }

    async fn a_transaction_that_is_dropped_halfway_keeps_nothing_and_blocks_nobody(db: Db) {
        make_table(&db).await;
        let (begun, wait) = tokio::sync::oneshot::channel::<()>();
        let theirs = db.clone();
        let given_up = tokio::spawn(async move {
            theirs.write(async |c| {
                c.execute("insert into kept (id) values ($1)", params!["given up"]).await?;
                begun.send(()).unwrap();
                std::future::pending::<Result<(), StoreError>>().await
            }).await
        });
        wait.await.unwrap();
        given_up.abort();
        assert!(given_up.await.unwrap_err().is_cancelled());

        add(&db, "next").await.unwrap();

        assert_eq!(count(&db).await, 1);
    }

    async fn a_second_row_with_the_same_key_is_told_so_and_need_not_try_again(db: Db) {
        make_table(&db).await;
        add(&db, "one").await.unwrap();

        let error = add(&db, "one").await.unwrap_err();

        assert!(matches!(error, StoreError::Taken(_)), "{error:?}");
        assert!(!error.may_pass());
    }

    async fn sixteen_writers_at_once_all_get_through(db: Db) {
        make_table(&db).await;
        let db = Arc::new(db);
        let writers = (0..16).map(|writer| {
            let db = Arc::clone(&db);
            tokio::spawn(async move {
                for number in 0..10 {
                    add(&db, &format!("{writer}-{number}")).await.unwrap();
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        assert_eq!(count(&db).await, 160);
    }

    async fn an_error_shows_neither_the_statement_nor_a_value(db: Db) {
        make_table(&db).await;
        add(&db, "Adaeze Okafor").await.unwrap();

        let taken = add(&db, "Adaeze Okafor").await.unwrap_err();

        let shown = format!("{taken} {taken:?}");
        assert!(!shown.contains("Okafor") && !shown.contains("insert"), "{shown}");
    }
}

#[tokio::test]
async fn a_reading_connection_of_sqlite_cannot_write() {
    let fresh = sqlite().await;
    let outcome =
        fresh.db.read(async |c| c.execute("insert into meta (key, value) values ('a', 'b')", params![]).await).await;
    assert!(matches!(outcome, Err(StoreError::Refused(_))), "{outcome:?}");
}

#[tokio::test]
async fn every_connection_of_sqlite_has_the_settings_that_keep_data_safe() {
    let fresh = sqlite().await;
    for setting in [("pragma synchronous", 2), ("pragma foreign_keys", 1), ("pragma trusted_schema", 0)] {
        let shown = |c: milepost::db::Row| c.get::<i64>(0).unwrap();
        let read = fresh.db.read(async |c| c.fetch_one(setting.0, params![]).await).await.map(shown).unwrap();
        let write = fresh.db.write(async |c| c.fetch_one(setting.0, params![]).await).await.map(shown).unwrap();
        assert_eq!((read, write), (setting.1, setting.1), "{}", setting.0);
    }
}

#[tokio::test]
async fn an_address_of_another_kind_is_refused_in_words() {
    for url in ["mysql://localhost/a", "milepost.db", "sqlite::memory:", ""] {
        assert!(matches!(Db::open(url).await, Err(StoreError::Address)), "{url}");
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_told_to_be_tried_again() {
    let error = Db::open("postgres://nobody@127.0.0.1:1/none").await.unwrap_err();
    assert!(error.may_pass(), "{error:?}");
}
