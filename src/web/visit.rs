//! One request, once it has been let in.

use std::sync::Arc;

use super::app::App;
use super::error::WebError;
use super::form::Form;
use super::render::{Chrome, Ends, NavigationItem, Page};
use super::reply::Reply;
use crate::access::{self, Action, Role};
use crate::accounts::{Account, Device, Session, Token};
use crate::audit::{self, Entry};
use crate::calendar::Date;
use crate::engine::{Actor, Asked};
use crate::ids::RequestId;

/// Somebody who has signed in with both steps.
#[derive(Debug, Clone)]
pub struct Signed {
    pub account: Account,
    pub session: Session,
    pub token: Token,
    pub flash: Option<String>,
}

impl Signed {
    pub fn of(session: Session, token: Token) -> Signed {
        Signed { account: session.account.clone(), flash: session.flash.clone(), session, token }
    }

    /// The role this person acts in on staff pages: the one with the widest reach among theirs.
    pub fn staff_role(&self) -> Option<Role> {
        let order = [Role::SendManager, Role::Caseworker, Role::PortalAdministrator, Role::Analyst];
        order.into_iter().find(|role| self.account.roles.contains(role))
    }
}

/// What a handler is given.
#[derive(Debug)]
pub struct Visit {
    pub app: Arc<App>,
    pub request_id: RequestId,
    pub path: String,
    /// The route it came in by.
    pub route: &'static str,
    /// The parts of the path that the route leaves open, in order.
    pub parts: Vec<String>,
    pub query: Form,
    pub form: Form,
    pub who: Option<Signed>,
    /// Somebody whose password was right and who has to set up the second step; on the page for that alone.
    pub to_set_up: Option<Session>,
    /// Where the request came from, for its person's own list.
    pub device: Device,
    /// The cookie that form tokens are bound to.
    pub cookie: Token,
}

impl Visit {
    /// An open part of the path.
    pub fn part(&self, at: usize) -> &str {
        self.parts.get(at).map_or("", String::as_str)
    }

    /// Today in London.
    pub fn today(&self) -> Date {
        self.app.clock.today()
    }

    /// The person signed in. Handlers of routes for signed-in people always have one.
    ///
    /// # Errors
    /// Not found, so that a route that is let in wrongly shows nothing.
    pub fn signed(&self) -> Result<&Signed, WebError> {
        self.who.as_ref().ok_or(WebError::NotFound)
    }

    /// Somebody whom this request signed in, with their sign-in noted.
    ///
    /// # Errors
    /// When it cannot be noted.
    pub async fn signed_in(&self, token: Token) -> Result<Signed, WebError> {
        let session = self.app.accounts.session(&token).await?.ok_or(WebError::NotFound)?;
        let signed = Signed::of(session, token);
        self.note(&signed, audit::Action::SignedIn).await?;
        Ok(signed)
    }

    /// Who asks the engine, and when.
    ///
    /// # Errors
    /// As [`Visit::signed`].
    pub fn asked(&self) -> Result<Asked, WebError> {
        let signed = self.signed()?;
        let role = signed.staff_role().ok_or(WebError::NotFound)?;
        let by = Actor::Person { account: signed.account.id.clone(), role };
        Ok(Asked::new(by, self.app.clock.now()))
    }

    /// Notes in the audit trail what this person did or saw.
    ///
    /// # Errors
    /// When it cannot be noted: then it must not be shown either.
    pub async fn note(&self, who: &Signed, action: audit::Action) -> Result<(), WebError> {
        self.note_entry(who, action, |entry| entry).await
    }

    /// As [`Visit::note`], about a child or an involvement.
    ///
    /// # Errors
    /// As [`Visit::note`].
    pub async fn note_entry(
        &self,
        who: &Signed,
        action: audit::Action,
        about: impl FnOnce(Entry) -> Entry,
    ) -> Result<(), WebError> {
        let entry = about(self.entry(who, action));
        Ok(self.app.notes.note(entry).await?)
    }

    /// As [`Visit::note`], for a page that lists many and shows the record of none: it does not wait for the disk.
    ///
    /// # Errors
    /// As [`Visit::note`].
    pub async fn note_glance(&self, who: &Signed, action: audit::Action) -> Result<(), WebError> {
        Ok(self.app.notes.note_glance(self.entry(who, action)).await?)
    }

    fn entry(&self, who: &Signed, action: audit::Action) -> Entry {
        let role = who.staff_role().or_else(|| who.account.roles.first().copied()).unwrap_or(Role::Parent);
        let by = Actor::Person { account: who.account.id.clone(), role };
        let entry = Entry::new(self.app.clock.now(), by, action, self.route).in_request(self.request_id.clone());
        entry.in_session(&who.session.id).from(&self.device.address)
    }

    /// Whether whoever is signed in may do this at all.
    pub fn may(&self, action: Action) -> bool {
        self.who.as_ref().is_some_and(|who| access::may(&who.account.roles, action))
    }

    /// A page with status 200.
    ///
    /// # Errors
    /// When its template fails, which is a fault of ours.
    pub fn page<P: Page>(&self, page: &P) -> Result<Reply, WebError> {
        self.page_with(200, page)
    }

    /// The form again with what was typed and what is wrong with it: status 422.
    ///
    /// # Errors
    /// As [`Visit::page`].
    pub fn page_again<P: Page>(&self, page: &P) -> Result<Reply, WebError> {
        self.page_with(422, page)
    }

    /// # Errors
    /// As [`Visit::page`].
    pub fn page_with<P: Page>(&self, status: u16, page: &P) -> Result<Reply, WebError> {
        let html = self.app.pages.render(page, &self.chrome(page, self.who.as_ref(), &self.cookie))?;
        Ok(Reply::Html { status, html })
    }

    /// A page that is seen once, by somebody whom the same request signed in.
    ///
    /// # Errors
    /// As [`Visit::page`].
    pub fn page_signed_in<P: Page>(&self, page: &P, who: Signed) -> Result<Reply, WebError> {
        let html = self.app.pages.render(page, &self.chrome(page, Some(&who), &who.token))?;
        Ok(Reply::SignedInHere { token: who.token, html })
    }

    fn chrome<P: Page>(&self, page: &P, who: Option<&Signed>, cookie: &Token) -> Chrome {
        let heading = page.heading();
        let error = if page.has_errors() { "Error: " } else { "" };
        Chrome {
            council: self.app.config.council.clone(),
            demonstration: self.app.config.demonstration,
            title: format!("{error}{heading} – Milepost – {}", self.app.config.council),
            heading,
            who: who.map(|who| who.account.display_name.clone()),
            home: who.map_or("/", home_of),
            navigation: who.map(|who| navigation(who, page.section())).unwrap_or_default(),
            ends: who.map(|who| Ends::of(self.app.accounts.ends_in(&who.session))),
            csrf: super::csrf::token(&self.app.key, cookie),
            once: crate::ids::random_text(26),
            flash_is_success: who.and_then(|who| who.flash.as_ref()).is_some(),
            flash: who.and_then(|who| who.flash.clone()),
        }
    }

    /// Sends the person to another page with a message for it.
    ///
    /// # Errors
    /// When the message cannot be stored.
    pub async fn see_with(&self, path: impl Into<String>, message: &str) -> Result<Reply, WebError> {
        if let Some(who) = &self.who {
            self.app.accounts.set_flash(&who.token, Some(message)).await?;
        }
        Ok(Reply::see(path))
    }
}

/// Where a person starts.
pub(super) fn home_of(who: &Signed) -> &'static str {
    let may = |action| access::may(&who.account.roles, action);
    match () {
        () if may(Action::SeeCases) => "/office",
        () if may(Action::SeeTimelines) => "/office/timelines",
        () => "/citizen",
    }
}

fn navigation(who: &Signed, section: &str) -> Vec<NavigationItem> {
    const ITEMS: [(Action, &str, &str); 7] = [
        (Action::SeeCases, "/office", "Work tray"),
        (Action::SeeCases, "/office/children", "Children"),
        (Action::SeeCases, "/office/phase-transfers", "Phase transfers"),
        (Action::SeeCases, "/office/closures", "Closures"),
        (Action::SeeFigures, "/office/in-time", "In time"),
        (Action::SeeTimelines, "/office/timelines", "Timelines"),
        (Action::FollowChildren, "/citizen", "Your children"),
    ];
    let open = ITEMS.iter().filter(|(action, _, _)| access::may(&who.account.roles, *action));
    open.map(|(_, href, text)| NavigationItem { href, text, current: section == *href }).collect()
}
