//! Durable steps at 1, 8 and 64 callers, ours and the bare one in turns; and the 200th step beside the first.

use std::sync::Arc;
use std::time::{Duration, Instant};

use milepost::db::Db;
use milepost::ids::InvolvementId;
use milepost::involvements::Involvements;
use milepost::params;
use sqlx::PgPool;

use crate::bare::{Rows, TRAY, Writer, postgres_load, postgres_write};
use crate::desk::{drafted, fire, service, step};
use crate::support::postgres::Server;

const ROUND: Duration = Duration::from_millis(1_200);
const ROUNDS: usize = 5;

pub async fn sqlite() {
    let folder = tempfile::Builder::new().prefix("milepost-bench-").tempdir_in("/tmp").expect("a folder can be made");
    let path = folder.path().join("milepost.db");
    let db = Db::open(&format!("sqlite:{}", path.display())).await.expect("it opens");
    db.migrate().await.expect("the schema is taken");
    let involvements = service(&db).await;
    for callers in [1, 8, 64] {
        let ours = lanes(&involvements, callers).await;
        let theirs = lanes(&involvements, callers).await;
        let rows = rows_of(&db, &theirs[0].id).await;
        let writer = Writer::begin(&path, rows);
        let mut ratios = Vec::new();
        let (mut best_ours, mut best_bare) = (0f64, 0f64);
        for _ in 0..ROUNDS {
            let one = ours_rate(&involvements, &ours).await;
            let writer = writer.clone();
            let bare = rate(&theirs, move |lane| {
                let writer = writer.clone();
                async move { writer.step(lane.id.as_str(), &lane.child, lane.next()).await }
            })
            .await;
            ratios.push(one / bare);
            (best_ours, best_bare) = (best_ours.max(one), best_bare.max(bare));
        }
        tell("sqlite", callers, best_ours, best_bare, &mut ratios, "rusqlite thread with group commit");
    }
    late_steps("sqlite", &involvements).await;
}

pub async fn postgres(server: &Server) {
    let db = Db::open(&server.new_database().await).await.expect("it opens");
    let involvements = service(&db).await;
    let Db::Postgres(pool) = db.clone() else { return };
    for callers in [1, 8, 64] {
        let ours = lanes(&involvements, callers).await;
        let theirs = lanes(&involvements, callers).await;
        let rows = Arc::new(rows_of(&db, &theirs[0].id).await);
        let (mut ratios, mut ratios_of_one) = (Vec::new(), Vec::new());
        let (mut best_ours, mut best_two, mut best_one) = (0f64, 0f64, 0f64);
        for _ in 0..ROUNDS {
            let step = ours_rate(&involvements, &ours).await;
            let two = postgres_rate(&pool, &theirs, &rows, true).await;
            let one = postgres_rate(&pool, &theirs, &rows, false).await;
            ratios.push(step / two);
            ratios_of_one.push(step / one);
            (best_ours, best_two, best_one) = (best_ours.max(step), best_two.max(two), best_one.max(one));
        }
        tell("postgres", callers, best_ours, best_two, &mut ratios, "two bare round trips");
        tell("postgres", callers, best_ours, best_one, &mut ratios_of_one, "the bare write alone");
    }
    late_steps("postgres", &involvements).await;
}

async fn postgres_rate(pool: &PgPool, lanes: &[Arc<Lane>], rows: &Arc<Rows>, reads_first: bool) -> f64 {
    let (pool, rows) = (pool.clone(), rows.clone());
    rate(lanes, move |lane| {
        let (pool, rows) = (pool.clone(), rows.clone());
        async move {
            if reads_first {
                postgres_load(&pool, lane.id.as_str()).await;
            }
            postgres_write(&pool, lane.id.as_str(), &lane.child, lane.next(), &rows).await;
        }
    })
    .await
}

/// One caller's own involvement.
struct Lane {
    id: InvolvementId,
    child: String,
    version: std::sync::atomic::AtomicI64,
}

impl Lane {
    fn next(&self) -> i64 {
        self.version.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1
    }
}

async fn lanes(involvements: &Involvements, callers: usize) -> Vec<Arc<Lane>> {
    let mut lanes = Vec::new();
    for _ in 0..callers {
        let id = drafted(involvements).await;
        let held = involvements.find(&id).await.expect("the database answers").expect("it is there");
        let version = i64::from(held.involvement.version).into();
        lanes.push(Arc::new(Lane { id, child: held.child.to_string(), version }));
    }
    lanes
}

async fn ours_rate(involvements: &Involvements, lanes: &[Arc<Lane>]) -> f64 {
    let involvements = involvements.clone();
    rate(lanes, move |lane| {
        let involvements = involvements.clone();
        async move { take(&involvements, &lane).await }
    })
    .await
}

async fn take(involvements: &Involvements, lane: &Lane) {
    involvements.take(step(&lane.id, fire("send-draft"))).await.expect("it is allowed");
}

/// Steps a second when every lane takes one after the other for a while.
async fn rate<F: Future<Output = ()> + Send + 'static>(
    lanes: &[Arc<Lane>],
    act: impl Fn(Arc<Lane>) -> F + Clone + Send + Sync + 'static,
) -> f64 {
    let began = Instant::now();
    let callers = lanes.iter().cloned().map(|lane| {
        let act = act.clone();
        tokio::spawn(async move {
            let mut steps = 0u64;
            while began.elapsed() < ROUND {
                act(lane.clone()).await;
                steps += 1;
            }
            steps
        })
    });
    let mut steps = 0;
    for caller in callers.collect::<Vec<_>>() {
        steps += caller.await.expect("the caller ends");
    }
    steps as f64 / began.elapsed().as_secs_f64()
}

async fn rows_of(db: &Db, id: &InvolvementId) -> Rows {
    db.read(async |c| {
        let row = c.fetch_one("select * from involvements where id = $1", params![id]).await?;
        let payload = "select payload from events where involvement_id = $1 order by seq desc limit 1";
        let payload = c.fetch_one(payload, params![id]).await?.get(0)?;
        let audit = "select details, salt from audit where involvement_id = $1 order by id desc limit 1";
        let audit = c.fetch_one(audit, params![id]).await?;
        let tray = TRAY.iter().map(|column| row.get::<Option<String>>(*column)).collect::<Result<_, _>>()?;
        Ok(Rows {
            snapshot: row.get("snapshot")?,
            payload,
            tray,
            details: audit.get("details")?,
            salt: audit.get("salt")?,
        })
    })
    .await
    .expect("the rows are there")
}

fn tell(database: &str, callers: usize, ours: f64, bare: f64, ratios: &mut [f64], floor: &str) {
    ratios.sort_by(f64::total_cmp);
    let (low, middle, high) = (ratios[0], ratios[ratios.len() / 2], ratios[ratios.len() - 1]);
    println!(
        "{database}, {callers:>2} callers: {ours:>6.0} steps/s, {floor} {bare:>6.0}; ratio {middle:.2} (rounds {low:.2} to {high:.2})"
    );
}

/// Does a long log make a step dearer?
async fn late_steps(database: &str, involvements: &Involvements) {
    let (mut first, mut late) = (Vec::new(), Vec::new());
    for _ in 0..12 {
        let lane = lanes(involvements, 1).await.remove(0);
        let mut times = Vec::new();
        for _ in 0..220 {
            let began = Instant::now();
            take(involvements, &lane).await;
            times.push(began.elapsed().as_secs_f64());
        }
        first.extend_from_slice(&times[..20]);
        late.extend_from_slice(&times[195..215]);
    }
    let middle = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2] * 1e6
    };
    let (first, late) = (middle(&mut first), middle(&mut late));
    println!("{database}: a step at first {first:.0} us, after 200 {late:.0} us; ratio {:.2}", late / first);
}
