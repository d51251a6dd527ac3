//! Strangers at the landing page: hours of guessing that neither let anybody in nor keep the owner out, at every entry the same.

use reqwest::Method;
use vouchsafe::web::routes::{Lock, ROUTES};

use crate::passkeys::{CeremonyForm, at_login, signed_in};
use crate::support::app::Inside;
use crate::support::authenticator::{Authenticator, Credential};
use crate::support::http::{Answer, Form, Http};
use crate::support::people::{Ana, PASSWORD};
use crate::support::{Backend, both};

both!(an_hour_of_strangers_keeps_the_owner_from_nothing, every_entry_for_a_password_has_the_same_count);

const WRONG: &str = "not her password at all";

/// A browser of a stranger, the sign-in page open, at an address of its own.
struct Stranger {
    http: Http,
    form: Form,
    address: String,
}

impl Stranger {
    async fn at(server: &Inside, number: usize) -> Self {
        let http = Http::new(&server.address);
        let form = http.get("/login").await.expect(200).form("/login");
        Self { http, form, address: format!("198.51.{}.{}", number / 250, number % 250 + 1) }
    }
    async fn guess(&self, name: &str, password: &str) -> Answer {
        let fields = self.form.filled(&[("name", name), ("password", password)]);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.http.request(Method::POST, "/login").header("x-forwarded-for", &self.address).form(&fields).send().await
    }
}

async fn add_passkey(server: &Inside, ana: &Ana, authenticator: &Authenticator) -> Credential {
    let ceremony = CeremonyForm::on(&ana.http.get("/me/security/passkeys/add").await.expect(200));
    let options = ceremony.begin(&ana.http).await;
    let (answer, credential) = authenticator.create(&options, &server.address).finish();
    ceremony.end(&ana.http, &answer).await.expect(200);
    credential
}

/// TH-01, TH-06, TH-07: thirty wrong passwords a minute from as many networks, by every spelling of the name, for an hour.
async fn an_hour_of_strangers_keeps_the_owner_from_nothing(backend: Backend) {
    let server = Inside::with(backend, &[("server.trusted_proxies", "127.0.0.1")]).await;
    let ana = Ana::arrive(&server).await;
    let authenticator = Authenticator::synced();
    let credential = add_passkey(&server, &ana, &authenticator).await;
    let mut strangers = Vec::new();
    for number in 0..30 {
        strangers.push(Stranger::at(&server, number).await);
    }
    for minute in 0..60 {
        for (number, stranger) in strangers.iter().enumerate() {
            let name = ["ana", "ANA ", "ana@acme.example"][number % 3];
            let status = stranger.guess(name, WRONG).await.status;
            assert!([422, 429].contains(&status), "minute {minute}: {status}");
        }
        if minute % 15 == 14 {
            // From her own machine by password and code, and from any other by passkey.
            let page = ana.http.get("/login?again=1").await.expect(200);
            let page = ana.http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
            let page = ana.http.submit(&page, "/totp", &[("code", &ana.code(&server))]).await.expect(200);
            assert_eq!(page.url.path(), "/me", "minute {minute}: {}", page.words());
            let (elsewhere, ceremony) = at_login(&server).await;
            let options = ceremony.begin(&elsewhere).await;
            let used = u32::try_from(minute).unwrap();
            let answer = credential.get(&options, &server.address).counter(used).finish();
            assert!(signed_in(&ceremony.end(&elsewhere, &answer).await), "minute {minute}");
        }
        server.pass(60);
    }
    // Nor would the right password from out there have been looked at.
    assert!([422, 429].contains(&strangers[0].guess("ana", PASSWORD).await.status));
}

/// The posts that take something which can be guessed, and what. A test that walks the table makes sure that it is whole.
const GUESSED_AT: &[(&str, &str)] = &[
    ("/login", "password"),
    ("/reauthenticate", "password"),
    ("/me/security/password", "password"),
    ("/login/{id}/totp", "code"),
    ("/login/{id}/recovery", "recovery code"),
];

/// Those that take a secret made a moment before, on the same page, which its own few tries guard.
const NEW_SECRETS: &[&str] = &["/enrolment/{id}/password", "/enrolment/{id}/totp", "/me/security/authenticators/add"];

/// TH-05, TH-14: anyone who adds a post says here whether it takes a guess.
#[test]
fn every_post_that_takes_a_secret_is_known() {
    let posts = ROUTES.iter().filter(|route| route.lock == Lock::Form).map(|route| route.path);
    let takes =
        |path: &&str| path.ends_with("password") || path.ends_with("totp") || path.contains("authenticators") || path.ends_with("recovery");
    let named: Vec<&str> = posts.filter(takes).filter(|path| !NEW_SECRETS.contains(path)).collect();
    // These make recovery codes and take none.
    let makes = ["/enrolment/{id}/recovery", "/me/security/recovery"];
    for path in named.into_iter().filter(|path| !makes.contains(path)) {
        assert!(GUESSED_AT.iter().any(|(known, _)| *known == path), "{path}");
    }
    for (path, _) in GUESSED_AT {
        assert!(ROUTES.iter().any(|route| route.path == *path && route.method.as_str() == "POST"), "{path} is not there");
    }
}

/// Ana's browsers, none of them known as hers: signed in just now, and a while ago.
struct Browsers {
    recent: Http,
    old: Http,
}

impl Browsers {
    async fn of(server: &Inside, ana: &Ana) -> Self {
        let sign_in = async || {
            let http = Http::new(&server.address);
            ana.sign_in(server, &http, "/login").await.expect(200);
            let device = http.cookies().into_keys().find(|name| name.ends_with("-device")).unwrap();
            http.forget(&device);
            http
        };
        let old = sign_in().await;
        server.pass(16 * 60);
        Self { recent: sign_in().await, old }
    }
    /// Tries a password at one of the entries.
    async fn enter(&self, server: &Inside, entry: &str, password: &str) -> Answer {
        match entry {
            "/login" => Stranger::at(server, 1).await.guess("ana", password).await,
            "/reauthenticate" => {
                let page = self.old.get("/reauthenticate?to=/me/security/password").await.expect(200);
                self.old.send_form(&page, "/reauthenticate", &[("password", password)]).await
            }
            _ => {
                let page = self.recent.get(entry).await.expect(200);
                self.recent.send_form(&page, entry, &[("current_password", password), ("new_password", "another good phrase")]).await
            }
        }
    }
}

/// TH-05: a password that was used up at one entry is looked at by none.
async fn every_entry_for_a_password_has_the_same_count(backend: Backend) {
    let entries: Vec<&str> = GUESSED_AT.iter().filter(|(_, what)| *what == "password").map(|(path, _)| *path).collect();
    for first in &entries {
        let server = Inside::start(backend).await;
        let ana = Ana::arrive(&server).await;
        let browsers = Browsers::of(&server, &ana).await;
        let mut status = 0;
        for _ in 0..7 {
            status = browsers.enter(&server, first, WRONG).await.status;
        }
        assert_eq!(status, 429, "{first}");
        for other in entries.iter().filter(|other| *other != first) {
            let answer = browsers.enter(&server, other, PASSWORD).await;
            assert!([422, 429].contains(&answer.status), "used up at {first}, let in at {other}: {}", answer.status);
        }
        // A pause is a pause: it ends.
        server.pass(15 * 60 + 1);
        assert_eq!(Stranger::at(&server, 2).await.guess("ana", PASSWORD).await.status, 303, "{first}");
    }
}
