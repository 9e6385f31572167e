//! What the test binaries share. Each uses its part, so some of it is unused in any one of them.
#![allow(dead_code, unused_macros, unused_imports)]

pub mod app;
pub mod browser;
pub mod databases;
pub mod postgres;
