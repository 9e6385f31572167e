//! Every route in one table: what it is, who may come in, and which handler answers.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use salvo::Router;

use super::dispatch::Gate;
use super::error::WebError;
use super::reply::Reply;
use super::visit::Visit;
use super::{App, assets, citizen, health, office, public, sign_in};

pub(super) type Answer = Pin<Box<dyn Future<Output = Result<Reply, WebError>> + Send>>;

/// Who may come in. What they may then see is asked of `access`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Anyone,
    /// Anyone signed in with both steps.
    SignedIn,
    Staff,
    /// Parents, carers and young people.
    Family,
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
    ($($method:literal $path:literal $who:ident $handler:path;)*) => {
        /// The table.
        pub const ROUTES: &[Route] = &[$(
            Route { method: $method, path: $path, who: Who::$who, answer: |visit| Box::pin($handler(visit)) },
        )*];
    };
}

routes! {
    "GET"  "/"                                                 Anyone   public::start;
    "GET"  "/help"                                             Anyone   public::help;
    "GET"  "/privacy"                                          Anyone   public::privacy;
    "GET"  "/accessibility"                                    Anyone   public::accessibility;
    "GET"  "/health"                                           Anyone   health::alive;
    "GET"  "/ready"                                            Anyone   health::ready;
    "GET"  "/assets/{}"                                        Anyone   assets::file;
    "GET"  "/sign-in"                                          Anyone   sign_in::password::show;
    "POST" "/sign-in"                                          Anyone   sign_in::password::send;
    "GET"  "/sign-in/code"                                     Anyone   sign_in::code::show;
    "POST" "/sign-in/code"                                     Anyone   sign_in::code::send;
    "POST" "/sign-out"                                         Anyone   sign_in::sign_out;

    "GET"  "/office"                                           Staff    office::tray::show;
    "GET"  "/office/children"                                  Staff    office::children::list;
    "GET"  "/office/children/new"                              Staff    office::children::new;
    "POST" "/office/children/new"                              Staff    office::children::add;
    "GET"  "/office/children/{}"                               Staff    office::child::show;
    "GET"  "/office/children/{}/open"                          Staff    office::open::show;
    "POST" "/office/children/{}/open"                          Staff    office::open::send;
    "GET"  "/office/involvements/{}"                           Staff    office::involvement::show;
    "GET"  "/office/involvements/{}/do/{}"                     Staff    office::act::show;
    "POST" "/office/involvements/{}/do/{}"                     Staff    office::act::send;
    "GET"  "/office/involvements/{}/do/{}/{}"                  Staff    office::act::show;
    "POST" "/office/involvements/{}/do/{}/{}"                  Staff    office::act::send;
    "GET"  "/office/involvements/{}/as-family"                 Staff    office::involvement::as_family;
    "GET"  "/office/timelines"                                 Staff    office::timelines::list;
    "GET"  "/office/timelines/{}"                              Staff    office::timelines::show;
    "GET"  "/office/timelines/{}/graph.svg"                    Staff    office::timelines::graph;

    "GET"  "/citizen"                                          Family   citizen::children::list;
    "GET"  "/citizen/involvements/{}"                          Family   citizen::progress::show;
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
