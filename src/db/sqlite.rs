//! Opening SQLite: one writer, several readers, and settings that are checked on each connection rather than hoped for.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row, SqliteConnection};

use super::{Db, StoreError};

const READERS_MOST: u32 = 8;
/// How long to wait for another process (a backup, the command line) that holds the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait for a connection of ours to come free.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Settings that every connection must have, and the value each must show.
///
/// `synchronous` = 2 is FULL: with anything less a power cut loses work that was acknowledged (measured; a killed process
/// does not show it). It is a setting of the connection, not of the file, so one forgotten connection would be enough.
const SETTINGS: [(&str, &str); 5] = [
    ("pragma journal_mode", "wal"),
    ("pragma synchronous", "2"),
    ("pragma foreign_keys", "1"),
    ("pragma trusted_schema", "0"),
    ("pragma busy_timeout", "5000"),
];

pub(super) async fn open(path: &str) -> Result<Db, StoreError> {
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.contains(":memory:") {
        // Each connection to a database in memory would have its own.
        return Err(StoreError::Address);
    }
    let settings = settings(Path::new(path));
    let writer = pool(1).min_connections(1).connect_with(settings.clone().create_if_missing(true)).await?;
    let readers = pool(READERS_MOST).connect_with(settings.read_only(true)).await?;
    Ok(Db::Sqlite { writer, readers })
}

fn settings(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("trusted_schema", "off")
        .pragma("temp_store", "memory")
}

fn pool(most: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(most)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(|conn, _| Box::pin(assert_settings(conn)))
}

/// Refuses a connection that lacks one of the [`SETTINGS`].
async fn assert_settings(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    for (pragma, expected) in SETTINGS {
        let row = sqlx::query(pragma).fetch_one(&mut *conn).await?;
        let shown =
            row.try_get::<String, _>(0).or_else(|_| row.try_get::<i64, _>(0).map(|number| number.to_string()))?;
        if shown != expected {
            return Err(sqlx::Error::Configuration(format!("{pragma} is {shown}, not {expected}").into()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::Connection;

    use super::*;

    /// Opens a database of its own: a connection that is still being closed would hold a lock on a shared one.
    async fn accepts(change: impl FnOnce(SqliteConnectOptions) -> SqliteConnectOptions) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let good = settings(&folder.path().join("a.db")).create_if_missing(true);
        assert_settings(&mut SqliteConnection::connect_with(&change(good)).await.unwrap()).await.is_ok()
    }

    #[tokio::test]
    async fn a_connection_that_would_lose_work_in_a_power_cut_is_refused() {
        assert!(accepts(|good| good).await);
        assert!(!accepts(|good| good.synchronous(SqliteSynchronous::Normal)).await);
        assert!(!accepts(|good| good.foreign_keys(false)).await);
        assert!(!accepts(|good| good.pragma("trusted_schema", "on")).await);
        assert!(!accepts(|good| good.busy_timeout(Duration::ZERO)).await);
        assert!(!accepts(|good| good.journal_mode(SqliteJournalMode::Delete)).await);
    }
}
