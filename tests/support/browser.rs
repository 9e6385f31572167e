//! A browser without a window: keeps its cookie, fills in forms as they are served, and reads pages.

use std::sync::Arc;

use milepost::web::Route;
use salvo::Service;
use salvo::http::header::HeaderName;
use salvo::http::{HeaderMap, Method};
use salvo::test::{RequestBuilder, ResponseExt};

use super::app::HOST;

/// One person's browser.
#[derive(Clone)]
pub struct Browser {
    service: Arc<Service>,
    /// The session cookie's value.
    pub cookie: Option<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn new(service: Arc<Service>) -> Browser {
        Browser { service, cookie: None }
    }

    /// The same browser on another node of the service.
    pub fn on(&self, service: &Arc<Service>) -> Browser {
        Browser { service: service.clone(), cookie: self.cookie.clone() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[], None).await
    }

    /// Sends fields as they are, without looking at the page they belong to.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, &[("sec-fetch-site", "same-origin")]).await
    }

    pub async fn post_with(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send("POST", path, headers, Some(body)).await
    }

    /// Opens the page and sends its form: what the page filled in stays, the fields given here are typed over it.
    pub async fn submit(&mut self, path: &str, typed: &[(&str, &str)]) -> Answer {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        self.submit_on(&page, path, typed).await
    }

    /// Sends the form of a page that was fetched before.
    pub async fn submit_on(&mut self, page: &Answer, path: &str, typed: &[(&str, &str)]) -> Answer {
        let hidden = page.hidden_fields();
        let kept = hidden.iter().filter(|(name, _)| !typed.iter().any(|(typed, _)| typed == name));
        let fields: Vec<(&str, &str)> =
            kept.map(|(name, value)| (name.as_str(), value.as_str())).chain(typed.iter().copied()).collect();
        self.post(path, &fields).await
    }

    /// Goes through the first step of signing in.
    pub async fn pass_password(&mut self, email: &str, password: &str) -> Answer {
        self.submit("/sign-in", &[("email", email), ("password", password)]).await
    }

    pub async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<String>) -> Answer {
        let method: Method = method.parse().expect("a method");
        let mut request = RequestBuilder::new(format!("http://{HOST}{path}"), method);
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request = request.add_header("host", HOST, true);
        }
        for (name, value) in headers {
            let name: HeaderName = name.parse().expect("a header's name");
            request = request.add_header(name, (*value).to_owned(), true);
        }
        if let Some(cookie) = &self.cookie {
            request = request.add_header("cookie", format!("__Host-s={cookie}"), true);
        }
        if let Some(body) = body {
            request = request.raw_form(body);
        }
        let mut response = request.send(&*self.service).await;
        let status = response.status_code.map_or(0, |status| status.as_u16());
        let headers = response.headers().clone();
        let body = response.take_bytes(None).await.unwrap_or_default();
        let answer = Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() };
        self.keep_cookie(&answer);
        answer
    }

    fn keep_cookie(&mut self, answer: &Answer) {
        let set = answer.header("set-cookie").and_then(|set| set.strip_prefix("__Host-s="));
        let Some(value) = set.and_then(|set| set.split(';').next()) else { return };
        self.cookie = (!value.is_empty()).then(|| value.to_owned());
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// The words of the page, one space between them.
    pub fn text(&self) -> String {
        let main = self.body.split_once("<main").map_or(self.body.as_str(), |(_, main)| main);
        let main = main.split_once("</main>").map_or(main, |(main, _)| main);
        let mut words = String::new();
        let mut inside = main.len() != self.body.len();
        for c in main.chars() {
            match c {
                '<' => inside = true,
                '>' if inside => {
                    inside = false;
                    words.push(' ');
                }
                c if !inside => words.push(c),
                _ => {}
            }
        }
        unescape(&words).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn heading(&self) -> String {
        let inner = self.body.split_once("<h1").and_then(|(_, rest)| rest.split_once('>'));
        inner
            .and_then(|(_, rest)| rest.split_once("</h1>"))
            .map(|(heading, _)| unescape(heading.trim()))
            .unwrap_or_default()
    }

    /// Every hidden field outside the sign-out form of the header, in order.
    pub fn hidden_fields(&self) -> Vec<(String, String)> {
        let main = self.body.split_once("<main").map_or("", |(_, main)| main);
        let inputs = main.split("<input ").skip(1).filter_map(|rest| rest.split('>').next());
        let hidden = inputs.filter(|input| input.contains("type=\"hidden\""));
        hidden.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?))).collect()
    }

    /// The form token of whichever form comes first, the header's own among them.
    pub fn hidden_csrf(&self) -> String {
        let token = self.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        token.expect("a form with a token").to_owned()
    }

    pub fn hidden(&self, name: &str) -> String {
        let found = self.hidden_fields().into_iter().find(|(held, _)| held == name);
        found.unwrap_or_else(|| panic!("no hidden field {name} in {}", self.text())).1
    }

    /// Where its links lead.
    pub fn links(&self) -> Vec<String> {
        self.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(unescape).collect()
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    rest.split('"').next().map(unescape)
}

/// The characters that handlebars escapes.
pub fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#x60;", "`")
        .replace("&#x3D;", "=")
        .replace("&amp;", "&")
}

/// An address of this route, with its open parts filled in.
pub fn an_address_of(route: &Route) -> String {
    route.path.replace("{}", "0123456789ABCDEFGHJKMNPQRS")
}
