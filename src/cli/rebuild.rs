//! `milepost rebuild`: computes what is kept beside the logs again, and mends what differs.

use std::process::ExitCode;

use super::{block_on, config, database};
use crate::clock::Clock;
use crate::involvements::Involvements;

pub(super) fn run() -> ExitCode {
    block_on(async {
        let db = database(&config()?).await?;
        let rebuilt = Involvements::new(db, Clock::System).rebuild().await.map_err(|error| error.to_string())?;
        println!("{} involvements looked at, {} mended.", rebuilt.looked_at, rebuilt.mended);
        Ok::<_, String>(ExitCode::SUCCESS)
    })
}
