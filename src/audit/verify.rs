//! Going over the whole trail: is every entry as it was written, and are they all there?

use serde::Serialize;

use super::Checkpoint;
use super::chain::{commitment, link, payload};
use crate::db::{Db, Row, StoreError};
use crate::params;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Entries in the chain that were gone over; up to the fault if there is one.
    pub entries: i64,
    /// Entries written but not chained yet: a second's worth at most while the sealer runs.
    pub unsealed: i64,
    /// The last link: worth keeping elsewhere as a checkpoint.
    pub head: Option<Checkpoint>,
    pub fault: Option<Fault>,
}

/// The first place where the trail is not what was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("entry {seq} of the audit trail: {flaw}")]
pub struct Fault {
    pub seq: i64,
    pub flaw: Flaw,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    #[error("a link is missing or out of order")]
    Gap,
    #[error("the entry was removed")]
    Removed,
    #[error("the entry was altered")]
    Altered,
    #[error("the chain was altered")]
    Broken,
    #[error("it disagrees with a checkpoint kept elsewhere")]
    NotTheCheckpoint,
    #[error("the trail ends before a checkpoint kept elsewhere")]
    CutOff,
    #[error("an entry was put in past the program")]
    PutIn,
}

const PAGE: &str = "
    select c.seq, c.audit_id, c.commitment, c.hash, a.id, a.at, a.account_id, a.role, a.action, a.why, a.child_id,
        a.involvement_id, a.object, a.request_id, a.session_id, a.address, a.details, a.salt
    from audit_chain c left join audit a on a.id = c.audit_id
    where c.seq > $1
    order by c.seq limit 1000";

/// What is unsealed, and of that what the sealer will never find (see `store.rs`: after the last one, or in the queue).
const UNSEALED_SQLITE: &str = "
    select count(*) as unsealed,
        coalesce(sum(id < (select coalesce(max(audit_id), 0) from audit_chain)), 0) as put_in
    from audit where id not in (select audit_id from audit_chain)";
const UNSEALED_POSTGRES: &str = "
    select count(*) as unsealed, count(*) filter (where u.id is null) as put_in
    from audit a left join audit_unsealed u on u.id = a.id
    where not exists (select 1 from audit_chain c where c.audit_id = a.id)";

/// Goes over the whole chain, and what is not in it yet.
///
/// # Errors
/// See [`StoreError`]. A fault in the trail is not an error but in the report.
pub async fn verify(db: &Db, checkpoints: &[Checkpoint]) -> Result<Report, StoreError> {
    let mut head: Option<Checkpoint> = None;
    let mut fault = None;
    'pages: loop {
        let seq = head.as_ref().map_or(0, |head| head.seq);
        let rows = db.read(async |c| c.fetch_all(PAGE, params![seq]).await).await?;
        for row in &rows {
            match verified(head.as_ref(), row, checkpoints)? {
                Ok(next) => head = Some(next),
                Err(flaw) => {
                    fault = Some(Fault { seq: seq_after(head.as_ref()), flaw });
                    break 'pages;
                }
            }
        }
        if rows.is_empty() {
            break;
        }
    }
    let (unsealed, put_in) = db
        .read(async |c| {
            let row = c.fetch_one(c.say(UNSEALED_SQLITE, UNSEALED_POSTGRES), params![]).await?;
            Ok((row.get::<i64>("unsealed")?, row.get::<i64>("put_in")?))
        })
        .await?;
    let entries = head.as_ref().map_or(0, |head| head.seq);
    let fault = fault.or_else(|| missing_end(entries, put_in, checkpoints));
    Ok(Report { entries, unsealed, head, fault })
}

fn seq_after(head: Option<&Checkpoint>) -> i64 {
    head.map_or(1, |head| head.seq + 1)
}

/// The link in a row, if it is the one that must follow `before`.
fn verified(
    before: Option<&Checkpoint>,
    row: &Row,
    checkpoints: &[Checkpoint],
) -> Result<Result<Checkpoint, Flaw>, StoreError> {
    let seq: i64 = row.get("seq")?;
    if seq != seq_after(before) {
        return Ok(Err(Flaw::Gap));
    }
    if row.get::<Option<i64>>("id")?.is_none() {
        return Ok(Err(Flaw::Removed));
    }
    let (payload, salt) = payload(row)?;
    let committed: String = row.get("commitment")?;
    if commitment(&salt, &payload) != committed {
        return Ok(Err(Flaw::Altered));
    }
    let hash = link(before.map(|before| before.hash.as_str()), seq, &committed);
    if hash != row.get::<String>("hash")? {
        return Ok(Err(Flaw::Broken));
    }
    if checkpoints.iter().any(|checkpoint| checkpoint.seq == seq && checkpoint.hash != hash) {
        return Ok(Err(Flaw::NotTheCheckpoint));
    }
    Ok(Ok(Checkpoint { seq, hash }))
}

fn missing_end(entries: i64, put_in: i64, checkpoints: &[Checkpoint]) -> Option<Fault> {
    if checkpoints.iter().any(|checkpoint| checkpoint.seq > entries) {
        return Some(Fault { seq: entries + 1, flaw: Flaw::CutOff });
    }
    (put_in > 0).then_some(Fault { seq: entries, flaw: Flaw::PutIn })
}

/// A line of the export. `payload` is null when the entry is gone but its link remains.
#[derive(Serialize)]
struct Line {
    seq: i64,
    salt: Option<String>,
    payload: Option<String>,
    commit: String,
    hash: String,
}

/// Gives the chained entries one by one as lines of JSON, in the form that `docs/verify-audit.py` reads; gives how many.
///
/// # Errors
/// What `write` returns, or when the trail cannot be read.
pub async fn export<E: From<StoreError>>(db: &Db, mut write: impl FnMut(&str) -> Result<(), E>) -> Result<i64, E> {
    let mut written = 0;
    let mut seq = 0;
    loop {
        let rows = db.read(async |c| c.fetch_all(PAGE, params![seq]).await).await?;
        for row in &rows {
            let line = line(row)?;
            seq = line.seq;
            written += 1;
            write(&serde_json::to_string(&line).map_err(|why| StoreError::Unstorable(why.to_string()))?)?;
        }
        if rows.is_empty() {
            return Ok(written);
        }
    }
}

fn line(row: &Row) -> Result<Line, StoreError> {
    let (payload, salt) = match row.get::<Option<i64>>("id")? {
        Some(_) => payload(row).map(|(payload, salt)| (Some(payload), Some(salt)))?,
        None => (None, None),
    };
    Ok(Line { seq: row.get("seq")?, salt, payload, commit: row.get("commitment")?, hash: row.get("hash")? })
}
