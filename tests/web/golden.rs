//! Golden files: every page with its sample, and who may come in where. `make golden` rewrites them; look at the
//! difference before committing it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use milepost::access::Role;
use milepost::web::{Pages, ROUTES, Who, samples};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

#[expect(clippy::disallowed_methods, reason = "make says through it that golden files are to be written")]
fn is_rewriting() -> bool {
    std::env::var("MILEPOST_GOLDEN").is_ok_and(|what| what == "write")
}

/// Compares with the golden file, or writes it.
fn is_golden(name: &str, now: &str) {
    let path = folder().join(name);
    if is_rewriting() {
        fs::create_dir_all(path.parent().expect("a golden file lies in a folder")).expect("the folder can be made");
        fs::write(&path, now).expect("the golden file can be written");
        return;
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    let line = held.lines().zip(now.lines()).position(|(held, now)| held != now);
    let line = line.unwrap_or_else(|| held.lines().count().min(now.lines().count()));
    assert!(
        held == now,
        "tests/golden/{name} differs from line {}:\n  golden: {}\n  now:    {}\nIf it is meant to, run `make golden` and look at the difference.",
        line + 1,
        held.lines().nth(line).unwrap_or("(the end)"),
        now.lines().nth(line).unwrap_or("(the end)")
    );
}

#[test]
fn pages_look_as_they_did() {
    let pages = Pages::embedded().expect("the templates are well formed");
    let rendered = samples::rendered(&pages).expect("every sample fills its template");
    for (template, html) in &rendered {
        is_golden(&format!("pages/{template}.html"), html);
    }
    let mut held = Vec::new();
    for audience in fs::read_dir(folder().join("pages")).expect("the golden pages are there").flatten() {
        let audience = audience.path();
        held.extend(
            fs::read_dir(&audience).expect("a folder of pages").flatten().map(|page| page.path().with_extension("")),
        );
    }
    let known = |page: &PathBuf| rendered.iter().any(|(template, _)| page.ends_with(template));
    let left: Vec<_> = held.into_iter().filter(|page| !known(page)).collect();
    assert!(left.is_empty(), "golden pages without a page: {left:?}");
}

#[test]
fn who_may_come_in_where_is_as_it_was() {
    let mut grid =
        String::from("Who may come in where: x is yes. Everybody else is told that there is no such page.\n\n");
    let names: Vec<String> = Role::ALL.iter().map(|role| format!("{role:?}")).collect();
    writeln!(grid, "{:<48} anyone {}", "", names.join(" ")).expect("text can be written");
    for route in ROUTES {
        let mark = |yes: bool| if yes { "x" } else { "-" };
        let anyone = mark(route.who == Who::Anyone);
        let roles = Role::ALL
            .iter()
            .zip(&names)
            .map(|(role, name)| format!("{:<width$}", mark(route.who.lets_in(&[*role])), width = name.len()));
        let line =
            format!("{:<4} {:<43} {anyone:<6} {}", route.method, route.path, roles.collect::<Vec<_>>().join(" "));
        writeln!(grid, "{}", line.trim_end()).expect("text can be written");
    }
    is_golden("access.txt", &grid);
}
