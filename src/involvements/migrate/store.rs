//! The SQL of moves to another version.

use super::{Moved, Refused};
use crate::clock::Instant;
use crate::db::{Conn, Row, StoreError, Value};
use crate::engine::Actor;
use crate::ids::{DefinitionId, InvolvementId};
use crate::params;
use crate::timeline::migrate::Plan;

/// A move as it is stored.
#[derive(Debug)]
pub(super) struct StoredMove {
    pub from: DefinitionId,
    pub to: DefinitionId,
    pub plan: Plan,
    pub reason: String,
    pub last: InvolvementId,
    pub so_far: Moved,
}

const COUNT_LIVE: &str = "select count(*) as live from involvements where definition_id = $1 and ended_on is null";

pub(super) async fn count_live(c: &mut Conn, from: &DefinitionId) -> Result<i64, StoreError> {
    c.fetch_one(COUNT_LIVE, params![from]).await?.get("live")
}

const BEGIN: &str = "
    insert into moves (id, from_definition, to_definition, plan, reason, begun_by, begun_at, live)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing";

/// Keeps a move that is to be carried out. The same one again changes nothing.
pub(super) async fn begin(
    c: &mut Conn,
    id: &str,
    versions: (&DefinitionId, &DefinitionId),
    (plan, reason): (&Plan, &str),
    (by, now): (&Actor, Instant),
    live: i64,
) -> Result<(), StoreError> {
    let (plan, by) = (Value::json(plan)?, Value::json(by)?);
    let params = params![id, versions.0, versions.1, plan, reason, by, now, live];
    c.execute(BEGIN, params).await.map(drop)
}

const FIND: &str = "
    select id, from_definition, to_definition, plan, reason, begun_by, begun_at, finished_at, live, last_id, moved, refused,
        refusals
    from moves where id = $1";

pub(super) async fn find(c: &mut Conn, id: &str) -> Result<Option<StoredMove>, StoreError> {
    c.fetch_optional(FIND, params![id]).await?.as_ref().map(stored).transpose()
}

fn stored(row: &Row) -> Result<StoredMove, StoreError> {
    Ok(StoredMove {
        from: row.get("from_definition")?,
        to: row.get("to_definition")?,
        plan: row.json("plan")?,
        reason: row.get("reason")?,
        last: row.get("last_id")?,
        so_far: Moved {
            id: row.get("id")?,
            live: row.get("live")?,
            moved: row.get("moved")?,
            refused: row.get("refused")?,
            refusals: row.json("refusals")?,
            by: row.json("begun_by")?,
            begun_at: row.get("begun_at")?,
            finished_at: row.get("finished_at")?,
        },
    })
}

const UNFINISHED: &str = "select id from moves where finished_at is null order by begun_at limit 10";

pub(super) async fn unfinished(c: &mut Conn) -> Result<Vec<String>, StoreError> {
    c.fetch_all(UNFINISHED, params![]).await?.iter().map(|row| row.get("id")).collect()
}

const ADVANCE: &str = "
    update moves set last_id = $3, moved = moved + $4, refused = refused + $5, refusals = $6, finished_at = $7
    where id = $1 and last_id = $2 and finished_at is null";

/// Says how far a move has come; `false` if somebody else carries it out and has said so first.
pub(super) async fn advance(
    c: &mut Conn,
    id: &str,
    (from, to): (&InvolvementId, &InvolvementId),
    (moved, refused): (u32, u32),
    refusals: &[Refused],
    finished_at: Option<Instant>,
) -> Result<bool, StoreError> {
    let params = params![id, from, to, moved, refused, Value::json(&refusals)?, finished_at];
    Ok(c.execute(ADVANCE, params).await? == 1)
}
