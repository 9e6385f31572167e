//! One involvement: where it is, what can be done and why not the rest, every clock, advice, facts and what happened.

use serde::Serialize;

use super::act_closures::closure_on;
use super::names::StaffNames;
use super::open::links_here;
use crate::audit::Action;
use crate::calendar::{Closure, short_date, written_date};
use crate::children::Child;
use crate::engine::{Answer, ClockStanding, ClockView, Engine, Event, RequestView, Standing, View, What, standing};
use crate::ids::InvolvementId;
use crate::involvements::Held;
use crate::timeline::{Adviser, Link};
use crate::web::error::WebError;
use crate::web::paging::{Paging, page_of};
use crate::web::progress::ProgressPage;
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;
use crate::web::why::Why;
use crate::web::words::{days_in_brackets, standing as standing_words};

/// Events shown on one page of the chronology.
const EVENTS_A_PAGE: i64 = 50;

#[derive(Debug, Clone, Serialize)]
pub struct InvolvementPage {
    path: String,
    child: String,
    child_href: String,
    timeline: String,
    timeline_href: String,
    state: String,
    stage: String,
    ended: Option<String>,
    week: Option<String>,
    owner: String,
    actions: Vec<ActionLink>,
    not_now: Vec<NotNow>,
    clocks: Vec<ClockRow>,
    clocks_not_started: Vec<String>,
    requests: Vec<RequestRow>,
    may_ask: bool,
    /// What can be opened by hand from here.
    to_open: Vec<ActionLink>,
    links: Vec<LinkRow>,
    /// Timelines that could not be opened or moved on from here, and why.
    link_troubles: Vec<(String, String)>,
    facts: Vec<(String, String)>,
    claims: Vec<ClaimRow>,
    forms: Vec<FormRow>,
    events: Vec<EventRow>,
    events_paging: Paging,
}

#[derive(Debug, Clone, Serialize)]
struct ActionLink {
    href: String,
    label: String,
}

#[derive(Debug, Clone, Serialize)]
struct NotNow {
    label: String,
    why: String,
}

#[derive(Debug, Clone, Serialize)]
struct ClockRow {
    label: String,
    standing: String,
    class: &'static str,
    started: Option<String>,
    due: Option<String>,
    days: Option<String>,
    why: Option<Why>,
    exempt_href: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct RequestRow {
    label: String,
    of: String,
    asked: String,
    due: Option<String>,
    /// The closure of the setting that the due date falls in.
    closure: Option<String>,
    standing: String,
    class: &'static str,
    waits: bool,
    exempt: bool,
    no: u32,
    clock: String,
}

/// Another involvement of the child that this one came from, or that came from it.
#[derive(Debug, Clone, Serialize)]
struct LinkRow {
    /// "Came from" or "Opened from here".
    relation: &'static str,
    href: String,
    title: String,
    opened: String,
    state: String,
}

#[derive(Debug, Clone, Serialize)]
struct ClaimRow {
    clock: String,
    ground: String,
    period: String,
    reason: String,
    evidence: String,
    ended: bool,
    no: u32,
}

#[derive(Debug, Clone, Serialize)]
struct FormRow {
    label: String,
    to: String,
}

#[derive(Debug, Clone, Serialize)]
pub(in crate::web) struct EventRow {
    seq: u32,
    text: String,
    took_effect: String,
    recorded: String,
    who: String,
    by_itself: bool,
    /// What a correction made of it.
    corrected: Option<String>,
    voided: bool,
    correctable: bool,
    may_void: bool,
}

impl Page for InvolvementPage {
    const TEMPLATE: &'static str = "office/involvement";

    fn heading(&self) -> String {
        self.child.clone()
    }

    fn section(&self) -> &'static str {
        "/office"
    }

    fn sample() -> InvolvementPage {
        let why = Why::of("Decide", crate::web::samples::explanation());
        InvolvementPage {
            path: "/office/involvements/X".into(),
            child: "Ada Okafor".into(),
            child_href: "/office/children/X".into(),
            timeline: "EHC needs assessment, version 3".into(),
            timeline_href: "/office/timelines/ehc-needs-assessment".into(),
            state: "Gathering advice".into(),
            stage: "Gathering advice".into(),
            ended: Some("Request withdrawn".into()),
            week: Some("Week 9 of 20".into()),
            owner: "Priya Nair".into(),
            actions: vec![ActionLink {
                href: "/office/involvements/X/do/fire/withdraw-request".into(),
                label: "Record that the request was withdrawn".into(),
            }],
            not_now: vec![NotNow {
                label: "Issue the final plan".into(),
                why: "\"Issue the final plan\" cannot be done yet.".into(),
            }],
            clocks: vec![ClockRow {
                label: "Send the final plan".into(),
                standing: "77 days left".into(),
                class: "govuk-tag--blue",
                started: Some("2 Mar 2026".into()),
                due: Some("20 Jul 2026".into()),
                days: Some("(77 days)".into()),
                why: Some(why),
                exempt_href: Some("/office/involvements/X/do/exempt/final-plan".into()),
            }],
            clocks_not_started: vec!["Family's comments on the draft".into()],
            requests: vec![RequestRow {
                label: "Psychological advice".into(),
                of: "Dr Tom Reed".into(),
                asked: "8 Apr 2026".into(),
                due: Some("20 May 2026 (16 days)".into()),
                closure: Some("Alder Primary is closed from 18 May 2026 and opens again on 2 Jun 2026".into()),
                standing: "16 days left".into(),
                class: "govuk-tag--blue",
                waits: true,
                exempt: true,
                no: 1,
                clock: "advice-returned".into(),
            }],
            may_ask: true,
            to_open: vec![ActionLink {
                href: "/office/children/X/open?timeline=appeal&from=X".into(),
                label: "Record that the family has appealed".into(),
            }],
            links: vec![LinkRow {
                relation: "Opened from here",
                href: "/office/involvements/Y".into(),
                title: "Appeal".into(),
                opened: "4 May 2026".into(),
                state: "Appeal period".into(),
            }],
            link_troubles: vec![("Mediation".into(), "The child is older than this process is for.".into())],
            facts: vec![("Panel date".into(), "Tuesday 7 April 2026".into())],
            claims: vec![ClaimRow {
                clock: "Send the final plan".into(),
                ground: "Exceptional personal circumstances".into(),
                period: "1 Apr 2026 to 30 Apr 2026".into(),
                reason: "Bereavement".into(),
                evidence: "Letter".into(),
                ended: false,
                no: 1,
            }],
            forms: vec![FormRow { label: "Your views about your child".into(), to: "parent or carer".into() }],
            events: vec![EventRow {
                seq: 1,
                text: "Request received".into(),
                took_effect: "2 Mar 2026".into(),
                recorded: "3 March 2026 at 9:05am".into(),
                who: "Priya Nair".into(),
                by_itself: false,
                corrected: Some("Corrected to 1 Mar 2026".into()),
                voided: false,
                correctable: true,
                may_void: true,
            }],
            events_paging: Paging::default(),
        }
    }
}

/// An involvement and its child, or not found.
pub(in crate::web) async fn found(visit: &Visit) -> Result<(Held, Child), WebError> {
    let id = InvolvementId::from(visit.part(0));
    let held = visit.app.involvements.find(&id).await.map_err(WebError::from)?.ok_or(WebError::NotFound)?;
    let child = visit.app.children.find(&held.child).await?.ok_or(WebError::NotFound)?;
    Ok((held, child))
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let me = visit.signed()?;
    let (held, child) = found(&visit).await?;
    let past = visit.app.involvements.past(&held.id).await.map_err(WebError::from)?;
    let log = &past.log;
    let names = StaffNames::read(&visit).await?;
    let about = |entry: crate::audit::Entry| entry.about_child(child.id.clone()).about_involvement(held.id.clone());
    visit.note_entry(me, Action::InvolvementViewed, about).await?;
    let engine = visit.app.involvements.engine(&held).having_run_on(&past.earlier);
    let today = visit.today();
    let of_child = visit.app.involvements.of_child(&child.id).await.map_err(WebError::from)?;
    let troubles = visit.app.involvements.link_troubles(&held.id).await.map_err(WebError::from)?;
    let closures = visit.app.closures.of_setting(&child.details.setting_name, today).await?;
    let published = if troubles.is_empty() { Vec::new() } else { visit.app.involvements.published().await? };
    let title_of = |timeline: Option<String>| {
        let titled = published.iter().find(|one| Some(&one.timeline) == timeline.as_ref()).map(|one| one.title.clone());
        titled.or(timeline).unwrap_or_else(|| "Another process".into())
    };
    let view = engine.view(&held.involvement, me.staff_role(), today);
    let path = format!("/office/involvements/{}", held.id);
    let events_page = page_of(&visit.query);
    let page = InvolvementPage {
        child: child.name(),
        child_href: format!("/office/children/{}", child.id),
        timeline: format!("{}, version {}", held.definition.definition.title, held.definition.definition.version),
        timeline_href: format!("/office/timelines/{}", held.definition.definition.id),
        state: engine.state_definition(view.state).label.clone(),
        stage: held.definition.definition.stages[view.stage.at()].title.clone(),
        week: view.week.map(|week| format!("Week {} of {}", week.now, week.of)),
        owner: names.of(held.involvement.owner.as_ref()),
        actions: actions(engine, &view, &path),
        not_now: not_now(engine, &view),
        clocks: view
            .clocks
            .iter()
            .filter(|clock| clock.started_on.is_some() && clock.request.is_none())
            .map(|clock| clock_row(engine, clock, &path, today))
            .collect(),
        clocks_not_started: view
            .clocks
            .iter()
            .filter(|clock| clock.standing == ClockStanding::NotStarted)
            .map(|clock| held.definition.clock_definition(clock.clock).label.clone())
            .collect(),
        requests: view.requests.iter().map(|request| request_row(engine, request, today, &closures)).collect(),
        may_ask: view.advice.iter().any(|offer| offer.refused.is_none()),
        to_open: match visit.may(crate::access::Action::MoveCases) {
            true => links_here(&held).map(|link| to_open(&held, link)).collect(),
            false => Vec::new(),
        },
        links: link_rows(&visit, &held, &of_child),
        link_troubles: troubles.into_iter().map(|trouble| (title_of(trouble.timeline), trouble.why)).collect(),
        facts: facts(engine, &held),
        claims: claims(engine, &held),
        forms: view
            .forms
            .iter()
            .map(|form| FormRow {
                label: held.definition.definition.forms[form.rule].label.clone(),
                to: form.to.iter().map(|role| role.label()).collect::<Vec<_>>().join(", "),
            })
            .collect(),
        events: event_rows(engine, log, &names, events_page),
        events_paging: Paging::of(&path, &visit.query, events_page, log.len() as i64, EVENTS_A_PAGE),
        ended: view.ended.clone(),
        path,
    };
    visit.page(&page)
}

/// The page that the family sees, for staff to look at.
pub(in crate::web) async fn as_family(visit: Visit) -> Result<Reply, WebError> {
    let me = visit.signed()?;
    let (held, child) = found(&visit).await?;
    let about = |entry: crate::audit::Entry| entry.about_child(child.id.clone()).about_involvement(held.id.clone());
    visit.note_entry(me, Action::ProgressViewed, about).await?;
    let engine = visit.app.involvements.engine(&held);
    let progress = engine.progress(&held.involvement, visit.today());
    visit.page(&ProgressPage::of(
        &child,
        &held,
        progress,
        visit.today(),
        Some(format!("/office/involvements/{}", held.id)),
    ))
}

fn actions(engine: Engine<'_>, view: &View, path: &str) -> Vec<ActionLink> {
    let offered = view.transitions.iter().filter(|offer| offer.refused.is_none());
    offered
        .map(|offer| {
            let transition = engine.transition_definition(offer.transition);
            ActionLink { href: format!("{path}/do/fire/{}", transition.id), label: transition.label.clone() }
        })
        .collect()
}

fn to_open(held: &Held, link: &Link) -> ActionLink {
    let href = format!("/office/children/{}/open?timeline={}&from={}", held.child, link.timeline, held.id);
    ActionLink { href, label: link.label.clone() }
}

fn not_now(engine: Engine<'_>, view: &View) -> Vec<NotNow> {
    if view.ended.is_some() {
        return Vec::new();
    }
    let refused = view.transitions.iter().filter_map(|offer| Some((offer.transition, offer.refused.as_ref()?)));
    refused
        .map(|(transition, refusal)| NotNow {
            label: engine.transition_definition(transition).label.clone(),
            why: refusal.to_string(),
        })
        .collect()
}

fn clock_row(engine: Engine<'_>, clock: &ClockView, path: &str, today: crate::calendar::Date) -> ClockRow {
    let definition = engine.definition.clock_definition(clock.clock);
    let (standing, class) = standing_words(&clock.standing);
    let runs = matches!(
        clock.standing,
        ClockStanding::Running { .. }
            | ClockStanding::Overdue { .. }
            | ClockStanding::Exempt { .. }
            | ClockStanding::Open { .. }
    );
    ClockRow {
        label: definition.label.clone(),
        standing,
        class,
        started: clock.started_on.map(short_date),
        due: clock.due_on.map(short_date),
        days: clock.due_on.filter(|_| runs).map(|due_on| days_in_brackets(today, due_on)),
        why: clock.why.clone().map(|why| Why::of(&definition.label, why)),
        exempt_href: (!definition.exemptions.is_empty() && runs).then(|| format!("{path}/do/exempt/{}", definition.id)),
    }
}

fn request_row(
    engine: Engine<'_>,
    request: &RequestView,
    today: crate::calendar::Date,
    closures: &[Closure],
) -> RequestRow {
    let advice = engine.advice_definition(request.advice);
    let waits = request.answer == Answer::Waiting;
    let (standing, class) = match &request.answer {
        Answer::Waiting => standing_words(&request.standing),
        Answer::Received(_) => {
            let (words, class) = standing_words(&request.standing);
            (words.replacen("Met", "Received", 1).replacen("Done", "Received", 1), class)
        }
        Answer::Declined { on, reason } => (format!("Declined on {}: {reason}", short_date(*on)), "govuk-tag--grey"),
        Answer::Withdrawn { on, reason } => (format!("Withdrawn on {}: {reason}", short_date(*on)), "govuk-tag--grey"),
    };
    let clock = engine.definition.advice[request.advice.at()].clock;
    RequestRow {
        label: advice.label.clone(),
        of: request.of.clone(),
        asked: short_date(request.asked_on),
        due: request.due_on.map(|due_on| match waits {
            true => format!("{} {}", short_date(due_on), days_in_brackets(today, due_on)),
            false => short_date(due_on),
        }),
        closure: request
            .due_on
            .filter(|_| waits && advice.from == Adviser::Setting)
            .and_then(|due_on| closure_on(closures, due_on)),
        standing,
        class,
        waits,
        exempt: !engine.definition.clock_definition(clock).exemptions.is_empty(),
        no: request.no,
        clock: engine.definition.clock_definition(clock).id.clone(),
    }
}

fn link_rows(visit: &Visit, held: &Held, of_child: &[Held]) -> Vec<LinkRow> {
    let origin_of = |held: &Held| held.involvement.linked.as_ref().map(|linked| linked.involvement.clone());
    let relation = |other: &Held| match () {
        () if origin_of(held).as_ref() == Some(&other.id) => Some("Came from"),
        () if origin_of(other).as_ref() == Some(&held.id) => Some("Opened from here"),
        () => None,
    };
    let row = |other: &Held| {
        let engine = visit.app.involvements.engine(other);
        Some(LinkRow {
            relation: relation(other)?,
            href: format!("/office/involvements/{}", other.id),
            title: other.definition.definition.title.clone(),
            opened: short_date(other.involvement.started_on),
            state: engine.state_definition(other.involvement.state).label.clone(),
        })
    };
    of_child.iter().rev().filter_map(row).collect()
}

fn facts(engine: Engine<'_>, held: &Held) -> Vec<(String, String)> {
    let facts = (0..held.definition.facts.len()).map(|at| crate::timeline::FactIx(at as u16));
    facts
        .filter_map(|fact| {
            let value = held.involvement.fact(fact)?;
            Some((engine.fact_definition(fact).label.clone(), engine.value_in_words(fact, value)))
        })
        .collect()
}

fn claims(engine: Engine<'_>, held: &Held) -> Vec<ClaimRow> {
    let row = |claim: &crate::engine::Claim| ClaimRow {
        clock: engine.clock_in_words(&crate::engine::ClockKey {
            clock: held.definition.clocks[claim.clock.at()].name.clone(),
            request: claim.request,
        }),
        ground: held.definition.definition.exemptions[claim.exemption.at()].label.clone(),
        period: format!("{} to {}", short_date(claim.from), short_date(claim.until)),
        reason: claim.reason.clone(),
        evidence: claim.evidence.clone(),
        ended: claim.ended,
        no: claim.no,
    };
    held.involvement.claims.iter().map(row).collect()
}

/// One page of the log, the newest first, with what corrections left of each event.
fn event_rows(engine: Engine<'_>, log: &[Event], names: &StaffNames, page: i64) -> Vec<EventRow> {
    let standings = standing(log);
    let skip = usize::try_from((page - 1) * EVENTS_A_PAGE).unwrap_or(0);
    let events = log.iter().zip(engine.through(log)).zip(standings).enumerate();
    let newest_first = events.rev().skip(skip).take(EVENTS_A_PAGE as usize);
    newest_first
        .map(|(at, ((event, engine), standing))| event_row(engine, event, standing, at as u32 + 1, names))
        .collect()
}

pub(in crate::web) fn event_row(
    engine: Engine<'_>,
    event: &Event,
    standing: Standing,
    seq: u32,
    names: &StaffNames,
) -> EventRow {
    let is_fixed = event.corrects() || matches!(event.what, What::Migrated { .. });
    let by_itself = !event.actor.is_person() || event.caused_by.is_some();
    let voided = standing == Standing::Voided;
    let text = match &event.what {
        What::Assigned { owner: Some(owner) } => format!("Given to {}", names.of(Some(owner))),
        other => engine.event_in_words(other),
    };
    EventRow {
        seq,
        text,
        took_effect: short_date(event.occurred_on),
        recorded: event.recorded_at.london_text(),
        who: if event.actor.is_person() { names.of(event.actor.account()) } else { "By itself".into() },
        by_itself,
        corrected: match standing {
            Standing::Voided => Some("Voided".into()),
            Standing::Stands { on } if on != event.occurred_on => Some(format!("Corrected to {}", written_date(on))),
            Standing::Stands { .. } => None,
        },
        voided,
        correctable: !is_fixed && !by_itself && !voided,
        may_void: !matches!(event.what, What::Started { .. }),
    }
}
