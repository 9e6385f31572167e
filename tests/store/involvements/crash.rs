//! A process killed without warning, again and again, loses nothing that it acknowledged.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

use milepost::clock::Clock;
use milepost::db::Db;
use milepost::ids::InvolvementId;
use milepost::involvements::Involvements;

use super::desk::{Desk, morning_of, note, opened_on};
use crate::support::databases::{Fresh, postgres, sqlite};

const ROUNDS: usize = 4;
const CALLERS: usize = 8;

/// Not a story: the process that is killed, which this binary starts of itself. It says each step that was acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by the stories below"]
async fn the_process_that_is_killed() {
    #[allow(clippy::disallowed_methods)]
    let url = std::env::var("MILEPOST_TEST_DATABASE").expect("started by a story");
    let db = Db::open(&url).await.unwrap();
    let clock = Clock::set_to(morning_of(opened_on()));
    let desk = Desk { involvements: Involvements::new(db.clone(), clock.clone()), db, clock };
    let ids =
        desk.db.read(async |c| c.fetch_all("select id from involvements order by id", vec![]).await).await.unwrap();
    let callers = ids.into_iter().map(|row| {
        let (desk, id) = (desk.clone(), row.get::<InvolvementId>(0).unwrap());
        tokio::spawn(async move {
            loop {
                let outcome = desk.take(&id, note("A call")).await.unwrap();
                let mut out = std::io::stdout().lock();
                writeln!(out, "\nACKNOWLEDGED {id} {}", outcome.first).unwrap();
                out.flush().unwrap();
            }
        })
    });
    #[expect(clippy::never_loop, reason = "the first caller is waited for until the process is killed")]
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
}

async fn survives_being_killed(fresh: Fresh) {
    let desk = Desk::at(&fresh.db).await;
    for number in 0..CALLERS {
        desk.opened(&format!("CHILD-{number}")).await;
    }
    let mut acknowledged: Vec<(InvolvementId, usize)> = Vec::new();
    for _ in 0..ROUNDS {
        let mut process = Process::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "--nocapture", "involvements::crash::the_process_that_is_killed"])
            .env("MILEPOST_TEST_DATABASE", &fresh.url)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut of_round = 0;
        let began = Instant::now();
        for line in lines.by_ref() {
            let line = line.unwrap();
            if let Some((id, seq)) = line.strip_prefix("ACKNOWLEDGED ").and_then(|said| said.split_once(' ')) {
                acknowledged.push((InvolvementId::from(id), seq.parse().unwrap()));
                of_round += 1;
            }
            if of_round >= 200 || began.elapsed() > Duration::from_secs(20) {
                break;
            }
        }
        process.kill().unwrap();
        // What it had said before the signal reached it counts too, but for a line that was cut off.
        for line in lines.map_while(Result::ok) {
            if let Some((id, seq)) = line.strip_prefix("ACKNOWLEDGED ").and_then(|said| said.split_once(' '))
                && id.len() == 26
                && let Ok(seq) = seq.parse::<usize>()
                && acknowledged.iter().all(|known| known.0.as_str() != id || known.1 < seq)
            {
                acknowledged.push((InvolvementId::from(id), seq));
            }
        }
        process.wait().unwrap();
    }
    assert!(acknowledged.len() >= ROUNDS * 200, "{}", acknowledged.len());
    for number in 0..CALLERS {
        let child = milepost::ids::ChildId::from(format!("CHILD-{number}"));
        let id = desk.involvements.of_child(&child).await.unwrap().remove(0).id;
        let kept = desk.involvements.log(&id).await.unwrap().len();
        let said = acknowledged.iter().filter(|known| known.0 == id).map(|known| known.1).max();
        assert!(said.is_none_or(|said| said <= kept), "event {said:?} was acknowledged, {kept} are there");
    }
    desk.check_invariants().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_loses_nothing_it_acknowledged_on_sqlite() {
    survives_being_killed(sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_loses_nothing_it_acknowledged_on_postgres() {
    survives_being_killed(postgres().await).await;
}
