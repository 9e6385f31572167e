//! Fresh databases for tests, and the macro that runs a story on both.

use milepost::db::Db;

/// A database of one test's own, with the schema up to date. Goes when it is dropped.
pub struct Fresh {
    pub db: Db,
    /// What to open to reach the same database again.
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

/// A new SQLite file.
pub async fn sqlite() -> Fresh {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let url = format!("sqlite:{}", folder.path().join("milepost.db").display());
    let db = Db::open(&url).await.expect("a new SQLite database opens");
    db.migrate().await.expect("a new SQLite database takes every step of the schema");
    Fresh { db, url, _folder: Some(folder) }
}

/// A new database on the throw-away PostgreSQL server of this test binary.
pub async fn postgres() -> Fresh {
    let url = super::postgres::server().new_database().await;
    let db = Db::open(&url).await.expect("a new PostgreSQL database opens");
    Fresh { db, url, _folder: None }
}

/// Runs each story on SQLite and on PostgreSQL: `name::on_sqlite` and `name::on_postgres`.
///
/// ```ignore
/// on_both_databases! {
///     async fn what_is_written_can_be_read(db: Db) { ... }
/// }
/// ```
macro_rules! on_both_databases {
    ($($(#[$attribute:meta])* async fn $name:ident($db:ident: Db) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn story($db: ::milepost::db::Db) $body

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let fresh = $crate::support::databases::sqlite().await;
                story(fresh.db.clone()).await;
                fresh.db.close().await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let fresh = $crate::support::databases::postgres().await;
                story(fresh.db.clone()).await;
                fresh.db.close().await;
            }
        }
    )*};
}

pub(crate) use on_both_databases;
