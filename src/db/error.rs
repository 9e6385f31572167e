//! What can go wrong with the database, by what the caller can do about it. Never shows SQL or stored values.

use std::fmt::Display;

/// Why a statement or transaction did not go through. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    #[error("the database could not be reached: {0}")]
    Unreachable(String),
    #[error("the database is busy: {0}")]
    Busy(String),
    /// A unique index holds: its name (PostgreSQL) or its columns (SQLite).
    #[error("something like it is already there: {0}")]
    Taken(String),
    #[error("the database is out of room")]
    Full,
    /// An append-only table holds.
    #[error("what is recorded there cannot be changed or removed")]
    AppendOnly,
    #[error("a value cannot be stored: {0}")]
    Unstorable(String),
    #[error("column {column} does not hold what is expected: {why}")]
    Unreadable { column: String, why: String },
    #[error("a row that must be there is missing")]
    Missing,
    #[error("the database was last used by a newer Milepost (its schema has step {0}); use that version or newer")]
    Newer(i64),
    #[error("step {0} of the schema is not the one this Milepost knows; the database was changed by something else")]
    Altered(i64),
    #[error("the schema could not be brought up to date: {0}")]
    Migration(String),
    #[error("a connection to the database lacks a setting that keeps data safe: {0}")]
    Settings(String),
    #[error("the database address is neither sqlite:PATH nor postgres://USER@HOST/NAME")]
    Address,
    /// Anything else: a fault of ours. The code says which; the message names tables and columns, never values.
    #[error("the database refused: {0}")]
    Refused(String),
}

impl StoreError {
    /// Trying the same again may help: the cause passes by itself.
    pub fn may_pass(&self) -> bool {
        matches!(self, StoreError::Unreachable(_) | StoreError::Busy(_))
    }

    pub(super) fn unreadable(column: impl Display, why: impl Display) -> StoreError {
        StoreError::Unreadable { column: column.to_string(), why: why.to_string() }
    }

    pub(crate) fn unstorable(why: impl Display) -> StoreError {
        StoreError::Unstorable(why.to_string())
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        match &error {
            sqlx::Error::Database(database) => refused(&**database),
            sqlx::Error::PoolTimedOut => StoreError::Busy("no connection became free in time".into()),
            sqlx::Error::PoolClosed => StoreError::Unreachable("it is being closed".into()),
            sqlx::Error::Io(why) => StoreError::Unreachable(why.kind().to_string()),
            sqlx::Error::WorkerCrashed | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => {
                StoreError::Unreachable(error.to_string())
            }
            sqlx::Error::Configuration(why) => StoreError::Settings(why.to_string()),
            sqlx::Error::RowNotFound => StoreError::Missing,
            sqlx::Error::Encode(_) => StoreError::unstorable(&error),
            _ => StoreError::Refused(error.to_string()),
        }
    }
}

/// Triggers on append-only tables raise this text on both databases.
const APPEND_ONLY: &str = "append-only";

fn refused(error: &dyn sqlx::error::DatabaseError) -> StoreError {
    let code = error.code().unwrap_or_default();
    let message = error.message();
    if error.is_unique_violation() {
        let taken = error.constraint().unwrap_or_else(|| message.rsplit(": ").next().unwrap_or_default());
        return StoreError::Taken(taken.to_owned());
    }
    if message.contains(APPEND_ONLY) {
        return StoreError::AppendOnly;
    }
    match &*code {
        // SQLite's BUSY and LOCKED with their extended forms.
        "5" | "6" | "261" | "517" | "262" => StoreError::Busy(format!("code {code}")),
        "13" | "53100" => StoreError::Full,
        // SQLite could not open, read or write the file.
        "14" | "10" => StoreError::Unreachable(format!("code {code}")),
        // PostgreSQL: serialization failure, deadlock, lock not available, statement cancelled, too many connections.
        "40001" | "40P01" | "55P03" | "57014" | "53300" => StoreError::Busy(format!("code {code}")),
        // PostgreSQL: being shut down, crashed, starting up; read-only standby after a failover.
        "57P01" | "57P02" | "57P03" | "25006" => StoreError::Unreachable(format!("code {code}")),
        _ if code.len() == 5 && code.starts_with("08") => StoreError::Unreachable(format!("code {code}")),
        // PostgreSQL repeats values in the messages of class 22 and 23; names only in 42.
        _ if code.len() == 5 && !code.starts_with("42") => {
            let rule = error.constraint().or(error.table()).unwrap_or("no rule named");
            StoreError::Refused(format!("code {code}, {rule}"))
        }
        _ => StoreError::Refused(format!("code {code}, {message}")),
    }
}
