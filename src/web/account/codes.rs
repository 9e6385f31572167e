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

#[derive(Debug, Clone, Serialize)]
pub struct NewCodesPage {
    left: i64,
}

impl Page for NewCodesPage {
    const TEMPLATE: &'static str = "account/new_codes";

    fn heading(&self) -> String {
        "Make new recovery codes".into()
    }

    fn sample() -> NewCodesPage {
        NewCodesPage { left: 2 }
    }
}

pub(in crate::web) async fn ask(visit: Visit) -> Result<Reply, WebError> {
    let own = visit.app.accounts.own(&visit.signed()?.account.id).await?.ok_or(WebError::NotFound)?;
    visit.page(&NewCodesPage { left: own.recovery_codes_left })
}

pub(in crate::web) async fn make(visit: Visit) -> Result<Reply, WebError> {
    let codes = visit.app.accounts.new_recovery_codes(&visit.signed()?.account).await?;
    visit.page(&CodesPage::new(codes, "/account".into()))
}

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
