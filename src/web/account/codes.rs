//! Recovery codes, shown once.

use serde::Serialize;

use crate::web::error::WebError;
use crate::web::form::Errors;
use crate::web::next::local_path;
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::{Visit, home_of};

#[derive(Debug, Clone, Serialize)]
pub struct CodesPage {
    /// Empty when the page is shown again: they are shown once.
    codes: Vec<String>,
    next: String,
    errors: Errors,
}

impl CodesPage {
    pub(super) fn new(codes: Vec<String>, next: String) -> CodesPage {
        CodesPage { codes, next, errors: Errors::default() }
    }
}

impl Page for CodesPage {
    const TEMPLATE: &'static str = "account/codes";

    fn heading(&self) -> String {
        "Keep your recovery codes".into()
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> CodesPage {
        let mut errors = Errors::default();
        errors.add("kept", NOT_TICKED);
        let codes = (0..10).map(|at| format!("7Q4K-92MD-0ZX{at}-VTB1")).collect();
        CodesPage { errors, ..CodesPage::new(codes, "/citizen".into()) }
    }
}

const NOT_TICKED: &str = "Tick the box once you have kept the codes";

/// The person says that they kept them.
pub(in crate::web) async fn kept(visit: Visit) -> Result<Reply, WebError> {
    let signed = visit.signed()?;
    let next = local_path(visit.form.get("next")).unwrap_or(home_of(signed)).to_owned();
    if visit.form.get("kept") == "yes" {
        return Ok(Reply::see(next));
    }
    let mut errors = Errors::default();
    errors.add("kept", NOT_TICKED);
    visit.page_again(&CodesPage { codes: Vec::new(), next, errors })
}
