//! Style sheets and scripts, embedded by the build.

use rust_embed::RustEmbed;

use super::error::WebError;
use super::reply::Reply;
use super::visit::Visit;
use crate::ids::hexadecimal;

#[derive(RustEmbed)]
#[folder = "assets/dist/"]
struct Assets;

pub(super) async fn file(visit: Visit) -> Result<Reply, WebError> {
    let name = visit.part(0);
    let file = Assets::get(name).ok_or(WebError::NotFound)?;
    let media_type = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let etag = hexadecimal(&file.metadata.sha256_hash()[..16]);
    Ok(Reply::Asset { media_type, etag: format!("\"{etag}\""), bytes: file.data })
}
