//! Sign-out: this browser or everywhere, asked for by the person or by an application (RP-Initiated Logout).

use serde::{Deserialize, Serialize};

use super::params::Params;
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::client::{self, Client};
use crate::domain::grant;
use crate::domain::session::{self, Session};
use crate::flows::{Caller, sessions};
use crate::kernel::Fault;
use crate::kernel::ids::AppSessionId;
use crate::platform::crypto::jws;

/// What an application's sign-out request comes to.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The application, when it could be told who asks.
    pub client: Option<Client>,
    /// Where the browser goes afterwards: an exactly registered address, with the unchanged state (OA-114).
    pub back_to: Option<String>,
    /// The hint names this very session: no question is needed (OA-115).
    pub of_this_session: bool,
}

/// Where a sign-out leads afterwards, kept while the person is asked.
#[derive(Debug, Serialize, Deserialize)]
pub struct Return {
    /// The application's name.
    pub app: String,
    /// The address, if one was sent.
    pub back_to: Option<String>,
}

/// Why a sign-out request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Hint and `client_id` name different applications, or the address is not registered.
    Contradiction,
}

/// Reads a sign-out request against the session of this browser.
pub async fn wish(app: &App, session: Option<&Session>, params: &Params) -> Result<Result<Wish, Refused>, Fault> {
    if params.has_repeated() {
        return Ok(Err(Refused::Contradiction));
    }
    let hint = params.get("id_token_hint").map(|hint| jws::verify_own(hint, &app.signing.current().public(), "JWT"));
    // A hint that is not ours, or not whole, says nothing: the person is asked, and sent nowhere (OA-113).
    if matches!(hint, Some(None)) {
        return Ok(Ok(Wish::default()));
    }
    let claims = hint.flatten().filter(|claims| claims.get("iss").and_then(|iss| iss.as_str()) == Some(app.settings.origin().as_str()));
    let text = |name: &str| claims.as_ref().and_then(|claims| claims.get(name)).and_then(|value| value.as_str()).map(str::to_owned);
    let (audience, sid) = (text("aud"), text("sid"));
    let named = params.get("client_id").map(str::to_owned);
    if let (Some(audience), Some(named)) = (&audience, &named)
        && audience != named
    {
        return Ok(Err(Refused::Contradiction));
    }
    let Some(client_id) = audience.clone().or(named) else { return Ok(Ok(Wish::default())) };
    let sid = sid.and_then(|sid| sid.parse::<AppSessionId>().ok());
    let found = app
        .read(move |w| {
            let Some(client) = client::find(w, &client_id)? else { return Ok(None) };
            let of = match sid {
                Some(sid) => grant::session_of(w, sid, client.id)?,
                None => None,
            };
            Ok(Some((client, of)))
        })
        .await?;
    let Some((client, of)) = found else { return Ok(Ok(Wish::default())) };
    let back_to = match params.get("post_logout_redirect_uri") {
        None => None,
        Some(asked) if client.post_logout_redirect_uris.iter().any(|uri| uri.as_str() == asked) => {
            Some(with_state(asked, params.get("state")))
        }
        Some(_) => return Ok(Err(Refused::Contradiction)),
    };
    let of_this_session = of.is_some() && of == session.map(|session| session.id);
    Ok(Ok(Wish { client: Some(client), back_to, of_this_session }))
}

fn with_state(address: &str, state: Option<&str>) -> String {
    let Some(state) = state else { return address.to_owned() };
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("state", state).finish();
    let joint = if address.contains('?') { "&" } else { "?" };
    format!("{address}{joint}{query}")
}

/// How far a sign-out reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This browser.
    Here,
    /// Every browser of the person.
    Everywhere,
}

/// Ends sessions with everything given in them, in one write (SE-08, OA-117).
pub async fn sign_out(app: &App, caller: &Caller, session: &Session, reach: Reach) -> Result<(), Fault> {
    let (id, person, trace) = (session.id, session.person, caller.audit_origin());
    app.write(move |w| {
        let actor = Actor::Person(person);
        match reach {
            Reach::Here => {
                session::end(w, id)?;
                grant::revoke_for_session(w, id)?;
                let entry = Entry::new(Kind::SessionEnded, actor).about(person).fact("session", id.to_string());
                audit::append(w, &entry.personal(Some(person), trace))?;
            }
            Reach::Everywhere => {
                let ended = sessions::end_all(w, person)?;
                let entry = Entry::new(Kind::SessionsEnded, actor).about(person).fact("sessions", ended);
                audit::append(w, &entry.personal(Some(person), trace))?;
            }
        }
        Ok(())
    })
    .await
}
