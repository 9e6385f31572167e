//! `milepost import`: brings children onto the register from a CSV file, and closures of settings from their term dates.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use super::{block_on, config, database};
use crate::children::import::{ImportHow, ImportTotals, ImportedLine, LineOutcome, write_example};
use crate::children::{Children, LikeOthers};
use crate::clock::Clock;
use crate::closures::import::Imported;
use crate::closures::{self, Closures};
use crate::engine::Actor;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Brings children onto the register from a CSV file
    Children(ChildrenArgs),
    /// Brings in when settings are closed, from term dates in a CSV or iCalendar file
    Closures(ClosuresArgs),
}

const HELP: &str = "\
The first line names the columns: given_name, family_name, date_of_birth, and where known preferred_name, upn, nhs_number, address,
postcode, setting_name, setting_kind. Case, spaces and common other names (surname, DOB, school) are understood; other columns are
ignored. A line with the UPN or NHS number of a child on the register updates that child; what it leaves empty stays as it is.
A refused line is reported with its number, column and reason, the others are written, and the command ends with 1.

Examples:
  milepost import children --example > children.csv
  milepost import children --dry-run children.csv
  milepost import children children.csv";

#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
struct ChildrenArgs {
    /// The CSV file
    #[arg(required_unless_present = "example")]
    file: Option<PathBuf>,
    /// Report what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Add children with the name and date of birth of one on the register
    #[arg(long)]
    add_likely_duplicates: bool,
    /// Report every line as JSON, one object a line
    #[arg(long)]
    json: bool,
    /// Print a file to fill in
    #[arg(long, exclusive = true)]
    example: bool,
}

const CLOSURES_HELP: &str = "\
A CSV file names in its first line the columns setting, closed_from (the first day closed) and reopens_on (the first day open
again), or setting, term_starts and term_ends: then the days between two terms of a setting are its closure. Dates are written
2026-07-18 or 18/07/2026. An iCalendar file (.ics) brings its whole-day events: those whose title speaks of a holiday, a break or
a closure are closures, long ones whose title speaks of a term are terms, and the others are left. What is recorded already is
not recorded twice. What cannot be taken is reported with its place and reason, and the command ends with 1.

Examples:
  milepost import closures --dry-run term-dates.csv
  milepost import closures --setting \"Alder Primary\" alder.ics";

#[derive(Debug, clap::Args)]
#[command(after_help = CLOSURES_HELP)]
struct ClosuresArgs {
    /// The CSV or iCalendar file
    file: PathBuf,
    /// Whose dates these are, where the file does not say
    #[arg(long, value_name = "NAME")]
    setting: Option<String>,
    /// Report what would be recorded, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Report as JSON, one object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> ExitCode {
    match &args.what {
        What::Children(args) => run_children(args),
        What::Closures(args) => block_on(import_closures(args)),
    }
}

async fn import_closures(args: &ClosuresArgs) -> Result<ExitCode, String> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", args.file.display());
    let source = File::open(&args.file).map_err(|error| named(&format!("it cannot be read: {error}")))?;
    let setting = args.setting.as_deref();
    let imported = if args.dry_run {
        closures::import::read(source, setting)
    } else {
        let closures = Closures::new(database(&config()?).await?, Clock::System);
        closures.import(source, setting, &Actor::System).await
    };
    let imported = imported.map_err(|error| named(&error))?;
    if args.json {
        println!("{}", closures_as_json(&imported));
    } else {
        for closure in &imported.closures {
            println!("{}\t{}\t{}", closure.setting, closure.from, closure.reopens_on);
        }
        for refused in &imported.refused {
            eprintln!("{}: {}", refused.place, refused.why);
        }
        let (all, refused, ignored) = (imported.closures.len(), imported.refused.len(), imported.ignored);
        eprintln!(
            "Closures: {all} read, {} new; {refused} refused, {ignored} left as neither term nor closure.",
            imported.new
        );
        if args.dry_run {
            eprintln!("This was a dry run: nothing was written.");
        }
    }
    Ok(if imported.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn closures_as_json(imported: &Imported) -> serde_json::Value {
    let closures = imported.closures.iter().map(|closure| {
        serde_json::json!({ "setting": closure.setting, "closed_from": closure.from, "reopens_on": closure.reopens_on })
    });
    let refused =
        imported.refused.iter().map(|refused| serde_json::json!({ "place": refused.place, "reason": refused.why }));
    serde_json::json!({
        "closures": closures.collect::<Vec<_>>(),
        "new": imported.new,
        "refused": refused.collect::<Vec<_>>(),
        "ignored": imported.ignored,
    })
}

fn run_children(args: &ChildrenArgs) -> ExitCode {
    match &args.file {
        Some(file) => block_on(import(args, file)),
        None => write_example(std::io::stdout()).map_or_else(super::failed, |()| ExitCode::SUCCESS),
    }
}

async fn import(args: &ChildrenArgs, file: &PathBuf) -> Result<ExitCode, String> {
    let source = File::open(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let children = Children::new(database(&config()?).await?, Clock::System);
    let how = ImportHow {
        dry_run: args.dry_run,
        like_others: if args.add_likely_duplicates { LikeOthers::AddAllTheSame } else { LikeOthers::Ask },
    };
    let mut progress = Progress::default();
    let tell = |line: &ImportedLine| {
        progress.advance();
        if args.json { println!("{}", as_json(line, args.dry_run)) } else { show(line) }
    };
    let imported = children.import(source, how, &Actor::System, tell).await;
    progress.end();
    let totals = imported.map_err(|error| format!("{}: {error}{}", file.display(), progress.so_far()))?;
    report(args, &totals);
    Ok(if totals.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Refused lines, one line for each reason; the others are only counted.
fn show(line: &ImportedLine) {
    if let LineOutcome::Refused(faults) = &line.outcome {
        for fault in faults {
            println!("line {}: {}: {}", line.line, fault.field, fault.text);
        }
    }
}

fn as_json(line: &ImportedLine, dry_run: bool) -> serde_json::Value {
    let number = line.line;
    match &line.outcome {
        // A dry run has no reference to tell: another is made when the child is really added.
        LineOutcome::Added { .. } if dry_run => serde_json::json!({ "line": number, "outcome": "added" }),
        LineOutcome::Added { reference } => {
            serde_json::json!({ "line": number, "outcome": "added", "reference": reference })
        }
        LineOutcome::Updated { reference, fields } => {
            serde_json::json!({ "line": number, "outcome": "updated", "reference": reference, "fields": fields })
        }
        LineOutcome::AlreadyThere { reference } => {
            serde_json::json!({ "line": number, "outcome": "already-there", "reference": reference })
        }
        LineOutcome::Refused(faults) => {
            let reason =
                |fault: &crate::children::Fault| serde_json::json!({ "column": fault.field, "reason": fault.text });
            serde_json::json!({ "line": number, "outcome": "refused", "reasons": faults.iter().map(reason).collect::<Vec<_>>() })
        }
    }
}

fn report(args: &ChildrenArgs, totals: &ImportTotals) {
    if !totals.ignored_columns.is_empty() {
        eprintln!("Columns that the register has no place for were ignored: {}.", totals.ignored_columns.join(", "));
    }
    if totals.windows_1252 {
        eprintln!(
            "The file is not UTF-8 throughout; the rest was read as Windows-1252. Look at names with accents, or save it as \"CSV UTF-8\"."
        );
    }
    eprintln!(
        "Children: {} added, {} updated, {} on the register already; {} refused.",
        totals.added, totals.updated, totals.already_there, totals.refused
    );
    if args.dry_run {
        eprintln!("This was a dry run: nothing was written.");
    }
}

/// How far a large file is, on a terminal.
#[derive(Debug, Default)]
struct Progress {
    lines: u64,
    shown: bool,
}

impl Progress {
    fn advance(&mut self) {
        self.lines += 1;
        if self.lines.is_multiple_of(1_000) && std::io::stderr().is_terminal() {
            eprint!("\r{} lines", self.lines);
            let _ = std::io::stderr().flush();
            self.shown = true;
        }
    }

    fn end(&self) {
        if self.shown {
            eprintln!();
        }
    }

    /// Behind a failure: how much of the file was dealt with before it.
    fn so_far(&self) -> String {
        if self.lines == 0 { String::new() } else { format!(" (the first {} lines were dealt with)", self.lines) }
    }
}
