//! The command line: one file a command; this one only routes.
//!
//! A command ends with 0 when it succeeded, 1 for a reasoned failure and 2 for wrong usage. What people asked for goes
//! to standard output, everything else to standard error.

mod check;
mod dates;
mod demo;
mod diff;
mod graph;
mod import;
mod migrate;
mod move_versions;
mod rebuild;
mod serve;
mod user;
mod verify_audit;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::config::{Config, may_colour};
use crate::db::Db;

/// Runs the statutory Education, Health and Care processes of an English local authority.
#[derive(Debug, Parser)]
#[command(
    name = "milepost",
    version,
    about,
    after_help = "Settings come from the environment: MILEPOST_DATABASE, MILEPOST_LISTEN, MILEPOST_ADDRESS,\nMILEPOST_COUNCIL, MILEPOST_KEY_FILE, MILEPOST_WORKFLOWS, MILEPOST_SECURITY_CONTACT,\nMILEPOST_LOG (text or json)."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the service on the configured database
    Serve(serve::Args),
    /// Runs the service with a fictional authority, and prints how to sign in
    Demo(demo::Args),
    /// Checks timelines and prints every finding
    Check(check::Args),
    /// Draws a timeline
    Graph(graph::Args),
    /// Says what changes between two versions of a timeline
    Diff(diff::Args),
    /// Moves running involvements to another version of their timeline, after a dry run
    Move(move_versions::Args),
    /// Computes due dates in bulk, each with its explanation
    Dates(dates::Args),
    /// Brings what stands in files into the database
    Import(import::Args),
    /// Adds people who can sign in, and changes how
    User(user::Args),
    /// Brings the database's schema up to date
    Migrate,
    /// Computes the work tray's rows again from the logs, and mends what differs
    Rebuild,
    /// Checks that the audit trail has not been tampered with
    VerifyAudit(verify_audit::Args),
    /// Prints completions for a shell
    Completions {
        /// bash, zsh, fish, elvish or powershell
        shell: clap_complete::Shell,
    },
}

/// Reads the arguments and runs the command.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match cli.command {
        Command::Serve(args) => serve::run(args),
        Command::Demo(args) => demo::run(args),
        Command::Check(args) => check::run(&args),
        Command::Graph(args) => graph::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Move(args) => move_versions::run(args),
        Command::Dates(args) => dates::run(&args),
        Command::Import(args) => import::run(&args),
        Command::User(args) => user::run(args),
        Command::Migrate => migrate::run(),
        Command::Rebuild => rebuild::run(),
        Command::VerifyAudit(args) => verify_audit::run(&args),
        Command::Completions { shell } => {
            // Written to memory first: the generator panics where nobody reads.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "milepost", &mut script);
            let _ = std::io::stdout().write_all(&script);
            ExitCode::SUCCESS
        }
    }
}

/// Runs asynchronous work to its end; what went wrong is said on standard error.
fn block_on<E: std::fmt::Display>(work: impl Future<Output = Result<ExitCode, E>>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(error),
    };
    runtime.block_on(work).unwrap_or_else(failed)
}

/// What a definition's file holds; of one that is too large, just enough to be refused for it.
fn definition_bytes(file: &std::path::Path) -> Result<Vec<u8>, String> {
    use std::io::Read;
    let read = || {
        let most = crate::timeline::BYTES_MOST as u64 + 1;
        let mut bytes = Vec::new();
        std::fs::File::open(file)?.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match std::fs::metadata(file) {
        Ok(found) if !found.is_file() => Err("it is not a file".into()),
        _ => read().map_err(|error: std::io::Error| error.to_string()),
    }
}

/// A reasoned failure.
fn failed(why: impl std::fmt::Display) -> ExitCode {
    eprintln!("milepost: {why}");
    ExitCode::FAILURE
}

fn config() -> Result<Config, String> {
    Config::from_environment().map_err(|error| error.to_string())
}

/// The configured database with its schema up to date.
async fn database(config: &Config) -> Result<Db, String> {
    let file = config.database.strip_prefix("sqlite:").map(std::path::Path::new);
    if let Some(folder) = file.and_then(std::path::Path::parent).filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let db = Db::open(&config.database).await.map_err(|error| error.to_string())?;
    db.migrate().await.map_err(|error| error.to_string())?;
    Ok(db)
}

fn start_logging(config: &Config) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,salvo=warn,salvo_core::routing=error"));
    let colours = std::io::stderr().is_terminal() && may_colour();
    let logging = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    // A second start in one process (tests) keeps the first.
    let _ = if config.log_as_json { logging.json().try_init() } else { logging.try_init() };
}
