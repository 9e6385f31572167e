//! "Why this date?" as the partial `parts/why` shows it.

use serde::Serialize;

use crate::engine::Explanation;

/// An explanation with the name of what it explains.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Why {
    r#for: String,
    #[serde(flatten)]
    explanation: Explanation,
}

impl Why {
    pub fn of(label: &str, explanation: Explanation) -> Why {
        Why { r#for: label.to_owned(), explanation }
    }
}
