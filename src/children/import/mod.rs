//! Bringing children onto the register from a CSV file.
//!
//! Line by line, each whole or not at all: added, updated (a UPN or NHS number says that it is the child), there already, or
//! refused with every reason. A dry run decides the same and writes nothing.

mod columns;
mod decide;
mod lines;
mod text;

use std::collections::HashMap;
use std::io::Read;

use super::{Child, ChildDetails, Children, Fault, LikeOthers, store};
use crate::audit::{self, Action, Entry};
use crate::calendar::Date;
use crate::db::{Conn, StoreError};
use crate::engine::Actor;
use crate::ids::ChildId;
use decide::{Decision, decide, details, fault};
pub use lines::write_example;
use lines::{Line, Lines};

/// How many lines are written together: enough to share a flush, few enough that nobody else waits long.
const TOGETHER: usize = 100;

/// How an import is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportHow {
    /// Decide on every line, and write nothing.
    pub dry_run: bool,
    pub like_others: LikeOthers,
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineOutcome {
    Added { reference: String },
    Updated { reference: String, fields: Vec<&'static str> },
    AlreadyThere { reference: String },
    Refused(Vec<Fault>),
}

/// A line of the file, counted as an editor shows it, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedLine {
    pub line: u64,
    pub outcome: LineOutcome,
}

/// What became of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportTotals {
    pub added: u64,
    pub updated: u64,
    pub already_there: u64,
    pub refused: u64,
    /// Columns that the register has no place for.
    pub ignored_columns: Vec<String>,
    /// Some of the file was not UTF-8 and was read as Windows-1252.
    pub windows_1252: bool,
}

impl ImportTotals {
    fn count(&mut self, outcome: &LineOutcome) {
        match outcome {
            LineOutcome::Added { .. } => self.added += 1,
            LineOutcome::Updated { .. } => self.updated += 1,
            LineOutcome::AlreadyThere { .. } => self.already_there += 1,
            LineOutcome::Refused(_) => self.refused += 1,
        }
    }
}

/// Why a file could not be imported, or not to its end. Lines that were told of are on the register.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{0}")]
    File(String),
    #[error("the file cannot be read: {0}")]
    Read(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A line that was read: what it brings, or what is wrong with it.
struct Brought {
    line: u64,
    details: Result<ChildDetails, Vec<Fault>>,
}

impl Children {
    /// Imports a file, telling of each line once it is written (or decided, in a dry run).
    ///
    /// # Errors
    /// [`ImportError`]; lines that are wrong are not errors but refused.
    pub async fn import(
        &self,
        source: impl Read,
        how: ImportHow,
        by: &Actor,
        mut tell: impl FnMut(&ImportedLine),
    ) -> Result<ImportTotals, ImportError> {
        let mut lines = Lines::of(source)?;
        let mut totals = ImportTotals { ignored_columns: lines.columns.ignored.clone(), ..ImportTotals::default() };
        let mut rehearsed = Rehearsed::default();
        loop {
            let together = self.read_together(&mut lines)?;
            if together.is_empty() {
                break;
            }
            let done = if how.dry_run {
                self.rehearse(&together, how, &mut rehearsed).await?
            } else {
                let written = self.write_together(&together, how, by).await;
                self.known.changed();
                written?
            };
            for line in &done {
                totals.count(&line.outcome);
                tell(line);
            }
        }
        totals.windows_1252 = lines.windows_1252;
        if !how.dry_run {
            self.record_import(&totals, by).await?;
        }
        Ok(totals)
    }

    fn read_together(&self, lines: &mut Lines<impl Read>) -> Result<Vec<Brought>, ImportError> {
        let today = self.clock.today();
        let mut together = Vec::with_capacity(TOGETHER);
        while together.len() < TOGETHER {
            let Some(line) = lines.next()? else { break };
            together.push(brought(line, &lines.columns, today));
        }
        Ok(together)
    }

    /// Writes some lines in one transaction; should somebody else take a number of theirs meanwhile, one by one.
    async fn write_together(
        &self,
        together: &[Brought],
        how: ImportHow,
        by: &Actor,
    ) -> Result<Vec<ImportedLine>, StoreError> {
        match self.db.write(async |c| self.write_lines(c, together, how, by).await).await {
            Err(StoreError::Taken(_)) => {}
            done => return done,
        }
        let mut done = Vec::new();
        for one in together {
            let one = std::slice::from_ref(one);
            match self.db.write(async |c| self.write_lines(c, one, how, by).await).await {
                Err(StoreError::Taken(_)) => {
                    let text = "Somebody else has just added a child with this number; import the line again";
                    done.push(ImportedLine {
                        line: one[0].line,
                        outcome: LineOutcome::Refused(vec![fault("line", text)]),
                    });
                }
                written => done.extend(written?),
            }
        }
        Ok(done)
    }

    async fn write_lines(
        &self,
        c: &mut Conn,
        together: &[Brought],
        how: ImportHow,
        by: &Actor,
    ) -> Result<Vec<ImportedLine>, StoreError> {
        let now = self.clock.now();
        let (mut done, mut entries) = (Vec::new(), Vec::new());
        for Brought { line, details } in together {
            let decision = match details {
                Ok(details) => {
                    decide(self.new_child(details.clone()), &store::like(c, details).await?, how.like_others)
                }
                Err(faults) => Decision::Refuse(faults.clone()),
            };
            let entry =
                |action, child: &Child| Entry::new(now, by.clone(), action, "import").about_child(child.id.clone());
            match &decision {
                Decision::Add(child) => {
                    store::insert(c, child).await?;
                    entries.push(entry(Action::ChildAdded, child));
                }
                Decision::Update(child, fields) => {
                    store::update(c, child, None, now).await?;
                    let fields = serde_json::json!({ "fields": fields });
                    entries.push(entry(Action::ChildChanged, child).with(fields));
                }
                Decision::AlreadyThere(_) | Decision::Refuse(_) => {}
            }
            done.push(ImportedLine { line: *line, outcome: decision.into() });
        }
        audit::record(c, &entries).await?;
        Ok(done)
    }

    /// Decides on some lines as if those before them had been written.
    async fn rehearse(
        &self,
        together: &[Brought],
        how: ImportHow,
        rehearsed: &mut Rehearsed,
    ) -> Result<Vec<ImportedLine>, StoreError> {
        let rehearse = async |c: &mut Conn| {
            let mut done = Vec::new();
            for Brought { line, details } in together {
                let decision = match details {
                    Ok(details) => {
                        let held = store::like(c, details).await?;
                        decide(self.new_child(details.clone()), &rehearsed.like(held, details), how.like_others)
                    }
                    Err(faults) => Decision::Refuse(faults.clone()),
                };
                if let Decision::Add(child) | Decision::Update(child, _) = &decision {
                    rehearsed.keep((**child).clone());
                }
                done.push(ImportedLine { line: *line, outcome: decision.into() });
            }
            Ok(done)
        };
        self.db.read(rehearse).await
    }

    async fn record_import(&self, totals: &ImportTotals, by: &Actor) -> Result<(), StoreError> {
        let entry = Entry::new(self.clock.now(), by.clone(), Action::ChildrenImported, "import").with(serde_json::json!({
            "added": totals.added, "updated": totals.updated, "already_there": totals.already_there, "refused": totals.refused,
        }));
        self.db.write(async |c| audit::record(c, &[entry]).await).await
    }
}

fn brought(line: Line, columns: &columns::Columns, today: Date) -> Brought {
    let details = match &line.texts {
        Ok(texts) => details(&columns.filled(texts), today),
        Err(fault) => Err(vec![fault.clone()]),
    };
    Brought { line: line.number, details }
}

impl From<Decision> for LineOutcome {
    fn from(decision: Decision) -> LineOutcome {
        match decision {
            Decision::Add(child) => LineOutcome::Added { reference: child.reference },
            Decision::Update(child, fields) => LineOutcome::Updated { reference: child.reference, fields },
            Decision::AlreadyThere(child) => LineOutcome::AlreadyThere { reference: child.reference },
            Decision::Refuse(faults) => LineOutcome::Refused(faults),
        }
    }
}

/// What a dry run would have written so far.
#[derive(Debug, Default)]
struct Rehearsed {
    children: HashMap<ChildId, Child>,
    by_number: HashMap<String, ChildId>,
    by_name: HashMap<(String, Option<Date>), Vec<ChildId>>,
}

impl Rehearsed {
    fn keep(&mut self, child: Child) {
        for number in [&child.details.upn, &child.details.nhs_number].into_iter().flatten() {
            self.by_number.insert(number.clone(), child.id.clone());
        }
        let named = self.by_name.entry((child.details.folded_name(), child.details.born_on)).or_default();
        if !named.contains(&child.id) {
            named.push(child.id.clone());
        }
        self.children.insert(child.id.clone(), child);
    }

    /// Those on the register who are like a line, as they would be by now, and those who would be there too.
    fn like(&self, held: Vec<Child>, details: &ChildDetails) -> Vec<Child> {
        let numbers =
            [&details.upn, &details.nhs_number].into_iter().flatten().filter_map(|number| self.by_number.get(number));
        let named = self.by_name.get(&(details.folded_name(), details.born_on)).into_iter().flatten();
        let mut like: Vec<Child> =
            held.into_iter().map(|child| self.children.get(&child.id).cloned().unwrap_or(child)).collect();
        for id in numbers.chain(named) {
            if let Some(child) = self.children.get(id).filter(|child| like.iter().all(|held| held.id != child.id)) {
                like.push(child.clone());
            }
        }
        like
    }
}
