//! The userinfo endpoint (OpenID Connect Core section 5.3): one read, and on the first use of a token one ledger entry
//! in the same write; repeats are counted.

use serde_json::{Value, json};

use super::{claims, scope};
use crate::app::App;
use crate::domain::ledger::{Place, Release};
use crate::domain::{client, grant, identity, ledger};
use crate::kernel::ids::EntryId;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::{AccessToken, Token};

/// The answer.
#[derive(Debug)]
pub enum Answer {
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
pub async fn answer(app: &App, presented: &str) -> Result<Answer, Fault> {
    let Some(token) = Token::<AccessToken>::parse(presented).map(|token| token.hash()) else { return Ok(Answer::InvalidToken) };
    let since = app.live_since();
    app.write(move |w| {
        let Some(access) = grant::find_access(w, &token, since)? else { return Ok(Answer::InvalidToken) };
        // Also without `openid`: a client of plain OAuth 2.0 asks for `profile` or `email`, the person agreed to that on the
        // same page, and a token that opened nothing would help nobody (OA-21).
        if !scope::KNOWN.iter().any(|known| access.has_scope(known)) {
            return Ok(Answer::InsufficientScope);
        }
        let client = client::load(w, access.client)?;
        let profile = identity::profile(w, access.person)?;
        let mut body = claims::members(&access.claims.userinfo, &client, &profile);
        body.insert("sub".into(), json!(client::subject(w, access.person, &client)?));
        let entry = if grant::count_userinfo(w, &token)? {
            let release = Release {
                person: access.person,
                client: access.client,
                grant: access.grant,
                claims: body.keys().cloned().collect(),
                place: Place::Userinfo,
            };
            let (id, at) = ledger::release(w, &release)?;
            grant::set_userinfo_entry(w, &token, id)?;
            Some((id, Some(at)))
        } else {
            access.entry.map(|id| (id, None))
        };
        Ok(Answer::Claims { body: Value::Object(body), entry })
    })
    .await
}
