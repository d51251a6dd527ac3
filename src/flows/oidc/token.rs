//! The token endpoint (RFC 6749 section 3.2): one grant, the authorization code, presented once.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::claims;
use super::client_auth::{Challenge, NotAuthenticated, authenticate};
use super::error::{OAuthError, Refused, refused};
use super::id_token;
use super::params::Params;
use super::pkce;
use super::refusal::{Applicant, TokenRefusal, note, refusal};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::client::{self, Client};
use crate::domain::grant::{self, CodeClaim, CodeRow};
use crate::domain::identity::{self, Profile};
use crate::domain::ledger::{self, Release, ReleasedIn};
use crate::domain::signing::SigningKey;
use crate::flows::signing_keys;
use crate::kernel::ids::EntryId;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::{AccessToken, Code, Token, TokenHash};
use crate::platform::db::Work;

/// The answer of the token endpoint.
#[derive(Debug)]
pub enum TokenResponse {
    /// Tokens, and the ledger entry their giving made.
    Tokens {
        /// The JSON body.
        body: Value,
        /// The entry's id and time.
        entry: (EntryId, Timestamp),
    },
    /// An error; 400.
    Refused(Refused),
    /// The application is not authenticated: 401, or 400 for a request that cannot be read.
    NotAuthenticated(Refused, Challenge),
    /// Too many wrong secrets: 429.
    TooMany(Duration),
    /// The key that signs is still being made: 503.
    NotReady,
}

/// Why a request was refused before its parameters were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// The body is of another type.
    ContentType,
    /// There are two Authorization headers.
    TwoAuthorizations,
    /// The body is too large.
    TooLarge,
    /// The body broke off.
    Incomplete,
}

/// What a claimed code becomes in one write.
struct Issued {
    code: Box<CodeRow>,
    token: Token<AccessToken>,
    subject: String,
    profile: Profile,
    entry: (EntryId, Timestamp),
}

/// Answers a token request.
pub async fn answer(app: &App, network: &str, authorization: Option<&str>, params: &Params) -> Result<TokenResponse, Fault> {
    if params.has_repeated() {
        let refusal = refusal(refused(OAuthError::InvalidRequest, "a parameter appears twice"), "repeated", "twice", "each once");
        return Ok(refuse(app, network, Applicant::of(params.get("client_id")), &refusal).await);
    }
    let client = match authenticate(app, network, authorization, params).await? {
        Ok(client) => Arc::new(client),
        Err(NotAuthenticated::Refused(told, challenge)) => return Ok(TokenResponse::NotAuthenticated(told, challenge)),
        Err(NotAuthenticated::TooMany(wait)) => return Ok(TokenResponse::TooMany(wait)),
    };
    let presented = match PresentedCode::read(app, params) {
        Ok(presented) => presented,
        Err(refusal) => return Ok(refuse(app, network, Applicant::Known(&client), &refusal).await),
    };
    // The key first: a code must not be spent on an answer that cannot be signed.
    let Some(key) = signing_keys::wait_for(app, client.algorithm).await else { return Ok(TokenResponse::NotReady) };
    let asking = Arc::clone(&client);
    match app.write(move |w| redeem(w, &asking, &presented)).await? {
        Ok(issued) => tokens(app, &key, &client, &issued),
        Err(refusal) => Ok(refuse(app, network, Applicant::Known(&client), &refusal).await),
    }
}

impl Unread {
    /// What the application is told.
    pub fn told(self) -> Refused {
        let description = match self {
            Self::ContentType => "the body must be application/x-www-form-urlencoded",
            Self::TwoAuthorizations => "there are two Authorization headers",
            Self::TooLarge => "the body is too large",
            Self::Incomplete => "the body did not arrive whole",
        };
        refused(OAuthError::InvalidRequest, description)
    }
    /// Writes it down; `sent` is what the request said of its body.
    pub async fn note(self, app: &App, network: &str, sent: &str) {
        let (check, expected) = match self {
            Self::ContentType => ("content_type", "application/x-www-form-urlencoded"),
            Self::TwoAuthorizations => ("authorization_header", "one Authorization header"),
            Self::TooLarge => ("body", "at most 64 KiB"),
            Self::Incomplete => ("body", "the whole body within its time"),
        };
        note(app, network, Applicant::Nameless, &refusal(self.told(), check, sent, expected)).await;
    }
}

async fn refuse(app: &App, network: &str, applicant: Applicant<'_>, refusal: &TokenRefusal) -> TokenResponse {
    note(app, network, applicant, refusal).await;
    TokenResponse::Refused(refusal.told)
}

/// Signing is outside the transaction: it is slow and cannot undo anything.
fn tokens(app: &App, key: &SigningKey, client: &Client, issued: &Issued) -> Result<TokenResponse, Fault> {
    let mut body = json!({
        "access_token": issued.token.expose(),
        "token_type": "Bearer",
        "expires_in": app.settings.oidc.access_token.as_secs(),
        "scope": issued.code.scopes.join(" "),
    });
    if issued.code.scopes.iter().any(|scope| scope == "openid") {
        let members = claims::members(&issued.code.claims.id_token, &issued.profile);
        let token = id_token::sign(app, key, client, &issued.code, &issued.subject, issued.token.expose(), members)?;
        if let Some(body) = body.as_object_mut() {
            body.insert("id_token".into(), json!(token));
        }
    }
    Ok(TokenResponse::Tokens { body, entry: issued.entry })
}

/// What came with the code.
struct PresentedCode {
    code: TokenHash<Code>,
    redirect_uri: Option<String>,
    verifier: Option<String>,
    since: grant::Since,
    lifetime: Duration,
}

impl PresentedCode {
    fn read(app: &App, params: &Params) -> Result<Self, TokenRefusal> {
        use OAuthError::{InvalidGrant, InvalidRequest, UnsupportedGrantType};
        match params.get("grant_type") {
            Some("authorization_code") => {}
            None => {
                let told = refused(InvalidRequest, "grant_type is missing; it must be authorization_code");
                return Err(refusal(told, "grant_type", "(missing)", "authorization_code"));
            }
            // OA-45
            Some(other) => {
                let told = refused(UnsupportedGrantType, "grant_type is not supported; it must be authorization_code");
                return Err(refusal(told, "grant_type", other, "authorization_code"));
            }
        }
        let Some(code) = params.get("code") else {
            return Err(refusal(refused(InvalidRequest, "code is missing"), "code", "(missing)", "a code"));
        };
        let Some(code) = Token::<Code>::parse(code) else {
            let told = refused(InvalidGrant, "code is not one of this server, or not whole");
            return Err(refusal(told, "code", "not of the form of a code", "a code of this server"));
        };
        Ok(Self {
            code: code.hash(),
            redirect_uri: params.get("redirect_uri").map(str::to_owned),
            verifier: params.get("code_verifier").map(str::to_owned),
            since: app.live_since(),
            lifetime: app.settings.oidc.access_token,
        })
    }
}

const fn grant_error(description: &'static str) -> Refused {
    refused(OAuthError::InvalidGrant, description)
}

/// One write: the code is claimed first, so that whatever fails after has spent it; a second presentation revokes what
/// the first gave (OA-26). Every refusal commits.
fn redeem(w: &mut Work<'_>, client: &Client, presented: &PresentedCode) -> Result<Result<Issued, TokenRefusal>, Fault> {
    let row = match grant::claim_code(w, &presented.code, presented.since)? {
        CodeClaim::Won(row) => row,
        lost => return unclaimed(w, client, &lost).map(Err),
    };
    if let Some(refusal) = misfit(client, &row, presented) {
        grant::revoke(w, row.grant)?;
        record(w, client, Kind::CodeRefused, refusal.check)?;
        return Ok(Err(refusal));
    }
    // Only here it is the application itself that used PKCE: anyone can write a challenge into a request of theirs.
    if row.code_challenge.is_some() && client::note_pkce(w, client)? {
        audit::append(w, &Entry::new(Kind::ClientPkceHeld, Actor::Client(client.id)).with(client.id))?;
    }
    let token = grant::access_token(w, row.grant, &row.scopes, presented.lifetime)?;
    let subject = match &row.subject {
        Some(subject) => subject.clone(),
        None => client::subject(w, row.person, &client.sector)?,
    };
    let profile = identity::profile(w, row.person)?;
    let (told, place) = told(&row, &profile);
    let release = Release { person: row.person, client: client.id, grant: row.grant, claims: told, place };
    let id = EntryId::make(w.now, w.entropy);
    let entry = ledger::release(w, id, &release)?;
    Ok(Ok(Issued { code: row, token, subject, profile, entry }))
}

/// What the answer says about the person, and where. Without `openid` there is no ID token, and nothing is told yet (OA-21).
fn told(row: &CodeRow, profile: &Profile) -> (Vec<String>, ReleasedIn) {
    if !row.scopes.iter().any(|scope| scope == "openid") {
        return (Vec::new(), ReleasedIn::AccessToken);
    }
    let mut told = ["sub", "auth_time", "acr", "amr"].map(str::to_owned).to_vec();
    told.extend(claims::members(&row.claims.id_token, profile).keys().cloned());
    (told, ReleasedIn::IdToken)
}

fn record(w: &mut Work<'_>, client: &Client, kind: Kind, reason: &str) -> Result<(), Fault> {
    let entry = Entry::new(kind, Actor::Client(client.id)).with(client.id).fact("reason", reason);
    audit::append(w, &entry).map(|_| ())
}

/// The refusal of a code that this presentation did not claim.
fn unclaimed(w: &mut Work<'_>, client: &Client, claim: &CodeClaim) -> Result<TokenRefusal, Fault> {
    let expected = "a code presented once within its time";
    Ok(match claim {
        CodeClaim::Replayed(grant) => {
            record(w, client, Kind::CodeReplayed, &format!("grant {grant} revoked"))?;
            refusal(grant_error("code was used before; what it gave is revoked"), "code_replayed", "used before", expected)
        }
        CodeClaim::Expired => {
            record(w, client, Kind::CodeRefused, "code_expired")?;
            refusal(grant_error("code has expired"), "code_expired", "expired", expected)
        }
        CodeClaim::Unknown | CodeClaim::Won(_) => refusal(grant_error("code is unknown"), "code_unknown", "unknown", expected),
    })
}

/// What of a claimed code does not fit who presents it.
fn misfit(client: &Client, row: &CodeRow, presented: &PresentedCode) -> Option<TokenRefusal> {
    if row.client != client.id {
        // OA-27
        let told = grant_error("code was issued to another application");
        return Some(refusal(told, "code_client", "the code of another application", "its own"));
    }
    let protection = || at_verifier(row, presented.verifier.as_deref()).or_else(|| at_pkce(client, row));
    if let Some(refusal) = at_redirect(client, row, presented).or_else(protection) {
        return Some(refusal);
    }
    // OA-29, CVE-145
    let told = grant_error("the session behind the code has ended, or the person may not use this application any more");
    (!row.live).then(|| refusal(told, "session", "ended, or without access", "a live session with access"))
}

fn at_redirect(client: &Client, row: &CodeRow, presented: &PresentedCode) -> Option<TokenRefusal> {
    let expected = row.redirect_uri.as_str();
    match presented.redirect_uri.as_deref() {
        // OA-28
        None => {
            let told = grant_error("redirect_uri is missing; it must be the one of the authorization request");
            Some(refusal(told, "redirect_uri", "(missing)", expected))
        }
        Some(sent) if sent != expected => {
            let told = grant_error("redirect_uri differs from the one of the authorization request");
            Some(refusal(told, "redirect_uri", sent, expected))
        }
        Some(sent) if !client.redirects_to(sent) => {
            let told = grant_error("redirect_uri is not registered for this application any more");
            Some(refusal(told, "redirect_uri", sent, "not registered any more"))
        }
        Some(_) => None,
    }
}

/// OA-32, OA-33
fn at_verifier(row: &CodeRow, verifier: Option<&str>) -> Option<TokenRefusal> {
    let challenge = row.code_challenge.as_deref();
    if pkce::fits(challenge, verifier) {
        return None;
    }
    Some(match (challenge, verifier) {
        (Some(_), None) => {
            let told = grant_error("code_verifier is missing; the authorization request had a code_challenge");
            refusal(told, "code_verifier", "(missing)", "the one of the code_challenge")
        }
        (None, _) => {
            let told = grant_error("code_verifier was sent, but the authorization request had no code_challenge");
            refusal(told, "code_verifier", "a code_verifier", "none")
        }
        (Some(_), Some(verifier)) => {
            let told = grant_error("code_verifier does not fit the code_challenge of the authorization request");
            refusal(
                told,
                "code_verifier",
                format!("{} characters that do not fit", verifier.chars().count()),
                "the one of the code_challenge",
            )
        }
    })
}

/// OA-30
fn at_pkce(client: &Client, row: &CodeRow) -> Option<TokenRefusal> {
    let told = grant_error("code was issued without PKCE, which this application must use since then");
    let unprotected = pkce::required(client, &pkce::Terms::of(row)).is_err();
    unprotected.then(|| refusal(told, "pkce", "no code_challenge", "PKCE with S256"))
}
