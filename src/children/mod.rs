//! The authority's register of children and young people.

pub mod import;
mod rules;
mod store;

pub use rules::{ChildDetails, Fault, fold};
pub use store::Child;

use std::sync::Arc;

use crate::audit::{self, Action, Entry};
use crate::clock::Clock;
use crate::db::{Db, StoreError};
use crate::engine::Actor;
use crate::ids::{ChildId, random_text};
use crate::remembered::Memory;

/// How many a page of the register shows.
pub const CHILDREN_A_PAGE: i64 = 25;

/// The most that a search in the work tray looks for.
const MATCHES_MOST: i64 = 500;

/// The register of one database.
#[derive(Debug, Clone)]
pub struct Children {
    db: Db,
    clock: Clock,
    /// Children of pages that were read a moment ago.
    known: Arc<Memory<Vec<ChildId>, Vec<Child>>>,
}

/// One page of the register.
#[derive(Debug, Clone)]
pub struct ChildrenPage {
    pub total: i64,
    pub children: Vec<Child>,
}

/// Why a child was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    #[error("{}", .0.iter().map(|fault| fault.text.as_str()).collect::<Vec<_>>().join("; "))]
    Faults(Vec<Fault>),
    /// Children on the register who may be the same: somebody has to say that this is another.
    #[error("a child like this is on the register already")]
    LikeOthers(Vec<Child>),
    /// The UPN or NHS number is another child's.
    #[error("that number belongs to {} on the register", .0.reference)]
    NumberTaken(Box<Child>),
    #[error("somebody else changed this child's details in the meantime")]
    Changed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What to do about children who look like the one to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LikeOthers {
    Ask,
    AddAllTheSame,
}

impl Children {
    pub fn new(db: Db, clock: Clock) -> Children {
        Children { db, clock, known: Arc::default() }
    }

    /// Adds a child, with its audit entry.
    ///
    /// # Errors
    /// Says what is wrong field by field, or who on the register may be the same child.
    pub async fn add(&self, details: ChildDetails, by: &Actor, like_others: LikeOthers) -> Result<ChildId, ChildError> {
        let now = self.clock.now();
        let details = details.checked(now.london_date()).map_err(ChildError::Faults)?;
        self.refuse_doubles(&details, like_others).await?;
        let child = self.new_child(details);
        let entry = Entry::new(now, by.clone(), Action::ChildAdded, "register").about_child(child.id.clone());
        self.db
            .write(async |c| {
                store::insert(c, &child).await?;
                audit::record(c, &[entry]).await
            })
            .await?;
        self.known.changed();
        Ok(child.id)
    }

    /// A child who is not on the register yet.
    fn new_child(&self, details: ChildDetails) -> Child {
        let now = self.clock.now();
        Child { id: ChildId::random(), reference: reference(), details, created_at: now, changed_at: now }
    }

    /// Changes the details of a child as somebody saw it, with an audit entry that names the fields; what is not different
    /// changes nothing.
    ///
    /// # Errors
    /// Says what is wrong field by field, whose the UPN or NHS number is, or that somebody else was quicker.
    pub async fn change(&self, seen: &Child, details: ChildDetails, by: &Actor) -> Result<(), ChildError> {
        let now = self.clock.now();
        let details = details.checked(now.london_date()).map_err(ChildError::Faults)?;
        let fields = details.differs_from(&seen.details);
        if fields.is_empty() {
            return Ok(());
        }
        let like = self.db.read(async |c| store::like(c, &details).await).await?;
        if let Some(taken) = like.into_iter().find(|held| held.id != seen.id && details.shares_a_number_with(held)) {
            return Err(ChildError::NumberTaken(Box::new(taken)));
        }
        let child = Child { details, ..seen.clone() };
        let entry = Entry::new(now, by.clone(), Action::ChildChanged, "register").about_child(child.id.clone());
        let entry = entry.with(serde_json::json!({ "fields": fields }));
        let changed = self.db.write_or(async |c| {
            if !store::update(c, &child, Some(seen.changed_at), now).await? {
                return Err(ChildError::Changed);
            }
            Ok(audit::record(c, &[entry]).await?)
        });
        let changed = changed.await;
        self.known.changed();
        changed
    }

    async fn refuse_doubles(&self, details: &ChildDetails, like_others: LikeOthers) -> Result<(), ChildError> {
        let like = self.db.read(async |c| store::like(c, details).await).await?;
        if let Some(taken) = like.iter().find(|held| details.shares_a_number_with(held)) {
            return Err(ChildError::NumberTaken(Box::new(taken.clone())));
        }
        match like_others {
            LikeOthers::Ask if !like.is_empty() => Err(ChildError::LikeOthers(like)),
            _ => Ok(()),
        }
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn find(&self, id: &ChildId) -> Result<Option<Child>, StoreError> {
        Ok(self.find_many(std::slice::from_ref(id)).await?.pop())
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn find_many(&self, ids: &[ChildId]) -> Result<Vec<Child>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.db.read(async |c| store::by_ids(c, ids).await).await
    }

    /// As [`Children::find_many`], for pages that many look at: what another process changed shows within a second.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn known_many(&self, ids: Vec<ChildId>) -> Result<Arc<Vec<Child>>, StoreError> {
        self.known.get(ids.clone(), async || self.find_many(&ids).await).await
    }

    /// The child with a reference as people read it out; spaces and case do not matter.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn by_reference(&self, typed: &str) -> Result<Option<Child>, StoreError> {
        let reference = typed.trim().to_uppercase();
        self.db.read(async |c| store::by_reference(c, &reference).await).await
    }

    /// A page of the register, from 1, in order of name: everybody, or those whom a search finds by the beginnings of
    /// their names, by reference, UPN, NHS number or date of birth (`2019-05-31` or `31/5/2019`).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn search(&self, typed: &str, page: i64) -> Result<ChildrenPage, StoreError> {
        let asked = rules::Search::of(typed);
        let skip = (page.max(1) - 1) * CHILDREN_A_PAGE;
        self.db.read(async |c| store::search(c, &asked, CHILDREN_A_PAGE, skip).await).await
    }

    /// The ids of those whom a search finds.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn matching(&self, typed: &str) -> Result<Vec<ChildId>, StoreError> {
        let asked = rules::Search::of(typed);
        let found = self.db.read(async |c| store::search(c, &asked, MATCHES_MOST, 0).await).await?;
        Ok(found.children.into_iter().map(|child| child.id).collect())
    }
}

/// Eight characters in two groups: `7Q4K-92MD`.
fn reference() -> String {
    let text = random_text(8);
    format!("{}-{}", &text[..4], &text[4..])
}
