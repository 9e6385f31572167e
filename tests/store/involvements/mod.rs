//! Involvements as they are stored: one unit of work a step, whoever comes at once and whatever crashes.

mod crash;
mod day;
mod desk;
mod faults;
mod in_time;
mod linked;
mod migrate;
mod schedules;
mod shipped;
mod steps;
mod storms;
mod tray;
mod tray_model;
