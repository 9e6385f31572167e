//! What happened to an involvement: the log that everything else is derived from.

use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::calendar::{Date, Span};
use crate::clock::Instant;
use crate::ids::{AccountId, DefinitionId, InvolvementId};
use crate::timeline::migrate::Plan;
use crate::timeline::{Name, NoticeContent, Value};

/// The number of an event in its involvement's log, from 1.
pub type Seq = u32;

/// The number of an advice request within its involvement, from 1.
pub type RequestNo = u32;

/// The number of an exemption claim within its involvement, from 1.
pub type ClaimNo = u32;

/// Who made something happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    Person {
        account: AccountId,
        role: Role,
    },
    /// A day passing, a rule or an automatic transition.
    System,
}

impl Actor {
    pub fn account(&self) -> Option<&AccountId> {
        match self {
            Actor::Person { account, .. } => Some(account),
            Actor::System => None,
        }
    }

    pub fn role(&self) -> Option<Role> {
        match self {
            Actor::Person { role, .. } => Some(*role),
            Actor::System => None,
        }
    }
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The civil date on which it took effect. Limits count from it.
    pub occurred_on: Date,
    /// When it was typed in.
    pub recorded_at: Instant,
    pub actor: Actor,
    /// The event of the same step that brought this one about, if it was not asked for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caused_by: Option<Seq>,
    pub what: What,
}

impl Event {
    /// It changes what an earlier event amounts to.
    pub fn corrects(&self) -> bool {
        matches!(self.what, What::Redated { .. } | What::Voided { .. })
    }
}

/// Which run of a clock is meant: the involvement's own, or the one of an advice request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClockKey {
    pub clock: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestNo>,
}

/// The involvement that brought another about, and the timeline it runs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedFrom {
    pub involvement: InvolvementId,
    pub timeline: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum What {
    Started {
        definition: DefinitionId,
        born_on: Option<Date>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        linked: Option<LinkedFrom>,
    },
    Fired {
        transition: Name,
        from: Name,
        to: Name,
        #[serde(default)]
        note: Option<String>,
        /// What the notice was confirmed to say.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        told: Vec<NoticeContent>,
    },
    FactRecorded {
        fact: Name,
        value: Value,
    },
    AdviceRequested {
        request: RequestNo,
        advice: Name,
        of: String,
    },
    AdviceChased {
        request: RequestNo,
    },
    AdviceReceived {
        request: RequestNo,
    },
    AdviceDeclined {
        request: RequestNo,
        reason: String,
    },
    AdviceWithdrawn {
        request: RequestNo,
        reason: String,
    },
    ExemptionClaimed {
        claim: ClaimNo,
        clock: ClockKey,
        exemption: Name,
        from: Date,
        until: Date,
        reason: String,
        evidence: String,
    },
    ExemptionEnded {
        claim: ClaimNo,
        reason: String,
    },
    ClockWarned {
        clock: ClockKey,
        due_on: Date,
        before: Span,
    },
    /// The last day passed with the duty still to be done.
    ClockBreached {
        clock: ClockKey,
        due_on: Date,
    },
    /// A period the family could use came to its end.
    PeriodClosed {
        clock: ClockKey,
        due_on: Date,
    },
    RuleRan {
        rule: Name,
    },
    Assigned {
        owner: Option<AccountId>,
    },
    Noted {
        text: String,
    },
    /// It runs on another version of its timeline from here on.
    Migrated {
        from: DefinitionId,
        to: DefinitionId,
        /// The numbers of the two versions.
        versions: (u32, u32),
        plan: Plan,
        reason: String,
    },
    /// An earlier event took effect on another date than was recorded.
    Redated {
        seq: Seq,
        on: Date,
        reason: String,
    },
    /// An earlier event never happened.
    Voided {
        seq: Seq,
        reason: String,
    },
}

impl What {
    /// Its name in the log and in reports.
    pub fn kind(&self) -> &'static str {
        match self {
            What::Started { .. } => "started",
            What::Fired { .. } => "fired",
            What::FactRecorded { .. } => "fact-recorded",
            What::AdviceRequested { .. } => "advice-requested",
            What::AdviceChased { .. } => "advice-chased",
            What::AdviceReceived { .. } => "advice-received",
            What::AdviceDeclined { .. } => "advice-declined",
            What::AdviceWithdrawn { .. } => "advice-withdrawn",
            What::ExemptionClaimed { .. } => "exemption-claimed",
            What::ExemptionEnded { .. } => "exemption-ended",
            What::ClockWarned { .. } => "clock-warned",
            What::ClockBreached { .. } => "clock-breached",
            What::PeriodClosed { .. } => "period-closed",
            What::RuleRan { .. } => "rule-ran",
            What::Assigned { .. } => "assigned",
            What::Noted { .. } => "noted",
            What::Migrated { .. } => "migrated",
            What::Redated { .. } => "redated",
            What::Voided { .. } => "voided",
        }
    }
}
