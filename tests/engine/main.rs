//! The laws of the engine, on a small definition with one of everything.

mod laws;
mod machine;
mod stories;
mod support;
