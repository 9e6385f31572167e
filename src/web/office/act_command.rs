//! Reads a sent form into a command; what is missing or cannot be read is told field by field.

use super::act_form::{Doing, clock_of, told_value};
use crate::engine::{ClockKey, Command, Engine};
use crate::ids::AccountId;
use crate::timeline::NoticeContent;
use crate::web::fields::read_facts;
use crate::web::form::{Errors, Form, Reading};

/// The command, or what is wrong with the form. `Ok(None)` when there is no such thing to do.
pub(super) fn read(doing: &Doing, form: &Form, engine: Engine<'_>) -> Result<Option<Command>, Errors> {
    let mut reading = Reading::of(form);
    let object = doing.object.clone();
    let command = match doing.verb.as_str() {
        "fire" => {
            let Some(ix) = engine.definition.transition(&object) else { return Ok(None) };
            let facts = read_facts(
                &mut reading,
                form,
                engine.definition.transitions[ix.at()].needs.iter().map(|fact| engine.fact_definition(*fact)),
            );
            let note = Some(reading.text("note")).filter(|note| !note.is_empty());
            let told = |content: &NoticeContent| form.all("told").any(|value| value == told_value(*content));
            let told = NoticeContent::ALL.into_iter().filter(told).collect();
            reading.needed_date("on", "The date it took effect").map(|on| Command::Fire {
                transition: object,
                on,
                facts,
                note,
                told,
            })
        }
        "facts" => {
            let facts = read_facts(&mut reading, form, &engine.definition.definition.facts);
            reading.needed_date("on", "The date from which this is so").map(|on| Command::RecordFacts { facts, on })
        }
        "ask" => {
            let advice = reading.needed("advice", "Choose which advice you ask for");
            let of = reading.text("of");
            reading.needed_date("on", "The date they received the request").map(|on| Command::RequestAdvice {
                advice,
                of,
                on,
            })
        }
        "receive" | "chase" | "decline" | "take-back" => {
            let Ok(request) = object.parse() else { return Ok(None) };
            let on = reading.needed_date("on", "The date");
            let reason = reading.text("reason");
            on.map(|on| match doing.verb.as_str() {
                "receive" => Command::ReceiveAdvice { request, on },
                "chase" => Command::ChaseAdvice { request, on },
                "decline" => Command::DeclineAdvice { request, on, reason },
                _ => Command::WithdrawAdvice { request, on, reason },
            })
        }
        "exempt" => {
            let (clock, request) = clock_of(&object);
            let clock = ClockKey { clock: clock.into(), request };
            let exemption = reading.needed("exemption", "Choose the ground");
            let from = reading.needed_date("from", "The first day");
            let until = reading.needed_date("until", "The last day");
            let (reason, evidence) = (reading.text("reason"), reading.text("evidence"));
            from.zip(until).map(|(from, until)| Command::ClaimExemption {
                clock,
                exemption,
                from,
                until,
                reason,
                evidence,
            })
        }
        "end-exemption" => {
            let Ok(claim) = object.parse() else { return Ok(None) };
            Some(Command::EndExemption { claim, reason: reading.text("reason") })
        }
        "assign" => {
            let owner = reading.needed("owner", "Choose who looks after it");
            Some(Command::Assign { owner: Some(owner).filter(|owner| owner != "nobody").map(AccountId::from) })
        }
        "note" => {
            let text = reading.text("text");
            reading.needed_date("on", "The date it is about").map(|on| Command::Note { text, on })
        }
        "correct" => {
            let Ok(seq) = object.parse() else { return Ok(None) };
            let reason = reading.text("reason");
            reading.needed_date("on", "The right date").map(|on| Command::Redate { seq, on, reason })
        }
        "void" => {
            let Ok(seq) = object.parse() else { return Ok(None) };
            Some(Command::Void { seq, reason: reading.text("reason") })
        }
        _ => return Ok(None),
    };
    if reading.errors.is_empty() { Ok(command) } else { Err(reading.errors) }
}
