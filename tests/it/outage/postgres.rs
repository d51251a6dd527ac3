//! Postgres stops in the middle of everything, or hangs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::redis::blocked;
use super::{application_told, at_the_code, database, often, signed_in, told_in_json, told_to_wait};
use crate::oidc::code;
use crate::passkeys::CeremonyForm;
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::{Ana, PASSWORD};
use crate::support::postgres::{Bouncer, Cluster, Database, end_connections};
use crate::support::relying_party::Application;
use crate::support::rows::rows;
use crate::support::server::Home;
use crate::support::{Backend, HANGS};

const AWAY: &str = "This service is temporarily unavailable";

async fn ready() -> (Cluster, Inside, Ana, Application) {
    let cluster = Cluster::start();
    let settings = [("database.url", cluster.url()), ("oidc.code", "10m"), ("oidc.access_token", "1h")];
    let server = Inside::with(Backend::Sqlite, &settings).await;
    let ana = Ana::arrive(&server).await;
    let wiki = server.register("Wiki").await;
    (cluster, server, ana, wiki)
}

/// Waits until the server answers again, by itself, and on every connection.
async fn back(http: &Arc<Http>) {
    let deadline = Instant::now() + HANGS;
    while often(http, "/health/ready", 12).await.0.iter().any(|answer| answer.status != 200) {
        assert!(Instant::now() < deadline, "it does not come back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// LG-10, LG-12: stopped during traffic, and started again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_during_traffic_and_all_goes_on() {
    let (cluster, server, ana, wiki) = ready().await;
    let (asked, first) = code(&ana.http, &wiki, "openid profile", &[]).await;
    let (_, tokens) = wiki.exchange(&asked, &first, server.time()).await;
    let access = tokens["access_token"].as_str().unwrap().to_owned();
    wiki.userinfo(&access).await.expect(200);
    let (asked, unredeemed) = code(&ana.http, &wiki, "openid profile", &[]).await;
    let (half, half_page) = at_the_code(&server).await;
    let visitor = Arc::new(Http::new(&server.address));
    let login = visitor.get("/login").await.expect(200);
    let before = rows(cluster.url());

    let (ana_http, wiki, stop) = (Arc::new(ana.http), Arc::new(wiki), Arc::new(AtomicBool::new(false)));
    let mut traffic = tokio::task::JoinSet::new();
    for number in 0..6 {
        let (http, wiki, access, stop) = (ana_http.clone(), wiki.clone(), access.clone(), stop.clone());
        traffic.spawn(async move {
            let mut seen = Vec::new();
            while !stop.load(Ordering::SeqCst) {
                seen.push(if number % 2 == 0 { http.get("/me").await } else { wiki.userinfo(&access).await });
            }
            seen
        });
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    cluster.stop_at_once();
    told_to_wait(&ana_http.get("/me").await, AWAY);
    told_to_wait(&visitor.send_form(&login, "/login", &[("name", "ana"), ("password", PASSWORD)]).await, AWAY);
    told_to_wait(&half.send_form(&half_page, "/totp", &[("code", "123456")]).await, AWAY);
    let passkey = CeremonyForm::on(&login);
    told_in_json(&passkey.end(&visitor, &serde_json::json!({})).await);
    application_told(&wiki.token(&wiki.token_fields(&asked, &unredeemed)).await);
    application_told(&wiki.userinfo(&access).await);
    assert_eq!(visitor.get("/health/alive").await.expect(200).text(), "alive\n");
    assert_eq!(visitor.get("/health/ready").await.expect(503).text(), "not ready\n");
    cluster.start_again();
    back(&visitor).await;
    stop.store(true, Ordering::SeqCst);
    let seen: Vec<Answer> = traffic.join_all().await.into_iter().flatten().collect();
    assert!(seen.iter().any(|answer| answer.status == 200) && seen.iter().any(|answer| answer.status == 503));
    for answer in &seen {
        assert!(matches!(answer.status, 200 | 503), "{} {}: {}", answer.url, answer.status, answer.words());
        assert!(answer.status == 200 || answer.header("retry-after").is_some());
    }
    assert_eq!(rows(cluster.url()), before, "nothing is half-written");
    // Every connection works: there are four.
    for _ in 0..3 {
        let (answers, _) = often(&ana_http, "/me", 12).await;
        assert!(answers.iter().all(|answer| answer.status == 200), "a connection stays broken");
    }
    wiki.userinfo(&access).await.expect(200);
    wiki.exchange(&asked, &unredeemed, server.time()).await;
    visitor.submit(&login, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
}

/// OT-08, OA-26: it stops after a code was claimed and before that is committed. The claim is undone with the rest, and
/// the code still works.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_not_lost_with_its_transaction() {
    let (cluster, server, ana, wiki) = ready().await;
    let (asked, unredeemed) = code(&ana.http, &wiki, "openid profile", &[]).await;
    let (http, page) = at_the_code(&server).await;
    let before = rows(cluster.url());
    // Both claim their code and then write an entry: there they are held.
    let mut lock = PgConnection::establish(cluster.url()).unwrap();
    lock.batch_execute("BEGIN; LOCK TABLE entries IN EXCLUSIVE MODE").unwrap();
    let (wiki, typed) = (Arc::new(wiki), ana.code(&server));
    let fields = wiki.token_fields(&asked, &unredeemed);
    let token = tokio::spawn({
        let wiki = wiki.clone();
        async move { wiki.token(&fields).await }
    });
    blocked(&mut lock).await;
    let code = typed.clone();
    let (http, page) = (Arc::new(http), Arc::new(page));
    let totp = tokio::spawn({
        let (http, page) = (http.clone(), page.clone());
        async move { http.send_form(&page, "/totp", &[("code", &code)]).await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    cluster.stop_at_once();
    application_told(&token.await.unwrap());
    told_to_wait(&totp.await.unwrap(), AWAY);
    cluster.start_again();
    back(&http).await;
    assert_eq!(rows(cluster.url()), before, "nothing is half-written");
    wiki.exchange(&asked, &unredeemed, server.time()).await;
    let page = http.get(page.url.path()).await.expect(200);
    let answer = http.send_form(&page, "/totp", &[("code", &typed)]).await.expect(303);
    assert!(signed_in(&answer), "the same code signs in");
}

/// LG-10: it holds its connections and says nothing. Requests are answered all the same, and afterwards all is well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_hangs_holds_nobody_up_for_ever() {
    let (cluster, server, ana, _) = ready().await;
    let ana_http = Arc::new(ana.http);
    cluster.freeze();
    // More than there are connections: some wait for an answer, others for their turn.
    let (answers, took) = often(&ana_http, "/me", 20).await;
    for answer in &answers {
        told_to_wait(answer, AWAY);
    }
    assert!(took < Duration::from_secs(14), "{took:?}");
    Http::new(&server.address).get("/health/alive").await.expect(200);
    cluster.thaw();
    back(&ana_http).await;
    let (answers, _) = often(&ana_http, "/me", 20).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
}

/// A row that someone else holds for too long is given up, with nothing done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_is_not_given_back_holds_nobody_up_for_ever() {
    let (cluster, server, ana, _) = ready().await;
    let (http, page) = at_the_code(&server).await;
    let mut lock = PgConnection::establish(cluster.url()).unwrap();
    lock.batch_execute("BEGIN; LOCK TABLE entries IN EXCLUSIVE MODE").unwrap();
    let begun = Instant::now();
    let answer = http.send_form(&page, "/totp", &[("code", &ana.code(&server))]).await;
    assert_eq!(answer.status, 503, "{}", answer.words());
    assert!(begun.elapsed() < Duration::from_secs(14), "{:?}", begun.elapsed());
    ana.http.get("/me").await.expect(200);
    lock.batch_execute("ROLLBACK").unwrap();
    let page = http.get(page.url.path()).await.expect(200);
    let answer = http.send_form(&page, "/totp", &[("code", &ana.code(&server))]).await;
    assert!(signed_in(&answer), "{} {}", answer.status, answer.words());
}

/// LG-10: connections that ended while nothing was asked are opened again before anything is sent.
#[tokio::test]
async fn the_first_request_after_a_quiet_night_is_answered() {
    let server = Inside::start(Backend::Postgres).await;
    let ana = Ana::arrive(&server).await;
    let http = Arc::new(Http::new(&server.address));
    for _ in 0..3 {
        let (ready, _) = often(&http, "/health/ready", 12).await;
        assert!(ready.iter().all(|answer| answer.status == 200));
        end_connections(&database(&server));
        ana.http.get("/me").await.expect(200);
        let (ready, _) = often(&http, "/health/ready", 12).await;
        assert!(ready.iter().all(|answer| answer.status == 200));
        end_connections(&database(&server));
        ana.sign_in(&server, &Http::new(&server.address), "/login").await.expect(200);
        server.pass(60);
    }
}

/// LG-10: a standby after a failover answers every question and takes nothing. It is told of, and over by itself.
#[tokio::test]
async fn one_that_takes_no_writes_is_told_of_and_outlived() {
    let (cluster, server, ana, _) = ready().await;
    let http = Arc::new(Http::new(&server.address));
    let read_only = |on: &str| {
        let mut own = PgConnection::establish(cluster.url()).unwrap();
        own.batch_execute("SET default_transaction_read_only = off").unwrap();
        own.batch_execute(&format!("ALTER SYSTEM SET default_transaction_read_only = {on}")).unwrap();
        own.batch_execute("SELECT pg_reload_conf()").unwrap();
    };
    let page = http.get("/login").await.expect(200);
    read_only("on");
    let deadline = Instant::now() + Duration::from_secs(10);
    while http.get("/health/ready").await.status == 200 {
        assert!(Instant::now() < deadline, "ready all the same");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let answer = http.send_form(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await;
    told_to_wait(&answer, AWAY);
    assert!(http.get("/health/ready").await.expect(503).text().contains("takes no writes"));
    read_only("off");
    back(&http).await;
    ana.sign_in(&server, &Http::new(&server.address), "/login").await.expect(200);
}

/// In transaction mode each transaction may meet another process of Postgres: found out at start, and everything works.
#[tokio::test]
async fn a_pooler_of_transactions_is_found_and_borne() {
    for pooler in ["auto", "transaction"] {
        let base = Database::fresh();
        let bouncer = Bouncer::before(&base);
        let server = Inside::with(Backend::Sqlite, &[("database.url", bouncer.url()), ("database.pooler", pooler)]).await;
        let http = Arc::new(Http::new(&server.address));
        let (ready, _) = often(&http, "/health/ready", 30).await;
        assert!(ready.iter().all(|answer| answer.status == 200));
        let ana = Ana::arrive(&server).await;
        ana.sign_in(&server, &Http::new(&server.address), "/login").await.expect(200);
        ana.http.get("/people").await.expect(200);
    }
}

/// A database in which names cannot be kept is refused at start, not at the first of these names.
#[test]
fn one_that_is_not_in_utf_8_is_refused() {
    let latin = Database::with("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
    let home = Home::new(Backend::Sqlite).variable("VOUCHSAFE_DATABASE__URL", latin.url());
    let output = home.run(&["serve", "--listen", "localhost:0"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "it started");
    assert!(said.contains("The database is in LATIN1") && said.contains("ENCODING 'UTF8'"), "{said}");
}

/// LG-06: however a password is misspelt in an address, the start that fails does not tell it.
#[test]
fn a_start_that_fails_tells_no_password() {
    for (name, scheme) in [("DATABASE__URL", "postgres"), ("EPHEMERAL__URL", "redis"), ("MAIL__SERVER", "smtp")] {
        for password in
            ["hunter2%", "%hunter2", "a@hunter2", "a/hunter2", "12/hunter2", "a?hunter2", "a#hunter2", "12#hunter2", "%00hunter2"]
        {
            let home =
                Home::new(Backend::Sqlite).variable(&format!("VOUCHSAFE_{name}"), &format!("{scheme}://ana:{password}@127.0.0.1:1/1"));
            let output = home.run(&["app", "list"]);
            let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
            assert!(!output.status.success(), "{name} {password}");
            assert!(!said.contains("hunter2"), "{said}");
        }
    }
}
