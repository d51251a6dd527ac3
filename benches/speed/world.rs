//! What is measured: a server in a process of its own with an owner who is signed in, people who can sign in, and two
//! applications, one for each algorithm of ID tokens. All of it is made through pages and commands.

use std::process::Output;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use crate::support::Backend;
use crate::support::http::Http;
use crate::support::people::{self, Typed};
use crate::support::ports::free_port;
use crate::support::relying_party::Application;
use crate::support::server::{Home, Server, Start};
use crate::support::totp::Phone;

/// How many people sign in at the same moment in the storm.
pub const STORM: usize = 32;
/// How many sign in one after another before it.
pub const SINGLE: usize = 8;

const PASSWORD: &str = "correct horse battery";

/// Someone who can sign in with a password and an authenticator.
pub struct Person {
    /// The name they type.
    pub username: String,
    phone: Phone,
}

/// The server and everything in it.
pub struct World {
    /// The server, started again on existing data.
    pub server: Server,
    /// The time of the first start, until the first answer.
    pub first_start: Duration,
    /// The time of the start on existing data, until the first answer.
    pub start: Duration,
    /// Everything that is awaited here.
    pub runtime: Runtime,
    /// People.
    pub people: Vec<Person>,
    /// The applications, with ES256 and RS256.
    pub applications: [Application; 2],
    /// The `Cookie` header of the owner's browser.
    pub cookies: String,
}

impl World {
    /// Makes one on a database.
    pub fn make(backend: Backend) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let address = format!("localhost:{}", free_port());
        let (server, first_start) = started(Home::new(backend), &address);
        let owner = Http::new(&server.address);
        let typed = Typed { names: ["Ana Example", "ana", "ana@acme.example"], password: PASSWORD, label: "phone" };
        runtime.block_on(people::come_in(&owner, &server.setup_link(), &typed));
        let people = (0..SINGLE + STORM).map(|number| joined(&runtime, &server, &format!("person{number}"))).collect();
        let applications = ["ES256", "RS256"].map(|algorithm| connected(&runtime, &server, algorithm));
        for application in &applications {
            runtime.block_on(allow(&owner, application));
        }
        let cookies: Vec<String> = owner.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let (home, ..) = server.stop();
        let (server, start) = started(home, &address);
        Self { server, first_start, start, runtime, people, applications, cookies: cookies.join("; ") }
    }

    /// The host and port of the server.
    pub fn host(&self) -> &str {
        self.server.address.strip_prefix("http://").unwrap()
    }
}

impl Person {
    /// Opens the sign-in page in a new browser.
    pub async fn open(&self, server: &str) -> (Http, crate::support::http::Answer) {
        let http = Http::new(server);
        let page = http.get("/login").await.expect(200);
        (http, page)
    }

    /// Signs in on an open sign-in page.
    pub async fn sign_in(&mut self, (http, page): (Http, crate::support::http::Answer)) {
        let page = http.submit(&page, "/login", &[("name", &self.username), ("password", PASSWORD)]).await.expect(200);
        let code = self.phone.code().await;
        http.send_form(&page, "/totp", &[("code", &code)]).await.expect(303);
    }

    /// Waits until there is a code that was not used.
    pub async fn wait_for_code(&self) {
        self.phone.ready().await;
    }
}

fn started(home: Home, address: &str) -> (Server, Duration) {
    let begin = Instant::now();
    // All who sign in are on this machine, and a network may not have so many sign-ins unfinished.
    let server = home.start(&Start::new().listen(address).variable("VOUCHSAFE_SIGN_IN__NETWORK_FAILURES", "1000"));
    crate::wire::Wire::connect(server.address.strip_prefix("http://").unwrap()).get("/jwks.json", &[]).expect(200);
    (server, begin.elapsed())
}

fn printed(output: Output) -> String {
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

fn joined(runtime: &Runtime, server: &Server, username: &str) -> Person {
    let said = printed(server.home().run(&["invite", "--name", "Some Person", "--username", username, "--reason", "speed"]));
    let link = said.split_whitespace().find(|word| word.contains("/invite/")).unwrap_or_else(|| panic!("no link in:\n{said}"));
    let typed = Typed { names: ["Some Person", username, "x@acme.example"], password: PASSWORD, label: "phone" };
    let phone = runtime.block_on(people::come_in(&Http::new(&server.address), link, &typed));
    Person { username: username.to_owned(), phone }
}

fn connected(runtime: &Runtime, server: &Server, algorithm: &str) -> Application {
    let redirect = "https://app.example/callback";
    let name = format!("App {algorithm}");
    let add = ["app", "add", "--name", &name, "--access", "everyone", "--redirect-uri", redirect, "--algorithm", algorithm];
    let said = printed(server.home().run(&add));
    let line = |label: &str| said.lines().find_map(|line| line.trim().strip_prefix(label)?.split_whitespace().next());
    let (id, secret) = (line("client id").unwrap(), line("client secret").unwrap());
    runtime.block_on(Application::discover(&server.address, id, Some(secret), redirect))
}

/// The owner allows an application once; from then on that stands.
async fn allow(owner: &Http, application: &Application) {
    let asked = application.ask("openid profile email", &[]);
    let page = owner.follow(asked.url.as_str()).await.expect(200);
    let action = page.url.path().replace("/authorize/continue/", "/consent/");
    owner.send_form(&page, &action, &[("decision", "allow"), ("claim_email", "yes")]).await.expect(303);
}
