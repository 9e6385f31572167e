//! The gate before every handler: host, session, audience, body, form token; and the headers on every answer.

use std::sync::Arc;
use std::time::Duration;

use salvo::http::header::{self, HeaderValue};
use salvo::http::{ParseError, ReqBody, Request, Response, StatusCode};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::app::App;
use super::error::WebError;
use super::form::Form;
use super::next::{kept_path, with_next};
use super::reply::Reply;
use super::router::{Route, Who};
use super::visit::{Signed, Visit};
use super::{csrf, headers};
use crate::accounts::{Device, SessionStage, Token};
use crate::ids::RequestId;

/// The name of the session cookie.
pub(super) const COOKIE: &str = "__Host-s";

/// More than any form of ours needs: ten of the longest texts, with every character escaped.
const BODY_BYTES_MOST: usize = 256 * 1024;

/// More than any browser of ours sends before the body; what is longer still, the server cuts off without a page.
const HEAD_BYTES_MOST: usize = 16 * 1024;

/// The routes of one path.
pub(super) struct Gate {
    app: Arc<App>,
    routes: Vec<&'static Route>,
}

impl Gate {
    pub fn new(app: Arc<App>, routes: Vec<&'static Route>) -> Gate {
        Gate { app, routes }
    }
}

#[async_trait]
impl Handler for Gate {
    async fn handle(&self, req: &mut Request, _: &mut Depot, res: &mut Response, _: &mut FlowCtrl) {
        let request_id = RequestId::random();
        let began = tokio::time::Instant::now();
        let path = req.uri().path().to_owned();
        let outcome = self.answer(req, &request_id, &path).await;
        let (reply, new_cookie) = match outcome {
            Ok(answered) => answered,
            Err(error) => self.error_reply(error, req, &path, &request_id).await,
        };
        write(res, req, reply, new_cookie);
        if res.status_code == Some(StatusCode::METHOD_NOT_ALLOWED)
            && let Ok(allowed) = HeaderValue::from_str(&self.methods())
        {
            res.headers_mut().insert(header::ALLOW, allowed);
        }
        headers::protect(res.headers_mut(), &self.app.script_hash);
        if let Ok(id) = HeaderValue::from_str(request_id.as_str()) {
            res.headers_mut().insert("x-request-id", id);
        }
        tracing::info!(
            request = %request_id,
            method = %req.method(),
            // The route, not the address: ids in addresses stay out of the log of every request.
            route = self.routes.first().map_or("-", |route| route.path),
            status = res.status_code.map_or(0, |status| status.as_u16()),
            ms = began.elapsed().as_millis() as u64,
            "answered"
        );
    }
}

impl Gate {
    async fn answer(
        &self,
        req: &mut Request,
        request_id: &RequestId,
        path: &str,
    ) -> Result<(Reply, Option<Token>), WebError> {
        if head_bytes(req) > HEAD_BYTES_MOST {
            return Err(WebError::HeadTooLarge);
        }
        // Load balancers ask for health by number.
        if !self.routes.iter().any(|route| matches!(route.path, "/health" | "/ready")) {
            self.host_is_ours(req)?;
        }
        if self.routes.is_empty() {
            return Err(WebError::NotFound);
        }
        let method = match req.method().as_str() {
            "HEAD" => "GET",
            "GET" => "GET",
            "POST" => "POST",
            _ => return Err(WebError::MethodNotAllowed),
        };
        let route = *self.routes.iter().find(|route| route.method == method).ok_or(WebError::MethodNotAllowed)?;
        let cookie = cookie_of(req);
        let who = if route.path.starts_with("/assets/") { None } else { self.find(cookie.as_ref()).await? };
        let form = if method == "POST" {
            read_form(req, self.app.config.patience.body_within).await?
        } else {
            Form::default()
        };
        let to_set_up = match (route.who, &cookie) {
            (Who::ToSetUp, Some(cookie)) => self.app.accounts.to_set_up(cookie).await?,
            _ => None,
        };
        if to_set_up.is_none() && !route.who.lets_in(who.as_ref().map_or(&[], |who| &who.account.roles)) {
            return match (&who, method) {
                (Some(_), _) => Err(WebError::NotFound),
                (None, "POST") => Err(self.signed_out_while_writing(req, route, form, cookie.as_ref(), path).await?),
                (None, _) => Ok((Reply::see(with_next("/sign-in", asked(req, path))), None)),
            };
        }
        let new_cookie = (cookie.is_none() && route.path.starts_with("/sign-in")).then(Token::random);
        let cookie = cookie.or_else(|| new_cookie.clone()).unwrap_or_else(Token::random);
        if method == "POST" {
            self.is_from_our_page(req, &form, &cookie)?;
        }
        if let (Who::Fresh(_), Some(who)) = (route.who, &who)
            && !self.app.accounts.is_fresh(&who.session)
        {
            return Ok((self.ask_for_a_code(req, form, who, path).await?, None));
        }
        let kept = Some(form.get("kept-form").to_owned()).filter(|id| !id.is_empty());
        let sender = who.as_ref().filter(|_| kept.is_some()).map(|who| who.session.clone());
        let flashed = who.as_ref().filter(|who| who.flash.is_some()).map(|who| who.token.clone());
        let parts = (0..).map_while(|at| req.params().get(&format!("p{at}")).cloned()).collect();
        let visit = Visit {
            app: self.app.clone(),
            request_id: request_id.clone(),
            path: path.to_owned(),
            route: route.path,
            parts,
            query: Form::parse(req.uri().query().unwrap_or_default().as_bytes()),
            form,
            who,
            to_set_up,
            device: device_of(req),
            cookie: cookie.clone(),
        };
        // On a task of its own: a panic is answered with a page, and a person who leaves does not stop what was begun.
        let answered = tokio::spawn((route.answer)(visit)).await;
        let reply = answered.map_err(|error| WebError::Fault(error.to_string()))??;
        if let (Some(token), Reply::Html { .. }) = (flashed, &reply) {
            self.app.accounts.set_flash(&token, None).await?;
        }
        if let (Some(id), Some(sender), Reply::SeeOther(_)) = (kept, sender, &reply) {
            self.app.accounts.forget_form(&sender, &id).await?;
        }
        Ok((reply, new_cookie))
    }

    fn host_is_ours(&self, req: &Request) -> Result<(), WebError> {
        let named = req.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let named =
            named.or_else(|| req.uri().authority().map(salvo::http::uri::Authority::as_str)).unwrap_or_default();
        let ours = self.app.config.hosts().iter().any(|host| host.eq_ignore_ascii_case(named));
        if ours { Ok(()) } else { Err(WebError::WrongHost) }
    }

    async fn find(&self, cookie: Option<&Token>) -> Result<Option<Signed>, WebError> {
        let Some(token) = cookie else { return Ok(None) };
        let session = self.app.accounts.session(token).await?.filter(|session| session.stage == SessionStage::Full);
        Ok(session.map(|session| Signed::of(session, token.clone())))
    }

    /// A form came after its session was over: it is kept for its person, if the session and the form are known to be theirs.
    async fn signed_out_while_writing(
        &self,
        req: &Request,
        route: &Route,
        form: Form,
        cookie: Option<&Token>,
        path: &str,
    ) -> Result<WebError, WebError> {
        let Some(cookie) = cookie else { return Ok(WebError::SignedOutWhileWriting(form)) };
        let ended = self.app.accounts.ended_session(cookie).await?;
        let ended = ended.filter(|ended| route.who.lets_in(&ended.account.roles));
        match ended {
            Some(ended) if self.is_from_our_page(req, &form, cookie).is_ok() => {
                let id = self.app.accounts.keep_form(&ended, asked(req, path), &form.worth_keeping()).await?;
                Ok(WebError::SignedOutAndKept(id))
            }
            _ => Ok(WebError::SignedOutWhileWriting(form)),
        }
    }

    /// A fresh code first; a form that was sent is kept until then.
    async fn ask_for_a_code(&self, req: &Request, form: Form, who: &Signed, path: &str) -> Result<Reply, WebError> {
        if req.method().as_str() != "POST" {
            return Ok(Reply::see(with_next("/account/prove", asked(req, path))));
        }
        let id = self.app.accounts.keep_form(&who.session, asked(req, path), &form.worth_keeping()).await?;
        Ok(Reply::see(with_next("/account/prove", &kept_path(&id))))
    }

    fn is_from_our_page(&self, req: &Request, form: &Form, cookie: &Token) -> Result<(), WebError> {
        let header = |name: &str| req.headers().get(name).and_then(|value| value.to_str().ok());
        if !csrf::came_from_here(header("sec-fetch-site"), header("origin"), &self.app.config.hosts()) {
            return Err(WebError::CrossSite);
        }
        if csrf::is_valid(&self.app.key, cookie, form.get("csrf")) {
            Ok(())
        } else {
            Err(WebError::StaleForm(form.clone()))
        }
    }

    /// The methods that this path has, for the answer to one that it has not.
    fn methods(&self) -> String {
        let named = self.routes.iter().map(|route| if route.method == "GET" { "GET, HEAD" } else { route.method });
        named.collect::<Vec<_>>().join(", ")
    }

    /// The page that says what went wrong. What it gives back can be sent again: its token is of the browser's own
    /// cookie, and a browser without one is given one.
    async fn error_reply(
        &self,
        error: WebError,
        req: &Request,
        path: &str,
        request_id: &RequestId,
    ) -> (Reply, Option<Token>) {
        let status = error.status();
        if status >= 500 {
            tracing::error!(request = %request_id, %error, "a page could not be shown");
        }
        let held = cookie_of(req);
        let who = match (&held, &error) {
            (Some(_), WebError::Store(_)) | (None, _) => None,
            // Better a page without a name than no page.
            (Some(token), _) => self.find(Some(token)).await.unwrap_or_default(),
        };
        let new_cookie = (held.is_none() && matches!(error, WebError::StaleForm(_))).then(Token::random);
        let page = error.page(asked(req, path), request_id.as_str());
        let visit = Visit {
            app: self.app.clone(),
            request_id: request_id.clone(),
            path: path.to_owned(),
            route: "-",
            parts: Vec::new(),
            query: Form::default(),
            form: Form::default(),
            who: who.map(|who| Signed { flash: None, ..who }),
            to_set_up: None,
            device: Device::default(),
            cookie: held.or_else(|| new_cookie.clone()).unwrap_or_else(Token::random),
        };
        let reply = visit.page_with(status, &page).unwrap_or_else(|error| {
            tracing::error!(request = %request_id, %error, "the error page itself could not be shown");
            let text = format!("Something went wrong on our side. Reference: {request_id}");
            Reply::Text { status: 500, text }
        });
        (reply, new_cookie)
    }
}

fn write(res: &mut Response, req: &Request, reply: Reply, new_cookie: Option<Token>) {
    let mut set = |status: u16, media_type: &'static str, body: Vec<u8>| {
        res.status_code(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        res.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        let _ = res.write_body(body);
    };
    let mut cookie = new_cookie;
    match reply {
        Reply::Html { status, html } => set(status, "text/html; charset=utf-8", html.into_bytes()),
        Reply::Text { status, text } => set(status, "text/plain; charset=utf-8", text.into_bytes()),
        Reply::Json { status, json } => set(status, "application/json", json.into_bytes()),
        Reply::Svg(svg) => set(200, "image/svg+xml", svg.into_bytes()),
        Reply::Asset { media_type, etag, bytes } => {
            let known = req.headers().get(header::IF_NONE_MATCH).is_some_and(|held| held.as_bytes() == etag.as_bytes());
            set(if known { 304 } else { 200 }, media_type, if known { Vec::new() } else { bytes.into_owned() });
            res.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
            if let Ok(etag) = HeaderValue::from_str(&etag) {
                res.headers_mut().insert(header::ETAG, etag);
            }
        }
        Reply::SeeOther(to) => see_other(res, &to),
        Reply::SignedInHere { token, html } => {
            set(200, "text/html; charset=utf-8", html.into_bytes());
            cookie = Some(token);
        }
        Reply::SignedIn { token, next } => {
            see_other(res, &next);
            cookie = Some(token);
        }
        Reply::SignedOut => {
            see_other(res, "/");
            let gone = format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
            if let Ok(gone) = HeaderValue::from_str(&gone) {
                res.headers_mut().insert(header::SET_COOKIE, gone);
            }
            let all = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");
            res.headers_mut().insert("clear-site-data", all);
        }
    }
    if let Some(token) = cookie {
        let cookie = format!("{COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Lax", token.as_str());
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            res.headers_mut().insert(header::SET_COOKIE, cookie);
        }
    }
}

fn see_other(res: &mut Response, to: &str) {
    res.status_code(StatusCode::SEE_OTHER);
    if let Ok(to) = HeaderValue::from_str(to) {
        res.headers_mut().insert(header::LOCATION, to);
    }
}

fn cookie_of(req: &Request) -> Option<Token> {
    req.cookie(COOKIE).and_then(|cookie| Token::read(cookie.value()))
}

fn device_of(req: &Request) -> Device {
    let address = req.remote_addr().clone().into_std().map(|address| address.ip());
    let said = req.headers().get(header::USER_AGENT).and_then(|said| said.to_str().ok());
    Device::new(address, said.unwrap_or_default())
}

fn head_bytes(req: &Request) -> usize {
    let headers = req.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    req.uri().path_and_query().map_or(0, |asked| asked.as_str().len()) + headers.sum::<usize>()
}

async fn read_form(req: &mut Request, within: Duration) -> Result<Form, WebError> {
    let declared =
        req.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > BODY_BYTES_MOST) {
        // Left unread: the connection closes after the answer.
        *req.body_mut() = ReqBody::None;
        return Err(WebError::TooLarge(BODY_BYTES_MOST));
    }
    let read = tokio::time::timeout(within, req.payload_with_max_size(BODY_BYTES_MOST)).await;
    match read {
        Ok(Ok(bytes)) => Ok(Form::parse(bytes)),
        Ok(Err(ParseError::PayloadTooLarge)) => Err(WebError::TooLarge(BODY_BYTES_MOST)),
        Ok(Err(_)) | Err(_) => Err(WebError::Unreadable),
    }
}

/// The page that was asked for, to come back to.
fn asked<'a>(req: &'a Request, path: &'a str) -> &'a str {
    req.uri().path_and_query().map_or(path, |asked| asked.as_str())
}

#[cfg(test)]
mod tests {
    use salvo::Router;
    use salvo::test::{ResponseExt, TestClient};

    use super::*;
    use crate::clock::{Clock, Instant};
    use crate::config::Config;

    async fn trips(_: Visit) -> Result<Reply, WebError> {
        panic!("a handler trips over its own feet, with a name that must not be shown: Ada Okafor")
    }

    const TRIPPING: Route =
        Route { method: "GET", path: "/help", who: Who::Anyone, answer: |visit| Box::pin(trips(visit)) };

    #[tokio::test]
    async fn a_fault_in_a_handler_is_one_page_with_a_reference_and_not_the_end_of_the_service() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let config = Config {
            database: format!("sqlite:{}", folder.path().join("milepost.db").display()),
            key_file: folder.path().join("milepost.key"),
            ..Config::default()
        };
        let app = App::start(config, Clock::set_to(Instant(1_772_442_000_000))).await.expect("the service starts");
        let router = Arc::new(Router::with_path("help").goal(Gate::new(app, vec![&TRIPPING])));
        for _ in 0..2 {
            let mut answer = TestClient::get("http://localhost:8080/help")
                .add_header("host", "localhost:8080", true)
                .send(router.clone())
                .await;
            assert_eq!(answer.status_code, Some(StatusCode::INTERNAL_SERVER_ERROR));
            let reference =
                answer.headers().get("x-request-id").and_then(|id| id.to_str().ok()).expect("an id").to_owned();
            assert!(answer.headers().contains_key(header::CONTENT_SECURITY_POLICY));
            let page = answer.take_string().await.expect("a page");
            assert!(page.contains("Something went wrong on our side") && page.contains(&reference));
            assert!(!page.contains("Ada Okafor"));
        }
    }
}
