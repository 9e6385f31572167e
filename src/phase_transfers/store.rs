//! The SQL of phase transfers: it reads the register and the involvements, and writes nothing.

use super::rules::move_of;
use super::{Moving, Preparing, TIMELINE, Whom};
use crate::calendar::{Date, date};
use crate::db::{Conn, Row, StoreError};
use crate::params;

/// A child of the right age.
pub(super) struct Candidate {
    moving: Moving,
    kind: String,
}

impl Candidate {
    /// The child, if they move.
    pub fn moving(self, year: i32) -> Option<Moving> {
        let to = move_of(self.moving.born_on, &format!("{} {}", self.kind, self.moving.setting), year)?;
        Some(Moving { to, ..self.moving })
    }
}

// An involvement prepares this year's move when it began in the two school years before it.
const IN_BANDS: &str = "
    select c.id, c.given_name, c.family_name, c.born_on, c.setting_name, c.setting_kind,
        p.id as involvement, p.state_label, p.ended_on
    from children c
    left join involvements p on p.id = (
        select i.id from involvements i
        where i.child_id = c.id and i.timeline = $1 and i.started_on >= $2 and i.started_on < $3
        order by i.started_on desc, i.id limit 1)
    where ((c.born_on between $5 and $6) or (c.born_on between $7 and $8) or (c.born_on between $9 and $10)
        or (c.born_on between $11 and $12) or (c.born_on between $13 and $14) or (c.born_on between $15 and $16))
        and ($4 = 1 or exists (
            select 1 from involvements i
            where i.child_id = c.id and (i.timeline in ('annual-review', 'plan-amendment', 'transfer-in', 'phase-transfer')
                or (i.timeline in ('ehc-needs-assessment', 're-assessment') and i.state = 'plan-issued'))))
    order by c.folded_name, c.id";

pub(super) async fn in_bands(
    c: &mut Conn,
    bands: &[(Date, Date); 6],
    year: i32,
    whom: Whom,
) -> Result<Vec<Candidate>, StoreError> {
    let everybody = i64::from(whom == Whom::Everybody);
    let mut values = params![TIMELINE, date(year - 2, 9, 1), date(year, 9, 1), everybody];
    for (first, last) in bands {
        values.extend(params![*first, *last]);
    }
    c.fetch_all(IN_BANDS, values).await?.iter().map(candidate).collect()
}

fn candidate(row: &Row) -> Result<Candidate, StoreError> {
    let given: String = row.get("given_name")?;
    let family: String = row.get("family_name")?;
    let involvement: Option<crate::ids::InvolvementId> = row.get("involvement")?;
    let ended_on: Option<Date> = row.get("ended_on")?;
    let state: Option<String> = row.get("state_label")?;
    Ok(Candidate {
        moving: Moving {
            child: row.get("id")?,
            name: format!("{family}, {given}"),
            born_on: row.get("born_on")?,
            setting: row.get("setting_name")?,
            to: super::Move { phase: super::Phase::IntoSchool, label: "", unsure: true },
            involvement: involvement.map(|id| Preparing {
                id,
                state: state.unwrap_or_default(),
                has_ended: ended_on.is_some(),
            }),
        },
        kind: row.get("setting_kind")?,
    })
}
