//! Changing a child's details.

use serde::Serialize;

use super::child::found;
use super::children::{details, fields};
use crate::children::{Child, ChildDetails, ChildError};
use crate::clock::Instant;
use crate::web::error::WebError;
use crate::web::fields::Field;
use crate::web::form::{Errors, Reading};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

#[derive(Debug, Clone, Serialize)]
pub struct EditChildPage {
    name: String,
    back: String,
    action: String,
    fields: Vec<Field>,
    errors: Errors,
    /// When the details that the person saw were last changed: sent back with the form.
    seen: i64,
}

impl EditChildPage {
    fn of(child: &Child, fields: Vec<Field>, errors: Errors) -> EditChildPage {
        let back = format!("/office/children/{}", child.id);
        let action = format!("{back}/edit");
        EditChildPage { name: child.name(), back, action, fields, errors, seen: child.changed_at.0 }
    }
}

impl Page for EditChildPage {
    const TEMPLATE: &'static str = "office/edit_child";

    fn heading(&self) -> String {
        "Change details".into()
    }

    fn section(&self) -> &'static str {
        "/office/children"
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> EditChildPage {
        let mut errors = Errors::default();
        errors.add("given_name", "Enter the given name");
        EditChildPage {
            name: "Ada Okafor".into(),
            back: "/office/children/X".into(),
            action: "/office/children/X/edit".into(),
            fields: fields(&ChildDetails::default()),
            errors,
            seen: 0,
        }
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let child = found(&visit).await?;
    visit.page(&EditChildPage::of(&child, fields(&child.details), Errors::default()))
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let child = found(&visit).await?;
    let mut reading = Reading::of(&visit.form);
    let born_on = reading.date("born_on", "The date of birth");
    let details = details(&reading, born_on);
    let mut errors = reading.errors;
    if errors.is_empty() {
        let seen = visit.form.get("seen").parse().map_or(child.changed_at, Instant);
        let as_seen = Child { changed_at: seen, ..child.clone() };
        match visit.app.children.change(&as_seen, details, &visit.asked()?.by).await {
            Ok(()) => return visit.see_with(format!("/office/children/{}", child.id), "The details are saved.").await,
            Err(ChildError::Faults(faults)) => faults.into_iter().for_each(|fault| errors.add(fault.field, fault.text)),
            Err(ChildError::NumberTaken(other)) => {
                let field = if other.details.upn.as_deref() == Some(visit.form.get("upn")) { "upn" } else { "nhs_number" };
                errors.add(field, format!("That number belongs to {} on the register", other.reference));
            }
            Err(ChildError::Changed | ChildError::LikeOthers(_)) => errors.add(
                "main-content",
                "Somebody else changed these details while you were typing. Compare with the child's page, then save again if yours still fit",
            ),
            Err(ChildError::Store(error)) => return Err(error.into()),
        }
    }
    let fields = fields(&child.details).into_iter().map(|field| field.typed(&visit.form, &errors)).collect();
    visit.page_again(&EditChildPage::of(&child, fields, errors))
}
