//! Pages of long lists.

use serde::Serialize;

use super::form::Form;

/// Links to the pages before and after.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Paging {
    pub several: bool,
    pub now: i64,
    pub of: i64,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// The page asked for, from 1; nonsense is page 1.
pub fn page_of(query: &Form) -> i64 {
    query.get("page").parse().ok().filter(|page| (1..=100_000).contains(page)).unwrap_or(1)
}

impl Paging {
    pub fn of(path: &str, query: &Form, now: i64, total: i64, a_page: i64) -> Paging {
        let of = ((total + a_page - 1) / a_page).max(1);
        let now = now.min(of);
        let link = |page: i64| (1..=of).contains(&page).then(|| with(path, query, "page", &page.to_string()));
        Paging { several: of > 1, now, of, previous: link(now - 1), next: link(now + 1) }
    }
}

/// The address with one field of the query changed, or taken out when the value is empty.
pub fn with(path: &str, query: &Form, field: &str, value: &str) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    for (name, held) in query.fields().filter(|(name, held)| *name != field && *name != "page" && !held.is_empty()) {
        out.append_pair(name, held);
    }
    if !value.is_empty() {
        out.append_pair(field, value);
    }
    let query = out.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lead_on_and_keep_what_was_chosen() {
        let query = Form::parse(b"owner=me&page=2&q=");
        let paging = Paging::of("/office", &query, 2, 60, 25);
        assert_eq!(paging.previous.as_deref(), Some("/office?owner=me&page=1"));
        assert_eq!(paging.next.as_deref(), Some("/office?owner=me&page=3"));
        assert_eq!(
            Paging::of("/office", &query, 9, 0, 25),
            Paging { several: false, now: 1, of: 1, previous: None, next: None }
        );
    }
}
