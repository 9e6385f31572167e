//! Moving running involvements to another version of their timeline: what to do with each limit, what would come of it,
//! and the button that does it.

use serde::Serialize;

use crate::ids::random_text;
use crate::involvements::{LimitMoves, Move, Refused, Rehearsal};
use crate::timeline::Compiled;
use crate::timeline::migrate::{Plan, Treatment};
use crate::web::error::WebError;
use crate::web::fields::Field;
use crate::web::form::{Errors, Form, Reading};
use crate::web::render::Page;
use crate::web::reply::Reply;
use crate::web::visit::Visit;

/// How many of those that cannot be moved are named on the page.
const REFUSED_SHOWN: usize = 25;

#[derive(Debug, Clone, Serialize)]
pub struct MovePage {
    title: String,
    from: u32,
    to: u32,
    back: String,
    action: String,
    /// One for each state without a namesake, then one for each time limit.
    fields: Vec<Field>,
    /// What was chosen, to be sent along with the confirmation.
    chosen: Vec<(String, String)>,
    key: String,
    preview: Option<Preview>,
    reason: Field,
    errors: Errors,
}

/// What would come of it.
#[derive(Debug, Clone, Serialize)]
struct Preview {
    live: usize,
    would_move: usize,
    states: Vec<StateRow>,
    limits: Vec<LimitRow>,
    by_themselves: usize,
    refused: Vec<RefusedRow>,
    refused_more: usize,
}

#[derive(Debug, Clone, Serialize)]
struct StateRow {
    from: String,
    to: String,
    /// They would be somewhere else afterwards.
    moves: bool,
    count: usize,
}

#[derive(Debug, Clone, Serialize)]
struct LimitRow {
    label: String,
    changes: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct RefusedRow {
    href: String,
    why: String,
}

impl RefusedRow {
    pub fn of(refused: &Refused) -> RefusedRow {
        RefusedRow { href: format!("/office/involvements/{}", refused.involvement), why: refused.why.clone() }
    }

    pub fn sample() -> RefusedRow {
        RefusedRow { href: "/office/involvements/X".into(), why: "It is at \"Considering\", and so on.".into() }
    }
}

impl Preview {
    fn of(rehearsal: &Rehearsal) -> Preview {
        let states = rehearsal.states.iter();
        Preview {
            live: rehearsal.live,
            would_move: rehearsal.would_move(),
            states: states
                .map(|(from, to, count)| StateRow {
                    moves: from != to,
                    from: from.clone(),
                    to: to.clone(),
                    count: *count,
                })
                .collect(),
            limits: rehearsal.limits.iter().map(limit_row).collect(),
            by_themselves: rehearsal.by_themselves,
            refused: rehearsal.refused.iter().take(REFUSED_SHOWN).map(RefusedRow::of).collect(),
            refused_more: rehearsal.refused.len().saturating_sub(REFUSED_SHOWN),
        }
    }
}

fn limit_row(limit: &LimitMoves) -> LimitRow {
    let mut changes = Vec::new();
    let mut say = |count: usize, what: &str| {
        if count > 0 {
            changes.push(format!("{count} {what}"));
        }
    };
    say(limit.later, "fall due later");
    say(limit.earlier, "fall due earlier");
    say(limit.begin, "begin to run");
    say(limit.fall_away, "fall away");
    say(limit.overdue_at_once, "would be overdue at once");
    if limit.most_days > 0 {
        changes.push(format!("the furthest by {} days", limit.most_days));
    }
    LimitRow { label: limit.label.clone(), changes }
}

impl Page for MovePage {
    const TEMPLATE: &'static str = "office/move_versions";

    fn heading(&self) -> String {
        format!("Move involvements from version {} to version {}", self.from, self.to)
    }

    fn section(&self) -> &'static str {
        "/office/timelines"
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn sample() -> MovePage {
        let mut errors = Errors::default();
        errors.add("reason", "Say why they are moved");
        let limits = vec![LimitRow { label: "Decide".into(), changes: vec!["3 fall due later".into()] }];
        let states = vec![StateRow { from: "Considering".into(), to: "Deciding".into(), moves: true, count: 4 }];
        MovePage {
            title: "EHC needs assessment".into(),
            from: 2,
            to: 3,
            back: "/office/timelines/x/compare?from=2&to=3".into(),
            action: "/office/timelines/x/move?from=2&to=3".into(),
            fields: vec![treatment_field("decide", "Decide", Treatment::Keep)],
            chosen: vec![("clock-decide".into(), "keep".into())],
            key: "KEY".into(),
            preview: Some(Preview {
                live: 5,
                would_move: 4,
                states,
                limits,
                by_themselves: 1,
                refused: vec![RefusedRow::sample()],
                refused_more: 1,
            }),
            reason: reason_field(),
            errors,
        }
    }
}

/// The two versions of the address.
struct Versions {
    old: std::sync::Arc<Compiled>,
    new: std::sync::Arc<Compiled>,
}

impl Versions {
    async fn read(visit: &Visit) -> Result<Versions, WebError> {
        let version = async |name: &str| {
            let number = visit.query.get(name).parse().map_err(|_| WebError::NotFound)?;
            let found = visit.app.involvements.version(visit.part(0), number).await.map_err(WebError::from)?;
            found.ok_or(WebError::NotFound)
        };
        let (old, new) = (version("from").await?, version("to").await?);
        if old.id == new.id { Err(WebError::NotFound) } else { Ok(Versions { old, new }) }
    }

    /// Open states of the old version that the new one has no namesake for.
    fn homeless(&self) -> impl Iterator<Item = (&str, &str)> {
        let states = self.old.definition.states.iter();
        states
            .filter(|state| state.ends.is_none() && self.new.state(&state.id).is_none())
            .map(|state| (state.id.as_str(), state.label.as_str()))
    }

    fn plan(&self, form: &Form) -> Plan {
        let states = self.homeless().filter_map(|(state, _)| {
            let to = form.get(&format!("state-{state}"));
            self.new.state(to).map(|_| (state.to_owned(), to.to_owned()))
        });
        let clocks = self.new.clocks.iter().filter_map(|clock| {
            let chosen = Treatment::of_word(form.get(&format!("clock-{}", clock.name)))?;
            Some((clock.name.to_string(), chosen))
        });
        Plan { states: states.collect(), clocks: clocks.collect() }
    }

    fn fields(&self, plan: &Plan) -> Vec<Field> {
        let open = self.new.definition.states.iter().filter(|state| state.ends.is_none());
        let mut options = vec![(String::new(), "Leave them where they are".to_owned())];
        options.extend(open.map(|state| (state.id.clone(), state.label.clone())));
        let states = self.homeless().map(|(state, label)| {
            let chosen = plan.states.get(state).map_or("", String::as_str);
            Field::select(&format!("state-{state}"), &format!("Those at \"{label}\" go to"), &options, chosen)
        });
        let clocks = self.new.definition.clocks.iter();
        let clocks = clocks.map(|clock| treatment_field(&clock.id, &clock.label, plan.treatment(&self.old, &clock.id)));
        states.chain(clocks).collect()
    }

    fn page(&self, plan: &Plan, key: &str) -> MovePage {
        let (old, new) = (&self.old.definition, &self.new.definition);
        let versions = format!("from={}&to={}", old.version, new.version);
        let states = plan.states.iter().map(|(was, is)| (format!("state-{was}"), is.clone()));
        let clocks = plan.clocks.iter();
        let clocks = clocks.map(|(clock, treatment)| (format!("clock-{clock}"), treatment.word().to_owned()));
        MovePage {
            title: new.title.clone(),
            from: old.version,
            to: new.version,
            back: format!("/office/timelines/{}/compare?{versions}", new.id),
            action: format!("/office/timelines/{}/move?{versions}", new.id),
            fields: self.fields(plan),
            chosen: states.chain(clocks).collect(),
            key: if key.is_empty() { random_text(26) } else { key.to_owned() },
            preview: None,
            reason: reason_field(),
            errors: Errors::default(),
        }
    }

    fn moving(&self, plan: Plan, reason: String) -> Move {
        Move { from: self.old.clone(), to: self.new.clone(), plan, reason }
    }
}

fn treatment_field(clock: &str, label: &str, chosen: Treatment) -> Field {
    let options = Treatment::ALL.map(|treatment| {
        let says = match treatment {
            Treatment::Keep => "Keep the due date",
            Treatment::Recompute => "Count as the new version does, from the start",
            Treatment::Restart => "Begin anew today",
        };
        (treatment.word().to_owned(), says.to_owned())
    });
    Field::select(&format!("clock-{clock}"), label, &options, chosen.word())
}

fn reason_field() -> Field {
    Field::textarea("reason", "Why they are moved", "").hint("Stands in the record of each of them")
}

pub(in crate::web) async fn show(visit: Visit) -> Result<Reply, WebError> {
    let versions = Versions::read(&visit).await?;
    let plan = versions.plan(&visit.query);
    let mut page = versions.page(&plan, "");
    if !visit.query.get("go").is_empty() {
        page.preview = Some(preview(&visit, &versions, plan).await?);
    }
    visit.page(&page)
}

async fn preview(visit: &Visit, versions: &Versions, plan: Plan) -> Result<Preview, WebError> {
    let moving = versions.moving(plan, "Preview".into());
    let rehearsal = visit.app.involvements.rehearse(&moving, &visit.asked()?).await.map_err(WebError::from)?;
    Ok(Preview::of(&rehearsal))
}

pub(in crate::web) async fn send(visit: Visit) -> Result<Reply, WebError> {
    let versions = Versions::read(&visit).await?;
    let plan = versions.plan(&visit.form);
    let mut reading = Reading::of(&visit.form);
    let reason = reading.needed("reason", "Say why they are moved");
    if !reading.errors.is_empty() {
        let errors = reading.errors;
        let mut page = versions.page(&plan, visit.form.get("key"));
        page.preview = Some(preview(&visit, &versions, plan).await?);
        page.reason = page.reason.typed(&visit.form, &errors);
        page.errors = errors;
        return visit.page_again(&page);
    }
    let is_key = |key: &String| key.len() == 26 && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let key = Some(visit.form.get("key").to_owned()).filter(is_key);
    let moving = versions.moving(plan, reason);
    let begun = visit.app.involvements.begin_move(&moving, &visit.asked()?, key).await.map_err(WebError::from)?;
    let (involvements, id) = (visit.app.involvements.clone(), begun.clone());
    tokio::spawn(async move {
        if let Err(error) = involvements.carry_out(&id, |_| {}).await {
            tracing::error!(%error, "a move to another version was interrupted; it is gone on with");
        }
    });
    Ok(Reply::see(format!("/office/moves/{begun}")))
}
