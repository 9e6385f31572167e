//! Setting up the second step: the key for an authenticator app, proved by a code of it.

use serde::Serialize;

use super::codes::CodesPage;
use crate::accounts::{Proposal, SetUp};
use crate::web::error::WebError;
use crate::web::form::Errors;
use crate::web::next::local_path;
use crate::web::qr::{self, Drawing};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::{Visit, home_of};

const WRONG: &str = "That code does not fit the key. Wait for the next code in your app and type that one";

#[derive(Debug, Clone, Serialize)]
pub struct SetUpPage {
    next: String,
    /// In place of an app that still works.
    renewing: bool,
    action: &'static str,
    /// The key, where it is shown: once.
    key: Option<Key>,
    sealed: String,
    errors: Errors,
}

#[derive(Debug, Clone, Serialize)]
struct Key {
    drawing: Option<Drawing>,
    /// In groups of four.
    text: String,
}

impl SetUpPage {
    fn of(proposal: Proposal, next: &str) -> SetUpPage {
        let groups: Vec<String> =
            proposal.totp_key.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        let key = Key { drawing: qr::drawing(&proposal.otpauth_url), text: groups.join(" ") };
        let page = SetUpPage::empty(next, &proposal.sealed);
        SetUpPage { key: Some(key), ..page }
    }

    fn empty(next: &str, sealed: &str) -> SetUpPage {
        SetUpPage {
            next: next.to_owned(),
            renewing: false,
            action: "/account/two-step/set-up",
            key: None,
            sealed: sealed.to_owned(),
            errors: Errors::default(),
        }
    }

    /// Without the key, which was written out once, and with what is wrong.
    fn again(next: &str, sealed: &str) -> SetUpPage {
        let mut errors = Errors::default();
        errors.add("code", WRONG);
        SetUpPage { errors, ..SetUpPage::empty(next, sealed) }
    }

    /// The same for somebody who has an app and takes another.
    pub(super) fn renewing(proposal: Proposal) -> SetUpPage {
        SetUpPage { renewing: true, action: "/account/two-step", ..SetUpPage::of(proposal, "") }
    }

    pub(super) fn renewing_again(sealed: &str) -> SetUpPage {
        SetUpPage { renewing: true, action: "/account/two-step", ..SetUpPage::again("", sealed) }
    }
}

impl Page for SetUpPage {
    const TEMPLATE: &'static str = "account/set_up";

    fn heading(&self) -> String {
        if self.renewing { "Use another authenticator app".into() } else { "Set up your authenticator app".into() }
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> SetUpPage {
        let key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let proposal = Proposal {
            totp_key: key.into(),
            otpauth_url: format!("otpauth://totp/Milepost:grace%40family.example?secret={key}&issuer=Milepost"),
            sealed: "SEALED".into(),
        };
        let mut errors = Errors::default();
        errors.add("code", WRONG);
        SetUpPage { errors, ..SetUpPage::of(proposal, "/citizen") }
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let session = visit.to_set_up.as_ref().ok_or(WebError::NotFound)?;
    visit.page(&SetUpPage::of(visit.app.accounts.propose(session), visit.query.get("next")))
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let (sealed, typed) = (visit.form.get("sealed"), visit.form.get("code"));
    let next = visit.form.get("next").to_owned();
    match visit.app.accounts.set_up(&visit.cookie, sealed, typed, &visit.device).await? {
        SetUp::Done { token, codes } => {
            let signed = visit.signed_in(token).await?;
            let next = local_path(&next).unwrap_or(home_of(&signed)).to_owned();
            visit.page_signed_in(&CodesPage::new(codes, next), signed)
        }
        SetUp::WrongCode => visit.page_again(&SetUpPage::again(&next, sealed)),
        SetUp::Over => Ok(Reply::see("/sign-in")),
    }
}
