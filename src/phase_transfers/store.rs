//! The SQL of phase transfers: it reads the register and the involvements, and writes nothing.

use super::rules::move_of;
use super::{Moving, Preparing, TIMELINE, Whom};
use crate::calendar::{Date, date};
use crate::db::{Conn, Row, StoreError};
use crate::ids::InvolvementId;
use crate::params;

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

/// Everybody of the right age who moves.
pub(super) async fn in_bands(
    c: &mut Conn,
    bands: &[(Date, Date); 6],
    year: i32,
    whom: Whom,
) -> Result<Vec<Moving>, StoreError> {
    let everybody = i64::from(whom == Whom::Everybody);
    let mut values = params![TIMELINE, date(year - 2, 9, 1), date(year, 9, 1), everybody];
    for (first, last) in bands {
        values.extend(params![*first, *last]);
    }
    c.fetch_all(IN_BANDS, values).await?.iter().filter_map(|row| moving(row, year).transpose()).collect()
}

/// The child of a row, if they move.
fn moving(row: &Row, year: i32) -> Result<Option<Moving>, StoreError> {
    let (born_on, setting): (Date, String) = (row.get("born_on")?, row.get("setting_name")?);
    let kind: String = row.get("setting_kind")?;
    let Some(to) = move_of(born_on, &format!("{kind} {setting}"), year) else { return Ok(None) };
    let (given, family): (String, String) = (row.get("given_name")?, row.get("family_name")?);
    let involvement: Option<InvolvementId> = row.get("involvement")?;
    let (state, ended_on): (Option<String>, Option<Date>) = (row.get("state_label")?, row.get("ended_on")?);
    Ok(Some(Moving {
        child: row.get("id")?,
        name: format!("{family}, {given}"),
        born_on,
        setting,
        to,
        involvement: involvement.map(|id| Preparing {
            id,
            state: state.unwrap_or_default(),
            has_ended: ended_on.is_some(),
        }),
    }))
}
