//! Progress, as the family sees it: what is happening, what we wait for, what is next, the legal date, and why.

use serde::Serialize;

use crate::calendar::{Date, written_date};
use crate::children::Child;
use crate::engine::{ClockStanding, Progress, ProgressDate, StageStanding};
use crate::involvements::Held;
use crate::web::render::Page;
use crate::web::why::Why;
use crate::web::words::days;

#[derive(Debug, Clone, Serialize)]
pub struct ProgressPage {
    child: String,
    title: String,
    now: String,
    next: Option<String>,
    ended: Option<String>,
    late: Option<Late>,
    next_date: Option<DateRow>,
    stages: Vec<StageRow>,
    waited: Vec<WaitedRow>,
    replies: Option<String>,
    dates: Vec<DateRow>,
    happened: Vec<(String, String)>,
    facts: Vec<(String, String)>,
    /// Where staff go back to from their look at the family's page.
    staff_back: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Late {
    text: String,
    reason: Option<String>,
    next_update: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct StageRow {
    title: String,
    text: String,
    says: String,
    class: &'static str,
    is_now: bool,
}

#[derive(Debug, Clone, Serialize)]
struct WaitedRow {
    who: String,
    says: String,
}

#[derive(Debug, Clone, Serialize)]
struct DateRow {
    label: String,
    on: String,
    says: String,
    exempt: Option<String>,
    why: Why,
}

impl Page for ProgressPage {
    const TEMPLATE: &'static str = "citizen/progress";

    fn heading(&self) -> String {
        format!("{}’s progress", self.child)
    }

    fn section(&self) -> &'static str {
        "/citizen"
    }

    fn sample() -> ProgressPage {
        let date = DateRow {
            label: "Tell you whether we will assess".into(),
            on: "Monday 13 April 2026".into(),
            says: "We are 3 days late.".into(),
            exempt: Some("The school was closed for four weeks or more.".into()),
            why: Why::of("Tell you whether we will assess", crate::web::samples::explanation()),
        };
        ProgressPage {
            child: "Ada".into(),
            title: "EHC needs assessment".into(),
            now: "We have the request.".into(),
            next: Some("We will write to you.".into()),
            ended: Some("Request withdrawn".into()),
            late: Some(Late {
                text: "We are late.".into(),
                reason: Some("Our panel was cancelled.".into()),
                next_update: Some("Monday 27 April 2026".into()),
            }),
            next_date: Some(date.clone()),
            stages: vec![StageRow {
                title: "Deciding".into(),
                text: "We decide.".into(),
                says: "Happening now".into(),
                class: "mp-steps__now",
                is_now: true,
            }],
            waited: vec![WaitedRow {
                who: "An educational psychologist".into(),
                says: "asked on Monday 2 March 2026".into(),
            }],
            replies: Some("1 of 5 have replied".into()),
            dates: vec![date],
            happened: vec![("Monday 2 March 2026".into(), "Request received".into())],
            facts: vec![("Panel date".into(), "Tuesday 7 April 2026".into())],
            staff_back: Some("/office/involvements/X".into()),
        }
    }
}

impl ProgressPage {
    pub(super) fn of(
        child: &Child,
        held: &Held,
        progress: Progress,
        today: Date,
        staff_back: Option<String>,
    ) -> ProgressPage {
        let all = progress.waited.len();
        let dates: Vec<DateRow> = progress.dates.iter().map(date_row).collect();
        let open = progress.dates.iter().zip(&dates).find(|(date, _)| !date.is_done());
        ProgressPage {
            child: child.first_name().to_owned(),
            title: held.definition.definition.title.clone(),
            next: progress.next.filter(|_| progress.ended.is_none()),
            late: progress.late.map(|late| Late {
                text: late.text,
                reason: late.reason,
                next_update: late.next_update_on.filter(|on| *on >= today).map(written_date),
            }),
            next_date: open.map(|(_, row)| row.clone()),
            stages: progress.stages.iter().map(stage_row).collect(),
            replies: (all > 0).then(|| format!("{} of {all} have replied", progress.replies_in)),
            waited: progress.waited.iter().map(waited_row).collect(),
            dates,
            happened: progress.happened.into_iter().map(|(on, what)| (written_date(on), what)).collect(),
            facts: progress.shared_facts,
            now: progress.now,
            ended: progress.ended,
            staff_back,
        }
    }
}

fn stage_row(stage: &crate::engine::ProgressStage) -> StageRow {
    let (says, class, is_now) = match stage.standing {
        StageStanding::Done { .. } => ("Done".into(), "mp-steps__done", false),
        StageStanding::Now { since } => {
            (format!("Happening now, since {}", written_date(since)), "mp-steps__now", true)
        }
        StageStanding::Next => ("Comes next".into(), "", false),
    };
    StageRow { title: stage.title.clone(), text: stage.text.clone(), says, class, is_now }
}

fn waited_row(waited: &crate::engine::Waited) -> WaitedRow {
    let asked = format!("asked on {}", written_date(waited.asked_on));
    let says = match (waited.answered_on, waited.due_on) {
        (Some(on), _) => format!("{asked}, replied on {}", written_date(on)),
        (None, Some(due_on)) if waited.overdue => {
            format!("{asked}, the reply was due on {} and is late", written_date(due_on))
        }
        (None, Some(due_on)) => format!("{asked}, the reply is due by {}", written_date(due_on)),
        (None, None) => asked,
    };
    WaitedRow { who: waited.who.clone(), says }
}

fn date_row(date: &ProgressDate) -> DateRow {
    let says = match &date.standing {
        ClockStanding::Running { days_left: 0 } | ClockStanding::Open { days_left: 0 } => "This is today.".into(),
        ClockStanding::Running { days_left } | ClockStanding::Open { days_left } => {
            format!("That is in {}.", days(*days_left))
        }
        ClockStanding::Overdue { days: late } if date.is_ours => format!("We are {} late.", days(*late)),
        ClockStanding::Overdue { days: late } => format!("This is {} late. It is not for us to do.", days(*late)),
        ClockStanding::Exempt { .. } => "The law lets us take longer.".into(),
        ClockStanding::Met { on } => format!("Done on {}.", written_date(*on)),
        ClockStanding::MetLate { on, days: late, .. } => {
            format!("Done on {}, {} late.", written_date(*on), days(*late))
        }
        ClockStanding::Lapsed { .. } => "No longer needed.".into(),
        ClockStanding::Closed { on } => format!("Closed on {}.", written_date(*on)),
        ClockStanding::NotStarted => String::new(),
        ClockStanding::Uncountable { why } => why.clone(),
    };
    DateRow {
        label: date.label.clone(),
        on: written_date(date.due_on),
        says,
        exempt: date.exempt.clone(),
        why: Why::of(&date.label, date.why.clone()),
    }
}
