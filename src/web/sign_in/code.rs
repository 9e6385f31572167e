//! The second step: the code of the authenticator app.

use serde::Serialize;

use super::elsewhere;
use crate::web::error::WebError;
use crate::web::form::Errors;
use crate::web::next::{TOO_MANY, kept_path, local_path, with_next};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::{Visit, home_of};
use crate::web::words::WRONG_CODE;

#[derive(Debug, Clone, Serialize)]
pub struct CodePage {
    next: String,
    /// Where a recovery code can be typed instead.
    lost: String,
    errors: Errors,
}

impl Page for CodePage {
    const TEMPLATE: &'static str = "sign_in/code";

    fn heading(&self) -> String {
        "Enter your code".into()
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> CodePage {
        let mut errors = Errors::default();
        errors.add("code", WRONG_CODE);
        CodePage::of("/office", errors)
    }
}

impl CodePage {
    fn of(next: &str, errors: Errors) -> CodePage {
        CodePage { next: next.to_owned(), lost: with_next("/sign-in/recovery-code", next), errors }
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    if let Some(elsewhere) = elsewhere(&visit).await? {
        return Ok(elsewhere);
    }
    visit.page(&CodePage::of(visit.query.get("next"), Errors::default()))
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let next = visit.form.get("next").to_owned();
    if let Some((token, _)) = visit.app.accounts.try_code(&visit.cookie, visit.form.get("code"), &visit.device).await? {
        let signed = visit.signed_in(token).await?;
        let next = match local_path(&next) {
            Some(next) => next.to_owned(),
            // What they were sending when their last session ended waits for them.
            None => match visit.app.accounts.newest_kept_form(&signed.session).await? {
                Some(kept) => kept_path(&kept.id),
                None => home_of(&signed).to_owned(),
            },
        };
        return Ok(Reply::SignedIn { token: signed.token, next });
    }
    if !visit.app.accounts.waits_for_code(&visit.cookie).await? {
        return Ok(Reply::see(TOO_MANY));
    }
    let mut errors = Errors::default();
    errors.add("code", WRONG_CODE);
    visit.page_again(&CodePage::of(&next, errors))
}
