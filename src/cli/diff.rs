//! `milepost diff`: what changes between two versions of a timeline, in words.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::config::may_colour;
use crate::timeline::diff::{Change, Difference, differences};
use crate::timeline::{self, Definition};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  milepost diff workflows/ehc-needs-assessment.ron changed.ron\n  milepost diff --json old.ron new.ron\n  milepost diff --exit-code old.ron new.ron > /dev/null || echo changed\n\nComments, layout and the version's number are no differences."
)]
pub(super) struct Args {
    /// The older definition
    before: PathBuf,
    /// The newer one
    after: PathBuf,
    /// Differences as JSON, one a line
    #[arg(long)]
    json: bool,
    /// End with 1 when there is a difference
    #[arg(long)]
    exit_code: bool,
}

pub(super) fn run(args: &Args) -> ExitCode {
    let (before, after) = match (read(&args.before), read(&args.after)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(why), _) | (_, Err(why)) => return super::failed(why),
    };
    let found = differences(&before, &after);
    if args.json {
        for difference in &found {
            println!("{}", serde_json::to_string(difference).unwrap_or_default());
        }
    } else {
        show(&before, &after, &found);
    }
    if args.exit_code && !found.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn read(file: &Path) -> Result<Definition, String> {
    let name = file.display();
    let bytes = super::definition_bytes(file).map_err(|why| format!("{name}: {why}"))?;
    let checked = timeline::check(&name.to_string(), &bytes);
    checked.definition.ok_or_else(|| format!("{name} cannot be read; milepost check {name} says why"))
}

fn show(before: &Definition, after: &Definition, found: &[Difference]) {
    let named = |definition: &Definition| format!("{}, version {}", definition.title, definition.version);
    println!("{} -> {}", named(before), named(after));
    if found.is_empty() {
        println!("Nothing changes.");
    }
    let colours = std::io::stdout().is_terminal() && may_colour();
    let mut part = "";
    for difference in found {
        if difference.part != part {
            part = difference.part;
            println!("\n{part}");
        }
        let (mark, colour) = match difference.change {
            Change::Added => ('+', "32"),
            Change::Removed => ('-', "31"),
            Change::Changed => ('~', "33"),
        };
        let line = format!("  {mark} {} {}", difference.change.word(), plain(&difference.in_words()));
        if colours { println!("\u{1b}[{colour}m{line}\u{1b}[0m") } else { println!("{line}") }
    }
}

/// Without what would move a terminal's cursor or change its colours.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
