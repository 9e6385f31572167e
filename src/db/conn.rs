//! A connection, held for reading or inside a transaction, and the three ways to run a statement on it.

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use super::{Db, Row, StoreError, Value};

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
