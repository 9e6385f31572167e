//! What a load balancer asks.

use super::error::WebError;
use super::reply::Reply;
use super::visit::Visit;

/// The process answers.
pub(super) async fn alive(_: Visit) -> Result<Reply, WebError> {
    Ok(Reply::Text { status: 200, text: "alive\n".into() })
}

/// The database answers and there is a timeline to run.
pub(super) async fn ready(visit: Visit) -> Result<Reply, WebError> {
    let app = &visit.app;
    let database = app.db.read(async |c| c.fetch_optional("select 1 as one", crate::params![]).await).await.is_ok();
    let timelines = app.involvements.published().await.map_or(0, |published| published.len());
    let ready = database && timelines > 0;
    let json = serde_json::json!({ "ready": ready, "database": database, "timelines": timelines });
    Ok(Reply::Json { status: if ready { 200 } else { 503 }, json: format!("{json}\n") })
}
