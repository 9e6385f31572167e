//! `milepost move`: takes running involvements from one version of their timeline to another. Without `--apply` it only
//! says what would happen.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{block_on, config, database};
use crate::calendar::Date;
use crate::clock::Clock;
use crate::engine::{Actor, Asked};
use crate::involvements::{Involvements, Move, Moved, Rehearsal};
use crate::timeline::migrate::{Plan, Treatment};

const HELP: &str = "\
Both versions must have gone live. A time limit that both versions have is kept as it is unless --clock says otherwise; one that
only the new version has is computed from what was recorded.
  keep        the due date stays
  recompute   as if the new version had been there from the start
  restart     counts from today

Examples:
  milepost move ehc-needs-assessment --from 2 --to 3
  milepost move ehc-needs-assessment --from 2 --to 3 --clock final-plan=recompute --state old-name=new-name --report moves.csv
  milepost move ehc-needs-assessment --from 2 --to 3 --apply --reason \"The amending regulations of 1 May\"

The command ends with 1 when an involvement cannot be moved, and says which and why.";

#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Args {
    /// The timeline, by its id
    timeline: String,
    /// The version they run on now
    #[arg(long, value_name = "VERSION")]
    from: u32,
    /// The version they are to run on
    #[arg(long, value_name = "VERSION")]
    to: u32,
    /// What becomes of a time limit of the new version: keep, recompute or restart. May be given again
    #[arg(long = "clock", value_name = "LIMIT=WHAT", value_parser = treatment)]
    clocks: Vec<(String, Treatment)>,
    /// A state that has another name in the new version. May be given again
    #[arg(long = "state", value_name = "OLD=NEW", value_parser = pair)]
    states: Vec<(String, String)>,
    /// Write every date that changes and everybody who is refused to a CSV file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// What would happen as JSON, one object
    #[arg(long)]
    json: bool,
    /// Carry it out
    #[arg(long, requires = "reason")]
    apply: bool,
    /// Why: stands in the record of every involvement that is moved
    #[arg(long)]
    reason: Option<String>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (one, other) = text.split_once('=').ok_or("write it as OLD=NEW")?;
    Ok((one.to_owned(), other.to_owned()))
}

fn treatment(text: &str) -> Result<(String, Treatment), String> {
    let (clock, word) = text.split_once('=').ok_or("write it as LIMIT=keep, LIMIT=recompute or LIMIT=restart")?;
    let treatment = Treatment::of_word(word).ok_or("after = comes keep, recompute or restart")?;
    Ok((clock.to_owned(), treatment))
}

pub(super) fn run(args: Args) -> ExitCode {
    block_on(async {
        let db = database(&config()?).await?;
        let involvements = Involvements::new(db, Clock::System);
        let moving = moving(&involvements, &args).await?;
        let asked = Asked::new(Actor::System, Clock::System.now());
        let rehearsal = involvements.rehearse(&moving, &asked).await.map_err(|error| error.to_string())?;
        if let Some(file) = &args.report {
            report(file, &rehearsal).map_err(|error| format!("{}: {error}", file.display()))?;
        }
        if args.json {
            println!("{}", serde_json::to_string(&rehearsal).unwrap_or_default());
        } else {
            show(&moving, &rehearsal);
        }
        if !args.apply {
            eprintln!("This was a dry run: nothing was moved. Add --apply --reason \"...\" to move them.");
            return Ok::<_, String>(ended(rehearsal.refused.is_empty()));
        }
        let id = involvements.begin_move(&moving, &asked, None).await.map_err(|error| error.to_string())?;
        let carried_out = involvements.carry_out(&id, progress).await;
        carried_out.map_err(|error| format!("{error}. The service goes on with it when it runs."))?;
        let (_, moved) = involvements.moved(&id).await.map_err(|error| error.to_string())?.ok_or("it is gone")?;
        eprintln!("{} moved, {} refused.", moved.moved, moved.refused);
        for refused in &moved.refusals {
            eprintln!("{}: {}", refused.involvement, refused.why);
        }
        Ok(ended(moved.refused == 0))
    })
}

fn ended(well: bool) -> ExitCode {
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn moving(involvements: &Involvements, args: &Args) -> Result<Move, String> {
    let version = async |number: u32| {
        let found = involvements.version(&args.timeline, number).await.map_err(|error| error.to_string())?;
        found.ok_or_else(|| format!("version {number} of \"{}\" has not gone live here", args.timeline))
    };
    let plan = Plan { states: args.states.iter().cloned().collect(), clocks: args.clocks.iter().cloned().collect() };
    let (from, to) = (version(args.from).await?, version(args.to).await?);
    let faults = plan.faults(&from, &to);
    if !faults.is_empty() {
        return Err(faults.join("\nmilepost: "));
    }
    let reason = args.reason.as_deref().unwrap_or("Dry run").trim().to_owned();
    if reason.is_empty() {
        return Err("say why with --reason".into());
    }
    Ok(Move { from, to, plan, reason })
}

fn show(moving: &Move, rehearsal: &Rehearsal) {
    let (from, to) = (&moving.from.definition, &moving.to.definition);
    println!("{}: version {} -> version {}", to.title, from.version, to.version);
    println!(
        "{} involvements are open on version {}; {} would move.",
        rehearsal.live,
        from.version,
        rehearsal.would_move()
    );
    for (from, to, count) in &rehearsal.states {
        if from == to { println!("  {count:>6}  at {from}") } else { println!("  {count:>6}  from {from} to {to}") }
    }
    println!("\nDates that would change");
    if rehearsal.limits.is_empty() {
        println!("  none");
    }
    for limit in &rehearsal.limits {
        let mut says = Vec::new();
        let mut say = |count: usize, what: &str| {
            if count > 0 {
                says.push(format!("{count} {what}"));
            }
        };
        say(limit.later, "later");
        say(limit.earlier, "earlier");
        say(limit.begin, "begin");
        say(limit.fall_away, "fall away");
        say(limit.overdue_at_once, "overdue at once");
        let most = if limit.most_days > 0 { format!(" (by up to {} days)", limit.most_days) } else { String::new() };
        println!("  {}: {}{most}", limit.label, says.join(", "));
    }
    if rehearsal.by_themselves > 0 {
        println!("\n{} would move on by themselves right after.", rehearsal.by_themselves);
    }
    if !rehearsal.refused.is_empty() {
        println!("\nRefused: {}", rehearsal.refused.len());
        for refused in &rehearsal.refused {
            println!("  {}: {}", refused.involvement, refused.why);
        }
    }
}

fn report(file: &Path, rehearsal: &Rehearsal) -> Result<(), csv::Error> {
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let mut written = csv::Writer::from_path(file)?;
    written.write_record(["involvement", "limit", "due_before", "due_after", "refused_because"])?;
    for change in &rehearsal.changes {
        let (before, after) = (date(change.before), date(change.after));
        written.write_record([
            change.involvement.as_str(),
            change.limit.as_str(),
            before.as_str(),
            after.as_str(),
            "",
        ])?;
    }
    for refused in &rehearsal.refused {
        written.write_record([refused.involvement.as_str(), "", "", "", refused.why.as_str()])?;
    }
    Ok(written.flush()?)
}

fn progress(moved: &Moved) {
    let mut out = std::io::stderr();
    if out.is_terminal() {
        let _ = write!(out, "\r{} of {}", moved.moved + moved.refused, moved.live);
        if moved.finished_at.is_some() {
            let _ = writeln!(out);
        }
        let _ = out.flush();
    }
}
