//! The first step: e-mail address and password.

use serde::Serialize;

use crate::web::error::WebError;
use crate::web::fields::Field;
use crate::web::form::Errors;
use crate::web::next::with_next;
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::{Visit, home_of};

/// The same words for every reason, so that nobody learns which addresses are known.
const WRONG: &str =
    "The e-mail address or password is not right. After several wrong tries you have to wait for up to 15 minutes";

#[derive(Debug, Clone, Serialize)]
pub struct PasswordPage {
    next: String,
    email: String,
    /// Too many codes were wrong, or it took too long.
    again: bool,
    password: Field,
    errors: Errors,
}

impl PasswordPage {
    fn of(next: &str, email: &str, again: bool, errors: Errors) -> PasswordPage {
        let password = Field::password("password", "Password", "current-password");
        PasswordPage { next: next.to_owned(), email: email.to_owned(), again, password, errors }
    }
}

impl Page for PasswordPage {
    const TEMPLATE: &'static str = "sign_in/password";

    fn heading(&self) -> String {
        "Sign in".into()
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> PasswordPage {
        let mut errors = Errors::default();
        errors.add("email", WRONG);
        PasswordPage::of("/office", "priya@northmoor.example", true, errors)
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    if let Some(who) = &visit.who {
        return Ok(Reply::see(home_of(who)));
    }
    let next = visit.query.get("next").to_owned();
    let again = visit.query.get("again") == "codes";
    visit.page(&PasswordPage::of(&next, "", again, Errors::default()))
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let (email, password) = (visit.form.get("email"), visit.form.get("password"));
    let next = visit.form.get("next").to_owned();
    match visit.app.accounts.try_password(email, password.chars().take(256).collect()).await? {
        Some(token) => {
            let to_set_up = visit.app.accounts.to_set_up(&token).await?.is_some();
            let path = if to_set_up { "/account/two-step/set-up" } else { "/sign-in/code" };
            Ok(Reply::SignedIn { token, next: with_next(path, &next) })
        }
        None => {
            let mut errors = Errors::default();
            errors.add("email", WRONG);
            visit.page_again(&PasswordPage::of(&next, email, false, errors))
        }
    }
}
