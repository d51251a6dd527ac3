//! The log is for its readers: none of them, gone or asleep, is felt by a request or by the end of the process.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::http::Http;
use crate::support::process::signal;
use crate::support::server::Home;
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
