//! Why a page could not be shown, and the page that says so. The only place that knows status codes of errors.

use serde::Serialize;

use super::form::Form;
use super::next::{kept_path, with_next};
use super::render::{Page, RenderError};
use crate::db::StoreError;
use crate::involvements::Trouble;

/// An answer that is not the page asked for.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// There is no such page, or it is not this person's to see: the same words for both.
    #[error("not found")]
    NotFound,
    #[error("method not allowed")]
    MethodNotAllowed,
    #[error("the form token is not of this session")]
    StaleForm(Form),
    #[error("not signed in")]
    SignedOutWhileWriting(Form),
    /// The session is over; what came is kept under this id for its person.
    #[error("not signed in any more")]
    SignedOutAndKept(String),
    #[error("the request came from another site")]
    CrossSite,
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    #[error("the request's head is too large")]
    HeadTooLarge,
    #[error("the request names another host")]
    WrongHost,
    #[error("the body could not be read")]
    Unreadable,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error("a fault of ours: {0}")]
    Fault(String),
}

impl From<Trouble> for WebError {
    fn from(trouble: Trouble) -> WebError {
        match trouble {
            Trouble::NotFound => WebError::NotFound,
            other => WebError::Fault(other.to_string()),
        }
    }
}

impl WebError {
    pub fn status(&self) -> u16 {
        match self {
            WebError::NotFound => 404,
            WebError::MethodNotAllowed => 405,
            WebError::StaleForm(_)
            | WebError::SignedOutWhileWriting(_)
            | WebError::SignedOutAndKept(_)
            | WebError::CrossSite => 403,
            WebError::TooLarge(_) => 413,
            WebError::WrongHost => 421,
            WebError::HeadTooLarge => 431,
            WebError::Unreadable => 400,
            WebError::Store(error) if error.may_pass() => 503,
            WebError::Store(_) | WebError::Render(_) | WebError::Fault(_) => 500,
        }
    }

    /// The page that says so, with what was sent where that would otherwise be lost.
    pub(super) fn page(self, path: &str, reference: &str) -> ErrorPage {
        let say = |heading: &str, paragraphs: &[&str]| ErrorPage {
            heading: heading.to_owned(),
            paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
            typed: Vec::new(),
            send_again_to: path.to_owned(),
            link: None,
            reference: reference.to_owned(),
        };
        match self {
            WebError::NotFound => say(
                "Page not found",
                &[
                    "If you typed the address, check that it is right.",
                    "If you followed a link, the page may not be yours to see.",
                ],
            ),
            WebError::MethodNotAllowed => {
                say("That cannot be done here", &["Go back and use the links and buttons of the page."])
            }
            WebError::StaleForm(form) => ErrorPage {
                typed: kept(&form),
                ..say(
                    "This page was open too long",
                    &["Nothing was saved yet, and nothing is lost. Check what you sent and send it again."],
                )
            },
            WebError::SignedOutWhileWriting(form) => ErrorPage {
                typed: kept(&form),
                link: Some(Link {
                    href: "/sign-in".into(),
                    text: "Sign in again (come back to this page after it)".into(),
                }),
                ..say(
                    "You have been signed out",
                    &[
                        "Nothing was saved yet, and what you typed is still here.",
                        "Open the sign-in page in a new tab, sign in, then come back here and choose Send again.",
                    ],
                )
            },
            WebError::SignedOutAndKept(id) => ErrorPage {
                link: Some(Link {
                    href: with_next("/sign-in", &kept_path(&id)),
                    text: "Sign in and see what you sent".into(),
                }),
                ..say(
                    "You have been signed out",
                    &[
                        "You did nothing for a while, so you were signed out for safety. Nothing was saved yet.",
                        "What you sent is kept for you. When you have signed in, you see it again and decide whether to send it.",
                    ],
                )
            },
            WebError::CrossSite => say(
                "That came from another site",
                &["For your safety it was not done. Open Milepost itself and try there."],
            ),
            WebError::TooLarge(most) => {
                let most = format!("The most that can be sent here at once is {} kB of text.", most / 1024);
                say(
                    "That is too long to send",
                    &["Nothing was saved. Go back: your browser still has what you typed.", &most],
                )
            }
            WebError::HeadTooLarge => say(
                "Your browser sent too much",
                &[
                    "The address or the cookies that came with it are too long, so nothing was done.",
                    "Delete this site's cookies in your browser's settings, then open the start page and sign in again.",
                ],
            ),
            WebError::WrongHost => say("Wrong address", &["This service is not known by the address you used."]),
            WebError::Unreadable => say("That could not be read", &["Nothing was saved. Go back and try again."]),
            WebError::Store(error) if error.may_pass() => say(
                "Please try again in a minute",
                &["The service is busy. Nothing was lost: go back and send it again."],
            ),
            WebError::Store(_) | WebError::Render(_) | WebError::Fault(_) => say(
                "Something went wrong on our side",
                &[
                    "It has been noted. Nothing that you saved before is lost. Try again; if it happens again, tell us the reference below.",
                ],
            ),
        }
    }
}

fn kept(form: &Form) -> Vec<Typed> {
    form.worth_keeping()
        .into_iter()
        .map(|(name, value)| Typed {
            shown: !matches!(name.as_str(), "key" | "version") && value.chars().count() > 20,
            label: name.replace(['-', '_'], " "),
            name,
            value,
        })
        .collect()
}

#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    heading: String,
    paragraphs: Vec<String>,
    typed: Vec<Typed>,
    send_again_to: String,
    link: Option<Link>,
    reference: String,
}

/// A field that was sent and is given back.
#[derive(Debug, Clone, Serialize)]
struct Typed {
    name: String,
    label: String,
    value: String,
    shown: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Link {
    href: String,
    text: String,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "errors/message";

    fn heading(&self) -> String {
        self.heading.clone()
    }

    fn sample() -> ErrorPage {
        let form = Form::parse(b"text=A+long+text+that+somebody+would+be+sorry+to+lose&version=3");
        WebError::SignedOutWhileWriting(form).page("/office/involvements/X/notes", "REFERENCE")
    }
}
