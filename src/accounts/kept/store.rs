//! The SQL of forms that are kept.

use super::Row;
use crate::clock::Instant;
use crate::db::{Conn, StoreError};
use crate::ids::AccountId;
use crate::params;

pub(super) async fn insert(c: &mut Conn, account: &AccountId, row: &Row, now: Instant) -> Result<(), StoreError> {
    const SQL: &str =
        "insert into kept_forms (id, account_id, session_id, path, sealed, kept_at) values ($1, $2, $3, $4, $5, $6)";
    let sealed = row.sealed.as_slice();
    c.execute(SQL, params![&row.id, account, &row.session, &row.path, sealed, now]).await.map(|_| ())
}

/// Forgets what was kept before an instant, and all but the newest twenty of somebody's.
pub(super) async fn forget_old(c: &mut Conn, account: &AccountId, before: Instant) -> Result<(), StoreError> {
    const OLD: &str = "delete from kept_forms where kept_at < $1";
    const MANY: &str = "delete from kept_forms where account_id = $1 and id not in \
                        (select id from kept_forms where account_id = $1 order by kept_at desc, id limit 20)";
    c.execute(OLD, params![before]).await?;
    c.execute(MANY, params![account]).await.map(|_| ())
}

pub(super) async fn find(c: &mut Conn, account: &AccountId, id: &str) -> Result<Option<Row>, StoreError> {
    const SQL: &str = "select id, session_id, path, sealed from kept_forms where account_id = $1 and id = $2";
    let Some(row) = c.fetch_optional(SQL, params![account, id]).await? else { return Ok(None) };
    Ok(Some(Row {
        id: row.get("id")?,
        session: row.get("session_id")?,
        path: row.get("path")?,
        sealed: row.get("sealed")?,
    }))
}

/// The newest form of somebody that was kept since an instant.
pub(super) async fn newest(c: &mut Conn, account: &AccountId, since: Instant) -> Result<Option<String>, StoreError> {
    const SQL: &str =
        "select id from kept_forms where account_id = $1 and kept_at >= $2 order by kept_at desc, id limit 1";
    c.fetch_optional(SQL, params![account, since]).await?.map(|row| row.get("id")).transpose()
}

pub(super) async fn delete(c: &mut Conn, account: &AccountId, id: &str) -> Result<(), StoreError> {
    const SQL: &str = "delete from kept_forms where account_id = $1 and id = $2";
    c.execute(SQL, params![account, id]).await.map(|_| ())
}

/// When a session that a form is bound to began, was last seen, and whether it ended; `None` when its row is gone.
pub(super) async fn session_times(c: &mut Conn, id: &str) -> Result<Option<(Instant, Instant, bool)>, StoreError> {
    const SQL: &str = "select created_at, seen_at, ended_at from sessions where id = $1";
    let Some(row) = c.fetch_optional(SQL, params![id]).await? else { return Ok(None) };
    let ended = row.get::<Option<Instant>>("ended_at")?.is_some();
    Ok(Some((row.get("created_at")?, row.get("seen_at")?, ended)))
}
