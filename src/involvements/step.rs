//! What is asked of an involvement, what comes of it, and why it may not.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::audit::{Action, Entry};
use crate::calendar::Date;
use crate::db::StoreError;
use crate::engine::{Actor, Asked, Command, Event, Involvement, Opening, Refusal, Seq, What};
use crate::ids::{ChildId, InvolvementId, RequestId};
use crate::timeline::{CompileError, Compiled};

/// Through what it was asked: for the audit trail.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Origin {
    /// The route, command or job.
    pub why: String,
    pub request: Option<RequestId>,
    pub session: Option<String>,
    pub address: Option<String>,
}

impl Origin {
    pub fn new(why: impl Into<String>) -> Origin {
        Origin { why: why.into(), ..Origin::default() }
    }
}

/// A step that somebody asks an involvement to take.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub involvement: InvolvementId,
    pub command: Command,
    pub asked: Asked,
    /// The last event that the person had before their eyes; none for the system, which takes it as it is.
    pub seen: Option<Seq>,
    /// Made with the form: the same form sent again is given the outcome of the first time.
    pub key: Option<String>,
    pub origin: Origin,
}

/// An involvement that somebody asks to open.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    pub child: ChildId,
    /// The timeline's id, whatever its version.
    pub timeline: String,
    pub opening: Opening,
    pub asked: Asked,
    /// Made with the form: the same form sent again opens nothing more.
    pub key: Option<String>,
    pub origin: Origin,
}

impl Open {
    /// The new involvement's id. The same key from the same person is the same id, which nobody else could guess.
    pub(super) fn id(&self) -> InvolvementId {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let Some(key) = &self.key else { return InvolvementId::random() };
        let by = self.asked.by.account().map_or("", |account| account.as_str());
        let digest = Sha256::digest(format!("{by}\n{key}"));
        let text: String = digest.iter().take(26).map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect();
        InvolvementId::from(text)
    }
}

/// An involvement with the version of the timeline it is pinned to.
#[derive(Debug, Clone)]
pub struct Held {
    pub id: InvolvementId,
    pub child: ChildId,
    pub definition: Arc<Compiled>,
    pub involvement: Involvement,
}

/// What happened to an involvement before.
#[derive(Debug, Clone, Default)]
pub struct Past {
    pub log: Vec<Event>,
    /// The versions of the timeline that it ran on before the one it runs on now, in order.
    pub earlier: Vec<Arc<Compiled>>,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub involvement: InvolvementId,
    /// The number of its first event.
    pub first: Seq,
    /// What was recorded; nothing when there was nothing to do.
    pub events: Vec<Event>,
    /// It had been done before, by the same form.
    pub repeated: bool,
    /// It asked for another timeline to be opened or moved on.
    pub(super) asks_for_linked: bool,
}

/// Why a step was not taken. Nothing has changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Trouble {
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Somebody else was quicker; `Involvements::log_after(seen)` tells who and what.
    #[error("This involvement has changed since you opened the page. Look at what is new, then try again.")]
    Changed { seen: Seq, now: Seq },
    #[error("There is no such involvement.")]
    NotFound,
    #[error("This child already has an open involvement on this timeline.")]
    AlreadyOpen,
    #[error("The timeline \"{timeline}\" has no version in force on {}.", crate::calendar::written_date(*on))]
    NotInForce { timeline: String, on: Date },
    #[error(transparent)]
    Definition(#[from] CompileError),
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        Trouble::Store(Arc::new(error))
    }
}

/// The audit entry of a step: what kinds of events, never what they hold.
pub(super) fn entry(held: &Held, first: Seq, events: &[Event], asked: &Asked, origin: &Origin) -> Entry {
    let action = match events.first() {
        _ if first == 1 => Action::InvolvementOpened,
        Some(event) if event.corrects() => Action::InvolvementCorrected,
        Some(Event { what: What::Migrated { .. }, .. }) => Action::InvolvementMigrated,
        _ => Action::InvolvementMoved,
    };
    let kinds: Vec<&str> = events.iter().map(|event| event.what.kind()).collect();
    Entry {
        request: origin.request.clone(),
        session: origin.session.clone(),
        address: origin.address.clone(),
        ..Entry::new(asked.at, asked.by.clone(), action, origin.why.clone())
    }
    .about_child(held.child.clone())
    .about_involvement(held.id.clone())
    .with(serde_json::json!({ "first": first, "events": kinds }))
}

/// Nobody but the system: a day passing, a rule's schedule.
pub(super) fn by_system(at: crate::clock::Instant) -> Asked {
    Asked::new(Actor::System, at)
}
