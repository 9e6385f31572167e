//! The SQL of accounts and sessions.

use super::device::Device;
use super::session::{SessionStage, Token};
use crate::access::Role;
use crate::clock::Instant;
use crate::db::{Conn, Row, StoreError, Value};
use crate::ids::{AccountId, random_text};
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
    /// What its person calls it by; signs nobody in.
    pub id: String,
    pub account: Account,
    pub stage: SessionStage,
    /// A half session that opens setting up the second step.
    pub may_set_up: bool,
    pub created_at: Instant,
    pub seen_at: Instant,
    /// When a code was last accepted in it.
    pub proved_at: Instant,
    /// When it ended by itself.
    pub ended_at: Option<Instant>,
    /// A message for the next page.
    pub flash: Option<String>,
}

pub(super) struct Secrets {
    pub id: AccountId,
    pub password_hash: String,
    pub totp_sealed: Vec<u8>,
    pub second_step: SecondStep,
    pub failures: i64,
    pub wait_until: Instant,
    pub disabled: bool,
}

/// How an account's second step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SecondStep {
    /// Never set up: the password opens setting it up.
    ToSetUp,
    SetUp,
    /// A recovery code was used: another one opens setting it up anew, the password alone does not.
    Lost,
}

/// A session to be begun.
pub(super) struct NewSession<'a> {
    pub id: String,
    pub token_hash: [u8; 32],
    pub account: &'a AccountId,
    pub stage: SessionStage,
    pub may_set_up: bool,
    /// Where its person signed in; of a half session it is not noted.
    pub device: Device,
}

impl<'a> NewSession<'a> {
    /// After the password: waits for the second step.
    pub fn half(account: &'a AccountId, token: &Token, may_set_up: bool) -> NewSession<'a> {
        let (id, token_hash) = (random_text(26), token.hash());
        NewSession { id, token_hash, account, stage: SessionStage::Half, may_set_up, device: Device::default() }
    }

    /// After both steps.
    pub fn full(account: &'a AccountId, token: &Token, device: &Device) -> NewSession<'a> {
        let (id, token_hash) = (random_text(26), token.hash());
        NewSession { id, token_hash, account, stage: SessionStage::Full, may_set_up: false, device: device.clone() }
    }
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
    enrolled_at: Option<Instant>,
    now: Instant,
) -> Result<(), StoreError> {
    const SQL: &str = "insert into accounts \
                       (id, email, display_name, roles, password_hash, totp_sealed, totp_enrolled_at, created_at) \
                       values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let roles = Value::json(&roles)?;
    c.execute(SQL, params![id, email, display_name, roles, password_hash, totp_sealed, enrolled_at, now])
        .await
        .map(|_| ())
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
    const SQL: &str = "select id, password_hash, totp_sealed, totp_enrolled_at, totp_lost_at, failures, wait_until, disabled_at \
                       from accounts where email = $1";
    c.fetch_optional(SQL, params![email]).await?.as_ref().map(secrets).transpose()
}

pub(super) async fn secrets_by_id(c: &mut Conn, id: &AccountId) -> Result<Option<Secrets>, StoreError> {
    const SQL: &str = "select id, password_hash, totp_sealed, totp_enrolled_at, totp_lost_at, failures, wait_until, disabled_at \
                       from accounts where id = $1";
    c.fetch_optional(SQL, params![id]).await?.as_ref().map(secrets).transpose()
}

fn secrets(row: &Row) -> Result<Secrets, StoreError> {
    Ok(Secrets {
        id: row.get("id")?,
        password_hash: row.get("password_hash")?,
        totp_sealed: row.get("totp_sealed")?,
        second_step: second_step(row)?,
        failures: row.get("failures")?,
        wait_until: row.get("wait_until")?,
        disabled: row.get::<Option<Instant>>("disabled_at")?.is_some(),
    })
}

fn second_step(row: &Row) -> Result<SecondStep, StoreError> {
    let at = |column| row.get::<Option<Instant>>(column);
    Ok(match (at("totp_enrolled_at")?, at("totp_lost_at")?) {
        (Some(_), _) => SecondStep::SetUp,
        (None, Some(_)) => SecondStep::Lost,
        (None, None) => SecondStep::ToSetUp,
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
                       where id = $1 and totp_last_step < $2 and failures = $3 and disabled_at is null \
                       and totp_enrolled_at is not null";
    Ok(c.execute(SQL, params![id, step, failures]).await? == 1)
}

pub(super) async fn disable(c: &mut Conn, id: &AccountId, now: Instant) -> Result<(), StoreError> {
    const SQL: &str = "update accounts set disabled_at = $2 where id = $1 and disabled_at is null";
    c.execute(SQL, params![id, now]).await.map(|_| ())
}

pub(super) async fn set_totp(c: &mut Conn, id: &AccountId, sealed: &[u8], now: Instant) -> Result<(), StoreError> {
    const SQL: &str = "update accounts set totp_sealed = $2, totp_last_step = 0, totp_enrolled_at = $3, totp_lost_at = null, \
                       failures = 0, wait_until = 0 where id = $1";
    c.execute(SQL, params![id, sealed, now]).await.map(|_| ())
}

/// Takes a seed that the person's app was just seen to hold, with the code that showed it; whether the account still waited for
/// one.
pub(super) async fn set_up_totp(
    c: &mut Conn,
    id: &AccountId,
    sealed: &[u8],
    step: i64,
    now: Instant,
) -> Result<bool, StoreError> {
    const SQL: &str = "update accounts set totp_sealed = $2, totp_last_step = $3, totp_enrolled_at = $4, totp_lost_at = null, \
                       failures = 0, wait_until = 0 where id = $1 and totp_enrolled_at is null and disabled_at is null";
    Ok(c.execute(SQL, params![id, sealed, step, now]).await? == 1)
}

/// The app is lost: its codes are good for nothing from now on.
pub(super) async fn lose_totp(c: &mut Conn, id: &AccountId, now: Instant) -> Result<(), StoreError> {
    const SQL: &str =
        "update accounts set totp_enrolled_at = null, totp_lost_at = $2, failures = 0, wait_until = 0 where id = $1";
    c.execute(SQL, params![id, now]).await.map(|_| ())
}

pub(super) async fn delete_recovery_codes(c: &mut Conn, id: &AccountId) -> Result<(), StoreError> {
    const SQL: &str = "delete from recovery_codes where account_id = $1";
    c.execute(SQL, params![id]).await.map(|_| ())
}

pub(super) async fn insert_recovery_code(
    c: &mut Conn,
    id: &AccountId,
    tag: &str,
    now: Instant,
) -> Result<(), StoreError> {
    const SQL: &str = "insert into recovery_codes (account_id, tag, made_at) values ($1, $2, $3)";
    c.execute(SQL, params![id, tag, now]).await.map(|_| ())
}

/// Takes a recovery code, once; whether it was there and unused.
pub(super) async fn use_recovery_code(
    c: &mut Conn,
    id: &AccountId,
    tag: &str,
    now: Instant,
) -> Result<bool, StoreError> {
    const SQL: &str = "update recovery_codes set used_at = $3 where account_id = $1 and tag = $2 and used_at is null";
    Ok(c.execute(SQL, params![id, tag, now]).await? == 1)
}

pub(super) async fn set_password(c: &mut Conn, id: &AccountId, hash: &str) -> Result<(), StoreError> {
    const SQL: &str = "update accounts set password_hash = $2, failures = 0, wait_until = 0 where id = $1";
    c.execute(SQL, params![id, hash]).await.map(|_| ())
}

pub(super) async fn insert_session(c: &mut Conn, new: &NewSession<'_>, now: Instant) -> Result<(), StoreError> {
    const SQL: &str = "insert into sessions \
                       (token_hash, id, account_id, stage, may_set_up, created_at, seen_at, proved_at, address, agent) \
                       values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)";
    // A code was just accepted where the session is a full one.
    let proved_at = if new.stage == SessionStage::Full { now } else { Instant(0) };
    let (address, agent) = (&new.device.address, &new.device.agent);
    let stage = stage_text(new.stage);
    let params = params![new.token_hash, &new.id, new.account, stage, new.may_set_up, now, proved_at, address, agent];
    c.execute(SQL, params).await.map(|_| ())
}

pub(super) async fn session(c: &mut Conn, token_hash: &[u8; 32]) -> Result<Option<Session>, StoreError> {
    const SQL: &str = "select a.id, a.email, a.display_name, a.roles, a.disabled_at, s.id as session_id, s.stage, s.may_set_up, \
                       s.created_at, s.seen_at, s.proved_at, s.ended_at, s.flash \
                       from sessions s join accounts a on a.id = s.account_id where s.token_hash = $1";
    let Some(row) = c.fetch_optional(SQL, params![*token_hash]).await? else { return Ok(None) };
    Ok(Some(Session {
        id: row.get("session_id")?,
        account: account(&row)?,
        stage: if row.get::<String>("stage")? == "full" { SessionStage::Full } else { SessionStage::Half },
        may_set_up: row.get("may_set_up")?,
        created_at: row.get("created_at")?,
        seen_at: row.get("seen_at")?,
        proved_at: row.get("proved_at")?,
        ended_at: row.get("ended_at")?,
        flash: row.get("flash")?,
    }))
}

/// The session ended by itself.
pub(super) async fn end_session(c: &mut Conn, token_hash: &[u8; 32], now: Instant) -> Result<(), StoreError> {
    const SQL: &str = "update sessions set ended_at = $2 where token_hash = $1 and ended_at is null";
    c.execute(SQL, params![*token_hash, now]).await.map(|_| ())
}

/// Counts a wrong code in a session; gives how many there were.
pub(super) async fn count_wrong_code(c: &mut Conn, token_hash: &[u8; 32]) -> Result<i64, StoreError> {
    const SQL: &str = "update sessions set wrong_codes = wrong_codes + 1 where token_hash = $1 returning wrong_codes";
    c.fetch_optional(SQL, params![*token_hash]).await?.map_or(Ok(0), |row| row.get("wrong_codes"))
}

pub(super) async fn touch_session(c: &mut Conn, token_hash: &[u8; 32], now: Instant) -> Result<(), StoreError> {
    const SQL: &str = "update sessions set seen_at = $2 where token_hash = $1";
    c.execute(SQL, params![*token_hash, now]).await.map(|_| ())
}

pub(super) async fn set_flash(c: &mut Conn, token_hash: &[u8; 32], flash: Option<&str>) -> Result<(), StoreError> {
    const SQL: &str = "update sessions set flash = $2 where token_hash = $1";
    c.execute(SQL, params![*token_hash, flash]).await.map(|_| ())
}

/// Whether it was there to be deleted.
pub(super) async fn delete_session(c: &mut Conn, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
    const SQL: &str = "delete from sessions where token_hash = $1";
    Ok(c.execute(SQL, params![*token_hash]).await? == 1)
}

pub(super) async fn delete_sessions_of(c: &mut Conn, account: &AccountId) -> Result<(), StoreError> {
    const SQL: &str = "delete from sessions where account_id = $1";
    c.execute(SQL, params![account]).await.map(|_| ())
}

/// Sessions that ended long ago, whoever's they were; called when somebody signs in, so that they never pile up. They are there
/// for a while after their end, so that a form that comes too late is kept for its person.
pub(super) async fn delete_stale_sessions(c: &mut Conn, now: Instant) -> Result<(), StoreError> {
    // Half sessions keep nothing for anybody.
    const SQL: &str = "delete from sessions where created_at < $1 or (stage = 'half' and created_at < $2)";
    c.execute(SQL, params![now.plus_millis(-7 * 24 * 3_600_000), now.plus_millis(-3_600_000)]).await.map(|_| ())
}

/// Notes a full sign-in for the person's own list, and forgets all but the newest of it.
pub(super) async fn insert_sign_in(
    c: &mut Conn,
    session: &NewSession<'_>,
    wrong_before: i64,
    now: Instant,
) -> Result<(), StoreError> {
    const ADD: &str = "insert into sign_ins (session_id, account_id, at, address, agent, wrong_before) \
                       values ($1, $2, $3, $4, $5, $6)";
    const FORGET: &str = "delete from sign_ins where account_id = $1 and session_id not in \
                          (select session_id from sign_ins where account_id = $1 order by at desc, session_id limit 20)";
    let (address, agent) = (&session.device.address, &session.device.agent);
    c.execute(ADD, params![&session.id, session.account, now, address, agent, wrong_before]).await?;
    c.execute(FORGET, params![session.account]).await.map(|_| ())
}

fn stage_text(stage: SessionStage) -> &'static str {
    match stage {
        SessionStage::Half => "half",
        SessionStage::Full => "full",
    }
}
