//! Opening PostgreSQL: a pool with time limits, so that a database that hangs gives an error and not a queue of people.

use std::str::FromStr;
use std::time::Duration;

use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::{Db, StoreError};

const CONNECTIONS_MOST: u32 = 16;
/// A person waits no longer than this for a connection before they are told.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(4);
/// A connection that lay idle for longer is asked for a sign of life before it is used. Not each time: that would cost
/// every query a round trip, and a connection that broke a moment ago is met by the caller's trying again.
const ASK_AFTER_IDLE: Duration = Duration::from_secs(10);

/// Limits that the server keeps for every connection of ours.
const LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "15s"), ("lock_timeout", "4s"), ("idle_in_transaction_session_timeout", "30s")];

pub(super) async fn open(url: &str) -> Result<Db, StoreError> {
    let settings =
        PgConnectOptions::from_str(url).map_err(|_| StoreError::Address)?.application_name("milepost").options(LIMITS);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS_MOST)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|conn, meta| {
            Box::pin(async move { Ok(meta.idle_for < ASK_AFTER_IDLE || conn.ping().await.is_ok()) })
        })
        .connect_with(settings)
        .await?;
    Ok(Db::Postgres(pool))
}
