//! The work tray with 20,000 open involvements against a static page of the same server, over real connections.
//!
//! `cargo bench --bench tray`, or with fewer involvements: `cargo bench --bench tray -- 2000`.

use std::sync::Arc;
use std::time::{Duration, Instant as Stopwatch};

use milepost::access::Role;
use milepost::accounts::{Device, NewAccount, code_at};
use milepost::calendar::date;
use milepost::children::{ChildDetails, LikeOthers};
use milepost::clock::{Clock, Instant};
use milepost::config::Config;
use milepost::engine::{Actor, Asked, Opening};
use milepost::involvements::{Open, Origin};
use milepost::web::{self, App};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const CONNECTIONS: usize = 8;
const REQUESTS_EACH: usize = 250;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let involvements: usize = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(20_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|held| held.local_addr()).expect("a free port").port();
    let config = Config {
        database: format!("sqlite:{}", folder.path().join("tray.db").display()),
        key_file: folder.path().join("key"),
        listen: ([127, 0, 0, 1], port).into(),
        address: format!("http://localhost:{port}"),
        workflows: concat!(env!("CARGO_MANIFEST_DIR"), "/workflows").into(),
        ..Config::default()
    };
    let clock = Clock::set_to(Instant::at_start_of(date(2026, 6, 1)).plus_millis(36_000_000));
    let app = App::start(config, clock).await.expect("it starts");
    let cookie = fill(&app, involvements).await;
    let server = tokio::spawn(web::serve(app.clone(), std::future::pending()));
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        tokio::task::yield_now().await;
    }
    println!("{involvements} open involvements, {CONNECTIONS} connections, {REQUESTS_EACH} requests each");
    for _ in 0..2 {
        let floor = measure(port, "/accessibility", &cookie).await;
        let tray = measure(port, "/office", &cookie).await;
        report("static page", &floor);
        report("work tray", &tray);
        println!("  p99 ratio {:.2} (at most 3)", tray[3].as_secs_f64() / floor[3].as_secs_f64());
    }
    server.abort();
}

/// A caseworker who is signed in, and children with an involvement each, received over half a year.
async fn fill(app: &Arc<App>, involvements: usize) -> String {
    let seed = [7; 20];
    let password = "a long password for the bench";
    let new = NewAccount {
        email: "priya@bench.example".into(),
        display_name: "Priya Nair".into(),
        roles: vec![Role::Caseworker],
        password: password.into(),
    };
    let account = app.accounts.enrol(new, Some(seed)).await.expect("enrolled").id;
    let half = app.accounts.try_password("priya@bench.example", password.into()).await.expect("asked").expect("right");
    let code = code_at(&seed, app.clock.now()).expect("a code");
    let (token, _) = app.accounts.try_code(&half, &code, &Device::default()).await.expect("asked").expect("right");
    let by = Actor::Person { account: account.clone(), role: Role::Caseworker };
    let mut filling = JoinSet::new();
    for number in 0..involvements {
        let (app, by, account) = (app.clone(), by.clone(), account.clone());
        filling.spawn(async move {
            let details = ChildDetails {
                given_name: format!("Child {number}"),
                family_name: "Bench".into(),
                born_on: Some(date(2018, 5, 31)),
                ..ChildDetails::default()
            };
            let child = app.children.add(details, &by, LikeOthers::AddAllTheSame).await.expect("added");
            let on = date(2026, 6, 1) - chrono::TimeDelta::days(number as i64 % 180);
            let open = Open {
                child,
                timeline: "ehc-needs-assessment".into(),
                opening: Opening { on, born_on: None, owner: Some(account), facts: vec![], linked: None },
                asked: Asked::new(by, app.clock.now()),
                key: None,
                origin: Origin::new("bench"),
            };
            app.involvements.open(open).await.expect("opened");
        });
        if filling.len() > 256 {
            filling.join_next().await.expect("one at least").expect("no panic");
        }
    }
    while let Some(done) = filling.join_next().await {
        done.expect("no panic");
    }
    token.as_str().to_owned()
}

/// Median, 90th, 95th and 99th percentile and the longest of all requests.
async fn measure(port: u16, path: &'static str, cookie: &str) -> [Duration; 5] {
    let mut clients = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: __Host-s={cookie}\r\n\r\n");
        clients.spawn(async move {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("connected");
            stream.set_nodelay(true).expect("set");
            let mut times = Vec::with_capacity(REQUESTS_EACH);
            for number in 0..REQUESTS_EACH + 20 {
                let began = Stopwatch::now();
                stream.write_all(request.as_bytes()).await.expect("sent");
                let status = answer(&mut stream).await;
                assert_eq!(status, "200", "{path}");
                // The first few warm up caches and connections.
                if number >= 20 {
                    times.push(began.elapsed());
                }
            }
            times
        });
    }
    let mut times: Vec<Duration> = clients.join_all().await.concat();
    times.sort();
    let at = |share: f64| times[((times.len() as f64 * share) as usize).min(times.len() - 1)];
    [at(0.5), at(0.9), at(0.95), at(0.99), times[times.len() - 1]]
}

/// Reads one whole answer; its status.
async fn answer(stream: &mut TcpStream) -> String {
    let mut held = Vec::new();
    let mut buffer = vec![0; 65_536];
    loop {
        let read = stream.read(&mut buffer).await.expect("read");
        assert!(read > 0, "the server closed the connection");
        held.extend_from_slice(&buffer[..read]);
        let Some(head_end) = held.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&held[..head_end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if held.len() >= head_end + 4 + length.expect("answers say their length") {
            return head.split(' ').nth(1).unwrap_or_default().to_owned();
        }
    }
}

fn report(what: &str, times: &[Duration; 5]) {
    let ms = times.map(|time| time.as_secs_f64() * 1_000.0);
    println!(
        "  {what:<12} p50 {:.2} ms, p90 {:.2}, p95 {:.2}, p99 {:.2}, longest {:.2}",
        ms[0], ms[1], ms[2], ms[3], ms[4]
    );
}
