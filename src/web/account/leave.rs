//! Leaving the portal: nobody signs in to the account any more, and what was done stays on record.

use serde::Serialize;

use crate::web::error::WebError;
use crate::web::form::Errors;
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

#[derive(Debug, Clone, Serialize)]
pub struct LeavePage {
    staff: bool,
    errors: Errors,
}

const NOT_TICKED: &str = "Tick the box if you want to leave";

impl Page for LeavePage {
    const TEMPLATE: &'static str = "account/leave";

    fn heading(&self) -> String {
        "Leave Milepost".into()
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> LeavePage {
        let mut errors = Errors::default();
        errors.add("leave", NOT_TICKED);
        LeavePage { staff: false, errors }
    }
}

fn is_staff(visit: &Visit) -> Result<bool, WebError> {
    Ok(visit.signed()?.staff_role().is_some())
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    visit.page(&LeavePage { staff: is_staff(&visit)?, errors: Errors::default() })
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    if visit.form.get("leave") != "yes" {
        let mut errors = Errors::default();
        errors.add("leave", NOT_TICKED);
        return visit.page_again(&LeavePage { staff: is_staff(&visit)?, errors });
    }
    visit.app.accounts.leave(&visit.signed()?.account).await?;
    Ok(Reply::SignedOut)
}
