//! Signing in, in two steps, and out.

pub(super) mod code;
pub(super) mod password;
pub(super) mod recovery;

use super::error::WebError;
use super::reply::Reply;
use super::visit::Visit;
use crate::audit::Action;

pub(super) async fn sign_out(visit: Visit) -> Result<Reply, WebError> {
    visit.app.accounts.sign_out(&visit.cookie).await?;
    if let Some(who) = &visit.who {
        visit.note(who, Action::SignedOut).await?;
    }
    Ok(Reply::SignedOut)
}
