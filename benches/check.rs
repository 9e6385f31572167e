//! How long `milepost check` takes for the shipped timeline and for generated ones: `cargo bench --bench check`.

use std::time::Instant;

use milepost::timeline::{check, draw};

#[path = "../tests/support/generated.rs"]
mod generated;

const SHIPPED: &str = include_str!("../workflows/ehc-needs-assessment.ron");

/// The quickest of some runs, in milliseconds: what the work takes when nothing disturbs it.
fn quickest(mut work: impl FnMut()) -> f64 {
    let timed = (0..9).map(|_| {
        let began = Instant::now();
        work();
        began.elapsed().as_secs_f64() * 1000.0
    });
    timed.fold(f64::INFINITY, f64::min)
}

fn main() {
    println!("{:<28} {:>9} {:>10} {:>10}", "timeline", "kB", "check ms", "draw ms");
    let generated =
        [500, 1_000, 2_000, 4_000].map(|states| (format!("generated, {states} states"), generated::text_of(states)));
    for (name, text) in std::iter::once(("shipped".to_owned(), SHIPPED.to_owned())).chain(generated) {
        let checked = check("bench.ron", text.as_bytes());
        assert!(checked.is_sound(), "{name} is sound");
        let definition = checked.definition.expect("sound");
        let check_ms = quickest(|| drop(check("bench.ron", text.as_bytes())));
        let draw_ms = quickest(|| drop(draw::svg(&definition, None)));
        println!("{name:<28} {:>9} {check_ms:>10.2} {draw_ms:>10.2}", text.len() / 1000);
    }
}
