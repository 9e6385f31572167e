//! Two versions of a timeline side by side: what changes in words, each limit in both, and both graphs.

use serde::Serialize;

use super::timelines::version_of;
use crate::access::Action;
use crate::timeline::diff::differences;
use crate::timeline::{Clock, Definition};
use crate::web::error::WebError;
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

#[derive(Debug, Clone, Serialize)]
pub struct ComparePage {
    title: String,
    back: String,
    before: Version,
    after: Version,
    parts: Vec<Part>,
    limits: Vec<LimitRow>,
    /// Where those who may move involvements do so, each way.
    moves: Vec<MoveLink>,
}

#[derive(Debug, Clone, Serialize)]
struct MoveLink {
    href: String,
    from: u32,
    to: u32,
}

#[derive(Debug, Clone, Serialize)]
struct Version {
    number: u32,
    in_force: String,
    graph_href: String,
    href: String,
}

#[derive(Debug, Clone, Serialize)]
struct Part {
    name: &'static str,
    changes: Vec<(&'static str, String)>,
}

/// A time limit in both versions; empty where a version does not have it.
#[derive(Debug, Clone, Serialize)]
struct LimitRow {
    label: String,
    before: String,
    after: String,
    differs: bool,
}

impl ComparePage {
    fn of(before: &Definition, after: &Definition) -> ComparePage {
        let mut parts: Vec<Part> = Vec::new();
        for difference in differences(before, after) {
            let change = (difference.change.word(), difference.in_words());
            match parts.last_mut().filter(|part| part.name == difference.part) {
                Some(part) => part.changes.push(change),
                None => parts.push(Part { name: difference.part, changes: vec![change] }),
            }
        }
        ComparePage {
            title: after.title.clone(),
            back: format!("/office/timelines/{}", after.id),
            before: version(before),
            after: version(after),
            parts,
            limits: limits(before, after),
            moves: Vec::new(),
        }
    }
}

fn version(definition: &Definition) -> Version {
    let (id, number) = (&definition.id, definition.version);
    Version {
        number,
        in_force: definition.in_force.in_words(),
        graph_href: format!("/office/timelines/{id}/graph.svg?version={number}"),
        href: format!("/office/timelines/{id}?version={number}"),
    }
}

fn limits(before: &Definition, after: &Definition) -> Vec<LimitRow> {
    let find = |definition: &Definition, id: &str| definition.clocks.iter().find(|clock| clock.id == id).cloned();
    let words = |clock: Option<&Clock>| clock.map(|clock| format!("{} ({})", clock.limit.short_text(), clock.basis));
    let gone = before.clocks.iter().filter(|clock| find(after, &clock.id).is_none());
    let all = after.clocks.iter().chain(gone);
    all.map(|clock| {
        let was = words(find(before, &clock.id).as_ref()).unwrap_or_default();
        let is = words(find(after, &clock.id).as_ref()).unwrap_or_default();
        LimitRow { label: clock.label.clone(), differs: was != is, before: was, after: is }
    })
    .collect()
}

impl Page for ComparePage {
    const TEMPLATE: &'static str = "office/compare";

    fn heading(&self) -> String {
        format!("{}: version {} beside version {}", self.title, self.before.number, self.after.number)
    }

    fn section(&self) -> &'static str {
        "/office/timelines"
    }

    fn sample() -> ComparePage {
        const SHIPPED: &str = include_str!("../../../workflows/ehc-needs-assessment.ron");
        let read = |text: &str| crate::timeline::check("sample.ron", text.as_bytes()).definition;
        let before = read(SHIPPED).expect("the shipped timeline can be read");
        let after = read(&SHIPPED.replacen("Within(Weeks(6))", "Within(Weeks(8))", 1)).expect("so can its copy");
        ComparePage { moves: both_ways("x", 2, 3), ..ComparePage::of(&before, &after) }
    }
}

fn both_ways(timeline: &str, one: u32, other: u32) -> Vec<MoveLink> {
    let link =
        |(from, to)| MoveLink { href: format!("/office/timelines/{timeline}/move?from={from}&to={to}"), from, to };
    [(one, other), (other, one)].map(link).into()
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let number = |name: &str| visit.query.get(name).parse().map_err(|_| WebError::NotFound);
    let before = version_of(&visit, Some(number("from")?)).await?.definition.ok_or(WebError::NotFound)?;
    let after = version_of(&visit, Some(number("to")?)).await?.definition.ok_or(WebError::NotFound)?;
    let mut page = ComparePage::of(&before, &after);
    if visit.may(Action::MoveVersions) && before.version != after.version {
        page.moves = both_ways(&after.id, before.version, after.version);
    }
    visit.page(&page)
}
