//! `milepost verify-audit`: whether the audit trail is whole.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{block_on, config, database};
use crate::audit;
use crate::db::StoreError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Also write the trail as JSON lines, for a verifier of your own
    #[arg(long)]
    export: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> ExitCode {
    block_on(async {
        let db = database(&config()?).await?;
        audit::seal(&db).await.map_err(|error| error.to_string())?;
        let report = audit::verify(&db, &[]).await.map_err(|error| error.to_string())?;
        if let Some(path) = &args.export {
            let mut lines = String::new();
            let keep = |line: &str| {
                lines.push_str(line);
                lines.push('\n');
                Ok::<_, StoreError>(())
            };
            audit::export(&db, keep).await.map_err(|error| error.to_string())?;
            std::fs::write(path, lines).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        match report.fault {
            None => {
                println!("The audit trail is whole: {} entries.", report.entries);
                Ok::<_, String>(ExitCode::SUCCESS)
            }
            Some(fault) => Err(fault.to_string()),
        }
    })
}
