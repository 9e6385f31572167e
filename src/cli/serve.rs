//! `milepost serve`: runs the service.

use std::process::ExitCode;
use std::sync::Arc;

use super::{block_on, config, database, start_logging};
use crate::clock::Clock;
use crate::config::Config;
use crate::jobs;
use crate::web::{self, App};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  MILEPOST_DATABASE=postgres://milepost@localhost/milepost MILEPOST_COUNCIL=\"Northmoor Council\" milepost serve"
)]
pub(super) struct Args {}

pub(super) fn run(_: Args) -> ExitCode {
    block_on(async {
        let config = config()?;
        start_logging(&config);
        let app = start(config).await?;
        println!("Milepost is at {}", app.config.address);
        listen(app).await
    })
}

pub(super) async fn start(config: Config) -> Result<Arc<App>, String> {
    database(&config).await?.close().await;
    App::start(config, Clock::System).await.map_err(|error| error.to_string())
}

/// Serves until the process is asked to stop.
pub(super) async fn listen(app: Arc<App>) -> Result<ExitCode, String> {
    jobs::start(&app);
    web::serve(app, asked_to_stop()).await.map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
