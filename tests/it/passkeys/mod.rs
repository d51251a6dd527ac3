//! Passkeys against an authenticator that lies, through the same addresses a browser uses, on both databases.

mod ceremonies;
mod login;
mod registration;
mod second_step;

use serde_json::{Value as Json, json};

use crate::support::app::Inside;
use crate::support::authenticator::{Authenticator, Credential};
use crate::support::http::{Answer, Http};

/// The passkey part of a page: where its ceremony starts and finishes, and the form token.
pub struct CeremonyForm {
    /// Where it starts.
    pub start: String,
    /// Where it finishes.
    pub finish: String,
    /// The form token.
    pub token: String,
}

impl CeremonyForm {
    /// Reads it off a page.
    pub fn on(page: &Answer) -> Self {
        let attribute = |name: &str| page.attribute(name).unwrap_or_else(|| panic!("no {name} on {}:\n{}", page.url, page.words()));
        Self { start: attribute("data-start"), finish: attribute("data-finish"), token: attribute("data-token") }
    }
    /// Asks for options.
    pub async fn begin(&self, http: &Http) -> Json {
        let begun = http.post_json(&self.start, &self.token, &json!({})).await.expect(200).json();
        begun.get("publicKey").unwrap_or_else(|| panic!("no options: {begun}")).clone()
    }
    /// Sends an answer.
    pub async fn end(&self, http: &Http, answer: &Json) -> Answer {
        http.post_json(&self.finish, &self.token, answer).await
    }
    /// Sends any bytes as an answer.
    pub async fn end_with(&self, http: &Http, body: &[u8]) -> Answer {
        let request = http.request(reqwest::Method::POST, &self.finish).header("x-form-token", &self.token);
        request.body("application/json", body.to_vec()).send().await
    }
}

/// Whether an answer signs someone in.
pub fn signed_in(answer: &Answer) -> bool {
    answer.status == 200 && answer.set_cookies().iter().any(|cookie| cookie.contains("=vss_"))
}

/// Fails unless this was refused, with nothing given away.
#[track_caller]
pub fn refused(what: &str, answer: &Answer) {
    assert!((400..500).contains(&answer.status), "the lie about {what} was answered with {}: {}", answer.status, answer.text());
    assert!(!signed_in(answer), "the lie about {what} signed in");
    assert!(answer.json()["message"].is_string(), "the lie about {what} was answered without words: {}", answer.text());
}

/// From the set-up link to the page that makes a passkey.
pub async fn before_the_first_passkey(server: &Inside) -> (Http, CeremonyForm) {
    let http = Http::new(&server.address);
    let path = server.setup_path().await;
    let page = http.follow(&path).await.expect(200);
    let page = http.submit(&page, "/setup", &[("name", "Ana"), ("username", "ana")]).await.expect(200);
    let page = http.submit(&page, "/method", &[("method", "passkey")]).await.expect(200);
    let ceremony = CeremonyForm::on(&page);
    (http, ceremony)
}

/// The first administrator with a passkey of this authenticator, signed in.
pub async fn with_passkey(server: &Inside, authenticator: &Authenticator) -> (Http, Credential) {
    let (http, ceremony) = before_the_first_passkey(server).await;
    let options = ceremony.begin(&http).await;
    let (answer, credential) = authenticator.create(&options, &server.address).finish();
    let answer = ceremony.end(&http, &answer).await;
    assert!(signed_in(&answer), "{} {}", answer.status, answer.text());
    (http, credential)
}

/// A new browser at the sign-in page.
pub async fn at_login(server: &Inside) -> (Http, CeremonyForm) {
    let http = Http::new(&server.address);
    let page = http.get("/login").await.expect(200);
    let ceremony = CeremonyForm::on(&page);
    (http, ceremony)
}

/// `clientDataJSON` with other bytes, the right challenge in it.
pub fn client_data(kind: &str, options: &Json, origin: &str, more: &str) -> Vec<u8> {
    format!(r#"{{"type":"{kind}","challenge":{},"origin":"{origin}"{more}}}"#, options["challenge"]).into_bytes()
}
