//! Every page with its sample, for the tests that render, check and picture them all.

use super::error::ErrorPage;
use super::render::{Chrome, Page, Pages, RenderError};
use super::{account, citizen, office, progress, public, sign_in};
use crate::calendar::date;
use crate::engine::Explanation;

/// Each page's template and its sample as HTML.
///
/// # Errors
/// When a template names something its page does not have.
pub fn rendered(pages: &Pages) -> Result<Vec<(&'static str, String)>, RenderError> {
    fn one<P: Page>(pages: &Pages) -> Result<(&'static str, String), RenderError> {
        let page = P::sample();
        let chrome = Chrome { heading: page.heading(), ..Chrome::for_tests() };
        Ok((P::TEMPLATE, pages.render(&page, &chrome)?))
    }
    Ok(vec![
        one::<ErrorPage>(pages)?,
        one::<public::StartPage>(pages)?,
        one::<public::HelpPage>(pages)?,
        one::<public::PrivacyPage>(pages)?,
        one::<public::AccessibilityPage>(pages)?,
        one::<sign_in::password::PasswordPage>(pages)?,
        one::<sign_in::code::CodePage>(pages)?,
        one::<sign_in::recovery::RecoveryPage>(pages)?,
        one::<account::set_up::SetUpPage>(pages)?,
        one::<account::codes::CodesPage>(pages)?,
        one::<account::codes::NewCodesPage>(pages)?,
        one::<account::overview::AccountPage>(pages)?,
        one::<account::contact::ContactPage>(pages)?,
        one::<account::password::PasswordPage>(pages)?,
        one::<account::prove::ProvePage>(pages)?,
        one::<account::kept::KeptPage>(pages)?,
        one::<account::sign_ins::SignInsPage>(pages)?,
        one::<account::leave::LeavePage>(pages)?,
        one::<office::tray::TrayPage>(pages)?,
        one::<office::children::ChildrenPage>(pages)?,
        one::<office::children::NewChildPage>(pages)?,
        one::<office::child::ChildPage>(pages)?,
        one::<office::edit_child::EditChildPage>(pages)?,
        one::<office::closures::ClosuresPage>(pages)?,
        one::<office::closures::NewClosurePage>(pages)?,
        one::<office::closures::RemoveClosurePage>(pages)?,
        one::<office::open::OpenPage>(pages)?,
        one::<office::involvement::InvolvementPage>(pages)?,
        one::<office::act::ActPage>(pages)?,
        one::<office::phase_transfers::PhaseTransfersPage>(pages)?,
        one::<office::timelines::TimelinesPage>(pages)?,
        one::<office::timelines::TimelinePage>(pages)?,
        one::<office::in_time::InTimePage>(pages)?,
        one::<office::compare::ComparePage>(pages)?,
        one::<office::move_versions::MovePage>(pages)?,
        one::<office::moving::MovingPage>(pages)?,
        one::<citizen::children::ChildrenPage>(pages)?,
        one::<progress::ProgressPage>(pages)?,
    ])
}

/// An explanation with everything in it.
pub(super) fn explanation() -> Explanation {
    Explanation {
        due_on: date(2026, 4, 13),
        counted_from: "Request received on Monday 2 March 2026.".into(),
        rule: "within 6 weeks of".into(),
        provision: "SEND Regulations 2014 reg. 5(1)".into(),
        provision_url: Some("https://www.legislation.gov.uk/uksi/2014/1530/regulation/5".into()),
        caution: Some("To be confirmed against the instrument.".into()),
        steps: vec![
            "The day itself, Monday 2 March 2026, is not counted.".into(),
            "6 weeks (42 days) after it is Monday 13 April 2026.".into(),
        ],
        exemptions: vec!["Exceptional personal circumstances (reg. 5(4)(c)).".into()],
        version: "EHC needs assessment, version 3".into(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_template_is_rendered_with_its_sample_in_strict_mode() {
        let pages = Pages::embedded().expect("every template is well formed");
        let rendered = rendered(&pages).expect("every page has what its template names");
        let seen: BTreeSet<&str> = rendered.iter().map(|(template, _)| *template).collect();
        assert_eq!(seen, pages.names().into_iter().collect(), "a template without a sample");
        for (template, html) in rendered {
            assert_eq!(html.matches("<h1").count(), 1, "{template} has one heading");
            assert!(html.contains("id=\"main-content\""), "{template}");
        }
    }
}
