//! Moving 20,000 involvements to another version: the dry run, keeping every date and counting every date from the logs,
//! and the move itself.
//!
//! `cargo bench --bench move`, or with fewer involvements: `cargo bench --bench move -- 2000`.

use std::time::Instant as Stopwatch;

use milepost::access::Role;
use milepost::calendar::date;
use milepost::clock::{Clock, Instant};
use milepost::db::Db;
use milepost::engine::{Actor, Asked, Command, Opening};
use milepost::ids::{AccountId, ChildId};
use milepost::involvements::{Involvements, Move, Open, Origin, Step};
use milepost::timeline::migrate::{Plan, Treatment};
use milepost::timeline::{Definition, NoticeContent, Value};
use tokio::task::JoinSet;

/// How many are filled in at once.
const FILLING: usize = 16;

const SOURCE: &str = include_str!("../tests/engine/small.ron");

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let many: usize = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(20_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let db = Db::open(&format!("sqlite:{}", folder.path().join("move.db").display())).await.expect("opened");
    db.migrate().await.expect("migrated");
    let clock = Clock::set_to(Instant::at_start_of(date(2026, 3, 16)).plus_millis(36_000_000));
    let involvements = Involvements::new(db, clock.clone());
    let changed = SOURCE.replace("version: 1,", "version: 2,").replace("2014-09-01", "2026-04-01");
    let changed = changed.replacen("limit: Within(Weeks(6))", "limit: Within(Weeks(8))", 1);
    for text in [SOURCE, &changed] {
        let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
        let definition: Definition = options.from_str(text).expect("the fixture is well formed");
        involvements.publish(definition, text).await.expect("published");
    }
    let by = Actor::Person { account: AccountId::from("PRIYA"), role: Role::Caseworker };
    let asked = Asked::new(by, clock.now());
    fill(&involvements, many, &asked).await;

    let version = async |number| involvements.version("small", number).await.expect("asked").expect("published");
    let (from, to) = (version(1).await, version(2).await);
    let recompute = to.clocks.iter().map(|clock| (clock.name.to_string(), Treatment::Recompute)).collect();
    let recompute = Plan { clocks: recompute, ..Plan::default() };
    println!("{many} involvements of six events each, on SQLite");
    for (what, plan) in
        [("keeping every date", Plan::default()), ("counting every date from the logs", recompute.clone())]
    {
        let moving = Move { from: from.clone(), to: to.clone(), plan, reason: "Measured".into() };
        let watch = Stopwatch::now();
        let rehearsal = involvements.rehearse(&moving, &asked).await.expect("rehearsed");
        assert_eq!(rehearsal.would_move(), many);
        println!(
            "  dry run, {what}: {:.2} s (at most 5), {} dates change",
            watch.elapsed().as_secs_f64(),
            rehearsal.changes.len()
        );
    }
    let moving = Move { from, to, plan: recompute, reason: "Measured".into() };
    let watch = Stopwatch::now();
    let id = involvements.begin_move(&moving, &asked, None).await.expect("begun");
    involvements.carry_out(&id, |_| {}).await.expect("carried out");
    let took = watch.elapsed().as_secs_f64();
    println!("  the move itself: {took:.2} s, {:.0} a second", many as f64 / took);
}

async fn fill(involvements: &Involvements, many: usize, asked: &Asked) {
    let mut filling = JoinSet::new();
    for worker in 0..FILLING {
        let (involvements, asked) = (involvements.clone(), asked.clone());
        filling.spawn(async move {
            for number in (worker..many).step_by(FILLING) {
                fill_one(&involvements, number, &asked).await;
            }
        });
    }
    while let Some(done) = filling.join_next().await {
        done.expect("filled");
    }
}

async fn fill_one(involvements: &Involvements, number: usize, asked: &Asked) {
    let open = Open {
        child: ChildId::from(format!("CHILD-{number}")),
        timeline: "small".into(),
        opening: Opening { on: date(2026, 3, 2), born_on: None, owner: None, facts: vec![], linked: None },
        asked: asked.clone(),
        key: None,
        origin: Origin::new("bench"),
    };
    let involvement = involvements.open(open).await.expect("opened").involvement;
    let facts = vec![("panel-date".to_owned(), Value::Date(date(2026, 3, 16)))];
    let (transition, told) = ("agree".to_owned(), vec![NoticeContent::Decision]);
    let command = Command::Fire { transition, on: date(2026, 3, 16), facts, note: None, told };
    let (asked, origin) = (asked.clone(), Origin::new("bench"));
    involvements.take(Step { involvement, command, asked, seen: None, key: None, origin }).await.expect("agreed");
}
