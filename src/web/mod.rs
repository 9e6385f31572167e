//! Pages, by audience: one file a screen.
//!
//! To add a screen:
//! 1. write `templates/<audience>/<screen>.hbs`, beginning with `{{#> layouts/page}}`, with one `h1`;
//! 2. write `src/web/<audience>/<screen>.rs`: a struct that implements [`Page`], and handlers
//!    `async fn show(visit: Visit) -> Result<Reply, WebError>` that take the input, ask `access`, call one feature
//!    function and answer with `visit.page(..)` or `Reply::see(..)`;
//! 3. add its line to the table in `router.rs`, with who may come in (`Who::Fresh` where it must be sure who sits there);
//! 4. add its sample to `samples.rs`, so that the tests render it.
//!
//! Everything else is done before a handler runs: the session is found, the audience checked, the body read within its
//! limit, the form token compared. A handler never sees a request that failed one of these.

mod account;
mod app;
mod assets;
mod citizen;
mod csrf;
mod dispatch;
mod error;
mod fields;
mod form;
mod headers;
mod health;
mod next;
mod office;
mod paging;
mod progress;
mod public;
mod qr;
mod render;
mod reply;
mod router;
pub mod samples;
mod server;
mod sign_in;
mod visit;
mod why;
mod words;

pub use app::{App, StartError};
pub use error::WebError;
pub use form::{DateBoxes, Errors, FieldError, Form, Reading};
pub use render::{Chrome, NavigationItem, Page, Pages, RenderError};
pub use reply::Reply;
pub use router::{ROUTES, Route, Who};
pub use server::{serve, service};
pub use visit::{Signed, Visit};
