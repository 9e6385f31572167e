//! The SQL of accounts and sessions.

use super::session::SessionStage;
use crate::access::Role;
use crate::clock::Instant;
use crate::db::{Conn, Row, StoreError, Value};
use crate::ids::AccountId;
use crate::params;

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub email: String,
    pub display_name: String,
    pub roles: Vec<Role>,
    pub disabled: bool,
}

impl Account {
    /// Staff who may look after involvements.
    pub fn may_own(&self) -> bool {
        !self.disabled && self.roles.iter().any(|role| matches!(role, Role::Caseworker | Role::SendManager))
    }
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub email: String,
    pub display_name: String,
    pub roles: Vec<Role>,
    pub password: String,
}

/// A session that was found by its cookie.
#[derive(Debug, Clone)]
pub struct Session {
    pub account: Account,
    pub stage: SessionStage,
    pub created_at: Instant,
    pub seen_at: Instant,
    /// A message for the next page.
    pub flash: Option<String>,
}

pub(super) struct Secrets {
    pub id: AccountId,
    pub password_hash: String,
    pub totp_sealed: Vec<u8>,
    pub failures: i64,
    pub wait_until: Instant,
    pub disabled: bool,
}

#[expect(clippy::too_many_arguments, reason = "one for each column of the row")]
pub(super) async fn insert(
    c: &mut Conn,
    id: &AccountId,
    email: &str,
    display_name: &str,
    roles: &[Role],
    password_hash: &str,
    totp_sealed: &[u8],
    now: Instant,
) -> Result<(), StoreError> {
    const SQL: &str = "insert into accounts (id, email, display_name, roles, password_hash, totp_sealed, created_at) \
                       values ($1, $2, $3, $4, $5, $6, $7)";
    let roles = Value::json(&roles)?;
    c.execute(SQL, params![id, email, display_name, roles, password_hash, totp_sealed, now]).await.map(|_| ())
}

pub(super) async fn all(c: &mut Conn) -> Result<Vec<Account>, StoreError> {
    const SQL: &str = "select id, email, display_name, roles, disabled_at from accounts order by display_name, id";
    c.fetch_all(SQL, params![]).await?.iter().map(account).collect()
}

pub(super) async fn by_email(c: &mut Conn, email: &str) -> Result<Option<Account>, StoreError> {
    const SQL: &str = "select id, email, display_name, roles, disabled_at from accounts where email = $1";
    c.fetch_optional(SQL, params![email]).await?.as_ref().map(account).transpose()
}

fn account(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.get("id")?,
        email: row.get("email")?,
        display_name: row.get("display_name")?,
        roles: row.json("roles")?,
        disabled: row.get::<Option<Instant>>("disabled_at")?.is_some(),
    })
}

pub(super) async fn secrets_by_email(c: &mut Conn, email: &str) -> Result<Option<Secrets>, StoreError> {
    const SQL: &str =
        "select id, password_hash, totp_sealed, failures, wait_until, disabled_at from accounts where email = $1";
    c.fetch_optional(SQL, params![email]).await?.as_ref().map(secrets).transpose()
}

pub(super) async fn secrets_by_id(c: &mut Conn, id: &AccountId) -> Result<Option<Secrets>, StoreError> {
    const SQL: &str =
        "select id, password_hash, totp_sealed, failures, wait_until, disabled_at from accounts where id = $1";
    c.fetch_optional(SQL, params![id]).await?.as_ref().map(secrets).transpose()
}

fn secrets(row: &Row) -> Result<Secrets, StoreError> {
    Ok(Secrets {
        id: row.get("id")?,
        password_hash: row.get("password_hash")?,
        totp_sealed: row.get("totp_sealed")?,
        failures: row.get("failures")?,
        wait_until: row.get("wait_until")?,
        disabled: row.get::<Option<Instant>>("disabled_at")?.is_some(),
    })
}

/// Counts a wrong try; gives how many there were in a row.
pub(super) async fn count_failure(c: &mut Conn, id: &AccountId) -> Result<i64, StoreError> {
    const SQL: &str = "update accounts set failures = failures + 1 where id = $1 returning failures";
    c.fetch_optional(SQL, params![id]).await?.map_or(Ok(1), |row| row.get("failures"))
}

pub(super) async fn wait_until(c: &mut Conn, id: &AccountId, until: Instant) -> Result<(), StoreError> {
    const SQL: &str = "update accounts set wait_until = $2 where id = $1";
    c.execute(SQL, params![id, until]).await.map(|_| ())
}

/// Whether nobody failed to sign in to this account since its row was read with so many failures.
pub(super) async fn is_undisturbed(c: &mut Conn, id: &AccountId, failures: i64) -> Result<bool, StoreError> {
    // An update, so that on PostgreSQL it waits for a failure that is just being counted.
    const SQL: &str = "update accounts set failures = failures where id = $1 and failures = $2 and disabled_at is null";
    Ok(c.execute(SQL, params![id, failures]).await? == 1)
}

/// Takes the time step for this sign-in, once; whether it was still free and nobody failed meanwhile.
pub(super) async fn use_step(c: &mut Conn, id: &AccountId, step: i64, failures: i64) -> Result<bool, StoreError> {
    const SQL: &str = "update accounts set totp_last_step = $2, failures = 0, wait_until = 0 \
                       where id = $1 and totp_last_step < $2 and failures = $3 and disabled_at is null";
    Ok(c.execute(SQL, params![id, step, failures]).await? == 1)
}

pub(super) async fn disable(c: &mut Conn, id: &AccountId, now: Instant) -> Result<(), StoreError> {
    const SQL: &str = "update accounts set disabled_at = $2 where id = $1 and disabled_at is null";
    c.execute(SQL, params![id, now]).await.map(|_| ())
}

pub(super) async fn set_totp(c: &mut Conn, id: &AccountId, sealed: &[u8]) -> Result<(), StoreError> {
    const SQL: &str =
        "update accounts set totp_sealed = $2, totp_last_step = 0, failures = 0, wait_until = 0 where id = $1";
    c.execute(SQL, params![id, sealed]).await.map(|_| ())
}

pub(super) async fn set_password(c: &mut Conn, id: &AccountId, hash: &str) -> Result<(), StoreError> {
    const SQL: &str = "update accounts set password_hash = $2, failures = 0, wait_until = 0 where id = $1";
    c.execute(SQL, params![id, hash]).await.map(|_| ())
}

pub(super) async fn insert_session(
    c: &mut Conn,
    token_hash: &[u8; 32],
    account: &AccountId,
    stage: SessionStage,
    now: Instant,
) -> Result<(), StoreError> {
    const SQL: &str =
        "insert into sessions (token_hash, account_id, stage, created_at, seen_at) values ($1, $2, $3, $4, $4)";
    c.execute(SQL, params![*token_hash, account, stage_text(stage), now]).await.map(|_| ())
}

pub(super) async fn session(c: &mut Conn, token_hash: &[u8; 32]) -> Result<Option<Session>, StoreError> {
    const SQL: &str = "select a.id, a.email, a.display_name, a.roles, a.disabled_at, s.stage, s.created_at, s.seen_at, s.flash \
                       from sessions s join accounts a on a.id = s.account_id where s.token_hash = $1";
    let Some(row) = c.fetch_optional(SQL, params![*token_hash]).await? else { return Ok(None) };
    Ok(Some(Session {
        account: account(&row)?,
        stage: if row.get::<String>("stage")? == "full" { SessionStage::Full } else { SessionStage::Half },
        created_at: row.get("created_at")?,
        seen_at: row.get("seen_at")?,
        flash: row.get("flash")?,
    }))
}

pub(super) async fn touch_session(c: &mut Conn, token_hash: &[u8; 32], now: Instant) -> Result<(), StoreError> {
    const SQL: &str = "update sessions set seen_at = $2 where token_hash = $1";
    c.execute(SQL, params![*token_hash, now]).await.map(|_| ())
}

pub(super) async fn set_flash(c: &mut Conn, token_hash: &[u8; 32], flash: Option<&str>) -> Result<(), StoreError> {
    const SQL: &str = "update sessions set flash = $2 where token_hash = $1";
    c.execute(SQL, params![*token_hash, flash]).await.map(|_| ())
}

pub(super) async fn delete_session(c: &mut Conn, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    const SQL: &str = "delete from sessions where token_hash = $1";
    c.execute(SQL, params![*token_hash]).await.map(|_| ())
}

pub(super) async fn delete_sessions_of(c: &mut Conn, account: &AccountId) -> Result<(), StoreError> {
    const SQL: &str = "delete from sessions where account_id = $1";
    c.execute(SQL, params![account]).await.map(|_| ())
}

/// Sessions older than any limit; called when somebody signs in, so that they never pile up.
pub(super) async fn delete_stale_sessions(c: &mut Conn, now: Instant) -> Result<(), StoreError> {
    const SQL: &str = "delete from sessions where created_at < $1";
    c.execute(SQL, params![now.plus_millis(-24 * 3_600_000)]).await.map(|_| ())
}

fn stage_text(stage: SessionStage) -> &'static str {
    match stage {
        SessionStage::Half => "half",
        SessionStage::Full => "full",
    }
}
