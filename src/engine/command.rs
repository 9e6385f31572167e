//! What people and days ask of an involvement.

use serde::{Deserialize, Serialize};

use super::event::{Actor, ClaimNo, ClockKey, LinkedFrom, RequestNo, Seq};
use crate::calendar::Date;
use crate::clock::Instant;
use crate::ids::AccountId;
use crate::timeline::{NoticeContent, Value};

/// A request to move an involvement. Dates named `on` are when it took effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    Fire {
        transition: String,
        on: Date,
        facts: Vec<(String, Value)>,
        note: Option<String>,
        /// What the person confirms that the notice says; the law's contents of it must be among them.
        #[serde(default)]
        told: Vec<NoticeContent>,
    },
    RecordFacts {
        facts: Vec<(String, Value)>,
        on: Date,
    },
    RequestAdvice {
        advice: String,
        of: String,
        on: Date,
    },
    ChaseAdvice {
        request: RequestNo,
        on: Date,
    },
    ReceiveAdvice {
        request: RequestNo,
        on: Date,
    },
    DeclineAdvice {
        request: RequestNo,
        on: Date,
        reason: String,
    },
    WithdrawAdvice {
        request: RequestNo,
        on: Date,
        reason: String,
    },
    ClaimExemption {
        clock: ClockKey,
        exemption: String,
        from: Date,
        until: Date,
        reason: String,
        evidence: String,
    },
    EndExemption {
        claim: ClaimNo,
        reason: String,
    },
    Assign {
        owner: Option<AccountId>,
    },
    Note {
        text: String,
        on: Date,
    },
    Redate {
        seq: Seq,
        on: Date,
        reason: String,
    },
    Void {
        seq: Seq,
        reason: String,
    },
    /// A new day: limits may be near or have passed, periods may have closed.
    DayPassed,
    /// A rule's cron schedule came round.
    RunRule {
        rule: String,
    },
}

impl Command {
    /// Corrections look at the whole log; every other command needs only the involvement as it stands.
    pub fn needs_log(&self) -> bool {
        matches!(self, Command::Redate { .. } | Command::Void { .. })
    }
}

/// How an involvement is opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// The day the request was received: the first event's date.
    pub on: Date,
    pub born_on: Option<Date>,
    pub owner: Option<AccountId>,
    pub facts: Vec<(String, Value)>,
    /// The involvement that brought this one about.
    #[serde(default)]
    pub linked: Option<LinkedFrom>,
}

/// Everything a decision may know beyond the involvement: who asks, and what the time is.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub by: Actor,
    pub at: Instant,
    /// Today in London.
    pub today: Date,
}

impl Asked {
    pub fn new(by: Actor, at: Instant) -> Asked {
        Asked { by, at, today: at.london_date() }
    }
}
