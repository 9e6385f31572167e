//! Where somebody is signed in, and the last times they did.

use serde::Serialize;

use crate::accounts::{SessionLine, SignIn};
use crate::clock::Instant;
use crate::web::error::WebError;
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

#[derive(Debug, Clone, Serialize)]
pub struct SignInsPage {
    sessions: Vec<Session>,
    others: bool,
    sign_ins: Vec<Line>,
}

#[derive(Debug, Clone, Serialize)]
struct Session {
    id: String,
    place: String,
    began: String,
    seen: String,
    is_this: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Line {
    at: String,
    place: String,
    note: String,
}

impl SignInsPage {
    fn of(sessions: Vec<SessionLine>, sign_ins: Vec<SignIn>, this: &str) -> SignInsPage {
        let sessions: Vec<Session> = sessions
            .into_iter()
            .map(|held| Session {
                is_this: held.id == this,
                place: place(&held.agent, &held.address),
                began: held.began_at.london_text(),
                seen: held.seen_at.london_text(),
                id: held.id,
            })
            .collect();
        let line = |held: SignIn| Line {
            at: held.at.london_text(),
            place: place(&held.agent, &held.address),
            note: match held.wrong_before {
                0 => String::new(),
                1 => "after 1 wrong try".into(),
                tries => format!("after {tries} wrong tries"),
            },
        };
        SignInsPage { others: sessions.len() > 1, sessions, sign_ins: sign_ins.into_iter().map(line).collect() }
    }
}

fn place(agent: &str, address: &str) -> String {
    if address.is_empty() { agent.to_owned() } else { format!("{agent}, from {address}") }
}

impl Page for SignInsPage {
    const TEMPLATE: &'static str = "account/sign_ins";

    fn heading(&self) -> String {
        "Where you are signed in".into()
    }

    fn sample() -> SignInsPage {
        let at = Instant(1_772_442_000_000);
        let session = |id: &str, agent: &str| SessionLine {
            id: id.into(),
            began_at: at,
            seen_at: at,
            address: "203.0.113.7".into(),
            agent: agent.into(),
        };
        let sign_in =
            SignIn { at, address: "203.0.113.7".into(), agent: "Safari on an iPhone".into(), wrong_before: 2 };
        let sessions = vec![session("X", "Firefox on Windows"), session("Y", "Safari on an iPhone")];
        SignInsPage::of(sessions, vec![sign_in], "X")
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let signed = visit.signed()?;
    let accounts = &visit.app.accounts;
    let (sessions, sign_ins) =
        (accounts.sessions_of(&signed.account).await?, accounts.sign_ins_of(&signed.account.id).await?);
    visit.page(&SignInsPage::of(sessions, sign_ins, &signed.session.id))
}

pub(in crate::web) async fn end(visit: Visit) -> Result<Reply, WebError> {
    if visit.app.accounts.end_session(&visit.signed()?.account, visit.part(0)).await? {
        visit.see_with("/account/sign-ins", "That one is signed out.").await
    } else {
        Err(WebError::NotFound)
    }
}

pub(in crate::web) async fn end_others(visit: Visit) -> Result<Reply, WebError> {
    visit.app.accounts.end_other_sessions(&visit.signed()?.session).await?;
    visit.see_with("/account/sign-ins", "You are signed out everywhere but here.").await
}
