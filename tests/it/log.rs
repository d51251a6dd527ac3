//! The log is for its readers: none of them, gone or asleep, is felt by a request or by the end of the process. No stranger
//! fills it, and what a page names is found in it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use reqwest::Method;

use crate::support::http::{Answer, Http};
use crate::support::process::signal;
use crate::support::server::{Home, Server, Start};
use crate::support::{Backend, both};

both!(a_reader_that_goes_away_takes_nothing_with_it, a_reader_that_sleeps_holds_nothing_up);

/// A server with everything in its log, both outputs piped, and its address.
fn started(home: &Home) -> (Child, String) {
    let mut command = home.command();
    command.args(["serve", "--listen", "localhost:0"]).env("VOUCHSAFE_LOG__LEVEL", "trace").env("VOUCHSAFE_DEMO__ENABLED", "false");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let address = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok).find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some("address")).then(|| words.next().map(str::to_owned)).flatten()
    });
    (child, address.expect("no address was printed"))
}

/// Requests that are logged.
async fn busy(address: &str, times: usize) {
    let http = Http::new(address);
    for _ in 0..times {
        http.get("/health/ready").await.expect(200);
        http.get("/nowhere").await.expect(404);
        http.get("/authorize?client_id=nobody").await.expect(400);
    }
}

fn ended(mut child: Child) {
    signal("TERM", child.id());
    let deadline = Instant::now() + Duration::from_secs(20);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < deadline, "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(status.success(), "{status}");
}

/// As in `serve 2>&1 | head -1`: also what the server says on its first screen finds no reader.
async fn a_reader_that_goes_away_takes_nothing_with_it(backend: Backend) {
    let home = Home::new(backend);
    let (mut child, address) = started(&home);
    drop(child.stderr.take());
    busy(&address, 20).await;
    ended(child);
}

/// The pipe is full after some hundred lines; what comes then is dropped, not waited for.
async fn a_reader_that_sleeps_holds_nothing_up(backend: Backend) {
    let home = Home::new(backend);
    let (mut child, address) = started(&home);
    let asleep = child.stderr.take().unwrap();
    busy(&address, 500).await;
    ended(child);
    drop(asleep);
}

/// What a server has logged by the time that `last` stands there.
fn logged(server: &mut Server, last: &str) -> String {
    server.wait_for(last, |line| line.contains(last).then_some(()));
    server.log()
}

fn lines_with(log: &str, part: &str) -> usize {
    log.lines().filter(|line| line.contains(part)).count()
}

/// The reference that a page names.
fn reference_on(page: &Answer) -> String {
    let is_reference = |word: &&str| {
        let letters = |part: &str| part.len() == 5 && part.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        word.split_once('-').is_some_and(|(one, other)| letters(one) && letters(other))
    };
    let words = page.words();
    let found = words.split(|c: char| !c.is_alphanumeric() && c != '-').find(is_reference);
    found.unwrap_or_else(|| panic!("no reference: {words}")).to_owned()
}

/// Posts a form as the page of another site would.
async fn from_elsewhere(http: &Http) -> Answer {
    let request = http.request(Method::POST, "/logout/confirm").header("origin", "https://evil.example").without("sec-fetch-site");
    request.form(&[("scope", "here")]).send().await
}

/// LG-03, CVE-151: heads that are too large, and forms of other sites.
#[tokio::test]
async fn strangers_do_not_fill_it() {
    let mut server = Server::first(Backend::Sqlite);
    let http = Http::new(&server.address);
    let long = "a".repeat(128 * 1024);
    for _ in 0..40 {
        let mut stream = TcpStream::connect(server.socket_of_address()).unwrap();
        let _ = write!(stream, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {long}\r\n\r\n");
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
        from_elsewhere(&http).await.expect(403);
    }
    let last = reference_on(&http.get("/authorize?client_id=nobody").await.expect(400));
    let log = logged(&mut server, &last);
    assert_eq!(lines_with(&log, "too large"), 1, "{log}");
    assert_eq!(lines_with(&log, "a form from elsewhere"), 20, "{log}");
    assert!(log.lines().count() < 40, "{log}");
}

/// LG-09: the reference on an error page leads to the line that says more.
#[tokio::test]
async fn a_reference_on_a_page_finds_its_line() {
    let mut server = Server::first(Backend::Sqlite);
    let http = Http::new(&server.address);
    let unknown = reference_on(&http.get("/authorize?client_id=nobody&redirect_uri=https://a.example/").await.expect(400));
    let foreign = reference_on(&from_elsewhere(&http).await.expect(403));
    for (reference, says) in [(unknown, "a request of an application was refused"), (foreign, "a form from elsewhere was refused")] {
        let log = logged(&mut server, &reference);
        let found: Vec<&str> = log.lines().filter(|line| line.contains(&reference)).collect();
        assert!(found.len() == 1 && found[0].contains(says), "{found:?}");
    }
}

/// TH-07: a public address with https and no trusted proxy is told at start.
#[tokio::test]
async fn a_proxy_that_nobody_trusts_is_told_of_at_start() {
    let warning = "server.trusted_proxies names none";
    let behind = || Start::new().variable("VOUCHSAFE_SERVER__PUBLIC_URL", "https://auth.example.org").argument("serve");
    let mut server = Home::new(Backend::Sqlite).start(&behind());
    logged(&mut server, warning);
    let server = Home::new(Backend::Sqlite).start(&behind().variable("VOUCHSAFE_SERVER__TRUSTED_PROXIES", "127.0.0.1"));
    Http::new(&server.local()).get("/health/ready").await.expect(200);
    assert_eq!(lines_with(&server.log(), warning), 0, "{}", server.log());
}
