//! How the authority reaches somebody.

use serde::Serialize;

use crate::accounts::ContactBy;
use crate::web::error::WebError;
use crate::web::fields::Field;
use crate::web::form::{Errors, Form, Reading};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

#[derive(Debug, Clone, Serialize)]
pub struct ContactPage {
    fields: Vec<Field>,
    errors: Errors,
}

impl Page for ContactPage {
    const TEMPLATE: &'static str = "account/contact";

    fn heading(&self) -> String {
        "How we reach you".into()
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> ContactPage {
        let form = Form::parse(b"phone=0&contact_by=phone");
        let mut errors = Errors::default();
        read(&form, &mut errors);
        ContactPage { fields: typed(&form, &errors), errors }
    }
}

fn fields(phone: &str, by: ContactBy) -> Vec<Field> {
    let options = ContactBy::ALL.map(|by| (by.name().to_owned(), by.label().to_owned()));
    let phone =
        Field::text("phone", "Telephone number (optional)", phone).hint("Such as 01632 960 001 or +44 7700 900 982.");
    vec![
        Field { autocomplete: Some("tel".into()), ..phone },
        Field::radios(
            "contact_by",
            "How should we reach you about your account and your child’s process?",
            &options,
            by.name(),
        )
        .hint("What the law says must be sent to you in writing is sent in writing, whatever you choose."),
    ]
}

fn typed(form: &Form, errors: &Errors) -> Vec<Field> {
    fields("", ContactBy::Email).into_iter().map(|field| field.typed(form, errors)).collect()
}

/// The number as it was typed, and what was chosen.
fn read(form: &Form, errors: &mut Errors) -> (String, ContactBy) {
    let phone = Reading::of(form).text("phone");
    let by = ContactBy::read(form.get("contact_by"));
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let plain = phone.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')'));
    if !phone.is_empty() && (!plain || !(7..=15).contains(&digits)) {
        errors.add("phone", "Enter a telephone number, such as 01632 960 001 or +44 7700 900 982");
    } else if phone.is_empty() && by == ContactBy::Phone {
        errors.add("phone", "Enter the telephone number to reach you at");
    }
    (phone, by)
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let own = visit.app.accounts.own(&visit.signed()?.account.id).await?.ok_or(WebError::NotFound)?;
    visit.page(&ContactPage { fields: fields(&own.phone, own.contact_by), errors: Errors::default() })
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let mut errors = Errors::default();
    let (phone, by) = read(&visit.form, &mut errors);
    if !errors.is_empty() {
        return visit.page_again(&ContactPage { fields: typed(&visit.form, &errors), errors });
    }
    visit.app.accounts.set_contact(&visit.signed()?.account, &phone, by).await?;
    visit.see_with("/account", "How we reach you is saved.").await
}
