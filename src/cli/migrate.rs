//! `milepost migrate`: brings the schema up to date.

use std::process::ExitCode;

use super::{block_on, config, database};

pub(super) fn run() -> ExitCode {
    block_on(async {
        let db = database(&config()?).await?;
        db.close().await;
        println!("The schema is up to date.");
        Ok::<_, String>(ExitCode::SUCCESS)
    })
}
