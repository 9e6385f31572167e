//! Sessions: random tokens of which the database holds only a hash, with an idle and an overall limit.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::store::Session;
use crate::clock::Instant;
use crate::ids::random_text;

const MINUTE: i64 = 60_000;

/// The value of a session cookie.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

impl Token {
    /// 260 random bits.
    pub fn random() -> Token {
        Token(random_text(52))
    }

    /// A token as it came in a cookie; anything that cannot be one is `None`.
    pub fn read(text: &str) -> Option<Token> {
        let plausible = text.len() == 52 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        plausible.then(|| Token(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

/// How far somebody has signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionStage {
    /// The password was right. Opens nothing.
    Half,
    /// Both steps are done.
    Full,
}

/// How long a session lasts, in milliseconds: without a click, and however busy.
pub(super) fn limits(session: &Session) -> (i64, i64) {
    match session.stage {
        // The second step follows the password at once; whoever sets it up may first have to find an app for it.
        SessionStage::Half if session.may_set_up => (30 * MINUTE, 30 * MINUTE),
        SessionStage::Half => (10 * MINUTE, 10 * MINUTE),
        SessionStage::Full if session.account.roles.iter().any(|role| role.is_staff()) => {
            (30 * MINUTE, 12 * 60 * MINUTE)
        }
        SessionStage::Full => (60 * MINUTE, 24 * 60 * MINUTE),
    }
}

pub(super) fn is_alive(session: &Session, now: Instant) -> bool {
    let (idle, overall) = limits(session);
    // A clock set back never lengthens a session.
    let since = |at: Instant| now.0.saturating_sub(at.0).abs();
    since(session.seen_at) <= idle && since(session.created_at) <= overall
}
