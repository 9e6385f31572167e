//! The append-only, hash-chained trail of who did and saw what.
//!
//! An act and its [`Entry`] commit together ([`record`]). Soon after, the sealer ([`seal`]) chains the entries by hash, so
//! that altering, removing, reordering or inserting one shows ([`verify()`]). Whoever can rewrite the whole database could
//! rewrite the chain too: a [`Checkpoint`] kept off the machine shows that, and a cut-off end. [`export`] writes what an
//! independent verifier needs (`docs/verify-audit.py`, standard library only).

mod action;
mod chain;
mod entry;
mod notes;
mod store;
mod verify;

pub use action::Action;
pub use chain::Checkpoint;
pub use entry::Entry;
pub(crate) use entry::values;
use entry::written;
pub use notes::Notes;
pub(crate) use store::record_one_postgres;
pub use store::{keep_sealing, record, seal};
pub use verify::{Fault, Flaw, Report, export, verify};
