//! The token endpoint (RFC 6749 section 3.2): one grant, the authorization code, presented once.

use std::time::Duration;

use serde_json::{Value, json};

use super::claims;
use super::client_auth::{NotAuthenticated, authenticate};
use super::error::{OAuthError, Refused, refused};
use super::id_token;
use super::params::Params;
use super::pkce;
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::client::{self, Client};
use crate::domain::grant::{self, Claim, CodeRow};
use crate::domain::identity::{self, Profile};
use crate::domain::ledger::{self, Place, Release};
use crate::flows::signing_keys;
use crate::kernel::ids::EntryId;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::{AccessToken, Code, Token};
use crate::platform::db::Work;

/// The answer of the token endpoint.
#[derive(Debug)]
pub enum Answer {
    /// Tokens, and the ledger entry their giving made.
    Tokens {
        /// The JSON body.
        body: Value,
        /// The entry's id and time.
        entry: (EntryId, Timestamp),
    },
    /// An error; 400.
    Refused(Refused),
    /// The application is not believed: 401.
    NotAuthenticated(Refused),
    /// Too many wrong secrets: 429.
    TooMany(Duration),
    /// The key that signs is still being made: 503.
    NotReady,
}

/// What a won code becomes in one write.
struct Issued {
    code: Box<CodeRow>,
    token: Token<AccessToken>,
    subject: String,
    profile: Profile,
    entry: (EntryId, Timestamp),
}

/// Answers a token request.
pub async fn answer(app: &App, network: &str, authorization: Option<&str>, params: &Params) -> Result<Answer, Fault> {
    if params.has_repeated() {
        return Ok(Answer::Refused(refused(OAuthError::InvalidRequest, "a parameter appears twice")));
    }
    let client = match authenticate(app, network, authorization, params).await? {
        Ok(client) => client,
        Err(NotAuthenticated::Refused(refused)) => return Ok(Answer::NotAuthenticated(refused)),
        Err(NotAuthenticated::TooMany(wait)) => return Ok(Answer::TooMany(wait)),
    };
    match params.get("grant_type") {
        Some("authorization_code") => {}
        None => return Ok(Answer::Refused(refused(OAuthError::InvalidRequest, "grant_type is missing"))),
        // OA-45
        Some(_) => return Ok(Answer::Refused(refused(OAuthError::UnsupportedGrantType, "only authorization_code is supported"))),
    }
    // The key first: a code must not be spent on an answer that cannot be signed.
    let Some(key) = signing_keys::wait_for(app, client.algorithm).await else { return Ok(Answer::NotReady) };
    let Some(code) = params.get("code") else {
        return Ok(Answer::Refused(refused(OAuthError::InvalidRequest, "code is missing")));
    };
    let Some(code) = Token::<Code>::parse(code).map(|code| code.hash()) else { return Ok(Answer::Refused(NOT_THIS_CODE)) };
    let presented = Presented {
        redirect_uri: params.get("redirect_uri").map(str::to_owned),
        verifier: params.get("code_verifier").map(str::to_owned),
        since: app.live_since(),
        lifetime: app.settings.oidc.access_token,
    };
    let asking = client.clone();
    let issued = app.write(move |w| redeem(w, &asking, &code, &presented)).await?;
    let issued = match issued {
        Ok(issued) => issued,
        Err(refused) => return Ok(Answer::Refused(refused)),
    };
    // Signing is outside the transaction: it is slow and cannot undo anything.
    let mut body = json!({
        "access_token": issued.token.expose(),
        "token_type": "Bearer",
        "expires_in": app.settings.oidc.access_token.as_secs(),
        "scope": issued.code.scopes.join(" "),
    });
    if issued.code.scopes.iter().any(|scope| scope == "openid") {
        let members = claims::members(&issued.code.claims.id_token, &client, &issued.profile);
        let token = id_token::sign(app, &key, &client, &issued.code, &issued.subject, issued.token.expose(), members)?;
        if let Some(body) = body.as_object_mut() {
            body.insert("id_token".into(), json!(token));
        }
    }
    Ok(Answer::Tokens { body, entry: issued.entry })
}

const NOT_THIS_CODE: Refused = refused(OAuthError::InvalidGrant, "the code is not valid");

struct Presented {
    redirect_uri: Option<String>,
    verifier: Option<String>,
    since: grant::Since,
    lifetime: Duration,
}

/// One write: the code is claimed first, so that whatever fails after has spent it; a second presentation revokes what
/// the first gave (OA-26). Every refusal commits.
fn redeem(
    w: &mut Work<'_>,
    client: &Client,
    code: &crate::platform::crypto::token::TokenHash<Code>,
    presented: &Presented,
) -> Result<Result<Issued, Refused>, Fault> {
    let note = |w: &mut Work<'_>, kind: Kind, reason: &str| {
        let entry = Entry::new(kind, Actor::Client(client.id)).with(client.id).fact("reason", reason);
        audit::append(w, &entry).map(|_| ())
    };
    let row = match grant::claim_code(w, code)? {
        Claim::Won(row) => row,
        Claim::Replayed(grant) => {
            note(w, Kind::CodeReplayed, &format!("grant {grant} revoked"))?;
            return Ok(Err(NOT_THIS_CODE));
        }
        Claim::Expired => {
            note(w, Kind::CodeRefused, "expired")?;
            return Ok(Err(NOT_THIS_CODE));
        }
        Claim::Unknown => return Ok(Err(NOT_THIS_CODE)),
    };
    let reason = if row.client != client.id {
        Some("another application's") // OA-27
    } else if presented.redirect_uri.as_deref() != Some(row.redirect_uri.as_str()) {
        Some("redirect_uri differs") // OA-28
    } else if !client.redirects_to(&row.redirect_uri) {
        Some("redirect_uri is the application's no more")
    } else if !pkce::fits(row.code_challenge.as_deref(), presented.verifier.as_deref()) {
        Some("code_verifier does not fit") // OA-32, OA-33
    } else if pkce::required(client, &pkce::Terms::of(&row)).is_err() {
        Some("the application must use PKCE since the code was issued") // OA-30
    } else if !grant::is_live(w, row.grant, presented.since)? {
        Some("the session has ended, or the application is closed to the person") // OA-29, CVE-145
    } else {
        None
    };
    if let Some(reason) = reason {
        grant::revoke(w, row.grant)?;
        note(w, Kind::CodeRefused, reason)?;
        return Ok(Err(NOT_THIS_CODE));
    }
    // Only here it is the application itself that used PKCE: anyone can write a challenge into a request of theirs.
    if row.code_challenge.is_some() && client::note_pkce(w, client)? {
        audit::append(w, &Entry::new(Kind::ClientPkceHeld, Actor::Client(client.id)).with(client.id))?;
    }
    let token = grant::access_token(w, row.grant, &row.scopes, presented.lifetime)?;
    let subject = client::subject(w, row.person, client)?;
    let profile = identity::profile(w, row.person)?;
    let (told, place) = told(&row, client, &profile);
    let release = Release { person: row.person, client: client.id, grant: row.grant, claims: told, place };
    let entry = ledger::release(w, &release)?;
    Ok(Ok(Issued { code: row, token, subject, profile, entry }))
}

/// What the answer says about the person, and where. Without `openid` there is no ID token, and nothing is told yet (OA-21).
fn told(row: &CodeRow, client: &Client, profile: &Profile) -> (Vec<String>, Place) {
    if !row.scopes.iter().any(|scope| scope == "openid") {
        return (Vec::new(), Place::AccessToken);
    }
    let mut told = ["sub", "auth_time", "acr", "amr"].map(str::to_owned).to_vec();
    told.extend(claims::members(&row.claims.id_token, client, profile).keys().cloned());
    (told, Place::IdToken)
}
