//! The form of each thing that can be done with an involvement: its heading, what to know before, and its fields.

use super::act_closures::{excusing, in_words, reply_in_closure};
use crate::accounts::Account;
use crate::calendar::{Closure, Date, written_date};
use crate::engine::{Engine, Seq};
use crate::involvements::Held;
use crate::timeline::{Effect, FactIx, NoticeContent};
use crate::web::error::WebError;
use crate::web::fields::Field;
use crate::web::visit::Visit;

/// What is being done, as the address says it: `fire/agree-to-assess`, `receive/3`, `note`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doing {
    pub verb: String,
    pub object: String,
}

/// A form before anything is typed in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Blank {
    pub heading: String,
    pub caption: String,
    pub intro: Vec<String>,
    /// Shown as a warning: this cannot simply be taken back.
    pub warning: Option<String>,
    pub button: String,
    pub fields: Vec<Field>,
}

/// Everything a form may have to name.
pub(super) struct Around<'a> {
    pub engine: Engine<'a>,
    pub held: &'a Held,
    pub staff: &'a [Account],
    pub today: Date,
    /// The event a correction is about.
    pub event: Option<&'a EventAtHand>,
    /// When the child's setting is closed, today or later, or was in the months before.
    pub closures: &'a [Closure],
}

/// An event that is to be corrected.
#[derive(Debug)]
pub(super) struct EventAtHand {
    occurred_on: Date,
    /// In the words of the version it was recorded under.
    text: String,
}

impl EventAtHand {
    pub async fn find(visit: &Visit, held: &Held, seq: Seq) -> Result<EventAtHand, WebError> {
        let past = visit.app.involvements.past(&held.id).await.map_err(WebError::from)?;
        let engine = visit.app.involvements.engine(held).having_run_on(&past.earlier);
        let at = (seq as usize).checked_sub(1).ok_or(WebError::NotFound)?;
        let (event, engine) = past.log.iter().zip(engine.through(&past.log)).nth(at).ok_or(WebError::NotFound)?;
        Ok(EventAtHand { occurred_on: event.occurred_on, text: engine.event_in_words(&event.what) })
    }
}

/// The form for what is being done; none when there is no such thing to do.
pub(super) fn blank(doing: &Doing, around: &Around<'_>) -> Option<Blank> {
    match doing.verb.as_str() {
        "fire" => fire(doing, around),
        "facts" => Some(facts(around)),
        "ask" => Some(ask(around)),
        "receive" => request(doing, around, "Record that advice was received", "Date it was received", false),
        "chase" => request(doing, around, "Record that advice was chased", "Date it was chased", false),
        "decline" => request(doing, around, "Record that advice was declined", "Date it was declined", true),
        "take-back" => request(doing, around, "Withdraw a request for advice", "Date it was withdrawn", true),
        "exempt" => exempt(doing, around),
        "end-exemption" => Some(end_exemption(doing)),
        "assign" => Some(assign(around)),
        "note" => Some(note(around)),
        "correct" => correct(doing, around),
        "void" => void(doing, around),
        _ => None,
    }
}

fn fire(doing: &Doing, around: &Around<'_>) -> Option<Blank> {
    let compiled = around.engine.definition;
    let ix = compiled.transition(&doing.object)?;
    let transition = around.engine.transition_definition(ix);
    if transition.automatic {
        return None;
    }
    let notices = transition.does.iter().filter_map(|effect| match effect {
        Effect::Notice(name, to) => {
            let notice = compiled.definition.notices.iter().find(|notice| notice.id == *name)?;
            let to = to.iter().map(|recipient| recipient.label()).collect::<Vec<_>>().join(", ");
            Some(format!("Sends the notice \"{}\" to: {to} ({}).", notice.label, notice.basis))
        }
        Effect::RequestAdvice(names) => {
            let asked = names.iter().filter_map(|name| compiled.advice(name));
            let asked =
                asked.map(|ix| around.engine.advice_definition(ix).label.clone()).collect::<Vec<_>>().join("; ");
            Some(format!("Asks for advice: {asked}."))
        }
        _ => None,
    });
    let mut fields = vec![on("Date it took effect", around.today)];
    let needs = compiled.transitions[ix.at()].needs.iter();
    fields.extend(
        needs.map(|fact| Field::of_fact(around.engine.fact_definition(*fact), around.held.involvement.fact(*fact))),
    );
    let must_tell = &compiled.transitions[ix.at()].must_tell;
    if !must_tell.is_empty() {
        let options: Vec<_> =
            must_tell.iter().map(|content| (told_value(*content), upper_first(content.label()))).collect();
        let hint = "The law requires all of it. Tick each one that you have checked";
        fields.push(Field::checkboxes("told", "What the letter says", &options).hint(hint));
    }
    fields.push(Field { rows: 3, ..Field::textarea("note", "Note (optional)", "") });
    let warned = reply_in_closure(around, |advice| {
        let asks = |effect: &Effect| matches!(effect, Effect::RequestAdvice(names) if names.contains(&advice.id));
        transition.does.iter().any(asks)
    });
    Some(Blank {
        heading: transition.label.clone(),
        intro: notices.chain(warned).collect(),
        warning: transition.confirm.clone(),
        button: if transition.confirm.is_some() { "Confirm".into() } else { "Save".into() },
        fields,
        ..Blank::default()
    })
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The value of the box that confirms this of a notice.
pub(super) fn told_value(content: NoticeContent) -> String {
    format!("{content:?}")
}

fn facts(around: &Around<'_>) -> Blank {
    let all = (0..around.engine.definition.facts.len()).map(|at| FactIx(at as u16));
    let mut fields: Vec<Field> = all
        .map(|fact| Field::of_fact(around.engine.fact_definition(fact), around.held.involvement.fact(fact)))
        .collect();
    fields.push(on("Date from which this is so", around.today));
    Blank {
        heading: "Record or change facts".into(),
        intro: vec!["Only what you change is recorded. Empty fields are left as they are.".into()],
        button: "Save".into(),
        fields,
        ..Blank::default()
    }
}

fn ask(around: &Around<'_>) -> Blank {
    let view = around.engine.view(&around.held.involvement, None, around.today);
    let open = view.advice.iter().filter(|offer| offer.refused.is_none());
    let options: Vec<_> = open
        .map(|offer| {
            let advice = around.engine.advice_definition(offer.advice);
            (advice.id.clone(), advice.label.clone())
        })
        .collect();
    Blank {
        heading: "Ask for advice".into(),
        intro: reply_in_closure(around, |advice| options.iter().any(|(id, _)| *id == advice.id)).into_iter().collect(),
        button: "Save".into(),
        fields: vec![
            Field::radios("advice", "Which advice", &options, ""),
            Field::text("of", "Whom you ask (optional)", "").hint("A name or an organisation"),
            on("Date they received the request", around.today),
        ],
        ..Blank::default()
    }
}

fn request(doing: &Doing, around: &Around<'_>, heading: &str, date_label: &str, reason: bool) -> Option<Blank> {
    let request = around.held.involvement.request(doing.object.parse().ok()?)?;
    let advice = around.engine.advice_definition(request.advice);
    let mut fields = vec![on(date_label, around.today)];
    if reason {
        fields.push(reason_field("Why"));
    }
    let of = if request.of.is_empty() { String::new() } else { format!(" from {}", request.of) };
    Some(Blank {
        heading: heading.into(),
        caption: format!("{}{of}, asked for on {}", advice.label, written_date(request.run.started_on)),
        button: "Save".into(),
        fields,
        ..Blank::default()
    })
}

fn exempt(doing: &Doing, around: &Around<'_>) -> Option<Blank> {
    let (clock, request) = clock_of(&doing.object);
    let ix = around.engine.definition.clock(clock)?;
    let grounds = &around.engine.definition.clocks[ix.at()].exemptions;
    let grounds = grounds.iter().map(|ground| &around.engine.definition.definition.exemptions[ground.at()]);
    let by_closure = grounds.clone().any(|ground| ground.closure_window);
    let options: Vec<_> =
        grounds.map(|ground| (ground.id.clone(), format!("{} ({})", ground.label, ground.basis))).collect();
    if options.is_empty() {
        return None;
    }
    let closure = excusing(around, request).filter(|_| by_closure);
    let mut intro = vec![
        "An exemption never moves the date. It says that the limit need not be met because that is impractical for this reason.".into(),
        "The involvement stays on the list and is shown as exempt until the period ends.".into(),
    ];
    intro.extend(closure.map(|closure| {
        format!("{}. It was asked in the window of that closure, so its dates are filled in below.", in_words(closure))
    }));
    let definition = around.engine.definition.clock_definition(ix);
    let of_request = request.map(|no| format!(", request {no}")).unwrap_or_default();
    Some(Blank {
        heading: "Claim an exemption".into(),
        caption: format!("{}{of_request}", definition.label),
        intro,
        button: "Save".into(),
        fields: vec![
            Field::radios("exemption", "Ground", &options, ""),
            Field::date("from", "From", closure.map(|closure| closure.from))
                .hint("The first day of the closure, absence or circumstances"),
            Field::date("until", "Until", closure.map(|closure| closure.reopens_on))
                .hint("For a closure, the day it re-opens"),
            reason_field("Why the limit cannot be met for this reason"),
            Field { rows: 3, ..Field::textarea("evidence", "Evidence", "") }
                .hint("What you rest it on, and where it is kept"),
        ],
        ..Blank::default()
    })
}

fn end_exemption(doing: &Doing) -> Blank {
    Blank {
        heading: "End an exemption".into(),
        caption: format!("Exemption {}", doing.object),
        button: "End it".into(),
        fields: vec![reason_field("Why")],
        ..Blank::default()
    }
}

fn assign(around: &Around<'_>) -> Blank {
    let mut options: Vec<_> =
        around.staff.iter().map(|account| (account.id.to_string(), account.display_name.clone())).collect();
    options.push(("nobody".into(), "Nobody".into()));
    let now = around.held.involvement.owner.as_ref().map_or("nobody", |owner| owner.as_str());
    Blank {
        heading: "Change the owner".into(),
        button: "Save".into(),
        fields: vec![Field::radios("owner", "Who looks after this involvement", &options, now)],
        ..Blank::default()
    }
}

fn note(around: &Around<'_>) -> Blank {
    Blank {
        heading: "Add a note".into(),
        intro: vec!["Notes are kept with the involvement. The family may ask to read them.".into()],
        button: "Save".into(),
        fields: vec![Field::textarea("text", "Note", ""), on("Date it is about", around.today)],
        ..Blank::default()
    }
}

fn correct(doing: &Doing, around: &Around<'_>) -> Option<Blank> {
    let event = around.event?;
    Some(Blank {
        heading: "Correct a date".into(),
        caption: format!("Event {}: {}", doing.object, event.text),
        intro: vec![
            format!("It was recorded as {}.", written_date(event.occurred_on)),
            "Every due date is counted again. Both dates stay in the record.".into(),
        ],
        button: "Correct the date".into(),
        fields: vec![Field::date("on", "The right date", None), reason_field("Why")],
        ..Blank::default()
    })
}

fn void(doing: &Doing, around: &Around<'_>) -> Option<Blank> {
    let event = around.event?;
    Some(Blank {
        heading: "Void an event".into(),
        caption: format!("Event {}: {}", doing.object, event.text),
        intro: vec![format!("It was recorded for {}.", written_date(event.occurred_on))],
        warning: Some("Everything that followed from it by itself is taken back too. The event stays in the record, struck through.".into()),
        button: "Void it".into(),
        fields: vec![reason_field("Why")],
    })
}

/// The clock and the advice request of `clock` or `clock~3`.
pub(super) fn clock_of(object: &str) -> (&str, Option<u32>) {
    match object.split_once('~') {
        Some((clock, request)) => (clock, request.parse().ok()),
        None => (object, None),
    }
}

fn on(label: &str, today: Date) -> Field {
    Field::date("on", label, Some(today)).hint("It may lie in the past: limits count from this day")
}

fn reason_field(label: &str) -> Field {
    Field { rows: 3, ..Field::textarea("reason", label, "") }
}
