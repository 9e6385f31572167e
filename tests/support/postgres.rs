//! A throw-away PostgreSQL: one server for each test binary, started when first asked for and ended with it, and one
//! database for each test, copied from a template. Needs the server's programs installed and nothing else.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use milepost::db::Db;
use sqlx::{Connection, PgConnection};

const INSTALL: &str = "PostgreSQL's server programs (initdb, postgres) were not found in PATH or /usr/lib/postgresql. \
    The store tests run on both databases. Install them: `apt-get install postgresql` (Debian, Ubuntu), \
    `dnf install postgresql-server` (Fedora), `brew install postgresql` (macOS). No service needs to run.";

const FOLDER: &str = "milepost-test-postgres-";

pub struct Server {
    sockets: PathBuf,
    databases: AtomicU32,
}

/// The server of this test binary.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let (started, wait) = mpsc::channel();
        // The kernel ends the server when the thread that started it ends: this one lives as long as the process.
        std::thread::spawn(move || {
            // Nothing in tests is worth keeping after a crash of the machine, so the server need not wait for the disk.
            let (server, child) = start(memory_or_disk(), &["fsync=off", "full_page_writes=off"]);
            started.send(server).expect("the test waits for its server");
            let _kept = child;
            loop {
                std::thread::park();
            }
        });
        wait.recv().expect("PostgreSQL starts (see the message above)")
    })
}

/// A server as one runs it in earnest, on the disk and flushing to it: for benchmarks. Ends with the thread that asks.
pub fn durable_server() -> (Server, Child) {
    start(Path::new("/tmp"), &[])
}

impl Server {
    /// A new database with the schema up to date; gives its address.
    pub async fn new_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut conn = PgConnection::connect(&self.url("postgres")).await.expect("the server answers");
        let create = sqlx::AssertSqlSafe(format!("create database {name} template milepost_template"));
        sqlx::query(create).execute(&mut conn).await.expect("a database can be copied");
        self.url(&name)
    }

    fn url(&self, database: &str) -> String {
        url(&self.sockets, database)
    }
}

fn url(sockets: &Path, database: &str) -> String {
    let sockets = sockets.display().to_string().replace('/', "%2F");
    format!("postgres://milepost@{sockets}/{database}")
}

fn start(parent: &Path, settings: &[&str]) -> (Server, Child) {
    let programs = programs();
    let user = ordinary_user();
    remove_leftovers(parent);
    let folder = parent.join(format!("{FOLDER}{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for the database can be made");
    if let Some((uid, gid)) = user {
        std::os::unix::fs::chown(&folder, Some(uid), Some(gid)).expect("root can give the folder away");
    }
    let data = folder.join("data");
    let made = command(&programs.join("initdb"), user)
        .args(["-A", "trust", "-N", "-U", "milepost", "--no-instructions", "--locale=C.UTF-8", "-E", "UTF8", "-D"])
        .arg(&data)
        .output()
        .expect("initdb runs");
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));

    let log = fs::File::create(folder.join("log")).expect("the log can be written");
    let child = command(&programs.join("postgres"), user)
        .args(["-c", "listen_addresses=", "-c", "max_connections=300"])
        .args(settings.iter().flat_map(|setting| ["-c", setting]))
        .arg("-k")
        .arg(&folder)
        .arg("-D")
        .arg(&data)
        .stderr(log)
        .spawn()
        .expect("postgres starts");
    prepare(&folder);
    (Server { sockets: folder, databases: AtomicU32::new(0) }, child)
}

/// Waits until the server answers and makes the template that each test's database is a copy of.
fn prepare(sockets: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    runtime.block_on(async {
        let mut conn = None;
        for _ in 0..600 {
            match PgConnection::connect(&url(sockets, "postgres")).await {
                Ok(answered) => {
                    conn = Some(answered);
                    break;
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        let log = || fs::read_to_string(sockets.join("log")).unwrap_or_default();
        let mut conn = conn.unwrap_or_else(|| panic!("PostgreSQL did not answer in 12 seconds:\n{}", log()));
        sqlx::query("create database milepost_template").execute(&mut conn).await.expect("a database can be made");
        let template = Db::open(&url(sockets, "milepost_template")).await.expect("the template opens");
        template.migrate().await.expect("the template takes every step of the schema");
        template.close().await;
    });
}

fn command(program: &Path, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).env("LC_ALL", "C.UTF-8");
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    #[cfg(target_os = "linux")]
    #[allow(unsafe_code)]
    // SAFETY: prctl is safe to call between fork and exec; it touches no memory.
    unsafe {
        command.pre_exec(|| {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGQUIT);
            Ok(())
        });
    }
    command
}

/// The folder with initdb and postgres: where PATH leads, or the newest of Debian's.
fn programs() -> PathBuf {
    #[allow(clippy::disallowed_methods)]
    let path = std::env::var("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path).map(|folder| folder.join("initdb")).find(|program| program.exists());
    let mut debian: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin/initdb"))
        .filter(|program| program.exists())
        .collect();
    debian.sort_by_key(|program| {
        program.to_string_lossy().split('/').nth(4).and_then(|version| version.parse::<u32>().ok())
    });
    let initdb = in_path.or_else(|| debian.pop()).expect(INSTALL);
    let initdb = fs::canonicalize(initdb).expect("initdb is there");
    initdb.parent().expect("a program has a folder").to_owned()
}

/// PostgreSQL refuses to run as root: then the user and group to run it as, `postgres` or else `nobody`.
fn ordinary_user() -> Option<(u32, u32)> {
    #[allow(unsafe_code)]
    // SAFETY: geteuid has no conditions and cannot fail.
    if unsafe { libc::geteuid() } != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("/etc/passwd can be read");
    let ids = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2).map(|field| field.parse::<u32>().ok());
        Some((fields.next()??, fields.next()??))
    };
    Some(ids("postgres").or_else(|| ids("nobody")).expect("there is a user postgres or nobody to run PostgreSQL as"))
}

/// Memory where there is some for it (a third faster), else the disk. Short: a socket's path may have 107 characters.
fn memory_or_disk() -> &'static Path {
    let memory = Path::new("/dev/shm");
    let writable = fs::metadata(memory).is_ok_and(|folder| folder.is_dir() && !folder.permissions().readonly());
    if writable { memory } else { Path::new("/tmp") }
}

/// Removes what test binaries left that are no longer running: the kernel ends their server, but not its files.
fn remove_leftovers(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(process) = name.to_str().and_then(|name| name.strip_prefix(FOLDER)) else { continue };
        if !Path::new("/proc").join(process).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
