//! The floor: the same rows written with nothing in between - no engine, no JSON lists, values ready made.

use std::sync::mpsc;

use rusqlite::Connection;
use sqlx::PgPool;
use tokio::sync::oneshot;

/// The values of one step's rows, taken from a step that the service wrote.
#[derive(Clone)]
pub struct Rows {
    pub snapshot: String,
    pub payload: String,
    pub tray: Vec<Option<String>>,
    pub details: String,
    pub salt: String,
}

pub const TRAY: [&str; 14] = [
    "started_on",
    "ended_on",
    "owner_id",
    "state",
    "state_label",
    "stage",
    "stage_label",
    "next_due_on",
    "next_clock",
    "next_label",
    "exempt_until",
    "waiting_on",
    "awaiting",
    "wakes_on",
];

struct Asked {
    involvement: String,
    child: String,
    seq: i64,
    done: oneshot::Sender<()>,
}

/// A thread that owns the one connection and commits whatever waits together.
#[derive(Clone)]
pub struct Writer(mpsc::Sender<Asked>);

const EVENT: &str = "insert into events (involvement_id, seq, step, kind, occurred_on, recorded_at, actor_id, payload,
    idempotency_key) values (?1, ?2, ?2, 'fired', '2026-03-02', ?3, 'CASEWORKER0000000000000000', ?4, null)";
const ROW: &str = "update involvements set version = ?2, snapshot = ?3, started_on = ?4, ended_on = ?5, owner_id = ?6,
    state = ?7, state_label = ?8, stage = ?9, stage_label = ?10, next_due_on = ?11, next_clock = ?12, next_label = ?13,
    exempt_until = ?14, waiting_on = ?15, awaiting = ?16, wakes_on = ?17, advice_in = 2, advice_asked = 2, weeks_of = 20,
    updated_at = ?18 where id = ?1";
const AUDIT: &str =
    "insert into audit (at, account_id, role, action, why, child_id, involvement_id, object, request_id,
    session_id, address, details, salt) values (?1, 'CASEWORKER0000000000000000', 'Caseworker', 'involvement-moved',
    '/office/involvements/:id', ?2, ?3, null, null, null, null, ?4, ?5)";

impl Writer {
    pub fn begin(path: &std::path::Path, rows: Rows) -> Writer {
        let (asked, arrived) = mpsc::channel::<Asked>();
        let conn = Connection::open(path).expect("the database opens");
        conn.execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma trusted_schema = off;
             pragma temp_store = memory",
        )
        .expect("the settings are taken");
        std::thread::spawn(move || {
            while let Ok(first) = arrived.recv() {
                let mut together = vec![first];
                while together.len() < 64
                    && let Ok(next) = arrived.try_recv()
                {
                    together.push(next);
                }
                conn.execute_batch("begin immediate").expect("it begins");
                for asked in &together {
                    write(&conn, asked, &rows).expect("it is written");
                }
                conn.execute_batch("commit").expect("it commits");
                for asked in together {
                    let _ = asked.done.send(());
                }
            }
        });
        Writer(asked)
    }

    pub async fn step(&self, involvement: &str, child: &str, seq: i64) {
        let (done, told) = oneshot::channel();
        let asked = Asked { involvement: involvement.to_owned(), child: child.to_owned(), seq, done };
        self.0.send(asked).expect("the writer runs");
        told.await.expect("the writer answers");
    }
}

fn write(conn: &Connection, asked: &Asked, rows: &Rows) -> rusqlite::Result<()> {
    let at = 1_772_442_000_000i64;
    conn.prepare_cached(EVENT)?.execute(rusqlite::params![asked.involvement, asked.seq, at, rows.payload])?;
    let tray = &rows.tray;
    conn.prepare_cached(ROW)?.execute(rusqlite::params![
        asked.involvement,
        asked.seq,
        rows.snapshot,
        tray[0],
        tray[1],
        tray[2],
        tray[3],
        tray[4],
        tray[5],
        tray[6],
        tray[7],
        tray[8],
        tray[9],
        tray[10],
        tray[11],
        tray[12],
        tray[13],
        at
    ])?;
    conn.prepare_cached(AUDIT)?.execute(rusqlite::params![
        at,
        asked.child,
        asked.involvement,
        rows.details,
        rows.salt
    ])?;
    Ok(())
}

const PG_LOAD: &str = "select child_id, definition_id, snapshot from involvements where id = $1";
const PG_WRITE: &str = "
    with moved as (
        update involvements set version = $2, snapshot = $3, started_on = $4, ended_on = $5, owner_id = $6, state = $7,
            state_label = $8, stage = $9, stage_label = $10, next_due_on = $11, next_clock = $12, next_label = $13,
            exempt_until = $14, waiting_on = $15, awaiting = $16, wakes_on = $17, advice_in = 2, advice_asked = 2,
            weeks_of = 20, updated_at = $18
        where id = $1 and version = $2 - 1 returning id),
    event as (
        insert into events (involvement_id, seq, step, kind, occurred_on, recorded_at, actor_id, payload, idempotency_key)
        select id, $2, $2, 'fired', '2026-03-02', $18, 'CASEWORKER0000000000000000', $19, null from moved),
    entry as (
        insert into audit (at, account_id, role, action, why, child_id, involvement_id, object, request_id, session_id,
            address, details, salt)
        select $18, 'CASEWORKER0000000000000000', 'Caseworker', 'involvement-moved', '/office/involvements/:id', $20, id,
            null, null, null, null, $21, $22 from moved
        returning id),
    queued as (insert into audit_unsealed (id) select id from entry)
    select count(*) from moved";

/// The bare reading of the row on PostgreSQL.
pub async fn postgres_load(pool: &PgPool, involvement: &str) {
    let row = sqlx::query(PG_LOAD).bind(involvement).fetch_one(pool).await.expect("it is there");
    std::hint::black_box(&row);
}

/// The bare writing of a step on PostgreSQL.
pub async fn postgres_write(pool: &PgPool, involvement: &str, child: &str, seq: i64, rows: &Rows) {
    let mut write = sqlx::query(PG_WRITE).bind(involvement).bind(seq).bind(&rows.snapshot);
    for column in &rows.tray {
        write = write.bind(column);
    }
    let write = write.bind(1_772_442_000_000i64).bind(&rows.payload).bind(child).bind(&rows.details).bind(&rows.salt);
    write.fetch_one(pool).await.expect("it is written");
}
