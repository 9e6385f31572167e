//! Forms that came from somebody who had to prove first who they are: kept sealed, and offered again to the same person.
//!
//! A form is bound to the session it came in. Another session of the same person is given it only when that one is over, so that
//! what is typed on one screen does not turn up on another that is open at the same time.

mod store;

use super::store::Session;
use super::{Accounts, session};
use crate::clock::Instant;
use crate::db::StoreError;
use crate::ids::random_text;

/// Kept for a week; then the person has certainly typed it again.
const KEPT_MILLIS: i64 = 7 * 24 * 3_600_000;

/// A form as it was sent, without passwords and codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptForm {
    pub id: String,
    /// Where it was sent to.
    pub path: String,
    pub fields: Vec<(String, String)>,
}

struct Row {
    id: String,
    session: String,
    path: String,
    sealed: Vec<u8>,
}

impl Accounts {
    /// Keeps a form for the person of this session; gives its id.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub async fn keep_form(
        &self,
        session: &Session,
        path: &str,
        fields: &[(String, String)],
    ) -> Result<String, StoreError> {
        let id = random_text(26);
        let text = serde_json::to_string(fields).map_err(StoreError::unstorable)?;
        let sealed = self.key.seal(&format!("form {id}"), text.as_bytes());
        let row = Row { id: id.clone(), session: session.id.clone(), path: path.to_owned(), sealed };
        let now = self.clock.now();
        self.db
            .write(async |c| {
                store::insert(c, &session.account.id, &row, now).await?;
                store::forget_old(c, &session.account.id, now.plus_millis(-KEPT_MILLIS)).await
            })
            .await?;
        Ok(id)
    }

    /// A form that was kept for the person of this session.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn kept_form(&self, session: &Session, id: &str) -> Result<Option<KeptForm>, StoreError> {
        let now = self.clock.now();
        let account = &session.account.id;
        let found = self.db.read(async |c| {
            let Some(row) = store::find(c, account, id).await? else { return Ok(None) };
            let times = store::session_times(c, &row.session).await?;
            let theirs = row.session == session.id || times.is_none_or(|times| is_over(session, times, now));
            Ok(theirs.then_some(row))
        });
        let Some(row) = found.await? else { return Ok(None) };
        let opened = self.key.open(&format!("form {}", row.id), &row.sealed);
        let fields = opened.and_then(|opened| serde_json::from_slice(&opened).ok());
        Ok(fields.map(|fields| KeptForm { id: row.id, path: row.path, fields }))
    }

    /// The newest form that waits for the person of this session.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn newest_kept_form(&self, session: &Session) -> Result<Option<KeptForm>, StoreError> {
        let since = self.clock.now().plus_millis(-KEPT_MILLIS);
        let id = self.db.read(async |c| store::newest(c, &session.account.id, since).await).await?;
        match id {
            Some(id) => self.kept_form(session, &id).await,
            None => Ok(None),
        }
    }

    /// The form was sent, or is not wanted any more.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn forget_form(&self, session: &Session, id: &str) -> Result<(), StoreError> {
        self.db.write(async |c| store::delete(c, &session.account.id, id).await).await
    }

    /// The session of a cookie that ended by itself, lately: nothing opens with it, but what comes too late is kept for its
    /// person.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn ended_session(&self, token: &super::Token) -> Result<Option<Session>, StoreError> {
        let session = self.session_row(token).await?;
        Ok(session.filter(|held| {
            held.ended_at.is_some() && held.stage == super::SessionStage::Full && !held.account.disabled
        }))
    }
}

/// Whether the session that a form came in is over; it was the same person's as `theirs`.
fn is_over(theirs: &Session, (created_at, seen_at, ended): (Instant, Instant, bool), now: Instant) -> bool {
    let then = Session { created_at, seen_at, stage: super::SessionStage::Full, ..theirs.clone() };
    ended || !session::is_alive(&then, now)
}
