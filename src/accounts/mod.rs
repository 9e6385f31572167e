//! People who can sign in: passwords, second step, sessions.
//!
//! Signing in takes two steps, always: [`Accounts::try_password`] gives a half session that opens nothing, and
//! [`Accounts::try_code`] exchanges it for a full one. Both answer the same words for every kind of failure. Where the second
//! step was never set up, the half session opens setting it up and nothing else; where the app is lost, a recovery code
//! ([`Accounts::try_recovery_code`]) opens the same.

mod device;
mod kept;
mod own;
mod password;
mod recovery;
mod seal;
mod second_step;
mod session;
mod store;
mod throttle;
mod told;
mod totp;

pub use device::Device;
pub use kept::KeptForm;
pub use own::{ContactBy, NotChanged, Own, SessionLine, SignIn};
pub use password::{PasswordFault, check_new_password};
pub use seal::{Key, KeyError};
pub use second_step::{Proposal, Renewed, SetUp};
pub use session::{SessionStage, Token};
pub use store::{Account, NewAccount, Session};
pub use totp::{code_at, otpauth_url, seed_text};

use std::sync::Arc;

use store::{NewSession, SecondStep, Secrets};

use crate::audit::{self, Action, Entry};
use crate::clock::{Clock, Instant};
use crate::db::{Conn, Db, StoreError};
use crate::engine::Actor;
use crate::ids::AccountId;
use crate::remembered::Memory;

/// A session in which so many codes were wrong is over.
const WRONG_CODES_MOST: i64 = 6;

/// The accounts of one database.
#[derive(Debug, Clone)]
pub struct Accounts {
    db: Db,
    clock: Clock,
    key: Arc<Key>,
    /// Everybody, as they were read a moment ago.
    known: Arc<Memory<(), Vec<Account>>>,
}

/// What is shown once, when an account is made: it cannot be read again.
#[derive(Debug, Clone)]
pub struct Enrolled {
    pub id: AccountId,
    /// The TOTP key as people type it into an authenticator app.
    pub totp_key: String,
    pub otpauth_url: String,
}

/// Why an account could not be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("\"{0}\" is not an e-mail address")]
    NotAnAddress(String),
    #[error("an account for {0} is there already")]
    Taken(String),
    #[error("no account for {0}")]
    Unknown(String),
    #[error("the password cannot be used: {0}")]
    Password(#[from] PasswordFault),
    #[error("give at least one role")]
    NoRole,
    #[error("give the person's name")]
    NoName,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Accounts {
    pub fn new(db: Db, clock: Clock, key: Arc<Key>) -> Accounts {
        Accounts { db, clock, key, known: Arc::default() }
    }

    /// Makes an account whose second step counts as set up: its key is told to whoever makes it. `seed` fixes the TOTP seed,
    /// which only the demonstration does.
    ///
    /// # Errors
    /// When the address is taken or a field does not fit.
    pub async fn enrol(&self, new: NewAccount, seed: Option<[u8; 20]>) -> Result<Enrolled, AccountError> {
        let seed = seed.unwrap_or_else(totp::random_seed);
        let (id, email) = self.insert(new, &seed, Some(self.clock.now())).await?;
        Ok(Enrolled { totp_key: seed_text(&seed), otpauth_url: otpauth_url(&seed, &email), id })
    }

    /// Makes an account whose person sets the second step up at the first sign-in, on a page that nothing else can be reached
    /// from before.
    ///
    /// # Errors
    /// As [`Accounts::enrol`].
    pub async fn add(&self, new: NewAccount) -> Result<AccountId, AccountError> {
        // Nobody is ever told this seed: it fills the column until the person's app has shown that it holds another.
        Ok(self.insert(new, &totp::random_seed(), None).await?.0)
    }

    async fn insert(
        &self,
        new: NewAccount,
        seed: &[u8; 20],
        enrolled_at: Option<Instant>,
    ) -> Result<(AccountId, String), AccountError> {
        let email = normal_email(&new.email).ok_or_else(|| AccountError::NotAnAddress(new.email.clone()))?;
        if new.display_name.trim().is_empty() {
            return Err(AccountError::NoName);
        }
        if new.roles.is_empty() {
            return Err(AccountError::NoRole);
        }
        check_new_password(&new.password, &[&email, &new.display_name])?;
        let id = AccountId::random();
        let hash = password::hash(new.password.clone()).await;
        let sealed = self.key.seal(id.as_str(), seed);
        let now = self.clock.now();
        let name = new.display_name.trim();
        let made = self
            .db
            .write(async |c| {
                store::insert(c, &id, &email, name, &new.roles, &hash, &sealed, enrolled_at, now).await?;
                self.record(c, Action::AccountAdded, &id).await
            })
            .await;
        self.known.changed();
        match made {
            Err(StoreError::Taken(_)) => Err(AccountError::Taken(email)),
            Err(error) => Err(error.into()),
            Ok(()) => Ok((id, email)),
        }
    }

    /// The first step. `Some` is a half session's token; `None` means no, for whatever reason.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn try_password(&self, email: &str, typed: String) -> Result<Option<Token>, StoreError> {
        let email = normal_email(email).unwrap_or_default();
        let now = self.clock.now();
        let found = self.db.read(async |c| store::secrets_by_email(c, &email).await).await?;
        // Every try costs one hash, so that time does not tell which addresses are known.
        let hash = found.as_ref().map_or(password::NOBODYS_HASH, |found| found.password_hash.as_str());
        let right = password::matches(typed, hash.to_owned()).await;
        let Some(found) = found else { return self.refuse(None, None).await };
        if found.disabled || found.wait_until > now {
            return self.refuse(Some(&found), None).await;
        }
        if !right {
            return self.refuse(Some(&found), Some(now)).await;
        }
        let token = Token::random();
        let let_in = self
            .db
            .write(async |c| {
                let undisturbed = store::is_undisturbed(c, &found.id, found.failures).await?;
                if undisturbed {
                    let half = NewSession::half(&found.id, &token, found.second_step == SecondStep::ToSetUp);
                    store::insert_session(c, &half, now).await?;
                }
                Ok(undisturbed)
            })
            .await?;
        if let_in { Ok(Some(token)) } else { self.refuse(Some(&found), None).await }
    }

    /// The second step: exchanges a half session for a full one when the code is right and was not used before.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn try_code(
        &self,
        half: &Token,
        typed: &str,
        device: &Device,
    ) -> Result<Option<(Token, Account)>, StoreError> {
        let now = self.clock.now();
        let Some((session, secrets)) = self.half_session(half).await? else { return Ok(None) };
        if secrets.disabled || secrets.wait_until > now {
            return self.refuse_code(half, &secrets, None).await;
        }
        let Some(step) = self.step_of(&secrets, typed, now) else {
            return self.refuse_code(half, &secrets, Some(now)).await;
        };
        let token = Token::random();
        let account = session.account;
        let full = NewSession::full(&account.id, &token, device);
        let won = self
            .db
            .write(async |c| {
                // One conditional update decides a race between several uses of one code.
                if !store::use_step(c, &account.id, step, secrets.failures).await? {
                    return Ok(false);
                }
                store::delete_session(c, &half.hash()).await?;
                begin_session(c, &full, secrets.failures, now).await?;
                Ok(true)
            })
            .await?;
        if won { Ok(Some((token, account))) } else { self.refuse_code(half, &secrets, Some(now)).await }
    }

    /// A half session that may still go on, with what its account signs in with.
    async fn half_session(&self, half: &Token) -> Result<Option<(Session, Secrets)>, StoreError> {
        let Some(session) = self.session(half).await?.filter(|held| held.stage == SessionStage::Half) else {
            return Ok(None);
        };
        let secrets = self.db.read(async |c| store::secrets_by_id(c, &session.account.id).await).await?;
        Ok(secrets.map(|secrets| (session, secrets)))
    }

    /// The time step that a typed code belongs to, where the account's app is set up and not lost.
    fn step_of(&self, secrets: &Secrets, typed: &str, now: Instant) -> Option<i64> {
        if secrets.second_step != SecondStep::SetUp {
            return None;
        }
        let seed = self.key.open(secrets.id.as_str(), &secrets.totp_sealed)?;
        totp::step_of(&seed, typed, now)
    }

    /// The session of a cookie, if it is alive; notes that it was seen, at most once a minute.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn session(&self, token: &Token) -> Result<Option<Session>, StoreError> {
        let now = self.clock.now();
        let Some(session) = self.session_row(token).await? else { return Ok(None) };
        if session.ended_at.is_some() {
            return Ok(None);
        }
        if session.account.disabled {
            self.sign_out(token).await?;
            return Ok(None);
        }
        if !session::is_alive(&session, now) {
            self.db.write(async |c| store::end_session(c, &token.hash(), now).await).await?;
            return Ok(None);
        }
        if now.0 - session.seen_at.0 >= 60_000 {
            self.db.write(async |c| store::touch_session(c, &token.hash(), now).await).await?;
        }
        Ok(Some(session))
    }

    /// Whether a cookie's session has passed the password and waits for its code.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn waits_for_code(&self, token: &Token) -> Result<bool, StoreError> {
        Ok(self.session(token).await?.is_some_and(|session| session.stage == SessionStage::Half))
    }

    async fn session_row(&self, token: &Token) -> Result<Option<Session>, StoreError> {
        self.db.read(async |c| store::session(c, &token.hash()).await).await
    }

    /// # Errors
    /// When the database cannot be asked.
    pub async fn sign_out(&self, token: &Token) -> Result<(), StoreError> {
        self.db.write(async |c| store::delete_session(c, &token.hash()).await.map(drop)).await
    }

    /// Leaves a message for the person's next page.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn set_flash(&self, token: &Token, flash: Option<&str>) -> Result<(), StoreError> {
        self.db.write(async |c| store::set_flash(c, &token.hash(), flash).await).await
    }

    /// Everybody who can sign in, by name.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list(&self) -> Result<Vec<Account>, StoreError> {
        self.db.read(async |c| store::all(c).await).await
    }

    /// As [`Accounts::list`], for pages that many look at: what another process changed shows within a second.
    ///
    /// # Errors
    /// As [`Accounts::list`].
    pub async fn known(&self) -> Result<Arc<Vec<Account>>, StoreError> {
        self.known.get((), async || self.list().await).await
    }

    /// Staff who may own involvements, by name.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn staff(&self) -> Result<Vec<Account>, StoreError> {
        Ok(self.list().await?.into_iter().filter(Account::may_own).collect())
    }

    /// # Errors
    /// When there is no such account, or the database cannot be asked.
    pub async fn by_email(&self, email: &str) -> Result<Account, AccountError> {
        let wanted = normal_email(email).unwrap_or_default();
        let found = self.db.read(async |c| store::by_email(c, &wanted).await).await?;
        found.ok_or_else(|| AccountError::Unknown(email.to_owned()))
    }

    /// Ends the person's access at once: every session dies.
    ///
    /// # Errors
    /// When there is no such account, or the database cannot be asked.
    pub async fn disable(&self, email: &str) -> Result<(), AccountError> {
        let account = self.by_email(email).await?;
        let now = self.clock.now();
        let closed = self.db.write(async |c| {
            store::disable(c, &account.id, now).await?;
            self.record(c, Action::AccountClosed, &account.id).await?;
            store::delete_sessions_of(c, &account.id).await
        });
        let closed = closed.await;
        self.known.changed();
        Ok(closed?)
    }

    /// Gives a new second step and ends every session; the old codes stop working.
    ///
    /// # Errors
    /// When there is no such account, or the database cannot be asked.
    pub async fn reset_second_step(&self, email: &str) -> Result<Enrolled, AccountError> {
        let account = self.by_email(email).await?;
        let seed = totp::random_seed();
        let sealed = self.key.seal(account.id.as_str(), &seed);
        let now = self.clock.now();
        self.db
            .write(async |c| {
                store::set_totp(c, &account.id, &sealed, now).await?;
                store::delete_recovery_codes(c, &account.id).await?;
                self.record(c, Action::SecondStepChanged, &account.id).await?;
                store::delete_sessions_of(c, &account.id).await
            })
            .await?;
        Ok(Enrolled { totp_key: seed_text(&seed), otpauth_url: otpauth_url(&seed, &account.email), id: account.id })
    }

    /// Sets a new password and ends every session. The second step stays.
    ///
    /// # Errors
    /// When there is no such account, the password does not do, or the database cannot be asked.
    pub async fn reset_password(&self, email: &str, password: String) -> Result<(), AccountError> {
        let account = self.by_email(email).await?;
        check_new_password(&password, &[&account.email, &account.display_name])?;
        let hash = password::hash(password).await;
        self.db
            .write(async |c| {
                store::set_password(c, &account.id, &hash).await?;
                self.record(c, Action::PasswordChanged, &account.id).await?;
                store::delete_sessions_of(c, &account.id).await
            })
            .await?;
        Ok(())
    }

    /// Notes a change of an account, inside the unit of work that makes it. It is made on the server, by its operator.
    async fn record(&self, c: &mut Conn, action: Action, account: &AccountId) -> Result<(), StoreError> {
        let entry = Entry::new(self.clock.now(), Actor::System, action, "milepost user").about(account.as_str());
        audit::record(c, &[entry]).await
    }

    /// No, whatever the reason: noted in the trail for every try, so that time does not tell which addresses are known.
    /// `wrong_at` counts the try as a wrong one, and says when the wait for the next begins.
    ///
    /// Tries made at once are all looked at, but once one of them was wrong no other is let in: see
    /// [`store::is_undisturbed`]. So many guesses at once are worth no more than one.
    async fn refuse<T>(&self, account: Option<&Secrets>, wrong_at: Option<Instant>) -> Result<Option<T>, StoreError> {
        self.db.write(async |c| self.count_refusal(c, account, wrong_at).await).await?;
        Ok(None)
    }

    /// As [`Accounts::refuse`], for a code: the session in which six were wrong is over.
    async fn refuse_code<T>(
        &self,
        session: &Token,
        account: &Secrets,
        wrong_at: Option<Instant>,
    ) -> Result<Option<T>, StoreError> {
        self.db
            .write(async |c| {
                if store::count_wrong_code(c, &session.hash()).await? >= WRONG_CODES_MOST {
                    store::delete_session(c, &session.hash()).await?;
                }
                self.count_refusal(c, Some(account), wrong_at).await
            })
            .await?;
        Ok(None)
    }

    async fn count_refusal(
        &self,
        c: &mut Conn,
        account: Option<&Secrets>,
        wrong_at: Option<Instant>,
    ) -> Result<(), StoreError> {
        let entry = Entry::new(self.clock.now(), Actor::System, Action::SignInRefused, "sign-in");
        let entry = match account {
            Some(account) => entry.about(account.id.as_str()),
            None => entry,
        };
        if let (Some(account), Some(now)) = (account, wrong_at) {
            let failures = store::count_failure(c, &account.id).await?;
            store::wait_until(c, &account.id, now.plus_millis(throttle::wait_millis(failures))).await?;
        }
        audit::record(c, &[entry]).await
    }
}

/// Begins a full session, inside the unit of work that accepted its code.
async fn begin_session(
    c: &mut Conn,
    session: &NewSession<'_>,
    wrong_before: i64,
    now: Instant,
) -> Result<(), StoreError> {
    store::insert_session(c, session, now).await?;
    store::insert_sign_in(c, session, wrong_before, now).await?;
    store::delete_stale_sessions(c, now).await
}

/// The one spelling an address is stored and compared in; `None` when it cannot be one.
fn normal_email(typed: &str) -> Option<String> {
    let email = typed.trim().to_lowercase();
    let (name, host) = email.split_once('@')?;
    let plain = !email.contains(|c: char| c.is_whitespace() || c.is_control());
    (plain && !name.is_empty() && host.contains('.') && email.len() <= 254).then_some(email)
}
