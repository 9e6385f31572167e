//! The SQL of the work tray.

use super::{LINES_A_PAGE, Owner, Tray, TrayFilter, TrayItem, Urgency};
use crate::calendar::Date;
use crate::db::{Conn, Dialect, Row, StoreError, Value};
use crate::engine::TrayLine;
use crate::ids::ChildId;

pub(super) struct Asked<'a> {
    pub filter: &'a TrayFilter,
    pub today: Date,
    /// The last of the next five working days.
    pub soon: Date,
    pub skip: i64,
}

/// Open involvements with their urgency, under the filter. `$1` today, `$2` soon, `$3` owner (or '-' for nobody's), `$4`
/// stage, `$5` adviser awaited in quotes, `$6` whether only exempt ones, `$7` children as JSON.
macro_rules! in_tray {
    ($children:literal, $rest:literal) => {
        concat!(
            "with tray as (select id, child_id, owner_id, started_on, state, state_label, stage, stage_label, next_due_on, next_clock, \
             next_label, exempt_until, waiting_on, awaiting, advice_in, advice_asked, weeks_of, \
             case when next_due_on is null or exempt_until >= $1 then 4 when next_due_on < $1 then 0 when next_due_on = $1 then 1 \
             when next_due_on <= $2 then 2 else 3 end as urgency \
             from involvements where ended_on is null \
             and ($3 is null or owner_id = $3 or ($3 = '-' and owner_id is null)) \
             and ($4 is null or stage = $4) \
             and ($5 is null or awaiting like '%' || $5 || '%') \
             and ($6 = 0 or exempt_until >= $1) \
             and ($7 is null or child_id in (",
            $children,
            "))) ",
            $rest
        )
    };
}

const COUNTS_SQLITE: &str =
    in_tray!("select value from json_each($7)", "select urgency, count(*) as lines from tray group by urgency");
const COUNTS_POSTGRES: &str = in_tray!(
    "select jsonb_array_elements_text(cast($7 as jsonb))",
    "select cast(urgency as bigint) as urgency, count(*) as lines from tray group by urgency"
);
const PAGE_SQLITE: &str = in_tray!(
    "select value from json_each($7)",
    "select * from tray where $8 < 0 or urgency = $8 order by urgency, next_due_on, id limit $9 offset $10"
);
const PAGE_POSTGRES: &str = in_tray!(
    "select jsonb_array_elements_text(cast($7 as jsonb))",
    "select *, cast(urgency as bigint) as urgency_number from tray where $8 < 0 or urgency = $8 \
     order by urgency, next_due_on, id limit $9 offset $10"
);

pub(super) async fn tray(c: &mut Conn, asked: &Asked<'_>) -> Result<Tray, StoreError> {
    let (counts_sql, page_sql) = match c.dialect() {
        Dialect::Sqlite => (COUNTS_SQLITE, PAGE_SQLITE),
        Dialect::Postgres => (COUNTS_POSTGRES, PAGE_POSTGRES),
    };
    let mut counts = [0; 5];
    for row in c.fetch_all(counts_sql, filter_values(asked)?).await? {
        counts[Urgency::of(row.get("urgency")?) as usize] = row.get("lines")?;
    }
    let group = asked.filter.urgency.map(|urgency| urgency as i64);
    let mut values = filter_values(asked)?;
    values.extend([Value::from(group.unwrap_or(-1)), Value::from(LINES_A_PAGE), Value::from(asked.skip)]);
    let urgency = if c.dialect() == Dialect::Postgres { "urgency_number" } else { "urgency" };
    let rows = c.fetch_all(page_sql, values).await?;
    let items = rows.iter().map(|row| item(row, urgency)).collect::<Result<Vec<_>, _>>()?;
    let total = asked.filter.urgency.map_or_else(|| counts.iter().sum(), |urgency| counts[urgency as usize]);
    Ok(Tray { counts, total, items })
}

fn filter_values(asked: &Asked<'_>) -> Result<Vec<Value>, StoreError> {
    let filter = asked.filter;
    let owner = match &filter.owner {
        Owner::Anyone => None,
        Owner::Nobody => Some("-"),
        Owner::One(account) => Some(account.as_str()),
    };
    let children = filter.children.as_ref().map(|children| children.iter().map(ChildId::as_str).collect::<Vec<_>>());
    let children = children.map(|children| Value::json(&children)).transpose()?.unwrap_or(Value::Text(None));
    Ok(vec![
        Value::from(asked.today),
        Value::from(asked.soon),
        Value::from(owner),
        Value::from(filter.stage.clone()),
        // The list is JSON text, so a whole name stands in quotes.
        Value::from(filter.awaiting.as_ref().map(|adviser| format!("\"{adviser}\""))),
        Value::from(i64::from(filter.exempt_only)),
        children,
    ])
}

fn item(row: &Row, urgency: &str) -> Result<TrayItem, StoreError> {
    Ok(TrayItem {
        id: row.get("id")?,
        child: row.get("child_id")?,
        owner: row.get("owner_id")?,
        started_on: row.get("started_on")?,
        urgency: Urgency::of(row.get(urgency)?),
        line: TrayLine {
            state: row.get("state")?,
            state_label: row.get("state_label")?,
            stage: row.get("stage")?,
            stage_label: row.get("stage_label")?,
            next_due_on: row.get("next_due_on")?,
            next_clock: row.get("next_clock")?,
            next_label: row.get("next_label")?,
            exempt_until: row.get("exempt_until")?,
            waiting_on: row.get("waiting_on")?,
            awaiting: row.json("awaiting")?,
            advice_in: row.get("advice_in")?,
            advice_asked: row.get("advice_asked")?,
            weeks_of: row.get("weeks_of")?,
        },
    })
}

pub(super) async fn stages(c: &mut Conn) -> Result<Vec<(String, String)>, StoreError> {
    const SQL: &str = "select stage, min(stage_label) as label from involvements where ended_on is null group by stage order by label";
    let rows = c.fetch_all(SQL, crate::params![]).await?;
    rows.iter().map(|row| Ok((row.get("stage")?, row.get("label")?))).collect()
}
