//! `milepost check`: every finding in timelines and calendars.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::calendar::Calendar;
use crate::config::may_colour;
use crate::timeline::{self, Checked, Finding, Severity};

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
    files.dedup();
    let (mut errors, mut warnings) = (0, 0);
    for (file, findings) in findings(&files) {
        match findings {
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

/// What is wrong with each file, in order. A timeline's links are followed into the others of its folder, whether or not
/// those were asked for.
fn findings(files: &[PathBuf]) -> BTreeMap<PathBuf, Result<Vec<Finding>, String>> {
    let mut all = BTreeMap::new();
    let mut folders: BTreeMap<&Path, Vec<&PathBuf>> = BTreeMap::new();
    for file in files {
        folders.entry(file.parent().unwrap_or(Path::new(""))).or_default().push(file);
    }
    for (folder, files) in folders {
        let mut beside: Vec<PathBuf> = files.iter().map(|file| (*file).clone()).collect();
        collect_beside(folder, &mut beside);
        let (mut timelines, mut paths) = (Vec::new(), Vec::new());
        for file in beside {
            let was_asked_for = files.contains(&&file);
            match read(&file) {
                Ok(Read::Timeline(checked)) => {
                    timelines.push(*checked);
                    paths.push(file);
                }
                Ok(Read::Sound) if was_asked_for => drop(all.insert(file, Ok(Vec::new()))),
                Err(why) if was_asked_for => drop(all.insert(file, Err(why))),
                Ok(Read::Sound) | Err(_) => {}
            }
        }
        timeline::check_links(&mut timelines);
        let checked = paths.into_iter().zip(timelines).filter(|(path, _)| files.contains(&path));
        all.extend(checked.map(|(path, checked)| (path, Ok(checked.findings))));
    }
    all
}

/// The other definitions of a folder.
fn collect_beside(folder: &Path, files: &mut Vec<PathBuf>) {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let others =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|ending| ending == "ron"));
    for path in others.filter(|path| path.is_file()) {
        if !files.iter().any(|held| held.file_name() == path.file_name()) {
            files.push(path);
        }
    }
}

/// A file that was read by what its first item says it is.
enum Read {
    Timeline(Box<Checked>),
    Sound,
}

fn read(file: &Path) -> Result<Read, String> {
    let bytes = super::definition_bytes(file)?;
    match first_item(&bytes).as_deref() {
        Some("Calendar") => {
            let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
            Calendar::parse(&text).map(|_| Read::Sound).map_err(|error| error.to_string())
        }
        // What cannot be made out is shown as a timeline with what is wrong with it.
        Some("Timeline") | None => Ok(Read::Timeline(Box::new(timeline::check(&file.display().to_string(), &bytes)))),
        Some(other) => Err(format!(
            "it begins with {other}(...), which is no kind of file that is known here: Timeline or Calendar"
        )),
    }
}

/// The name before the first bracket, past comments and attributes.
fn first_item(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let line = lines.into_iter().find(|line| !line.is_empty() && !line.starts_with("//") && !line.starts_with('#'))?;
    let name: String = line.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty() && line[name.len()..].trim_start().starts_with('(')).then_some(name)
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
