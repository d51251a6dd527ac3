//! What was true when a request began and is not when it is done: slow bodies, half-finished sign-ins.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use vouchsafe::domain::audit::Kind;
use vouchsafe::domain::session;
use vouchsafe::kernel::Timestamp;
use vouchsafe::platform::crypto::token::{SessionCookie, Token};

use crate::passkeys::CeremonyForm;
use crate::people::{almost_in, come_in, entries, invite, link_on, page_of};
use crate::support::app::Inside;
use crate::support::authenticator::Authenticator;
use crate::support::http::{Answer, Http};
use crate::support::people::{Ana, PASSWORD};
use crate::support::{Backend, HANGS, both, totp};

both!(a_slow_body_outlives_no_end_of_its_session, who_is_switched_off_invites_nobody_any_more);
both!(a_parked_sign_in_binds_nothing_after_the_password_is_another, a_recovery_code_leads_no_administrator_to_a_passkey);

/// A post whose head has arrived and been believed, and whose body lacks its last byte.
struct Slow(TcpStream, u8);

impl Slow {
    async fn post(http: &Http, server: &Inside, path: &str, kind: &str, headers: &str, body: &str) -> Self {
        let port = server.settings.origin().port();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let cookies: Vec<String> = http.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let (most, last) = body.split_at(body.len() - 1);
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\nSec-Fetch-Site: same-origin\r\n\
             Cookie: {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{most}",
            cookies.join("; "),
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        Self(stream, last.as_bytes()[0])
    }

    /// Waits until the head was believed: the guard writes down that the session is in use, or its rights.
    async fn is_believed(&self, http: &Http, server: &Inside, used: fn(&session::Session) -> Option<Timestamp>) {
        let cookie = http.cookies().into_values().find(|value| value.starts_with("vss_")).unwrap();
        let cookie = Token::<SessionCookie>::parse(&cookie).unwrap().hash();
        let (limits, deadline) = (server.session_limits(), Instant::now() + HANGS);
        loop {
            let session = server.read(move |w| session::find_live(w, &cookie, limits)).await.unwrap().unwrap();
            if used(&session) == Some(server.time()) {
                return;
            }
            assert!(Instant::now() < deadline, "the head of the request was not believed");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Sends the last byte; returns the status.
    async fn end(mut self) -> u16 {
        self.0.write_all(&[self.1]).await.unwrap();
        let mut answer = Vec::new();
        self.0.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap().parse().unwrap()
    }
}

/// SE-08, SE-10, WA-72: a thief in a stolen session half-sends a passkey; the owner changes the password and ends all others.
async fn a_slow_body_outlives_no_end_of_its_session(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let thief = Http::new(&server.address);
    ana.sign_in(&server, &thief, "/login").await.expect(200);
    let ceremony = CeremonyForm::on(&thief.get("/me/security/passkeys/add").await.expect(200));
    let options = ceremony.begin(&thief).await;
    let (answer, _) = Authenticator::synced().create(&options, &server.address).finish();
    let headers = format!("X-Form-Token: {}\r\nAccept: application/json\r\n", ceremony.token);
    server.pass(61);
    let slow = Slow::post(&thief, &server, &ceremony.finish, "application/json", &headers, &answer.to_string()).await;
    slow.is_believed(&thief, &server, |session| Some(session.last_used_at)).await;
    let page = ana.http.get("/me/security/password").await.expect(200);
    let typed = [("current_password", PASSWORD), ("new_password", "another good phrase"), ("end_others", "yes")];
    ana.http.submit(&page, "/me/security/password", &typed).await.expect(200);
    thief.get("/me").await.expect(303);
    slow.end().await;
    assert_eq!(entries(&server, "ana", Kind::PasskeyAdded).await, 0);
}

/// SE-09, EN-15: an owner half-sends an invitation of another owner and is switched off.
async fn who_is_switched_off_invites_nobody_any_more(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (ben, _) = come_in(&server, &invite(&ana, &[("role", "owner")]).await).await;
    let token = ben.get("/people/invite").await.expect(200).form("/people/invite").value("form_token").unwrap().to_owned();
    let fields = [("form_token", token.as_str()), ("name", "Eve"), ("username", "eve"), ("reason", "x"), ("role", "owner")];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    server.pass(61);
    let slow = Slow::post(&ben, &server, "/people/invite", "application/x-www-form-urlencoded", "", &body).await;
    slow.is_believed(&ben, &server, |session| session.rights_used_at).await;
    let person = page_of(&ana, "Ben Example").await;
    let ask = ana.http.get(&format!("{}/disable", person.url.path())).await.expect(200);
    ana.http.submit(&ask, "/disable", &[("reason", "Left")]).await.expect(200);
    assert_eq!(slow.end().await, 303);
    let list = ana.http.get("/people").await.expect(200).words();
    assert!(!list.contains("Eve"), "{list}");
}

/// A new browser that proved password and code for an application that wants a passkey: the page that makes one.
async fn parked(server: &Inside, ana: &Ana) -> (Http, CeremonyForm) {
    let wiki = server.register("Wiki").await;
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["phr"]}}}"#;
    let http = Http::new(&server.address);
    let page = ana.sign_in(server, &http, wiki.ask("openid", &[("claims", essential)]).url.as_str()).await.expect(200);
    assert!(page.url.path().ends_with("/passkey"), "{}", page.url);
    (http, CeremonyForm::on(&page))
}

async fn make(server: &Inside, http: &Http, ceremony: &CeremonyForm) -> Answer {
    let begun = http.post_json(&ceremony.start, &ceremony.token, &serde_json::json!({})).await;
    if begun.status != 200 {
        return begun;
    }
    let begun = begun.json();
    let options = begun["publicKey"].clone();
    let (answer, _) = Authenticator::synced().create(&options, &server.address).finish();
    ceremony.end(http, &answer).await
}

/// SE-10, SE-13, RC-07: what was proved with the old password, or before the ways were made anew, or long ago, binds no
/// passkey.
async fn a_parked_sign_in_binds_nothing_after_the_password_is_another(backend: Backend) {
    let in_time = async |server: &Inside, http: &Http, ceremony: &CeremonyForm| {
        let answer = make(server, http, ceremony).await;
        (answer.set_cookies().iter().any(|cookie| cookie.contains("=vss_")), entries(server, "ana", Kind::PasskeyAdded).await)
    };
    // Nothing happened meanwhile: it works.
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (http, ceremony) = parked(&server, &ana).await;
    assert_eq!(in_time(&server, &http, &ceremony).await, (true, 1));

    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (http, ceremony) = parked(&server, &ana).await;
    let page = ana.http.get("/me/security/password").await.expect(200);
    let typed = [("current_password", PASSWORD), ("new_password", "another good phrase")];
    ana.http.submit(&page, "/me/security/password", &typed).await.expect(200);
    assert_eq!(in_time(&server, &http, &ceremony).await, (false, 0), "the password was changed");

    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (http, ceremony) = parked(&server, &ana).await;
    server.pass(15 * 60);
    assert_eq!(in_time(&server, &http, &ceremony).await, (false, 0), "the proofs are old");

    // Someone without a role, whose ways were made anew by a link.
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (_, key) = come_in(&server, &invite(&ana, &[]).await).await;
    let wiki = server.register("Wiki").await;
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["phr"]}}}"#;
    let http = Http::new(&server.address);
    let page = http.follow(wiki.ask("openid", &[("claims", essential)]).url.as_str()).await.expect(200);
    let page = http.submit(&page, "/login", &[("name", "ben"), ("password", PASSWORD)]).await.expect(200);
    let page = http.submit(&page, "/totp", &[("code", &totp::code(&key, server.time()))]).await.expect(200);
    let ceremony = CeremonyForm::on(&page);
    server.pass(1);
    let person = page_of(&ana, "Ben Example").await;
    let ask = ana.http.get(&format!("{}/reset", person.url.path())).await.expect(200);
    let link = link_on(&ana.http.submit(&ask, "/reset", &[("reason", "Seen in person")]).await.expect(200));
    let (again, page) = almost_in(&server, &link).await;
    let code = totp::code(&crate::support::people::key_on(&page), server.time());
    again.submit(&page, "/totp", &[("code", &code), ("label", "new")]).await.expect(200);
    assert!(make(&server, &http, &ceremony).await.set_cookies().iter().all(|cookie| !cookie.contains("=vss_")));
    assert_eq!(entries(&server, "ben", Kind::PasskeyAdded).await, 0, "the ways were made anew");
}

/// AA-09, EN-15: an application that wants a passkey does not turn an administrator's recovery code into one.
async fn a_recovery_code_leads_no_administrator_to_a_passkey(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let codes = ana.make_recovery_codes().await;
    let wiki = server.register("Wiki").await;
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["phr"]}}}"#;
    let http = Http::new(&server.address);
    let page = http.follow(wiki.ask("openid", &[("claims", essential)]).url.as_str()).await.expect(200);
    let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    assert!(page.url.path().ends_with("/totp") && !page.words().contains("Use a recovery code"), "{}", page.words());
    let form = page.form("/totp");
    let (token, step) = (form.value("form_token").unwrap(), form.value("step").unwrap());
    let path = page.url.path().replace("/totp", "/recovery");
    let fields = [("form_token", token), ("step", step), ("code", codes[0].as_str())];
    let answer = http.post_form(&path, &fields).await;
    assert!(answer.set_cookies().iter().all(|cookie| !cookie.contains("=vss_")));
    http.get(&page.url.path().replace("/totp", "/passkey").replace("/login/", "/enrolment/")).await;
    assert_eq!(entries(&server, "ana", Kind::RecoveryCodeUsed).await, 0, "nor is one spent for nothing");
}
