//! How much of what the law requires by a day was done by that day: with exemptions and without.

use std::collections::HashMap;

use chrono::Days;

use super::{Involvements, Trouble, store};
use crate::calendar::Date;
use crate::engine::{ClockStanding, Engine};
use crate::ids::InvolvementId;
use crate::timeline::Whose;

/// How many involvements are read at a time.
const AT_ONCE: usize = 500;

/// A limit may be met well before it is due. None runs longer than a year, so an involvement that ended longer than that
/// before a period had nothing due in it.
const LONGEST: Days = Days::new(366);

/// One of the authority's limits over all involvements in which it fell due in a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InTime {
    pub timeline: String,
    pub limit: String,
    pub provision: String,
    /// Done by the due date.
    pub in_time: usize,
    /// Done later, or still not done, and no exemption stands.
    pub late: usize,
    /// Done later, or still not done, and an exemption stands: the date stays, the duty need not be met where that is
    /// impractical.
    pub excused: usize,
}

impl InTime {
    pub fn due(&self) -> usize {
        self.in_time + self.late + self.excused
    }

    /// In whole per cent; nothing when nothing was due.
    pub fn percent_without_exemptions(&self) -> Option<usize> {
        (self.in_time * 100).checked_div(self.due())
    }

    /// As above, with what is excused left out of both sides.
    pub fn percent_with_exemptions(&self) -> Option<usize> {
        (self.in_time * 100).checked_div(self.in_time + self.late)
    }
}

impl Involvements {
    /// The authority's limits that fell due from one day to another, as they stand today. One that fell away before it was
    /// met is not counted, nor one that is not due yet.
    ///
    /// # Errors
    /// When the database does not answer or a definition cannot run any more.
    pub async fn in_time(&self, (from, until): (Date, Date), today: Date) -> Result<Vec<InTime>, Trouble> {
        // Versions of a timeline are counted together, and stand where the first that was met has them.
        let mut found: HashMap<(String, String), (usize, InTime)> = HashMap::new();
        let ended_since = from.checked_sub_days(LONGEST).unwrap_or(from);
        let mut last = InvolvementId::from("");
        loop {
            let stored =
                self.0.db.read(async |c| store::due_between(c, ended_since, until, &last, AT_ONCE).await).await?;
            let Some((end, _)) = stored.last() else { break };
            last = end.clone();
            for (_, stored) in stored {
                let definition = self.0.definition(&stored.definition).await?;
                let engine = Engine::new(&definition, self.calendar());
                for (clock, request, run) in engine.runs(&stored.involvement) {
                    let limit = definition.clock_definition(clock);
                    if request.is_some() || limit.whose != Whose::Authority {
                        continue;
                    }
                    let due_on = engine.due_on(&stored.involvement, clock, run).ok();
                    let Some(due_on) = due_on.filter(|due_on| (from..=until).contains(due_on)) else { continue };
                    let key = (definition.definition.id.clone(), limit.id.clone());
                    let (_, tally) = found.entry(key).or_insert_with(|| {
                        let timeline = definition.definition.title.clone();
                        let (limit, provision) = (limit.label.clone(), limit.basis.clone());
                        (clock.at(), InTime { timeline, limit, provision, ..InTime::default() })
                    });
                    match engine.standing(&stored.involvement, clock, None, Some(run), today) {
                        ClockStanding::Met { .. } => tally.in_time += 1,
                        ClockStanding::MetLate { exempt: true, .. } => tally.excused += 1,
                        ClockStanding::Exempt { .. } if due_on < today => tally.excused += 1,
                        ClockStanding::MetLate { exempt: false, .. } | ClockStanding::Overdue { .. } => tally.late += 1,
                        _ => {}
                    }
                }
            }
        }
        let mut found: Vec<(usize, InTime)> = found.into_values().collect();
        found.sort_by(|(at, one), (other_at, other)| {
            (&one.timeline, at, &one.limit).cmp(&(&other.timeline, other_at, &other.limit))
        });
        Ok(found.into_iter().map(|(_, one)| one).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_figures_are_given_and_neither_where_nothing_was_due() {
        let counted = InTime { in_time: 2, late: 1, excused: 1, ..InTime::default() };
        assert_eq!(counted.percent_without_exemptions(), Some(50));
        assert_eq!(counted.percent_with_exemptions(), Some(66));
        let excused = InTime { excused: 3, ..InTime::default() };
        assert_eq!((excused.percent_without_exemptions(), excused.percent_with_exemptions()), (Some(0), None));
        assert_eq!(InTime::default().percent_without_exemptions(), None);
    }
}
