//! Timelines that open or move on another: what a step asked for in the outbox is performed, once, right after it.
//!
//! Each piece is named by its outbox row, and that name is the idempotency key of the opening or the step it becomes: two
//! nodes, or a second try after a crash, find the first outcome. What is refused is written beside the row in words for
//! the caseworkers of the origin, and is not tried again.

use serde::Deserialize;

use super::step::{Held, Open, Origin, Step, by_system};
use super::{Involvements, Trouble, store};
use crate::calendar::Date;
use crate::db::StoreError;
use crate::engine::{Command, LinkedFrom, Opening, OutgoingKind, Refusal};
use crate::ids::InvolvementId;
use crate::timeline::Value;

/// How many are taken up at a time.
const AT_ONCE: i64 = 50;

/// A chain of openings that does not come to rest by itself is left to the next round, where it is seen in the log.
const ROUNDS_MOST: usize = 8;

/// A piece of the outbox that is still to be performed.
#[derive(Debug)]
pub(super) struct ToPerform {
    pub id: String,
    pub involvement: InvolvementId,
    /// Nothing where what is stored cannot be read any more.
    pub kind: Option<OutgoingKind>,
}

/// What could not be done for an involvement, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkTrouble {
    /// The timeline that was to be opened or moved on, by its id; nothing where what is stored cannot be read any more.
    pub timeline: Option<String>,
    pub why: String,
}

/// The timeline that a stored piece is about.
#[derive(Debug, Deserialize)]
pub(super) struct About {
    pub timeline: String,
}

impl Involvements {
    /// Opens and moves on what steps have asked for; gives how many pieces were dealt with. One that cannot be done is
    /// logged and kept in words, and does not keep the others waiting.
    ///
    /// # Errors
    /// When the database does not answer; what was not done is taken up the next time.
    pub async fn perform_linked(&self) -> Result<u64, Trouble> {
        let mut dealt_with = 0;
        for _ in 0..ROUNDS_MOST {
            let pieces = self.0.db.read(async |c| store::to_perform(c, AT_ONCE).await).await?;
            if pieces.is_empty() {
                break;
            }
            for piece in pieces {
                let trouble = match self.perform(&piece).await {
                    Ok(()) => None,
                    // It may be possible the next time; whatever else is wrong must not keep the others waiting.
                    Err(Trouble::Changed { seen, now }) => return Err(Trouble::Changed { seen, now }),
                    Err(Trouble::Store(error)) if error.may_pass() => return Err(Trouble::Store(error)),
                    Err(error) => {
                        tracing::warn!(involvement = %piece.involvement, %error, "a linked involvement was not moved");
                        Some(error.to_string())
                    }
                };
                let now = self.0.clock.now();
                self.0.db.write(async |c| store::performed(c, &piece.id, trouble.as_deref(), now).await).await?;
                dealt_with += 1;
            }
        }
        Ok(dealt_with)
    }

    /// Right after a step that asked for it. What fails stays in the outbox for the next round.
    pub(super) async fn perform_after(&self, asks_for_linked: bool) {
        if asks_for_linked && let Err(error) = Box::pin(self.perform_linked()).await {
            tracing::error!(%error, "linked involvements could not be moved; it is tried again");
        }
    }

    async fn perform(&self, piece: &ToPerform) -> Result<(), Trouble> {
        let origin = self.0.load(&piece.involvement).await?.ok_or(Trouble::NotFound)?;
        let kind = piece.kind.as_ref().ok_or(StoreError::Missing)?;
        match kind {
            OutgoingKind::Start { timeline, carry, on } => self.start(piece, &origin, timeline, carry, *on).await,
            OutgoingKind::Advance { timeline, transition, carry, on } => {
                self.advance(piece, &origin, (timeline, transition), carry, *on).await
            }
            _ => Ok(()),
        }
    }

    async fn start(
        &self,
        piece: &ToPerform,
        origin: &Held,
        timeline: &str,
        carry: &[String],
        on: Date,
    ) -> Result<(), Trouble> {
        let open = Open {
            child: origin.child.clone(),
            timeline: timeline.to_owned(),
            opening: Opening {
                on,
                born_on: origin.involvement.born_on,
                owner: origin.involvement.owner.clone(),
                facts: carried(origin, carry),
                linked: Some(linked_from(origin)),
            },
            asked: by_system(self.0.clock.now()),
            key: Some(piece.id.clone()),
            origin: Origin::new("linked involvement"),
        };
        self.0.open(open).await.map(|_| ())
    }

    async fn advance(
        &self,
        piece: &ToPerform,
        origin: &Held,
        (timeline, transition): (&str, &str),
        carry: &[String],
        on: Date,
    ) -> Result<(), Trouble> {
        let of_child = self.of_child(&origin.child).await?;
        let linked = of_child.iter().filter(|held| held.definition.definition.id == timeline);
        let linked = linked.filter(|held| held.involvement.ended_on.is_none() && are_linked(&of_child, origin, held));
        let facts = carried(origin, carry);
        let mut refused = Ok(());
        for held in linked {
            let fact_needed = |name: &String| {
                let needs =
                    held.definition.transition(transition).map(|ix| &held.definition.transitions[ix.at()].needs);
                let fact = held.definition.fact(name);
                needs.zip(fact).is_some_and(|(needs, fact)| needs.contains(&fact))
            };
            let step = Step {
                involvement: held.id.clone(),
                command: Command::Fire {
                    transition: transition.to_owned(),
                    on: on.max(held.involvement.entered_on),
                    facts: facts.iter().filter(|(name, _)| fact_needed(name)).cloned().collect(),
                    note: None,
                    told: Vec::new(),
                },
                asked: by_system(self.0.clock.now()),
                seen: None,
                key: Some(piece.id.clone()),
                origin: Origin::new("linked involvement"),
            };
            match self.take_step(step).await {
                // It has moved past the place where this could be done: nothing is left to do.
                Ok(_) | Err(Trouble::Refused(Refusal::NotFromHere { .. } | Refusal::Ended { .. })) => {}
                // The others that hang together with the origin are moved all the same.
                Err(Trouble::Refused(refusal)) => refused = Err(Trouble::Refused(refusal)),
                Err(error) => return Err(error),
            }
        }
        refused
    }

    /// What could not be opened or moved on for an involvement, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn link_troubles(&self, id: &InvolvementId) -> Result<Vec<LinkTrouble>, Trouble> {
        Ok(self.0.db.read(async |c| store::link_troubles(c, id).await).await?)
    }
}

/// How another involvement names this one as its origin.
pub fn linked_from(origin: &Held) -> LinkedFrom {
    LinkedFrom { involvement: origin.id.clone(), timeline: origin.definition.definition.id.clone() }
}

/// The facts that go along, those of them that are known.
pub fn carried(origin: &Held, carry: &[String]) -> Vec<(String, Value)> {
    let known = |name: &String| {
        let fact = origin.definition.fact(name)?;
        Some((name.clone(), origin.involvement.fact(fact)?.clone()))
    };
    carry.iter().filter_map(known).collect()
}

/// Whether two involvements of a child hang together by links, over however many others of the child.
fn are_linked(all: &[Held], one: &Held, other: &Held) -> bool {
    let mut together = vec![&one.id];
    let mut looked_at = 0;
    while let Some(id) = together.get(looked_at).copied() {
        looked_at += 1;
        for held in all {
            let origin = held.involvement.linked.as_ref().map(|linked| &linked.involvement);
            let next = if held.id == *id { origin } else { origin.filter(|origin| *origin == id).map(|_| &held.id) };
            if let Some(next) = next.filter(|next| !together.contains(next)) {
                together.push(next);
            }
        }
    }
    together.contains(&&other.id)
}
