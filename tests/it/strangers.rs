//! Strangers at the rates an attack has, while the owner signs in: by a known device, by a passkey, and at an application by
//! her session. Nothing of hers is refused, and what is kept for strangers stays bounded (TH-06, TH-07, TH-15, SE-19).

use std::cell::Cell;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;

use crate::oidc::code;
use crate::passkeys::{CeremonyForm, at_login, signed_in};
use crate::people::invite;
use crate::support::app::Inside;
use crate::support::authenticator::{Authenticator, Credential};
use crate::support::http::Http;
use crate::support::people::{Ana, PASSWORD};
use crate::support::relying_party::Application;
use crate::support::{Backend, both};

both!(an_owner_signs_in_every_second_whatever_strangers_send);

/// How often the owner signs in by each way while the strangers send.
const ROUNDS: u32 = 6;

/// The strangers, until the owner has done what she wanted.
struct Crowd<'a> {
    server: &'a Inside,
    wiki: &'a Application,
    link: &'a str,
    over: Cell<bool>,
}

impl Crowd<'_> {
    /// Sends again and again, from so many places in parallel; says how many requests it was.
    async fn send(&self, senders: usize, one: impl AsyncFn(usize)) -> usize {
        let sent = Cell::new(0);
        join_all((0..senders).map(async |sender| {
            while !self.over.get() {
                one(sent.replace(sent.get() + 1) * senders + sender).await;
            }
        }))
        .await;
        sent.get()
    }

    /// Long authorization requests from the owner's own network.
    async fn ask_for_authorization(&self) -> usize {
        let junk = "x".repeat(12 * 1024);
        self.send(6, async |_| {
            let asked = self.wiki.ask("openid", &[("state", &junk)]);
            let status = Http::new(&self.server.address).get(asked.url.as_str()).await.status;
            assert!(status < 500, "{status}");
        })
        .await
    }

    /// Sign-out requests of one ordinary session, each with a long state.
    async fn ask_to_sign_out(&self, http: &Http) -> usize {
        let path = format!("/logout?client_id={}&state={}", self.wiki.client_id, "x".repeat(8 * 1024));
        self.send(4, async |_| drop(http.get(&path).await)).await
    }

    /// Wrong passwords from a network of their own each.
    async fn guess(&self) -> usize {
        let http = Http::new(&self.server.address);
        let form = http.get("/login").await.expect(200).form("/login");
        self.send(12, async |number| {
            let fields = form.filled(&[("name", &format!("n{number}")), ("password", "not a password of anybody")]);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let address = address_of(number);
            let answer = http.request(Method::POST, "/login").header("x-forwarded-for", &address).form(&fields).send().await;
            assert!([422, 429, 503].contains(&answer.status), "{}", answer.status);
        })
        .await
    }

    /// One unused invitation, begun in one browser after the other.
    async fn begin_enrolments(&self) -> usize {
        self.send(2, async |_| {
            let http = Http::new(&self.server.address);
            let page = http.follow(self.link).await.expect(200);
            http.submit(&page, page.url.path(), &[]).await.expect(200);
        })
        .await
    }

    /// Passkey sign-ins that are begun and not finished, from a network of their own each.
    async fn begin_passkeys(&self) -> usize {
        let (http, ceremony) = at_login(self.server).await;
        self.send(6, async |number| {
            let request = http.request(Method::POST, &ceremony.start).header("x-form-token", &ceremony.token);
            let address = address_of(number);
            let answer = request.header("x-forwarded-for", &address).json(&serde_json::json!({})).send().await;
            assert_eq!(answer.status, 200, "{}", answer.text());
        })
        .await
    }
}

/// An address in a /48 that no other number has.
fn address_of(number: usize) -> String {
    format!("2001:{:x}:{:x}::1", 0xdb8 + number / 65_536, number % 65_536)
}

/// The owner's browsers: two that have signed her in before, and one that is signed in.
struct Owner {
    ana: Ana,
    desk: Http,
    phone: Http,
    credential: Credential,
    /// An invitation that she made.
    link: String,
}

impl Owner {
    async fn of(server: &Inside) -> Self {
        let ana = Ana::arrive(server).await;
        let link = invite(&ana, &[]).await;
        let ceremony = CeremonyForm::on(&ana.http.get("/me/security/passkeys/add").await.expect(200));
        let options = ceremony.begin(&ana.http).await;
        let (answer, credential) = Authenticator::synced().create(&options, &server.address).finish();
        ceremony.end(&ana.http, &answer).await.expect(200);
        let (desk, phone) = (Http::new(&server.address), Http::new(&server.address));
        for http in [&desk, &phone] {
            ana.sign_in(server, http, "/login").await.expect(200);
        }
        Self { ana, desk, phone, credential, link }
    }

    /// Signs in by each way once; nothing may be refused. `used` counts the passkey's uses.
    async fn round(&self, server: &Inside, wiki: &Application, used: u32) {
        // The dialog of the known phone stays open while she does the rest.
        let dialog = CeremonyForm::on(&self.phone.get("/login?again=1").await.expect(200));
        let open = dialog.begin(&self.phone).await;
        let page = self.desk.get("/login?again=1").await.expect(200);
        let page = self.desk.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
        let page = self.desk.submit(&page, "/totp", &[("code", &self.ana.code(server))]).await.expect(200);
        assert_eq!(page.url.path(), "/me", "{}", page.words());
        code(&self.ana.http, wiki, "openid profile", &[]).await;
        // From a browser that nobody knows, in the network that sends so much.
        let (elsewhere, ceremony) = at_login(server).await;
        let options = ceremony.begin(&elsewhere).await;
        let answer = self.credential.get(&options, &server.address).counter(2 * used).finish();
        assert!(signed_in(&ceremony.end(&elsewhere, &answer).await));
        let answer = self.credential.get(&open, &server.address).counter(2 * used + 1).finish();
        assert!(signed_in(&dialog.end(&self.phone, &answer).await));
    }
}

async fn an_owner_signs_in_every_second_whatever_strangers_send(backend: Backend) {
    let server = Inside::with(backend, &[("server.trusted_proxies", "127.0.0.1"), ("password.queue", "16")]).await;
    let owner = Owner::of(&server).await;
    let wiki = server.register("Wiki").await;
    code(&owner.ana.http, &wiki, "openid profile", &[]).await;
    let ordinary = Http::new(&server.address);
    owner.ana.sign_in(&server, &ordinary, "/login").await.expect(200);
    let crowd = Crowd { server: &server, wiki: &wiki, link: &owner.link, over: Cell::new(false) };
    let begun = Instant::now();
    let signs_in = async {
        let mut slowest = Duration::ZERO;
        for used in 1..=ROUNDS {
            let start = Instant::now();
            owner.round(&server, &wiki, used).await;
            slowest = slowest.max(start.elapsed());
            server.pass(31);
        }
        crowd.over.set(true);
        slowest
    };
    let (slowest, authorizations, sign_outs, guesses, enrolments, passkeys) = tokio::join!(
        signs_in,
        crowd.ask_for_authorization(),
        crowd.ask_to_sign_out(&ordinary),
        crowd.guess(),
        crowd.begin_enrolments(),
        crowd.begin_passkeys(),
    );
    println!(
        "{authorizations} authorization requests, {sign_outs} sign-outs, {guesses} guesses, {enrolments} enrolments and {passkeys} passkey \
         sign-ins of strangers in {:?}; {} sign-ins of the owner, the slowest round took {slowest:?}",
        begun.elapsed(),
        4 * ROUNDS
    );
    assert!([authorizations, sign_outs, guesses, enrolments, passkeys].iter().all(|sent| *sent > 0), "every attack was tried");
    // After all of it a stranger signs in for the first time, too.
    owner.ana.sign_in(&server, &Http::new(&server.address), "/login").await.expect(200);
}
