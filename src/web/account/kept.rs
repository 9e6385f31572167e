//! A form that was kept while its person proved who they are: shown again, and sent when they say so.

use serde::Serialize;

use crate::accounts::KeptForm;
use crate::web::error::WebError;
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

#[derive(Debug, Clone, Serialize)]
pub struct KeptPage {
    id: String,
    path: String,
    shown: Vec<Line>,
    fields: Vec<(String, String)>,
}

#[derive(Debug, Clone, Serialize)]
struct Line {
    label: String,
    value: String,
}

impl KeptPage {
    fn of(kept: KeptForm) -> KeptPage {
        // What the page itself put into the form says nothing to the person.
        let ours = |name: &str| matches!(name, "key" | "version" | "seen" | "next" | "kept");
        let shown = kept.fields.iter().filter(|(name, value)| !ours(name) && !value.trim().is_empty());
        let shown = shown.map(|(name, value)| Line { label: label(name), value: value.clone() }).collect();
        KeptPage { id: kept.id, path: kept.path, shown, fields: kept.fields }
    }
}

/// The name of a field, as words.
fn label(name: &str) -> String {
    let words = name.trim_start_matches("fact-").replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Page for KeptPage {
    const TEMPLATE: &'static str = "account/kept";

    fn heading(&self) -> String {
        "Send what you were sending?".into()
    }

    fn sample() -> KeptPage {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        KeptPage::of(KeptForm {
            id: "X".into(),
            path: "/office/involvements/X/do/note".into(),
            fields: vec![field("text", "A long text that somebody would be sorry to lose"), field("version", "3")],
        })
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let signed = visit.signed()?;
    let kept = visit.app.accounts.kept_form(&signed.session, visit.part(0)).await?.ok_or(WebError::NotFound)?;
    visit.page(&KeptPage::of(kept))
}

pub(in crate::web) async fn forget(visit: Visit) -> Result<Reply, WebError> {
    let signed = visit.signed()?;
    let accounts = &visit.app.accounts;
    let kept = accounts.kept_form(&signed.session, visit.part(0)).await?.ok_or(WebError::NotFound)?;
    accounts.forget_form(&signed.session, &kept.id).await?;
    visit.see_with("/account", "What you had typed is thrown away.").await
}
