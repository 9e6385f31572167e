//! Published timelines: kept for good, since involvements are pinned to them, and compiled once.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use super::{Involvements, Shared, Trouble, store};
use crate::calendar::Date;
use crate::clock::Instant;
use crate::db::StoreError;
use crate::ids::DefinitionId;
use crate::timeline::{CompileError, Compiled, Definition, InForce, canonical_text};

/// The definitions that have been used since the start.
#[derive(Debug, Default)]
pub(super) struct Definitions(RwLock<HashMap<DefinitionId, Arc<Compiled>>>);

/// A version of a timeline that has gone live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub id: DefinitionId,
    pub timeline: String,
    pub version: u32,
    pub title: String,
    pub in_force: InForce,
    pub published_at: Instant,
}

/// Why a timeline could not go live.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error(transparent)]
    Definition(#[from] CompileError),
    #[error("version {version} of \"{timeline}\" has gone live already with other contents; raise its version")]
    VersionTaken { timeline: String, version: u32 },
    #[error(transparent)]
    Store(StoreError),
}

impl Definitions {
    fn known(&self, id: &DefinitionId) -> Option<Arc<Compiled>> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(id).cloned()
    }

    fn keep(&self, definition: Arc<Compiled>) {
        let mut known = self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.insert(definition.id.clone(), definition);
    }
}

impl Involvements {
    /// Makes a definition live. Publishing the same contents again changes nothing. `source` is the text its author wrote;
    /// that it has no findings is for the caller to see to.
    ///
    /// # Errors
    /// When it cannot run, or when its version went live with other contents.
    pub async fn publish(&self, definition: Definition, source: &str) -> Result<DefinitionId, PublishError> {
        let canonical = canonical_text(&definition);
        let compiled = Arc::new(Compiled::new(definition)?);
        let at = self.0.clock.now();
        let kept = self.0.db.write(async |c| store::publish(c, &compiled, source, &canonical, at).await).await;
        match kept {
            Ok(_) => {
                let id = compiled.id.clone();
                self.0.definitions.keep(compiled);
                Ok(id)
            }
            Err(StoreError::Taken(_)) => Err(PublishError::VersionTaken {
                timeline: compiled.definition.id.clone(),
                version: compiled.definition.version,
            }),
            Err(error) => Err(PublishError::Store(error)),
        }
    }

    /// Every version that has gone live, by timeline, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn published(&self) -> Result<Vec<Published>, StoreError> {
        self.0.db.read(async |c| store::published(c).await).await
    }

    /// A published version of a timeline by its number, ready to run.
    ///
    /// # Errors
    /// When it cannot run any more, or the database does not answer.
    pub async fn version(&self, timeline: &str, number: u32) -> Result<Option<Arc<Compiled>>, Trouble> {
        let published = self.published().await?;
        let wanted = published.into_iter().find(|one| one.timeline == timeline && one.version == number);
        match wanted {
            Some(wanted) => self.definition(&wanted.id).await.map(Some),
            None => Ok(None),
        }
    }

    /// The text that the author of a published definition wrote.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn source(&self, id: &DefinitionId) -> Result<Option<String>, StoreError> {
        self.0.db.read(async |c| store::source(c, id).await).await
    }

    /// A published definition, ready to run.
    ///
    /// # Errors
    /// When there is none of this id, or the database does not answer.
    pub async fn definition(&self, id: &DefinitionId) -> Result<Arc<Compiled>, Trouble> {
        self.0.definition(id).await
    }
}

impl Shared {
    pub(super) async fn definition(&self, id: &DefinitionId) -> Result<Arc<Compiled>, Trouble> {
        if let Some(known) = self.definitions.known(id) {
            return Ok(known);
        }
        let canonical = self.db.read(async |c| store::canonical(c, id).await).await?.ok_or(StoreError::Missing)?;
        let cannot_run = |why: String| CompileError { definition: id.to_string(), what: why };
        let definition = serde_json::from_str(&canonical).map_err(|why| cannot_run(why.to_string()))?;
        let compiled = Arc::new(Compiled::new(definition)?);
        if compiled.id != *id {
            return Err(cannot_run("its text is not the one it was published with".into()).into());
        }
        self.definitions.keep(compiled.clone());
        Ok(compiled)
    }

    /// The version of a timeline for an involvement that begins on a day.
    pub(super) async fn in_force(&self, timeline: &str, on: Date) -> Result<Arc<Compiled>, Trouble> {
        let id = self.db.read(async |c| store::in_force(c, timeline, on).await).await?;
        match id {
            Some(id) => self.definition(&id).await,
            None => Err(Trouble::NotInForce { timeline: timeline.to_owned(), on }),
        }
    }
}
