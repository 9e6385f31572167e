//! `milepost demo`: the service with a fictional authority.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{block_on, config, serve, start_logging};
use crate::clock::Clock;
use crate::demo::{self, PASSWORD, logins};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  milepost demo            starts it; the data of the last time is still there\n  milepost demo --fresh    starts afresh\n  milepost demo code priya@northmoor.example"
)]
pub(super) struct Args {
    /// Throw away what was done in the demonstration before
    #[arg(long)]
    fresh: bool,
    /// Where the demonstration keeps its database and key
    #[arg(long, default_value = "data/demo")]
    folder: PathBuf,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Prints the code that somebody's authenticator app would show now
    Code {
        /// The address somebody signs in with
        email: String,
    },
    /// Fills the database and ends, without listening
    Fill,
}

pub(super) fn run(args: Args) -> ExitCode {
    if let Some(What::Code { email }) = &args.what {
        return code(email);
    }
    block_on(async {
        let mut config = config()?;
        config.demonstration = true;
        config.security_contact.get_or_insert_with(|| "mailto:security@northmoor.example".into());
        config.council = "Northmoor Council".into();
        config.database = format!("sqlite:{}", args.folder.join("milepost.db").display());
        config.key_file = args.folder.join("milepost.key");
        start_logging(&config);
        if args.fresh && args.folder.exists() {
            std::fs::remove_dir_all(&args.folder).map_err(|error| format!("{}: {error}", args.folder.display()))?;
        }
        let app = serve::start(config).await?;
        demo::fill(&app).await.map_err(|error| error.to_string())?;
        if let Some(What::Fill) = args.what {
            return Ok(ExitCode::SUCCESS);
        }
        println!("{}", how_to_sign_in(&app.config.address));
        serve::listen(app).await
    })
}

fn code(email: &str) -> ExitCode {
    match demo::code_of(email, Clock::System.now()) {
        Some(code) => {
            println!("{code}");
            ExitCode::SUCCESS
        }
        None => super::failed(format!("nobody in the demonstration signs in as {email}")),
    }
}

fn how_to_sign_in(address: &str) -> String {
    let mut text = format!(
        "\nNorthmoor Council, a fictional authority, is at {address}\n\n\
         Sign in with any of these; everybody's password is: {PASSWORD}\n\
         The 6-digit code: `make code FOR=EMAIL` (or `milepost demo code EMAIL`) prints it, or add the key to an authenticator app.\n\n"
    );
    for login in logins() {
        text += &format!("  {:<28} {:<20} key {}\n", login.email, login.role.label(), login.totp_key());
    }
    text += "\nStop with Ctrl-C. What you do is kept; `make demo-reset` starts afresh.";
    text
}
