//! Templates: each page is a struct with a sample, rendered in strict mode inside the one layout.

mod parts;

use handlebars::Handlebars;
use rust_embed::RustEmbed;
use serde::Serialize;

use parts::Parts;

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Templates;

/// What a template shows. The fields of the struct are what the template may name.
pub trait Page: Serialize {
    /// The template's path under `templates/`, without its ending.
    const TEMPLATE: &'static str;

    /// A template under `templates/` for the part of the page that shows its own data and nothing of what surrounds it; the
    /// page's template puts it in as `part`. It is filled in once and then remembered by what it shows, which pays for a
    /// long page that many look at.
    const PART: Option<&'static str> = None;

    /// The page's one heading and the first part of its title.
    fn heading(&self) -> String;

    /// The navigation item that this page belongs to.
    fn section(&self) -> &'static str {
        ""
    }

    /// Whether the page shows mistakes in what was typed; its title says so first.
    fn has_errors(&self) -> bool {
        false
    }

    /// A page with everything on it, for the tests that render every template.
    fn sample() -> Self
    where
        Self: Sized;
}

/// What surrounds every page.
#[derive(Debug, Clone, Serialize)]
pub struct Chrome {
    pub council: String,
    pub demonstration: bool,
    pub title: String,
    pub heading: String,
    /// The name of the person who is signed in.
    pub who: Option<String>,
    pub home: &'static str,
    pub navigation: Vec<NavigationItem>,
    /// When the session of the person who is signed in ends by itself.
    pub ends: Option<Ends>,
    pub csrf: String,
    /// A fresh idempotency key, for the forms of this page.
    pub once: String,
    pub flash: Option<String>,
    pub flash_is_success: bool,
}

/// When a session ends by itself, if its person does nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ends {
    pub seconds: i64,
    /// "30 minutes".
    pub in_words: String,
    /// Whether a click makes it later.
    pub can_be_later: bool,
}

impl Ends {
    pub fn of((millis, can_be_later): (i64, bool)) -> Ends {
        let minutes = (millis + 30_000) / 60_000;
        let in_words = match minutes {
            ..=1 => "1 minute".to_owned(),
            60 => "an hour".to_owned(),
            minutes => format!("{minutes} minutes"),
        };
        Ends { seconds: millis / 1_000, in_words, can_be_later }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NavigationItem {
    pub href: &'static str,
    pub text: &'static str,
    pub current: bool,
}

#[derive(Serialize)]
struct Whole<'a, P> {
    chrome: &'a Chrome,
    page: &'a P,
}

#[derive(Serialize)]
struct Own<'a, P> {
    page: &'a P,
}

#[derive(Serialize)]
struct WholeOfPart<'a> {
    chrome: &'a Chrome,
    /// HTML, as its template made it.
    part: &'a str,
}

/// Every template, read once.
pub struct Pages {
    registry: Handlebars<'static>,
    parts: Parts,
}

/// A template that cannot be read or filled in: a fault of ours, never of a person's input.
#[derive(Debug, thiserror::Error)]
#[error("the template {template} cannot be rendered: {why}")]
pub struct RenderError {
    pub template: String,
    pub why: String,
}

impl Pages {
    /// Reads the embedded templates.
    ///
    /// # Errors
    /// When one is not well formed.
    pub fn embedded() -> Result<Pages, RenderError> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.set_prevent_indent(true);
        for path in Templates::iter() {
            let Some(name) = path.strip_suffix(".hbs") else { continue };
            let failed = |why: String| RenderError { template: name.to_owned(), why };
            let file = Templates::get(&path).ok_or_else(|| failed("it is not embedded".into()))?;
            let text = std::str::from_utf8(&file.data).map_err(|error| failed(error.to_string()))?;
            registry.register_template_string(name, text).map_err(|error| failed(error.to_string()))?;
        }
        Ok(Pages { registry, parts: Parts::default() })
    }

    /// The whole page.
    ///
    /// # Errors
    /// When the template names something that the page does not have.
    pub fn render<P: Page>(&self, page: &P, chrome: &Chrome) -> Result<String, RenderError> {
        match P::PART {
            None => self.fill_in(P::TEMPLATE, &Whole { chrome, page }),
            Some(template) => {
                let own = Own { page };
                let part = self.parts.get(template, &own, || self.fill_in(template, &own))?;
                self.fill_in(P::TEMPLATE, &WholeOfPart { chrome, part: part.trim_end() })
            }
        }
    }

    fn fill_in(&self, template: &'static str, with: &impl Serialize) -> Result<String, RenderError> {
        self.registry
            .render(template, with)
            .map_err(|error| RenderError { template: template.to_owned(), why: error.to_string() })
    }

    /// The names of all templates that are whole pages, for the test that demands a sample of each.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.registry.get_templates().keys().map(String::as_str).collect();
        names.retain(|name| !name.starts_with("layouts/") && !name.starts_with("parts/"));
        names.sort_unstable();
        names
    }
}

impl std::fmt::Debug for Pages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pages").field("templates", &self.names()).finish()
    }
}

impl Chrome {
    /// What surrounds a sample page.
    pub fn for_tests() -> Chrome {
        Chrome {
            council: "Northmoor Council".into(),
            demonstration: true,
            title: "Sample – Milepost".into(),
            heading: "Sample".into(),
            who: Some("Priya Nair".into()),
            home: "/office",
            navigation: vec![NavigationItem { href: "/office", text: "Work tray", current: true }],
            ends: Some(Ends::of((30 * 60_000, true))),
            csrf: "TOKEN".into(),
            once: "ONCE".into(),
            flash: Some("Saved.".into()),
            flash_is_success: true,
        }
    }
}
