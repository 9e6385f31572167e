//! A child with an EHC needs assessment, made through the pages.

use crate::support::browser::Browser;

/// Adds a child and opens an assessment requested on a day of March 2026; gives the involvement's address.
pub async fn requested(browser: &mut Browser, given_name: &str, day_of_march: &str) -> String {
    let child = [
        ("given_name", given_name),
        ("family_name", "Okafor"),
        ("born_on-day", "31"),
        ("born_on-month", "5"),
        ("born_on-year", "2019"),
    ];
    let child = browser.submit("/office/children/new", &child).await.location().to_owned();
    let received = [
        ("timeline", "ehc-needs-assessment"),
        ("on-day", day_of_march),
        ("on-month", "3"),
        ("on-year", "2026"),
        ("fact-requested-by", "parent"),
    ];
    let opened = browser.submit(&format!("{child}/open?timeline=ehc-needs-assessment"), &received).await;
    assert_eq!(opened.status, 303, "{}", opened.text());
    opened.location().to_owned()
}
