//! Involvements that were moved lately, so that their next step need not read them first.
//!
//! What is remembered can be old if another process wrote. That does no harm: a step that was decided on an old version is
//! refused by the database when it is written, and is then decided again on what the database says. For the same reason
//! nobody is refused from memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::step::Held;
use crate::ids::InvolvementId;

/// How many involvements are remembered, of one or two kilobytes each.
const REMEMBERED_MOST: usize = 8_192;

#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<InvolvementId, Arc<Held>>>);

impl Memory {
    fn remembered(&self) -> MutexGuard<'_, HashMap<InvolvementId, Arc<Held>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn has(&self, id: &InvolvementId) -> bool {
        self.remembered().contains_key(id)
    }

    pub fn get(&self, id: &InvolvementId) -> Option<Arc<Held>> {
        self.remembered().get(id).cloned()
    }

    pub fn remember(&self, held: Held) {
        let mut remembered = self.remembered();
        let known = remembered.get(&held.id);
        if known.is_some_and(|known| known.involvement.version > held.involvement.version) {
            return;
        }
        if known.is_none() && remembered.len() >= REMEMBERED_MOST {
            remembered.clear();
        }
        remembered.insert(held.id.clone(), Arc::new(held));
    }

    pub fn forget(&self, id: &InvolvementId) {
        self.remembered().remove(id);
    }
}
