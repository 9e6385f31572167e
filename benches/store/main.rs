//! What a durable step costs, beside the bare SQL it needs in the same run on the same disk; and what the engine costs.
//!
//! `cargo bench --bench store` (`make bench`). Figures and how to read them: docs/benchmarks.md.

#[path = "../../tests/support/mod.rs"]
mod support;

mod bare;
mod desk;
mod engine;
mod steps;

fn main() {
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let wanted = |name: &str| only.as_deref().is_none_or(|only| name.contains(only));
    if wanted("engine") {
        engine::run();
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime starts");
    if wanted("sqlite") {
        runtime.block_on(steps::sqlite());
    }
    if wanted("postgres") {
        let (server, mut child) = support::postgres::durable_server();
        runtime.block_on(steps::postgres(&server));
        let _ = child.kill();
        let _ = child.wait();
    }
}
