//! Another authenticator app in place of the one that somebody has.

use super::set_up::SetUpPage;
use crate::accounts::Renewed;
use crate::web::error::WebError;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let proposal = visit.app.accounts.propose(&visit.signed()?.session);
    visit.page(&SetUpPage::renewing(proposal))
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let (sealed, typed) = (visit.form.get("sealed"), visit.form.get("code"));
    match visit.app.accounts.renew_second_step(&visit.signed()?.session, sealed, typed).await? {
        Renewed::Done => {
            let done = "Your new app is set up. The old one no longer works, and you are signed out everywhere else.";
            visit.see_with("/account", done).await
        }
        Renewed::WrongCode => visit.page_again(&SetUpPage::renewing_again(sealed)),
        Renewed::Over => Ok(Reply::see("/account/two-step")),
    }
}
