//! When settings are closed: the list, one more by hand, one fewer.

use serde::Serialize;

use crate::calendar::{Closure, days_between, written_date};
use crate::closures::{CLOSURES_A_PAGE, Recorded, checked};
use crate::web::error::WebError;
use crate::web::fields::Field;
use crate::web::form::{Errors, Reading};
use crate::web::paging::{Paging, page_of};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

const PATH: &str = "/office/closures";

#[derive(Debug, Clone, Serialize)]
pub struct ClosuresPage {
    total: i64,
    search: String,
    rows: Vec<Row>,
    may_change: bool,
    paging: Paging,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    setting: String,
    from: String,
    reopens_on: String,
    lasts: String,
    /// Long enough to excuse a limit.
    excuses: bool,
    remove_href: String,
}

impl Row {
    fn of(recorded: &Recorded) -> Row {
        let Closure { setting, from, reopens_on } = &recorded.closure;
        let days = days_between(*from, *reopens_on);
        Row {
            setting: setting.clone(),
            from: written_date(*from),
            reopens_on: written_date(*reopens_on),
            lasts: if days == 1 { "1 day".into() } else { format!("{days} days") },
            excuses: recorded.closure.is_four_weeks_or_more(),
            remove_href: format!("{PATH}/{}/remove", recorded.id),
        }
    }

    fn sample() -> Row {
        Row {
            setting: "Alder Primary".into(),
            from: "Saturday 18 July 2026".into(),
            reopens_on: "Wednesday 2 September 2026".into(),
            lasts: "46 days".into(),
            excuses: true,
            remove_href: format!("{PATH}/X/remove"),
        }
    }
}

impl Page for ClosuresPage {
    const TEMPLATE: &'static str = "office/closures";

    fn heading(&self) -> String {
        "When settings are closed".into()
    }

    fn section(&self) -> &'static str {
        PATH
    }

    fn sample() -> ClosuresPage {
        let search = "Alder".into();
        ClosuresPage { total: 1, search, rows: vec![Row::sample()], may_change: true, paging: Paging::default() }
    }
}

pub(in crate::web) async fn list(visit: Visit) -> Result<Reply, WebError> {
    let search = visit.query.get("q").trim().to_owned();
    let asked_page = page_of(&visit.query);
    let (total, recorded) = visit.app.closures.page(&search, visit.today(), asked_page).await?;
    visit.page(&ClosuresPage {
        total,
        rows: recorded.iter().map(Row::of).collect(),
        may_change: visit.may(crate::access::Action::MoveCases),
        paging: Paging::of(PATH, &visit.query, asked_page, total, CLOSURES_A_PAGE),
        search,
    })
}

#[derive(Debug, Clone, Serialize)]
pub struct NewClosurePage {
    fields: Vec<Field>,
    errors: Errors,
}

impl Page for NewClosurePage {
    const TEMPLATE: &'static str = "office/new_closure";

    fn heading(&self) -> String {
        "Add a closure".into()
    }

    fn section(&self) -> &'static str {
        PATH
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> NewClosurePage {
        let mut errors = Errors::default();
        errors.add("setting", "Enter the name of the setting");
        NewClosurePage { fields: blank(), errors }
    }
}

fn blank() -> Vec<Field> {
    vec![
        Field::text("setting", "School, nursery or college", "").hint("As it is written on the register"),
        Field::date("from", "First day it is closed", None).hint("For a holiday, the day after the last day of term"),
        Field::date("reopens_on", "Day it opens again", None).hint("For a holiday, the first day of term"),
    ]
}

pub(in crate::web) async fn new(visit: Visit) -> Result<Reply, WebError> {
    visit.page(&NewClosurePage { fields: blank(), errors: Errors::default() })
}

pub(in crate::web) async fn add(visit: Visit) -> Result<Reply, WebError> {
    let mut reading = Reading::of(&visit.form);
    let setting = reading.needed("setting", "Enter the name of the setting");
    let from = reading.needed_date("from", "The first day it is closed");
    let reopens_on = reading.needed_date("reopens_on", "The day it opens again");
    let mut errors = reading.errors;
    if let (Some(from), Some(reopens_on), true) = (from, reopens_on, errors.is_empty()) {
        match checked(Closure { setting, from, reopens_on }) {
            Ok(closure) => {
                let new = visit.app.closures.record(std::slice::from_ref(&closure), &visit.asked()?.by).await?;
                let said = if new == 1 { "The closure is recorded." } else { "That closure was recorded already." };
                return visit.see_with(PATH, said).await;
            }
            Err(fault) => errors.add(fault.field(), fault.to_string()),
        }
    }
    let fields = blank().into_iter().map(|field| field.typed(&visit.form, &errors)).collect();
    visit.page_again(&NewClosurePage { fields, errors })
}

#[derive(Debug, Clone, Serialize)]
pub struct RemoveClosurePage {
    closure: Row,
    action: String,
}

impl Page for RemoveClosurePage {
    const TEMPLATE: &'static str = "office/remove_closure";

    fn heading(&self) -> String {
        "Remove this closure?".into()
    }

    fn section(&self) -> &'static str {
        PATH
    }

    fn sample() -> RemoveClosurePage {
        RemoveClosurePage { closure: Row::sample(), action: format!("{PATH}/X/remove") }
    }
}

pub(in crate::web) async fn ask_to_remove(visit: Visit) -> Result<Reply, WebError> {
    let recorded = visit.app.closures.find(visit.part(0)).await?.ok_or(WebError::NotFound)?;
    visit.page(&RemoveClosurePage { closure: Row::of(&recorded), action: visit.path.clone() })
}

pub(in crate::web) async fn remove(visit: Visit) -> Result<Reply, WebError> {
    if !visit.app.closures.remove(visit.part(0), &visit.asked()?.by).await? {
        return Err(WebError::NotFound);
    }
    visit.see_with(PATH, "The closure is removed.").await
}
