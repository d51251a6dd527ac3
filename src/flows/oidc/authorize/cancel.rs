//! A person turns back before they signed in: the application is told, and nothing is written.

use super::respond::{AuthorizeOutcome, present};
use super::settle::{self, Inputs};
use super::verdict::Verdict;
use super::{error_url, kept};
use crate::app::App;
use crate::flows::Caller;
use crate::flows::oidc::error::{OAuthError, Refused};
use crate::kernel::Fault;
use crate::kernel::ids::RequestId;

/// Answers a kept request of this browser with `access_denied`, against the registration of this moment.
pub async fn cancel(app: &App, caller: &Caller, id: RequestId) -> Result<AuthorizeOutcome, Fault> {
    let Some(kept) = kept::find(app, caller, id).await? else { return Ok(AuthorizeOutcome::Gone) };
    let inputs = Inputs::of(app, caller, None, None);
    let given = inputs.clone();
    let Some(settled) = app.read(move |w| settle::kept(w, &kept, &given)).await? else { return Ok(AuthorizeOutcome::Gone) };
    let asked = match (&settled.verdict, &settled.standing.asked) {
        (Verdict::Page(_), _) | (_, Err(_)) => return present(app, settled, id, &inputs).await,
        (_, Ok(asked)) => asked,
    };
    // Of several answers to one request one takes it.
    if !kept::take(app, id).await? {
        return Ok(AuthorizeOutcome::Gone);
    }
    let refused = Refused { error: OAuthError::AccessDenied, description: "the person turned back before signing in" };
    let url = error_url(app, &asked.redirect_uri, asked.state.as_deref(), refused);
    Ok(AuthorizeOutcome::Application { url, app: asked.client.name.clone(), silent: asked.silent })
}
