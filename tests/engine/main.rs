//! The laws of the engine, on a small definition with one of everything.

mod laws;
mod limits;
mod machine;
mod migrate;
mod stories;
mod support;
