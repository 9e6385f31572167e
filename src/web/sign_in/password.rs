//! The first step: e-mail address and password.

use serde::Serialize;

use crate::web::error::WebError;
use crate::web::form::Errors;
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
    errors: Errors,
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
        PasswordPage { next: "/office".into(), email: "priya@northmoor.example".into(), errors }
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    if let Some(who) = &visit.who {
        return Ok(Reply::see(home_of(who)));
    }
    let next = visit.query.get("next").to_owned();
    visit.page(&PasswordPage { next, email: String::new(), errors: Errors::default() })
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let (email, password) = (visit.form.get("email"), visit.form.get("password"));
    let next = visit.form.get("next").to_owned();
    match visit.app.accounts.try_password(email, password.chars().take(256).collect()).await? {
        Some(token) => {
            let query = form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>();
            Ok(Reply::SignedIn { token, next: format!("/sign-in/code?next={query}") })
        }
        None => {
            let mut errors = Errors::default();
            errors.add("email", WRONG);
            visit.page_again(&PasswordPage { next, email: email.to_owned(), errors })
        }
    }
}
