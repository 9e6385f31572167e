//! What goes on beside requests: days pass, rules come round, the audit trail is sealed.

use std::sync::Arc;
use std::time::Duration;

use crate::audit;
use crate::web::App;

/// Looks for what is due this often. A look that finds nothing costs one indexed query.
const EVERY: Duration = Duration::from_secs(30);

/// Starts the jobs; they end with the runtime.
pub fn start(app: &Arc<App>) {
    tokio::spawn(audit::keep_sealing(app.db.clone()));
    let app = app.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match app.involvements.pass_day().await {
                Ok(0) => {}
                Ok(changed) => tracing::info!(changed, "a day passed"),
                Err(error) => tracing::error!(%error, "the day's work could not be done; it is tried again"),
            }
            // What a step asks of other timelines is done right after it; this takes up what a crash left.
            match app.involvements.perform_linked().await {
                Ok(0) => {}
                Ok(dealt_with) => tracing::info!(dealt_with, "linked involvements were moved"),
                Err(error) => tracing::error!(%error, "linked involvements could not be moved; it is tried again"),
            }
            match app.involvements.carry_on().await {
                Ok(0) => {}
                Ok(moves) => tracing::info!(moves, "moves to another version were gone on with"),
                Err(error) => {
                    tracing::error!(%error, "a move to another version could not be gone on with; it is tried again");
                }
            }
            match app.involvements.run_schedules().await {
                Ok(0) => {}
                Ok(acted) => tracing::info!(acted, "a schedule came round"),
                Err(error) => tracing::error!(%error, "a schedule could not be run; it is tried again"),
            }
        }
    });
}
