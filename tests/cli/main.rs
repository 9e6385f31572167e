//! The command line as people and programs meet it: what is printed where, and the exit code.

mod check;
mod dates;
mod diff;
mod graph;
mod import;
mod move_versions;
mod shell;
mod store;
mod support;
