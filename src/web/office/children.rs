//! The register: search, and adding a child by hand.

use serde::Serialize;

use crate::audit::Action;
use crate::calendar::short_date;
use crate::children::{CHILDREN_A_PAGE, ChildDetails, ChildError, LikeOthers};
use crate::web::error::WebError;
use crate::web::fields::Field;
use crate::web::form::{Errors, Form, Reading};
use crate::web::paging::{Paging, page_of};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

const PATH: &str = "/office/children";

#[derive(Debug, Clone, Serialize)]
pub struct ChildrenPage {
    total: i64,
    search: String,
    children: Vec<Row>,
    paging: Paging,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    href: String,
    name: String,
    reference: String,
    born: String,
    year: String,
    setting: String,
}

impl Page for ChildrenPage {
    const TEMPLATE: &'static str = "office/children";

    fn heading(&self) -> String {
        format!("Children ({})", self.total)
    }

    fn section(&self) -> &'static str {
        PATH
    }

    fn sample() -> ChildrenPage {
        let row = Row {
            href: "/office/children/X".into(),
            name: "Ada Okafor".into(),
            reference: "7Q4K-92MD".into(),
            born: "31 May 2018".into(),
            year: "Year 3".into(),
            setting: "Alder Primary".into(),
        };
        ChildrenPage { total: 1, search: "Ada".into(), children: vec![row], paging: Paging::default() }
    }
}

pub(in crate::web) async fn list(visit: Visit) -> Result<Reply, WebError> {
    let search = visit.query.get("q").trim().to_owned();
    let asked_page = page_of(&visit.query);
    let found = visit.app.children.search(&search, asked_page).await?;
    visit.note(visit.signed()?, Action::ChildrenListed).await?;
    let today = visit.today();
    let children = found.children.iter().map(|child| Row {
        href: format!("{PATH}/{}", child.id),
        name: format!("{}, {}", child.details.family_name, child.details.given_name),
        reference: child.reference.clone(),
        born: child.details.born_on.map(short_date).unwrap_or_default(),
        year: child.year_group_on(today),
        setting: child.details.setting_name.clone(),
    });
    visit.page(&ChildrenPage {
        total: found.total,
        children: children.collect(),
        paging: Paging::of(PATH, &visit.query, asked_page, found.total, CHILDREN_A_PAGE),
        search,
    })
}

#[derive(Debug, Clone, Serialize)]
pub struct NewChildPage {
    fields: Vec<Field>,
    errors: Errors,
    like: Vec<Row>,
}

impl Page for NewChildPage {
    const TEMPLATE: &'static str = "office/new_child";

    fn heading(&self) -> String {
        "Add a child".into()
    }

    fn section(&self) -> &'static str {
        PATH
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> NewChildPage {
        let mut errors = Errors::default();
        errors.add("given_name", "Enter the given name");
        NewChildPage { fields: fields(&ChildDetails::default()), errors, like: ChildrenPage::sample().children }
    }
}

/// The fields of a child's details, with what stands in them.
pub(super) fn fields(details: &ChildDetails) -> Vec<Field> {
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let preferred = optional(&details.preferred_name);
    vec![
        Field::text("given_name", "Given name", &details.given_name),
        Field::text("family_name", "Family name", &details.family_name),
        Field::text("preferred_name", "What the child likes to be called (optional)", &preferred),
        Field::date("born_on", "Date of birth", details.born_on).hint("For example, 31 5 2018"),
        Field::text("upn", "Unique pupil number (optional)", &optional(&details.upn)).hint("A letter and 12 numbers"),
        Field::text("nhs_number", "NHS number (optional)", &optional(&details.nhs_number)).hint("10 numbers"),
        Field { rows: 3, ..Field::textarea("address", "Address (optional)", &details.address) },
        Field::text("postcode", "Postcode (optional)", &details.postcode),
        Field::text("setting_name", "School, nursery or college (optional)", &details.setting_name),
        Field::text("setting_kind", "Kind of setting (optional)", &details.setting_kind)
            .hint("Nursery, infant, junior, primary, middle, secondary, special, sixth form or college"),
    ]
}

pub(in crate::web) async fn new(visit: Visit) -> Result<Reply, WebError> {
    let fields = fields(&ChildDetails::default());
    visit.page(&NewChildPage { fields, errors: Errors::default(), like: Vec::new() })
}

pub(in crate::web) async fn add(visit: Visit) -> Result<Reply, WebError> {
    let mut reading = Reading::of(&visit.form);
    let born_on = reading.date("born_on", "The date of birth");
    let details = details(&reading, born_on);
    let mut errors = reading.errors;
    if !errors.is_empty() {
        return again(&visit, errors, Vec::new());
    }
    let like_others = if visit.form.get("another") == "yes" { LikeOthers::AddAllTheSame } else { LikeOthers::Ask };
    match visit.app.children.add(details, &visit.asked()?.by, like_others).await {
        Ok(id) => visit.see_with(format!("{PATH}/{id}"), "The child is on the register.").await,
        Err(ChildError::Faults(faults)) => {
            for fault in faults {
                errors.add(fault.field, fault.text);
            }
            again(&visit, errors, Vec::new())
        }
        Err(ChildError::NumberTaken(child)) => {
            errors.add("upn", format!("That number belongs to {} on the register already", child.reference));
            again(&visit, errors, vec![*child])
        }
        Err(ChildError::LikeOthers(children)) => {
            errors.add("like", "A child with this name and date of birth is on the register already");
            again(&visit, errors, children)
        }
        Err(ChildError::Changed) => Err(WebError::NotFound),
        Err(ChildError::Store(error)) => Err(error.into()),
    }
}

/// What was typed of a child.
pub(super) fn details(reading: &Reading<'_>, born_on: Option<crate::calendar::Date>) -> ChildDetails {
    ChildDetails {
        given_name: reading.text("given_name"),
        family_name: reading.text("family_name"),
        preferred_name: Some(reading.text("preferred_name")),
        born_on,
        upn: Some(reading.text("upn")),
        nhs_number: Some(reading.text("nhs_number")),
        address: reading.text("address"),
        postcode: reading.text("postcode"),
        setting_name: reading.text("setting_name"),
        setting_kind: reading.text("setting_kind"),
    }
}

fn again(visit: &Visit, errors: Errors, like: Vec<crate::children::Child>) -> Result<Reply, WebError> {
    let form: &Form = &visit.form;
    let fields = fields(&ChildDetails::default()).into_iter().map(|field| field.typed(form, &errors)).collect();
    let today = visit.today();
    let like = like.iter().map(|child| Row {
        href: format!("{PATH}/{}", child.id),
        name: child.name(),
        reference: child.reference.clone(),
        born: child.details.born_on.map(short_date).unwrap_or_default(),
        year: child.year_group_on(today),
        setting: child.details.setting_name.clone(),
    });
    visit.page_again(&NewChildPage { fields, like: like.collect(), errors })
}
