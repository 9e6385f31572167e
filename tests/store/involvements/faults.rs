//! A unit of work that breaks in the middle leaves nothing, and nobody else out of pocket.

use milepost::db::Db;
use milepost::involvements::Trouble;
use milepost::params;

use super::desk::{Desk, fire, note, opened_on};
use crate::support::databases::on_both_databases;

/// Makes the database refuse, from now on, the rows of a table that carry `BAD`.
async fn break_table(desk: &Desk, table: &'static str) {
    let condition = match table {
        "events" => "new.payload like '%BAD%'",
        "outbox" => "new.kind = 'notice'",
        "audit" => "new.why = 'BAD'",
        _ => "new.child_id = 'BAD'",
    };
    let change = if table == "involvements" { "update" } else { "insert" };
    // The names are the test's own, so that putting them together is safe.
    let sqlite = format!(
        "create trigger broken before {change} on {table} when {condition} begin select raise(abort, 'broken'); end"
    );
    let function =
        "create function broken() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$";
    let postgres = format!(
        "create trigger broken before {change} on {table} for each row when ({condition}) execute function broken()"
    );
    let (sqlite, postgres): (&'static str, &'static str) = (sqlite.leak(), postgres.leak());
    desk.execute("select 1", function).await;
    desk.execute(sqlite, postgres).await;
}

async fn mend_table(desk: &Desk, table: &'static str) {
    desk.execute("drop trigger broken", format!("drop trigger broken on {table}").leak()).await;
}

async fn everything(db: &Db) -> Vec<i64> {
    let mut counts = Vec::new();
    for statement in [
        "select count(*) from involvements",
        "select coalesce(cast(sum(version) as bigint), 0) from involvements",
        "select count(*) from events",
        "select count(*) from outbox",
        "select count(*) from audit",
    ] {
        counts.push(db.read(async |c| c.fetch_one(statement, params![]).await?.get(0)).await.unwrap());
    }
    counts
}

async fn all_or_nothing(db: Db, table: &'static str) {
    let desk = Desk::at(&db).await;
    let bad = desk.opened("BAD").await;
    let mut good = Vec::new();
    for number in 0..8 {
        good.push(desk.opened(&format!("GOOD-{number}")).await);
    }
    let before = everything(&db).await;
    break_table(&desk, table).await;

    let mut breaking = desk.step(&bad, fire("agree", opened_on()));
    breaking.origin.why = "BAD".into();
    if table == "events" {
        breaking.command = note("BAD");
    }
    let alone = desk.involvements.take(breaking.clone()).await;
    assert!(matches!(alone, Err(Trouble::Store(_))), "{alone:?}");
    assert_eq!(everything(&db).await, before, "nothing is left of it");

    let mut asked = vec![tokio::spawn({
        let (desk, step) = (desk.clone(), breaking.clone());
        async move { desk.involvements.take(step).await }
    })];
    for id in &good {
        let (desk, step) = (desk.clone(), desk.step(id, note("A call")));
        asked.push(tokio::spawn(async move { desk.involvements.take(step).await }));
    }
    let mut taken = Vec::new();
    for asked in asked {
        taken.push(asked.await.unwrap().is_ok());
    }
    assert_eq!(taken, [false, true, true, true, true, true, true, true, true], "it fails alone");

    mend_table(&desk, table).await;
    desk.involvements.take(breaking).await.expect("mended, it goes through");
    desk.check_invariants().await;
}

on_both_databases! {
    async fn a_step_whose_events_cannot_be_written_leaves_nothing(db: Db) { all_or_nothing(db, "events").await; }
    async fn a_step_whose_row_cannot_be_written_leaves_nothing(db: Db) { all_or_nothing(db, "involvements").await; }
    async fn a_step_whose_messages_cannot_be_written_leaves_nothing(db: Db) { all_or_nothing(db, "outbox").await; }
    async fn a_step_whose_audit_entry_cannot_be_written_leaves_nothing(db: Db) { all_or_nothing(db, "audit").await; }

    async fn a_row_that_something_else_changed_is_mended_from_its_log(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("ADA").await;
        desk.take(&id, fire("agree", opened_on())).await.unwrap();
        desk.opened("GRACE").await;
        let before = desk.involvements.find(&id).await.unwrap().unwrap().involvement;
        desk.execute(
            "update involvements set snapshot = '{}', state = 'nowhere', next_due_on = null, wakes_on = null where child_id = 'ADA'",
            "update involvements set snapshot = '{}', state = 'nowhere', next_due_on = null, wakes_on = null where child_id = 'ADA'",
        ).await;

        let rebuilt = desk.involvements.rebuild().await.unwrap();

        assert_eq!((rebuilt.looked_at, rebuilt.mended), (2, 1));
        assert_eq!(desk.involvements.find(&id).await.unwrap().unwrap().involvement, before);
        desk.check_invariants().await;
    }
}
