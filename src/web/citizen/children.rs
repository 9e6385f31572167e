//! The children whose progress this person can follow.

use serde::Serialize;

use crate::calendar::short_date;
use crate::web::error::WebError;
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

#[derive(Debug, Clone, Serialize)]
pub struct ChildrenPage {
    children: Vec<ChildRow>,
}

#[derive(Debug, Clone, Serialize)]
struct ChildRow {
    name: String,
    involvements: Vec<InvolvementRow>,
}

#[derive(Debug, Clone, Serialize)]
struct InvolvementRow {
    href: String,
    title: String,
    now: String,
    since: String,
}

impl Page for ChildrenPage {
    const TEMPLATE: &'static str = "citizen/children";

    fn heading(&self) -> String {
        "Your children".into()
    }

    fn section(&self) -> &'static str {
        "/citizen"
    }

    fn sample() -> ChildrenPage {
        let row = InvolvementRow {
            href: "/citizen/involvements/X".into(),
            title: "EHC needs assessment".into(),
            now: "We are deciding whether to assess.".into(),
            since: "2 Mar 2026".into(),
        };
        ChildrenPage { children: vec![ChildRow { name: "Ada".into(), involvements: vec![row] }] }
    }
}

pub(in crate::web) async fn list(visit: Visit) -> Result<Reply, WebError> {
    let me = visit.signed()?;
    let ids = visit.app.sharing.children_of(&me.account.id).await?;
    let children = visit.app.children.find_many(&ids).await?;
    let held = visit.app.involvements.of_children(&ids).await?;
    let mut rows = Vec::new();
    for id in &ids {
        let Some(child) = children.iter().find(|child| child.id == *id) else { continue };
        let involvements = held.iter().filter(|held| held.child == *id).map(|held| {
            let engine = visit.app.involvements.engine(held);
            let progress = engine.progress(&held.involvement, visit.today());
            InvolvementRow {
                href: format!("/citizen/involvements/{}", held.id),
                title: held.definition.definition.title.clone(),
                now: progress.now,
                since: short_date(held.involvement.started_on),
            }
        });
        rows.push(ChildRow { name: child.first_name().to_owned(), involvements: involvements.collect() });
    }
    visit.page(&ChildrenPage { children: rows })
}
