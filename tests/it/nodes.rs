//! Several servers on one Postgres and one Redis: a sign-in begun at one ends at another, of everything that can be used
//! once one use wins wherever it is sent, and losing one server loses nothing.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::people::invite_from;
use crate::support::Backend;
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::{ANA, Ana, PASSWORD, come_in, key_on, recovery_codes};
use crate::support::process::signal;
use crate::support::relying_party::{Application, Asked};
use crate::support::rows::rows;
use crate::support::server::{Home, Server, Start};
use crate::support::totp::Phone;
use crate::support::wall_clock;

const PUBLIC: &str = "https://auth.acme.example";
const CALLBACK: &str = "https://wiki.acme.example/callback";
const MANY: usize = 50;

/// Two real servers with one key, begun together on an empty database.
struct Pair {
    servers: [Server; 2],
    addresses: Vec<SocketAddr>,
}

impl Pair {
    fn start() -> Self {
        let key = data_encoding::HEXLOWER.encode(&crate::support::authenticator::random::<32>());
        let home = Home::new(Backend::Postgres)
            .variable("VOUCHSAFE_KEYS__MASTER", &key)
            .variable("VOUCHSAFE_SERVER__PUBLIC_URL", PUBLIC)
            .variable("VOUCHSAFE_SIGN_IN__FREE_FAILURES", "20")
            .variable("VOUCHSAFE_SIGN_IN__NETWORK_FAILURES", "10000")
            .variable("VOUCHSAFE_PASSWORD__QUEUE", "256");
        let other = home.beside();
        let other = std::thread::spawn(move || other.start(&Start::new()));
        let servers = [home.start(&Start::new()), other.join().unwrap()];
        let addresses = servers.iter().map(Server::socket).collect();
        Self { servers, addresses }
    }

    /// A browser whose requests go to each in turn.
    fn http(&self) -> Http {
        Http::in_turn(PUBLIC, &self.addresses)
    }

    /// A browser whose requests go to one.
    fn http_at(&self, node: usize) -> Http {
        Http::through(PUBLIC, self.addresses[node])
    }

    /// Ana comes in by the link that one of them printed. Of two links made in the same moment the later is good.
    async fn ana(&self) -> (Http, Phone) {
        let http = self.http();
        for server in &self.servers {
            let link = server.printed().split_whitespace().find(|word| word.contains("/setup/")).unwrap().to_owned();
            if http.follow(&link).await.status == 200 {
                let phone = come_in(&http, &link, &ANA).await;
                return (http, phone);
            }
        }
        panic!("neither link works");
    }

    async fn wiki(&self) -> Application {
        let add = ["app", "add", "--name", "Wiki", "--redirect-uri", CALLBACK, "--access", "everyone", "--algorithm", "ES256"];
        let output = self.servers[0].home().run(&add);
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
        let word = |label: &str| {
            let line = printed.lines().find_map(|line| line.trim().strip_prefix(label)).unwrap_or_else(|| panic!("{printed}"));
            line.split_whitespace().next().unwrap().to_owned()
        };
        Application::discover_by(self.http(), PUBLIC, &word("client id"), Some(&word("client secret")), CALLBACK).await
    }
}

/// Name and password; the answer is the page for the code.
async fn at_the_code(http: &Http) -> Answer {
    let page = http.get("/login").await.expect(200);
    http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200)
}

async fn allowed(http: &Http, wiki: &Application) -> (Asked, String) {
    let asked = wiki.ask("openid profile", &[]);
    let page = http.follow(asked.url.as_str()).await;
    let back = if page.status == 303 {
        page
    } else {
        let action = page.url.path().replace("/authorize/continue/", "/consent/");
        http.send_form(&page, &action, &[("decision", "allow")]).await.expect(303)
    };
    let code = wiki.code(&asked, &back.location().unwrap());
    (asked, code)
}

fn signed_in(answer: &Answer) -> bool {
    answer.set_cookies().iter().any(|cookie| cookie.contains("=vss_"))
}

/// Everything that is made at a first start is made once, by whichever server was faster, and both go on with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_begin_together_on_an_empty_database() {
    let pair = Pair::start();
    let url = pair.servers[0].home().database_url();
    let (ana, _) = pair.ana().await;
    for node in &pair.addresses {
        ana.only(std::slice::from_ref(node));
        ana.get("/me").await.expect(200);
        let keys = ana.get("/jwks.json").await.expect(200).json();
        let kids: Vec<&str> = keys["keys"].as_array().unwrap().iter().filter_map(|key| key["kid"].as_str()).collect();
        assert!(kids.len() >= 2, "{keys}");
        for published in kids {
            ana.only(&pair.addresses);
            let both = [ana.get("/jwks.json").await.text(), ana.get("/jwks.json").await.text()];
            assert!(both.iter().all(|keys| keys.contains(published)), "{published} is known to one only");
        }
    }
    // The service's key, and that of Ana and of this month.
    let counted = rows(&url);
    for (table, most) in [("service", 1), ("index_keys", 1), ("data_keys", 3), ("signing_keys", 3), ("persons", 1), ("passwords", 1)] {
        assert!((1..=most).contains(&counted[table]), "{table}: {counted:?}");
    }
    for server in pair.servers {
        let (_, status, printed) = server.stop();
        assert!(status.success() && !printed.contains("ERROR"), "{printed}");
    }
}

/// SE-18, TH-11: each request of one sign-in goes to the other server than the one before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_serve_one_sign_in_between_them() {
    let pair = Pair::start();
    let (_, mut phone) = pair.ana().await;
    let wiki = pair.wiki().await;
    let http = pair.http();
    let asked = wiki.ask("openid profile", &[]);
    let page = http.follow(asked.url.as_str()).await.expect(200);
    let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    let page = http.submit(&page, "/totp", &[("code", &phone.code().await)]).await.expect(200);
    assert!(page.words().contains("Wiki wants to access your account"), "{}", page.words());
    let action = page.url.path().replace("/authorize/continue/", "/consent/");
    let back = http.send_form(&page, &action, &[("decision", "allow")]).await.expect(303);
    let code = wiki.code(&asked, &back.location().unwrap());
    let (_, tokens) = wiki.exchange(&asked, &code, wall_clock()).await;
    let access = tokens["access_token"].as_str().unwrap().to_owned();
    for _ in &pair.addresses {
        wiki.userinfo(&access).await.expect(200);
        http.get("/me").await.expect(200);
    }
    // SE-09: ended at one, dead at the other with the very next request.
    http.only(&pair.addresses[..1]);
    let stolen = pair.http_at(1);
    for (name, value) in http.cookies() {
        stolen.set_cookie(&name, &value);
    }
    stolen.get("/me").await.expect(200);
    let page = http.get("/logout").await.expect(200);
    http.send_form(&page, "/logout/confirm", &[("scope", "here")]).await.expect(303);
    assert_eq!(stolen.get("/me").await.expect(303).location().unwrap().path(), "/login");
    assert_eq!((wiki.userinfo(&access).await.status, wiki.userinfo(&access).await.status), (401, 401));
}

/// TH-11: one server is killed between the password and the code.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_is_killed_in_the_middle_of_a_sign_in() {
    let pair = Pair::start();
    let (ana, mut phone) = pair.ana().await;
    let wiki = pair.wiki().await;
    let (asked, code) = allowed(&ana, &wiki).await;
    let http = pair.http_at(0);
    let page = at_the_code(&http).await;
    signal("KILL", pair.servers[0].id());
    for browser in [&http, &ana] {
        browser.only(&pair.addresses[1..]);
    }
    let answer = http.send_form(&page, "/totp", &[("code", &phone.code().await)]).await.expect(303);
    assert!(signed_in(&answer), "nothing was lost");
    http.get("/me").await.expect(200);
    ana.get("/me").await.expect(200);
    let survivor = Http::through(PUBLIC, pair.addresses[1]);
    let secret = wiki.secret.as_deref();
    let wiki = Application::discover_by(survivor, PUBLIC, &wiki.client_id, secret, CALLBACK).await;
    wiki.exchange(&asked, &code, wall_clock()).await;
}

/// Sends the same thing fifty times in parallel, to both servers alike.
async fn at_once<F>(make: impl Fn(usize) -> F) -> Vec<Answer>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let mut set = tokio::task::JoinSet::new();
    for number in 0..MANY {
        set.spawn(make(number));
    }
    set.join_all().await
}

/// TH-04, OT-01, OT-10, OA-26, EN-03: of fifty uses spread over both servers one wins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_works_once_works_once_on_two_servers() {
    let pair = Arc::new(Pair::start());
    let (ana, mut phone) = pair.ana().await;
    let page = ana.get("/me/security/recovery").await.expect(200);
    let page = ana.submit(&page, "/me/security/recovery", &[]).await.expect(200);
    let codes = recovery_codes(&page);
    ana.submit(&page, "/recovery/codes", &[("kept", "yes")]).await.expect(200);

    // One authorization code. The second presentation revokes what the first gave.
    let wiki = Arc::new(pair.wiki().await);
    let (asked, code) = allowed(&ana, &wiki).await;
    let fields = wiki.token_fields(&asked, &code);
    let answers = at_once(|_| {
        let (wiki, fields) = (wiki.clone(), fields.clone());
        async move { wiki.token(&fields).await }
    })
    .await;
    let won: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(won.len(), 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    let token = won[0].json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(wiki.userinfo(&token).await.status, 401);

    // One invitation: ten people hold it, each posts five times.
    let link = invite_from(&ana, &[]).await;
    let mut guests = Vec::new();
    for _ in 0..10 {
        let http = pair.http();
        let page = http.follow(&link).await.expect(200);
        let page = http.submit(&page, "/invite", &[]).await.expect(200);
        let page = http.submit(&page, "/method", &[("method", "password")]).await.expect(200);
        let page = http.submit(&page, "/password", &[("password", PASSWORD)]).await.expect(200);
        let code = Phone::new(key_on(&page)).code().await;
        guests.push(Arc::new((http, page, code)));
    }
    let answers = at_once(|number| {
        let guest = guests[number % guests.len()].clone();
        async move { guest.0.send_form(&guest.1, "/totp", &[("code", &guest.2), ("label", "phone")]).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| signed_in(answer)).count(), 1, "invitation");

    // One authenticator code, and one recovery code: fifty browsers know Ana's password.
    let mut browsers = Vec::new();
    for _ in 0..MANY {
        let http = pair.http();
        let page = at_the_code(&http).await;
        browsers.push(Arc::new((http, page)));
    }
    let code = phone.code().await;
    let answers = at_once(|number| {
        let (browser, code) = (browsers[number].clone(), code.clone());
        async move { browser.0.send_form(&browser.1, "/totp", &[("code", &code)]).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| signed_in(answer)).count(), 1, "authenticator code");
    let mut browsers = Vec::new();
    for _ in 0..MANY {
        let http = pair.http();
        let page = at_the_code(&http).await;
        let page = http.get(&page.url.path().replace("/totp", "/recovery")).await.expect(200);
        browsers.push(Arc::new((http, page)));
    }
    let answers = at_once(|number| {
        let (browser, code) = (browsers[number].clone(), codes[0].clone());
        async move { browser.0.send_form(&browser.1, "/recovery", &[("code", &code)]).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| signed_in(answer)).count(), 1, "recovery code");
    assert!(answers.iter().all(|answer| matches!(answer.status, 303 | 422 | 429 | 503)), "nothing else happened");
}

/// SE-18, TH-11: the password at one node; that node ends; the code at another.
#[tokio::test]
async fn a_node_ends_between_the_password_and_the_code() {
    let server = Inside::start(Backend::Postgres).await;
    let ana = Ana::arrive(&server).await;
    let http = Http::new(&server.address);
    let page = http.get("/login").await.expect(200);
    let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    let code = ana.code(&server);
    let server = server.replaced().await;
    let answer = http.send_form(&page, "/totp", &[("code", &code)]).await.expect(303);
    assert!(signed_in(&answer), "signed in");
    assert_eq!(http.get("/me").await.status, 200);
    assert_eq!(ana.http.get("/me").await.status, 200, "and who was signed in still is");
    drop(server);
}

/// TH-03, TH-11: a node that begins anew has forgotten no failure.
#[tokio::test]
async fn failures_at_one_node_count_at_the_next() {
    let mut server = Inside::start(Backend::Postgres).await;
    let _ana = Ana::arrive(&server).await;
    let mut paused = false;
    for _ in 0..7 {
        let http = Http::new(&server.address);
        let page = http.get("/login").await.expect(200);
        let answer = http.send_form(&page, "/login", &[("name", "ana"), ("password", "wrong wrong wrong")]).await;
        paused = answer.status == 429;
        server = server.replaced().await;
    }
    assert!(paused);
}
