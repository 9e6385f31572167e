//! Setting up the second step, and what stands in for a lost app.
//!
//! A seed is proposed on a page, kept nowhere, and taken once the person's app has shown that it holds it. It travels between the
//! two as a sealed field of the form, which opens only with the service's key, for this session, for half an hour: so it is
//! written out once, and looking at the page changes nothing.

use super::session::{SessionStage, Token};
use super::store::{self, Account, NewSession, SecondStep, Session};
use super::told::{Told, tell_holder};
use super::{Accounts, Device, begin_session, otpauth_url, recovery, seal, seed_text, totp};
use crate::audit::{self, Action, Entry};
use crate::clock::Instant;
use crate::db::{Conn, StoreError};
use crate::engine::Actor;
use crate::ids::hexadecimal;

/// A proposed seed is good for so long.
const PROPOSAL_MILLIS: i64 = 30 * 60_000;

/// A seed that an authenticator app can be given.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// As people type it.
    pub totp_key: String,
    /// As a QR code holds it.
    pub otpauth_url: String,
    /// For the form that proves it: the seed, which nobody else can read.
    pub sealed: String,
}

/// What came of trying to set up the second step.
#[derive(Debug, Clone)]
pub enum SetUp {
    /// The session's new cookie, and the recovery codes, which cannot be read again.
    Done { token: Token, codes: Vec<String> },
    /// The app does not show the codes of this seed.
    WrongCode,
    /// The half session or the proposal is over.
    Over,
}

/// What came of trying to take another app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewed {
    Done,
    WrongCode,
    Over,
}

impl Accounts {
    /// A new seed for this session's account.
    pub fn propose(&self, session: &Session) -> Proposal {
        let seed = totp::random_seed();
        let now = self.clock.now().0.to_be_bytes();
        let sealed = self.key.seal(&bound_to(session), &[seed.as_slice(), &now].concat());
        Proposal {
            totp_key: seed_text(&seed),
            otpauth_url: otpauth_url(&seed, &session.account.email),
            sealed: hexadecimal(&sealed),
        }
    }

    pub(super) fn proposed(&self, session: &Session, sealed: &str, now: Instant) -> Option<[u8; 20]> {
        let opened = self.key.open(&bound_to(session), &seal::from_hexadecimal(sealed)?)?;
        let (seed, at) = opened.split_at_checked(20)?;
        let age = now.0.saturating_sub(i64::from_be_bytes(at.try_into().ok()?));
        (0..=PROPOSAL_MILLIS).contains(&age).then(|| seed.try_into().ok()).flatten()
    }

    /// The half session that may set up the second step, if this cookie is one's.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn to_set_up(&self, half: &Token) -> Result<Option<Session>, StoreError> {
        let session = self.session(half).await?;
        Ok(session.filter(|session| session.stage == SessionStage::Half && session.may_set_up))
    }

    /// Sets up the second step with a seed that was proposed and a code that the app shows for it; signs in.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn set_up(
        &self,
        half: &Token,
        proposal: &str,
        typed: &str,
        device: &Device,
    ) -> Result<SetUp, StoreError> {
        let now = self.clock.now();
        let Some(session) = self.to_set_up(half).await? else { return Ok(SetUp::Over) };
        let Some(seed) = self.proposed(&session, proposal, now) else { return Ok(SetUp::Over) };
        let Some(step) = totp::step_of(&seed, typed, now) else { return Ok(SetUp::WrongCode) };
        let account = session.account;
        let sealed = self.key.seal(account.id.as_str(), &seed);
        let token = Token::random();
        let full = NewSession::full(&account.id, &token, device);
        let codes = self
            .db
            .write(async |c| {
                // Of several at once, the first sets it up.
                if !store::set_up_totp(c, &account.id, &sealed, step, now).await? {
                    return Ok(None);
                }
                store::delete_sessions_of(c, &account.id).await?;
                begin_session(c, &full, 0, now).await?;
                self.record_own(c, Action::SecondStepSetUp, &account).await?;
                self.make_codes(c, &account, now).await.map(Some)
            })
            .await?;
        Ok(codes.map_or(SetUp::Over, |codes| SetUp::Done { token, codes }))
    }

    /// A recovery code in place of the app's code, after the password: the app counts as lost from now on, every session ends, and
    /// the half session given opens setting up a new one.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn try_recovery_code(&self, half: &Token, typed: &str) -> Result<Option<Token>, StoreError> {
        let now = self.clock.now();
        let Some((session, secrets)) = self.half_session(half).await? else { return Ok(None) };
        if secrets.disabled || secrets.wait_until > now {
            return self.refuse_code(half, &secrets, None).await;
        }
        let account = session.account;
        let tag = recovery::tag(&self.key, &account.id, typed).filter(|_| secrets.second_step != SecondStep::ToSetUp);
        let Some(tag) = tag else { return self.refuse_code(half, &secrets, Some(now)).await };
        let token = Token::random();
        let to_set_up = NewSession::half(&account.id, &token, true);
        let used = self
            .db
            .write(async |c| {
                // The account first, whose row many tries at once wait for; then one conditional update takes the code.
                if !store::is_undisturbed(c, &account.id, secrets.failures).await?
                    || !store::use_recovery_code(c, &account.id, &tag, now).await?
                {
                    return Ok(false);
                }
                store::lose_totp(c, &account.id, now).await?;
                store::delete_sessions_of(c, &account.id).await?;
                store::insert_session(c, &to_set_up, now).await?;
                self.record_own(c, Action::RecoveryCodeUsed, &account).await?;
                tell_holder(c, &account.id, Told::RecoveryCodeUsed).await?;
                Ok(true)
            })
            .await?;
        if used { Ok(Some(token)) } else { self.refuse_code(half, &secrets, Some(now)).await }
    }

    /// Ten new recovery codes; those before stop working.
    pub(super) async fn make_codes(
        &self,
        c: &mut Conn,
        account: &Account,
        now: Instant,
    ) -> Result<Vec<String>, StoreError> {
        store::delete_recovery_codes(c, &account.id).await?;
        let codes: Vec<String> = (0..recovery::AT_A_TIME).map(|_| recovery::random_code()).collect();
        for code in &codes {
            let tag = recovery::tag(&self.key, &account.id, code).expect("a code that was just made is one");
            store::insert_recovery_code(c, &account.id, &tag, now).await?;
        }
        self.record_own(c, Action::RecoveryCodesMade, account).await?;
        tell_holder(c, &account.id, Told::RecoveryCodesMade).await?;
        Ok(codes)
    }

    /// Notes what somebody did to their own account, inside the unit of work that does it.
    pub(super) async fn record_own(&self, c: &mut Conn, action: Action, account: &Account) -> Result<(), StoreError> {
        let role = account.roles.first().copied().unwrap_or(crate::access::Role::Parent);
        let who = Actor::Person { account: account.id.clone(), role };
        let entry = Entry::new(self.clock.now(), who, action, "own account").about(account.id.as_str());
        audit::record(c, &[entry]).await
    }
}

/// What a proposed seed is bound to: it cannot be carried to another account or session.
fn bound_to(session: &Session) -> String {
    format!("proposal {} {}", session.account.id, session.id)
}
