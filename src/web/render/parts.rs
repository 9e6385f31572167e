//! Parts of pages, remembered by what they show: the same data in the same template is always the same text, so what is
//! remembered is never old.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use super::RenderError;

/// More different parts than this are not kept; one takes some tens of kilobytes.
const KEPT_MOST: usize = 64;

/// A template, and all that it shows, in JSON.
type Shown = (&'static str, String);

#[derive(Debug, Default)]
pub(super) struct Parts(Mutex<HashMap<Shown, Arc<str>>>);

impl Parts {
    /// What the template makes of `data`; filled in if it was not of late.
    pub fn get(
        &self,
        template: &'static str,
        data: &impl Serialize,
        fill_in: impl FnOnce() -> Result<String, RenderError>,
    ) -> Result<Arc<str>, RenderError> {
        let failed = |error: serde_json::Error| RenderError { template: template.to_owned(), why: error.to_string() };
        let shown = (template, serde_json::to_string(data).map_err(failed)?);
        if let Some(part) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&shown) {
            return Ok(part.clone());
        }
        let part: Arc<str> = fill_in()?.into();
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if parts.len() >= KEPT_MOST {
            parts.clear();
        }
        parts.insert(shown, part.clone());
        Ok(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_filled_in_anew_for_other_data_or_another_template_and_only_then() {
        let parts = Parts::default();
        let shown = |template, data: &[&str], filled_in: &str| {
            parts.get(template, &data, || Ok(filled_in.to_owned())).expect("it is filled in").to_string()
        };
        assert_eq!(shown("tray", &["Ada"], "first"), "first");
        assert_eq!(shown("tray", &["Ada"], "second"), "first");
        assert_eq!(shown("tray", &["Ben"], "third"), "third");
        assert_eq!(shown("list", &["Ada"], "fourth"), "fourth");
        for number in 0..=KEPT_MOST {
            let name = number.to_string();
            assert_eq!(shown("tray", &[&name], &name), name);
        }
        assert_eq!(shown("tray", &["Ada"], "fifth"), "fifth");
    }
}
