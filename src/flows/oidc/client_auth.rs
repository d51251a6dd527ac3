//! Who is at the token endpoint: the one method an application is registered with, and no other (OA-39).

use std::time::Duration;

use data_encoding::BASE64;

use super::error::{OAuthError, Refused, refused};
use super::params::Params;
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::client::{self, Client, ClientAuth};
use crate::flows::spaces::CLIENT_FAILURES;
use crate::flows::throttle;
use crate::kernel::Fault;
use crate::kernel::ids::ClientId;
use crate::platform::crypto::token::{ClientSecret, Token};

/// Wrong secrets in ten minutes from one network for one application before it must wait.
const MOST_FAILURES: u64 = 30;

/// Why an application was not believed.
#[derive(Clone, Debug)]
pub enum NotAuthenticated {
    /// The answer to give.
    Refused(Refused),
    /// Too many wrong secrets.
    TooMany(Duration),
}

/// What was presented.
struct Presented {
    client_id: String,
    secret: Option<String>,
    method: ClientAuth,
}

/// Finds out who asks. The same words and work for an unknown application as for a wrong secret (OA-38). Only failures
/// are counted and slowed down (OA-42): a secret cannot be guessed, and whoever shares a network with an application, or
/// knows its name, must not be able to keep the one with the right secret out.
pub async fn authenticate(
    app: &App,
    network: &str,
    authorization: Option<&str>,
    params: &Params,
) -> Result<Result<Client, NotAuthenticated>, Fault> {
    let no = |error, text| Ok(Err(NotAuthenticated::Refused(refused(error, text))));
    let presented = match read(authorization, params) {
        Ok(presented) => presented,
        Err(refused) => return Ok(Err(NotAuthenticated::Refused(refused))),
    };
    let secret = presented.secret.as_deref().and_then(Token::<ClientSecret>::parse).map(|token| token.hash());
    let (client_id, method) = (presented.client_id, presented.method);
    let nobody = ClientId::make(app.now(), &*app.entropy);
    let decoy = Token::<ClientSecret>::make(&*app.entropy).hash();
    let found = app
        .read(move |w| {
            let Some(client) = client::find(w, &client_id)? else {
                // The same work as for one that is there.
                client::secret_matches(w, nobody, &secret.unwrap_or(decoy))?;
                return Ok(None);
            };
            let fits = match (client.auth, secret) {
                (ClientAuth::None, None) => method == ClientAuth::None,
                (registered, Some(secret)) if registered == method => client::secret_matches(w, client.id, &secret)?,
                _ => false,
            };
            Ok(Some((client, fits)))
        })
        .await?;
    match found {
        Some((client, true)) if client.disabled => no(OAuthError::UnauthorizedClient, "this application is switched off"),
        Some((client, true)) => Ok(Ok(client)),
        found => {
            if let Some(wait) = failed(app, network, method, found.map(|(client, _)| client.id)).await? {
                return Ok(Err(NotAuthenticated::TooMany(wait)));
            }
            no(OAuthError::InvalidClient, "the application could not be authenticated")
        }
    }
}

/// Counts a failure and writes it down while that is news. Says how long to wait when there were too many.
async fn failed(app: &App, network: &str, method: ClientAuth, client: Option<ClientId>) -> Result<Option<Duration>, Fault> {
    // Unknown names are counted together, so that a list of them fills nothing.
    let who = client.as_ref().map_or_else(|| "unknown".to_owned(), ToString::to_string);
    let (failures, until) = app.ephemeral.bump(&CLIENT_FAILURES.key(format!("{network}:{who}"))).await?;
    if failures > MOST_FAILURES {
        return Ok(Some(app.now().until(until)));
    }
    if throttle::is_first_in_window_from(app, network, &format!("client:{who}")).await? {
        let entry = Entry::new(Kind::ClientRefused, Actor::Unknown).fact("method", method.as_str());
        let entry = match client {
            Some(client) => entry.with(client),
            None => entry.fact("client", "unknown"),
        };
        app.write(move |w| audit::append(w, &entry).map(|_| ())).await?;
    }
    Ok(None)
}

fn read(authorization: Option<&str>, params: &Params) -> Result<Presented, Refused> {
    let in_body = params.get("client_secret").map(str::to_owned);
    if params.get("client_assertion").is_some() || params.get("client_assertion_type").is_some() {
        return Err(refused(OAuthError::InvalidClient, "this way to authenticate is not supported"));
    }
    let Some(header) = authorization else {
        let client_id = params.get("client_id").ok_or(refused(OAuthError::InvalidClient, "client_id is missing"))?.to_owned();
        let method = if in_body.is_some() { ClientAuth::SecretPost } else { ClientAuth::None };
        return Ok(Presented { client_id, secret: in_body, method });
    };
    let malformed = refused(OAuthError::InvalidClient, "the Authorization header is not HTTP Basic");
    let (scheme, encoded) = header.split_once(' ').ok_or(malformed)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(malformed);
    }
    let decoded = BASE64.decode(encoded.trim().as_bytes()).map_err(|_| malformed)?;
    let text = String::from_utf8(decoded).map_err(|_| malformed)?;
    let (id, secret) = text.split_once(':').ok_or(malformed)?;
    let (client_id, secret) = (form_decoded(id), form_decoded(secret));
    if in_body.is_some() {
        return Err(refused(OAuthError::InvalidRequest, "two ways to authenticate in one request"));
    }
    if params.get("client_id").is_some_and(|named| named != client_id) {
        return Err(refused(OAuthError::InvalidRequest, "client_id differs from the Authorization header"));
    }
    Ok(Presented { client_id, secret: Some(secret), method: ClientAuth::SecretBasic })
}

/// RFC 6749 section 2.3.1: id and secret are form-encoded before they are joined (OA-40).
fn form_decoded(text: &str) -> String {
    let pair = format!("x={}", text.replace('&', "%26"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_read_as_the_standard_writes_it() {
        // OA-40
        let header = |text: &str| format!("Basic {}", BASE64.encode(text.as_bytes()));
        let presented = read(Some(&header("an%20app:a%2Bb%25%3A%C3%A9")), &Params::default()).ok().unwrap();
        assert_eq!((presented.client_id.as_str(), presented.secret.as_deref()), ("an app", Some("a+b%:é")));
        for bad in ["Basic", "Bearer x", "Basic %%%", &header("no colon")] {
            assert!(read(Some(bad), &Params::default()).is_err(), "{bad}");
        }
    }

    #[test]
    fn two_ways_at_once_are_refused() {
        // OA-39
        let both = Params::parse(b"client_secret=x");
        let header = format!("Basic {}", BASE64.encode(b"a:b"));
        assert!(read(Some(&header), &both).is_err());
        assert!(read(Some(&header), &Params::parse(b"client_id=other")).is_err());
    }
}
