//! The demo believes a service only after every check: here the service lies, one claim at a time.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::DemoSettings;
use super::answer::CallbackProblem;
use super::provider::{Ask, Provider};
use super::view::Trouble;
use super::visitors::{BegunSignIn, Received};
use crate::kernel::time::{Clock, FixedClock, Timestamp};
use crate::platform::crypto::jws::{Algorithm, SigningPair};
use crate::platform::crypto::sha256;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const ENTRY: &str = "0199c2a4-7b1e-7c3a-9a51-2f6f0c9d1e44 2027-01-15T08:00:00Z";

type Answers = Arc<Mutex<HashMap<String, (u16, String)>>>;

/// A service that answers each path with what it was told to.
struct Service {
    issuer: String,
    answers: Answers,
    pair: SigningPair,
    clock: Arc<FixedClock>,
    provider: Provider,
}

impl Service {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let answers = Answers::default();
        let told = answers.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &told);
            }
        });
        let (pair, _) = SigningPair::generate(Algorithm::Es256).unwrap();
        let clock = Arc::new(FixedClock::at(NOW));
        let settings =
            DemoSettings { issuer: issuer.clone(), client_id: "demo".into(), secret: "vsk_secret".into(), organisation: "Acme".into() };
        let provider = Provider::new(settings, "http://127.0.0.1:8081", clock.clone()).unwrap();
        let service = Self { answers, pair, clock, provider, issuer };
        service.tell("/.well-known/openid-configuration", 200, &service.metadata());
        service.tell("/jwks", 200, &json!({ "keys": [service.pair.public_jwk("k1")] }));
        service
    }

    fn metadata(&self) -> Value {
        let issuer = &self.issuer;
        json!({
            "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"), "jwks_uri": format!("{issuer}/jwks"),
            "end_session_endpoint": format!("{issuer}/logout"),
            "response_types_supported": ["code"], "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256", "RS256", "EdDSA"],
        })
    }

    fn tell(&self, path: &str, status: u16, body: &Value) {
        self.answers.lock().unwrap().insert(path.to_owned(), (status, body.to_string()));
    }

    fn honest(&self, begun: &BegunSignIn) -> Value {
        let half = &sha256(b"vsa_token")[..16];
        json!({
            "iss": self.issuer, "sub": "s1", "aud": "demo", "exp": NOW.seconds() + 300, "iat": NOW.seconds(),
            "nonce": begun.nonce.secret(), "amr": ["hwk", "user", "mfa"], "sid": "x",
            "at_hash": data_encoding::BASE64URL_NOPAD.encode(half),
        })
    }

    fn tell_token(&self, id_token: &str) {
        self.tell("/token", 200, &json!({ "access_token": "vsa_token", "token_type": "Bearer", "expires_in": 600, "id_token": id_token }));
    }

    /// One sign-in where the ID token says `change`d claims, signed with `pair`, and userinfo speaks of `subject`.
    async fn sign_in(&self, change: impl FnOnce(&mut Value), pair: &SigningPair, subject: &str) -> Result<Received, CallbackProblem> {
        let (_, begun) = self.provider.begin(Ask::WhenNeeded).await?;
        let mut claims = self.honest(&begun);
        change(&mut claims);
        self.tell_token(&pair.sign_jwt("k1", "JWT", &claims).unwrap());
        self.tell("/userinfo", 200, &json!({ "sub": subject, "name": "Ana Example" }));
        self.provider.finish(begun, "vsc_code".into()).await
    }

    async fn lie(&self, change: impl FnOnce(&mut Value)) -> CallbackProblem {
        self.sign_in(change, &self.pair, "s1").await.unwrap_err()
    }
}

fn answer(mut stream: std::net::TcpStream, told: &Answers) {
    let mut request = [0; 8192];
    let length = stream.read(&mut request).unwrap_or(0);
    let request = String::from_utf8_lossy(&request[..length]).into_owned();
    let path = request.split_whitespace().nth(1).unwrap_or("/").to_owned();
    let (status, body) = told.lock().unwrap().get(&path).cloned().unwrap_or((404, "{}".to_owned()));
    let _ = write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nVouchsafe-Ledger-Entry: {ENTRY}\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
}

#[tokio::test]
async fn an_honest_service_is_believed_and_shown() {
    let service = Service::start();
    let (url, begun) = service.provider.begin(Ask::WhenNeeded).await.unwrap();
    let asked: HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(asked["code_challenge_method"], "S256");
    let again: HashMap<_, _> = service.provider.begin(Ask::Again).await.unwrap().0.query_pairs().into_owned().collect();
    assert_eq!((asked.get("prompt"), again["prompt"].as_str()), (None, "consent"));
    assert_eq!((asked["state"].as_str(), asked["nonce"].as_str()), (begun.state.secret().as_str(), begun.nonce.secret().as_str()));
    assert_eq!((asked["scope"].as_str(), asked["redirect_uri"].as_str()), ("openid profile email", "http://127.0.0.1:8081/callback"));
    let received = service.sign_in(|_| {}, &service.pair, "s1").await.unwrap();
    assert_eq!(received.page.name.as_deref(), Some("Ana Example"));
    assert_eq!(received.page.access_token_seconds, Some(600));
    assert_eq!(received.page.ledger.len(), 2);
    assert!(received.page.id_token.iter().any(|fact| fact.claim == "sid" && fact.value == "x"));
    let out = service.provider.sign_out_url(&received).await.unwrap();
    assert!(out.as_str().starts_with(&format!("{}/logout?id_token_hint=ey", service.issuer)), "{out}");
}

#[tokio::test]
async fn each_lie_of_an_id_token_is_found() {
    // OA-62 and what OA-124 asks of us when we are the application
    let service = Service::start();
    let lies: [(&str, Value); 7] = [
        ("iss", json!("http://elsewhere.example")),
        ("aud", json!("other")),
        ("aud", json!(["demo", "other"])),
        ("nonce", json!("other")),
        ("nonce", Value::Null),
        ("exp", json!(NOW.seconds() - 1)),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
    ];
    for (claim, lie) in lies {
        let problem = service.lie(|claims| claims[claim] = lie.clone()).await;
        assert_eq!(problem.trouble, Trouble::CheckFailed, "{claim} {lie}");
        assert!(!problem.detail.unwrap_or_default().contains("vsa_token"));
    }
    let (stranger, _) = SigningPair::generate(Algorithm::Es256).unwrap();
    assert_eq!(service.sign_in(|_| {}, &stranger, "s1").await.unwrap_err().trouble, Trouble::CheckFailed);
}

#[tokio::test]
async fn only_the_registered_algorithm_is_taken() {
    // TK-01: neither another algorithm of the same service nor none at all
    let service = Service::start();
    let (other, _) = SigningPair::generate(Algorithm::EdDsa).unwrap();
    service.tell("/jwks", 200, &json!({ "keys": [other.public_jwk("k1")] }));
    assert_eq!(service.sign_in(|_| {}, &other, "s1").await.unwrap_err().trouble, Trouble::CheckFailed);
    let (_, begun) = service.provider.begin(Ask::WhenNeeded).await.unwrap();
    let text = |value: &Value| data_encoding::BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    service.tell_token(&format!("{}.{}.", text(&json!({ "alg": "none" })), text(&service.honest(&begun))));
    assert_eq!(service.provider.finish(begun, "vsc_code".into()).await.unwrap_err().trouble, Trouble::CheckFailed);
}

#[tokio::test]
async fn userinfo_about_somebody_else_is_refused() {
    let service = Service::start();
    assert_eq!(service.sign_in(|_| {}, &service.pair, "s2").await.unwrap_err().trouble, Trouble::CheckFailed);
}

#[tokio::test]
async fn a_refusal_and_an_absence_are_told_apart_and_mend_themselves() {
    let service = Service::start();
    let (_, begun) = service.provider.begin(Ask::WhenNeeded).await.unwrap();
    service.tell("/token", 400, &json!({ "error": "invalid_grant" }));
    let refused = service.provider.finish(begun, "vsc_code".into()).await.unwrap_err();
    assert_eq!(refused, CallbackProblem::new(Trouble::Refused, "invalid_grant"));

    service.tell("/.well-known/openid-configuration", 503, &json!({}));
    assert_eq!(service.provider.begin(Ask::WhenNeeded).await.unwrap_err().trouble, Trouble::Unreachable);
    let mut other = service.metadata();
    other["issuer"] = json!("http://elsewhere.example");
    service.tell("/.well-known/openid-configuration", 200, &other);
    assert_eq!(service.provider.begin(Ask::WhenNeeded).await.unwrap_err().trouble, Trouble::CheckFailed);
    service.tell("/.well-known/openid-configuration", 200, &service.metadata());
    assert!(service.provider.begin(Ask::WhenNeeded).await.is_ok());
    service.tell("/.well-known/openid-configuration", 503, &json!({}));
    assert!(service.provider.begin(Ask::WhenNeeded).await.is_ok(), "what discovery said is believed for a while");
    service.clock.advance(Duration::from_secs(601));
    assert_eq!(service.provider.begin(Ask::WhenNeeded).await.unwrap_err().trouble, Trouble::Unreachable);
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = DemoSettings {
        issuer: format!("http://{free}"),
        client_id: "demo".into(),
        secret: "vsk_secret".into(),
        organisation: "Acme".into(),
    };
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(NOW));
    let provider = Provider::new(settings, "http://127.0.0.1:8081", clock).unwrap();
    assert_eq!(provider.begin(Ask::WhenNeeded).await.unwrap_err().trouble, Trouble::Unreachable);
}
