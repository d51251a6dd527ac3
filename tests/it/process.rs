//! The shipped binary in a process of its own: how it starts, what it prints and writes, how it stops, and an
//! application connected with the command a newcomer would type.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::support::authenticator::Authenticator;
use crate::support::http::Http;
use crate::support::process::signal;
use crate::support::relying_party::Application;
use crate::support::server::{Home, Server, Start};
use crate::support::{Backend, both, wall_clock};

both!(the_first_start_is_quick_and_keeps_its_secrets, a_new_set_up_link_ends_the_one_before, an_application_is_connected);
both!(it_stops_in_order, what_is_wrong_is_said_all_at_once);
both!(connections_that_stand_still_are_ended, half_open_requests_leave_room);

/// One second from the command to the first answer, on a machine that is busy with other tests: three.
async fn the_first_start_is_quick_and_keeps_its_secrets(backend: Backend) {
    let begun = Instant::now();
    let server = Server::first(backend);
    let http = Http::new(&server.address);
    http.get("/health/ready").await.expect(200);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    let data = server.home().data();
    let mode =
        |name: &str| std::fs::metadata(data.join(name)).unwrap_or_else(|error| panic!("{name}: {error}")).permissions().mode() & 0o777;
    assert_eq!((mode(""), mode("keys/master"), mode("setup-link")), (0o700, 0o600, 0o600));
    if backend == Backend::Sqlite {
        assert_eq!(mode("vouchsafe.sqlite") & 0o077, 0, "others can read the database");
    }
    let link = std::fs::read_to_string(data.join("setup-link")).unwrap();
    assert_eq!(link.trim(), server.setup_link());
    // The key itself is nowhere to be read (LG-02), and nothing listens but the loopback.
    let key = std::fs::read_to_string(data.join("keys/master")).unwrap_or_default();
    assert!(key.trim().is_empty() || !server.printed().contains(key.trim()));
    assert!(server.demo().starts_with("http://127.0.0.1:"), "{}", server.demo());
    Http::new(&server.demo()).get("/").await.expect(200);
}

/// The link is one ticket: `setup-link` replaces the open one, also while the server runs.
async fn a_new_set_up_link_ends_the_one_before(backend: Backend) {
    let server = Server::first(backend);
    let http = Http::new(&server.address);
    let first = server.setup_link();
    http.follow(&first).await.expect(200);
    let output = server.home().run(&["setup-link"]);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    let second = printed.split_whitespace().find(|word| word.contains("/setup/")).unwrap().to_owned();
    assert!(second.starts_with(&server.address), "{second}");
    let page = http.follow(&second).await.expect(200);
    assert_eq!(page.form(page.url.path()).value("name"), Some(""));
    assert_eq!(std::fs::read_to_string(server.home().data().join("setup-link")).unwrap().trim(), second);
    let replaced = http.follow(&first).await.expect(410).words();
    assert!(replaced.contains("has been replaced") && replaced.contains("A newer one was created on"), "{replaced}");
}

/// Connects an application by command, signs in there with a passkey, reads what it gets, and takes it apart.
async fn an_application_is_connected(backend: Backend) {
    let server = Home::new(backend).start(&Start::new().variable("VOUCHSAFE_SERVER__ORGANISATION", "Acme").argument("serve"));
    let http = Http::new(&server.address);
    let page = http.follow(&server.setup_link()).await.expect(200);
    assert!(page.words().contains("Acme"));
    let path = page.url.path().to_owned();
    let page = http.submit(&page, &path, &[("name", "Ana Example"), ("username", "ana"), ("email", "ana@acme.example")]).await.expect(200);
    let page = http.submit(&page, "/method", &[("method", "passkey")]).await.expect(200);
    let attribute = |name: &str| page.attribute(name).unwrap();
    let (start, finish, token) = (attribute("data-start"), attribute("data-finish"), attribute("data-token"));
    let options = http.post_json(&start, &token, &json!({})).await.expect(200).json();
    let answer = Authenticator::synced().create(&options, &server.address).finish().0;
    // WB-01: from another page, or without our token, nothing happens.
    let post = || http.request(Method::POST, &finish).header("x-form-token", &token).json(&answer);
    assert_eq!(post().header("origin", "https://evil.example").header("sec-fetch-site", "cross-site").send().await.status, 403);
    assert_eq!(post().without("x-form-token").send().await.status, 403);
    assert_eq!(post().without_cookies().send().await.status, 403);
    http.post_json(&finish, &token, &answer).await.expect(200);
    assert!(!server.home().data().join("setup-link").exists(), "the used link stands in its file");

    let redirect = "https://wiki.example/callback";
    let add = ["app", "add", "--name", "Wiki", "--redirect-uri", redirect, "--access", "everyone"];
    let output = server.home().run(&add);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    let line = |label: &str| {
        printed.lines().find_map(|line| line.trim().strip_prefix(label)).unwrap_or_else(|| panic!("no {label} in:\n{printed}"))
    };
    let word = |label: &str| line(label).split_whitespace().next().unwrap().to_owned();
    assert_eq!(word("issuer"), server.address);
    // Registered with defaults: RS256, whose key is made in the background.
    let wiki = Application::discover(&server.address, &word("client id"), Some(&word("client secret")), redirect).await;
    let asked = wiki.ask("openid profile email", &[]);
    let page = http.follow(asked.url.as_str()).await.expect(200);
    assert!(page.words().contains("Wiki wants to access your account"), "{}", page.words());
    let action = page.url.path().replace("/authorize/continue/", "/consent/");
    let answer = http.send_form(&page, &action, &[("decision", "allow"), ("claim_email", "yes")]).await.expect(303);
    assert_eq!(answer.sent_back("state").as_deref(), Some(asked.state.as_str()));
    let code = wiki.code(&asked, &answer.location().unwrap());
    // Its key may take a few seconds to make, and the token is of the time when it is signed.
    let by_then = wall_clock().plus(Duration::from_secs(15));
    let (claims, tokens) = wiki.exchange(&asked, &code, by_then).await;
    assert!(claims["amr"].is_array() && claims["sid"].is_string() && claims["auth_time"].is_i64(), "{claims}");
    let access = tokens["access_token"].as_str().unwrap();
    let userinfo = wiki.userinfo(access).await.expect(200).json();
    assert_eq!((&userinfo["sub"], &userinfo["email"]), (&claims["sub"], &json!("ana@acme.example")), "{userinfo}");
    // OA-26: the code again, and what came of it is over.
    assert_eq!(wiki.token(&wiki.token_fields(&asked, &code)).await.json()["error"], "invalid_grant");
    assert_eq!(wiki.userinfo(access).await.status, 401);
    // Allowed once, not asked again.
    let asked = wiki.ask("openid profile email", &[]);
    let answer = http.follow(asked.url.as_str()).await;
    wiki.code(&asked, &answer.location().unwrap_or_else(|| panic!("asked again: {}", answer.words())));
    // No refusal prints a secret (LG-02).
    let printed = server.printed();
    let secrets = http.cookies().into_values().chain([code, access.to_owned(), wiki.secret.clone().unwrap()]);
    for secret in secrets {
        assert!(!printed.contains(&secret), "a secret stands in the log: {secret}");
    }
}

/// SIGTERM ends it within seconds and without a trace of trouble, also while someone is connected.
async fn it_stops_in_order(backend: Backend) {
    let server = Server::first(backend);
    let http = Http::new(&server.address);
    http.get("/health/alive").await.expect(200);
    let (home, status, printed) = server.stop();
    assert!(status.success(), "{status}:\n{printed}");
    assert!(!printed.to_lowercase().contains("panic"), "{printed}");
    // What is there is found again: the key is not made anew, and a link is printed until someone used one.
    let server = home.start(&Start::new());
    assert!(!server.printed().contains("first start"), "{}", server.printed());
    server.setup_link();
    // Killed without warning it starts again too.
    signal("KILL", server.id());
    let (home, status, _) = server.stop();
    assert!(!status.success());
    Http::new(&home.start(&Start::new()).address).get("/health/ready").await.expect(200);
}

/// A second server on the file of the first: refused, and the first goes on with its link and its demonstration.
#[tokio::test]
async fn a_sqlite_file_has_one_server() {
    let server = Server::first(Backend::Sqlite);
    let link = server.setup_link();
    let output = server.home().run(&["serve", "--listen", "localhost:0"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(said.contains(&format!("Another vouchsafe (process {}) is running", server.id())) && said.contains("--data"), "{said}");
    Http::new(&server.address).follow(&link).await.expect(200);
    // Commands beside it go on, and so does the next server when it has ended, however it ended.
    assert!(server.home().run(&["app", "list"]).status.success());
    signal("KILL", server.id());
    server.stop().0.start(&Start::new());
}

/// Settings that are wrong: refused together, each with what is allowed, and nothing is made.
async fn what_is_wrong_is_said_all_at_once(backend: Backend) {
    let home = Home::new(backend);
    std::fs::create_dir_all(home.data().parent().unwrap()).unwrap();
    let file = home.data().parent().unwrap().join("vouchsafe.toml");
    std::fs::write(&file, "[server]\nlisten = \"nowhere\"\nlisten_on = \"localhost:1\"\n\n[session]\nidle = \"soon\"\n").unwrap();
    let output = home.run(&["serve"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    for part in ["vouchsafe.toml:2", "vouchsafe.toml:3", "vouchsafe.toml:6", "nowhere", "soon"] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
    assert!(!home.data().exists(), "something was made although the settings are wrong");
}

/// LG-02: a key that others can read, or that stands elsewhere, is refused, unless the platform that mounts it is named.
#[test]
fn a_key_that_others_can_read_is_refused() {
    let home = Home::new(Backend::Sqlite);
    let (home, ..) = home.start(&Start::new()).stop();
    let (key, moved) = (home.data().join("keys/master"), home.data().join("moved"));
    let listed = |home: &Home, trust: &str| {
        let output = home.run_with(&["app", "list"], "VOUCHSAFE_KEYS__FILES", trust);
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    assert!(listed(&home, "private").0);
    for mode in [0o644, 0o640, 0o660] {
        std::fs::set_permissions(&key, PermissionsExt::from_mode(mode)).unwrap();
        let (ran, said) = listed(&home, "private");
        assert!(!ran && said.contains("chmod 600") && said.contains("keys.files"), "{said}");
        let (ran, said) = listed(&home, "mounted");
        assert!(ran && said.contains("WARN") && said.contains("more than 0600"), "{said}");
    }
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::rename(&key, &moved).unwrap();
    std::os::unix::fs::symlink(&moved, &key).unwrap();
    let (ran, said) = listed(&home, "private");
    assert!(!ran && said.contains("symbolic link"), "{said}");
    assert!(listed(&home, "mounted").0);
}

/// TH-15: anyone who begins a request and does not end it, or asks and does not read, is cut off.
async fn connections_that_stand_still_are_ended(backend: Backend) {
    let start = Start::new().variable("VOUCHSAFE_SERVER__REQUEST_TIMEOUT", "2s").variable("VOUCHSAFE_SERVER__WRITE_TIMEOUT", "2s");
    let server = Home::new(backend).start(&start);
    let address = server.socket_of_address();
    let first = "GET /health/alive HTTP/1.1\r\nHost: localhost\r\n";
    let whole = format!("{first}\r\n");
    for sent in [
        first.to_owned(),
        format!("{whole}GET /health"),
        format!("{whole}POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab"),
    ] {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(sent.as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut answers = Vec::new();
        assert!(stream.read_to_end(&mut answers).is_ok(), "not ended after {sent:?}");
    }
    // Asks for more than the buffers hold and reads none of it.
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    let asked = "GET /static/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1_000);
    let begun = Instant::now();
    let cut_off = loop {
        match stream.write_all(asked.as_bytes()) {
            Ok(()) => assert!(begun.elapsed() < Duration::from_secs(60), "never cut off"),
            Err(error) => break error.kind(),
        }
    };
    assert!(matches!(cut_off, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{cut_off:?}");
}

/// TH-15: more half-open requests than the soft limit of files usually allows, and everyone else is answered.
async fn half_open_requests_leave_room(backend: Backend) {
    let server = Home::new(backend).start(&Start::new());
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.id())).unwrap();
    let files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let soft: u64 = files.split_whitespace().nth(3).unwrap().parse().unwrap();
    assert!(soft > 1_024, "{files}");
    let address = server.socket_of_address();
    let half: Vec<TcpStream> = (0..400)
        .map(|_| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(b"GET /login HTTP/1.1\r\nHost: local").unwrap();
            stream
        })
        .collect();
    Http::new(&server.address).get("/health/ready").await.expect(200);
    drop(half);
}
