//! The stories in a real browser: Chromium visits the demonstration, with axe looking at every page and state it meets.
//!
//! Pictures of all pages, wide and on a telephone, are left in `target/tmp/pictures`.

#[path = "../support/mod.rs"]
mod support;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use milepost::access::Role;
use milepost::accounts::NewAccount;
use milepost::clock::{Clock, Instant};
use milepost::config::Config;
use milepost::demo::{self, PASSWORD, logins};
use milepost::web::{App, serve};
use tokio::sync::oneshot;

const INSTALL: &str = "Chromium was not found in PATH. The browser tests need it: `apt-get install chromium` (Debian, Ubuntu), \
    `dnf install chromium` (Fedora).";

/// People who have still to set up their second step.
const NEWCOMERS: [&str; 2] = ["sam@family.example", "alex@family.example"];

/// Runs one file of stories against a demonstration of its own, on 2 March 2026 at nine.
async fn tell(stories: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(root.join("node_modules/playwright-core").exists(), "run `npm ci` first");
    let chromium = chromium().expect(INSTALL);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let config = Config {
        database: format!("sqlite:{}", folder.path().join("milepost.db").display()),
        key_file: folder.path().join("milepost.key"),
        workflows: root.join("workflows"),
        listen: free,
        address: format!("http://localhost:{}", free.port()),
        council: "Northmoor Council".into(),
        demonstration: true,
        ..Config::default()
    };
    let nine = Instant::at_start_of("2026-03-02".parse().expect("a date")).plus_millis(9 * 3_600_000);
    let app = App::start(config, Clock::set_to(nine)).await.expect("the service starts");
    demo::fill(&app).await.expect("the demonstration can be set up");
    for email in NEWCOMERS {
        let new = NewAccount {
            email: email.into(),
            display_name: "Sam Rivers".into(),
            roles: vec![Role::Parent],
            password: PASSWORD.into(),
        };
        app.accounts.add(new).await.expect("an account can be made");
    }
    let people: Vec<_> = logins()
        .iter()
        .map(|login| {
            let code = demo::code_of(login.email, nine).expect("a code");
            serde_json::json!({ "email": login.email, "role": format!("{:?}", login.role), "code": code })
        })
        .collect();
    let scene = serde_json::json!({
        "address": app.config.address,
        "chromium": chromium,
        "password": PASSWORD,
        "people": people,
        "newcomers": NEWCOMERS,
        "seconds": nine.0 / 1_000,
        "pictures": Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures"),
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve(app, async move { stopped.await.unwrap_or_default() }));
    let file = root.join("tests/browser").join(stories);
    let node = tokio::task::spawn_blocking(move || {
        Command::new("node").arg(file).arg(scene.to_string()).stdin(Stdio::null()).output().expect("Node.js runs")
    });
    let told = node.await.expect("the browser ends");
    let _ = stop.send(());
    let (said, complained) = (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    assert!(told.status.success(), "{said}{complained}");
    serving.abort();
}

fn chromium() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tests find their tools in PATH")]
    let path = std::env::var("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let all = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    all.into_iter().find(|program| program.exists())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_people_meet_is_accessible_wide_narrow_and_under_the_strict_policy() {
    tell("pages.mjs").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_work_gets_done_with_and_without_javascript() {
    tell("stories.mjs").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_set_up_their_second_step_keep_their_account_and_are_warned_before_they_are_signed_out() {
    tell("account.mjs").await;
}
