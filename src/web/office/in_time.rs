//! How much was done in time: each of the authority's limits over a period, with exemptions and without.

use chrono::Datelike;
use serde::Serialize;

use crate::audit::Action;
use crate::calendar::{Date, date, written_date};
use crate::involvements::InTime;
use crate::web::error::WebError;
use crate::web::fields::Field;
use crate::web::form::{Errors, Reading};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

const PATH: &str = "/office/in-time";

#[derive(Debug, Clone, Serialize)]
pub struct InTimePage {
    period: String,
    fields: Vec<Field>,
    processes: Vec<Process>,
    errors: Errors,
}

#[derive(Debug, Clone, Serialize)]
struct Process {
    title: String,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    limit: String,
    provision: String,
    due: usize,
    in_time: usize,
    excused: usize,
    late: usize,
    percent: String,
    percent_exempt: String,
}

impl Page for InTimePage {
    const TEMPLATE: &'static str = "office/in_time";

    fn heading(&self) -> String {
        "Done in time".into()
    }

    fn section(&self) -> &'static str {
        PATH
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> InTimePage {
        let row = |limit: &str| InTime {
            timeline: "EHC needs assessment".into(),
            limit: limit.into(),
            provision: "SEND Regulations 2014 reg. 13(2)".into(),
            in_time: 12,
            late: 3,
            excused: 1,
        };
        let period = (date(2026, 1, 1), date(2026, 3, 2));
        let mut errors = Errors::default();
        errors.add("until", "The last day must not be before the first");
        InTimePage { errors, ..InTimePage::of(period, &[row("Send the final plan"), row("Decide")]) }
    }
}

impl InTimePage {
    fn of((from, until): (Date, Date), all: &[InTime]) -> InTimePage {
        let mut processes: Vec<Process> = Vec::new();
        for one in all.iter().filter(|one| one.due() > 0) {
            match processes.last_mut().filter(|process| process.title == one.timeline) {
                Some(process) => process.rows.push(row(one)),
                None => processes.push(Process { title: one.timeline.clone(), rows: vec![row(one)] }),
            }
        }
        InTimePage {
            period: format!("{} to {}", written_date(from), written_date(until)),
            fields: vec![Field::date("from", "Due from", Some(from)), Field::date("until", "Due until", Some(until))],
            processes,
            errors: Errors::default(),
        }
    }
}

fn row(one: &InTime) -> Row {
    let percent = |percent: Option<usize>| percent.map_or_else(|| "–".into(), |percent| format!("{percent}%"));
    Row {
        limit: one.limit.clone(),
        provision: one.provision.clone(),
        due: one.due(),
        in_time: one.in_time,
        excused: one.excused,
        late: one.late,
        percent: percent(one.percent_without_exemptions()),
        percent_exempt: percent(one.percent_with_exemptions()),
    }
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let today = visit.today();
    let this_year = (date(today.year(), 1, 1), today);
    let mut reading = Reading::of(&visit.query);
    let from = reading.date("from", "The first day").unwrap_or(this_year.0);
    let until = reading.date("until", "The last day").unwrap_or(this_year.1);
    if reading.errors.is_empty() && until < from {
        reading.errors.add("until", "The last day must not be before the first");
    }
    let errors = reading.errors;
    if !errors.is_empty() {
        let page = InTimePage::of(this_year, &[]);
        let fields = page.fields.into_iter().map(|field| field.typed(&visit.query, &errors)).collect();
        return visit.page_again(&InTimePage { period: String::new(), fields, processes: Vec::new(), errors });
    }
    visit.note(visit.signed()?, Action::FiguresViewed).await?;
    let found = visit.app.involvements.in_time((from, until), today).await.map_err(WebError::from)?;
    visit.page(&InTimePage::of((from, until), &found))
}
