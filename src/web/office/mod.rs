//! Pages of the authority's staff.

pub(super) mod act;
mod act_closures;
mod act_command;
mod act_form;
pub(super) mod child;
mod child_line;
pub(super) mod children;
pub(super) mod closures;
pub(super) mod compare;
pub(super) mod edit_child;
pub(super) mod in_time;
pub(super) mod involvement;
pub(super) mod move_versions;
pub(super) mod moving;
pub(super) mod names;
pub(super) mod open;
pub(super) mod phase_transfers;
pub(super) mod timelines;
pub(super) mod tray;
