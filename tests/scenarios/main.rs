//! Stories over the shipped timeline: one family's request from beginning to end, with the dates of the law.

mod desk;
mod ehc_needs_assessment;
mod law;
