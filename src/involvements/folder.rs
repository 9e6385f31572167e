//! The workflows folder: what stands in its files, and publishing what is sound.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Involvements, PublishError, Published, Trouble};
use crate::calendar::Date;
use crate::ids::DefinitionId;
use crate::timeline::{self, Checked, Compiled};

/// Reads and checks every timeline of a folder (its `*.ron` files, not those of folders below it), by name.
///
/// A file that cannot be read has a finding that says so: it must never stop the others.
pub fn checked_files(folder: &Path) -> Vec<(String, Checked)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "ron") && file.is_file());
    files.sort();
    let (names, mut checked): (Vec<String>, Vec<Checked>) = files
        .into_iter()
        .map(|file| {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let bytes = std::fs::read(&file).unwrap_or_default();
            let checked = timeline::check(&name, &bytes);
            (name, checked)
        })
        .unzip();
    timeline::check_links(&mut checked);
    names.into_iter().zip(checked).collect()
}

impl Involvements {
    /// Publishes every sound timeline of a folder. One that is not sound, or that changed without a new version, is
    /// logged and left as it was: involvements that run keep the version they are pinned to.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn publish_folder(&self, folder: &Path) -> Result<Vec<DefinitionId>, PublishError> {
        let folder_path = folder.to_owned();
        let checked = tokio::task::spawn_blocking(move || checked_files(&folder_path)).await.unwrap_or_default();
        let mut published = Vec::new();
        for (file, checked) in checked {
            let sound = checked.is_sound();
            let Some(definition) = checked.definition.filter(|_| sound) else {
                tracing::error!(
                    file,
                    findings = checked.findings.len(),
                    "a timeline cannot go live: see milepost check"
                );
                continue;
            };
            match self.publish(definition, &checked.source.text).await {
                Ok(id) => published.push(id),
                Err(error @ PublishError::Store(_)) => return Err(error),
                Err(error) => tracing::error!(file, %error, "a timeline was left as it was"),
            }
        }
        Ok(published)
    }

    /// The version of each timeline that a new involvement of this day would take.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn in_force(&self, on: Date) -> Result<Vec<Arc<Compiled>>, Trouble> {
        let holds = |held: &Published| held.in_force.holds_on(on);
        let mut chosen: BTreeMap<String, Published> = BTreeMap::new();
        for held in self.published().await?.into_iter().filter(holds) {
            let order = |held: &Published| (held.in_force.from, held.version);
            if chosen.get(&held.timeline).is_none_or(|other| order(other) < order(&held)) {
                chosen.insert(held.timeline.clone(), held);
            }
        }
        let mut all = Vec::with_capacity(chosen.len());
        for held in chosen.into_values() {
            // Compiled once and remembered: this asks the database only for a version not seen since the start.
            all.push(self.0.definition(&held.id).await?);
        }
        Ok(all)
    }
}
