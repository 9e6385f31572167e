//! The timelines to be judged, where the judges are installed, and numbers that are the same in every run.

use std::path::{Path, PathBuf};

use milepost::timeline::Definition;

pub fn shipped() -> Vec<Definition> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    let checked = milepost::involvements::checked_files(&folder);
    checked.into_iter().map(|(file, checked)| checked.definition.unwrap_or_else(|| panic!("{file}"))).collect()
}

/// Where `tests/tools` puts the judges.
pub fn installed() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    Path::new(env!("CARGO_MANIFEST_DIR")).join(target).join("oracles")
}

/// Numbers that are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn up_to(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % most.max(1)
    }

    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let at = self.up_to(all.len());
        all.get(at)
    }
}
