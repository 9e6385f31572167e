//! The SQL of what people see and change of their own account.

use super::super::store::{Account, Session};
use super::{ContactBy, Own, SessionLine, SignIn};
use crate::clock::Instant;
use crate::db::{Conn, StoreError};
use crate::ids::AccountId;
use crate::params;

pub(super) async fn own(c: &mut Conn, id: &AccountId) -> Result<Option<Own>, StoreError> {
    const SQL: &str = "select phone, contact_by, totp_enrolled_at, \
                       (select count(*) from recovery_codes r where r.account_id = a.id and r.used_at is null) as codes_left \
                       from accounts a where id = $1";
    let Some(row) = c.fetch_optional(SQL, params![id]).await? else { return Ok(None) };
    Ok(Some(Own {
        phone: row.get("phone")?,
        contact_by: ContactBy::read(&row.get::<String>("contact_by")?),
        app_set_up_at: row.get("totp_enrolled_at")?,
        recovery_codes_left: row.get("codes_left")?,
    }))
}

pub(super) async fn set_contact(
    c: &mut Conn,
    id: &AccountId,
    phone: &str,
    contact_by: ContactBy,
) -> Result<(), StoreError> {
    const SQL: &str = "update accounts set phone = $2, contact_by = $3 where id = $1";
    c.execute(SQL, params![id, phone, contact_by.name()]).await.map(|_| ())
}

/// A code was accepted in this session: it goes on under another cookie, and is fresh again. Whether it was still alive.
pub(super) async fn prove_session(
    c: &mut Conn,
    old_hash: &[u8; 32],
    new_hash: &[u8; 32],
    now: Instant,
) -> Result<bool, StoreError> {
    const SQL: &str = "update sessions set token_hash = $2, proved_at = $3, seen_at = $3, wrong_codes = 0 \
                       where token_hash = $1 and stage = 'full' and ended_at is null";
    Ok(c.execute(SQL, params![*old_hash, *new_hash, now]).await? == 1)
}

/// Takes a new seed in place of one that still works; whether the account is still as it was.
pub(super) async fn replace_totp(
    c: &mut Conn,
    id: &AccountId,
    sealed: &[u8],
    step: i64,
    now: Instant,
) -> Result<bool, StoreError> {
    const SQL: &str = "update accounts set totp_sealed = $2, totp_last_step = $3, totp_enrolled_at = $4 \
                       where id = $1 and totp_enrolled_at is not null and disabled_at is null";
    Ok(c.execute(SQL, params![id, sealed, step, now]).await? == 1)
}

/// The full sessions of somebody, whether or not they have run out; the newest first.
pub(super) async fn sessions(c: &mut Conn, account: &Account) -> Result<Vec<(Session, SessionLine)>, StoreError> {
    const SQL: &str = "select id, created_at, seen_at, proved_at, address, agent from sessions \
                       where account_id = $1 and stage = 'full' and ended_at is null order by seen_at desc, id";
    let rows = c.fetch_all(SQL, params![&account.id]).await?;
    let line = |row: &crate::db::Row| {
        let session = Session {
            id: row.get("id")?,
            account: account.clone(),
            stage: super::super::SessionStage::Full,
            may_set_up: false,
            created_at: row.get("created_at")?,
            seen_at: row.get("seen_at")?,
            proved_at: row.get("proved_at")?,
            ended_at: None,
            flash: None,
        };
        let line = SessionLine {
            id: session.id.clone(),
            began_at: session.created_at,
            seen_at: session.seen_at,
            address: row.get("address")?,
            agent: row.get("agent")?,
        };
        Ok((session, line))
    };
    rows.iter().map(line).collect()
}

pub(super) async fn sign_ins(c: &mut Conn, account: &AccountId) -> Result<Vec<SignIn>, StoreError> {
    const SQL: &str = "select at, address, agent, wrong_before from sign_ins where account_id = $1 \
                       order by at desc, session_id limit 20";
    let rows = c.fetch_all(SQL, params![account]).await?;
    let line = |row: &crate::db::Row| {
        Ok(SignIn {
            at: row.get("at")?,
            address: row.get("address")?,
            agent: row.get("agent")?,
            wrong_before: row.get("wrong_before")?,
        })
    };
    rows.iter().map(line).collect()
}

/// Ends one session of somebody; whether it was theirs and there.
pub(super) async fn delete_session_by_id(c: &mut Conn, account: &AccountId, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "delete from sessions where account_id = $1 and id = $2";
    Ok(c.execute(SQL, params![account, id]).await? == 1)
}

/// Ends every session of somebody but one; how many.
pub(super) async fn delete_other_sessions(c: &mut Conn, account: &AccountId, but: &str) -> Result<u64, StoreError> {
    const SQL: &str = "delete from sessions where account_id = $1 and id <> $2";
    c.execute(SQL, params![account, but]).await
}
