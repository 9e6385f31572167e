//! The progress of one of the person's own children.

use crate::access::{self, Action};
use crate::audit;
use crate::ids::InvolvementId;
use crate::web::error::WebError;
use crate::web::progress::ProgressPage;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let me = visit.signed()?;
    let id = InvolvementId::from(visit.part(0));
    let held = visit.app.involvements.find(&id).await.map_err(WebError::from)?.ok_or(WebError::NotFound)?;
    let relation = visit.app.sharing.relation(&me.account.id, &held.child).await?;
    if !access::may_about_child(&me.account.roles, Action::FollowChildren, relation) {
        return Err(WebError::NotFound);
    }
    let child = visit.app.children.find(&held.child).await?.ok_or(WebError::NotFound)?;
    let about = |entry: audit::Entry| entry.about_child(child.id.clone()).about_involvement(held.id.clone());
    visit.note_entry(me, audit::Action::ProgressViewed, about).await?;
    let progress = visit.app.involvements.engine(&held).progress(&held.involvement, visit.today());
    visit.page(&ProgressPage::of(&child, &held, progress, visit.today(), None))
}
