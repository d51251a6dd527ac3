//! The answer to the application: always with `iss` (RFC 9207, OA-17) and the unchanged `state` (OA-06).

use super::super::error::Refused;
use crate::app::App;
use crate::domain::grant::AuthorizationRequest;

/// The address that tells an application of an error.
pub fn error_url(app: &App, redirect_uri: &str, state: Option<&str>, refused: Refused) -> String {
    let mut pairs = vec![("error", refused.error.as_str()), ("error_description", refused.description)];
    pairs.extend(state.map(|state| ("state", state)));
    with(app, redirect_uri, &pairs)
}

/// The address that brings an application its code.
pub(super) fn code_url(app: &App, request: &AuthorizationRequest, code: &str) -> String {
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

/// Whether a browser follows a redirect there without asking: http and https. Addresses of apps' own schemes get a
/// page with a link instead.
pub fn is_web_address(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}
