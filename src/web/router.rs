//! Every route in one table: what it is, who may come in, and which handler answers.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use salvo::Router;

use super::dispatch::Gate;
use super::error::WebError;
use super::reply::Reply;
use super::visit::Visit;
use super::{App, account, assets, citizen, health, office, public, sign_in};
use crate::access::{self, Action, Role};

pub(super) type Answer = Pin<Box<dyn Future<Output = Result<Reply, WebError>> + Send>>;

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Anyone,
    /// Those whose password was right and who have to set up the second step first.
    ToSetUp,
    /// Those signed in with both steps whom `access` lets do this.
    May(Action),
    /// The same, with a code that is no older than ten minutes: for what somebody at an open screen must not do.
    Fresh(Action),
}

impl Who {
    /// Whether somebody signed in with these roles may come in.
    pub fn lets_in(self, roles: &[Role]) -> bool {
        match self {
            Who::Anyone => true,
            Who::ToSetUp => false,
            Who::May(action) | Who::Fresh(action) => access::may(roles, action),
        }
    }
}

/// One line of the table.
#[derive(Clone, Copy)]
pub struct Route {
    pub method: &'static str,
    /// `{}` leaves a part of the path open.
    pub path: &'static str,
    pub who: Who,
    pub(super) answer: fn(Visit) -> Answer,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {:?}", self.method, self.path, self.who)
    }
}

macro_rules! routes {
    ($($method:literal $path:literal $who:expr => $handler:path;)*) => {
        /// The table.
        pub const ROUTES: &[Route] = &[$(
            Route { method: $method, path: $path, who: $who, answer: |visit| Box::pin($handler(visit)) },
        )*];
    };
}

routes! {
    "GET" "/" Who::Anyone => public::start;
    "GET" "/help" Who::Anyone => public::help;
    "GET" "/privacy" Who::Anyone => public::privacy;
    "GET" "/accessibility" Who::Anyone => public::accessibility;
    "GET" "/.well-known/security.txt" Who::Anyone => public::security_contact;
    "GET" "/health" Who::Anyone => health::alive;
    "GET" "/ready" Who::Anyone => health::ready;
    "GET" "/assets/{}" Who::Anyone => assets::file;
    "GET" "/sign-in" Who::Anyone => sign_in::password::show;
    "POST" "/sign-in" Who::Anyone => sign_in::password::send;
    "GET" "/sign-in/code" Who::Anyone => sign_in::code::show;
    "POST" "/sign-in/code" Who::Anyone => sign_in::code::send;
    "GET" "/sign-in/recovery-code" Who::Anyone => sign_in::recovery::show;
    "POST" "/sign-in/recovery-code" Who::Anyone => sign_in::recovery::send;
    "GET" "/account/two-step/set-up" Who::ToSetUp => account::set_up::show;
    "POST" "/account/two-step/set-up" Who::ToSetUp => account::set_up::send;
    "POST" "/sign-out" Who::Anyone => sign_in::sign_out;

    "GET" "/account" Who::May(Action::KeepOwnAccount) => account::overview::show;
    "GET" "/account/stay" Who::May(Action::KeepOwnAccount) => account::overview::stay;
    "GET" "/account/prove" Who::May(Action::KeepOwnAccount) => account::prove::show;
    "POST" "/account/prove" Who::May(Action::KeepOwnAccount) => account::prove::send;
    "GET" "/account/kept/{}" Who::May(Action::KeepOwnAccount) => account::kept::show;
    "POST" "/account/kept/{}/forget" Who::May(Action::KeepOwnAccount) => account::kept::forget;
    "GET" "/account/contact" Who::Fresh(Action::KeepOwnAccount) => account::contact::show;
    "POST" "/account/contact" Who::Fresh(Action::KeepOwnAccount) => account::contact::send;
    "GET" "/account/password" Who::Fresh(Action::KeepOwnAccount) => account::password::show;
    "POST" "/account/password" Who::Fresh(Action::KeepOwnAccount) => account::password::send;
    "GET" "/account/two-step" Who::Fresh(Action::KeepOwnAccount) => account::renew::show;
    "POST" "/account/two-step" Who::Fresh(Action::KeepOwnAccount) => account::renew::send;
    "GET" "/account/recovery-codes" Who::Fresh(Action::KeepOwnAccount) => account::codes::ask;
    "POST" "/account/recovery-codes" Who::Fresh(Action::KeepOwnAccount) => account::codes::make;
    "POST" "/account/recovery-codes/kept" Who::May(Action::KeepOwnAccount) => account::codes::kept;
    "GET" "/account/sign-ins" Who::May(Action::KeepOwnAccount) => account::sign_ins::show;
    "POST" "/account/sign-ins/end-others" Who::May(Action::KeepOwnAccount) => account::sign_ins::end_others;
    "POST" "/account/sign-ins/{}/end" Who::May(Action::KeepOwnAccount) => account::sign_ins::end;
    "GET" "/account/leave" Who::Fresh(Action::KeepOwnAccount) => account::leave::show;
    "POST" "/account/leave" Who::Fresh(Action::KeepOwnAccount) => account::leave::send;

    "GET" "/office" Who::May(Action::SeeCases) => office::tray::show;
    "GET" "/office/children" Who::May(Action::SeeCases) => office::children::list;
    "GET" "/office/children/new" Who::May(Action::MoveCases) => office::children::new;
    "POST" "/office/children/new" Who::May(Action::MoveCases) => office::children::add;
    "GET" "/office/children/{}" Who::May(Action::SeeCases) => office::child::show;
    "GET" "/office/children/{}/edit" Who::May(Action::MoveCases) => office::edit_child::show;
    "POST" "/office/children/{}/edit" Who::May(Action::MoveCases) => office::edit_child::send;
    "GET" "/office/children/{}/open" Who::May(Action::MoveCases) => office::open::show;
    "POST" "/office/children/{}/open" Who::May(Action::MoveCases) => office::open::send;
    "GET" "/office/involvements/{}" Who::May(Action::SeeCases) => office::involvement::show;
    "GET" "/office/involvements/{}/do/{}" Who::May(Action::MoveCases) => office::act::show;
    "POST" "/office/involvements/{}/do/{}" Who::May(Action::MoveCases) => office::act::send;
    "GET" "/office/involvements/{}/do/{}/{}" Who::May(Action::MoveCases) => office::act::show;
    "POST" "/office/involvements/{}/do/{}/{}" Who::May(Action::MoveCases) => office::act::send;
    "GET" "/office/involvements/{}/as-family" Who::May(Action::SeeCases) => office::involvement::as_family;
    "GET" "/office/closures" Who::May(Action::SeeCases) => office::closures::list;
    "GET" "/office/closures/new" Who::May(Action::MoveCases) => office::closures::new;
    "POST" "/office/closures/new" Who::May(Action::MoveCases) => office::closures::add;
    "GET" "/office/closures/{}/remove" Who::May(Action::MoveCases) => office::closures::ask_to_remove;
    "POST" "/office/closures/{}/remove" Who::May(Action::MoveCases) => office::closures::remove;
    "GET" "/office/phase-transfers" Who::May(Action::SeeCases) => office::phase_transfers::list;
    "GET" "/office/in-time" Who::May(Action::SeeFigures) => office::in_time::show;
    "GET" "/office/timelines" Who::May(Action::SeeTimelines) => office::timelines::list;
    "GET" "/office/timelines/{}" Who::May(Action::SeeTimelines) => office::timelines::show;
    "GET" "/office/timelines/{}/compare" Who::May(Action::SeeTimelines) => office::compare::show;
    "GET" "/office/timelines/{}/move" Who::May(Action::MoveVersions) => office::move_versions::show;
    "POST" "/office/timelines/{}/move" Who::Fresh(Action::MoveVersions) => office::move_versions::send;
    "GET" "/office/moves/{}" Who::May(Action::MoveVersions) => office::moving::show;
    "GET" "/office/timelines/{}/graph.svg" Who::May(Action::SeeTimelines) => office::timelines::graph;

    "GET" "/citizen" Who::May(Action::FollowChildren) => citizen::children::list;
    "GET" "/citizen/involvements/{}" Who::May(Action::FollowChildren) => citizen::progress::show;
}

/// The router of the whole service.
pub(super) fn router(app: &Arc<App>) -> Router {
    let mut paths: Vec<&'static str> = ROUTES.iter().map(|route| route.path).collect();
    paths.dedup();
    let mut router = Router::new();
    for path in paths {
        let routes = ROUTES.iter().filter(|route| route.path == path).collect();
        router = router.push(Router::with_path(salvo_path(path)).goal(Gate::new(app.clone(), routes)));
    }
    router.push(Router::with_path("{**rest}").goal(Gate::new(app.clone(), Vec::new())))
}

/// Names the open parts `p0`, `p1`, ... for salvo.
fn salvo_path(path: &str) -> String {
    let mut pieces = path.trim_start_matches('/').split("{}");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.enumerate().fold(first, |so_far, (at, piece)| format!("{so_far}{{p{at}}}{piece}"))
}
