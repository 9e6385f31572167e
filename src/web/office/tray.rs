//! The work tray: what needs somebody, soonest first, with nothing hidden behind tabs.

use std::collections::HashMap;

use serde::Serialize;

use super::names::StaffNames;
use crate::accounts::Account;
use crate::audit::Action;
use crate::calendar::{Date, days_between, short_date};
use crate::ids::AccountId;
use crate::involvements::{LINES_A_PAGE, Owner, TrayFilter, TrayItem, Urgency};
use crate::timeline::Adviser;
use crate::web::error::WebError;
use crate::web::fields::Field;
use crate::web::form::Form;
use crate::web::paging::{Paging, page_of, with};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;
use crate::web::words::days_in_brackets;

const PATH: &str = "/office";

#[derive(Debug, Clone, Serialize)]
pub struct TrayPage {
    total: i64,
    groups: Vec<Group>,
    filters: Vec<Field>,
    search: String,
    tags: Vec<Tag>,
    paging: Paging,
    is_filtered: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Group {
    id: &'static str,
    title: &'static str,
    count: i64,
    lines: Vec<Line>,
    /// Lines of this group are on another page.
    more: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Line {
    href: String,
    child: String,
    process: String,
    week: Option<String>,
    stage: String,
    state: String,
    due: Option<Due>,
    exempt: Option<String>,
    waiting_on: String,
    advice: Option<String>,
    owner: String,
    class: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct Due {
    what: String,
    on: String,
    days: String,
    class: &'static str,
}

/// A filter that is chosen, and the address without it.
#[derive(Debug, Clone, Serialize)]
struct Tag {
    text: String,
    without: String,
}

impl Page for TrayPage {
    const TEMPLATE: &'static str = "office/tray";
    const PART: Option<&'static str> = Some("parts/tray");

    fn heading(&self) -> String {
        format!("Work tray ({})", self.total)
    }

    fn section(&self) -> &'static str {
        PATH
    }

    fn sample() -> TrayPage {
        let due = Due {
            what: "Tell the family whether we will assess".into(),
            on: "20 Nov 2026".into(),
            days: "(overdue 3 days)".into(),
            class: "mp-late",
        };
        let line = Line {
            href: "/office/involvements/X".into(),
            child: "Ada Okafor".into(),
            process: "EHC needs assessment".into(),
            week: Some("week 7 of 20".into()),
            stage: "Deciding whether to assess".into(),
            state: "Considering the request".into(),
            due: Some(due),
            exempt: Some("Exempt until 4 Jan 2027".into()),
            waiting_on: "The authority".into(),
            advice: Some("3 of 5 in".into()),
            owner: "Priya Nair".into(),
            class: "mp-tray-line--overdue",
        };
        TrayPage {
            total: 1,
            groups: vec![Group { id: "overdue", title: "Overdue", count: 26, lines: vec![line], more: true }],
            filters: vec![Field::select("owner", "Owner", &[("me".into(), "Mine".into())], "me")],
            search: "Ada".into(),
            tags: vec![Tag { text: "Owner: Mine".into(), without: PATH.into() }],
            paging: Paging { several: true, now: 1, of: 2, previous: None, next: Some("/office?page=2".into()) },
            is_filtered: true,
        }
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let me = visit.signed()?.clone();
    let stages = visit.app.involvements.tray_stages().await.map_err(WebError::from)?;
    let mut filter = chosen(&visit.query, &me.account.id);
    let search = visit.query.get("q").trim().to_owned();
    if !search.is_empty() {
        filter.children = Some(visit.app.children.matching(&search).await?);
    }
    let asked_page = page_of(&visit.query);
    let tray = visit.app.involvements.tray(&filter, asked_page).await.map_err(WebError::from)?;
    let children = visit.app.children.known_many(tray.items.iter().map(|item| item.child.clone()).collect()).await?;
    let children: HashMap<_, _> = children.iter().map(|child| (&child.id, child)).collect();
    let accounts = visit.app.accounts.known().await?;
    visit.note_glance(&me, Action::TrayViewed).await?;
    let owners = StaffNames::of_accounts(&accounts);
    let today = visit.today();
    let lines: Vec<(Urgency, Line)> = tray
        .items
        .iter()
        .map(|item| {
            let child = children.get(&item.child).map_or_else(|| "Name not found".into(), |child| child.name());
            (item.urgency, line(item, child, owners.of(item.owner.as_ref()), today))
        })
        .collect();
    let staff: Vec<&Account> = accounts.iter().filter(|account| account.may_own()).collect();
    let filters = filters(&visit.query, &staff, &stages);
    let page = TrayPage {
        total: tray.total,
        groups: groups(&tray.counts, lines, filter.urgency),
        tags: tags(&visit.query, &filters),
        filters,
        paging: Paging::of(PATH, &visit.query, asked_page, tray.total, LINES_A_PAGE),
        is_filtered: !search.is_empty() || filter != TrayFilter::default(),
        search,
    };
    visit.page(&page)
}

fn chosen(query: &Form, me: &AccountId) -> TrayFilter {
    let text = |name: &str| Some(query.get(name).to_owned()).filter(|text| !text.is_empty());
    TrayFilter {
        owner: match query.get("owner") {
            "" => Owner::Anyone,
            "me" => Owner::One(me.clone()),
            "nobody" => Owner::Nobody,
            id => Owner::One(AccountId::from(id)),
        },
        stage: text("stage"),
        awaiting: text("awaiting"),
        urgency: Urgency::ALL.into_iter().find(|urgency| id_of(*urgency) == query.get("due")),
        exempt_only: query.get("exempt") == "yes",
        children: None,
    }
}

fn filters(query: &Form, staff: &[&Account], stages: &[(String, String)]) -> Vec<Field> {
    let pair = |value: &str, label: &str| (value.to_owned(), label.to_owned());
    let mut owners = vec![pair("", "Everyone"), pair("me", "Mine"), pair("nobody", "Nobody yet")];
    owners.extend(staff.iter().map(|account| pair(account.id.as_str(), &account.display_name)));
    let mut due = vec![pair("", "Any time")];
    due.extend(Urgency::ALL.map(|urgency| pair(id_of(urgency), title_of(urgency))));
    let mut in_stages = vec![pair("", "Any stage")];
    in_stages.extend(stages.iter().cloned());
    let mut advisers = vec![pair("", "Anyone")];
    const ASKED: [Adviser; 9] = [
        Adviser::Family,
        Adviser::YoungPerson,
        Adviser::Setting,
        Adviser::EducationalPsychologist,
        Adviser::Health,
        Adviser::SocialCare,
        Adviser::Sensory,
        Adviser::PreparingForAdulthood,
        Adviser::Other,
    ];
    advisers.extend(ASKED.map(|adviser| pair(adviser.label(), adviser.label())));
    let exempt = [pair("", "All"), pair("yes", "Only with an exemption in force")];
    vec![
        Field::select("owner", "Owner", &owners, query.get("owner")),
        Field::select("due", "Due", &due, query.get("due")),
        Field::select("stage", "Stage", &in_stages, query.get("stage")),
        Field::select("awaiting", "Advice awaited from", &advisers, query.get("awaiting")),
        Field::select("exempt", "Exemptions", &exempt, query.get("exempt")),
    ]
}

fn tags(query: &Form, filters: &[Field]) -> Vec<Tag> {
    let chosen = filters.iter().filter_map(|field| {
        let option = field.options.iter().find(|option| option.chosen && !option.value.is_empty())?;
        Some(Tag { text: format!("{}: {}", field.label, option.label), without: with(PATH, query, &field.id, "") })
    });
    let search = query.get("q").trim();
    let searched =
        (!search.is_empty()).then(|| Tag { text: format!("Search: {search}"), without: with(PATH, query, "q", "") });
    chosen.chain(searched).collect()
}

fn groups(counts: &[i64; 5], lines: Vec<(Urgency, Line)>, only: Option<Urgency>) -> Vec<Group> {
    let mut groups: Vec<Group> = Urgency::ALL
        .into_iter()
        .zip(counts)
        .filter(|(urgency, _)| only.is_none_or(|only| only == *urgency))
        .map(|(urgency, count)| Group {
            id: id_of(urgency),
            title: title_of(urgency),
            count: *count,
            lines: vec![],
            more: false,
        })
        .collect();
    for (urgency, line) in lines {
        if let Some(group) = groups.iter_mut().find(|group| group.id == id_of(urgency)) {
            group.lines.push(line);
        }
    }
    for group in &mut groups {
        group.more = group.count > group.lines.len() as i64;
    }
    groups
}

fn line(item: &TrayItem, child: String, owner: String, today: Date) -> Line {
    let week = days_between(item.started_on, today).max(0) / 7 + 1;
    let (line_class, due_class) = match item.urgency {
        Urgency::Overdue => ("mp-tray-line--overdue", "mp-late"),
        Urgency::DueToday | Urgency::DueSoon => ("mp-tray-line--soon", "mp-soon"),
        Urgency::DueLater | Urgency::ExemptOrWaiting => ("", ""),
    };
    Line {
        href: format!("/office/involvements/{}", item.id),
        child,
        process: item.title.clone(),
        week: item.line.weeks_of.map(|of| format!("week {week} of {of}")),
        stage: item.line.stage_label.clone(),
        state: item.line.state_label.clone(),
        due: item.line.next_due_on.map(|on| Due {
            what: item.line.next_label.clone().unwrap_or_default(),
            on: short_date(on),
            days: days_in_brackets(today, on),
            class: due_class,
        }),
        exempt: item.line.exempt_until.map(|until| match until >= today {
            true => format!("Exempt until {}", short_date(until)),
            false => format!("Exemption ended on {}", short_date(until)),
        }),
        waiting_on: item.line.waiting_on.clone(),
        advice: (item.line.advice_asked > 0)
            .then(|| format!("{} of {} in", item.line.advice_in, item.line.advice_asked)),
        owner,
        class: line_class,
    }
}

fn id_of(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Overdue => "overdue",
        Urgency::DueToday => "today",
        Urgency::DueSoon => "soon",
        Urgency::DueLater => "later",
        Urgency::ExemptOrWaiting => "waiting",
    }
}

fn title_of(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Overdue => "Overdue",
        Urgency::DueToday => "Due today",
        Urgency::DueSoon => "Due in 5 working days",
        Urgency::DueLater => "Due later",
        Urgency::ExemptOrWaiting => "Exempt or waiting",
    }
}
