//! The authorization request: one typed, versioned value, no matter who stored it.

use serde::{Deserialize, Serialize};

use crate::kernel::Timestamp;
use crate::kernel::ids::{ClientId, RequestId};
use crate::kernel::proof::{Acr, AuthEvent, acr};

/// What an application asked, already checked against its registration. Kept on the server; pages and cookies
/// carry only its id (OA-35).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// The shape of this value; 1.
    pub version: u8,
    /// Its id.
    pub id: RequestId,
    /// The application.
    pub client: ClientId,
    /// Where it is answered.
    pub redirect_uri: String,
    /// The scopes, cut to those the application may ask for.
    pub scopes: Vec<String>,
    /// Given back byte for byte.
    pub state: Option<String>,
    /// Put into the ID token byte for byte.
    pub nonce: Option<String>,
    /// The PKCE challenge, S256.
    pub code_challenge: Option<String>,
    /// What the application wants to happen.
    pub prompt: Vec<Prompt>,
    /// The oldest authentication it accepts, in seconds.
    pub max_age: Option<u64>,
    /// Whom it expects; shown in the name field, never trusted (OA-67).
    pub login_hint: Option<String>,
    /// The least it accepts, when it said so in a way that must be met.
    pub essential_acr: Option<Vec<AcrWord>>,
    /// What it would like, voluntarily (OA-68).
    pub acr_values: Vec<AcrWord>,
    /// Claims asked for one by one.
    pub claims: ClaimsWanted,
    /// When it arrived.
    pub created_at: Timestamp,
}

/// An `acr` value as asked.
pub type AcrWord = String;

/// The `claims` parameter (OpenID Connect Core section 5.5), as far as we know the claims.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimsWanted {
    /// Wanted in the ID token.
    pub id_token: Vec<String>,
    /// Wanted at the userinfo endpoint.
    pub userinfo: Vec<String>,
    /// Those of both that the application calls essential (section 5.5.1).
    #[serde(default)]
    pub essential: Vec<String>,
}

/// A value of `prompt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Show nothing.
    None,
    /// Prove again who you are.
    Login,
    /// Ask again what may be given.
    Consent,
    /// Let the person choose an account.
    SelectAccount,
}

impl Prompt {
    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "none" => Self::None,
            "login" => Self::Login,
            "consent" => Self::Consent,
            "select_account" => Self::SelectAccount,
            _ => return None,
        })
    }
}

impl AuthorizationRequest {
    /// Whether `prompt` has a value.
    pub fn prompts(&self, prompt: Prompt) -> bool {
        self.prompt.contains(&prompt)
    }
    /// The least sure sign-in that meets an essential `acr`: the weakest of the values named.
    pub fn least_acr(&self) -> Option<Acr> {
        self.essential_acr.as_ref()?.iter().filter_map(|word| Acr::parse(word)).min()
    }
    /// What these proofs are called to the application: the strongest of the values it asked for that they meet, because
    /// another one it would have to turn away (OpenID Connect Core section 5.5.1.1); without one, what they reach. Never
    /// a weaker one than it asked for and could have (OA-68, OA-77).
    pub fn acr_to_say(&self, events: &[AuthEvent]) -> Acr {
        let reached = acr(events);
        let asked = self.essential_acr.as_ref().unwrap_or(&self.acr_values);
        asked.iter().filter_map(|word| Acr::parse(word)).filter(|value| *value <= reached).max().unwrap_or(reached)
    }
}
