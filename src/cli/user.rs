//! `milepost user`: people who can sign in.

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

use clap::ValueEnum;

use super::{block_on, config, database};
use crate::access::Role;
use crate::accounts::{Accounts, Enrolled, Key, NewAccount};
use crate::children::Children;
use crate::clock::Clock;
use crate::engine::Actor;
use crate::ids::random_text;
use crate::sharing::Sharing;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  milepost user add priya@northmoor.example --name \"Priya Nair\" --role caseworker\n  milepost user add grace@family.example --name \"Grace Okafor\" --role parent --child 7Q4K-92MD\n  echo \"a long password of their own\" | milepost user add ... --password-stdin"
)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Adds somebody, and prints the key of their second step once
    Add {
        email: String,
        #[arg(long)]
        name: String,
        /// May be given more than once
        #[arg(long = "role", required = true)]
        roles: Vec<RoleName>,
        /// The reference of a child whose progress they may follow (parents and young people)
        #[arg(long)]
        child: Vec<String>,
        /// Read the password from standard input instead of making one
        #[arg(long)]
        password_stdin: bool,
    },
    /// Lists everybody
    List,
    /// Ends somebody's access at once
    Disable { email: String },
    /// Gives a new password and signs them out everywhere
    ResetPassword {
        email: String,
        /// Read the password from standard input instead of making one
        #[arg(long)]
        password_stdin: bool,
    },
    /// Gives a new key for the second step and signs them out everywhere
    ResetSecondStep { email: String },
}

/// Roles as they are written on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleName {
    Caseworker,
    SendManager,
    Analyst,
    PortalAdministrator,
    Parent,
    YoungPerson,
    Professional,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Role {
        match name {
            RoleName::Caseworker => Role::Caseworker,
            RoleName::SendManager => Role::SendManager,
            RoleName::Analyst => Role::Analyst,
            RoleName::PortalAdministrator => Role::PortalAdministrator,
            RoleName::Parent => Role::Parent,
            RoleName::YoungPerson => Role::YoungPerson,
            RoleName::Professional => Role::Professional,
        }
    }
}

pub(super) fn run(args: Args) -> ExitCode {
    block_on(async {
        let config = config()?;
        let db = database(&config).await?;
        let key = Arc::new(Key::of_file(&config.key_file).map_err(|error| error.to_string())?);
        let accounts = Accounts::new(db.clone(), Clock::System, key);
        let said = |error: crate::accounts::AccountError| error.to_string();
        match args.what {
            What::Add { email, name, roles, child, password_stdin } => {
                let (password, made) = password(password_stdin)?;
                let children = Children::new(db.clone(), Clock::System);
                let mut follow = Vec::new();
                for reference in &child {
                    let found = children.by_reference(reference).await.map_err(|error| error.to_string())?;
                    follow
                        .push(found.ok_or_else(|| format!("no child on the register has the reference {reference}"))?);
                }
                let roles: Vec<Role> = roles.into_iter().map(Role::from).collect();
                let new = NewAccount { email, display_name: name, roles, password: password.clone() };
                let enrolled = accounts.enrol(new, None).await.map_err(said)?;
                let sharing = Sharing::new(db, Clock::System);
                for child in follow {
                    let shared = sharing.share(&enrolled.id, &child.id, "family", &Actor::System).await;
                    shared.map_err(|error| error.to_string())?;
                }
                if made {
                    println!("Password: {password}");
                }
                print_second_step(&enrolled);
            }
            What::List => {
                for account in accounts.list().await.map_err(|error| error.to_string())? {
                    let roles = account.roles.iter().map(|role| role.label()).collect::<Vec<_>>().join(", ");
                    let disabled = if account.disabled { "  (disabled)" } else { "" };
                    println!("{:<36} {:<28} {roles}{disabled}", account.email, account.display_name);
                }
            }
            What::Disable { email } => {
                accounts.disable(&email).await.map_err(said)?;
                println!("{email} cannot sign in any more, and is signed out everywhere.");
            }
            What::ResetPassword { email, password_stdin } => {
                let (password, made) = password(password_stdin)?;
                accounts.reset_password(&email, password.clone()).await.map_err(said)?;
                if made {
                    println!("Password: {password}");
                }
            }
            What::ResetSecondStep { email } => {
                print_second_step(&accounts.reset_second_step(&email).await.map_err(said)?);
            }
        }
        Ok::<_, String>(ExitCode::SUCCESS)
    })
}

/// The password, and whether it was made here and must be told.
fn password(from_stdin: bool) -> Result<(String, bool), String> {
    if !from_stdin {
        let text = random_text(20).to_lowercase();
        return Ok((format!("{}-{}-{}-{}", &text[..5], &text[5..10], &text[10..15], &text[15..]), true));
    }
    if std::io::stdin().is_terminal() {
        eprintln!("Type the password and press Enter:");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| error.to_string())?;
    Ok((line.trim_end_matches(['\r', '\n']).to_owned(), false))
}

fn print_second_step(enrolled: &Enrolled) {
    println!("Key for the authenticator app, shown only now: {}", enrolled.totp_key);
    println!("The same as an address for a QR code: {}", enrolled.otpauth_url);
}
