//! The audit trail: chained without gaps whoever writes, and every kind of tampering shows.

use milepost::access::Role;
use milepost::audit::{self, Action, Checkpoint, Entry, Flaw};
use milepost::clock::Instant;
use milepost::db::{Db, Dialect, StoreError};
use milepost::engine::Actor;
use milepost::ids::{AccountId, ChildId, RequestId};
use milepost::params;
use serde_json::json;

use crate::support::databases::{on_both_databases, postgres};

fn viewed(number: i64) -> Entry {
    let who = Actor::Person { account: AccountId::from("CASEWORKER"), role: Role::Caseworker };
    Entry::new(Instant(1_790_000_000_000 + number), who, Action::ChildViewed, "/office/children/:id")
        .about_child(ChildId::from("CHILD"))
        .in_request(RequestId::random())
        .with(json!({ "fields": ["name", "born_on"], "number": number }))
}

async fn write(db: &Db, entries: std::ops::Range<i64>) {
    for number in entries {
        db.write(async |c| audit::record(c, &[viewed(number)]).await).await.unwrap();
    }
}

/// Ten sealed entries, and the checkpoint of the tenth.
async fn ten_sealed(db: &Db) -> Checkpoint {
    write(db, 0..10).await;
    assert_eq!(audit::seal(db).await.unwrap(), 10);
    audit::verify(db, &[]).await.unwrap().head.unwrap()
}

/// What somebody with the rights of the database's owner could do: past the triggers.
async fn tamper(db: &Db, statements: &[&'static str]) {
    let (off, on): (&[&'static str], &[&'static str]) = match db.dialect() {
        Dialect::Sqlite => (
            &[
                "drop trigger audit_is_not_changed",
                "drop trigger audit_is_not_removed",
                "drop trigger audit_chain_is_not_changed",
                "drop trigger audit_chain_is_not_removed",
            ],
            &[],
        ),
        Dialect::Postgres => (
            &["alter table audit disable trigger all", "alter table audit_chain disable trigger all"],
            &["alter table audit enable trigger all", "alter table audit_chain enable trigger all"],
        ),
    };
    let statements: Vec<&'static str> = [off, statements, on].concat();
    db.write(async |c| {
        for statement in statements {
            c.execute(statement, params![]).await?;
        }
        Ok(())
    })
    .await
    .unwrap();
}

async fn flaw(db: &Db, checkpoints: &[Checkpoint]) -> Option<(i64, Flaw)> {
    audit::verify(db, checkpoints).await.unwrap().fault.map(|fault| (fault.seq, fault.flaw))
}

on_both_databases! {
    async fn an_untouched_trail_is_found_whole(db: Db) {
        let checkpoint = ten_sealed(&db).await;

        let report = audit::verify(&db, std::slice::from_ref(&checkpoint)).await.unwrap();

        assert_eq!((report.entries, report.unsealed, report.fault), (10, 0, None));
        assert_eq!(report.head, Some(checkpoint));
    }

    async fn sealing_goes_on_where_it_stopped(db: Db) {
        let first = ten_sealed(&db).await;
        write(&db, 10..13).await;
        assert_eq!(audit::verify(&db, &[]).await.unwrap().unsealed, 3);

        assert_eq!(audit::seal(&db).await.unwrap(), 3);
        assert_eq!(audit::seal(&db).await.unwrap(), 0);

        let report = audit::verify(&db, &[first]).await.unwrap();
        assert_eq!((report.entries, report.unsealed, report.fault), (13, 0, None));
    }

    async fn more_entries_than_one_batch_are_sealed_in_one_go(db: Db) {
        let entries: Vec<Entry> = (0..1203).map(viewed).collect();
        db.write(async |c| audit::record(c, &entries).await).await.unwrap();

        assert_eq!(audit::seal(&db).await.unwrap(), 1203);

        let report = audit::verify(&db, &[]).await.unwrap();
        assert_eq!((report.entries, report.unsealed, report.fault), (1203, 0, None));
    }

    async fn an_altered_entry_shows(db: Db) {
        ten_sealed(&db).await;
        tamper(&db, &["update audit set account_id = 'SOMEBODYELSE' where id = 4"]).await;
        assert_eq!(flaw(&db, &[]).await, Some((4, Flaw::Altered)));
    }

    async fn an_altered_time_shows(db: Db) {
        ten_sealed(&db).await;
        tamper(&db, &["update audit set at = at - 1 where id = 10"]).await;
        assert_eq!(flaw(&db, &[]).await, Some((10, Flaw::Altered)));
    }

    async fn a_removed_entry_shows(db: Db) {
        ten_sealed(&db).await;
        tamper(&db, &["delete from audit where id = 7"]).await;
        assert_eq!(flaw(&db, &[]).await, Some((7, Flaw::Removed)));
    }

    async fn an_entry_removed_with_its_link_shows(db: Db) {
        ten_sealed(&db).await;
        tamper(&db, &["delete from audit where id = 7", "delete from audit_chain where seq = 7"]).await;
        assert_eq!(flaw(&db, &[]).await, Some((7, Flaw::Gap)));
    }

    async fn an_entry_removed_and_the_rest_moved_up_shows(db: Db) {
        ten_sealed(&db).await;
        tamper(&db, &[
            "delete from audit_chain where seq = 7", "update audit_chain set seq = -seq where seq > 7",
            "update audit_chain set seq = -seq - 1 where seq < 0",
        ]).await;
        assert_eq!(flaw(&db, &[]).await, Some((7, Flaw::Broken)));
    }

    async fn two_entries_that_changed_places_show(db: Db) {
        ten_sealed(&db).await;
        tamper(&db, &[
            "update audit_chain set seq = -1 where seq = 3", "update audit_chain set seq = 3 where seq = 8",
            "update audit_chain set seq = 8 where seq = -1",
        ]).await;
        assert_eq!(flaw(&db, &[]).await, Some((3, Flaw::Broken)));
    }

    async fn an_entry_put_in_between_shows(db: Db) {
        ten_sealed(&db).await;
        tamper(&db, &[
            "insert into audit_chain (seq, audit_id, commitment, hash)
                select -1, -1, commitment, hash from audit_chain where seq = 5",
            "update audit_chain set seq = -seq where seq > 5", "update audit_chain set seq = 6 where seq = -1",
            "update audit_chain set seq = -seq + 1 where seq < 0",
        ]).await;
        assert!(flaw(&db, &[]).await.is_some());
    }

    async fn an_entry_put_in_past_the_program_shows(db: Db) {
        ten_sealed(&db).await;
        let columns = "insert into audit (id, at, action, why, details, salt) overriding system value
            values (-5, 1, 'child-viewed', 'x', '{}', '00')";
        let columns_sqlite = "insert into audit (id, at, action, why, details, salt)
            values (-5, 1, 'child-viewed', 'x', '{}', '00')";
        tamper(&db, &[if db.dialect() == Dialect::Sqlite { columns_sqlite } else { columns }]).await;
        assert_eq!(flaw(&db, &[]).await, Some((10, Flaw::PutIn)));
    }

    async fn an_altered_hash_shows(db: Db) {
        ten_sealed(&db).await;
        tamper(&db, &["update audit_chain set hash = replace(hash, substr(hash, 1, 1), 'x') where seq = 9"]).await;
        assert_eq!(flaw(&db, &[]).await, Some((9, Flaw::Broken)));
    }

    async fn a_trail_whose_end_was_cut_off_shows_against_a_checkpoint(db: Db) {
        let checkpoint = ten_sealed(&db).await;
        tamper(&db, &["delete from audit_chain where seq > 8", "delete from audit where id > 8"]).await;

        assert_eq!(flaw(&db, &[]).await, None);
        assert_eq!(flaw(&db, &[checkpoint]).await, Some((9, Flaw::CutOff)));
    }

    async fn a_trail_that_was_rewritten_whole_shows_against_a_checkpoint(db: Db) {
        let checkpoint = ten_sealed(&db).await;
        let mut statements = vec!["delete from audit_chain", "update audit set account_id = 'SOMEBODYELSE' where id = 2"];
        if db.dialect() == Dialect::Postgres {
            statements.push("insert into audit_unsealed (id) select id from audit");
        }
        tamper(&db, &statements).await;
        assert_eq!(audit::seal(&db).await.unwrap(), 10);

        assert_eq!(flaw(&db, &[]).await, None);
        assert_eq!(flaw(&db, &[checkpoint]).await, Some((10, Flaw::NotTheCheckpoint)));
    }

    async fn the_trail_and_its_chain_can_only_be_added_to(db: Db) {
        ten_sealed(&db).await;
        for statement in ["update audit set why = 'x'", "delete from audit", "update audit_chain set hash = 'x'",
            "delete from audit_chain"] {
            let outcome = db.write(async |c| c.execute(statement, params![]).await).await;
            assert!(matches!(outcome, Err(StoreError::AppendOnly)), "{statement}: {outcome:?}");
        }
    }

    async fn sixteen_writers_and_two_sealers_leave_neither_gap_nor_fork(db: Db) {
        let writers = (0..16i64).map(|writer| {
            let db = db.clone();
            tokio::spawn(async move {
                for number in 0..20 {
                    let entry = viewed(writer * 100 + number);
                    // Every fourth act fails after its entry was written, and must leave none.
                    let fails = number % 4 == 3;
                    let outcome: Result<(), StoreError> = db.write(async |c| {
                        audit::record(c, &[entry]).await?;
                        tokio::task::yield_now().await;
                        if fails { Err(StoreError::Missing) } else { Ok(()) }
                    }).await;
                    assert_eq!(outcome.is_err(), fails);
                }
            })
        });
        let sealers = (0..2).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..40 {
                    audit::seal(&db).await.unwrap();
                }
            })
        });
        for task in writers.chain(sealers).collect::<Vec<_>>() {
            task.await.unwrap();
        }
        audit::seal(&db).await.unwrap();

        let report = audit::verify(&db, &[]).await.unwrap();
        assert_eq!((report.entries, report.unsealed, report.fault), (16 * 15, 0, None));
    }

    async fn an_export_satisfies_the_independent_verifier(db: Db) {
        let naughty = ["\u{2028}\u{feff}", "\"'\\ \n\r\t", "𝕏 👩‍👩‍👧 مرحبا", "</script>", "\u{0000}\u{7f}"];
        let entries: Vec<Entry> = naughty.iter().map(|text| viewed(1).with(json!({ "object": text }))).collect();
        db.write(async |c| audit::record(c, &entries).await).await.unwrap();
        let checkpoint = { audit::seal(&db).await.unwrap(); audit::verify(&db, &[]).await.unwrap().head.unwrap() };
        let mut text = String::new();
        let written = audit::export(&db, |line| { text.push_str(line); text.push('\n'); Ok::<(), StoreError>(()) }).await.unwrap();
        assert_eq!(written, 5);

        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("audit.jsonl"), &text).unwrap();
        std::fs::write(folder.path().join("checkpoints.json"), serde_json::to_string(&[checkpoint]).unwrap()).unwrap();
        let verifier = std::process::Command::new("python3")
            .arg("docs/verify-audit.py")
            .arg(folder.path().join("audit.jsonl"))
            .arg(folder.path().join("checkpoints.json"))
            .output()
            .expect("python3 is installed: the verifier of the audit trail needs it");
        let said = String::from_utf8_lossy(&verifier.stdout).into_owned() + &String::from_utf8_lossy(&verifier.stderr);
        assert!(verifier.status.success() && said.starts_with("OK 5 entries, 0 redacted"), "{said}");
    }
}

// SQLite has one writer at a time: there, no transaction is overtaken by another.
#[tokio::test]
async fn a_slow_transaction_with_a_low_number_is_sealed_after_faster_ones() {
    let db = postgres().await.db;
    let (recorded, wait) = tokio::sync::oneshot::channel::<()>();
    let (go, gone) = tokio::sync::oneshot::channel::<()>();
    let slow = db.clone();
    let slow = tokio::spawn(async move {
        slow.write(async |c| {
            audit::record(c, &[viewed(1)]).await?;
            recorded.send(()).unwrap();
            gone.await.unwrap();
            Ok(())
        })
        .await
    });
    wait.await.unwrap();
    write(&db, 2..5).await;
    assert_eq!(audit::seal(&db).await.unwrap(), 3);
    go.send(()).unwrap();
    slow.await.unwrap().unwrap();

    assert_eq!(audit::seal(&db).await.unwrap(), 1);

    let report = audit::verify(&db, &[]).await.unwrap();
    assert_eq!((report.entries, report.unsealed, report.fault), (4, 0, None));
}
