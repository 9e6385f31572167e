//! The whole service on a database of its own, with a clock that stands until a test moves it, and browsers that visit it.

use std::sync::Arc;

use milepost::access::Role;
use milepost::accounts::{NewAccount, code_at};
use milepost::calendar::Date;
use milepost::clock::{Clock, Instant};
use milepost::config::Config;
use milepost::web::{App, service};
use salvo::Service;

use super::browser::Browser;
use super::databases::{self, Fresh};

/// The password of everybody in tests.
pub const PASSWORD: &str = "a kettle of herons";

/// The host that requests are addressed to.
pub const HOST: &str = "localhost:8080";

/// A running service, without a socket.
pub struct TestApp {
    pub app: Arc<App>,
    pub clock: Clock,
    pub service: Arc<Service>,
    pub fresh: Fresh,
    config: Config,
    _folder: tempfile::TempDir,
}

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct Person {
    pub email: String,
    pub seed: [u8; 20],
}

impl TestApp {
    /// The service on SQLite at nine in the morning of a day, written `2026-03-02`, with the shipped timelines.
    pub async fn on(day: &str) -> TestApp {
        TestApp::on_database(day, databases::sqlite().await).await
    }

    pub async fn on_database(day: &str, fresh: Fresh) -> TestApp {
        TestApp::reading(day, fresh, concat!(env!("CARGO_MANIFEST_DIR"), "/workflows").into()).await
    }

    /// The service on SQLite with the timelines of another folder.
    pub async fn with_workflows(day: &str, workflows: std::path::PathBuf) -> TestApp {
        TestApp::reading(day, databases::sqlite().await, workflows).await
    }

    async fn reading(day: &str, fresh: Fresh, workflows: std::path::PathBuf) -> TestApp {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let config = Config {
            database: fresh.url.clone(),
            key_file: folder.path().join("milepost.key"),
            council: "Northmoor Council".into(),
            workflows,
            security_contact: Some("mailto:security@northmoor.example".into()),
            ..Config::default()
        };
        let clock = Clock::set_to(Instant::at_start_of(date(day)).plus_millis(9 * 3_600_000));
        let app = App::start(config.clone(), clock.clone()).await.expect("the service starts");
        let service = Arc::new(service(&app));
        TestApp { app, clock, service, fresh, config, _folder: folder }
    }

    /// A second process on the same database, key and clock, or the same one after a restart.
    pub async fn another_node(&self) -> Arc<Service> {
        let app = App::start(self.config.clone(), self.clock.clone()).await.expect("the service starts again");
        Arc::new(service(&app))
    }

    pub fn pass_minutes(&self, minutes: i64) {
        self.pass_seconds(minutes * 60);
    }

    pub fn pass_seconds(&self, seconds: i64) {
        self.clock.travel_to(self.clock.now().plus_millis(seconds * 1_000));
    }

    /// Nine in the morning of another day.
    pub fn travel_to(&self, day: &str) {
        self.clock.travel_to(Instant::at_start_of(date(day)).plus_millis(9 * 3_600_000));
    }

    /// An account; its e-mail address is the name in small letters `@northmoor.example`.
    pub async fn account(&self, name: &str, role: Role) -> Person {
        let email = format!("{}@northmoor.example", name.to_lowercase().replace(' ', "."));
        let mut seed = [7; 20];
        seed.iter_mut().zip(email.bytes()).for_each(|(held, byte)| *held = byte);
        let new = NewAccount {
            email: email.clone(),
            display_name: name.into(),
            roles: vec![role],
            password: PASSWORD.into(),
        };
        self.app.accounts.enrol(new, Some(seed)).await.expect("an account can be made");
        Person { email, seed }
    }

    /// Somebody's browser, not signed in.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.service.clone())
    }

    /// The code that the person's authenticator app shows now.
    pub fn code_of(&self, person: &Person) -> String {
        code_at(&person.seed, self.clock.now()).expect("a code")
    }

    /// A browser signed in with both steps.
    pub async fn signed_in(&self, person: &Person) -> Browser {
        let mut browser = self.visitor();
        let code = self.code_of(person);
        browser.pass_password(&person.email, PASSWORD).await;
        let answer = browser.submit("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        browser
    }

    /// A new account with this role, signed in.
    pub async fn signed_in_as(&self, role: Role) -> Browser {
        let person = self.account(&format!("Priya {role:?}"), role).await;
        self.signed_in(&person).await
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &'static str) -> i64 {
        let sql: &'static str = match table {
            "sessions" => "select count(*) as n from sessions",
            "children" => "select count(*) as n from children",
            "involvements" => "select count(*) as n from involvements",
            other => panic!("no statement counts {other}"),
        };
        let counted = self.app.db.read(async |c| c.fetch_optional(sql, milepost::params![]).await).await;
        counted.expect("the database answers").expect("a count is one row").get("n").expect("a count is a number")
    }

    /// How often something was noted in the audit trail.
    pub async fn noted(&self, action: milepost::audit::Action) -> i64 {
        let counted = self.app.db.read(async |c| {
            c.fetch_optional("select count(*) as n from audit where action = $1", milepost::params![action.text()])
                .await
        });
        counted.await.expect("the database answers").expect("a count is one row").get("n").expect("a count is a number")
    }
}

fn date(text: &str) -> Date {
    text.parse().expect("a date like 2026-03-02")
}
