//! Pages as browsers meet them: headers, sessions, forms, and what each kind of person is shown.

#[path = "../support/mod.rs"]
mod support;

mod account;
mod assessment;
mod children;
mod closures;
mod demonstration;
mod forms;
mod golden;
mod headers;
mod hostile;
mod in_time;
mod move_versions;
mod office;
mod phase_transfers;
mod routes;
mod second_step;
mod sessions;
mod sign_in;
mod slow;
mod templates;
mod timelines;
