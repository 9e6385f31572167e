//! Milepost runs the statutory Education, Health and Care processes of an English local authority.
//!
//! The map, from the inside out:
//!
//! | module | what it is for |
//! |---|---|
//! | [`calendar`] | spans of time, bank holidays, closures and the arithmetic of limits |
//! | [`timeline`] | definitions: the graph of one statutory process, its checks and its drawing |
//! | [`engine`] | command -> events -> effects; clocks, view, progress |
//! | [`access`] | who may do what to which child |
//! | [`db`] | both databases behind one small layer; migrations |
//! | [`audit`] | the append-only, hash-chained trail |
//! | [`phase_transfers`] | who moves to another phase of education, and whether their plans are ready |
//! | [`closures`] | when settings are closed, from their term dates |
//! | [`children`], [`involvements`], [`accounts`], [`sharing`] | features: rules in pure files, SQL in `store.rs` |
//! | [`web`] | pages, one file a screen; one table of routes |
//! | [`jobs`] | what runs beside the pages: a day passing, the audit trail's sealer |
//! | [`demo`] | a fictional authority, made through the same doors as everything else |
//! | [`clock`], [`config`], [`ids`] | the only caller of the system clock, the only reader of settings, ids |
//! | [`cli`] | commands, one file each |
//!
//! What must hold everywhere is written in ARCHITECTURE.md and kept by `tests/architecture.rs`.
#![forbid(unsafe_code)]

pub mod access;
pub mod accounts;
pub mod audit;
pub mod calendar;
pub mod children;
pub mod cli;
pub mod clock;
pub mod closures;
pub mod config;
pub mod db;
pub mod demo;
pub mod engine;
pub mod ids;
pub mod involvements;
pub mod jobs;
mod lines;
pub mod phase_transfers;
mod remembered;
pub mod sharing;
pub mod timeline;
pub mod web;
