//! `milepost dates`: due dates in bulk, each with its explanation.

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{config, failed};
use crate::calendar::{Calendar, Date, Limit, is_plausible};
use crate::engine::{Engine, Explanation};
use crate::involvements::checked_files;
use crate::lines::{ends_lines_with_crlf, line_number};
use crate::timeline::{ClockIx, Compiled, FactIx, Value, or_meant};

const HELP: &str = "\
Reads a CSV file with the columns case_id, timeline, clock and inputs (a JSON object that names the date the clock counts from);
other columns are ignored. Writes case_id, due_on and explanation. A line that cannot be computed is reported on standard error
with its number and the reason; the others still come out, and the command ends with 1.

Examples:
  milepost dates cases.csv > due.csv
  milepost dates --json cases.csv
  cat cases.csv | milepost dates -

A line of cases.csv:
  A1,ehc-needs-assessment,final-plan,\"{\"\"request_received\"\": \"\"2026-03-02\"\"}\"";

#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Args {
    /// The CSV file; - reads standard input
    file: PathBuf,
    /// Write JSON, one object a line, with each part of the explanation by itself
    #[arg(long)]
    json: bool,
    /// The folder with the timelines, if not the configured one
    #[arg(long, value_name = "DIR")]
    workflows: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Case {
    case_id: String,
    timeline: String,
    clock: String,
    inputs: String,
}

#[derive(Debug, Serialize)]
struct Computed<'a> {
    case_id: &'a str,
    due_on: Date,
    explanation: String,
}

/// As [`Computed`], with each part of the explanation by itself.
#[derive(Debug, Serialize)]
struct Explained<'a> {
    #[serde(flatten)]
    computed: Computed<'a>,
    why: &'a Explanation,
}

pub(super) fn run(args: &Args) -> ExitCode {
    match compute_file(args) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(1) => failed("1 line could not be computed"),
        Ok(faulty) => failed(format!("{faulty} lines could not be computed")),
        Err(Stopped::NobodyReads) => ExitCode::SUCCESS,
        Err(Stopped::Because(why)) => failed(why),
    }
}

/// Gives how many lines could not be computed.
fn compute_file(args: &Args) -> Result<usize, Stopped> {
    let folder = match &args.workflows {
        Some(folder) => folder.clone(),
        None => config().map_err(Stopped::Because)?.workflows,
    };
    let definitions = Definitions::of_folder(&folder)?;
    let source: Box<dyn Read> = if args.file.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        let unreadable = |error| Stopped::Because(format!("{} cannot be read: {error}", args.file.display()));
        Box::new(std::fs::File::open(&args.file).map_err(unreadable)?)
    };
    let out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut writer = if args.json { Writer::Json(out) } else { Writer::csv(out) };
    let faulty = compute(&definitions, source, &mut writer)?;
    writer.finish()?;
    Ok(faulty)
}

/// Why the rest of the file was not computed.
enum Stopped {
    Because(String),
    /// Whoever read the output has stopped, as `head` does: nothing is wrong.
    NobodyReads,
}

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Stopped {
        match error.kind() {
            ErrorKind::BrokenPipe => Stopped::NobodyReads,
            _ => Stopped::Because(error.to_string()),
        }
    }
}

impl From<csv::Error> for Stopped {
    fn from(error: csv::Error) -> Stopped {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => error.into(),
            other => Stopped::Because(format!("{other:?}")),
        }
    }
}

/// The sound timelines of a folder, and its calendar.
struct Definitions {
    compiled: Vec<Compiled>,
    calendar: Calendar,
}

impl Definitions {
    fn of_folder(folder: &Path) -> Result<Definitions, Stopped> {
        let mut compiled = Vec::new();
        for (file, checked) in checked_files(folder) {
            let sound = checked.is_sound();
            match checked.definition.filter(|_| sound) {
                Some(definition) => {
                    compiled.push(Compiled::new(definition).map_err(|error| Stopped::Because(error.to_string()))?);
                }
                None => eprintln!("milepost: {file} has errors and is left out; milepost check shows them"),
            }
        }
        if compiled.is_empty() {
            return Err(Stopped::Because(format!("{} holds no sound timeline (*.ron)", folder.display())));
        }
        Ok(Definitions { compiled, calendar: calendar(folder)? })
    }

    /// The version of a timeline that is in force on a date.
    fn in_force(&self, id: &str, on: Date) -> Result<&Compiled, String> {
        let holds = |version: &&Compiled| version.definition.id == id && version.definition.in_force.holds_on(on);
        let order = |version: &&Compiled| (version.definition.in_force.from, version.definition.version);
        self.compiled
            .iter()
            .filter(holds)
            .max_by_key(order)
            .ok_or_else(|| format!("no version of \"{id}\" is in force on {on}"))
    }

    /// The newest version of a timeline, to look up which date a clock counts from.
    fn newest(&self, id: &str) -> Result<&Compiled, String> {
        let versions = self.compiled.iter().filter(|version| version.definition.id == id);
        versions.max_by_key(|version| version.definition.version).ok_or_else(|| {
            let names = self.compiled.iter().map(|version| version.definition.id.as_str());
            format!("there is no timeline \"{id}\"{}", or_meant(id, names))
        })
    }
}

/// The folder's own calendar, or the shipped one when it has none.
fn calendar(folder: &Path) -> Result<Calendar, Stopped> {
    let file = folder.join("calendars").join("england-and-wales.ron");
    if !file.exists() {
        return Ok(Calendar::england_and_wales());
    }
    let text = std::fs::read_to_string(&file)?;
    Calendar::parse(&text).map_err(|error| Stopped::Because(format!("{}: {error}", file.display())))
}

/// Computes line by line; gives how many could not be.
fn compute(definitions: &Definitions, source: impl Read, writer: &mut Writer<impl Write>) -> Result<usize, Stopped> {
    let (source, crlf) = without_mark(source)?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(source);
    let headers = reader.headers()?.clone();
    for wanted in ["case_id", "timeline", "clock", "inputs"] {
        if !headers.iter().any(|header| header == wanted) {
            return Err(Stopped::Because(format!(
                "the first line has no column {wanted}; it must name case_id, timeline, clock and inputs"
            )));
        }
    }
    let mut faulty = 0;
    let mut record = csv::StringRecord::new();
    loop {
        let line = line_number(reader.position(), crlf);
        let row = match reader.read_record(&mut record) {
            Ok(false) => return Ok(faulty),
            Ok(true) => record.deserialize::<Case>(Some(&headers)).map_err(|error| reason(&error)),
            Err(error) if error.is_io_error() => return Err(error.into()),
            Err(error) => Err(reason(&error)),
        };
        let line = record.position().map_or(line, |position| line_number(position, crlf));
        match row.and_then(|case| due(definitions, &case).map(|computed| (case, computed))) {
            Ok((case, explanation)) => writer.write(&case.case_id, &explanation)?,
            Err(reason) => {
                faulty += 1;
                eprintln!("line {line}: {}", plain(&reason));
            }
        }
    }
}

fn due(definitions: &Definitions, case: &Case) -> Result<Explanation, String> {
    let of_case = |text: String| format!("case {}: {text}", case.case_id);
    let inputs = inputs(case).map_err(of_case)?;
    let on = counts_from(definitions, case, &inputs).map_err(of_case)?;
    let compiled = definitions.in_force(&case.timeline, on).map_err(of_case)?;
    let clock = compiled.clock(&case.clock).ok_or_else(|| of_case(no_clock(compiled, &case.clock)))?;
    let engine = Engine::new(compiled, &definitions.calendar);
    let named = dates_of_facts(compiled, clock, &inputs).map_err(of_case)?;
    let known = |fact| named.iter().find(|(held, _)| *held == fact).map(|(_, date)| *date);
    engine.explain(clock, on, known).map_err(|error| of_case(error.to_string()))
}

type Inputs = HashMap<String, Json>;

fn inputs(case: &Case) -> Result<Inputs, String> {
    serde_json::from_str(&case.inputs).map_err(|error| format!("inputs is not a JSON object: {error}"))
}

/// The dates among the inputs that the clock looks at beside the one it counts from. They may all be left out.
fn dates_of_facts(compiled: &Compiled, clock: ClockIx, inputs: &Inputs) -> Result<Vec<(FactIx, Date)>, String> {
    let definition = compiled.clock_definition(clock);
    let later = definition.or_later.iter().map(|later| (&later.fact, later.counts_from.clone()));
    let replacing = definition.replaced_by.iter().map(|fact| (fact, fact.replace('-', "_")));
    let named =
        later.chain(replacing).filter_map(|(fact, name)| Some((compiled.fact(fact)?, inputs.get_key_value(&name)?)));
    named.map(|(fact, (name, value))| Ok((fact, date_in(name, value)?))).collect()
}

/// The date among the inputs that the clock counts from.
fn counts_from(definitions: &Definitions, case: &Case, inputs: &Inputs) -> Result<Date, String> {
    let compiled = definitions.newest(&case.timeline)?;
    let clock = compiled.clock(&case.clock).ok_or_else(|| no_clock(compiled, &case.clock))?;
    let name = &compiled.clock_definition(clock).counts_from;
    let value = inputs.get(name).ok_or_else(|| format!("inputs lacks \"{name}\", which {} counts from", case.clock))?;
    if let (Limit::Before { .. }, Some(year)) = (compiled.clock_definition(clock).limit, value.as_i64()) {
        let date = Value::Number(year).counts_from().filter(|date| is_plausible(*date));
        return date.ok_or_else(|| format!("\"{name}\" is {year}, which is not a year from 1900 to 2100"));
    }
    date_in(name, value)
}

fn date_in(name: &str, value: &Json) -> Result<Date, String> {
    let text = value.as_str().ok_or_else(|| format!("\"{name}\" must be a date in quotes, such as \"2026-03-02\""))?;
    let date: Option<Date> = text.parse().ok().filter(|date| is_plausible(*date) && text.len() == 10);
    date.ok_or_else(|| {
        format!("\"{name}\" is {text:?}, which is not a date between 1900 and 2100 written as 2026-03-02")
    })
}

fn no_clock(compiled: &Compiled, name: &str) -> String {
    let names = compiled.definition.clocks.iter().map(|clock| clock.id.as_str());
    format!("timeline \"{}\" has no clock \"{name}\"{}", compiled.definition.id, or_meant(name, names))
}

/// Text from outside without what would move a terminal's cursor or change its colours.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

/// What is wrong with a line as CSV, without its number: that is said before it.
fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} columns where the first line has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8 text".into(),
        _ => error.to_string(),
    }
}

/// The source without the mark that spreadsheets put before UTF-8 text, and whether its lines end as on Windows.
fn without_mark(mut source: impl Read) -> std::io::Result<(impl Read, bool)> {
    let mut start = Vec::new();
    source.by_ref().take(4096).read_to_end(&mut start)?;
    if start.starts_with(b"\xef\xbb\xbf") {
        start.drain(..3);
    }
    let crlf = ends_lines_with_crlf(&start);
    Ok((std::io::Cursor::new(start).chain(source), crlf))
}

enum Writer<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Json(W),
}

impl<W: Write> Writer<W> {
    fn csv(out: W) -> Writer<W> {
        Writer::Csv(Box::new(csv::Writer::from_writer(out)))
    }

    fn write(&mut self, case_id: &str, why: &Explanation) -> Result<(), Stopped> {
        let computed = Computed { case_id, due_on: why.due_on, explanation: why.in_one_line() };
        match self {
            Writer::Csv(writer) => writer.serialize(computed)?,
            Writer::Json(out) => {
                let explained = Explained { computed, why };
                writeln!(out, "{}", serde_json::to_string(&explained).map_err(std::io::Error::from)?)?;
            }
        }
        Ok(())
    }

    fn finish(self) -> std::io::Result<()> {
        match self {
            Writer::Csv(mut writer) => writer.flush(),
            Writer::Json(mut out) => out.flush(),
        }
    }
}
