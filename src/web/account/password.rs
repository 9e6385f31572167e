//! Changing one's own password.

use serde::Serialize;

use crate::accounts::NotChanged;
use crate::web::error::WebError;
use crate::web::fields::Field;
use crate::web::form::Errors;
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

#[derive(Debug, Clone, Serialize)]
pub struct PasswordPage {
    fields: Vec<Field>,
    errors: Errors,
}

const WRONG: &str = "That is not your password. After several wrong tries you have to wait for up to 15 minutes";

impl PasswordPage {
    fn of(errors: Errors) -> PasswordPage {
        let fields = vec![
            Field::password("current-password", "Your password now", "current-password"),
            Field::password("new-password", "Your new password", "new-password").hint(
                "12 characters or more. Three or four words that have nothing to do with each other are easy to remember and \
                 hard to guess. It need not have numbers or signs.",
            ),
        ];
        let with_error = |field: Field| Field { error: errors.by_field.get(&field.id).cloned(), ..field };
        PasswordPage { fields: fields.into_iter().map(with_error).collect(), errors }
    }
}

impl Page for PasswordPage {
    const TEMPLATE: &'static str = "account/password";

    fn heading(&self) -> String {
        "Change your password".into()
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> PasswordPage {
        let mut errors = Errors::default();
        errors.add("current-password", WRONG);
        PasswordPage::of(errors)
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    visit.page(&PasswordPage::of(Errors::default()))
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let typed = |field: &str| visit.form.get(field).chars().take(257).collect::<String>();
    let (current, new) = (typed("current-password"), typed("new-password"));
    let mut errors = Errors::default();
    if current.is_empty() {
        errors.add("current-password", "Enter your password");
    }
    if new.is_empty() {
        errors.add("new-password", "Enter a new password");
    }
    if errors.is_empty() {
        match visit.app.accounts.change_password(&visit.signed()?.session, current, new).await? {
            Ok(()) => {
                let done = "Your password is changed, and you are signed out everywhere else.";
                return visit.see_with("/account", done).await;
            }
            Err(NotChanged::WrongCurrent) => errors.add("current-password", WRONG),
            Err(NotChanged::Password(fault)) => {
                errors.add("new-password", format!("Your new password will not do: {fault}"));
            }
        }
    }
    visit.page_again(&PasswordPage::of(errors))
}
