//! What is stored: each story on SQLite and on PostgreSQL, the second a throw-away server that the tests start.

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod audit;
mod children;
mod closures;
mod involvements;
mod layer;
mod notes;
mod phase_transfers;
mod schema;
