//! Templates: every one is rendered with its sample, and none can be broken out of.

use std::path::{Path, PathBuf};

use milepost::web::{Pages, samples};

#[test]
fn every_page_has_a_sample_and_renders_it() {
    let pages = Pages::embedded().expect("the templates are well formed");
    let rendered = samples::rendered(&pages).expect("every sample fills its template");
    let mut shown: Vec<&str> = rendered.iter().map(|(name, _)| *name).collect();
    shown.sort_unstable();
    assert_eq!(shown, pages.names(), "templates without a sample, or samples without a template");
}

#[test]
fn every_page_has_one_heading_one_main_part_and_a_title() {
    let pages = Pages::embedded().expect("the templates are well formed");
    for (name, html) in samples::rendered(&pages).expect("every sample fills its template") {
        for once in ["<h1", "<main", "<title>", "id=\"main-content\"", "href=\"#main-content\""] {
            assert_eq!(html.matches(once).count(), 1, "{once} in {name}");
        }
        assert!(!html.contains(" style=\""), "{name} has a style of its own, which the policy forbids");
        assert!(!html.contains(" onclick=") && !html.contains("javascript:"), "{name} has a script of its own");
    }
}

#[test]
fn ids_are_not_given_twice_and_labels_lead_to_their_fields() {
    let pages = Pages::embedded().expect("the templates are well formed");
    for (name, html) in samples::rendered(&pages).expect("every sample fills its template") {
        let ids = values(&html, " id=\"");
        for id in &ids {
            assert_eq!(ids.iter().filter(|held| *held == id).count(), 1, "#{id} in {name}");
        }
        for attribute in [" for=\"", " aria-labelledby=\"", " aria-describedby=\"", " aria-controls=\""] {
            for named in values(&html, attribute).iter().flat_map(|value| value.split_whitespace()) {
                assert!(ids.contains(&named), "{attribute}{named} of {name} leads nowhere");
            }
        }
        for link in values(&html, " href=\"#") {
            assert!(ids.contains(&link), "the link to #{link} of {name} leads nowhere");
        }
    }
}

#[test]
fn what_people_typed_is_placed_as_text_only() {
    for (path, text) in templates() {
        let name = path.display();
        for (at, line) in text.lines().enumerate() {
            let place = format!("{name}:{}", at + 1);
            let raw = line.contains("{{{") || line.contains("{{&");
            // The drawing comes from our own code, which escapes what it writes; a part from a template that is itself
            // looked at here.
            assert!(
                !raw || (line.contains("page.drawing") || line.contains("page.svg") || line == "{{{part}}}"),
                "{place} places text unescaped: {line}"
            );
            for (before, _) in line.match_indices("={{").map(|(at, _)| line.split_at(at)) {
                assert!(before.contains("{{"), "{place} has an attribute without quotes: {line}");
            }
            for attribute in ["href", "src", "action", "value", "id", "name", "class"] {
                assert!(
                    !line.contains(&format!(" {attribute}={{{{")),
                    "{place} has an attribute without quotes: {line}"
                );
            }
        }
    }
}

#[test]
fn every_form_sends_its_token() {
    for (path, text) in templates() {
        let forms: Vec<&str> = text.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next()).collect();
        for form in forms.iter().filter(|form| form.contains("method=\"post\"")) {
            assert!(form.contains("{{> parts/keys}}"), "a form of {} has no token", path.display());
        }
        for form in forms {
            assert!(form.contains("method=\""), "a form of {} does not say how it is sent", path.display());
        }
    }
}

fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn templates() -> Vec<(PathBuf, String)> {
    fn under(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).expect("the folder can be read").flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => under(&path, found),
                false => found.push((path.clone(), std::fs::read_to_string(&path).expect("a template is text"))),
            }
        }
    }
    let mut found = Vec::new();
    under(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")), &mut found);
    assert!(found.len() > 10);
    found
}
