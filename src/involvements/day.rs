//! A day passes: the involvements on which that changes something are woken, each in a unit of work of its own.

use tokio::task::JoinSet;

use super::step::{Origin, Step, by_system};
use super::{Involvements, Trouble, store};
use crate::engine::Command;
use crate::ids::InvolvementId;

/// How many are woken at the same time.
const AT_ONCE: usize = 64;

impl Involvements {
    /// Wakes every involvement that today, by the clock, changes; gives how many it changed.
    ///
    /// Exactly once, whatever crashes: the day an involvement is to be woken on is written with the events that its waking
    /// brings. Two nodes that wake the same one are two callers of whom one wins, and for the other nothing is left to do.
    /// One that cannot be woken is logged, and does not keep the others waiting.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pass_day(&self) -> Result<u64, Trouble> {
        let asked = by_system(self.0.clock.now());
        let mut changed = 0;
        let mut last = (String::new(), InvolvementId::from(""));
        loop {
            let today = asked.today;
            let due = self.0.db.read(async |c| store::to_wake(c, today, &last, AT_ONCE as i64).await).await?;
            let Some(end) = due.last() else { return Ok(changed) };
            last = end.clone();
            let mut waking = JoinSet::new();
            for (_, involvement) in due {
                let step = Step {
                    involvement,
                    command: Command::DayPassed,
                    asked: asked.clone(),
                    seen: None,
                    key: None,
                    origin: Origin::new("a day passed"),
                };
                let involvements = self.clone();
                waking.spawn(async move { (step.involvement.clone(), involvements.take(step).await) });
            }
            while let Some(Ok((involvement, woken))) = waking.join_next().await {
                match woken {
                    Ok(outcome) => changed += u64::from(!outcome.events.is_empty()),
                    Err(error) => tracing::error!(%involvement, %error, "an involvement could not be woken"),
                }
            }
        }
    }
}
