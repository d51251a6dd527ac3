//! Grants: one act of giving an application access, and the codes and tokens that are its rows. A second
//! presentation of a code revokes them all in one write (OA-26). Everything is kept as hashes (OA-57).

mod request;
mod store;

use std::time::Duration;

use serde_json::Value;

pub use request::{AuthorizationRequest, ClaimsWanted, Prompt};
pub use store::{
    CodeRow, LiveAccessToken, count_open, revoke, revoke_for_client, revoke_for_person, revoke_for_person_and_client, revoke_for_session,
    sweep, sweep_access_tokens, sweep_codes,
};

use crate::kernel::claim::{self, ClaimRule, ClaimRules};
use crate::kernel::ids::{AppSessionId, ClientId, EntryId, GrantId, PersonId, SessionId};
use crate::kernel::proof::{Acr, AuthEvent};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::{AccessToken, Code, Token, TokenHash};
use crate::platform::db::Work;

/// What is given.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// Whose data.
    pub person: PersonId,
    /// To which application.
    pub client: ClientId,
    /// In which session; when it ends, so does this (OA-29).
    pub session: SessionId,
    /// The scopes, already cut to what the application may ask (OA-20).
    pub scopes: Vec<String>,
    /// The claims the person chose to give, and which of them go into the ID token.
    pub claims: ChosenClaims,
    /// How sure the application is told the sign-in is.
    pub acr: Acr,
    /// The proofs of the session, copied.
    pub events: Vec<AuthEvent>,
}

/// The claims a grant gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ChosenClaims {
    /// Given at the userinfo endpoint.
    pub userinfo: Vec<String>,
    /// Put into the ID token (OA-70).
    pub id_token: Vec<String>,
}

impl ChosenClaims {
    /// What is left of them: nothing beyond what the person gives now, and nothing that the application's registration never
    /// gives.
    pub fn within(mut self, decided: &[String], rules: ClaimRules) -> Self {
        let is_given =
            |word: &String| decided.contains(word) && claim::Claim::parse(word).is_some_and(|claim| rules.of(claim) != ClaimRule::Never);
        self.userinfo.retain(is_given);
        self.id_token.retain(is_given);
        self
    }
}

/// After when the session of a grant must have been opened and used, by the limits of this moment (SE-12).
#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// Opened.
    pub opened: Timestamp,
    /// Used.
    pub used: Timestamp,
}

/// What a code is bound to.
#[derive(Clone, Debug)]
pub struct CodeTerms {
    /// Where the answer went (OA-28).
    pub redirect_uri: String,
    /// The PKCE challenge, S256 (OA-32).
    pub code_challenge: Option<String>,
    /// The application's nonce, echoed byte for byte (OA-19).
    pub nonce: Option<String>,
    /// How long it can be used.
    pub lifetime: Duration,
}

/// The result of presenting a code.
#[derive(Clone, Debug)]
pub enum CodeClaim {
    /// This presentation won; the code is spent, whatever happens next.
    Won(Box<CodeRow>),
    /// It was presented before: the grant with all its tokens has been revoked now.
    Replayed(GrantId),
    /// It ended before it was presented.
    Expired,
    /// We never made it.
    Unknown,
}

/// A live access token's grant as needed to answer it.
impl LiveAccessToken {
    /// The scopes.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|given| given == scope)
    }
}

/// Makes a grant and its code.
pub fn mint(w: &mut Work<'_>, new: &NewGrant, terms: &CodeTerms) -> Result<(GrantId, Token<Code>), Fault> {
    let id = GrantId::make(w.now, w.entropy);
    let sid = app_session(w, new.session, new.client)?;
    store::insert_grant(w, id, new, sid)?;
    let code = Token::<Code>::make(w.entropy);
    store::insert_code(w, code.hash().as_bytes(), id, terms)?;
    Ok((id, code))
}

/// Presents a code: one conditional write decides who wins. Whether its grant still holds is read in the same write, so
/// that signing out and redeeming at one moment have one order (OA-29). Who may use an application is asked each time:
/// anyone who loses a group loses what it gave, by whatever way they lost it (CVE-145).
pub fn claim_code(w: &mut Work<'_>, code: &TokenHash<Code>, since: Since) -> Result<CodeClaim, Fault> {
    if store::claim_code(w, code.as_bytes())? {
        let row = store::load_code(w, code.as_bytes(), since)?;
        return Ok(CodeClaim::Won(Box::new(row)));
    }
    Ok(match store::find_code(w, code.as_bytes())? {
        None => CodeClaim::Unknown,
        Some((grant, Some(_claimed))) => {
            store::revoke(w, grant)?;
            CodeClaim::Replayed(grant)
        }
        Some((_, None)) => CodeClaim::Expired,
    })
}

/// Makes an access token of a grant.
pub fn access_token(w: &mut Work<'_>, grant: GrantId, scopes: &[String], lifetime: Duration) -> Result<Token<AccessToken>, Fault> {
    let token = Token::<AccessToken>::make(w.entropy);
    store::insert_access_token(w, token.hash().as_bytes(), grant, scopes, w.now.plus(lifetime))?;
    Ok(token)
}

/// Finds a live access token: within its time, its grant as live as [`CodeRow::live`] says.
pub fn find_access(w: &mut Work<'_>, token: &TokenHash<AccessToken>, since: Since) -> Result<Option<LiveAccessToken>, Fault> {
    store::find_access(w, token.as_bytes(), since)
}

/// Claims the first use of a token at the userinfo endpoint, for the ledger entry that stands for all its uses: one
/// conditional write decides which of several was first.
pub fn claim_first_userinfo(w: &mut Work<'_>, token: &TokenHash<AccessToken>, entry: EntryId) -> Result<bool, Fault> {
    store::claim_first_userinfo(w, token.as_bytes(), entry)
}

/// The ledger entry that stands for the uses of a token.
pub fn find_userinfo_entry(w: &mut Work<'_>, token: &TokenHash<AccessToken>) -> Result<Option<EntryId>, Fault> {
    store::find_userinfo_entry(w, token.as_bytes())
}

/// The id under which an application knows a session (`sid`): made on first use, never the cookie (OA-120).
pub fn app_session(w: &mut Work<'_>, session: SessionId, client: ClientId) -> Result<AppSessionId, Fault> {
    if let Some(known) = store::find_app_session(w, session, client)? {
        return Ok(known);
    }
    let id = AppSessionId::make(w.now, w.entropy);
    store::insert_app_session(w, id, session, client)?;
    store::find_app_session(w, session, client)?.ok_or_else(|| Fault::internal("an app session was made and is not there"))
}

/// The session behind a `sid` of an application, for sign-out.
pub fn session_of(w: &mut Work<'_>, sid: AppSessionId, client: ClientId) -> Result<Option<SessionId>, Fault> {
    store::find_session_of(w, sid, client)
}

/// No resources are named in grants yet; the column is ready for RFC 8707.
fn no_resources() -> Value {
    Value::Array(Vec::new())
}
