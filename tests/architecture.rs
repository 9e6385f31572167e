//! The invariants of ARCHITECTURE.md that can be read off the source. Each rule lists its exceptions with the reason.

#[path = "support/rust_source.rs"]
mod rust_source;

use std::collections::BTreeSet;
use std::path::Path;

use rust_source::RustSource;

/// Dates and seeds are arguments there: no async, SQL, files, clock or randomness.
const PURE: [&str; 6] = ["access", "calendar", "engine", "matching", "simulation", "timeline"];

/// What the pure modules may use besides each other: id newtypes, and the type of an instant (never the clock).
const PURE_MAY_USE: [&str; 2] = ["clock", "ids"];

/// They are used by `involvements` and by the outside, and never call back.
const BELOW_INVOLVEMENTS: [&str; 5] = ["accounts", "audit", "children", "db", "sharing"];

const OUTSIDE: [&str; 3] = ["cli", "demo", "web"];

#[test]
fn pure_modules_have_no_async_files_clock_or_randomness() {
    let words = [
        "async",
        "await",
        "tokio",
        "sqlx",
        "salvo",
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::thread",
        "std::time",
        "File::",
        "Utc::now",
        "Local::now",
        "Clock::System",
        "getrandom",
        "rand",
        "random_text",
        "random",
        "params!",
        "println!",
        "eprintln!",
    ];
    let broken =
        faults(|source| is_in(source, &PURE), |source| words.iter().flat_map(|word| source.lines_with(word)).collect());
    assert_none(broken, "a pure module reaches outside");
}

#[test]
fn pure_modules_use_only_each_other_and_plain_values() {
    let allowed = |name: &str| PURE.contains(&name) || PURE_MAY_USE.contains(&name);
    let broken = faults(|source| is_in(source, &PURE), |source| modules_but(source, allowed));
    assert_none(broken, "a pure module depends on one that is not pure");
}

#[test]
fn features_do_not_call_back_into_involvements_or_the_outside() {
    let above = |name: &str| name == "involvements" || OUTSIDE.contains(&name);
    let broken = faults(|source| is_in(source, &BELOW_INVOLVEMENTS), |source| modules_but(source, |name| !above(name)));
    assert_none(broken, "a feature depends on something above it");
    let broken = faults(
        |source| is_in(source, &["involvements"]),
        |source| modules_but(source, |name| !OUTSIDE.contains(&name)),
    );
    assert_none(broken, "involvements depends on the outside");
}

#[test]
fn audiences_of_the_web_never_import_each_other() {
    let audiences = ["account", "api", "citizen", "office", "professional", "sign_in"];
    let mut broken = Vec::new();
    for audience in audiences {
        let others = audiences.iter().filter(|other| **other != audience);
        let names: Vec<String> =
            others.flat_map(|other| [format!("web::{other}"), format!("super::super::{other}")]).collect();
        let here = format!("src/web/{audience}/");
        broken.extend(faults(
            |source| source.path.starts_with(&here),
            |source| names.iter().flat_map(|name| source.lines_with(name)).collect(),
        ));
    }
    assert_none(broken, "an audience imports another");
}

#[test]
fn sql_stands_in_store_files() {
    let exceptions = [
        ("src/db/", "the layer itself asks which steps of the schema were taken"),
        ("src/audit/verify.rs", "goes over the whole trail, and writes nothing"),
        ("src/web/health.rs", "asks only whether the database answers"),
        ("src/reports/", "writes nothing"),
    ];
    let may = |source: &RustSource| {
        source.path.ends_with("/store.rs") || exceptions.iter().any(|(path, _)| source.path.starts_with(path))
    };
    let broken = faults(
        |source| !may(source),
        |source| {
            let sql = source.strings.iter().filter(|(_, text)| is_sql(text));
            sql.map(|(line, text)| {
                format!("{}:{line}: {}", source.path, text.trim().lines().next().unwrap_or_default())
            })
            .collect()
        },
    );
    assert_none(broken, "SQL stands outside a store.rs");
}

#[test]
fn only_clock_asks_for_the_time_and_only_config_reads_the_environment() {
    for (home, words) in [
        ("src/clock.rs", ["Utc::now", "Local::now", "SystemTime::now"]),
        ("src/config.rs", ["env::var", "env::vars", "env::var_os"]),
    ] {
        let elsewhere = faults(
            |source| source.path != home,
            |source| words.iter().flat_map(|word| source.lines_with(word)).collect(),
        );
        assert_none(elsewhere, &format!("only {home} may do this"));
    }
}

#[test]
fn nothing_unwraps_outside_tests() {
    let words = [".unwrap()", ".unwrap_err()", "todo!", "unimplemented!", "dbg!"];
    let broken = faults(|_| true, |source| words.iter().flat_map(|word| source.lines_with(word)).collect());
    assert_none(broken, "say with expect(\"...\") why it cannot happen, or give an error");
}

#[test]
fn every_file_says_on_its_first_line_what_is_in_it() {
    let silent = faults(|source| !source.text.starts_with("//! "), |source| vec![source.path.clone()]);
    assert_none(silent, "begin the file with //! and what is in it");
}

#[test]
fn the_map_in_lib_rs_names_every_module() {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs can be read");
    let modules = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let missing: Vec<&str> = modules.filter(|module| !lib.contains(&format!("[`{module}`]"))).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn each_step_of_the_schema_exists_for_both_databases() {
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(root().join("migrations").join(folder)).expect("the steps can be listed");
        entries
            .map(|entry| entry.expect("the steps can be listed").file_name().to_string_lossy().into_owned())
            .collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn templates_only_place_words() {
    let mut templates = Vec::new();
    gather(&root().join("templates"), &mut templates);
    assert!(!templates.is_empty());
    let mut broken = Vec::new();
    for path in templates {
        let text = std::fs::read_to_string(&path).expect("a template can be read");
        for (at, line) in text.lines().enumerate() {
            // The policy forbids inline styles and handlers; an attribute without quotes could be broken out of.
            let faulty = [" style=", " onclick=", " onsubmit=", "javascript:"].iter().any(|bad| line.contains(bad));
            if faulty || has_bare_attribute(line) {
                broken.push(format!("{}:{}: {}", path.display(), at + 1, line.trim()));
            }
        }
    }
    assert_none(broken, "inline style or handler, or an attribute without quotes");
}

/// `value={{...}}` with no quote before the braces; `?at={{...}}` stands inside a quoted address.
fn has_bare_attribute(line: &str) -> bool {
    line.match_indices("={{").any(|(at, _)| {
        let before = line[..at].trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
        before.len() < at && before.ends_with(char::is_whitespace)
    })
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn gather(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the templates can be listed") {
        let path = entry.expect("the templates can be listed").path();
        if path.is_dir() { gather(&path, files) } else { files.push(path) }
    }
}

/// Whether a file belongs to one of these modules.
fn is_in(source: &RustSource, modules: &[&str]) -> bool {
    let below = source.path.trim_start_matches("src/");
    let module = below.split('/').next().unwrap_or_default().trim_end_matches(".rs");
    modules.contains(&module)
}

fn faults(concerns: impl Fn(&RustSource) -> bool, find: impl Fn(&RustSource) -> Vec<String>) -> Vec<String> {
    rust_source::all().iter().filter(|source| concerns(source)).flat_map(find).collect()
}

fn modules_but(source: &RustSource, allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let named = source.modules_named().into_iter().filter(|name| !allowed(name));
    named.map(|name| format!("{} uses crate::{name}", source.path)).collect()
}

fn is_sql(text: &str) -> bool {
    let text = text.trim_start();
    let begins = |word: &str| text.starts_with(word);
    begins("select ")
        || begins("insert into ")
        || begins("delete from ")
        || (begins("update ") && text.contains(" set "))
        || (begins("with ") && text.contains(" as ("))
}

#[track_caller]
fn assert_none(broken: impl AsRef<[String]>, what: &str) {
    let broken = broken.as_ref();
    assert!(broken.is_empty(), "{what}:\n{}", broken.join("\n"));
}
