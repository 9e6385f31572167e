//! What people see and change of their own account. Each change is in the audit trail, with the change itself.
//!
//! Whatever somebody who sits down at an open screen could take the account over with wants a code that is no older than ten
//! minutes: the gate asks [`Accounts::is_fresh`] before such a page, and [`Accounts::prove`] takes the code.

mod store;

use super::password::{self, PasswordFault, check_new_password};
use super::second_step::Renewed;
use super::store::{self as accounts, Account, Session};
use super::told::{Told, tell_holder};
use super::{Accounts, Token, session, totp};
use crate::audit::Action;
use crate::clock::Instant;
use crate::db::StoreError;
use crate::ids::AccountId;

/// A code counts as fresh for so long.
const FRESH_MILLIS: i64 = 10 * 60_000;

/// What an account holds beside name and address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// Empty when none was given.
    pub phone: String,
    pub contact_by: ContactBy,
    pub app_set_up_at: Option<Instant>,
    pub recovery_codes_left: i64,
}

/// How somebody wants to hear from the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactBy {
    Email,
    Phone,
    Letter,
}

impl ContactBy {
    pub const ALL: [ContactBy; 3] = [ContactBy::Email, ContactBy::Phone, ContactBy::Letter];

    /// As it is stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            ContactBy::Email => "email",
            ContactBy::Phone => "phone",
            ContactBy::Letter => "letter",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            ContactBy::Email => "E-mail",
            ContactBy::Phone => "Telephone",
            ContactBy::Letter => "Letter",
        }
    }

    /// What was chosen; by e-mail when nothing was.
    pub fn read(name: &str) -> ContactBy {
        ContactBy::ALL.into_iter().find(|by| by.name() == name).unwrap_or(ContactBy::Email)
    }
}

/// Where somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLine {
    pub id: String,
    pub began_at: Instant,
    pub seen_at: Instant,
    pub address: String,
    pub agent: String,
}

/// One time somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    pub at: Instant,
    pub address: String,
    pub agent: String,
    /// Wrong passwords and codes since the time before.
    pub wrong_before: i64,
}

/// Why somebody's own password was not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotChanged {
    /// The one given as theirs is not, or they have to wait after too many wrong ones.
    WrongCurrent,
    Password(PasswordFault),
}

impl Accounts {
    /// Whether a code was accepted in this session within the last ten minutes.
    pub fn is_fresh(&self, session: &Session) -> bool {
        let age = self.clock.now().0.saturating_sub(session.proved_at.0);
        (0..=FRESH_MILLIS).contains(&age)
    }

    /// How long a session still lasts without a click, in milliseconds, and whether a click would lengthen that.
    pub fn ends_in(&self, held: &Session) -> (i64, bool) {
        let (idle, overall) = session::limits(held);
        let now = self.clock.now().0;
        // Being seen is noted at most once a minute.
        let noted_ago = Some(now - held.seen_at.0).filter(|ago| (0..60_000).contains(ago)).unwrap_or(0);
        let idle_left = idle - noted_ago;
        let overall_left = overall - (now - held.created_at.0);
        (idle_left.min(overall_left).max(0), overall_left > idle)
    }

    /// A code from the app, again, by somebody who is signed in: the session goes on under a new cookie, fresh.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn prove(&self, token: &Token, typed: &str) -> Result<Option<Token>, StoreError> {
        let now = self.clock.now();
        let Some(session) = self.session(token).await?.filter(|held| held.stage == super::SessionStage::Full) else {
            return Ok(None);
        };
        let secrets = self.db.read(async |c| accounts::secrets_by_id(c, &session.account.id).await).await?;
        let Some(secrets) = secrets else { return Ok(None) };
        if secrets.disabled || secrets.wait_until > now {
            return self.refuse_code(token, &secrets, None).await;
        }
        let Some(step) = self.step_of(&secrets, typed, now) else {
            return self.refuse_code(token, &secrets, Some(now)).await;
        };
        let renewed = Token::random();
        let proved = self
            .db
            .write(async |c| {
                if !accounts::use_step(c, &session.account.id, step, secrets.failures).await? {
                    return Ok(false);
                }
                self.record_own(c, Action::CodeAskedAgain, &session.account).await?;
                store::prove_session(c, &token.hash(), &renewed.hash(), now).await
            })
            .await?;
        if proved { Ok(Some(renewed)) } else { self.refuse_code(token, &secrets, Some(now)).await }
    }

    /// # Errors
    /// When the database cannot be asked.
    pub async fn own(&self, account: &AccountId) -> Result<Option<Own>, StoreError> {
        self.db.read(async |c| store::own(c, account).await).await
    }

    /// # Errors
    /// When the database cannot be asked.
    pub async fn set_contact(&self, account: &Account, phone: &str, by: ContactBy) -> Result<(), StoreError> {
        self.db
            .write(async |c| {
                store::set_contact(c, &account.id, phone, by).await?;
                self.record_own(c, Action::AccountChanged, account).await
            })
            .await
    }

    /// Changes somebody's own password; they are signed out everywhere else.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn change_password(
        &self,
        session: &Session,
        current: String,
        new: String,
    ) -> Result<Result<(), NotChanged>, StoreError> {
        let now = self.clock.now();
        let account = &session.account;
        let secrets = self.db.read(async |c| accounts::secrets_by_id(c, &account.id).await).await?;
        let Some(secrets) = secrets.filter(|secrets| !secrets.disabled && secrets.wait_until <= now) else {
            return Ok(Err(NotChanged::WrongCurrent));
        };
        if !password::matches(current, secrets.password_hash.clone()).await {
            self.refuse::<()>(Some(&secrets), Some(now)).await?;
            return Ok(Err(NotChanged::WrongCurrent));
        }
        if let Err(fault) = check_new_password(&new, &[&account.email, &account.display_name]) {
            return Ok(Err(NotChanged::Password(fault)));
        }
        let hash = password::hash(new).await;
        self.db
            .write(async |c| {
                accounts::set_password(c, &account.id, &hash).await?;
                store::delete_other_sessions(c, &account.id, &session.id).await?;
                self.record_own(c, Action::PasswordChanged, account).await?;
                tell_holder(c, &account.id, Told::PasswordChanged).await
            })
            .await?;
        Ok(Ok(()))
    }

    /// Takes another app in place of the one that somebody has; they are signed out everywhere else.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn renew_second_step(
        &self,
        session: &Session,
        proposal: &str,
        typed: &str,
    ) -> Result<Renewed, StoreError> {
        let now = self.clock.now();
        let account = &session.account;
        let Some(seed) = self.proposed(session, proposal, now) else { return Ok(Renewed::Over) };
        let Some(step) = totp::step_of(&seed, typed, now) else { return Ok(Renewed::WrongCode) };
        let sealed = self.key.seal(account.id.as_str(), &seed);
        let done = self.db.write(async |c| {
            if !store::replace_totp(c, &account.id, &sealed, step, now).await? {
                return Ok(Renewed::Over);
            }
            store::delete_other_sessions(c, &account.id, &session.id).await?;
            self.record_own(c, Action::SecondStepChanged, account).await?;
            tell_holder(c, &account.id, Told::SecondStepChanged).await?;
            Ok(Renewed::Done)
        });
        done.await
    }

    /// Ten new recovery codes, which cannot be read again; those before stop working.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn new_recovery_codes(&self, account: &Account) -> Result<Vec<String>, StoreError> {
        let now = self.clock.now();
        self.db.write(async |c| self.make_codes(c, account, now).await).await
    }

    /// Where somebody is signed in, the newest click first.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn sessions_of(&self, account: &Account) -> Result<Vec<SessionLine>, StoreError> {
        let now = self.clock.now();
        let all = self.db.read(async |c| store::sessions(c, account).await).await?;
        Ok(all.into_iter().filter(|(held, _)| session::is_alive(held, now)).map(|(_, line)| line).collect())
    }

    /// The last twenty times somebody signed in, the newest first.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn sign_ins_of(&self, account: &AccountId) -> Result<Vec<SignIn>, StoreError> {
        self.db.read(async |c| store::sign_ins(c, account).await).await
    }

    /// Ends one session of somebody; whether it was theirs and there.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn end_session(&self, account: &Account, id: &str) -> Result<bool, StoreError> {
        self.db
            .write(async |c| {
                let ended = store::delete_session_by_id(c, &account.id, id).await?;
                if ended {
                    self.record_own(c, Action::SessionEnded, account).await?;
                }
                Ok(ended)
            })
            .await
    }

    /// Ends every session of somebody but this one; how many.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn end_other_sessions(&self, session: &Session) -> Result<u64, StoreError> {
        let account = &session.account;
        self.db
            .write(async |c| {
                let ended = store::delete_other_sessions(c, &account.id, &session.id).await?;
                self.record_own(c, Action::SessionEnded, account).await?;
                Ok(ended)
            })
            .await
    }

    /// Somebody leaves: nobody signs in to the account any more. What was done and shared stays on record.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn leave(&self, account: &Account) -> Result<(), StoreError> {
        let now = self.clock.now();
        let left = self.db.write(async |c| {
            accounts::disable(c, &account.id, now).await?;
            self.record_own(c, Action::AccountClosed, account).await?;
            tell_holder(c, &account.id, Told::Left).await?;
            accounts::delete_sessions_of(c, &account.id).await
        });
        let left = left.await;
        self.known.changed();
        left
    }
}
