//! Pages of the tray that were read a moment ago.

use std::sync::Arc;

use super::{Tray, TrayFilter};
use crate::calendar::Date;
use crate::remembered;

/// A page that was asked for.
type Asked = (TrayFilter, i64, Date);

#[derive(Debug, Default)]
pub(in crate::involvements) struct Memory {
    pages: remembered::Memory<Asked, Tray>,
    stages: remembered::Memory<(), Vec<(String, String)>>,
}

impl Memory {
    /// A step was committed: what was read before is old.
    pub fn changed(&self) {
        self.pages.changed();
        self.stages.changed();
    }

    pub(super) async fn page<E>(
        &self,
        asked: Asked,
        read: impl AsyncFnOnce() -> Result<Tray, E>,
    ) -> Result<Arc<Tray>, E> {
        self.pages.get(asked, read).await
    }

    pub(super) async fn stages<E>(
        &self,
        read: impl AsyncFnOnce() -> Result<Vec<(String, String)>, E>,
    ) -> Result<Arc<Vec<(String, String)>>, E> {
        self.stages.get((), read).await
    }
}
