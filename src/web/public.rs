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

pub(super) async fn start(visit: Visit) -> Result<Reply, WebError> {
    match &visit.who {
        Some(who) => Ok(Reply::see(home_of(who))),
        None => visit.page(&StartPage { address: visit.app.config.address.clone() }),
    }
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
