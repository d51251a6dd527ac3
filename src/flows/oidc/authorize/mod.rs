//! The authorization endpoint (OpenID Connect Core section 3.1.2). One `verdict` says what an
//! authorization comes to; `respond` turns it into a page, an error for the application, or a code. Only a request that
//! needs the person is kept, on the server, and decided again from what is kept, never from what a browser sends again
//! (OA-35).

mod cancel;
mod checks;
mod claims_parameter;
mod hint;
mod kept;
mod received;
mod refusal;
mod rejection;
mod respond;
mod settle;
mod standing;
mod verdict;

pub use cancel::cancel;
pub(crate) use kept::KeptRequest;
pub use kept::{RequestSummary, look};
pub use rejection::NotTold;
pub use respond::{Arrival, AuthorizeOutcome, DeniedFor, Question, begin, resume};
pub use standing::{ConsentAnswer, Decision};
pub use verdict::{ConsentReason, Denial, SignInReason};

use crate::app::App;
use crate::domain::grant::AuthorizationRequest;
use crate::flows::oidc::error::Refused;

/// The address that tells an application of an error: always with `iss` (RFC 9207, OA-17) and the unchanged `state` (OA-06).
fn error_url(app: &App, redirect_uri: &str, state: Option<&str>, refused: Refused) -> String {
    let mut pairs = vec![("error", refused.error.as_str()), ("error_description", refused.description)];
    pairs.extend(state.map(|state| ("state", state)));
    with(app, redirect_uri, &pairs)
}

/// The address that brings an application its code.
fn code_url(app: &App, request: &AuthorizationRequest, code: &str) -> String {
    let mut pairs = vec![("code", code)];
    pairs.extend(request.state.as_deref().map(|state| ("state", state)));
    with(app, &request.redirect_uri, &pairs)
}

fn with(app: &App, address: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs).append_pair("iss", app.settings.origin().as_str());
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    format!("{address}{joint}{}", query.finish())
}

/// Whether a browser follows a redirect to this address after a form without asking: http and https. Custom schemes get a
/// page with a link instead.
pub fn is_web_address(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}
