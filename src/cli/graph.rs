//! `milepost graph`: a timeline as a picture, or as text for programs that draw.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::timeline::{self, Checked, Severity, dot, draw, export, mermaid};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  milepost graph ehc-needs-assessment --out timeline.svg\n  milepost graph workflows/ehc-needs-assessment.ron --format dot | dot -Tpdf > timeline.pdf\n  milepost graph annual-review --format bpmn --out annual-review.bpmn"
)]
pub(super) struct Args {
    /// The timeline's id, or its file
    timeline: String,
    #[arg(long, value_enum, default_value_t = Format::Svg)]
    format: Format,
    /// Writes to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Where timelines are looked for by their id
    #[arg(long, value_name = "FOLDER", default_value = "workflows")]
    workflows: PathBuf,
    /// A state to mark as the present one (svg only)
    #[arg(long, value_name = "STATE")]
    current: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, clap::ValueEnum)]
enum Format {
    Svg,
    Dot,
    Mermaid,
    /// A Petri net
    Pnml,
    /// A state chart
    Scxml,
    /// A process with its picture
    Bpmn,
}

pub(super) fn run(args: &Args) -> ExitCode {
    match drawn(args) {
        Ok(text) => written(args.out.as_deref(), &text),
        Err(why) => super::failed(why),
    }
}

fn drawn(args: &Args) -> Result<String, String> {
    let checked = find(&args.timeline, &args.workflows)?;
    let errors = checked.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let file = &checked.source.file;
    let Some(definition) = &checked.definition else {
        return Err(format!("{file} cannot be read; milepost check {file} says why"));
    };
    if errors > 0 {
        eprintln!("milepost: {file} has errors, so the drawing may lack something; milepost check {file} lists them");
    }
    if let Some(current) = args.current.as_deref().filter(|id| !definition.states.iter().any(|state| state.id == *id)) {
        return Err(format!("{file} has no state named \"{current}\""));
    }
    Ok(match args.format {
        Format::Svg => draw::svg(definition, args.current.as_deref()),
        Format::Dot => dot::dot(definition),
        Format::Mermaid => mermaid::mermaid(definition),
        Format::Pnml => export::pnml(definition),
        Format::Scxml => export::scxml(definition),
        Format::Bpmn => export::bpmn(definition),
    })
}

/// The timeline of that file, or the newest one in the folder with that id.
fn find(wanted: &str, workflows: &Path) -> Result<Checked, String> {
    let path = Path::new(wanted);
    if path.is_file() {
        return read(path);
    }
    let mut ids = Vec::new();
    let mut found: Option<Checked> = None;
    let mut files = Vec::new();
    let entries = std::fs::read_dir(workflows).map_err(|error| format!("{}: {error}", workflows.display()))?;
    files.extend(
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "ron")),
    );
    files.sort();
    for file in files {
        let Ok(checked) = read(&file) else { continue };
        let Some(definition) = &checked.definition else { continue };
        ids.push(definition.id.clone());
        let version = |checked: &Checked| checked.definition.as_ref().map(|held| held.version);
        if definition.id == wanted && found.as_ref().is_none_or(|held| version(held) < version(&checked)) {
            found = Some(checked);
        }
    }
    ids.dedup();
    found.ok_or_else(|| {
        let there = if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
        format!("no timeline is named \"{wanted}\"; {} has: {there}", workflows.display())
    })
}

fn read(file: &Path) -> Result<Checked, String> {
    let bytes = super::definition_bytes(file).map_err(|why| format!("{}: {why}", file.display()))?;
    Ok(timeline::check(&file.display().to_string(), &bytes))
}

fn written(out: Option<&Path>, text: &str) -> ExitCode {
    use std::io::Write;
    let done = match out {
        Some(file) => std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display())),
        None => match std::io::stdout().write_all(text.as_bytes()) {
            // The reader has seen enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            done => done.map_err(|error| error.to_string()),
        },
    };
    done.map_or_else(super::failed, |()| ExitCode::SUCCESS)
}
