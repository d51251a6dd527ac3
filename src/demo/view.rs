//! What the demo application shows: the invitation to try, what it received in plain words, and what failed.

use serde::Serialize;

use crate::kernel::time::Timestamp;
use crate::platform::render::{Page, Text};

/// The start. `GET /login` begins the sign-in.
#[derive(Clone, Debug, Serialize)]
pub struct DemoHomePage {
    /// The address that begins a sign-in.
    pub sign_in: String,
    /// Someone just signed out.
    pub signed_out: bool,
}

impl Page for DemoHomePage {
    const TEMPLATE: &'static str = "pages/demo/home.html";
}

/// One claim that was received.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// The claim's name in the protocol.
    pub claim: String,
    /// Its value, as text.
    pub value: String,
    /// Whether the value is for machines: a number or word to be compared character by character.
    pub code: bool,
    /// The instant it names, for claims that are one.
    pub at: Option<Timestamp>,
    /// What it means, for claims we know.
    pub meaning: Option<Text>,
    /// What its parts mean, for claims that are lists of words we know.
    pub words: Vec<Text>,
}

impl Fact {
    /// A claim and its value, with the meaning we know for it.
    pub fn new(claim: impl Into<String>, value: impl Into<String>) -> Self {
        let claim = claim.into();
        let code = CODES.contains(&claim.as_str());
        Self { code, at: None, meaning: meaning(&claim).map(Text::new), words: Vec::new(), claim, value: value.into() }
    }
}

/// The claims whose values are compared and not read.
const CODES: &[&str] = &["sub", "nonce", "at_hash", "sid", "iss", "aud", "azp"];

/// The key of the plain words for a claim.
fn meaning(claim: &str) -> Option<&'static str> {
    let key = match claim {
        "iss" => "demo-claim-iss",
        "sub" => "demo-claim-sub",
        "aud" => "demo-claim-aud",
        "exp" => "demo-claim-exp",
        "iat" => "demo-claim-iat",
        "auth_time" => "demo-claim-auth-time",
        "nonce" => "demo-claim-nonce",
        "acr" => "demo-claim-acr",
        "amr" => "demo-claim-amr",
        "sid" => "demo-claim-sid",
        "at_hash" => "demo-claim-at-hash",
        "azp" => "demo-claim-azp",
        "name" => "demo-claim-name",
        "preferred_username" => "demo-claim-username",
        "email" => "demo-claim-email",
        "email_verified" => "demo-claim-email-verified",
        "updated_at" => "demo-claim-updated-at",
        _ => return None,
    };
    Some(key)
}

/// A ledger entry that the sign-in made.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerEntry {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// For which answer.
    pub what: Text,
}

/// What the demo application received.
#[derive(Clone, Debug, Serialize)]
pub struct DemoResultPage {
    /// The name it received; none when the person declined.
    pub name: Option<String>,
    /// What the ID token said.
    pub id_token: Vec<Fact>,
    /// What userinfo said.
    pub userinfo: Vec<Fact>,
    /// How the ID token is signed, such as `ES256`.
    pub algorithm: String,
    /// How long the access token lasts, in seconds, if that was said.
    pub access_token_seconds: Option<u64>,
    /// The ledger entries, if the service said which.
    pub ledger: Vec<LedgerEntry>,
    /// The address that begins another sign-in.
    pub sign_in: String,
    /// The address that signs out here and at the service.
    pub sign_out: String,
}

impl Page for DemoResultPage {
    const TEMPLATE: &'static str = "pages/demo/result.html";
}

/// Why a sign-in at the demo application did not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The person declined.
    Declined,
    /// The answer does not belong to a sign-in this browser began.
    NotBegunHere,
    /// The service answered with an error.
    Refused,
    /// A check of the answer failed.
    CheckFailed,
    /// The service cannot be reached.
    Unreachable,
}

/// A sign-in that failed.
#[derive(Clone, Debug, Serialize)]
pub struct DemoErrorPage {
    /// Why.
    pub trouble: Trouble,
    /// What exactly, for developers.
    pub detail: Option<String>,
    /// The address that begins another sign-in.
    pub sign_in: String,
}

impl Page for DemoErrorPage {
    const TEMPLATE: &'static str = "pages/demo/error.html";
}

#[cfg(test)]
pub(crate) use samples::samples;

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::{Gallery, Samples};

    /// The keys of the words for each way to prove who someone is, for the samples.
    const AMR_WORDS: [&str; 6] = ["demo-amr-pwd", "demo-amr-otp", "demo-amr-hwk", "demo-amr-swk", "demo-amr-user", "demo-amr-mfa"];

    impl Samples for DemoHomePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { sign_in: "/login".into(), signed_out: false };
            vec![("signed_out", Self { signed_out: true, ..page.clone() }), ("first", page)]
        }
    }

    impl Samples for DemoResultPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let claims = [
                ("iss", "http://localhost:8080"),
                ("sub", "g7f3a-1c9e0-55b2d"),
                ("aud", "demo"),
                ("exp", "1777817820"),
                ("iat", "1777817520"),
                ("auth_time", "1777817500"),
                ("nonce", "n-0S6"),
                ("acr", "phr"),
                ("amr", "hwk, user, mfa"),
                ("sid", "s1"),
                ("at_hash", "x1"),
                ("azp", "demo"),
            ];
            let shown = [
                ("sub", "g7f3a-1c9e0-55b2d"),
                ("name", "Ana Example"),
                ("preferred_username", "ana"),
                ("email", "ana@acme.example"),
                ("email_verified", "false"),
                ("updated_at", "1777817520"),
                ("something_new", "1"),
            ];
            let page = Self {
                name: Some("Ana Example".into()),
                id_token: claims
                    .map(|(claim, value)| match claim {
                        "exp" | "iat" | "auth_time" => {
                            Fact { at: value.parse().ok().map(Timestamp::from_seconds), ..Fact::new(claim, value) }
                        }
                        "amr" => Fact { words: AMR_WORDS.map(Text::new).to_vec(), ..Fact::new(claim, value) },
                        _ => Fact::new(claim, value),
                    })
                    .to_vec(),
                userinfo: shown.map(|(claim, value)| Fact::new(claim, value)).to_vec(),
                algorithm: "ES256".into(),
                access_token_seconds: Some(600),
                ledger: ["demo-ledger-token", "demo-ledger-userinfo"]
                    .map(|what| LedgerEntry {
                        id: "0199c2a4-7b1e-7c3a-9a51-2f6f0c9d1e44".into(),
                        at: Timestamp::from_seconds(1_777_817_520),
                        what: Text::new(what),
                    })
                    .to_vec(),
                sign_in: "/login".into(),
                sign_out: "/logout".into(),
            };
            vec![
                (
                    "little",
                    Self {
                        name: None,
                        userinfo: vec![Fact::new("sub", "g7f3a")],
                        access_token_seconds: None,
                        ledger: Vec::new(),
                        ..page.clone()
                    },
                ),
                ("full", page),
            ]
        }
    }

    impl Samples for DemoErrorPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = |trouble, detail: Option<&str>| Self { trouble, detail: detail.map(str::to_owned), sign_in: "/login".into() };
            vec![
                ("declined", page(Trouble::Declined, None)),
                ("not_begun_here", page(Trouble::NotBegunHere, None)),
                ("refused", page(Trouble::Refused, Some("invalid_scope"))),
                ("check_failed", page(Trouble::CheckFailed, Some("the nonce differs"))),
                ("unreachable", page(Trouble::Unreachable, Some("connection refused"))),
            ]
        }
    }

    /// Adds the samples of the demo's pages.
    pub(crate) fn samples(gallery: &mut Gallery<'_>) {
        gallery.add::<DemoHomePage>().add::<DemoResultPage>().add::<DemoErrorPage>();
    }
}
