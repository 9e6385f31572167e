//! Connections that are slow on purpose: each is closed within its limit, and others are served meanwhile.

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use milepost::clock::{self, Clock};
use milepost::config::{Config, Patience};
use milepost::web::{App, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::support::databases;

/// Short enough for a test; the order between them is that of the real ones.
const PATIENCE: Patience = Patience {
    head_within: Duration::from_millis(600),
    silence_most: Duration::from_millis(1_500),
    stall_most: Duration::from_millis(900),
    body_within: Duration::from_millis(1_200),
    stop_within: Duration::from_secs(5),
};

/// What a busy machine may add.
const SLACK: Duration = Duration::from_secs(4);

struct Served {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    ended: tokio::task::JoinHandle<()>,
    _folder: tempfile::TempDir,
    _fresh: databases::Fresh,
}

impl Served {
    async fn with(connections_most: usize) -> Served {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let fresh = databases::sqlite().await;
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
        let config = Config {
            database: fresh.url.clone(),
            listen: free,
            key_file: folder.path().join("milepost.key"),
            workflows: concat!(env!("CARGO_MANIFEST_DIR"), "/workflows").into(),
            connections_most,
            patience: PATIENCE,
            ..Config::default()
        };
        let app =
            App::start(config, Clock::set_to(clock::Instant(1_772_442_000_000))).await.expect("the service starts");
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = tokio::spawn(async move {
            serve(app, async move { stopped.await.unwrap_or_default() }).await.expect("the port can be listened on");
        });
        let served = Served { address: free, stop: Some(stop), ended, _folder: folder, _fresh: fresh };
        for _ in 0..500 {
            if TcpStream::connect(free).await.is_ok() {
                return served;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the server did not listen");
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("the server accepts")
    }

    fn head(&self, rest: &str) -> String {
        format!("{rest}\r\nHost: 127.0.0.1:{}\r\n", self.address.port())
    }

    /// Asks for a page as a quick browser does.
    async fn is_served(&self) -> bool {
        let asked = async {
            let mut line = self.connect().await;
            let head = self.head("GET /health HTTP/1.1");
            line.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await.ok()?;
            let mut answer = String::new();
            line.read_to_string(&mut answer).await.ok()?;
            answer.starts_with("HTTP/1.1 200").then_some(())
        };
        tokio::time::timeout(SLACK, asked).await.ok().flatten().is_some()
    }
}

/// What the server says until it closes the connection, and after how long.
async fn until_closed(mut line: TcpStream, began: Instant) -> (String, Duration) {
    let mut said = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(15), line.read_to_end(&mut said)).await;
    assert!(read.is_ok(), "the connection was still open after 15 seconds");
    (String::from_utf8_lossy(&said).into_owned(), began.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_says_nothing_is_closed() {
    let served = Served::with(100).await;
    let line = served.connect().await;
    let (_, after) = until_closed(line, Instant::now()).await;
    assert!(after <= PATIENCE.head_within + SLACK, "{after:?}");
    assert!(served.is_served().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_head_is_waited_for_no_longer_than_a_whole_one() {
    let served = Served::with(100).await;
    let mut line = served.connect().await;
    let began = Instant::now();
    line.write_all(b"GET / HTTP/1.1\r\nHost: loc").await.expect("written");
    let (_, after) = until_closed(line, began).await;
    assert!(after <= PATIENCE.head_within + SLACK, "{after:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_drips_does_not_buy_time() {
    let served = Served::with(100).await;
    let (mut reading, mut writing) = served.connect().await.into_split();
    let began = Instant::now();
    let dripping = tokio::spawn(async move {
        writing.write_all(b"GET / HTTP/1.1\r\nX: ").await.ok();
        while writing.write_all(b"a").await.is_ok() && began.elapsed() < Duration::from_secs(12) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let mut said = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), reading.read_to_end(&mut said)).await;
    assert!(read.is_ok(), "the dripping head was still being read after 10 seconds");
    dripping.abort();
    assert!(began.elapsed() <= PATIENCE.head_within + SLACK, "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_body_is_given_up() {
    let served = Served::with(100).await;
    let mut line = served.connect().await;
    let began = Instant::now();
    let head = served.head("POST /sign-in HTTP/1.1");
    line.write_all(format!("{head}Content-Length: 1000\r\n\r\nemail=a").as_bytes()).await.expect("written");
    let (said, after) = until_closed(line, began).await;
    assert!(after <= PATIENCE.silence_most + SLACK, "{after:?}");
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_drips_does_not_buy_time() {
    let served = Served::with(100).await;
    let (mut reading, mut writing) = served.connect().await.into_split();
    let began = Instant::now();
    let head = served.head("POST /sign-in HTTP/1.1");
    let dripping = tokio::spawn(async move {
        writing.write_all(format!("{head}Content-Length: 1000\r\n\r\n").as_bytes()).await.ok();
        while writing.write_all(b"a").await.is_ok() && began.elapsed() < Duration::from_secs(12) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let mut first = [0; 12];
    let read = tokio::time::timeout(Duration::from_secs(10), reading.read_exact(&mut first)).await;
    dripping.abort();
    assert!(began.elapsed() <= PATIENCE.body_within + SLACK, "{:?}", began.elapsed());
    assert!(read.is_ok(), "the dripping body was still being read after 10 seconds");
    assert_eq!(&first, b"HTTP/1.1 400", "the person is told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_of_a_hundred_kilobytes_is_refused() {
    let served = Served::with(100).await;
    let mut line = served.connect().await;
    let began = Instant::now();
    let head = served.head("GET / HTTP/1.1");
    let cookie = "x".repeat(100 * 1024);
    // The server may close while this is still being written.
    let _ = line.write_all(format!("{head}Cookie: a={cookie}\r\n\r\n").as_bytes()).await;
    let mut first = [0; 12];
    let read =
        tokio::time::timeout(Duration::from_secs(10), line.read_exact(&mut first)).await.expect("an answer or an end");
    assert!(read.is_err() || &first == b"HTTP/1.1 431", "{}", String::from_utf8_lossy(&first));
    assert!(began.elapsed() <= SLACK);
    assert!(served.is_served().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_longer_than_any_form_is_refused_before_it_is_read() {
    let served = Served::with(100).await;
    let mut line = served.connect().await;
    let head = served.head("POST /sign-in HTTP/1.1");
    line.write_all(format!("{head}Content-Length: 1000000000\r\n\r\n").as_bytes()).await.expect("written");
    let mut first = [0; 12];
    line.read_exact(&mut first).await.expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 413");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_without_an_end_is_refused_when_it_is_too_long() {
    let served = Served::with(100).await;
    let (mut reading, mut writing) = served.connect().await.into_split();
    let head = served.head("POST /sign-in HTTP/1.1");
    let endless = tokio::spawn(async move {
        writing.write_all(format!("{head}Transfer-Encoding: chunked\r\n\r\n").as_bytes()).await.ok();
        let chunk = format!("2000\r\n{}\r\n", "a".repeat(0x2000));
        while writing.write_all(chunk.as_bytes()).await.is_ok() {}
    });
    let mut first = [0; 12];
    let read =
        tokio::time::timeout(Duration::from_secs(10), reading.read_exact(&mut first)).await.expect("an answer in time");
    endless.abort();
    assert!(read.is_err() || &first == b"HTTP/1.1 413", "{}", String::from_utf8_lossy(&first));
    assert!(served.is_served().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_two_servers_could_read_differently_are_refused() {
    let served = Served::with(100).await;
    for (what, lines) in [
        ("two lengths", "Content-Length: 5\r\nContent-Length: 6"),
        ("a length that is no number", "Content-Length: +5"),
        ("an unknown transfer coding", "Transfer-Encoding: xchunked"),
        ("a folded line", "X-A: a\r\n b"),
        ("a space before the colon", "X-A : b"),
    ] {
        let mut line = served.connect().await;
        let began = Instant::now();
        let head = served.head("POST /sign-in HTTP/1.1");
        line.write_all(format!("{head}{lines}\r\n\r\nhello").as_bytes()).await.expect("written");
        let (said, _) = until_closed(line, began).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{what}: {said}");
        assert!(said.matches("HTTP/1.1").count() <= 1, "{what}: answered twice: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_of_silent_connections_gives_way_to_the_next_person() {
    let served = Served::with(20).await;
    let mut crowd = Vec::new();
    for _ in 0..40 {
        crowd.push(served.connect().await);
    }
    assert!(served.is_served().await, "once the silent ones are closed, people are served");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_the_server_finishes_what_it_began_and_ends() {
    let mut served = Served::with(100).await;
    let mut line = served.connect().await;
    let head = served.head("POST /sign-in HTTP/1.1");
    line.write_all(format!("{head}Content-Length: 7\r\n\r\nemail").as_bytes()).await.expect("written");
    tokio::time::sleep(Duration::from_millis(100)).await;
    served.stop.take().expect("running").send(()).expect("the server listens for it");
    line.write_all(b"=a").await.expect("the rest is still taken");
    let (said, _) = until_closed(line, Instant::now()).await;
    assert!(said.starts_with("HTTP/1.1 403"), "{said}");
    tokio::time::timeout(Duration::from_secs(10), &mut served.ended).await.expect("it ends").expect("without a fault");
    assert!(TcpStream::connect(served.address).await.is_err(), "nobody is let in any more");
}
