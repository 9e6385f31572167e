//! Stories over the shipped timelines, each from beginning to end, with the dates of the law.

mod annual_review;
mod appeal;
mod cease_to_maintain;
mod desk;
mod ehc_needs_assessment;
mod ehc_needs_assessment_2020;
mod law;
mod mediation;
mod phase_transfer;
mod plan_amendment;
mod re_assessment;
mod transfer_in;
mod transfer_out;
mod tribunal_order;
