//! Timelines: the drawn graph, the same as a table, what happens when, and the source with what is wrong in it.

use serde::Serialize;

use crate::calendar::written_date;
use crate::involvements::Published;
use crate::timeline::{self, Checked, describe, draw};
use crate::web::error::WebError;
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

const PATH: &str = "/office/timelines";

#[derive(Debug, Clone, Serialize)]
pub struct TimelinesPage {
    timelines: Vec<Row>,
    files: Vec<FileRow>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    href: String,
    title: String,
    version: u32,
    in_force: String,
}

/// A file of the workflows folder, and whether it could go live.
#[derive(Debug, Clone, Serialize)]
struct FileRow {
    name: String,
    says: String,
    sound: bool,
}

impl Page for TimelinesPage {
    const TEMPLATE: &'static str = "office/timelines";

    fn heading(&self) -> String {
        "Timelines".into()
    }

    fn section(&self) -> &'static str {
        PATH
    }

    fn sample() -> TimelinesPage {
        TimelinesPage {
            timelines: vec![Row {
                href: "/office/timelines/x".into(),
                title: "EHC needs assessment".into(),
                version: 1,
                in_force: "from 1 September 2014".into(),
            }],
            files: vec![FileRow { name: "ehc-needs-assessment.ron".into(), says: "no findings".into(), sound: true }],
        }
    }
}

pub(in crate::web) async fn list(visit: Visit) -> Result<Reply, WebError> {
    let published = visit.app.involvements.published().await?;
    let timelines = published.iter().map(|published| Row {
        href: format!("{PATH}/{}?version={}", published.timeline, published.version),
        title: published.title.clone(),
        version: published.version,
        in_force: published.in_force.in_words(),
    });
    let files =
        crate::involvements::checked_files(&visit.app.config.workflows).into_iter().map(|(name, checked)| FileRow {
            sound: checked.is_sound(),
            says: match checked.findings.len() {
                0 => "no findings".into(),
                1 => "1 finding".into(),
                several => format!("{several} findings"),
            },
            name,
        });
    visit.page(&TimelinesPage { timelines: timelines.collect(), files: files.collect() })
}

#[derive(Debug, Clone, Serialize)]
pub struct TimelinePage {
    title: String,
    version: u32,
    in_force: String,
    law: String,
    graph_href: String,
    /// The other versions, to look at side by side.
    compare: Vec<CompareLink>,
    /// Our own drawing; every text in it is escaped by `timeline::draw`.
    svg: String,
    states: Vec<describe::StateRow>,
    clocks: Vec<ClockRow>,
    happenings: Vec<describe::Happening>,
    source: Vec<SourceLine>,
    findings: Vec<FindingRow>,
}

#[derive(Debug, Clone, Serialize)]
struct CompareLink {
    version: u32,
    href: String,
}

#[derive(Debug, Clone, Serialize)]
struct ClockRow {
    label: String,
    limit: String,
    basis: String,
    basis_url: Option<String>,
    whose: &'static str,
    exemptions: String,
    warnings: String,
    sure: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct SourceLine {
    number: usize,
    text: String,
    fault: bool,
}

#[derive(Debug, Clone, Serialize)]
struct FindingRow {
    line: usize,
    severity: &'static str,
    check: String,
    text: String,
    mend: String,
}

impl Page for TimelinePage {
    const TEMPLATE: &'static str = "office/timeline";

    fn heading(&self) -> String {
        self.title.clone()
    }

    fn section(&self) -> &'static str {
        PATH
    }

    fn sample() -> TimelinePage {
        const SHIPPED: &str = include_str!("../../../workflows/ehc-needs-assessment.ron");
        let faulty = SHIPPED.replacen("to: \"gathering-advice\"", "to: \"gathering-advise\"", 1);
        let checked = timeline::check("ehc-needs-assessment.ron", faulty.as_bytes());
        TimelinePage::of(&checked, None).expect("the shipped timeline can be read")
    }
}

impl TimelinePage {
    fn of(checked: &Checked, current: Option<&str>) -> Option<TimelinePage> {
        let definition = checked.definition.as_ref()?;
        let faulty: Vec<usize> = checked.findings.iter().map(|finding| finding.line).collect();
        Some(TimelinePage {
            title: definition.title.clone(),
            version: definition.version,
            in_force: written_date(definition.in_force.from),
            law: definition.law.clone(),
            graph_href: format!("{PATH}/{}/graph.svg?version={}", definition.id, definition.version),
            compare: Vec::new(),
            svg: draw::svg(definition, current),
            states: describe::states(definition),
            clocks: definition.clocks.iter().map(clock_row).collect(),
            happenings: describe::what_happens_when(definition),
            source: checked
                .source
                .text
                .lines()
                .zip(1..)
                .map(|(text, number)| SourceLine { number, text: text.to_owned(), fault: faulty.contains(&number) })
                .collect(),
            findings: checked
                .findings
                .iter()
                .map(|finding| FindingRow {
                    line: finding.line,
                    severity: finding.severity.word(),
                    check: finding.check.to_owned(),
                    text: finding.text.clone(),
                    mend: finding.mend.clone(),
                })
                .collect(),
        })
    }
}

fn clock_row(clock: &timeline::Clock) -> ClockRow {
    let before: Vec<String> = clock.warn_before.iter().map(ToString::to_string).collect();
    ClockRow {
        label: clock.label.clone(),
        limit: clock.limit.rule_text(),
        basis: clock.basis.clone(),
        basis_url: clock.basis_url.clone(),
        whose: match clock.whose {
            timeline::Whose::Authority => "The authority's",
            timeline::Whose::Adviser => "The adviser's",
            timeline::Whose::Family => "The family's time",
            timeline::Whose::Other => "Somebody else's",
            timeline::Whose::Wait => "A wait",
        },
        exemptions: clock.exemptions.join(", "),
        warnings: if before.is_empty() { "none".into() } else { format!("{} before", before.join(", ")) },
        sure: match clock.confidence {
            timeline::Confidence::Text => "read in the text",
            timeline::Confidence::Secondary => "from a secondary source",
            timeline::Confidence::ToBeConfirmed => "to be confirmed",
        },
    }
}

async fn chosen(visit: &Visit) -> Result<Checked, WebError> {
    version_of(visit, visit.query.get("version").parse().ok()).await
}

/// The versions of the timeline of the address, the newest first.
async fn versions(visit: &Visit) -> Result<Vec<Published>, WebError> {
    let published = visit.app.involvements.published().await?;
    let mut of_timeline: Vec<Published> =
        published.into_iter().filter(|published| published.timeline == visit.part(0)).collect();
    of_timeline.sort_by_key(|published| std::cmp::Reverse(published.version));
    Ok(of_timeline)
}

/// A version of the timeline of the address, the newest when none is named.
pub(super) async fn version_of(visit: &Visit, version: Option<u32>) -> Result<Checked, WebError> {
    let of_timeline = versions(visit).await?;
    let wanted = of_timeline.into_iter().find(|published| version.is_none_or(|version| published.version == version));
    let wanted = wanted.ok_or(WebError::NotFound)?;
    let source = visit.app.involvements.source(&wanted.id).await?.ok_or(WebError::NotFound)?;
    Ok(timeline::check(&format!("{}.ron", wanted.timeline), source.as_bytes()))
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let checked = chosen(&visit).await?;
    let at = visit.query.get("at");
    let current =
        checked.definition.as_ref().and_then(|definition| definition.states.iter().find(|state| state.label == at));
    let mut page = TimelinePage::of(&checked, current.map(|state| state.id.as_str())).ok_or(WebError::NotFound)?;
    let others = versions(&visit).await?.into_iter().filter(|other| other.version != page.version);
    page.compare = others
        .map(|other| CompareLink {
            version: other.version,
            href: format!(
                "{PATH}/{}/compare?from={}&to={}",
                visit.part(0),
                other.version.min(page.version),
                other.version.max(page.version)
            ),
        })
        .collect();
    visit.page(&page)
}

pub(in crate::web) async fn graph(visit: Visit) -> Result<Reply, WebError> {
    let checked = chosen(&visit).await?;
    let definition = checked.definition.as_ref().ok_or(WebError::NotFound)?;
    Ok(Reply::Svg(draw::svg(definition, None)))
}
