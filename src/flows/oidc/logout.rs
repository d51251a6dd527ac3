//! Sign-out: this browser or everywhere, asked for by the person or by an application (RP-Initiated Logout).

use super::params::Params;
use super::refusal::Refusal;
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::client::{self, Client};
use crate::domain::grant;
use crate::domain::session::{self, Session};
use crate::flows::{Caller, sessions};
use crate::kernel::Fault;
use crate::kernel::address::RedirectUri;
use crate::kernel::ids::AppSessionId;
use crate::platform::crypto::jws;
use crate::platform::telemetry::safe;

/// The longest `state`, in bytes: it travels with the form that asks.
const LONGEST_STATE: usize = 2048;

/// What an application's sign-out request comes to.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The application, when it could be told which one asks.
    pub client: Option<Client>,
    /// Where the browser goes afterwards: an exactly registered address, with the unchanged state (OA-114).
    pub back_to: Option<String>,
    /// The hint names this very session: no question is needed (OA-115).
    pub of_this_session: bool,
    /// Why nobody is sent back: the person can sign out here all the same.
    pub refused: Option<UnusableLogout>,
}

/// A sign-out request that cannot be followed as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusableLogout {
    /// What is wrong, in English, for the application's developer.
    pub detail: String,
    /// For the log.
    pub refusal: Refusal,
}

/// Reads a sign-out request against the session of this browser.
pub async fn wish(app: &App, session: Option<&Session>, params: &Params) -> Result<Wish, Fault> {
    if params.has_repeated() {
        return Ok(unusable(None, params, "repeated", format!("these parameters appear twice: {}", safe(&params.repeated_names()))));
    }
    if params.get("state").is_some_and(|state| state.len() > LONGEST_STATE) {
        return Ok(unusable(None, params, "length", format!("state is longer than {LONGEST_STATE} bytes")));
    }
    let hint = params.get("id_token_hint").map(|hint| jws::verify_own(hint, &app.signing.current().public(), "JWT"));
    // A hint that is not ours, or not whole, says nothing: the person is asked, and sent nowhere (OA-113).
    if matches!(hint, Some(None)) {
        return Ok(Wish::default());
    }
    let claims = hint.flatten().filter(|claims| claims.get("iss").and_then(|iss| iss.as_str()) == Some(app.settings.origin().as_str()));
    let text = |name: &str| claims.as_ref().and_then(|claims| claims.get(name)).and_then(|value| value.as_str()).map(str::to_owned);
    let (audience, sid) = (text("aud"), text("sid").and_then(|sid| sid.parse::<AppSessionId>().ok()));
    let named = params.get("client_id").map(str::to_owned);
    if audience.as_ref().zip(named.as_ref()).is_some_and(|(audience, named)| audience != named) {
        return Ok(unusable(None, params, "client_id", "id_token_hint and client_id name two applications".to_owned()));
    }
    let Some(client_id) = audience.or(named) else { return Ok(nobody_asks(params)) };
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
    let Some((client, of)) = found else { return Ok(nobody_asks(params)) };
    let of_this_session = of.is_some() && of == session.map(|session| session.id);
    match params.get("post_logout_redirect_uri") {
        None => Ok(Wish { client: Some(client), of_this_session, ..Wish::default() }),
        Some(asked) if client.post_logout_redirect_uris.iter().any(|uri| uri.as_str() == asked) => {
            let back_to = Some(with_state(asked, params.get("state")));
            Ok(Wish { client: Some(client), back_to, of_this_session, refused: None })
        }
        Some(asked) => {
            let detail = format!("post_logout_redirect_uri {} is not registered for {}", safe(asked), client.name);
            Ok(unusable(Some(client), params, "post_logout_redirect_uri", detail))
        }
    }
}

/// A request from which it cannot be told which application asks.
fn nobody_asks(params: &Params) -> Wish {
    if params.get("post_logout_redirect_uri").is_none() {
        return Wish::default();
    }
    let detail = "post_logout_redirect_uri needs the client_id of a registered application, or an id_token_hint".to_owned();
    unusable(None, params, "client_id", detail)
}

fn unusable(client: Option<Client>, params: &Params, check: &'static str, detail: String) -> Wish {
    let registered = client.iter().flat_map(|client| client.post_logout_redirect_uris.iter().map(RedirectUri::as_str));
    let refusal = Refusal {
        endpoint: "logout",
        check,
        application: client.as_ref().map_or_else(|| params.get("client_id").unwrap_or("(missing)"), |client| &client.client_id).to_owned(),
        name: client.as_ref().map(|client| client.name.clone()).unwrap_or_default(),
        sent: params.get("post_logout_redirect_uri").unwrap_or("(missing)").to_owned(),
        registered: registered.collect::<Vec<_>>().join(" "),
    };
    Wish { client, refused: Some(UnusableLogout { detail, refusal }), ..Wish::default() }
}

fn with_state(address: &str, state: Option<&str>) -> String {
    let Some(state) = state else { return address.to_owned() };
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("state", state).finish();
    let joint = if address.contains('?') { "&" } else { "?" };
    format!("{address}{joint}{query}")
}

/// How far a sign-out reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoutReach {
    /// This browser.
    Here,
    /// Every browser of the person.
    Everywhere,
}

/// Ends sessions with everything given in them, in one write (SE-08, OA-117).
pub async fn sign_out(app: &App, caller: &Caller, session: &Session, reach: LogoutReach) -> Result<(), Fault> {
    let (id, person, trace) = (session.id, session.person, caller.audit_origin());
    app.write(move |w| {
        let actor = Actor::Person(person);
        match reach {
            LogoutReach::Here => {
                session::end(w, id)?;
                grant::revoke_for_session(w, id)?;
                let entry = Entry::new(Kind::SessionEnded, actor).about(person).fact("session", id.to_string());
                audit::append(w, &entry.personal(Some(person), trace))?;
            }
            LogoutReach::Everywhere => {
                let ended = sessions::end_all(w, person)?;
                let entry = Entry::new(Kind::SessionsEnded, actor).about(person).fact("sessions", ended);
                audit::append(w, &entry.personal(Some(person), trace))?;
            }
        }
        Ok(())
    })
    .await
}
