//! The short-lived store of several servers: away, hanging, full, or told to drop what is in use.

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use reqwest::Method;
use vouchsafe::flows::jobs;
use vouchsafe::platform::ephemeral::StoreState;

use super::{application_told, at_the_code, database, often, signed_in, told_in_json, told_to_wait};
use crate::oidc::code;
use crate::passkeys::CeremonyForm;
use crate::people::{almost_in, invite};
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::{Ana, PASSWORD, key_on};
use crate::support::redis::Redis;
use crate::support::relying_party::Application;
use crate::support::rows::rows;
use crate::support::server::{Home, Start};
use crate::support::{Backend, HANGS, both, totp};

both!(without_it_nobody_new_gets_in_and_the_others_go_on, one_that_hangs_holds_nobody_up, one_that_is_full_lets_nobody_in);
both!(one_that_may_drop_what_is_in_use_is_told_of, one_that_does_not_say_is_there, a_first_administrator_waits_for_it);
both!(what_is_made_without_it_is_shown, connections_it_closed_while_idle_are_nothing_anybody_meets);
both!(one_that_can_never_be_used_stops_the_start);

const WAIT: &str = "Sign-in is temporarily unavailable";

/// TH-11, SE-19, LG-10: killed while people are signing in, and started again.
async fn without_it_nobody_new_gets_in_and_the_others_go_on(backend: Backend) {
    let redis = Redis::start();
    let server = Inside::with(backend, &[("ephemeral.url", redis.url()), ("oidc.code", "10m"), ("oidc.access_token", "1h")]).await;
    let ana = Ana::arrive(&server).await;
    let link = invite(&ana, &[]).await;
    // Long enough that a change would ask her again who she is.
    server.pass(16 * 60);
    let wiki = server.register("Wiki").await;
    let (asked, first) = code(&ana.http, &wiki, "openid profile", &[]).await;
    let (_, tokens) = wiki.exchange(&asked, &first, server.time()).await;
    let access = tokens["access_token"].as_str().unwrap().to_owned();
    wiki.userinfo(&access).await.expect(200);
    let (asked, unredeemed) = code(&ana.http, &wiki, "openid profile", &[]).await;
    let wrong = format!("vsk_{}A", "A".repeat(42));
    let pretender = Application::discover(&server.address, &wiki.client_id, Some(&wrong), &wiki.redirect_uri).await;
    let (guest, guest_page) = almost_in(&server, &link).await;
    let (half, half_page) = at_the_code(&server).await;
    let visitor = Http::new(&server.address);
    let login = visitor.get("/login").await.expect(200);
    let welcome = visitor.follow(&link).await.expect(200);
    let passkey = CeremonyForm::on(&login);
    let fresh = ana.http.get("/reauthenticate").await.expect(200);

    redis.kill();
    let before = rows(&database(&server));
    let typed = [("name", "ana"), ("password", PASSWORD)];
    told_to_wait(&visitor.send_form(&login, "/login", &typed).await, WAIT);
    told_to_wait(&half.send_form(&half_page, "/totp", &[("code", &ana.code(&server))]).await, WAIT);
    told_to_wait(&half.get(half_page.url.path()).await, WAIT);
    told_to_wait(&visitor.send_form(&welcome, "/invite", &[]).await, WAIT);
    let guests_code = totp::code(&key_on(&guest_page), server.time());
    told_to_wait(&guest.send_form(&guest_page, "/totp", &[("code", &guests_code), ("label", "phone")]).await, WAIT);
    told_to_wait(&visitor.get(wiki.ask("openid", &[]).url.as_str()).await, WAIT);
    told_to_wait(&ana.http.send_form(&fresh, "/reauthenticate", &[("password", PASSWORD)]).await, WAIT);
    told_in_json(&visitor.post_json(&passkey.start, &passkey.token, &serde_json::json!({})).await);
    // A wrong secret cannot be counted, so it is told nothing.
    application_told(&pretender.token(&pretender.token_fields(&asked, &unredeemed)).await);
    let words = visitor.send_form(&login, "/login", &typed).await.words();
    assert!(words.contains("Anyone who is signed in stays signed in") && words.contains("isn’t your fault"), "{words}");
    // Who is in stays in, and what was given is given.
    ana.http.get("/me").await.expect(200);
    ana.http.get("/me/security").await.expect(200);
    wiki.userinfo(&access).await.expect(200);
    visitor.get("/login").await.expect(200);
    visitor.follow(&link).await.expect(200);
    visitor.get("/jwks.json").await.expect(200);
    visitor.get("/health/alive").await.expect(200);
    // Ready for those who are in: a balancer that took every server away for this would shut them out too.
    let ready = visitor.get("/health/ready").await.expect(200);
    assert_eq!(ready.text(), "ready, without new sign-ins: the short-lived store does not answer\n");
    // Its operator reads it on the administrators' pages.
    jobs::look(&server).await;
    for path in ["/people", "/apps"] {
        let words = ana.http.get(path).await.expect(200).words();
        assert!(words.contains("Redis isn’t answering. No one can sign in until it does"), "{words}");
    }
    assert_eq!(rows(&database(&server)), before, "nothing is half-written");
    // An application with its own secret fetches what was given before.
    wiki.exchange(&asked, &unredeemed, server.time()).await;

    redis.start_again();
    // At once, with nothing started anew but Redis: what was on the way begins again.
    visitor.submit(&login, "/login", &typed).await.expect(200);
    let page = half.submit(&half_page, "/totp", &[("code", &ana.code(&server))]).await.expect(200);
    assert!(page.words().contains("This sign-in has expired"), "{}", page.words());
    ana.sign_in(&server, &half, "/login").await.expect(200);
    half.get("/me").await.expect(200);
    assert_eq!(visitor.get("/health/ready").await.text(), "ready\n");
    jobs::look(&server).await;
    assert!(!ana.http.get("/people").await.words().contains("Redis"), "the notice went with its reason");
}

/// LG-10: it takes requests and says nothing. Everybody is answered within seconds, also when many ask.
async fn one_that_hangs_holds_nobody_up(backend: Backend) {
    let redis = Redis::start();
    let server = Inside::with(backend, &[("ephemeral.url", redis.url())]).await;
    let ana = Ana::arrive(&server).await;
    let wiki = server.register("Wiki").await;
    let ana_http = Arc::new(ana.http);
    redis.freeze();
    let begun = Instant::now();
    let mut set = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (http, asked) = (Http::new(&server.address), wiki.ask("openid", &[]));
        set.spawn(async move { http.get(asked.url.as_str()).await });
    }
    let (answers, quick) = often(&ana_http, "/me", 20).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "whoever is signed in goes on");
    assert!(quick < Duration::from_secs(3), "{quick:?}");
    for answer in set.join_all().await {
        told_to_wait(&answer, WAIT);
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    redis.thaw();
    let http = Http::new(&server.address);
    Ana { http: Http::new(&server.address), key: ana.key }.sign_in(&server, &http, "/login").await.expect(200);
}

/// LG-10, OA-42: what an administrator makes while it is away is made, so its secret and its link are shown immediately.
async fn what_is_made_without_it_is_shown(backend: Backend) {
    let redis = Redis::start();
    let server = Inside::with(backend, &[("ephemeral.url", redis.url())]).await;
    let ana = Ana::arrive(&server).await;
    let connect = ana.http.get("/apps/new").await.expect(200);
    let joins = ana.http.get("/people/invite").await.expect(200);
    let fields = [
        ("name", "Wiki"),
        ("redirect_uris", "https://wiki.example/callback"),
        ("who", "everyone"),
        ("shape", "server"),
        ("authentication", "client_secret_basic"),
        ("algorithm", "ES256"),
    ];
    redis.kill();
    let shown = ana.http.send_form(&connect, "/apps/new", &fields).await.expect(200);
    let words = shown.words();
    assert!(words.contains("Wiki is connected") && words.contains("only now, on this page") && words.contains("vsk_"), "{words}");
    let page = shown.link("/apps/0").unwrap();
    let known = ana.http.get(&page).await.expect(200);
    let further = ana.http.send_form(&known, "/secrets", &[]).await.expect(200);
    assert!(further.words().contains("New secret for Wiki") && further.words().contains("vsk_"), "{}", further.words());
    let typed = [("name", "Ben Example"), ("username", "ben"), ("reason", "Starts on Monday")];
    let card = ana.http.send_form(&joins, "/people/invite", &typed).await.expect(200);
    assert!(card.words().contains("only now, on this page") && card.words().contains("/invite/"), "{}", card.words());
    // Shown to nobody else, and kept by nobody.
    assert_eq!(card.header("cache-control"), Some("no-store"));
    redis.start_again();
    ana.http.get(&format!("{page}/connected")).await.expect(303);
}

/// SE-19: no room for one more value: refused, and nothing that is kept is lost.
async fn one_that_is_full_lets_nobody_in(backend: Backend) {
    let redis = Redis::start();
    let server = Inside::with(backend, &[("ephemeral.url", redis.url())]).await;
    let ana = Ana::arrive(&server).await;
    let (http, page) = at_the_code(&server).await;
    redis.set("maxmemory", "1");
    let login = http.get("/login").await.expect(200);
    told_to_wait(&http.send_form(&login, "/login", &[("name", "ana"), ("password", PASSWORD)]).await, WAIT);
    ana.http.get("/me").await.expect(200);
    redis.set("maxmemory", "0");
    let answer = http.send_form(&page, "/totp", &[("code", &ana.code(&server))]).await.expect(303);
    assert!(signed_in(&answer), "what was begun before goes on");
}

/// SE-19: said on the first screen, in the log and on the administrators' pages, until it is put right.
async fn one_that_may_drop_what_is_in_use_is_told_of(backend: Backend) {
    let redis = Redis::with(&["maxmemory 50mb", "maxmemory-policy allkeys-lru"]);
    let mut started = Home::new(backend).start(&Start::new().variable("VOUCHSAFE_EPHEMERAL__URL", redis.url()));
    // The screen and the log are two outputs: which of them is read first is not known.
    for line in ["may evict what is in use (allkeys-lru)", "Redis may drop values that are in use"] {
        started.wait_for(line, |printed| printed.contains(line).then_some(()));
    }
    drop(started);
    let server = Inside::with(backend, &[("ephemeral.url", redis.url())]).await;
    let ana = Ana::arrive(&server).await;
    let said = async || {
        jobs::look(&server).await;
        let pages = [ana.http.get("/people").await.expect(200).words(), ana.http.get("/apps").await.expect(200).words()];
        let said = |words: &String| words.contains("its maxmemory-policy is") && words.contains("Set it to noeviction");
        assert_eq!(said(&pages[0]), said(&pages[1]));
        assert!(!ana.http.get("/me").await.words().contains("noeviction"), "it is nobody else's concern");
        said(&pages[0])
    };
    assert!(said().await);
    redis.set("maxmemory-policy", "noeviction");
    assert!(!said().await);
    redis.set("maxmemory-policy", "volatile-ttl");
    assert!(said().await);
    // Without a bound it drops nothing, whatever the policy.
    redis.set("maxmemory", "0");
    assert!(!said().await);
    let quiet = Home::new(backend).start(&Start::new().variable("VOUCHSAFE_EPHEMERAL__URL", redis.url()));
    assert!(!quiet.printed().contains("may evict") && !quiet.printed().contains("may evict"), "{}", quiet.printed());
}

/// SE-19: one that may not be asked how it is, is there all the same; what it refuses is no reason to connect anew.
async fn one_that_does_not_say_is_there(backend: Backend) {
    let redis = Redis::start();
    let server = Inside::with(backend, &[("ephemeral.url", redis.url())]).await;
    let ana = Ana::arrive(&server).await;
    assert_eq!(jobs::look(&server).await, StoreState::Fine);
    let mut own = redis.connect();
    let mut allow = |what: &str| redis::cmd("ACL").arg(&["SETUSER", "default", what]).exec(&mut own).unwrap();
    allow("-info");
    assert_eq!(jobs::look(&server).await, StoreState::Unknown);
    let page = ana.http.get("/people").await.expect(200).words();
    assert!(!page.contains("Redis") && !page.contains("maxmemory"), "{page}");
    ana.sign_in(&server, &Http::new(&server.address), "/login").await.expect(200);
    let started = Home::new(backend).start(&Start::new().variable("VOUCHSAFE_EPHEMERAL__URL", redis.url()));
    let printed = started.printed();
    assert!(printed.contains("redis     answers") && printed.contains("does not report"), "{printed}");
    drop(started);
    allow("+info");
    let mut own = redis.connect();
    let mut connections = || {
        let info: String = redis::cmd("INFO").arg("stats").query(&mut own).unwrap();
        let count = info.lines().find_map(|line| line.strip_prefix("total_connections_received:")).unwrap();
        count.trim().parse::<u64>().unwrap()
    };
    let before = connections();
    redis::cmd("CONFIG").arg(&["SET", "maxmemory", "1"]).exec(&mut redis.connect()).unwrap();
    for _ in 0..5 {
        let visitor = Http::new(&server.address);
        let login = visitor.get("/login").await.expect(200);
        told_to_wait(&visitor.send_form(&login, "/login", &[("name", "ana"), ("password", PASSWORD)]).await, WAIT);
    }
    let after = connections();
    assert!(after <= before + 2, "one for the test, and at most one more: {before} to {after}");
}

/// The first set-up waits for it too, and its link is not spent.
async fn a_first_administrator_waits_for_it(backend: Backend) {
    let redis = Redis::start();
    let server = Inside::with(backend, &[("ephemeral.url", redis.url())]).await;
    let path = server.setup_path().await;
    let http = Http::new(&server.address);
    let page = http.follow(&path).await.expect(200);
    redis.kill();
    let before = rows(&database(&server));
    told_to_wait(&http.send_form(&page, "/setup", &[("name", "Ana"), ("username", "ana")]).await, WAIT);
    assert_eq!(rows(&database(&server)), before);
    redis.start_again();
    http.submit(&page, "/setup", &[("name", "Ana"), ("username", "ana")]).await.expect(200);
}

/// TH-11: it goes away after the code was right and before the session is written. What was written is given: the code is
/// spent, and the person who proved everything is in.
#[tokio::test]
async fn a_sign_in_that_is_written_is_given() {
    let redis = Redis::start();
    let server = Inside::with(Backend::Postgres, &[("ephemeral.url", redis.url())]).await;
    let ana = Ana::arrive(&server).await;
    let (http, page) = at_the_code(&server).await;
    let url = database(&server);
    let mut lock = PgConnection::establish(&url).unwrap();
    lock.batch_execute("BEGIN; LOCK TABLE sessions IN EXCLUSIVE MODE").unwrap();
    let code = ana.code(&server);
    let answer = tokio::spawn(async move { (http.send_form(&page, "/totp", &[("code", &code)]).await, http) });
    blocked(&mut lock).await;
    redis.kill();
    lock.batch_execute("COMMIT").unwrap();
    let (answer, http): (Answer, Http) = answer.await.unwrap();
    assert!(signed_in(&answer), "{} {}", answer.status, answer.words());
    http.get("/me").await.expect(200);
}

/// Waits until someone waits for a lock.
pub(super) async fn blocked(conn: &mut PgConnection) {
    #[derive(QueryableByName)]
    struct Waiting {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        waiting: i64,
    }
    let count = "SELECT COUNT(*) AS waiting FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE NOT l.granted AND d.datname = current_database()";
    let deadline = Instant::now() + HANGS;
    while diesel::sql_query(count).get_result::<Waiting>(conn).unwrap().waiting == 0 {
        assert!(Instant::now() < deadline, "nobody waits for the lock");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// CR-09, WB-15, LG-05: a certificate nobody vouches for is refused with a clear line, and one of a known authority is taken.
#[test]
fn tls_is_checked() {
    let data = |name: &str| format!("{}/tests/it/data/tls/{name}", env!("CARGO_MANIFEST_DIR"));
    let redis = Redis::with_tls(&data("localhost.crt"), &data("localhost.key"));
    let start = Start::new().variable("VOUCHSAFE_EPHEMERAL__URL", redis.url());
    let trusted = Home::new(Backend::Sqlite).start(&start.variable("SSL_CERT_FILE", &data("authority.crt")));
    assert!(trusted.printed().contains("redis     answers"), "{}", trusted.printed());
    let start = Start::new().variable("VOUCHSAFE_EPHEMERAL__URL", redis.url());
    let mut other = Home::new(Backend::Sqlite).start(&start.variable("SSL_CERT_FILE", &data("other-authority.crt")));
    let printed = other.printed();
    assert!(printed.contains("redis     does not answer"), "{printed}");
    other.wait_for("the reason, in the log", |line| line.contains("certificate").then_some(()));
}

/// TH-11: Redis closes connections that are idle (`timeout`), and the next request works all the same.
async fn connections_it_closed_while_idle_are_nothing_anybody_meets(backend: Backend) {
    let redis = Redis::start();
    let server = Inside::with(backend, &[("ephemeral.url", redis.url())]).await;
    let ana = Ana::arrive(&server).await;
    for _ in 0..3 {
        redis::cmd("CLIENT").arg("KILL").arg("TYPE").arg("normal").arg("SKIPME").arg("yes").exec(&mut redis.connect()).unwrap();
        // A connection is tested when nothing came on it for a second, by the real clock.
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        ana.sign_in(&server, &Http::new(&server.address), "/login").await.expect(200);
    }
}

/// A password that is refused and a cluster are told at the start, which fails; an address nobody answers at is not.
async fn one_that_can_never_be_used_stops_the_start(backend: Backend) {
    let (redis, cluster) = (Redis::start(), Redis::with(&["cluster-enabled yes"]));
    let wrong = redis.url().replacen("redis://:", "redis://:other", 1);
    let none = format!("redis://{}", redis.url().split_once('@').unwrap().1);
    let refused = "Are its username and password right?";
    for (url, said) in [(wrong.as_str(), refused), (&none, refused), (cluster.url(), "cluster mode")] {
        let home = Home::new(backend).variable("VOUCHSAFE_EPHEMERAL__URL", url);
        let output = home.run(&["serve", "--listen", "127.0.0.1:0"]);
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && printed.contains(said), "{printed}");
        assert!(!printed.contains("other"), "{printed}");
    }
}

/// WB-01 does not wait for Redis: a form from elsewhere is refused as ever.
#[tokio::test]
async fn locks_hold_without_it() {
    let redis = Redis::start();
    let server = Inside::with(Backend::Sqlite, &[("ephemeral.url", redis.url())]).await;
    redis.kill();
    let http = Http::new(&server.address);
    http.request(Method::POST, "/login").form(&[("name", "ana"), ("password", "x")]).send().await.expect(403);
}
