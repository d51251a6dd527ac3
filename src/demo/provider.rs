//! The service, as the demo sees it: found by discovery, asked by code and PKCE, believed only after every check.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use openidconnect::core::{CoreAuthPrompt, CoreClient, CoreJwsSigningAlgorithm, CoreResponseType, CoreUserInfoClaims};
use openidconnect::url::{ParseError, Url};
use openidconnect::{
    AccessTokenHash, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, DiscoveryError,
    EndSessionUrl, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError, TokenResponse,
    UserInfoError, reqwest,
};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};

use super::DemoSettings;
use super::answer::CallbackProblem;
use super::facts::{claims_of, facts, ledger_entry};
use super::view::{DemoResultPage, Trouble};
use super::visitors::{BegunSignIn, Received};
use super::wire::{Wire, WireProblem, client};
use crate::kernel::time::{Clock, Timestamp};

type OidcClient = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// How long what discovery said is believed.
const FRESH: Duration = Duration::from_secs(600);

struct Discovered {
    client: OidcClient,
    end_session: Option<EndSessionUrl>,
    at: Timestamp,
}

/// Whether the person is to be asked what the demo gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// When the service has to.
    WhenNeeded,
    /// Also when they decided before (`prompt=consent`).
    Again,
}

/// The service.
pub(super) struct Provider {
    settings: DemoSettings,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    home: PostLogoutRedirectUrl,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    known: Mutex<Option<Arc<Discovered>>>,
}

impl Provider {
    /// The service of `settings`, for a demo at `url`. Asks nothing yet: the server may start later.
    pub(super) fn new(settings: DemoSettings, url: &str, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let wrong = |error: ParseError| error.to_string();
        Ok(Self {
            issuer: IssuerUrl::new(settings.issuer.clone()).map_err(wrong)?,
            redirect: RedirectUrl::new(format!("{url}/callback")).map_err(wrong)?,
            home: PostLogoutRedirectUrl::new(format!("{url}/")).map_err(wrong)?,
            http: client().map_err(|error| error.to_string())?,
            settings,
            clock,
            known: Mutex::new(None),
        })
    }

    /// The issuer as every answer must name it.
    pub(super) fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    /// Begins a sign-in: where to send the browser, and what to remember.
    pub(super) async fn begin(&self, ask: Ask) -> Result<(Url, BegunSignIn), CallbackProblem> {
        let known = self.discover().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let request = known
            .client
            .authorize_url(AuthenticationFlow::<CoreResponseType>::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(["profile", "email"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge);
        let (url, state, nonce) = match ask {
            Ask::WhenNeeded => request.url(),
            Ask::Again => request.add_prompt(CoreAuthPrompt::Consent).url(),
        };
        Ok((url, BegunSignIn { state, nonce, verifier, at: self.clock.now() }))
    }

    /// Exchanges a code and checks everything that comes back.
    pub(super) async fn finish(&self, begun: BegunSignIn, code: String) -> Result<Received, CallbackProblem> {
        let outcome = self.exchange(begun, code).await;
        if outcome.is_err() {
            self.forget();
        }
        outcome
    }

    async fn exchange(&self, begun: BegunSignIn, code: String) -> Result<Received, CallbackProblem> {
        let known = self.discover().await?;
        let wire = Wire::new(&self.http);
        let tokens = known
            .client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| CallbackProblem::check("Discovery names no token endpoint."))?
            .set_pkce_verifier(begun.verifier)
            .request_async(&wire)
            .await
            .map_err(token_problem)?;
        let mut ledger: Vec<_> = wire.heard().ledger.and_then(|header| ledger_entry(&header, "demo-ledger-token")).into_iter().collect();

        let id_token = tokens.id_token().ok_or_else(|| CallbackProblem::check("The token answer has no ID token."))?;
        let clock = self.clock.clone();
        let verifier = known
            .client
            .id_token_verifier()
            .set_allowed_algs([CoreJwsSigningAlgorithm::EcdsaP256Sha256])
            .set_time_fn(move || clock.now().to_utc());
        let claims = id_token.claims(&verifier, &begun.nonce).map_err(claims_problem)?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = id_token.signing_alg().map_err(signature_problem)?;
            let key = id_token.signing_key(&verifier).map_err(signature_problem)?;
            let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key)
                .map_err(|_| CallbackProblem::check("The hash of the access token cannot be checked (at_hash)."))?;
            if actual != *expected {
                return Err(CallbackProblem::check("The access token is not the one the ID token was made with (at_hash)."));
            }
        }

        let shown: CoreUserInfoClaims = known
            .client
            .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
            .map_err(|_| CallbackProblem::check("Discovery names no userinfo endpoint."))?
            .request_async(&wire)
            .await
            .map_err(userinfo_problem)?;
        let heard = wire.heard();
        ledger.extend(heard.ledger.and_then(|header| ledger_entry(&header, "demo-ledger-userinfo")));

        let id_token = id_token.to_string();
        let id_claims = claims_of(&id_token).ok_or_else(|| CallbackProblem::check("The ID token cannot be read."))?;
        let userinfo: Map<String, Value> =
            serde_json::from_slice(&heard.body).map_err(|_| CallbackProblem::check("The userinfo answer cannot be read."))?;
        let name = shown.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned());
        let page = DemoResultPage {
            name: name.or_else(|| shown.preferred_username().map(|name| name.as_str().to_owned())),
            id_token: facts(&id_claims),
            userinfo: facts(&userinfo),
            algorithm: "ES256".to_owned(),
            access_token_seconds: tokens.expires_in().map(|time| time.as_secs()),
            ledger,
            sign_in: "/login".to_owned(),
            sign_out: "/logout".to_owned(),
        };
        Ok(Received { page, id_token })
    }

    /// Where to send the browser to sign out at the service too, if the service offers that.
    pub(super) async fn sign_out_url(&self, received: &Received) -> Option<Url> {
        let mut url = self.discover().await.ok()?.end_session.as_ref()?.url().clone();
        url.query_pairs_mut()
            .append_pair("id_token_hint", &received.id_token)
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("post_logout_redirect_uri", self.home.as_str());
        Some(url)
    }

    /// What discovery says, asked anew when it is old or something failed.
    async fn discover(&self) -> Result<Arc<Discovered>, CallbackProblem> {
        let now = self.clock.now();
        if let Some(known) = self.lock().as_ref().filter(|known| now.since(known.at) < FRESH && now >= known.at) {
            return Ok(known.clone());
        }
        let wire = Wire::new(&self.http);
        let metadata = ProviderMetadataWithLogout::discover_async(self.issuer.clone(), &wire).await.map_err(discovery_problem)?;
        let end_session = metadata.additional_metadata().end_session_endpoint.clone();
        let secret = ClientSecret::new(self.settings.secret.expose_secret().to_owned());
        let client = CoreClient::from_provider_metadata(metadata, ClientId::new(self.settings.client_id.clone()), Some(secret))
            .set_redirect_uri(self.redirect.clone());
        let known = Arc::new(Discovered { client, end_session, at: now });
        *self.lock() = Some(known.clone());
        Ok(known)
    }

    fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<Discovered>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unreachable(problem: &WireProblem) -> CallbackProblem {
    CallbackProblem::new(Trouble::Unreachable, chain(problem))
}

fn discovery_problem(error: DiscoveryError<WireProblem>) -> CallbackProblem {
    match error {
        DiscoveryError::Request(problem) => unreachable(&problem),
        DiscoveryError::Response(status, ..) if status.is_server_error() => {
            CallbackProblem::new(Trouble::Unreachable, format!("status {status}"))
        }
        other => CallbackProblem::check(format!("Discovery: {}", chain(&other))),
    }
}

fn token_problem<E>(error: RequestTokenError<WireProblem, E>) -> CallbackProblem
where
    E: openidconnect::ErrorResponse + std::fmt::Display + 'static,
{
    match error {
        RequestTokenError::Request(problem) => unreachable(&problem),
        RequestTokenError::ServerResponse(answer) => CallbackProblem::new(Trouble::Refused, answer.to_string()),
        // The rest of these errors quote what came, which may hold a token.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => CallbackProblem::check("The token answer cannot be read."),
    }
}

fn userinfo_problem(error: UserInfoError<WireProblem>) -> CallbackProblem {
    match error {
        UserInfoError::Request(problem) => unreachable(&problem),
        UserInfoError::Response(status, ..) => CallbackProblem::new(Trouble::Refused, format!("userinfo: status {status}")),
        UserInfoError::ClaimsVerification(problem) => CallbackProblem::check(format!("userinfo: {}", chain(&problem))),
        _ => CallbackProblem::check("The userinfo answer cannot be read."),
    }
}

fn claims_problem(error: ClaimsVerificationError) -> CallbackProblem {
    CallbackProblem::check(format!("ID token: {}", chain(&error)))
}

fn signature_problem(error: SignatureVerificationError) -> CallbackProblem {
    CallbackProblem::check(format!("ID token: {}", chain(&error)))
}

/// An error and what is under it, in one line of bounded length.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut under = error.source();
    while let Some(source) = under {
        text = format!("{text}: {source}");
        under = source.source();
    }
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}
