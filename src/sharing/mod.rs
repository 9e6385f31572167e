//! Which portal user may see which child.

mod store;

pub use store::Shared;

use crate::access::Relation;
use crate::clock::Clock;
use crate::db::{Db, StoreError};
use crate::engine::Actor;
use crate::ids::{AccountId, ChildId};

/// The grants of one database.
#[derive(Debug, Clone)]
pub struct Sharing {
    db: Db,
    clock: Clock,
}

impl Sharing {
    pub fn new(db: Db, clock: Clock) -> Sharing {
        Sharing { db, clock }
    }

    /// Lets a portal user see a child's shared information. Doing it twice changes nothing.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn share(
        &self,
        account: &AccountId,
        child: &ChildId,
        relationship: &str,
        by: &Actor,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.db.write(async |c| store::insert(c, account, child, relationship, by, now).await).await
    }

    /// Ends it; bites on the person's next request.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn end(&self, account: &AccountId, child: &ChildId, by: &Actor) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.db.write(async |c| store::end(c, account, child, by, now).await).await
    }

    /// The children a portal user may see.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn children_of(&self, account: &AccountId) -> Result<Vec<ChildId>, StoreError> {
        self.db.read(async |c| store::children_of(c, account).await).await
    }

    /// What a portal user is to a child.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn relation(&self, account: &AccountId, child: &ChildId) -> Result<Relation, StoreError> {
        let shared = self.db.read(async |c| store::is_shared(c, account, child).await).await?;
        Ok(if shared { Relation::Shared } else { Relation::None })
    }

    /// Everybody who can see a child now, by name.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn of_child(&self, child: &ChildId) -> Result<Vec<Shared>, StoreError> {
        self.db.read(async |c| store::of_child(c, child).await).await
    }
}
