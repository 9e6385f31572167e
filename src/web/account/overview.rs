//! My account: what it holds, and where each thing is changed.

use serde::Serialize;

use crate::accounts::{ContactBy, Own};
use crate::clock::Instant;
use crate::web::error::WebError;
use crate::web::next::kept_path;
use crate::web::render::{Ends, Page};
use crate::web::reply::Reply;
use crate::web::visit::Visit;

#[derive(Debug, Clone, Serialize)]
pub struct AccountPage {
    rows: Vec<Row>,
    /// The page of a form that was not sent yet.
    kept: Option<String>,
    few_codes: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    key: &'static str,
    value: String,
    link: Option<Link>,
}

#[derive(Debug, Clone, Serialize)]
struct Link {
    href: &'static str,
    text: &'static str,
    /// What is changed, for those who hear the link alone.
    of: &'static str,
}

impl AccountPage {
    fn of(name: &str, email: &str, own: &Own, kept: Option<String>) -> AccountPage {
        let row = |key, value: String, link: Option<(&'static str, &'static str, &'static str)>| {
            let link = link.map(|(href, text, of)| Link { href, text, of });
            Row { key, value, link }
        };
        let phone = if own.phone.is_empty() { "Not given".to_owned() } else { own.phone.clone() };
        let set_up = own.app_set_up_at.map_or("Not set up".to_owned(), |at| format!("Set up on {}", at.london_text()));
        let codes = match own.recovery_codes_left {
            0 => "None left".to_owned(),
            1 => "1 left".to_owned(),
            left => format!("{left} left"),
        };
        let contact = ("/account/contact", "Change", "telephone number");
        let by = ("/account/contact", "Change", "how we reach you");
        AccountPage {
            rows: vec![
                row("Name", name.to_owned(), None),
                row("E-mail address", email.to_owned(), None),
                row("Telephone", phone, Some(contact)),
                row("How we reach you", own.contact_by.label().to_owned(), Some(by)),
                row("Password", "Known only to you".to_owned(), Some(("/account/password", "Change", "password"))),
                row("Authenticator app", set_up, Some(("/account/two-step", "Use another", "authenticator app"))),
                row("Recovery codes", codes, Some(("/account/recovery-codes", "Make new ones", "recovery codes"))),
            ],
            kept,
            few_codes: own.recovery_codes_left <= 2,
        }
    }
}

impl Page for AccountPage {
    const TEMPLATE: &'static str = "account/overview";

    fn heading(&self) -> String {
        "My account".into()
    }

    fn sample() -> AccountPage {
        let own = Own {
            phone: "01632 960 123".into(),
            contact_by: ContactBy::Email,
            app_set_up_at: Some(Instant(1_772_442_000_000)),
            recovery_codes_left: 2,
        };
        AccountPage::of("Grace Okafor", "grace@family.example", &own, Some(kept_path("X")))
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let signed = visit.signed()?;
    let accounts = &visit.app.accounts;
    let own = accounts.own(&signed.account.id).await?.ok_or(WebError::NotFound)?;
    let kept = accounts.newest_kept_form(&signed.session).await?.map(|kept| kept_path(&kept.id));
    visit.page(&AccountPage::of(&signed.account.display_name, &signed.account.email, &own, kept))
}

/// When the session ends: later than before, as after any click, since this request was let in. For the script that warns of its
/// end.
pub(in crate::web) async fn stay(visit: Visit) -> Result<Reply, WebError> {
    let ends = Ends::of(visit.app.accounts.ends_in(&visit.signed()?.session));
    let json = serde_json::json!({ "seconds": ends.seconds, "canBeLater": ends.can_be_later });
    Ok(Reply::Json { status: 200, json: json.to_string() })
}
