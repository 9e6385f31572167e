//! Rows, read by column name or position into the types that the program speaks.

use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Row as _, ValueRef};

use super::StoreError;
use crate::calendar::Date;
use crate::clock::Instant;
use crate::ids::{AccountId, ChildId, DefinitionId, InvolvementId, RequestId};

/// One row of an answer. Not to be printed: it holds what the table holds.
#[expect(missing_debug_implementations, reason = "a log line must not be able to hold a person's row")]
pub enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// A column's place in the row: its name (`"due_at"`) or its position from 0.
pub trait At: ColumnIndex<SqliteRow> + ColumnIndex<PgRow> + std::fmt::Display + Copy {}

impl<T: ColumnIndex<SqliteRow> + ColumnIndex<PgRow> + std::fmt::Display + Copy> At for T {}

impl Row {
    /// # Errors
    /// When the column is not there or holds something else.
    pub fn get<T: Column>(&self, at: impl At) -> Result<T, StoreError> {
        T::read(self, at)
    }

    /// A column of JSON text.
    ///
    /// # Errors
    /// When the column is not there or holds something else.
    pub fn json<T: DeserializeOwned>(&self, at: impl At) -> Result<T, StoreError> {
        match self {
            Row::Sqlite(row) => {
                let text: &str = row.try_get(at).map_err(|why| StoreError::unreadable(at, why))?;
                serde_json::from_str(text).map_err(|why| StoreError::unreadable(at, why))
            }
            Row::Postgres(row) => {
                let text: &str = row.try_get(at).map_err(|why| StoreError::unreadable(at, why))?;
                serde_json::from_str(text).map_err(|why| StoreError::unreadable(at, why))
            }
        }
    }

    fn is_null(&self, at: impl At) -> Result<bool, StoreError> {
        match self {
            Row::Sqlite(row) => row.try_get_raw(at).map(|value| value.is_null()),
            Row::Postgres(row) => row.try_get_raw(at).map(|value| value.is_null()),
        }
        .map_err(|why| StoreError::unreadable(at, why))
    }
}

/// A type that a column can be read into.
pub trait Column: Sized {
    /// # Errors
    /// When the column is not there or holds something else.
    fn read(row: &Row, at: impl At) -> Result<Self, StoreError>;
}

impl<T: Column> Column for Option<T> {
    fn read(row: &Row, at: impl At) -> Result<Self, StoreError> {
        if row.is_null(at)? { Ok(None) } else { T::read(row, at).map(Some) }
    }
}

macro_rules! read_as_stored {
    ($($type:ty),*) => {$(
        impl Column for $type {
            fn read(row: &Row, at: impl At) -> Result<Self, StoreError> {
                // SQLite would read an absent number as 0.
                if row.is_null(at)? {
                    return Err(StoreError::unreadable(at, "it is empty"));
                }
                match row {
                    Row::Sqlite(row) => row.try_get(at),
                    Row::Postgres(row) => row.try_get(at),
                }
                .map_err(|why| StoreError::unreadable(at, why))
            }
        }
    )*};
}

read_as_stored!(String, i64, bool, Vec<u8>);

impl Column for u32 {
    fn read(row: &Row, at: impl At) -> Result<Self, StoreError> {
        u32::try_from(i64::read(row, at)?).map_err(|why| StoreError::unreadable(at, why))
    }
}

impl Column for Instant {
    fn read(row: &Row, at: impl At) -> Result<Self, StoreError> {
        i64::read(row, at).map(Instant)
    }
}

impl Column for Date {
    fn read(row: &Row, at: impl At) -> Result<Self, StoreError> {
        String::read(row, at)?.parse().map_err(|why: chrono::ParseError| StoreError::unreadable(at, why))
    }
}

macro_rules! read_id {
    ($($id:ty),*) => {$(
        impl Column for $id {
            fn read(row: &Row, at: impl At) -> Result<Self, StoreError> {
                String::read(row, at).map(Into::into)
            }
        }
    )*};
}

read_id!(ChildId, InvolvementId, AccountId, DefinitionId, RequestId);
