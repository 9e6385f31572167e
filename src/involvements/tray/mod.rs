//! The work tray: open involvements by urgency, with nothing hidden.

mod memory;
mod store;

pub(super) use memory::Memory;

use std::sync::Arc;

use super::{Involvements, Trouble};
use crate::calendar::Date;
use crate::engine::TrayLine;
use crate::ids::{AccountId, ChildId, InvolvementId};

/// How many lines a page shows.
pub const LINES_A_PAGE: i64 = 25;

/// How soon the next limit asks for somebody, in the order of the tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    Overdue,
    DueToday,
    /// Within five working days.
    DueSoon,
    DueLater,
    /// Excused for the time being, or nothing to be done by the authority.
    ExemptOrWaiting,
}

impl Urgency {
    pub const ALL: [Urgency; 5] =
        [Urgency::Overdue, Urgency::DueToday, Urgency::DueSoon, Urgency::DueLater, Urgency::ExemptOrWaiting];
}

/// Whose involvements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Owner {
    #[default]
    Anyone,
    Nobody,
    One(AccountId),
}

/// What is chosen; everything that is not is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TrayFilter {
    pub owner: Owner,
    pub stage: Option<String>,
    /// An adviser who has been asked and has not answered.
    pub awaiting: Option<String>,
    pub urgency: Option<Urgency>,
    pub exempt_only: bool,
    /// Only these children: what a search found.
    pub children: Option<Vec<ChildId>>,
}

/// One involvement in the tray.
#[derive(Debug, Clone, PartialEq)]
pub struct TrayItem {
    pub id: InvolvementId,
    pub child: ChildId,
    /// The process, in words.
    pub title: String,
    pub owner: Option<AccountId>,
    pub started_on: Date,
    pub urgency: Urgency,
    pub line: TrayLine,
}

/// A page of the tray, and how many there are in each group.
#[derive(Debug, Clone, PartialEq)]
pub struct Tray {
    /// In the order of [`Urgency::ALL`], under the filter but not counting the choice of a group.
    pub counts: [i64; 5],
    pub total: i64,
    pub items: Vec<TrayItem>,
}

impl Involvements {
    /// One page of the tray, from 1.
    ///
    /// # Errors
    /// When the database does not answer, or the calendar does not reach five working days on.
    pub async fn tray(&self, filter: &TrayFilter, page: i64) -> Result<Arc<Tray>, Trouble> {
        let today = self.0.clock.today();
        self.0.trays.page((filter.clone(), page, today), async || self.read_tray(filter, page, today).await).await
    }

    async fn read_tray(&self, filter: &TrayFilter, page: i64, today: Date) -> Result<Tray, Trouble> {
        let after_today = today.succ_opt().unwrap_or(today);
        // Past the calendar's data a week stands for five working days: the tray must never stay shut for that.
        let soon = self.0.calendar.nth_working_day(after_today, 5).unwrap_or(today + chrono::TimeDelta::days(7));
        let asked = store::Asked { filter, today, soon, skip: (page.max(1) - 1) * LINES_A_PAGE };
        Ok(self.0.db.read(async |c| store::tray(c, &asked).await).await?)
    }

    /// The stages of open involvements, for the filter: id and label.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tray_stages(&self) -> Result<Arc<Vec<(String, String)>>, Trouble> {
        self.0.trays.stages(async || Ok(self.0.db.read(async |c| store::stages(c).await).await?)).await
    }
}
