//! The `id_token_hint` of a request (OpenID Connect Core section 3.1.2.1).

use crate::app::App;
use crate::flows::oidc::params::Params;
use crate::platform::crypto::jws;

/// What an `id_token_hint` says, its signature and issuer verified; that it has expired does not matter (OA-66).
#[derive(Clone, Debug)]
pub(super) struct Hint {
    pub(super) audience: String,
    pub(super) subject: String,
}

/// Opens the hint of a request; `None` where there is none or it is not an ID token of ours.
pub(super) fn hint(app: &App, params: &Params) -> Option<Hint> {
    let claims = jws::verify_own(params.get("id_token_hint")?, &app.signing.current().public(), "JWT")?;
    let text = |name: &str| claims.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    (text("iss")? == app.settings.origin().as_str()).then_some(())?;
    Some(Hint { audience: text("aud")?, subject: text("sub")? })
}
