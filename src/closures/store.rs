//! The SQL of closures.

use super::new_id;
use crate::calendar::{Closure, Date};
use crate::children::fold;
use crate::clock::Instant;
use crate::db::{Conn, Dialect, Row, StoreError, Value};
use crate::engine::Actor;
use crate::params;

/// A closure that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub id: String,
    pub closure: Closure,
}

pub(super) async fn insert(c: &mut Conn, closures: &[Closure], now: Instant, by: &Actor) -> Result<usize, StoreError> {
    const SQLITE: &str = "
        insert into closures (id, setting, setting_folded, closed_from, reopens_on, recorded_at, recorded_by)
        select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, $2, $3 from json_each($1) where true
        on conflict do nothing";
    const POSTGRES: &str = "
        insert into closures (id, setting, setting_folded, closed_from, reopens_on, recorded_at, recorded_by)
        select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, $2, $3
        from jsonb_array_elements(cast($1 as jsonb)) as listed (value)
        on conflict do nothing";
    let rows = closures.iter().map(|closure| {
        let folded = fold(&closure.setting);
        (new_id(), &closure.setting, folded, closure.from.to_string(), closure.reopens_on.to_string())
    });
    let rows = Value::json(&rows.collect::<Vec<_>>())?;
    let sql = if c.dialect() == Dialect::Sqlite { SQLITE } else { POSTGRES };
    Ok(c.execute(sql, vec![rows, now.into(), by.account().into()]).await? as usize)
}

pub(super) async fn delete(c: &mut Conn, id: &str) -> Result<bool, StoreError> {
    Ok(c.execute("delete from closures where id = $1", params![id]).await? == 1)
}

pub(super) async fn find(c: &mut Conn, id: &str) -> Result<Option<Recorded>, StoreError> {
    const SQL: &str = "select id, setting, closed_from, reopens_on from closures where id = $1";
    c.fetch_optional(SQL, params![id]).await?.as_ref().map(recorded).transpose()
}

pub(super) async fn page(
    c: &mut Conn,
    setting: &str,
    since: Date,
    most: i64,
    skip: i64,
) -> Result<(i64, Vec<Recorded>), StoreError> {
    macro_rules! found {
        () => {
            " from closures where reopens_on >= $1 and ($2 = '' or (setting_folded >= $2 and setting_folded < $3))"
        };
    }
    const COUNT: &str = concat!("select count(*) as total", found!());
    const PAGE: &str = concat!(
        "select id, setting, closed_from, reopens_on",
        found!(),
        " order by closed_from, setting_folded, id limit $4 offset $5"
    );
    let after = format!("{setting}\u{10ffff}");
    let total = c.fetch_one(COUNT, params![since, setting, &after]).await?.get("total")?;
    let rows = c.fetch_all(PAGE, params![since, setting, &after, most, skip]).await?;
    Ok((total, rows.iter().map(recorded).collect::<Result<_, _>>()?))
}

pub(super) async fn of_setting(c: &mut Conn, folded: &str, since: Date) -> Result<Vec<Closure>, StoreError> {
    const SQL: &str = "select id, setting, closed_from, reopens_on from closures \
                       where setting_folded = $1 and reopens_on >= $2 order by closed_from, reopens_on";
    let rows = c.fetch_all(SQL, params![folded, since]).await?;
    rows.iter().map(|row| recorded(row).map(|recorded| recorded.closure)).collect()
}

fn recorded(row: &Row) -> Result<Recorded, StoreError> {
    Ok(Recorded {
        id: row.get("id")?,
        closure: Closure {
            setting: row.get("setting")?,
            from: row.get("closed_from")?,
            reopens_on: row.get("reopens_on")?,
        },
    })
}
