//! What an event asks the shell to send. Delivery comes later, from the outbox, at least once.

use serde::{Deserialize, Serialize};

use super::event::{ClockKey, Event, Seq, What};
use crate::calendar::Date;
use crate::timeline::{Compiled, Effect, Recipient};

/// One thing to send. Together with the involvement, `(seq, index)` names it for good: trying again sends the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    pub seq: Seq,
    pub index: u16,
    pub kind: OutgoingKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum OutgoingKind {
    /// A statutory notice.
    Notice {
        notice: String,
        to: Vec<Recipient>,
    },
    Message {
        message: String,
        to: Vec<Recipient>,
    },
    RemindAdvisers,
    /// Another timeline begins for the same child on this day.
    Start {
        timeline: String,
        carry: Vec<String>,
        on: Date,
    },
    /// A transition of the linked involvements of another timeline is fired on this day, where it can fire.
    Advance {
        timeline: String,
        transition: String,
        carry: Vec<String>,
        on: Date,
    },
    ClockWarning {
        clock: ClockKey,
    },
    ClockBreach {
        clock: ClockKey,
    },
}

/// What the event at `seq` of a log asks to be sent, in document order.
pub fn outgoing(definition: &Compiled, event: &Event, seq: Seq) -> Vec<Outgoing> {
    let kinds: Vec<OutgoingKind> = match &event.what {
        What::Fired { transition, .. } => {
            let transition = definition.transition(transition);
            let does = transition.map(|ix| definition.definition.transitions[ix.at()].does.as_slice());
            does.unwrap_or_default().iter().filter_map(|effect| sent(effect, event.occurred_on)).collect()
        }
        What::RuleRan { rule } => {
            let rule = definition.rule(rule).map(|ix| definition.definition.rules[ix.at()].does.as_slice());
            rule.unwrap_or_default().iter().filter_map(|effect| sent(effect, event.occurred_on)).collect()
        }
        What::ClockWarned { clock, .. } => vec![OutgoingKind::ClockWarning { clock: clock.clone() }],
        What::ClockBreached { clock, .. } => vec![OutgoingKind::ClockBreach { clock: clock.clone() }],
        _ => Vec::new(),
    };
    kinds.into_iter().zip(0..).map(|(kind, index)| Outgoing { seq, index, kind }).collect()
}

fn sent(effect: &Effect, on: Date) -> Option<OutgoingKind> {
    match effect {
        Effect::Notice(notice, to) => Some(OutgoingKind::Notice { notice: notice.clone(), to: to.clone() }),
        Effect::Message(message, to) => Some(OutgoingKind::Message { message: message.clone(), to: to.clone() }),
        Effect::RemindAdvisers => Some(OutgoingKind::RemindAdvisers),
        Effect::Start { timeline, carry } => {
            Some(OutgoingKind::Start { timeline: timeline.clone(), carry: carry.clone(), on })
        }
        Effect::Advance { timeline, transition, carry } => Some(OutgoingKind::Advance {
            timeline: timeline.clone(),
            transition: transition.clone(),
            carry: carry.clone(),
            on,
        }),
        Effect::RequestAdvice(_) | Effect::OpenForm(_) | Effect::Record(..) | Effect::Fire(_) => None,
    }
}
