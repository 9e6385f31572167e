//! Signing in, in two steps, and out.

pub(super) mod code;
pub(super) mod password;
pub(super) mod recovery;

use super::error::WebError;
use super::reply::Reply;
use super::visit::{Visit, home_of};
use crate::audit::Action;

pub(super) async fn sign_out(visit: Visit) -> Result<Reply, WebError> {
    visit.app.accounts.sign_out(&visit.cookie).await?;
    if let Some(who) = &visit.who {
        visit.note(who, Action::SignedOut).await?;
    }
    Ok(Reply::SignedOut)
}

/// Where somebody belongs who is not between the two steps.
async fn elsewhere(visit: &Visit) -> Result<Option<Reply>, WebError> {
    if let Some(who) = &visit.who {
        return Ok(Some(Reply::see(home_of(who))));
    }
    let waits = visit.app.accounts.waits_for_code(&visit.cookie).await?;
    Ok((!waits).then(|| Reply::see("/sign-in")))
}
