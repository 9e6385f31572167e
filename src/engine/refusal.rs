//! The engine's reasoned "no", worded for the person who asked.

use crate::calendar::{Date, Span, written_date};

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "This involvement has ended ({how}), so nothing more can be recorded on it. If it ended by mistake, void the event that ended it."
    )]
    Ended { how: String },
    #[error("The timeline has no {kind} called \"{name}\".")]
    Unknown { kind: &'static str, name: String },
    #[error("\"{transition}\" cannot be done while the involvement is at \"{state}\".")]
    NotFromHere { transition: String, state: String },
    #[error("\"{transition}\" happens by itself and cannot be done by hand.")]
    Automatic { transition: String },
    #[error("\"{what}\" can be done by: {who}.")]
    NotYours { what: String, who: String },
    #[error("\"{transition}\" is not open yet: {}.", unmet.join("; "))]
    NotYet { transition: String, unmet: Vec<String> },
    #[error("Enter: {}.", facts.join(", "))]
    FactsMissing { facts: Vec<String> },
    #[error("\"{fact}\" must be {expected}.")]
    FactUnfit { fact: String, expected: String },
    #[error("\"{fact}\" is not asked for by \"{transition}\". Record it on its own.")]
    FactNotAsked { fact: String, transition: String },
    #[error(
        "\"{transition}\" is not lawful notice until the letter says all of: {missing}. Tick each one that it says."
    )]
    NoticeIncomplete { transition: String, missing: String },
    #[error("{} is in the future. Enter today's date or an earlier one.", written_date(*on))]
    InFuture { on: Date },
    #[error("{} is before {what} on {}. Enter that date or a later one.", written_date(*on), written_date(*earliest))]
    TooEarly { on: Date, what: String, earliest: Date },
    #[error("{} is too long ago: the law of this timeline applies from {}.", written_date(*on), written_date(*from))]
    BeforeTheLaw { on: Date, from: Date },
    #[error("{} is too late: this version of the timeline applies until {}.", written_date(*on), written_date(*until))]
    AfterTheLaw { on: Date, until: Date },
    #[error("\"{advice}\" cannot be asked for while the involvement is at \"{state}\".")]
    CannotAskHere { advice: String, state: String },
    #[error("\"{advice}\" has been asked for already and is still waited for.")]
    AlreadyAsked { advice: String },
    #[error("Advice request {no} is not on this involvement.")]
    NoSuchRequest { no: u32 },
    #[error("\"{advice}\" is not waiting any more: it was {answer}.")]
    NotWaiting { advice: String, answer: &'static str },
    #[error("Give a reason.")]
    ReasonMissing,
    #[error("Say what the evidence is.")]
    EvidenceMissing,
    #[error("\"{clock}\" is not running, so there is nothing to exempt.")]
    NotRunning { clock: String },
    #[error("The law does not give \"{exemption}\" as a ground for \"{clock}\".")]
    GroundNotGiven { exemption: String, clock: String },
    #[error("The period must end after it begins.")]
    PeriodBackwards,
    #[error("\"{exemption}\" needs a period of at least {least} without a break; this one has {days} days.")]
    PeriodTooShort { exemption: String, least: Span, days: i64 },
    #[error("\"{exemption}\" covers a request made from {} to {}. This one was made on {}.", written_date(*first), written_date(*last), written_date(*asked_on))]
    OutsideClosureWindow { exemption: String, first: Date, last: Date, asked_on: Date },
    #[error("The period ended on {} before the limit began to run on {}.", written_date(*until), written_date(*started_on))]
    PeriodBeforeClock { until: Date, started_on: Date },
    #[error("Exemption claim {no} is not on this involvement, or it has been ended already.")]
    NoSuchClaim { no: u32 },
    #[error("Write the note before you save it.")]
    NoteEmpty,
    #[error("Event {seq} is not on this involvement.")]
    NoSuchEvent { seq: u32 },
    #[error("Event {seq} cannot be corrected: {why}.")]
    NotCorrectable { seq: u32, why: &'static str },
    #[error(
        "That would contradict what was recorded later (event {seq}, {event}): {why} Correct or void that event first."
    )]
    CorrectionBreaks { seq: u32, event: String, why: String },
    #[error("It cannot be moved to version {version} of the timeline: {why}.")]
    CannotMove { version: u32, why: String },
    #[error(
        "The timeline goes round in a circle here: more than {most} steps followed from one. A SEND manager must mend the definition."
    )]
    GoesRound { most: usize },
    #[error("{0}")]
    Calendar(String),
}

impl Refusal {
    /// The part of the form it is about, so that the page can put it beside the field.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Refusal::InFuture { .. }
            | Refusal::TooEarly { .. }
            | Refusal::BeforeTheLaw { .. }
            | Refusal::AfterTheLaw { .. } => Some("on"),
            Refusal::NoticeIncomplete { .. } => Some("told"),
            Refusal::ReasonMissing => Some("reason"),
            Refusal::EvidenceMissing => Some("evidence"),
            Refusal::NoteEmpty => Some("text"),
            Refusal::GroundNotGiven { .. } => Some("exemption"),
            Refusal::PeriodBackwards
            | Refusal::PeriodTooShort { .. }
            | Refusal::OutsideClosureWindow { .. }
            | Refusal::PeriodBeforeClock { .. } => Some("until"),
            _ => None,
        }
    }
}
