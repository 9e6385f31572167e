//! One small layer over SQLite and PostgreSQL: the same SQL text, values and rows for both.
//!
//! ```ignore
//! let db = Db::open("sqlite:/var/lib/milepost/milepost.db").await?;
//! db.migrate().await?;
//! db.write(async |c| c.execute("update children set surname = $2 where id = $1", params![id, surname]).await).await?;
//! let row = db.read(async |c| c.fetch_optional("select surname from children where id = $1", params![id]).await).await?;
//! ```
//!
//! What is stored how, the same on both, so that one text serves:
//!
//! | in Rust | SQLite (STRICT) | PostgreSQL |
//! |---|---|---|
//! | `String`, ids | `text` | `text` |
//! | `i64`, `u32` | `integer` | `bigint` |
//! | `bool` | `integer` 0 or 1 | `boolean` |
//! | `Date` | `text`, ISO: `2026-09-01` | `text` |
//! | `Instant` | `integer`, milliseconds UTC | `bigint` |
//! | bytes | `blob` | `bytea` |
//! | JSON | `text`, exactly as written | `text` |
//!
//! SQL stays within what both understand (`$1` placeholders, `on conflict`, `returning`, `cast(sum(x) as bigint)`); where
//! they differ, [`Conn::dialect`] tells which is spoken.

mod conn;
mod error;
mod migrations;
mod postgres;
mod row;
mod sqlite;
mod value;

pub use conn::{Conn, Dialect};
pub use error::StoreError;
pub use row::{At, Column, Row};
pub use value::{Bindable, Value};

use sqlx::{PgPool, SqlitePool};

/// Values for the placeholders `$1`, `$2`, ... of a statement, each converted with `Value::from`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { ::std::vec![$($crate::db::Value::from($value)),*] };
}

/// A database: cheap to clone, shared by everything that runs.
#[derive(Debug, Clone)]
pub enum Db {
    /// One connection writes, so that no write ever finds the database locked by another of ours; the rest only read.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

impl Db {
    /// Opens `sqlite:PATH` (made if it is not there) or `postgres://...`. Does not change the schema: see [`Db::migrate`].
    ///
    /// # Errors
    /// When it cannot be reached, or a connection does not have the settings that keep data safe.
    pub async fn open(url: &str) -> Result<Db, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            sqlite::open(path).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            postgres::open(url).await
        } else {
            Err(StoreError::Address)
        }
    }

    pub fn dialect(&self) -> Dialect {
        match self {
            Db::Sqlite { .. } => Dialect::Sqlite,
            Db::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs reading statements on one connection, each seeing what was committed when it began.
    ///
    /// # Errors
    /// What the closure returns, or when no connection could be had.
    pub async fn read<T>(&self, ask: impl AsyncFnOnce(&mut Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
        ask(&mut Conn::reading(self).await?).await
    }

    /// Runs statements in one transaction: all of them are kept, or none when the closure fails or is dropped.
    ///
    /// # Errors
    /// What the closure returns, or when the transaction could not begin or commit.
    pub async fn write<T>(&self, act: impl AsyncFnOnce(&mut Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.write_or(act).await
    }

    /// Like [`Db::write`], for closures with an error of their own (a refusal, say), which also undoes everything.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_or<T, E: From<StoreError>>(
        &self,
        act: impl AsyncFnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = Conn::writing(self).await?;
        let outcome = act(&mut conn).await?;
        conn.commit().await?;
        Ok(outcome)
    }

    /// Waits for connections in use to come back, then closes them all.
    pub async fn close(&self) {
        match self {
            Db::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}
