//! The SQL of the work tray. It reads the index alone, but for the lines that are shown: the rows are long.

use super::{LINES_A_PAGE, Owner, Tray, TrayFilter, TrayItem, Urgency};
use crate::calendar::{Date, date};
use crate::db::{Conn, Row, StoreError, Value};
use crate::engine::TrayLine;
use crate::ids::ChildId;
use crate::params;

pub(super) struct Asked<'a> {
    pub filter: &'a TrayFilter,
    pub today: Date,
    /// The last of the next five working days.
    pub soon: Date,
    pub skip: i64,
}

/// A statement on open involvements under the filter, for each dialect: `select $columns ... and $rest`. `$1` today, `$2`
/// owner (or '-' for nobody's), `$3` stage, `$4` adviser awaited in quotes, `$5` whether only exempt ones, `$6` children
/// as JSON.
macro_rules! in_tray {
    ($columns:literal, $rest:literal) => {
        (
            in_tray!("select value from json_each($6)", $columns, $rest),
            in_tray!("select jsonb_array_elements_text(cast($6 as jsonb))", $columns, $rest),
        )
    };
    ($children:literal, $columns:literal, $rest:literal) => {
        concat!(
            "select ",
            $columns,
            " from involvements where ended_on is null and ($2 is null or owner_id = $2 or ($2 = '-' and owner_id is null)) \
             and ($3 is null or stage = $3) \
             and ($4 is null or id in \
                (select id from involvements where ended_on is null and awaiting like '%' || $4 || '%')) \
             and ($5 = 0 or exempt_until >= $1) and ($6 is null or child_id in (",
            $children,
            ")) ",
            $rest
        )
    };
}

/// As [`in_tray`], the columns of a line; `$7` how many at most, `$8` how many to skip.
macro_rules! lines {
    ($rest:literal) => {
        in_tray!(
            "id, child_id, owner_id, started_on, state, state_label, stage, stage_label, next_due_on, next_clock, \
             next_label, exempt_until, waiting_on, awaiting, advice_in, advice_asked, weeks_of, \
             (select d.title from definitions d where d.id = definition_id) as title",
            $rest
        )
    };
}

type Texts = (&'static str, &'static str);

/// How many there are for each due date, and how many of these are excused today: some hundreds of rows.
const COUNTS: Texts = in_tray!(
    "next_due_on, count(*) as lines, count(case when exempt_until >= $1 then 1 end) as exempt",
    "group by next_due_on"
);

// In the order of the tray: what is to be done, by its date; what is excused, by its date; what has no date.
const TO_DO: Texts = lines!(
    "and next_due_on >= $9 and next_due_on <= $10 and (exempt_until is null or exempt_until < $1) \
     order by next_due_on, id limit $7 offset $8"
);
const EXEMPT: Texts =
    lines!("and next_due_on is not null and exempt_until >= $1 order by next_due_on, id limit $7 offset $8");
const UNDATED: Texts = lines!("and next_due_on is null order by id limit $7 offset $8");

const STAGES: &str =
    "select stage, min(stage_label) as label from involvements where ended_on is null group by stage order by label";

/// How many there are.
#[derive(Debug, Default)]
struct Counts {
    by_urgency: [i64; 5],
    /// Of the last group, those without a date.
    undated: i64,
}

/// Lines that stand together in the tray and are read by one statement.
struct Part {
    texts: Texts,
    count: i64,
    /// Due dates of the first and the last, where the part is about them.
    between: Option<(Date, Date)>,
}

pub(super) async fn tray(c: &mut Conn, asked: &Asked<'_>) -> Result<Tray, StoreError> {
    let counts = count(c, asked).await?;
    let parts = parts(asked, &counts);
    let total = parts.iter().map(|part| part.count).sum();
    let (mut skip, mut items) = (asked.skip, Vec::with_capacity(LINES_A_PAGE as usize));
    for part in parts {
        let room = LINES_A_PAGE - items.len() as i64;
        if skip < part.count && room > 0 {
            let (mut values, (sqlite, postgres)) = (filter_values(asked)?, part.texts);
            values.extend(params![room, skip]);
            values.extend(part.between.into_iter().flat_map(|(first, last)| params![first, last]));
            for row in c.fetch_all(c.say(sqlite, postgres), values).await? {
                items.push(item(&row, asked)?);
            }
        }
        skip = (skip - part.count).max(0);
    }
    Ok(Tray { counts: counts.by_urgency, total, items })
}

async fn count(c: &mut Conn, asked: &Asked<'_>) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    for row in c.fetch_all(c.say(COUNTS.0, COUNTS.1), filter_values(asked)?).await? {
        let due_on: Option<Date> = row.get("next_due_on")?;
        let (lines, exempt): (i64, i64) = (row.get("lines")?, row.get("exempt")?);
        if due_on.is_none() {
            counts.undated += lines;
        }
        counts.by_urgency[asked.urgency(due_on, Some(asked.today)) as usize] += exempt;
        counts.by_urgency[asked.urgency(due_on, None) as usize] += lines - exempt;
    }
    Ok(counts)
}

/// What the page is cut from.
fn parts(asked: &Asked<'_>, counts: &Counts) -> Vec<Part> {
    let group = |urgency: Urgency| counts.by_urgency[urgency as usize];
    let waiting = group(Urgency::ExemptOrWaiting);
    // No limit is due before the first or after the second.
    let far = (date(1, 1, 1), date(9999, 12, 31));
    let to_do = |count, first, last| vec![Part { texts: TO_DO, count, between: Some((first, last)) }];
    let at_rest = || {
        let exempt = Part { texts: EXEMPT, count: waiting - counts.undated, between: None };
        vec![exempt, Part { texts: UNDATED, count: counts.undated, between: None }]
    };
    let (today, soon) = (asked.today, asked.soon);
    let after = |day: Date| day.succ_opt().unwrap_or(day);
    match asked.filter.urgency {
        None => {
            let all = counts.by_urgency.iter().sum::<i64>() - waiting;
            to_do(all, far.0, far.1).into_iter().chain(at_rest()).collect()
        }
        Some(Urgency::Overdue) => to_do(group(Urgency::Overdue), far.0, today.pred_opt().unwrap_or(today)),
        Some(Urgency::DueToday) => to_do(group(Urgency::DueToday), today, today),
        Some(Urgency::DueSoon) => to_do(group(Urgency::DueSoon), after(today), soon),
        Some(Urgency::DueLater) => to_do(group(Urgency::DueLater), after(soon), far.1),
        Some(Urgency::ExemptOrWaiting) => at_rest(),
    }
}

impl Asked<'_> {
    fn urgency(&self, due_on: Option<Date>, exempt_until: Option<Date>) -> Urgency {
        match due_on {
            None => Urgency::ExemptOrWaiting,
            Some(_) if exempt_until.is_some_and(|until| until >= self.today) => Urgency::ExemptOrWaiting,
            Some(on) if on < self.today => Urgency::Overdue,
            Some(on) if on == self.today => Urgency::DueToday,
            Some(on) if on <= self.soon => Urgency::DueSoon,
            Some(_) => Urgency::DueLater,
        }
    }
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
        Value::from(owner),
        Value::from(filter.stage.clone()),
        // The list is JSON text, so a whole name stands in quotes.
        Value::from(filter.awaiting.as_ref().map(|adviser| format!("\"{adviser}\""))),
        Value::from(i64::from(filter.exempt_only)),
        children,
    ])
}

fn item(row: &Row, asked: &Asked<'_>) -> Result<TrayItem, StoreError> {
    let line = TrayLine {
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
    };
    Ok(TrayItem {
        title: row.get("title")?,
        id: row.get("id")?,
        child: row.get("child_id")?,
        owner: row.get("owner_id")?,
        started_on: row.get("started_on")?,
        urgency: asked.urgency(line.next_due_on, line.exempt_until),
        line,
    })
}

pub(super) async fn stages(c: &mut Conn) -> Result<Vec<(String, String)>, StoreError> {
    let rows = c.fetch_all(STAGES, params![]).await?;
    rows.iter().map(|row| Ok((row.get("stage")?, row.get("label")?))).collect()
}
