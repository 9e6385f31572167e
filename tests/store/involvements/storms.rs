//! Many callers at once, on many involvements, with everything that people do.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::Days;
use milepost::calendar::Date;
use milepost::engine::Command;
use milepost::ids::InvolvementId;
use milepost::involvements::{Involvements, Outcome, Trouble};

use super::desk::{Desk, fire, note, opened_on};
use crate::support::databases::on_both_databases;

/// Numbers that only look random: each run is the same.
pub fn numbers(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    }
}

fn any_command(pick: &mut impl FnMut(u64) -> u64, today: Date) -> Command {
    match pick(10) {
        0 => fire("agree", today),
        1 => fire("send-draft", today),
        2 if pick(20) == 0 => fire("withdraw", today),
        3 => Command::RequestAdvice { advice: "other".into(), of: "A clinic".into(), on: today },
        4 => Command::ReceiveAdvice { request: pick(4) as u32 + 1, on: today },
        5 => Command::Redate { seq: pick(6) as u32 + 1, on: today - Days::new(pick(3)), reason: "Mistyped".into() },
        6 => Command::Void { seq: pick(12) as u32 + 1, reason: "Mistaken".into() },
        7 => Command::DayPassed,
        _ => note("A call"),
    }
}

async fn storm(desk: &Desk, nodes: &[Involvements], callers: u64, steps: u64) -> Vec<Outcome> {
    let mut involvements = Vec::new();
    for number in 0..6 {
        involvements.push(desk.opened(&format!("CHILD-{number}")).await);
    }
    desk.travel_to(opened_on() + Days::new(40));
    let involvements: Arc<Vec<InvolvementId>> = Arc::new(involvements);
    let unexpected = Arc::new(AtomicU64::new(0));
    let callers = (0..callers).map(|caller| {
        let (desk, involvements, unexpected) = (desk.clone(), involvements.clone(), unexpected.clone());
        let node = nodes[caller as usize % nodes.len()].clone();
        tokio::spawn(async move {
            let mut pick = numbers(caller + 1);
            let mut acknowledged = Vec::new();
            for number in 0..steps {
                let id = &involvements[pick(6) as usize];
                let today = desk.clock.today();
                let mut step = desk.step(id, any_command(&mut pick, today));
                step.key = (pick(2) == 0).then(|| format!("{caller}-{}", number / 2));
                match node.take(step).await {
                    Ok(outcome) => acknowledged.push(outcome),
                    Err(Trouble::Refused(_) | Trouble::Changed { .. }) => {}
                    Err(other) => {
                        eprintln!("{other:?}");
                        unexpected.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
            acknowledged
        })
    });
    let mut acknowledged = Vec::new();
    for caller in callers.collect::<Vec<_>>() {
        acknowledged.extend(caller.await.unwrap());
    }
    assert_eq!(unexpected.load(Ordering::Relaxed), 0);
    acknowledged
}

async fn check_acknowledged(desk: &Desk, acknowledged: &[Outcome]) {
    for outcome in acknowledged {
        let log = desk.involvements.log_after(&outcome.involvement, outcome.first - 1).await.unwrap();
        assert_eq!(log[..outcome.events.len()], outcome.events, "what was acknowledged is in the log, in its place");
    }
    desk.check_invariants().await;
}

on_both_databases! {
    async fn after_a_storm_of_steps_replay_equals_live(db: Db) {
        let desk = Desk::at(&db).await;
        let acknowledged = storm(&desk, std::slice::from_ref(&desk.involvements), 16, 25).await;
        assert!(acknowledged.len() > 100, "{}", acknowledged.len());
        check_acknowledged(&desk, &acknowledged).await;
    }

    async fn two_services_on_one_database_do_not_tread_on_each_other(db: Db) {
        let desk = Desk::at(&db).await;
        let nodes = [desk.involvements.clone(), Involvements::new(db.clone(), desk.clock.clone())];
        let acknowledged = storm(&desk, &nodes, 8, 25).await;
        assert!(acknowledged.len() > 50, "{}", acknowledged.len());
        check_acknowledged(&desk, &acknowledged).await;
    }

    async fn a_service_that_remembers_an_older_state_still_decides_on_the_newest(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("ADA").await;
        let other = Involvements::new(db.clone(), desk.clock.clone());
        other.take(desk.step(&id, note("Remembered here"))).await.unwrap();
        desk.take(&id, fire("agree", opened_on())).await.unwrap();

        let refused = other.take(desk.step(&id, fire("refuse", opened_on()))).await;
        let accepted = other.take(desk.step(&id, Command::ReceiveAdvice { request: 1, on: opened_on() })).await;

        assert!(matches!(refused, Err(Trouble::Refused(_))), "{refused:?}");
        assert!(accepted.is_ok(), "{accepted:?}");
        desk.check_invariants().await;
    }

    async fn a_bad_step_among_many_fails_alone(db: Db) {
        let desk = Desk::at(&db).await;
        let mut ids = Vec::new();
        for number in 0..20 {
            ids.push(desk.opened(&format!("CHILD-{number}")).await);
        }
        let asked = ids.iter().enumerate().map(|(number, id)| {
            let command = if number == 7 { fire("issue", opened_on()) } else { note("A call") };
            let (involvements, step) = (desk.involvements.clone(), desk.step(id, command));
            tokio::spawn(async move { involvements.take(step).await })
        });
        let mut refused = Vec::new();
        for (number, asked) in asked.collect::<Vec<_>>().into_iter().enumerate() {
            if asked.await.unwrap().is_err() {
                refused.push(number);
            }
        }
        assert_eq!(refused, [7]);
        desk.check_invariants().await;
    }
}
