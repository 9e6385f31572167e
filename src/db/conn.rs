//! A connection, held for reading or inside a transaction, and the three ways to run a statement on it.

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, PgConnection, Postgres, Row as _, Sqlite, SqliteConnection, Transaction};

use super::{Db, Row, StoreError, Value};

/// What SQLite calls `synchronous=FULL`.
const FLUSHES_EACH_COMMIT: i64 = 2;

/// Which of the two databases is spoken to, for the few statements whose wording differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// One connection. Dropping it inside a transaction that was not committed undoes the transaction.
#[derive(Debug)]
pub struct Conn(Held);

#[derive(Debug)]
enum Held {
    SqliteReading(PoolConnection<Sqlite>),
    SqliteWriting(Transaction<'static, Sqlite>),
    PostgresReading(PoolConnection<Postgres>),
    PostgresWriting(Transaction<'static, Postgres>),
}

enum Speaking<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn {
    pub(super) async fn reading(db: &Db) -> Result<Conn, StoreError> {
        Ok(Conn(match db {
            Db::Sqlite { readers, .. } => Held::SqliteReading(readers.acquire().await?),
            Db::Postgres(pool) => Held::PostgresReading(pool.acquire().await?),
        }))
    }

    pub(super) async fn writing(db: &Db) -> Result<Conn, StoreError> {
        Ok(Conn(match db {
            // IMMEDIATE takes the write lock at once: a transaction that reads first and writes later could otherwise find
            // that another process wrote in between, which SQLite answers with an error that waiting cannot mend.
            Db::Sqlite { writer, .. } => Held::SqliteWriting(writer.begin_with("begin immediate").await?),
            Db::Postgres(pool) => Held::PostgresWriting(pool.begin().await?),
        }))
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self.0 {
            Held::SqliteWriting(transaction) => transaction.commit().await?,
            Held::PostgresWriting(transaction) => transaction.commit().await?,
            Held::SqliteReading(_) | Held::PostgresReading(_) => {}
        }
        Ok(())
    }

    pub fn dialect(&self) -> Dialect {
        match &self.0 {
            Held::SqliteReading(_) | Held::SqliteWriting(_) => Dialect::Sqlite,
            Held::PostgresReading(_) | Held::PostgresWriting(_) => Dialect::Postgres,
        }
    }

    /// The text in the dialect that is spoken here.
    pub fn say(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self.dialect() {
            Dialect::Sqlite => sqlite,
            Dialect::Postgres => postgres,
        }
    }

    /// Runs a statement; gives how many rows it changed.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn execute(&mut self, sql: &'static str, params: Vec<Value>) -> Result<u64, StoreError> {
        Ok(match self.speaking() {
            Speaking::Sqlite(conn) => {
                sqlx::query_with(sql, sqlite_arguments(params)?).execute(conn).await?.rows_affected()
            }
            Speaking::Postgres(conn) => {
                sqlx::query_with(sql, postgres_arguments(params)?).execute(conn).await?.rows_affected()
            }
        })
    }

    /// All rows, in the order that the statement asks for.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn fetch_all(&mut self, sql: &'static str, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        Ok(match self.speaking() {
            Speaking::Sqlite(conn) => {
                let rows = sqlx::query_with(sql, sqlite_arguments(params)?).fetch_all(conn).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Speaking::Postgres(conn) => {
                let rows = sqlx::query_with(sql, postgres_arguments(params)?).fetch_all(conn).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn fetch_optional(&mut self, sql: &'static str, params: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(match self.speaking() {
            Speaking::Sqlite(conn) => {
                sqlx::query_with(sql, sqlite_arguments(params)?).fetch_optional(conn).await?.map(Row::Sqlite)
            }
            Speaking::Postgres(conn) => {
                sqlx::query_with(sql, postgres_arguments(params)?).fetch_optional(conn).await?.map(Row::Postgres)
            }
        })
    }

    /// The one row of a statement that always has one, such as a count.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::Missing`] when there is none.
    pub async fn fetch_one(&mut self, sql: &'static str, params: Vec<Value>) -> Result<Row, StoreError> {
        self.fetch_optional(sql, params).await?.ok_or(StoreError::Missing)
    }

    fn speaking(&mut self) -> Speaking<'_> {
        match &mut self.0 {
            Held::SqliteReading(conn) => Speaking::Sqlite(conn),
            Held::SqliteWriting(transaction) => Speaking::Sqlite(transaction),
            Held::PostgresReading(conn) => Speaking::Postgres(conn),
            Held::PostgresWriting(transaction) => Speaking::Postgres(transaction),
        }
    }
}

impl Db {
    /// Runs one writing statement, which is a transaction by itself: one hop to SQLite's connection, one round trip to
    /// PostgreSQL. Gives the rows it returns.
    ///
    /// # Errors
    /// See [`StoreError`]; nothing was kept then.
    pub async fn write_at_once(&self, sql: &'static str, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Db::Sqlite { writer, .. } => {
                let rows = sqlx::query_with(sql, sqlite_arguments(params)?).fetch_all(writer).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Db::Postgres(pool) => {
                let rows = sqlx::query_with(sql, postgres_arguments(params)?).fetch_all(pool).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }
}

impl Db {
    /// As [`Db::write_at_once`], for what need not survive a power cut yet: it is committed, and so outlives the process,
    /// but reaches the disk with the next thing that is flushed. Beside the commit itself the texts must arrange for that:
    /// SQLite's sets `synchronous` to normal, then back, and at last asks for it, so that it is seen to be back;
    /// PostgreSQL's sets `synchronous_commit` for itself alone.
    ///
    /// # Errors
    /// See [`StoreError`]; nothing was kept then.
    pub async fn write_before_flush(
        &self,
        sqlite: &'static str,
        postgres: &'static str,
        params: Vec<Value>,
    ) -> Result<(), StoreError> {
        let Db::Sqlite { writer, .. } = self else {
            return self.write_at_once(postgres, params).await.map(drop);
        };
        // Whatever goes wrong, this connection is not used again: the next one is opened with its settings checked.
        let mut conn = ClosedUnlessDone(Some(writer.acquire().await?));
        let rows = sqlx::query_with(sqlite, sqlite_arguments(params)?).fetch_all(conn.speaking()).await?;
        let flushes: Option<i64> = rows.last().map(|row| row.try_get(0)).transpose()?;
        if flushes == Some(FLUSHES_EACH_COMMIT) {
            conn.done();
        }
        Ok(())
    }
}

/// A connection on which a transaction may be open that its pool does not know of: closed, and so undone, when it is
/// dropped before it is known to be in order.
struct ClosedUnlessDone(Option<PoolConnection<Sqlite>>);

impl ClosedUnlessDone {
    fn speaking(&mut self) -> &mut SqliteConnection {
        self.0.as_mut().expect("the connection is there until it is done with")
    }

    fn done(mut self) {
        drop(self.0.take());
    }
}

impl Drop for ClosedUnlessDone {
    fn drop(&mut self) {
        if let Some(conn) = &mut self.0 {
            conn.close_on_drop();
        }
    }
}

pub(super) fn sqlite_arguments(params: Vec<Value>) -> Result<SqliteArguments, StoreError> {
    let mut arguments = SqliteArguments::default();
    for value in params {
        match value {
            Value::Text(text) => arguments.add(text),
            Value::Int(number) => arguments.add(number),
            Value::Bool(yes) => arguments.add(yes),
            Value::Bytes(bytes) => arguments.add(bytes),
        }
        .map_err(StoreError::unstorable)?;
    }
    Ok(arguments)
}

pub(super) fn postgres_arguments(params: Vec<Value>) -> Result<PgArguments, StoreError> {
    let mut arguments = PgArguments::default();
    for value in params {
        match value {
            Value::Text(text) => arguments.add(text),
            Value::Int(number) => arguments.add(number),
            Value::Bool(yes) => arguments.add(yes),
            Value::Bytes(bytes) => arguments.add(bytes),
        }
        .map_err(StoreError::unstorable)?;
    }
    Ok(arguments)
}
