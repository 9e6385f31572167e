//! A recovery code in place of the authenticator app's, for somebody who has lost it.

use serde::Serialize;

use super::elsewhere;
use crate::web::error::WebError;
use crate::web::form::Errors;
use crate::web::next::{TOO_MANY, with_next};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

const WRONG: &str = "That recovery code is not right, or was used already. After several wrong codes you have to wait for up to 15 \
                     minutes";

#[derive(Debug, Clone, Serialize)]
pub struct RecoveryPage {
    next: String,
    /// Where the app's code is typed.
    back: String,
    errors: Errors,
}

impl RecoveryPage {
    fn of(next: &str, errors: Errors) -> RecoveryPage {
        RecoveryPage { next: next.to_owned(), back: with_next("/sign-in/code", next), errors }
    }
}

impl Page for RecoveryPage {
    const TEMPLATE: &'static str = "sign_in/recovery";

    fn heading(&self) -> String {
        "Use a recovery code".into()
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> RecoveryPage {
        let mut errors = Errors::default();
        errors.add("code", WRONG);
        RecoveryPage::of("/office", errors)
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    if let Some(elsewhere) = elsewhere(&visit).await? {
        return Ok(elsewhere);
    }
    visit.page(&RecoveryPage::of(visit.query.get("next"), Errors::default()))
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let next = visit.form.get("next");
    if let Some(token) = visit.app.accounts.try_recovery_code(&visit.cookie, visit.form.get("code")).await? {
        return Ok(Reply::SignedIn { token, next: with_next("/account/two-step/set-up", next) });
    }
    if !visit.app.accounts.waits_for_code(&visit.cookie).await? {
        return Ok(Reply::see(TOO_MANY));
    }
    let mut errors = Errors::default();
    errors.add("code", WRONG);
    visit.page_again(&RecoveryPage::of(next, errors))
}
