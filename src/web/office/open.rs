//! Opens an involvement for a child: which process, then that process's own form.

use std::sync::Arc;

use serde::Serialize;

use super::child::found;
use crate::children::Child;
use crate::engine::{LinkedFrom, Opening};
use crate::ids::InvolvementId;
use crate::involvements::{Held, Open, Origin, Trouble, carried, linked_from};
use crate::timeline::{Compiled, Definition, Fact, Link, Value, lower_first};
use crate::web::error::WebError;
use crate::web::fields::{Field, fact_field, read_facts};
use crate::web::form::{Errors, Reading};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

/// The fact that says who asked, which is offered with the opening where a timeline begins with a request.
const REQUESTED_BY: &str = "requested-by";

fn begins_with_a_request(definition: &Definition) -> bool {
    definition.started_as == "request_received"
}

#[derive(Debug, Clone, Serialize)]
pub struct OpenPage {
    child: String,
    back: String,
    action: String,
    /// The process that was chosen; none while one is being chosen.
    timeline: Option<Chosen>,
    /// What it is opened from, in words.
    from: Option<String>,
    /// The involvement it is opened from, as the form sends it back.
    from_id: String,
    fields: Vec<Field>,
    errors: Errors,
    key: String,
    /// The involvement that is open already.
    already: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Chosen {
    id: String,
    title: String,
    law: String,
}

impl Page for OpenPage {
    const TEMPLATE: &'static str = "office/open";

    fn heading(&self) -> String {
        self.timeline.as_ref().map_or("Open an involvement".into(), |chosen| chosen.title.clone())
    }

    fn section(&self) -> &'static str {
        "/office/children"
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> OpenPage {
        let mut errors = Errors::default();
        errors.add("on", "Enter the date: request received");
        OpenPage {
            child: "Ada Okafor".into(),
            back: "/office/children/X".into(),
            action: "/office/children/X/open".into(),
            timeline: Some(Chosen {
                id: "ehc-needs-assessment".into(),
                title: "EHC needs assessment".into(),
                law: "Children and Families Act 2014 s.36 to 38".into(),
            }),
            from: Some("EHC needs assessment, opened on 2 Mar 2026".into()),
            from_id: "X".into(),
            fields: vec![Field::date("on", "Date: request received", None)],
            errors,
            key: "KEY".into(),
            already: Some("/office/involvements/X".into()),
        }
    }
}

/// What the page is about: the child, what can be opened, and from where.
struct Scene {
    child: Child,
    /// In order of title.
    open: Vec<Arc<Compiled>>,
    /// The involvement it is opened from, with the link of its timeline that leads here.
    from: Option<(Held, Link)>,
}

impl Scene {
    async fn set(visit: &Visit, timeline: &str, from: &str) -> Result<Scene, WebError> {
        let child = found(visit).await?;
        let mut open = visit.app.involvements.in_force(visit.today()).await?;
        open.sort_by(|a, b| a.definition.title.cmp(&b.definition.title));
        let from = match from {
            "" => None,
            id => Some(origin(visit, &child, timeline, id).await?.ok_or(WebError::NotFound)?),
        };
        Ok(Scene { child, open, from })
    }

    fn definition(&self, timeline: &str) -> Option<&Definition> {
        self.open.iter().map(|compiled| &compiled.definition).find(|definition| definition.id == timeline)
    }

    /// Which process.
    fn choice(&self) -> Vec<Field> {
        let options: Vec<_> = self
            .open
            .iter()
            .map(|compiled| (compiled.definition.id.clone(), compiled.definition.title.clone()))
            .collect();
        vec![Field::radios("timeline", "Which process", &options, "")]
    }

    fn form(&self, visit: &Visit, definition: &Definition) -> Vec<Field> {
        let label = format!("Date: {}", lower_first(&definition.started_label));
        let on = Field::date("on", &label, Some(visit.today()))
            .hint(match begins_with_a_request(definition) {
                true => "The day the authority received it or became responsible, whichever was first. It may lie in the past: every limit counts from it",
                false => "It may lie in the past: every limit counts from it",
            });
        let goes_along = self.from.as_ref().map(|(held, link)| carried(held, &link.carry)).unwrap_or_default();
        let known = |fact: &Fact| goes_along.iter().find(|(name, _)| *name == fact.id).map(|(_, value)| value);
        let facts = asked_with_opening(definition).map(|fact| Field::of_fact(fact, known(fact)));
        std::iter::once(on).chain(facts).collect()
    }

    fn page(&self, visit: &Visit, definition: Option<&Definition>, fields: Vec<Field>, errors: Errors) -> OpenPage {
        let held = visit.form.get("key");
        let chosen = definition.map(|definition| Chosen {
            id: definition.id.clone(),
            title: definition.title.clone(),
            law: definition.law.clone(),
        });
        OpenPage {
            child: self.child.name(),
            back: match &self.from {
                Some((held, _)) => format!("/office/involvements/{}", held.id),
                None => format!("/office/children/{}", self.child.id),
            },
            action: visit.path.clone(),
            timeline: chosen,
            from: self.from.as_ref().map(|(held, _)| {
                let opened = crate::calendar::short_date(held.involvement.started_on);
                format!("{}, opened on {opened}", held.definition.definition.title)
            }),
            from_id: self.from.as_ref().map(|(held, _)| held.id.to_string()).unwrap_or_default(),
            fields,
            errors,
            key: if held.is_empty() { crate::ids::random_text(26) } else { held.to_owned() },
            already: None,
        }
    }

    fn again(&self, visit: &Visit, definition: &Definition, errors: Errors) -> OpenPage {
        let fields = self.form(visit, definition).into_iter().map(|field| field.typed(&visit.form, &errors));
        self.page(visit, Some(definition), fields.collect(), errors)
    }
}

/// The facts that the opening's form asks for: those that must be given, and who asked.
fn asked_with_opening(definition: &Definition) -> impl Iterator<Item = &Fact> {
    let who_asked = begins_with_a_request(definition).then_some(REQUESTED_BY);
    let is_asked =
        move |fact: &&Fact| Some(fact.id.as_str()) == who_asked || definition.opening_facts.contains(&fact.id);
    definition.facts.iter().filter(is_asked)
}

/// The involvement of this child that a link leads here from, if its timeline has such a link.
async fn origin(visit: &Visit, child: &Child, timeline: &str, id: &str) -> Result<Option<(Held, Link)>, WebError> {
    let held = visit.app.involvements.find(&InvolvementId::from(id)).await?;
    let Some(held) = held.filter(|held| held.child == child.id) else { return Ok(None) };
    // It may have moved on while the form was filled in: what is opened follows from it all the same.
    let link = held.definition.definition.links.iter().find(|link| link.timeline == timeline).cloned();
    Ok(link.map(|link| (held, link)))
}

/// What can be opened by hand from where an involvement is now.
pub(super) fn links_here(held: &Held) -> impl Iterator<Item = &Link> {
    let state = &held.definition.states[held.involvement.state.at()].name;
    held.definition.definition.links.iter().filter(|link| link.open_in.iter().any(|name| **name == **state))
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let timeline = visit.query.get("timeline");
    let scene = Scene::set(&visit, timeline, visit.query.get("from")).await?;
    let only = scene.open.first().map(|compiled| &compiled.definition).filter(|_| scene.open.len() == 1);
    match scene.definition(timeline).or(only) {
        Some(definition) => {
            // An address may fill in facts, as the list of phase transfers does.
            let filled = |field: Field| match visit.query.fields().any(|(name, _)| name == field.id) {
                true => field.typed(&visit.query, &Errors::default()),
                false => field,
            };
            let fields = scene.form(&visit, definition).into_iter().map(filled).collect();
            visit.page(&scene.page(&visit, Some(definition), fields, Errors::default()))
        }
        None => {
            let mut errors = Errors::default();
            if visit.query.fields().any(|(name, _)| name == "go") {
                errors.add("timeline", "Choose which process");
            }
            let fields = scene.choice().into_iter().map(|field| field.typed(&visit.query, &errors)).collect();
            visit.page(&scene.page(&visit, None, fields, errors))
        }
    }
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let timeline = visit.form.get("timeline").to_owned();
    let scene = Scene::set(&visit, &timeline, visit.form.get("from")).await?;
    let Some(definition) = scene.definition(&timeline) else {
        let mut errors = Errors::default();
        errors.add("timeline", "Choose which process");
        return visit.page_again(&scene.page(&visit, None, scene.choice(), errors));
    };
    let mut reading = Reading::of(&visit.form);
    let on = reading.needed_date("on", &format!("The date: {}", lower_first(&definition.started_label)));
    let facts = read_facts(&mut reading, &visit.form, asked_with_opening(definition));
    for fact in definition.facts.iter().filter(|fact| definition.opening_facts.contains(&fact.id)) {
        let field = fact_field(&fact.id);
        let is_there = facts.iter().any(|(name, _)| *name == fact.id) || reading.errors.by_field.contains_key(&field);
        if !is_there {
            reading.errors.add(&field, format!("Give this: {}", lower_first(&fact.label)));
        }
    }
    let mut errors = reading.errors;
    let (Some(on), true) = (on, errors.is_empty()) else {
        return visit.page_again(&scene.again(&visit, definition, errors));
    };
    let asked = visit.asked()?;
    let linked: Option<LinkedFrom> = scene.from.as_ref().map(|(held, _)| linked_from(held));
    let open = Open {
        child: scene.child.id.clone(),
        timeline: timeline.clone(),
        opening: Opening {
            on,
            born_on: scene.child.details.born_on,
            owner: asked.by.account().cloned(),
            facts: with_what_goes_along(&scene, definition, facts),
            linked,
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
            visit.page_again(&scene.again(&visit, definition, errors))
        }
        Err(Trouble::AlreadyOpen) => {
            errors.add("main-content", Trouble::AlreadyOpen.to_string());
            let mut page = scene.again(&visit, definition, errors);
            let held = visit.app.involvements.of_child(&scene.child.id).await?;
            let open = held
                .iter()
                .find(|held| held.involvement.ended_on.is_none() && held.definition.definition.id == timeline);
            page.already = open.map(|held| format!("/office/involvements/{}", held.id));
            visit.page_again(&page)
        }
        Err(trouble @ Trouble::NotInForce { .. }) => {
            errors.add("on", trouble.to_string());
            visit.page_again(&scene.again(&visit, definition, errors))
        }
        Err(other) => Err(other.into()),
    }
}

/// What was typed, and the facts of the origin that are not on the form.
fn with_what_goes_along(
    scene: &Scene,
    definition: &Definition,
    mut facts: Vec<(String, Value)>,
) -> Vec<(String, Value)> {
    let Some((held, link)) = &scene.from else { return facts };
    let on_form: Vec<&str> = asked_with_opening(definition).map(|fact| fact.id.as_str()).collect();
    facts.extend(carried(held, &link.carry).into_iter().filter(|(name, _)| !on_form.contains(&name.as_str())));
    facts
}
