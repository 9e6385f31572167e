//! Building the involvements' rows again from their logs.

use super::rows::put_involvement;
use super::{Involvements, Trouble, store};
use crate::db::StoreError;
use crate::engine::{Engine, versions};
use crate::ids::InvolvementId;

/// What rebuilding found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebuilt {
    pub looked_at: u64,
    /// Rows that were not what their log says, and now are.
    pub mended: u64,
}

const PAGE: i64 = 100;

impl Involvements {
    /// Folds every log again and mends the rows that differ: none, unless something else than Milepost wrote them or a
    /// new version of it computes something differently. Steps may be taken meanwhile.
    ///
    /// # Errors
    /// When the database does not answer or a definition cannot run any more; what was mended by then stays mended.
    pub async fn rebuild(&self) -> Result<Rebuilt, Trouble> {
        let mut rebuilt = Rebuilt { looked_at: 0, mended: 0 };
        let mut last = InvolvementId::from("");
        loop {
            let ids = self.0.db.read(async |c| store::all_after(c, &last, PAGE).await).await?;
            let Some(end) = ids.last() else { return Ok(rebuilt) };
            last = end.clone();
            for id in ids {
                rebuilt.looked_at += 1;
                rebuilt.mended += self.rebuild_one(&id).await?;
            }
        }
    }

    async fn rebuild_one(&self, id: &InvolvementId) -> Result<u64, Trouble> {
        // The snapshot may be what is broken: only what cannot be computed is taken from the row.
        let pinned = self.0.db.read(async |c| store::pinned(c, id).await).await?;
        let Some((child, definition)) = pinned else { return Ok(0) };
        let past = self.past(id).await?;
        let definition = versions(&past.log).last().cloned().unwrap_or(definition);
        let definition = self.0.definition(&definition).await?;
        let engine = Engine::new(&definition, self.calendar()).having_run_on(&past.earlier);
        let Some(involvement) = engine.fold(&past.log) else { return Err(StoreError::Missing.into()) };
        let held = super::Held { id: id.clone(), child, definition, involvement };
        let recorded_at = past.log.last().map_or(crate::clock::Instant(0), |event| event.recorded_at);
        let mut row = Vec::new();
        put_involvement(&mut row, self.engine(&held), &held, held.involvement.version, recorded_at)?;
        let mended = self.0.db.write(async |c| store::mend(c, row).await).await?;
        self.0.memory.forget(id);
        self.0.trays.changed();
        Ok(mended)
    }
}
