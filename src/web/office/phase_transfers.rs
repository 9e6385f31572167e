//! Who moves to another phase of education, by when their plans must be ready, and how far they are.

use serde::Serialize;

use crate::audit::Action;
use crate::calendar::{Date, short_date, written_date};
use crate::phase_transfers::{MOVES_A_PAGE, Moving, PHASE, Phase, TIMELINE, Whom, YEAR, due_on, moving, next_year};
use crate::timeline::Compiled;
use crate::web::error::WebError;
use crate::web::fields::fact_field;
use crate::web::paging::{Paging, page_of};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;
use crate::web::words::days_in_brackets;

const PATH: &str = "/office/phase-transfers";

#[derive(Debug, Clone, Serialize)]
pub struct PhaseTransfersPage {
    year: i32,
    /// The years that can be looked at.
    years: Vec<YearLink>,
    everybody: bool,
    other_href: String,
    limits: Vec<LimitRow>,
    rows: Vec<Row>,
    may_open: bool,
    paging: Paging,
}

#[derive(Debug, Clone, Serialize)]
struct YearLink {
    year: i32,
    href: String,
    current: bool,
}

/// All who share a last day.
#[derive(Debug, Clone, Serialize)]
struct LimitRow {
    by: String,
    left: String,
    children: usize,
    ready: usize,
    not_begun: usize,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    name: String,
    href: String,
    born: String,
    setting: String,
    moves: &'static str,
    unsure: bool,
    by: String,
    left: String,
    /// Where the involvement is that prepares the move, and its address.
    state: Option<String>,
    involvement_href: Option<String>,
    open_href: String,
}

impl Page for PhaseTransfersPage {
    const TEMPLATE: &'static str = "office/phase_transfers";

    fn heading(&self) -> String {
        format!("Phase transfers in September {}", self.year)
    }

    fn section(&self) -> &'static str {
        PATH
    }

    fn sample() -> PhaseTransfersPage {
        PhaseTransfersPage {
            year: 2027,
            years: vec![YearLink { year: 2027, href: format!("{PATH}?year=2027"), current: true }],
            everybody: false,
            other_href: format!("{PATH}?year=2027&whom=everybody"),
            limits: vec![LimitRow {
                by: "Sunday 14 February 2027".into(),
                left: "(83 days)".into(),
                children: 2,
                ready: 1,
                not_begun: 1,
            }],
            rows: vec![Row {
                name: "Okafor, Ada".into(),
                href: "/office/children/X".into(),
                born: "31 May 2016".into(),
                setting: "Alder Primary".into(),
                moves: "Primary to secondary",
                unsure: true,
                by: "14 Feb 2027".into(),
                left: "(83 days)".into(),
                state: Some("Review to be done first".into()),
                involvement_href: Some("/office/involvements/X".into()),
                open_href: "/office/children/X/open?timeline=phase-transfer".into(),
            }],
            may_open: true,
            paging: Paging::default(),
        }
    }
}

pub(in crate::web) async fn list(visit: Visit) -> Result<Reply, WebError> {
    let today = visit.today();
    let next = next_year(today);
    let year = visit.query.get("year").parse().ok().filter(|year| (next - 5..=next + 5).contains(year)).unwrap_or(next);
    let whom = if visit.query.get("whom") == "everybody" { Whom::Everybody } else { Whom::WithPlan };
    let all = moving(&visit.app.db, year, whom).await?;
    visit.note(visit.signed()?, Action::ChildrenListed).await?;
    let in_force = visit.app.involvements.in_force(today).await?;
    let definition = in_force.into_iter().find(|compiled| compiled.definition.id == TIMELINE);
    let by = |phase: Phase| {
        let definition: &Compiled = definition.as_deref()?;
        due_on(&definition.definition, visit.app.involvements.calendar(), phase, year)
    };
    let asked_page = page_of(&visit.query);
    let skip = usize::try_from(asked_page - 1).unwrap_or(0).saturating_mul(MOVES_A_PAGE);
    let rows = all.iter().skip(skip).take(MOVES_A_PAGE).map(|moving| row(moving, year, by(moving.to.phase), today));
    let everybody = whom == Whom::Everybody;
    let other_whom = if everybody { "plan" } else { "everybody" };
    visit.page(&PhaseTransfersPage {
        year,
        years: (next - 1..=next + 1).map(|other| year_link(other, year, whom)).collect(),
        everybody,
        other_href: format!("{PATH}?year={year}&whom={other_whom}"),
        limits: limits(&all, by, today),
        rows: rows.collect(),
        may_open: definition.is_some() && visit.may(crate::access::Action::MoveCases),
        paging: Paging::of(PATH, &visit.query, asked_page, all.len() as i64, MOVES_A_PAGE as i64),
    })
}

fn year_link(year: i32, current: i32, whom: Whom) -> YearLink {
    let whom = if whom == Whom::Everybody { "&whom=everybody" } else { "" };
    YearLink { year, href: format!("{PATH}?year={year}{whom}"), current: year == current }
}

fn limits(all: &[Moving], by: impl Fn(Phase) -> Option<Date>, today: Date) -> Vec<LimitRow> {
    let mut days: Vec<Date> = Phase::ALL.into_iter().filter_map(&by).collect();
    days.sort_unstable();
    days.dedup();
    let row = |day: Date| {
        let of_day = || all.iter().filter(|moving| by(moving.to.phase) == Some(day));
        let is_ready = |moving: &&Moving| moving.involvement.as_ref().is_some_and(|preparing| preparing.has_ended);
        LimitRow {
            by: written_date(day),
            left: days_in_brackets(today, day),
            children: of_day().count(),
            ready: of_day().filter(is_ready).count(),
            not_begun: of_day().filter(|moving| moving.involvement.is_none()).count(),
        }
    };
    days.into_iter().map(row).collect()
}

fn row(moving: &Moving, year: i32, by: Option<Date>, today: Date) -> Row {
    let preparing = moving.involvement.as_ref();
    let (phase, of_year) = (fact_field(PHASE), fact_field(YEAR));
    Row {
        name: moving.name.clone(),
        href: format!("/office/children/{}", moving.child),
        born: short_date(moving.born_on),
        setting: moving.setting.clone(),
        moves: moving.to.label,
        unsure: moving.to.unsure,
        by: by.map(short_date).unwrap_or_default(),
        left: by
            .filter(|_| preparing.is_none_or(|preparing| !preparing.has_ended))
            .map(|by| days_in_brackets(today, by))
            .unwrap_or_default(),
        state: preparing.map(|preparing| preparing.state.clone()),
        involvement_href: preparing.map(|preparing| format!("/office/involvements/{}", preparing.id)),
        open_href: format!(
            "/office/children/{}/open?timeline={TIMELINE}&{phase}={}&{of_year}={year}",
            moving.child,
            moving.to.phase.id()
        ),
    }
}
