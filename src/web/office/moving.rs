//! How far a move to another version has come.

use serde::Serialize;

use super::move_versions::RefusedRow;
use super::names::StaffNames;
use crate::clock::Instant;
use crate::web::error::WebError;
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

#[derive(Debug, Clone, Serialize)]
pub struct MovingPage {
    title: String,
    from: u32,
    to: u32,
    back: String,
    here: String,
    reason: String,
    begun: String,
    by: String,
    finished: Option<String>,
    live: u32,
    moved: u32,
    refused: u32,
    done: u32,
    refusals: Vec<RefusedRow>,
    refused_more: u32,
}

impl Page for MovingPage {
    const TEMPLATE: &'static str = "office/moving";

    fn heading(&self) -> String {
        let doing = if self.finished.is_some() { "Moved" } else { "Moving" };
        format!("{doing} involvements from version {} to version {}", self.from, self.to)
    }

    fn section(&self) -> &'static str {
        "/office/timelines"
    }

    fn sample() -> MovingPage {
        MovingPage {
            title: "EHC needs assessment".into(),
            from: 2,
            to: 3,
            back: "/office/timelines/x".into(),
            here: "/office/moves/X".into(),
            reason: "The amending regulations".into(),
            begun: "2 March 2026, 9:00am".into(),
            by: "Miriam Adeyemi".into(),
            finished: None,
            live: 5,
            moved: 3,
            refused: 1,
            done: 4,
            refusals: vec![RefusedRow::sample()],
            refused_more: 0,
        }
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let found = visit.app.involvements.moved(visit.part(0)).await.map_err(WebError::from)?;
    let (moving, moved) = found.ok_or(WebError::NotFound)?;
    let names = StaffNames::read(&visit).await?;
    let (from, to) = (&moving.from.definition, &moving.to.definition);
    visit.page(&MovingPage {
        title: to.title.clone(),
        from: from.version,
        to: to.version,
        back: format!("/office/timelines/{}?version={}", to.id, to.version),
        here: visit.path.clone(),
        reason: moving.reason.clone(),
        begun: moved.begun_at.london_text(),
        by: if moved.by.is_person() { names.of(moved.by.account()) } else { "A command on the server".into() },
        finished: moved.finished_at.map(Instant::london_text),
        live: moved.live,
        moved: moved.moved,
        refused: moved.refused,
        done: moved.moved + moved.refused,
        refused_more: moved.refused - moved.refusals.len() as u32,
        refusals: moved.refusals.iter().map(RefusedRow::of).collect(),
    })
}
