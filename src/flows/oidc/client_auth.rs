//! Client authentication at the token endpoint: by HTTP Basic or in the body, as the application is registered (OA-39).

use std::time::Duration;

use data_encoding::BASE64;

use super::error::{OAuthError, Refused, refused};
use super::params::Params;
use super::refusal::{Applicant, TokenRefusal, note, refusal};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::client::{self, Client, ClientAuth};
use crate::flows::spaces::CLIENT_FAILURES;
use crate::kernel::Fault;
use crate::kernel::ids::ClientId;
use crate::platform::crypto::token::{ClientSecret, Token};

/// Wrong secrets in ten minutes from one network for one application before it must wait.
const MOST_FAILURES: u64 = 30;

/// Why an application was not authenticated.
#[derive(Clone, Debug)]
pub enum NotAuthenticated {
    /// The answer to give.
    Refused(Refused, Challenge),
    /// Too many wrong secrets.
    TooMany(Duration),
}

/// Whether a 401 names the scheme to use. RFC 6749 section 5.2 wants that for who tried the Authorization header; client
/// libraries that send their secret in the body show the challenge in place of the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// `WWW-Authenticate: Basic`.
    Basic,
    /// None.
    None,
}

/// What was presented.
struct PresentedCredentials {
    client_id: String,
    secret: Option<String>,
    /// How; [`ClientAuth::None`] without a secret.
    method: ClientAuth,
}

/// How what was presented fits what is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Right,
    UnknownClient,
    SecretMissing,
    SecretWrong,
    /// The application is public and has no secret.
    HasNoSecret,
    /// The secret is right, and the application is registered for the other method.
    WrongMethod,
}

/// Authenticates an application. An unknown one is answered with the same words and the same work as a wrong secret (OA-38); the
/// log and the record tell all cases apart. Only failures are counted and slowed down (OA-42): a secret cannot be guessed, and
/// another client of the same network, or one that knows the `client_id`, must not keep the one with the right secret out.
pub async fn authenticate(
    app: &App,
    network: &str,
    authorization: Option<&str>,
    params: &Params,
) -> Result<Result<Client, NotAuthenticated>, Fault> {
    let challenge = if authorization.is_some() { Challenge::Basic } else { Challenge::None };
    let presented = match read(authorization, params) {
        Ok(presented) => presented,
        Err(refusal) => {
            record(app, network, Applicant::of(params.get("client_id")), &refusal).await?;
            return Ok(Err(NotAuthenticated::Refused(refusal.told, challenge)));
        }
    };
    let (client, fit) = find(app, &presented).await?;
    let applicant = client.as_ref().map_or(Applicant::Named(&presented.client_id), Applicant::Known);
    let refusal = match (fit, &client) {
        (Fit::Right, Some(client)) if client.disabled => disabled(),
        (Fit::Right, Some(client)) => return Ok(Ok(client.clone())),
        _ => {
            if let Some(wait) = count(app, network, fit, applicant).await? {
                return Ok(Err(NotAuthenticated::TooMany(wait)));
            }
            explain(fit, &presented, client.as_ref())
        }
    };
    record(app, network, applicant, &refusal).await?;
    Ok(Err(NotAuthenticated::Refused(refusal.told, challenge)))
}

/// The application of this `client_id`, and how what was presented fits it.
async fn find(app: &App, presented: &PresentedCredentials) -> Result<(Option<Client>, Fit), Fault> {
    let secret = presented.secret.as_deref().and_then(Token::<ClientSecret>::parse).map(|token| token.hash());
    let (client_id, method) = (presented.client_id.clone(), presented.method);
    let nobody = ClientId::make(app.now(), &*app.entropy);
    let decoy = Token::<ClientSecret>::make(&*app.entropy).hash();
    app.read(move |w| {
        let found = client::find(w, &client_id)?;
        // The same work for one that is not there.
        let id = found.as_ref().map_or(nobody, |client| client.id);
        let matches = method != ClientAuth::None && client::secret_matches(w, id, &secret.unwrap_or(decoy))?;
        let secret = if matches { PresentedSecret::Right } else { PresentedSecret::WrongOrMissing };
        let fit = found.as_ref().map_or(Fit::UnknownClient, |client| fit(client.auth, method, secret));
        Ok((found, fit))
    })
    .await
}

/// Whether the secret that was presented is one of the application's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PresentedSecret {
    Right,
    WrongOrMissing,
}

fn fit(registered: ClientAuth, presented: ClientAuth, secret: PresentedSecret) -> Fit {
    match (registered, presented) {
        (ClientAuth::None, ClientAuth::None) => Fit::Right,
        (ClientAuth::None, _) => Fit::HasNoSecret,
        (_, ClientAuth::None) => Fit::SecretMissing,
        _ if secret == PresentedSecret::WrongOrMissing => Fit::SecretWrong,
        (ClientAuth::SecretEither, _) => Fit::Right,
        (registered, presented) if registered == presented => Fit::Right,
        _ => Fit::WrongMethod,
    }
}

/// Counts a failure. Says how long to wait when there were too many; a right secret is never one.
async fn count(app: &App, network: &str, fit: Fit, applicant: Applicant<'_>) -> Result<Option<Duration>, Fault> {
    if fit == Fit::WrongMethod {
        return Ok(None);
    }
    let key = format!("{network}:{}", applicant.key());
    let (failures, until) = app.ephemeral.bump(&CLIENT_FAILURES.key(key)).await?;
    Ok((failures > MOST_FAILURES).then(|| app.now().until(until)))
}

/// Writes a refusal into the log and the record, as far as it is worth that.
async fn record(app: &App, network: &str, applicant: Applicant<'_>, refusal: &TokenRefusal) -> Result<(), Fault> {
    if !note(app, network, applicant, refusal).await {
        return Ok(());
    }
    let entry = Entry::new(Kind::ClientRefused, Actor::Unknown).fact("reason", refusal.check);
    let entry = match applicant {
        Applicant::Known(client) => {
            entry.with(client.id).fact("sent", refusal.sent.as_str()).fact("registered", refusal.registered.as_str())
        }
        // What a stranger typed does not stand in the record.
        Applicant::Named(_) | Applicant::Nameless => entry.fact("client", "unknown"),
    };
    app.write(move |w| audit::append(w, &entry).map(|_| ())).await
}

fn disabled() -> TokenRefusal {
    refusal(
        refused(OAuthError::UnauthorizedClient, "this application is switched off"),
        "client_disabled",
        "right credentials",
        "switched off",
    )
}

const WRONG: Refused = refused(OAuthError::InvalidClient, "client_id or client_secret is wrong");
const PUBLIC: Refused =
    refused(OAuthError::InvalidClient, "this application is public and has no secret: leave client_secret out, or empty");
const MISSING: Refused = refused(OAuthError::InvalidClient, "client_secret is missing, and client_id is not that of a public application");
const NOT_IN_BODY: Refused = refused(
    OAuthError::InvalidClient,
    "the secret is right, but this application is registered to send it by client_secret_basic, in the Authorization header",
);
const NOT_IN_HEADER: Refused = refused(
    OAuthError::InvalidClient,
    "the secret is right, but this application is registered to send it by client_secret_post, as client_secret in the body",
);

/// A failure for the answer, which tells those apart who had the right secret or need none, and for the log, which tells all.
fn explain(fit: Fit, presented: &PresentedCredentials, client: Option<&Client>) -> TokenRefusal {
    let sent = presented.method.as_str();
    let registered = client.map_or("no such application", |client| client.auth.as_str());
    let without = if presented.method == ClientAuth::None { MISSING } else { WRONG };
    match fit {
        Fit::UnknownClient => refusal(without, "client_unknown", sent, registered),
        Fit::SecretMissing => refusal(MISSING, "client_secret_missing", sent, registered),
        Fit::HasNoSecret => refusal(PUBLIC, "client_is_public", sent, registered),
        Fit::WrongMethod if presented.method == ClientAuth::SecretPost => refusal(NOT_IN_BODY, "client_auth_method", sent, registered),
        Fit::WrongMethod => refusal(NOT_IN_HEADER, "client_auth_method", sent, registered),
        Fit::SecretWrong | Fit::Right => {
            let form = presented.secret.as_deref().is_some_and(|secret| Token::<ClientSecret>::parse(secret).is_some());
            let what = if form { "a secret of another application or a revoked one" } else { "not of the form of a secret of this server" };
            refusal(WRONG, "client_secret_wrong", format!("{sent}, {what}"), registered)
        }
    }
}

/// Reads what was presented. An empty password is none: libraries send one for an application without a secret.
fn read(authorization: Option<&str>, params: &Params) -> Result<PresentedCredentials, TokenRefusal> {
    use OAuthError::{InvalidClient, InvalidRequest};
    let in_body = params.get("client_secret").map(str::to_owned);
    if params.get("client_assertion").is_some() || params.get("client_assertion_type").is_some() {
        let told = refused(InvalidClient, "client_assertion is not supported: use client_secret_basic or client_secret_post");
        return Err(refusal(told, "client_assertion", "client_assertion", "client_secret_basic client_secret_post none"));
    }
    let Some(header) = authorization else {
        let Some(client_id) = params.get("client_id") else {
            let told = refused(InvalidClient, "client_id is missing: send it with client_secret in the body, or both by HTTP Basic");
            return Err(refusal(told, "client_credentials_missing", "no Authorization header and no client_id", "client_id"));
        };
        let method = if in_body.is_some() { ClientAuth::SecretPost } else { ClientAuth::None };
        return Ok(PresentedCredentials { client_id: client_id.to_owned(), secret: in_body, method });
    };
    let (client_id, secret) = basic(header)?;
    if in_body.is_some() {
        let told = refused(InvalidRequest, "client_secret in the body beside an Authorization header: use one of the two");
        return Err(refusal(told, "client_auth_twice", "client_secret_basic and client_secret_post", "one of the two"));
    }
    if let Some(named) = params.get("client_id").filter(|named| *named != client_id) {
        let told = refused(InvalidRequest, "client_id in the body differs from the one in the Authorization header");
        return Err(refusal(told, "client_id_differs", format!("{named} in the body"), format!("{client_id} in the header")));
    }
    let method = if secret.is_empty() { ClientAuth::None } else { ClientAuth::SecretBasic };
    Ok(PresentedCredentials { client_id, secret: Some(secret).filter(|secret| !secret.is_empty()), method })
}

/// `client_id` and secret of an Authorization header (RFC 6749 section 2.3.1).
fn basic(header: &str) -> Result<(String, String), TokenRefusal> {
    let malformed = |sent: &str| {
        let told = refused(OAuthError::InvalidClient, "the Authorization header is not HTTP Basic with client_id:client_secret in base64");
        refusal(told, "authorization_header", sent, "Basic base64(client_id:client_secret)")
    };
    let (scheme, encoded) = header.split_once(' ').ok_or_else(|| malformed("no scheme and credentials"))?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(malformed("another scheme"));
    }
    let decoded = BASE64.decode(encoded.trim().as_bytes()).map_err(|_| malformed("not base64"))?;
    let text = String::from_utf8(decoded).map_err(|_| malformed("not UTF-8"))?;
    let (id, secret) = text.split_once(':').ok_or_else(|| malformed("no colon"))?;
    Ok((form_decoded(id), form_decoded(secret)))
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
    fn a_secret_comes_either_way_unless_one_is_pinned() {
        // OA-39
        use ClientAuth::{None, SecretBasic, SecretEither, SecretPost};
        use PresentedSecret::{Right, WrongOrMissing};
        for (registered, presented, secret, expected) in [
            (SecretEither, SecretBasic, Right, Fit::Right),
            (SecretEither, SecretPost, Right, Fit::Right),
            (SecretBasic, SecretBasic, Right, Fit::Right),
            (SecretPost, SecretPost, Right, Fit::Right),
            (None, None, WrongOrMissing, Fit::Right),
            (SecretBasic, SecretPost, Right, Fit::WrongMethod),
            (SecretPost, SecretBasic, Right, Fit::WrongMethod),
            (SecretBasic, SecretPost, WrongOrMissing, Fit::SecretWrong),
            (SecretEither, SecretPost, WrongOrMissing, Fit::SecretWrong),
            (SecretEither, None, WrongOrMissing, Fit::SecretMissing),
            (SecretPost, None, Right, Fit::SecretMissing),
            (None, SecretBasic, Right, Fit::HasNoSecret),
            (None, SecretPost, WrongOrMissing, Fit::HasNoSecret),
        ] {
            assert_eq!(fit(registered, presented, secret), expected, "{registered:?} {presented:?} {secret:?}");
        }
    }

    #[test]
    fn an_empty_password_is_no_secret() {
        let header = format!("Basic {}", BASE64.encode(b"notes:"));
        let presented = read(Some(&header), &Params::default()).ok().unwrap();
        assert_eq!((presented.client_id.as_str(), presented.secret, presented.method), ("notes", None, ClientAuth::None));
    }

    #[test]
    fn what_is_told_is_in_the_characters_of_the_standard() {
        // OA-48; RFC 6749 section 5.2
        for told in [WRONG, MISSING, NOT_IN_BODY, NOT_IN_HEADER] {
            assert!(told.description.bytes().all(|b| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\')), "{}", told.description);
        }
    }

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
