//! The SQL of schedules.

use crate::clock::Instant;
use crate::db::{Conn, StoreError};
use crate::ids::{DefinitionId, InvolvementId};
use crate::params;

/// When the rule comes round; none for one that is new.
pub(super) async fn due_at(c: &mut Conn, id: &DefinitionId, rule: &str) -> Result<Option<Instant>, StoreError> {
    const SQL: &str = "select next_at from schedules where definition_id = $1 and rule = $2";
    c.fetch_optional(SQL, params![id, rule]).await?.map(|row| row.get("next_at")).transpose()
}

pub(super) async fn add(c: &mut Conn, id: &DefinitionId, rule: &str, next_at: Instant) -> Result<(), StoreError> {
    const SQL: &str = "insert into schedules (definition_id, rule, next_at) values ($1, $2, $3) on conflict do nothing";
    c.execute(SQL, params![id, rule, next_at]).await.map(|_| ())
}

/// Moves the schedule on, unless another node has done so already.
pub(super) async fn move_on(
    c: &mut Conn,
    id: &DefinitionId,
    rule: &str,
    due_at: Instant,
    next_at: Instant,
) -> Result<(), StoreError> {
    const SQL: &str = "update schedules set next_at = $4 where definition_id = $1 and rule = $2 and next_at = $3";
    c.execute(SQL, params![id, rule, due_at, next_at]).await.map(|_| ())
}

/// The next open involvements of a definition, in order of id.
pub(super) async fn open_after(
    c: &mut Conn,
    id: &DefinitionId,
    last: &InvolvementId,
    most: i64,
) -> Result<Vec<InvolvementId>, StoreError> {
    const SQL: &str =
        "select id from involvements where definition_id = $1 and id > $2 and ended_on is null order by id limit $3";
    c.fetch_all(SQL, params![id, last, most]).await?.iter().map(|row| row.get("id")).collect()
}
