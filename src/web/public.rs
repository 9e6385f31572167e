//! Pages for everybody: the start page, help, privacy, accessibility.

use serde::Serialize;

use super::error::WebError;
use super::render::Page;
use super::reply::Reply;
use super::visit::{Visit, home_of};

macro_rules! plain_page {
    ($name:ident, $template:literal, $heading:literal) => {
        #[derive(Debug, Clone, Serialize)]
        pub struct $name {
            address: String,
        }

        impl Page for $name {
            const TEMPLATE: &'static str = $template;

            fn heading(&self) -> String {
                $heading.into()
            }

            fn sample() -> $name {
                $name { address: "https://send.northmoor.example".into() }
            }
        }
    };
}

plain_page!(StartPage, "public/start", "Follow an Education, Health and Care process");
plain_page!(HelpPage, "public/help", "Help");
plain_page!(PrivacyPage, "public/privacy", "Privacy");
plain_page!(AccessibilityPage, "public/accessibility", "Accessibility");

const SECURITY_TXT: &str = "/.well-known/security.txt";

pub(super) async fn start(visit: Visit) -> Result<Reply, WebError> {
    match &visit.who {
        Some(who) => Ok(Reply::see(home_of(who))),
        None => visit.page(&StartPage { address: visit.app.config.address.clone() }),
    }
}

/// Where weaknesses are reported to (RFC 9116), when that is configured.
pub(super) async fn security_contact(visit: Visit) -> Result<Reply, WebError> {
    let config = &visit.app.config;
    let contact = config.security_contact.as_ref().ok_or(WebError::NotFound)?;
    let expires = visit.today().checked_add_days(chrono::Days::new(180)).unwrap_or(visit.today());
    let text = format!(
        "Contact: {contact}\nExpires: {expires}T00:00:00Z\nCanonical: {}{SECURITY_TXT}\nPreferred-Languages: en\n",
        config.address
    );
    Ok(Reply::Text { status: 200, text })
}

pub(super) async fn help(visit: Visit) -> Result<Reply, WebError> {
    visit.page(&HelpPage { address: visit.app.config.address.clone() })
}

pub(super) async fn privacy(visit: Visit) -> Result<Reply, WebError> {
    visit.page(&PrivacyPage { address: visit.app.config.address.clone() })
}

pub(super) async fn accessibility(visit: Visit) -> Result<Reply, WebError> {
    visit.page(&AccessibilityPage { address: visit.app.config.address.clone() })
}
