//! A child: details, involvements, and who can see them.

use serde::Serialize;

use super::child_line::{Line, line};
use crate::access::Action::MoveCases;
use crate::audit::Action;
use crate::calendar::{short_date, written_date};
use crate::children::Child;
use crate::ids::ChildId;
use crate::involvements::Held;
use crate::web::error::WebError;
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

#[derive(Debug, Clone, Serialize)]
pub struct ChildPage {
    name: String,
    details: Vec<(String, String)>,
    line: Option<Line>,
    involvements: Vec<InvolvementRow>,
    edit_href: Option<String>,
    open_href: String,
    shared_with: Vec<SharedRow>,
}

#[derive(Debug, Clone, Serialize)]
struct InvolvementRow {
    href: String,
    title: String,
    state: String,
    started: String,
    ended: Option<String>,
    due: Option<String>,
    came_from: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct SharedRow {
    name: String,
    relationship: String,
    since: String,
}

impl Page for ChildPage {
    const TEMPLATE: &'static str = "office/child";

    fn heading(&self) -> String {
        self.name.clone()
    }

    fn section(&self) -> &'static str {
        "/office/children"
    }

    fn sample() -> ChildPage {
        ChildPage {
            name: "Ada Okafor".into(),
            details: vec![("Reference".into(), "7Q4K-92MD".into())],
            line: None,
            involvements: vec![InvolvementRow {
                href: "/office/involvements/X".into(),
                title: "EHC needs assessment".into(),
                state: "Gathering advice".into(),
                started: "2 Mar 2026".into(),
                ended: Some("20 Jul 2026".into()),
                due: Some("13 Apr 2026".into()),
                came_from: Some("Appeal".into()),
            }],
            edit_href: Some("/office/children/X/edit".into()),
            open_href: "/office/children/X/open".into(),
            shared_with: vec![SharedRow {
                name: "Grace Okafor".into(),
                relationship: "mother".into(),
                since: "3 March 2026".into(),
            }],
        }
    }
}

/// The child of the address, or not found.
pub(super) async fn found(visit: &Visit) -> Result<Child, WebError> {
    visit.app.children.find(&ChildId::from(visit.part(0))).await?.ok_or(WebError::NotFound)
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let me = visit.signed()?;
    let child = found(&visit).await?;
    visit.note_entry(me, Action::ChildViewed, |entry| entry.about_child(child.id.clone())).await?;
    let all = visit.app.involvements.of_child(&child.id).await.map_err(WebError::from)?;
    let involvements = all.iter().map(|held| involvement_row(&visit, held, &all)).collect();
    let oldest_first: Vec<&Held> = all.iter().rev().collect();
    let shared = visit.app.sharing.of_child(&child.id).await?;
    let page = ChildPage {
        name: child.name(),
        details: details(&child, visit.today()),
        line: line(&oldest_first, |held| visit.app.involvements.engine(held), visit.today()),
        involvements,
        edit_href: visit.may(MoveCases).then(|| format!("/office/children/{}/edit", child.id)),
        open_href: format!("/office/children/{}/open", child.id),
        shared_with: shared
            .into_iter()
            .map(|shared| SharedRow {
                name: shared.display_name,
                relationship: shared.relationship,
                since: written_date(shared.given_at.london_date()),
            })
            .collect(),
    };
    visit.page(&page)
}

fn involvement_row(visit: &Visit, held: &Held, all: &[Held]) -> InvolvementRow {
    let engine = visit.app.involvements.engine(held);
    let open = held.involvement.ended_on.is_none();
    let origin = held.involvement.linked.as_ref().map(|linked| &linked.involvement);
    let origin = origin.and_then(|origin| all.iter().find(|other| other.id == *origin));
    InvolvementRow {
        href: format!("/office/involvements/{}", held.id),
        title: held.definition.definition.title.clone(),
        state: engine.state_definition(held.involvement.state).label.clone(),
        started: short_date(held.involvement.started_on),
        ended: held.involvement.ended_on.map(short_date),
        due: engine.tray_line(&held.involvement).next_due_on.filter(|_| open).map(short_date),
        came_from: origin.map(|origin| origin.definition.definition.title.clone()),
    }
}

fn details(child: &Child, today: crate::calendar::Date) -> Vec<(String, String)> {
    let held = &child.details;
    let all = [
        ("Reference", child.reference.clone()),
        ("Date of birth", held.born_on.map(written_date).unwrap_or_default()),
        ("Year group", child.year_group_on(today)),
        ("Likes to be called", held.preferred_name.clone().unwrap_or_default()),
        ("UPN", held.upn.clone().unwrap_or_default()),
        ("NHS number", held.nhs_number.clone().unwrap_or_default()),
        ("Address", held.address.clone()),
        ("Postcode", held.postcode.clone()),
        ("Setting", held.setting_name.clone()),
        ("Kind of setting", held.setting_kind.clone()),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| (label.to_owned(), value)).collect()
}
