//! Everything that is done with an involvement, each on a page of its own: fire a transition, record facts, ask for and
//! receive advice, claim an exemption, correct, note, assign.

use serde::Serialize;

use super::act_command;
use super::act_form::{Around, Blank, Doing, EventAtHand, blank};
use super::involvement::{EventRow, event_row, found};
use super::names::StaffNames;
use crate::calendar::{Closure, Date};
use crate::children::Child;
use crate::engine::{Refusal, Seq, Standing};
use crate::involvements::{Held, Origin, Step, Trouble};
use crate::web::error::WebError;
use crate::web::fields::Field;
use crate::web::form::{Errors, Form};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

/// A closure that is over can still excuse what was asked before it.
const CLOSURES_LOOKED_BACK: chrono::Days = chrono::Days::new(365);

#[derive(Debug, Clone, Serialize)]
pub struct ActPage {
    heading: String,
    caption: String,
    child: String,
    back: String,
    action: String,
    intro: Vec<String>,
    warning: Option<String>,
    button: String,
    fields: Vec<Field>,
    errors: Errors,
    /// The last event the person has seen: sent back with the form.
    version: Seq,
    /// The key that makes sending twice the same as sending once.
    key: String,
    /// What somebody else did in the meantime.
    changed: Vec<EventRow>,
}

impl Page for ActPage {
    const TEMPLATE: &'static str = "office/act";

    fn heading(&self) -> String {
        self.heading.clone()
    }

    fn section(&self) -> &'static str {
        "/office"
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> ActPage {
        let mut errors = Errors::default();
        errors.add("on", "The date must be a real date");
        let date = Field {
            error: Some("The date must be a real date".into()),
            ..Field::date("on", "Date", None).hint("Hint")
        };
        let options = [("yes".to_owned(), "Yes".to_owned()), ("no".to_owned(), "No".to_owned())];
        ActPage {
            heading: "Record that the request was withdrawn".into(),
            caption: "Psychological advice".into(),
            child: "Ada Okafor".into(),
            back: "/office/involvements/X".into(),
            action: "/office/involvements/X/do/fire/withdraw-request".into(),
            intro: vec!["Sends a notice.".into()],
            warning: Some("This ends the involvement.".into()),
            button: "Confirm".into(),
            fields: vec![
                date,
                Field::text("of", "Whom", "").hint("A name"),
                Field::textarea("reason", "Why", "").hint("In a sentence"),
                Field::radios("yes", "Yes?", &options, "yes"),
                Field::select("which", "Which?", &options, "no"),
            ],
            errors,
            version: 3,
            key: "KEY".into(),
            changed: Vec::new(),
        }
    }
}

/// What everything on these pages needs.
struct Scene {
    held: Held,
    child: Child,
    doing: Doing,
    staff: Vec<crate::accounts::Account>,
    today: Date,
    event: Option<EventAtHand>,
    closures: Vec<Closure>,
}

impl Scene {
    async fn set(visit: &Visit) -> Result<Scene, WebError> {
        let (held, child) = found(visit).await?;
        let doing = Doing { verb: visit.part(1).to_owned(), object: visit.part(2).to_owned() };
        let event = match doing.verb.as_str() {
            "correct" | "void" => {
                let seq: Seq = doing.object.parse().map_err(|_| WebError::NotFound)?;
                Some(EventAtHand::find(visit, &held, seq).await?)
            }
            _ => None,
        };
        let staff = if doing.verb == "assign" { visit.app.accounts.staff().await? } else { Vec::new() };
        let today = visit.today();
        let closures = match doing.verb.as_str() {
            "fire" | "ask" | "exempt" => {
                let since = today.checked_sub_days(CLOSURES_LOOKED_BACK).unwrap_or(today);
                visit.app.closures.of_setting(&child.details.setting_name, since).await?
            }
            _ => Vec::new(),
        };
        Ok(Scene { held, child, doing, staff, today, event, closures })
    }

    fn blank(&self, visit: &Visit) -> Result<Blank, WebError> {
        let engine = visit.app.involvements.engine(&self.held);
        let around = Around {
            engine,
            held: &self.held,
            staff: &self.staff,
            today: self.today,
            event: self.event.as_ref(),
            closures: &self.closures,
        };
        blank(&self.doing, &around).ok_or(WebError::NotFound)
    }

    fn path(&self) -> String {
        format!("/office/involvements/{}", self.held.id)
    }

    fn page(&self, blank: Blank, action: &str) -> ActPage {
        ActPage {
            heading: blank.heading,
            caption: blank.caption,
            child: self.child.name(),
            back: self.path(),
            action: action.to_owned(),
            intro: blank.intro,
            warning: blank.warning,
            button: blank.button,
            fields: blank.fields,
            errors: Errors::default(),
            version: self.held.involvement.version,
            key: crate::ids::random_text(26),
            changed: Vec::new(),
        }
    }

    fn page_again(&self, blank: Blank, form: &Form, errors: Errors, action: &str) -> ActPage {
        let mut page = self.page(blank, action);
        page.fields = page.fields.into_iter().map(|field| field.typed(form, &errors)).collect();
        page.errors = errors;
        if !form.get("key").is_empty() {
            page.key = form.get("key").to_owned();
        }
        page
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let scene = Scene::set(&visit).await?;
    let mut page = scene.page(scene.blank(&visit)?, &visit.path);
    // What the engine would refuse whatever is typed is said before anybody types.
    if let Some(refusal) = would_refuse(&visit, &scene)? {
        page.errors.add("main-content", refusal.to_string());
    }
    visit.page(&page)
}

fn would_refuse(visit: &Visit, scene: &Scene) -> Result<Option<Refusal>, WebError> {
    if scene.doing.verb != "fire" {
        return Ok(None);
    }
    let engine = visit.app.involvements.engine(&scene.held);
    let ix = engine.definition.transition(&scene.doing.object).ok_or(WebError::NotFound)?;
    Ok(engine.may_fire(&scene.held.involvement, ix, visit.signed()?.staff_role(), scene.today).err())
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let scene = Scene::set(&visit).await?;
    let blank = scene.blank(&visit)?;
    let engine = visit.app.involvements.engine(&scene.held);
    let command = match act_command::read(&scene.doing, &visit.form, engine) {
        Ok(command) => command.ok_or(WebError::NotFound)?,
        Err(errors) => return visit.page_again(&scene.page_again(blank, &visit.form, errors, &visit.path)),
    };
    let done = blank.heading.clone();
    let step = Step {
        involvement: scene.held.id.clone(),
        command,
        asked: visit.asked()?,
        seen: visit.form.get("version").parse().ok(),
        key: Some(visit.form.get("key").to_owned()).filter(|key| !key.is_empty() && key.len() <= 64),
        origin: Origin { request: Some(visit.request_id.clone()), ..Origin::new(visit.route) },
    };
    match visit.app.involvements.take(step).await {
        Ok(_) => visit.see_with(scene.path(), &format!("Saved: {done}.")).await,
        Err(Trouble::Changed { seen, .. }) => changed(&visit, seen).await,
        Err(Trouble::Refused(refusal)) => {
            let mut errors = Errors::default();
            let named = refusal.field().filter(|field| blank.fields.iter().any(|held| held.id == *field));
            errors.add(named.unwrap_or("main-content"), refusal.to_string());
            visit.page_again(&scene.page_again(blank, &visit.form, errors, &visit.path))
        }
        Err(other) => Err(other.into()),
    }
}

/// Somebody else was quicker: shows what they did, with the form as it was typed, ready to be sent again.
async fn changed(visit: &Visit, seen: Seq) -> Result<Reply, WebError> {
    let scene = Scene::set(visit).await?;
    let names = StaffNames::read(visit).await?;
    let engine = visit.app.involvements.engine(&scene.held);
    let since = visit.app.involvements.log_after(&scene.held.id, seen).await?;
    let mut errors = Errors::default();
    errors.add("changed", "This involvement changed while you were typing. Look at what is new, then send the form again if it still fits");
    let mut page = scene.page_again(scene.blank(visit)?, &visit.form, errors, &visit.path);
    let rows = since.iter().zip(seen + 1..);
    let rows =
        rows.map(|(event, seq)| event_row(engine, event, Standing::Stands { on: event.occurred_on }, seq, &names));
    page.changed = rows.collect();
    visit.page_with(409, &page)
}
