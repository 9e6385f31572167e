//! The schema and its steps.

use std::fs;

use milepost::db::{Db, StoreError};
use milepost::params;

use crate::support::databases::{on_both_databases, sqlite};

on_both_databases! {
    async fn bringing_the_schema_up_to_date_twice_changes_nothing(db: Db) {
        assert_eq!(db.migrate().await.unwrap(), Vec::<i64>::new());
        assert_eq!(db.steps_missing().await.unwrap(), Vec::<i64>::new());
    }

    async fn a_database_that_a_newer_program_used_is_refused_untouched(db: Db) {
        let add = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
            values (9001, 'from the future', true, $1, 0)";
        db.write(async |c| c.execute(add, params![vec![0u8; 48]]).await).await.unwrap();

        assert!(matches!(db.migrate().await, Err(StoreError::Newer(9001))));
        assert!(matches!(db.steps_missing().await, Err(StoreError::Newer(9001))));
    }

    async fn a_step_that_was_edited_after_it_was_taken_is_noticed(db: Db) {
        let edit = "update _sqlx_migrations set checksum = $1 where version = 1";
        db.write(async |c| c.execute(edit, params![vec![7u8; 48]]).await).await.unwrap();

        assert!(matches!(db.migrate().await, Err(StoreError::Altered(1))));
    }
}

#[tokio::test]
async fn a_new_database_lacks_every_step_until_it_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite:{}", folder.path().join("new.db").display())).await.unwrap();
    let missing = db.steps_missing().await.unwrap();
    assert_eq!(missing.first(), Some(&1));
    assert_eq!(db.migrate().await.unwrap(), missing);
}

#[test]
fn each_step_has_a_twin_for_the_other_database() {
    let names = |folder: &str| {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("migrations/sqlite"), names("migrations/postgres"));
}

#[tokio::test]
async fn every_table_of_sqlite_is_strict_about_types() {
    let fresh = sqlite().await;
    let lax = "select name from pragma_table_list where type = 'table' and not strict
        and name not like 'sqlite_%' and name not like '_sqlx_%'";
    let rows = fresh.db.write(async |c| c.fetch_all(lax, params![]).await).await.unwrap();
    assert!(rows.is_empty());
}
