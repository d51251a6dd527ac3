//! Everything personal and every secret carries a mark here, goes through all that people do and all that is refused, and
//! is then looked for wherever anything is kept: the database, Redis and all that was ever said to it, the log at its most
//! talkative. Strategy 0.1, LG-02, LG-06, CR-12, OT-04.

mod search;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Method;

use crate::passkeys::CeremonyForm;
use crate::people::link_on;
use crate::support::authenticator::Authenticator;
use crate::support::http::{Answer, Http};
use crate::support::mailbox::Mailbox;
use crate::support::people::{Typed, come_in, recovery_codes};
use crate::support::postgres::dump;
use crate::support::process::signal;
use crate::support::redis::Redis;
use crate::support::relying_party::Application;
use crate::support::server::{Home, Server, Start};
use crate::support::{Backend, both, wall_clock};
use search::{Mark, Store};

both!(nothing_personal_and_no_secret_is_kept_readably);

/// What people are called here and what they type; each word is in no language and in no file of ours.
const ANA: Typed<'_> = Typed {
    names: ["Qvanaxa Zwindlqu", "qvanaxlogin", "qvanax+box@zwindlqu.example"],
    password: "qvpassw/rt eins zwo",
    label: "Qvanax telefon",
};
const BEN: Typed<'_> = Typed {
    names: ["Yqbenux Kwendelix", "yqbenuxlogin", "yqbenux@kwendelix.example"],
    password: "yqpassw+rt drei vier",
    label: "Yqbenux geraet",
};
const NEW_PASSWORD: &str = "qvneuesw=rt funf sechs";
const MISTYPED: &str = "qvfalschwort sieben";
const PASSKEY: &str = "Qvanax schluessel";
const AGENTS: [&str; 2] = ["Mozilla/5.0 (Qvagentina; rv:140.0) Firefox/140.0", "Mozilla/5.0 (Yqagentino; rv:140.0) Firefox/140.0"];
const ADDRESSES: [&str; 2] = ["203.0.113.77", "198.51.100.88"];
const REASONS: [&str; 4] = ["Qvgrundeins beginnt", "Qvgrundzwei verloren", "Qvgrunddrei gegangen", "Qvgrundvier zurueck"];
const STRANGER: &str = "qvfremdling@nirgendwo.example";
const CALLBACK: &str = "https://wiki.acme.example/callback";

/// Words that may be anywhere, to see that looking finds something.
const PLAIN: &str = "Kanarienwiki";

async fn nothing_personal_and_no_secret_is_kept_readably(backend: Backend) {
    let (mailbox, redis) = (Mailbox::open().await, Redis::start());
    let heard = (backend == Backend::Postgres).then(|| listen_to(&redis));
    let mut start = Start::new()
        .variable("VOUCHSAFE_LOG__LEVEL", "trace")
        .variable("VOUCHSAFE_MAIL__SERVER", &mailbox.url)
        .variable("VOUCHSAFE_SERVER__TRUSTED_PROXIES", "127.0.0.1")
        .variable("VOUCHSAFE_SIGN_IN__FREE_FAILURES", "20");
    if backend == Backend::Postgres {
        start = start.variable("VOUCHSAFE_EPHEMERAL__URL", redis.url()).variable("VOUCHSAFE_LOG__FORMAT", "json");
    }
    let server = Home::new(backend).start(&start);
    let mut marks: Vec<Mark> = Vec::new();
    for person in [&ANA, &BEN] {
        marks.extend(person.names.iter().map(|name| Mark::personal("a name", name)));
        marks.extend(person.names[0].split(' ').map(|word| Mark::personal("a word of a name", word)));
        marks.push(Mark::secret("a password", person.password));
        marks.push(Mark::personal("an authenticator's name", person.label));
    }
    marks.extend([NEW_PASSWORD, MISTYPED].map(|text| Mark::secret("a password", text)));
    marks.extend(REASONS.map(|text| Mark::personal("a reason", text)));
    marks.extend(["Qvagentina", "Yqagentino"].map(|text| Mark::personal("a browser", text)));
    marks.extend([PASSKEY, STRANGER].map(|text| Mark::personal("a name", text)));
    marks.extend(ADDRESSES.map(|text| Mark::address("an address", text)));
    marks.push(Mark::secret("a hash", "$argon2"));
    go_through_everything(&server, &mailbox, &mut marks).await;

    let mut stores = vec![Store::new("the log", server.log().into_bytes())];
    let url = server.home().database_url();
    match backend {
        Backend::Sqlite => {
            for ending in ["", "-wal"] {
                let file = format!("{}{ending}", url.strip_prefix("sqlite://").unwrap());
                stores.push(Store::new(&format!("the file of SQLite {ending}"), std::fs::read(file).unwrap()));
            }
        }
        Backend::Postgres => {
            stores.push(Store::new("the dump of Postgres", dump(&url).into_bytes()));
            stores.push(Store::new("the dump of Redis", contents(&redis)));
            let heard = heard.unwrap().lock().unwrap().clone();
            assert!(heard.len() > 10_000, "what Redis was told was not heard");
            stores.push(Store::new("what Redis was told", heard));
        }
    }
    // Killed, not stopped: what lies there then is what a thief of the machine finds.
    signal("KILL", server.id());
    if backend == Backend::Sqlite {
        let file = std::fs::read(url.strip_prefix("sqlite://").unwrap()).unwrap();
        stores.push(Store::new("the file of SQLite afterwards", file));
    }
    let kept = stores.iter().filter(|store| store.has(PLAIN)).count();
    assert!(kept >= 1, "looking finds nothing at all");
    assert!(stores[0].has("trace") || stores[0].has("debug"), "the log is not at its most talkative");
    let found: Vec<String> = stores.iter().flat_map(|store| marks.iter().filter_map(|mark| store.find(mark))).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(marks.len() > 60, "only {} marks", marks.len());
}

/// A person's browser, with a mark in what it calls itself and in where it comes from.
fn browser(server: &Server, whose: usize) -> Http {
    Http::new(&server.address).always(&[("user-agent", AGENTS[whose]), ("x-forwarded-for", ADDRESSES[whose])])
}

async fn go_through_everything(server: &Server, mailbox: &Mailbox, marks: &mut Vec<Mark>) {
    // The first administrator, with recovery codes and an application.
    let ana = browser(server, 0);
    let link = server.setup_link();
    marks.push(Mark::secret("a set-up link", link.rsplit('/').next().unwrap()));
    let mut phone = come_in(&ana, &link, &ANA).await;
    marks.push(Mark::seed(&phone.key));
    let codes = make_recovery_codes(&ana).await;
    marks.extend(
        codes.iter().flat_map(|code| [Mark::secret("a recovery code", code), Mark::secret("a recovery code", &code.replace('-', ""))]),
    );
    let wiki = wiki(server).await;
    marks.push(Mark::token("a client secret", wiki.secret.as_deref().unwrap()));
    give(&ana, &wiki, marks).await;
    refused(server, &wiki, &codes, marks).await;

    // A passkey, given a name.
    let page = ana.get("/me/security/passkeys/add").await.expect(200);
    let ceremony = CeremonyForm::on(&page);
    let options = ceremony.begin(&ana).await;
    let (answer, credential) = Authenticator::synced().create(&options, &server.address).finish();
    ceremony.end(&ana, &answer).await.expect(200);
    // From now on the passkey is the surest proof there is, and changes ask for it.
    let ceremony = CeremonyForm::on(&ana.get("/reauthenticate?to=/me/security").await.expect(200));
    let options = ceremony.begin(&ana).await;
    let answer = credential.get(&options, &server.address).finish();
    ceremony.end(&ana, &answer).await.expect(200);
    let list = ana.get("/me/security").await.expect(200);
    let rename = list.text().split('"').find(|part| part.contains("/passkeys/") && part.ends_with("/rename")).unwrap().to_owned();
    let page = ana.get(&rename).await.expect(200);
    ana.submit(&page, "/rename", &[("label", PASSKEY)]).await.expect(200);

    // Ben is invited, comes in by the mail, loses his phone, is switched off and on.
    let page = ana.get("/people/invite").await.expect(200);
    let [name, username, email] = BEN.names;
    let fields = [("name", name), ("username", username), ("email", email), ("reason", REASONS[0])];
    let card = ana.submit(&page, "/people/invite", &fields).await.expect(200);
    let link = match card.text().contains("id=\"address\"") {
        true => link_on(&card),
        false => in_a_letter(mailbox).await,
    };
    marks.push(Mark::secret("an invitation", link.rsplit('/').next().unwrap()));
    let ben = browser(server, 1);
    let mut bens_phone = come_in(&ben, &link, &BEN).await;
    marks.push(Mark::seed(&bens_phone.key));
    let page = person(&ana).await;
    for (act, reason) in [("reset", REASONS[1]), ("disable", REASONS[2]), ("enable", REASONS[3])] {
        let ask = ana.get(&format!("{page}/{act}")).await.expect(200);
        let after = ana.submit(&ask, &format!("/{act}"), &[("reason", reason)]).await.expect(200);
        if after.text().contains("id=\"address\"") {
            marks.push(Mark::secret("a reset link", link_on(&after).rsplit('/').next().unwrap()));
        }
    }

    // Signing in again in every way, a new password, and out.
    let http = browser(server, 1);
    let page = at_the_code(&http, BEN.names[2], BEN.password).await;
    let code = bens_phone.code().await;
    marks.push(Mark::code(&code));
    http.submit(&page, "/totp", &[("code", &code)]).await.expect(200);
    keep_cookies(&http, marks);
    let http = browser(server, 0);
    let page = at_the_code(&http, ANA.names[1], ANA.password).await;
    let page = http.get(&page.url.path().replace("/totp", "/recovery")).await.expect(200);
    http.submit(&page, "/recovery", &[("code", &codes[1])]).await.expect(200);
    keep_cookies(&http, marks);
    let http = browser(server, 0);
    let ceremony = CeremonyForm::on(&http.get("/login").await.expect(200));
    let options = ceremony.begin(&http).await;
    let answer = credential.get(&options, &server.address).finish();
    ceremony.end(&http, &answer).await.expect(200);
    keep_cookies(&http, marks);
    let page = ana.get("/me/security/password").await.expect(200);
    let fields = [("current_password", ANA.password), ("new_password", NEW_PASSWORD)];
    ana.submit(&page, "/me/security/password", &fields).await.expect(200);
    let page = ana.get("/login?again=1").await.expect(200);
    let page = ana.submit(&page, "/login", &[("name", ANA.names[1]), ("password", NEW_PASSWORD)]).await.expect(200);
    let code = phone.code().await;
    marks.push(Mark::code(&code));
    ana.submit(&page, "/totp", &[("code", &code)]).await.expect(200);
    keep_cookies(&ana, marks);
    keep_cookies(&ben, marks);
    let page = ana.get("/logout").await.expect(200);
    ana.send_form(&page, "/logout/confirm", &[("scope", "everywhere")]).await.expect(303);
}

/// Everything that can be refused, with marks in it wherever something is typed.
async fn refused(server: &Server, wiki: &Application, codes: &[String], marks: &mut Vec<Mark>) {
    let http = browser(server, 0);
    let login = http.get("/login").await.expect(200);
    // LG-06: the password typed as the name, a name nobody has, a wrong password.
    for (name, password) in [(ANA.password, ANA.password), (STRANGER, MISTYPED), (ANA.names[1], MISTYPED)] {
        http.send_form(&login, "/login", &[("name", name), ("password", password)]).await.expect(422);
    }
    let page = at_the_code(&http, ANA.names[1], ANA.password).await;
    http.submit(&page, "/totp", &[("code", "000000")]).await.expect(422);
    let page = http.get(&page.url.path().replace("/totp", "/recovery")).await.expect(200);
    let page = http.submit(&page, "/recovery", &[("code", &codes[0])]).await.expect(200);
    drop(page);
    let again = browser(server, 1);
    let page = at_the_code(&again, ANA.names[1], ANA.password).await;
    let page = again.get(&page.url.path().replace("/totp", "/recovery")).await.expect(200);
    again.submit(&page, "/recovery", &[("code", &codes[0])]).await.expect(422);
    keep_cookies(&http, marks);
    // A form from elsewhere, addresses that do not exist, a token and a client secret nobody gave.
    again.post_form("/login", &[("name", ANA.names[2]), ("password", ANA.password)]).await.expect(403);
    let made_up = "7KQ29-VXM4T-8C0HR-D3MTZ-PW5X8-A";
    marks.push(Mark::secret("a made-up link", made_up));
    for path in ["invite", "reset", "setup"] {
        again.follow(&format!("/{path}/{made_up}")).await.expect(404);
    }
    again.get(&format!("/nothing/{}?who={}", ANA.names[1], ANA.names[1])).await.expect(404);
    again.get(&format!("/authorize?client_id={}&login_hint={}", ANA.names[1], ANA.names[1])).await.expect(400);
    let token = format!("vsa_{}", "Qv9".repeat(14));
    marks.push(Mark::secret("a made-up token", &token));
    assert_eq!(wiki.userinfo(&token).await.status, 401);
    let wrong = crate::support::relying_party::basic(&wiki.client_id, MISTYPED);
    let request = again.request(Method::POST, "/token").header("authorization", &wrong).without("origin");
    request.form(&[("grant_type", "authorization_code"), ("code", &token)]).send().await.expect(401);
    again.request(Method::GET, "/me").header("cookie", &format!("vouchsafe={token}")).send().await;
}

/// An application is given what it asks for.
async fn give(http: &Http, wiki: &Application, marks: &mut Vec<Mark>) {
    let asked = wiki.ask("openid profile email", &[("login_hint", ANA.names[1])]);
    let page = http.follow(asked.url.as_str()).await.expect(200);
    keep_cookies(http, marks);
    let action = page.url.path().replace("/authorize/continue/", "/consent/");
    let back = http.send_form(&page, &action, &[("decision", "allow"), ("claim_email", "yes")]).await.expect(303);
    let code = wiki.code(&asked, &back.location().unwrap());
    marks.push(Mark::token("an authorization code", &code));
    marks.push(Mark::secret("a PKCE verifier", &asked.verifier));
    let (_, tokens) = wiki.exchange(&asked, &code, wall_clock()).await;
    let access = tokens["access_token"].as_str().unwrap();
    marks.push(Mark::token("an access token", access));
    marks.push(Mark::secret("the signature of an ID token", tokens["id_token"].as_str().unwrap().rsplit('.').next().unwrap()));
    let told = wiki.userinfo(access).await.expect(200).json();
    assert_eq!((&told["email"], &told["name"]), (&ANA.names[2].into(), &ANA.names[0].into()));
}

async fn wiki(server: &Server) -> Application {
    let add = ["app", "add", "--name", PLAIN, "--redirect-uri", CALLBACK, "--access", "everyone", "--algorithm", "ES256"];
    let printed = String::from_utf8(server.home().run(&add).stdout).unwrap();
    let word = |label: &str| {
        let line = printed.lines().find_map(|line| line.trim().strip_prefix(label)).unwrap_or_else(|| panic!("{printed}"));
        line.split_whitespace().next().unwrap().to_owned()
    };
    Application::discover(&server.address, &word("client id"), Some(&word("client secret")), CALLBACK).await
}

async fn make_recovery_codes(http: &Http) -> Vec<String> {
    let page = http.get("/me/security/recovery").await.expect(200);
    let page = http.submit(&page, "/me/security/recovery", &[]).await.expect(200);
    let codes = recovery_codes(&page);
    assert_eq!(codes.len(), 10);
    http.submit(&page, "/recovery/codes", &[("kept", "yes")]).await.expect(200);
    codes
}

async fn at_the_code(http: &Http, name: &str, password: &str) -> Answer {
    let page = http.get("/login?again=1").await.expect(200);
    http.submit(&page, "/login", &[("name", name), ("password", password)]).await.expect(200)
}

/// The page of Ben, who is the last in the list of those with this name.
async fn person(http: &Http) -> String {
    let list = http.get("/people").await.expect(200).text();
    let row = list.split("<tr").skip(1).find(|row| row.contains(BEN.names[0])).expect("Ben is in the list");
    row.split('"').find(|part| part.starts_with("/people/")).unwrap().to_owned()
}

fn keep_cookies(http: &Http, marks: &mut Vec<Mark>) {
    for (name, value) in http.cookies() {
        marks.push(Mark::token(&format!("the cookie {name}"), &value));
    }
}

/// The path of the link in the next mail.
async fn in_a_letter(mailbox: &Mailbox) -> String {
    for _ in 0..200 {
        for mail in mailbox.take() {
            let text = mail.text();
            if let Some(link) = text.split_whitespace().find(|word| word.contains("/invite/")) {
                return url::Url::parse(link).unwrap().path().to_owned();
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no mail came");
}

/// Hears everything Redis is told from now on.
fn listen_to(redis: &Redis) -> Arc<Mutex<Vec<u8>>> {
    let url = url::Url::parse(redis.url()).unwrap();
    let mut stream = TcpStream::connect((url.host_str().unwrap(), url.port().unwrap())).unwrap();
    write!(stream, "AUTH {}\r\nMONITOR\r\n", url.password().unwrap()).unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ours = heard.clone();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(stream);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            // The password of Redis itself is no secret of ours; it comes in the first lines only.
            ours.lock().unwrap().append(&mut line);
        }
    });
    heard
}

/// Every key and every value in a Redis.
fn contents(redis: &Redis) -> Vec<u8> {
    let mut conn = redis.connect();
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query(&mut conn).unwrap();
    assert!(keys.len() > 5 && keys.iter().all(|key| key.starts_with("vouchsafe:")), "{keys:?}");
    let mut all = Vec::new();
    for key in keys {
        let kind: String = redis::cmd("TYPE").arg(&key).query(&mut conn).unwrap();
        let values: Vec<Vec<u8>> = match kind.as_str() {
            "hash" => redis::cmd("HGETALL").arg(&key).query(&mut conn),
            "list" => redis::cmd("LRANGE").arg(&key).arg(0).arg(-1).query(&mut conn),
            "zset" => redis::cmd("ZRANGE").arg(&key).arg(0).arg(-1).query(&mut conn),
            "string" => redis::cmd("MGET").arg(&key).query(&mut conn),
            // Gone since the keys were listed.
            "none" => Ok(Vec::new()),
            kind => panic!("{key} is a {kind}"),
        }
        .unwrap();
        all.extend_from_slice(key.as_bytes());
        all.push(b'\n');
        values.into_iter().for_each(|value| {
            all.extend(value);
            all.push(b'\n');
        });
    }
    all
}
