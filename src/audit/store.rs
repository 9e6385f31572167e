//! SQL of the trail: writing entries and sealing them.

use std::time::Duration;

use serde::Serialize;

use super::chain::{commitment, link, payload};
use super::{Checkpoint, Entry, written};
use crate::db::{Conn, Db, Dialect, Row, StoreError, Value};
use crate::params;

/// The insert of a JSON list of entries.
macro_rules! record_sqlite {
    ($list:literal) => {
        concat!(
            "insert into audit (at, account_id, role, action, why, child_id, involvement_id, object, request_id,
                session_id, address, details, salt)
            select value ->> 'at', value ->> 'account_id', value ->> 'role', value ->> 'action', value ->> 'why',
                value ->> 'child_id', value ->> 'involvement_id', value ->> 'object', value ->> 'request_id',
                value ->> 'session_id', value ->> 'address', value ->> 'details', value ->> 'salt'
            from json_each(",
            $list,
            ")"
        )
    };
}

/// The same for PostgreSQL: two parts of a `with`, `entry` and `queued`.
macro_rules! record_postgres {
    ($list:literal) => {
        concat!(
            "entry as (
                insert into audit (at, account_id, role, action, why, child_id, involvement_id, object, request_id,
                    session_id, address, details, salt)
                select at, account_id, role, action, why, child_id, involvement_id, object, request_id, session_id,
                    address, details, salt
                from json_to_recordset(cast(",
            $list,
            " as json)) as e (at bigint, account_id text, role text, action text, why text, child_id text,
                    involvement_id text, object text, request_id text, session_id text, address text, details text,
                    salt text)
                returning id),
            queued as (insert into audit_unsealed (id) select id from entry)"
        )
    };
}

const RECORD_SQLITE: &str = record_sqlite!("$1");
const RECORD_POSTGRES: &str = concat!("with ", record_postgres!("$1"), " select 1");

/// One entry out of `audit::values` for PostgreSQL statements that write other things with it: two parts of a `with`,
/// `entry` and `queued`; none when `$from` has no row.
macro_rules! record_one_postgres {
    ($values:literal, $from:literal) => {
        concat!(
            "entry as (
                insert into audit (at, account_id, role, action, why, child_id, involvement_id, object, request_id,
                    session_id, address, details, salt)
                select ",
            $values,
            " from ",
            $from,
            " returning id),
            queued as (insert into audit_unsealed (id) select id from entry)"
        )
    };
}

pub(crate) use record_one_postgres;

/// Writes entries, however many, by one statement. Called inside the transaction of the act that they are about.
///
/// # Errors
/// See [`StoreError`]; the act must then not happen either.
pub async fn record(c: &mut Conn, entries: &[Entry]) -> Result<(), StoreError> {
    let entries: Vec<_> = entries.iter().map(written).collect();
    c.execute(c.say(RECORD_SQLITE, RECORD_POSTGRES), params![Value::json(&entries)?]).await?;
    Ok(())
}

const RECORD_UNFLUSHED_SQLITE: &str = concat!(
    "pragma synchronous = normal; begin immediate; ",
    record_sqlite!("$1"),
    "; commit; pragma synchronous = full; pragma synchronous"
);
const RECORD_UNFLUSHED_POSTGRES: &str = concat!(
    "with unflushed as (select set_config('synchronous_commit', 'off', true) as is_on), ",
    record_postgres!("$1"),
    " select is_on from unflushed"
);

/// Commits entries by themselves without waiting for the disk: they outlive the process at once, and a power cut when the
/// next transaction has been flushed, which is that of the sealer if none comes before it.
///
/// # Errors
/// See [`StoreError`]; what they are about must then not be shown.
pub(super) async fn record_unflushed(db: &Db, entries: &[Entry]) -> Result<(), StoreError> {
    let entries: Vec<_> = entries.iter().map(written).collect();
    let params = params![Value::json(&entries)?];
    db.write_before_flush(RECORD_UNFLUSHED_SQLITE, RECORD_UNFLUSHED_POSTGRES, params).await
}

/// How many entries one transaction seals: some milliseconds' work, since SQLite's other writers wait for it.
const SEALED_AT_ONCE: i64 = 500;

/// "MILEPOST" in ASCII: the advisory lock of the one sealer, whichever node it runs on.
const SEALER_LOCK: i64 = 0x4D49_4C45_504F_5354;

const TRY_LOCK: &str = "select pg_try_advisory_xact_lock($1)";

const HEAD: &str = "select seq, hash from audit_chain order by seq desc limit 1";

// SQLite has one writer at a time and numbers a row while it holds the lock, so rows become visible in the order of
// their ids: whatever is unsealed stands after the last one sealed.
const UNSEALED_SQLITE: &str = "
    select id, at, account_id, role, action, why, child_id, involvement_id, object, request_id, session_id, address,
        details, salt
    from audit
    where id > (select coalesce(max(audit_id), 0) from audit_chain)
    order by id limit $1";

// PostgreSQL's ids become visible in any order; the queue holds exactly the rows that can be seen and are not sealed.
const UNSEALED_POSTGRES: &str = "
    select a.id, a.at, a.account_id, a.role, a.action, a.why, a.child_id, a.involvement_id, a.object, a.request_id,
        a.session_id, a.address, a.details, a.salt
    from audit_unsealed u join audit a on a.id = u.id
    order by u.id limit $1";

const ADD_LINKS_SQLITE: &str = "
    insert into audit_chain (seq, audit_id, commitment, hash)
    select value ->> 'seq', value ->> 'audit_id', value ->> 'commitment', value ->> 'hash' from json_each($1)";

const ADD_LINKS_POSTGRES: &str = "
    with link as (
        insert into audit_chain (seq, audit_id, commitment, hash)
        select seq, audit_id, commitment, hash
        from json_to_recordset(cast($1 as json)) as l (seq bigint, audit_id bigint, commitment text, hash text)
        returning audit_id)
    delete from audit_unsealed where id in (select audit_id from link)";

/// Chains every entry that is not chained yet; gives how many. Returns at once when another sealer is at work.
///
/// Its cost is that of the new entries alone: their finding is a range of a primary key, whatever the trail's length.
/// No entry is missed and none sealed twice, for these reasons:
/// - one sealer at a time: SQLite's write lock, PostgreSQL's advisory lock, held until the links can be seen by the next;
/// - what is unsealed is known exactly (see the two statements above), not guessed from numbers or times;
/// - the links and the emptying of the queue commit together;
/// - should all this fail, the primary key on `seq` and the unique `audit_id` refuse a fork.
///
/// # Errors
/// See [`StoreError`]; calling again goes on where it stopped.
pub async fn seal(db: &Db) -> Result<u64, StoreError> {
    let mut sealed = 0;
    loop {
        let batch = db.write(async |c| seal_batch(c).await).await?;
        sealed += batch;
        if batch < SEALED_AT_ONCE as u64 {
            return Ok(sealed);
        }
    }
}

/// Seals every second until it is dropped. A failure is logged and tried again a second later.
pub async fn keep_sealing(db: Db) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = seal(&db).await {
            tracing::warn!(%error, "the audit trail could not be sealed just now");
        }
    }
}

#[derive(Debug, Serialize)]
struct Link {
    seq: i64,
    audit_id: i64,
    commitment: String,
    hash: String,
}

async fn seal_batch(c: &mut Conn) -> Result<u64, StoreError> {
    if c.dialect() == Dialect::Postgres && !c.fetch_one(TRY_LOCK, params![SEALER_LOCK]).await?.get::<bool>(0)? {
        return Ok(0);
    }
    let rows = c.fetch_all(c.say(UNSEALED_SQLITE, UNSEALED_POSTGRES), params![SEALED_AT_ONCE]).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let links = links(head(c).await?, &rows)?;
    c.execute(c.say(ADD_LINKS_SQLITE, ADD_LINKS_POSTGRES), params![Value::json(&links)?]).await?;
    Ok(rows.len() as u64)
}

/// Where the chain ends now.
pub(super) async fn head(c: &mut Conn) -> Result<Option<Checkpoint>, StoreError> {
    let row = c.fetch_optional(HEAD, params![]).await?;
    row.map(|row| Ok(Checkpoint { seq: row.get("seq")?, hash: row.get("hash")? })).transpose()
}

fn links(head: Option<Checkpoint>, rows: &[Row]) -> Result<Vec<Link>, StoreError> {
    let mut before = head;
    let mut links = Vec::with_capacity(rows.len());
    for row in rows {
        let (payload, salt) = payload(row)?;
        let commitment = commitment(&salt, &payload);
        let seq = before.as_ref().map_or(1, |before| before.seq + 1);
        let hash = link(before.as_ref().map(|before| before.hash.as_str()), seq, &commitment);
        before = Some(Checkpoint { seq, hash: hash.clone() });
        links.push(Link { seq, audit_id: row.get("id")?, commitment, hash });
    }
    Ok(links)
}
