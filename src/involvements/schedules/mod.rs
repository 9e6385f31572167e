//! Rules with a cron schedule come round: each looks at every open involvement of its definition.

mod store;

use std::str::FromStr;
use std::sync::Arc;

use chrono_tz::Europe::London;

use super::step::{Origin, Step, by_system};
use super::{Involvements, Trouble};
use crate::clock::Instant;
use crate::engine::Command;
use crate::ids::InvolvementId;
use crate::timeline::Compiled;

/// How many involvements are read at a time.
const AT_ONCE: i64 = 200;

impl Involvements {
    /// Runs every rule whose schedule has come round; gives how many involvements it acted on.
    ///
    /// Each run has a key, its rule and time, which each involvement keeps with what the rule brought: a run that was cut
    /// off, or that two nodes do at once, acts on each involvement once. However many times were missed while the service
    /// stood still, the rule runs once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn run_schedules(&self) -> Result<u64, Trouble> {
        let now = self.0.clock.now();
        let mut acted = 0;
        for published in self.published().await? {
            let compiled = self.definition(&published.id).await?;
            let schedules: Vec<(String, String)> =
                compiled.schedules().map(|(rule, expression)| (rule.id.clone(), expression.to_owned())).collect();
            for (rule, expression) in schedules {
                acted += self.run_schedule(&compiled, &rule, &expression, now).await?;
            }
        }
        Ok(acted)
    }

    async fn run_schedule(
        &self,
        compiled: &Arc<Compiled>,
        rule: &str,
        expression: &str,
        now: Instant,
    ) -> Result<u64, Trouble> {
        let Some(next_at) = next_after(expression, now) else { return Ok(0) };
        let id = &compiled.id;
        let Some(due_at) = self.0.db.read(async |c| store::due_at(c, id, rule).await).await? else {
            self.0.db.write(async |c| store::add(c, id, rule, next_at).await).await?;
            return Ok(0);
        };
        if due_at > now {
            return Ok(0);
        }
        let mut acted = 0;
        let mut last = InvolvementId::from("");
        loop {
            let some = self.0.db.read(async |c| store::open_after(c, id, &last, AT_ONCE).await).await?;
            let Some(end) = some.last() else { break };
            last = end.clone();
            for involvement in some {
                let step = Step {
                    involvement,
                    command: Command::RunRule { rule: rule.to_owned() },
                    asked: by_system(now),
                    seen: None,
                    key: Some(format!("{rule} {}", due_at.0)),
                    origin: Origin::new("a schedule came round"),
                };
                let involvement = step.involvement.clone();
                match self.take(step).await {
                    Ok(outcome) => acted += u64::from(!outcome.events.is_empty() && !outcome.repeated),
                    Err(error) => tracing::error!(%involvement, rule, %error, "a rule could not be run"),
                }
            }
        }
        self.0.db.write(async |c| store::move_on(c, id, rule, due_at, next_at).await).await?;
        Ok(acted)
    }
}

/// The first time after an instant at which a schedule comes round in London.
fn next_after(expression: &str, now: Instant) -> Option<Instant> {
    let schedule = cron::Schedule::from_str(expression).ok()?;
    let next = schedule.after(&now.utc().with_timezone(&London)).next()?;
    Some(Instant(next.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::date;

    #[test]
    fn schedules_come_round_by_the_london_clock() {
        let weekdays = "0 0 8 * * Mon-Fri";
        let friday = Instant::at_start_of(date(2026, 3, 27)).plus_millis(9 * 3_600_000);
        let next = next_after(weekdays, friday).expect("comes round");
        // The clocks go forward on Sunday 29 March: eight o'clock on Monday is seven in UTC.
        assert_eq!(next.london_text(), "30 March 2026 at 8:00am");
        assert_eq!(next.utc().to_rfc3339(), "2026-03-30T07:00:00+00:00");
    }
}
