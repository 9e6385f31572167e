//! Opens an involvement for a child.

use serde::Serialize;

use super::child::found;
use crate::calendar::Date;
use crate::children::Child;
use crate::engine::Opening;
use crate::involvements::{Open, Origin, Trouble};
use crate::timeline::{Definition, Value};
use crate::web::error::WebError;
use crate::web::fields::{Field, fact_field};
use crate::web::form::{Errors, Reading};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

#[derive(Debug, Clone, Serialize)]
pub struct OpenPage {
    child: String,
    back: String,
    action: String,
    fields: Vec<Field>,
    errors: Errors,
    key: String,
    /// The involvement that is open already.
    already: Option<String>,
}

impl Page for OpenPage {
    const TEMPLATE: &'static str = "office/open";

    fn heading(&self) -> String {
        "Open an involvement".into()
    }

    fn section(&self) -> &'static str {
        "/office/children"
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> OpenPage {
        let mut errors = Errors::default();
        errors.add("on", "Enter the date the request was received");
        OpenPage {
            child: "Ada Okafor".into(),
            back: "/office/children/X".into(),
            action: "/office/children/X/open".into(),
            fields: vec![Field::date("on", "Date the request was received", None)],
            errors,
            key: "KEY".into(),
            already: Some("/office/involvements/X".into()),
        }
    }
}

/// The fact that says who asked, where a timeline has it.
const REQUESTED_BY: &str = "requested-by";

fn blank(timelines: &[Definition], today: Date) -> Vec<Field> {
    let options: Vec<_> =
        timelines.iter().map(|definition| (definition.id.clone(), definition.title.clone())).collect();
    let first = options.first().map(|(id, _)| id.clone()).unwrap_or_default();
    let mut fields = vec![
        Field::radios("timeline", "Which process", &options, &first),
        Field::date("on", "Date the request was received", Some(today))
            .hint("The day the authority received it or became responsible, whichever was first. It may lie in the past: every limit counts from it"),
    ];
    let asked_by = timelines.iter().flat_map(|definition| &definition.facts).find(|fact| fact.id == REQUESTED_BY);
    fields.extend(asked_by.map(|fact| Field::of_fact(fact, None)));
    fields
}

async fn timelines(visit: &Visit) -> Result<Vec<Definition>, WebError> {
    let today = visit.today();
    Ok(visit
        .app
        .involvements
        .in_force(today)
        .await
        .map_err(WebError::from)?
        .iter()
        .map(|compiled| compiled.definition.clone())
        .collect())
}

fn page(visit: &Visit, child: &Child, fields: Vec<Field>, errors: Errors) -> OpenPage {
    let held = visit.form.get("key");
    OpenPage {
        child: child.name(),
        back: format!("/office/children/{}", child.id),
        action: visit.path.clone(),
        fields,
        errors,
        key: if held.is_empty() { crate::ids::random_text(26) } else { held.to_owned() },
        already: None,
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let child = found(&visit).await?;
    let fields = blank(&timelines(&visit).await?, visit.today());
    visit.page(&page(&visit, &child, fields, Errors::default()))
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let child = found(&visit).await?;
    let all = timelines(&visit).await?;
    let mut reading = Reading::of(&visit.form);
    let timeline = reading.needed("timeline", "Choose which process");
    let on = reading.needed_date("on", "The date the request was received");
    let requested_by = reading.text(&fact_field(REQUESTED_BY));
    let mut errors = reading.errors;
    let again = |errors: Errors| {
        let fields = blank(&all, visit.today()).into_iter().map(|field| field.typed(&visit.form, &errors)).collect();
        page(&visit, &child, fields, errors)
    };
    let (Some(on), true) = (on, errors.is_empty()) else { return visit.page_again(&again(errors)) };
    let asked = visit.asked()?;
    let facts = match requested_by.is_empty() {
        true => Vec::new(),
        false => vec![(REQUESTED_BY.to_owned(), Value::Choice(requested_by))],
    };
    let open = Open {
        child: child.id.clone(),
        timeline: timeline.clone(),
        opening: Opening {
            on,
            born_on: child.details.born_on,
            owner: asked.by.account().cloned(),
            facts,
            linked: None,
        },
        asked,
        key: Some(visit.form.get("key").to_owned()).filter(|key| !key.is_empty() && key.len() <= 64),
        origin: Origin { request: Some(visit.request_id.clone()), ..Origin::new(visit.route) },
    };
    match visit.app.involvements.open(open).await {
        Ok(outcome) => {
            visit.see_with(format!("/office/involvements/{}", outcome.involvement), "The involvement is open.").await
        }
        Err(Trouble::Refused(refusal)) => {
            errors.add("on", refusal.to_string());
            visit.page_again(&again(errors))
        }
        Err(Trouble::AlreadyOpen) => {
            errors.add("timeline", Trouble::AlreadyOpen.to_string());
            let mut page = again(errors);
            let held = visit.app.involvements.of_child(&child.id).await.map_err(WebError::from)?;
            let open = held
                .iter()
                .find(|held| held.involvement.ended_on.is_none() && held.definition.definition.id == timeline);
            page.already = open.map(|held| format!("/office/involvements/{}", held.id));
            visit.page_again(&page)
        }
        Err(trouble @ Trouble::NotInForce { .. }) => {
            errors.add("on", trouble.to_string());
            visit.page_again(&again(errors))
        }
        Err(other) => Err(other.into()),
    }
}
