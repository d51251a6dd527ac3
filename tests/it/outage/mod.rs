//! What happens when a database or the short-lived store goes away, hangs, is full or is locked: nobody is let in who should
//! not be, nothing is half-written, every request is answered within a bounded time, and all of it goes on by itself.

mod postgres;
mod redis;
mod sqlite;

use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::ExposeSecret;

use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::PASSWORD;

/// The address of a server's database.
fn database(server: &Inside) -> String {
    server.settings.database.url.expose_secret().to_owned()
}

/// A page with a number of seconds in `Retry-After` and these words, without internals (LG-09).
#[track_caller]
fn told_to_wait(answer: &Answer, words: &str) {
    assert_eq!(answer.status, 503, "{} answered: {}", answer.url, answer.words());
    let wait: u64 = answer.header("retry-after").expect("Retry-After").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(answer.words().contains(words), "{}: {}", answer.url, answer.words());
    assert!(answer.words().contains("Try again in") && !answer.text().contains("Fault"), "{}", answer.words());
}

/// The same for a script of ours.
#[track_caller]
fn told_in_json(answer: &Answer) {
    assert_eq!(answer.status, 503, "{} answered: {}", answer.url, answer.text());
    assert!(answer.header("retry-after").is_some(), "Retry-After");
    let message = answer.json()["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.contains("Try again"), "{message}");
}

/// The same for an application.
#[track_caller]
fn application_told(answer: &Answer) {
    assert_eq!(answer.status, 503, "{} answered: {}", answer.url, answer.text());
    assert!(answer.header("retry-after").is_some(), "Retry-After");
    assert_eq!(answer.json()["error"], "temporarily_unavailable");
}

/// Name and password, in a new browser.
async fn at_the_code(server: &Inside) -> (Http, Answer) {
    let http = Http::new(&server.address);
    let page = http.get("/login").await.expect(200);
    let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    (http, page)
}

fn signed_in(answer: &Answer) -> bool {
    answer.set_cookies().iter().any(|cookie| cookie.contains("=vss_"))
}

/// Opens a page many times in parallel; returns the answers and how long all of it took.
async fn often(http: &Arc<Http>, path: &'static str, times: usize) -> (Vec<Answer>, Duration) {
    let begun = Instant::now();
    let mut set = tokio::task::JoinSet::new();
    for _ in 0..times {
        let http = http.clone();
        set.spawn(async move { http.get(path).await });
    }
    (set.join_all().await, begun.elapsed())
}
