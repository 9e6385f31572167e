//! Who may do what to which child: pure rules, asked by every handler.

mod role;

pub use role::Role;
