//! Stories over the shipped timelines, each from beginning to end, with the dates of the law.

mod appeal;
mod desk;
mod ehc_needs_assessment;
mod law;
mod mediation;
mod transfer_in;
mod transfer_out;
mod tribunal_order;
