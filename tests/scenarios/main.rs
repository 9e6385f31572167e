//! Stories over the shipped timelines, each from beginning to end, with the dates of the law.

mod desk;
mod ehc_needs_assessment;
mod law;
mod transfer_in;
mod transfer_out;
