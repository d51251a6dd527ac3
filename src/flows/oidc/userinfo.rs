//! The userinfo endpoint (OpenID Connect Core section 5.3): one read, and on the first use of a token one write with the
//! ledger entry that stands for all its uses.

use serde_json::{Map, Value, json};

use super::{claims, scope};
use crate::app::App;
use crate::domain::grant::{LiveAccessToken, Since};
use crate::domain::ledger::{Release, ReleasedIn};
use crate::domain::{grant, identity, ledger};
use crate::kernel::ids::EntryId;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::{AccessToken, Token, TokenHash};
use crate::platform::db::Work;

/// The answer.
#[derive(Debug)]
pub enum UserinfoResponse {
    /// The claims, and the ledger entry that stands for their giving.
    Claims {
        /// The JSON body.
        body: Value,
        /// The entry's id, and its time when it was made now.
        entry: Option<(EntryId, Option<Timestamp>)>,
    },
    /// No such token, or not any more: 401 `invalid_token`.
    InvalidToken,
    /// A token with no scope that this endpoint answers: 403 `insufficient_scope`.
    InsufficientScope,
}

/// Answers who presents a token.
pub async fn answer(app: &App, presented: &str) -> Result<UserinfoResponse, Fault> {
    let Some(token) = Token::<AccessToken>::parse(presented).map(|token| token.hash()) else { return Ok(UserinfoResponse::InvalidToken) };
    let since = app.live_since();
    let found = app.read(move |w| read(w, &token, since)).await?;
    let FoundToken::Claims { body, access } = found else {
        return Ok(if matches!(found, FoundToken::NoScope) { UserinfoResponse::InsufficientScope } else { UserinfoResponse::InvalidToken });
    };
    if let Some(id) = access.entry {
        return Ok(UserinfoResponse::Claims { body: Value::Object(body), entry: Some((id, None)) });
    }
    let release = Release {
        person: access.person,
        client: access.client,
        grant: access.grant,
        claims: body.keys().cloned().collect(),
        place: ReleasedIn::Userinfo,
    };
    let entry = app.write(move |w| record(w, &token, &release)).await?;
    Ok(UserinfoResponse::Claims { body: Value::Object(body), entry })
}

enum FoundToken {
    Claims { body: Map<String, Value>, access: Box<LiveAccessToken> },
    NoToken,
    NoScope,
}

fn read(w: &mut Work<'_>, token: &TokenHash<AccessToken>, since: Since) -> Result<FoundToken, Fault> {
    let Some(access) = grant::find_access(w, token, since)? else { return Ok(FoundToken::NoToken) };
    // Also without `openid`: a client of plain OAuth 2.0 asks for `profile` or `email`, the person agreed to that on the
    // same page, and a token that opened nothing would help nobody (OA-21).
    if !scope::KNOWN.iter().any(|known| access.has_scope(known)) {
        return Ok(FoundToken::NoScope);
    }
    let profile = identity::profile(w, access.person)?;
    let mut body = claims::members(&access.claims.userinfo, &profile);
    // Made when the application first met the person, at the latest with this token.
    let subject = access.subject.as_deref().ok_or_else(|| Fault::internal("a token whose application does not know the person"))?;
    body.insert("sub".into(), json!(subject));
    Ok(FoundToken::Claims { body, access: Box::new(access) })
}

/// Records the first use; whoever comes second at that moment is told of the same entry.
fn record(w: &mut Work<'_>, token: &TokenHash<AccessToken>, release: &Release) -> Result<Option<(EntryId, Option<Timestamp>)>, Fault> {
    let id = EntryId::make(w.now, w.entropy);
    if !grant::claim_first_userinfo(w, token, id)? {
        return Ok(grant::find_userinfo_entry(w, token)?.map(|id| (id, None)));
    }
    let (id, at) = ledger::release(w, id, release)?;
    Ok(Some((id, Some(at))))
}
