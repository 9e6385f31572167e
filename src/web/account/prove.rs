//! A code, again, before something that somebody at an open screen must not do.

use serde::Serialize;

use crate::web::error::WebError;
use crate::web::form::Errors;
use crate::web::next::{TOO_MANY, local_path};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;
use crate::web::words::WRONG_CODE;

#[derive(Debug, Clone, Serialize)]
pub struct ProvePage {
    next: String,
    /// Whether a form waits for it.
    kept: bool,
    errors: Errors,
}

impl ProvePage {
    fn of(next: &str, errors: Errors) -> ProvePage {
        ProvePage { next: next.to_owned(), kept: next.starts_with("/account/kept/"), errors }
    }
}

impl Page for ProvePage {
    const TEMPLATE: &'static str = "account/prove";

    fn heading(&self) -> String {
        "Enter a new code to go on".into()
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> ProvePage {
        let mut errors = Errors::default();
        errors.add("code", WRONG_CODE);
        ProvePage::of("/account/kept/X", errors)
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    visit.page(&ProvePage::of(visit.query.get("next"), Errors::default()))
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let next = visit.form.get("next");
    let accounts = &visit.app.accounts;
    if let Some(token) = accounts.prove(&visit.cookie, visit.form.get("code")).await? {
        let next = local_path(next).unwrap_or("/account").to_owned();
        return Ok(Reply::SignedIn { token, next });
    }
    if accounts.session(&visit.cookie).await?.is_none() {
        return Ok(Reply::see(TOO_MANY));
    }
    let mut errors = Errors::default();
    errors.add("code", WRONG_CODE);
    visit.page_again(&ProvePage::of(next, errors))
}
