//! Decide and evolve in memory, on one core.

use std::hint::black_box;
use std::time::Instant;

use milepost::calendar::Calendar;
use milepost::engine::{Engine, Opening};
use milepost::timeline::Compiled;

use crate::desk::{asked, fire, small};

pub fn run() {
    let definition = Compiled::new(small()).expect("the fixture names only what it declares");
    let calendar = Calendar::england_and_wales();
    let engine = Engine::new(&definition, &calendar);
    let opening =
        Opening { on: milepost::calendar::date(2026, 3, 2), born_on: None, owner: None, facts: vec![], linked: None };
    let asked = asked();
    let mut log = engine.open(&opening, &asked).expect("it opens");
    let mut involvement = engine.fold(&log).expect("it folds");
    for command in [fire("agree"), receive(1), receive(2), fire("send-draft")] {
        let events = engine.decide(&involvement, &command, &asked, &[]).expect("it is allowed");
        involvement = engine.after(&involvement, &log, &events);
        log.extend(events);
    }
    let command = fire("send-draft");
    let steps = 400_000u32;
    let mut best = f64::MAX;
    for _ in 0..5 {
        let mut live = involvement.clone();
        let began = Instant::now();
        for _ in 0..steps {
            let events = engine.decide(&live, black_box(&command), &asked, &[]).expect("it is allowed");
            for event in &events {
                milepost::engine::evolve(&definition, &mut live, event);
            }
            black_box(&live);
        }
        best = best.min(began.elapsed().as_secs_f64());
    }
    let (millions, nanoseconds) = (f64::from(steps) / best / 1e6, best * 1e9 / f64::from(steps));
    println!("engine: {millions:.2} million steps a second on one core ({nanoseconds:.0} ns each)");
}

fn receive(request: u32) -> milepost::engine::Command {
    milepost::engine::Command::ReceiveAdvice { request, on: milepost::calendar::date(2026, 3, 2) }
}
