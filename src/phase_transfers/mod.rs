//! Who moves to another phase of education in a year, from dates of birth and settings, and whether their plans are ready
//! (SEND Regulations 2014, reg. 18).

mod rules;
mod store;

pub use rules::{Move, Phase};

use crate::calendar::{Calendar, Date, Limit, date};
use crate::db::{Db, StoreError};
use crate::ids::{ChildId, InvolvementId};
use crate::timeline::{Definition, Guard};

/// The timeline that prepares a move.
pub const TIMELINE: &str = "phase-transfer";

/// The facts of that timeline that say which move, and of which year.
pub const PHASE: &str = "phase";
pub const YEAR: &str = "transfer-year";

/// How many a page shows.
pub const MOVES_A_PAGE: usize = 25;

/// A child who moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moving {
    pub child: ChildId,
    pub name: String,
    pub born_on: Date,
    pub setting: String,
    pub to: Move,
    /// The involvement that prepares the move, if one was opened for this year.
    pub involvement: Option<Preparing>,
}

/// The involvement that prepares a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preparing {
    pub id: InvolvementId,
    pub state: String,
    pub has_ended: bool,
}

/// Whom the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Those for whom an involvement says that they have a plan.
    WithPlan,
    /// The whole register.
    Everybody,
}

/// The next September for which plans are still to be made ready.
pub fn next_year(today: Date) -> i32 {
    use chrono::Datelike;
    today.year() + i32::from(today.month() >= 9)
}

/// Everybody of the register who moves in September of a year, in order of name.
///
/// # Errors
/// When the database does not answer.
pub async fn moving(db: &Db, year: i32, whom: Whom) -> Result<Vec<Moving>, StoreError> {
    db.read(async |c| store::in_bands(c, &rules::bands(year), year, whom).await).await
}

/// By when a plan must be ready for a move in a year, as the timeline has it; nothing when it has no limit for it.
pub fn due_on(definition: &Definition, calendar: &Calendar, phase: Phase, year: i32) -> Option<Date> {
    let applies = |guard: &Guard| holds(guard, phase);
    let clock = definition
        .clocks
        .iter()
        .filter(|clock| matches!(clock.limit, Limit::Before { .. }))
        .find(|clock| clock.only_when.as_ref().is_some_and(applies))?;
    clock.limit.due_on(date(year, 1, 1), calendar).ok()
}

/// Whether a guard on the phase alone holds.
fn holds(guard: &Guard, phase: Phase) -> bool {
    match guard {
        Guard::Is(fact, option) => fact == PHASE && option == phase.id(),
        Guard::All(guards) => guards.iter().all(|guard| holds(guard, phase)),
        Guard::Any(guards) => guards.iter().any(|guard| holds(guard, phase)),
        Guard::Not(guard) => !holds(guard, phase),
        _ => false,
    }
}
