//! `milepost check`: every finding in timelines and calendars.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::calendar::Calendar;
use crate::config::may_colour;
use crate::timeline::{self, Finding, Severity};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  milepost check\n  milepost check workflows/ehc-needs-assessment.ron\n  milepost check --json workflows\n\nEnds with 1 when there is an error. docs/checks/ explains each finding."
)]
pub(super) struct Args {
    /// Files, or folders to look through
    #[arg(default_value = "workflows")]
    paths: Vec<PathBuf>,
    /// Findings as JSON, one a line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> ExitCode {
    let mut files = Vec::new();
    for path in &args.paths {
        if !path.exists() {
            return super::failed(format!("{} is not there", path.display()));
        }
        collect(path, &mut files);
    }
    files.sort();
    let (mut errors, mut warnings) = (0, 0);
    for file in &files {
        match findings(file) {
            Ok(findings) => {
                for finding in findings {
                    if finding.severity == Severity::Error {
                        errors += 1;
                    } else {
                        warnings += 1;
                    }
                    show(&finding, args.json);
                }
            }
            Err(why) => {
                errors += 1;
                eprintln!("{}: error: {why}", file.display());
            }
        }
    }
    if !args.json {
        let files = counted(files.len(), "file");
        eprintln!("{files}, {}, {}", counted(errors, "error"), counted(warnings, "warning"));
    }
    if errors > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| collect(&entry.path(), files));
    } else if path.extension().is_some_and(|ending| ending == "ron") {
        files.push(path.to_owned());
    }
}

fn findings(file: &Path) -> Result<Vec<Finding>, String> {
    let bytes = super::definition_bytes(file)?;
    if file.parent().is_some_and(|folder| folder.ends_with("calendars")) {
        let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
        return Calendar::parse(&text).map(|_| Vec::new()).map_err(|error| error.to_string());
    }
    Ok(timeline::check(&file.display().to_string(), &bytes).findings)
}

fn show(finding: &Finding, json: bool) {
    if json {
        println!("{}", serde_json::to_string(finding).unwrap_or_default());
        return;
    }
    let picture = finding.picture();
    if std::io::stdout().is_terminal() && may_colour() {
        let colour = if finding.severity == Severity::Error { "31" } else { "33" };
        let word = format!("{}[", finding.severity.word());
        println!(
            "{}\n",
            picture.replacen(&word, &format!("\u{1b}[1;{colour}m{}\u{1b}[0m[", finding.severity.word()), 1)
        );
    } else {
        println!("{picture}\n");
    }
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
