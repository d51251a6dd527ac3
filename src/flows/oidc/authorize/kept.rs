//! A request that waits for its person: kept in the short-lived store, bound to the browser that brought it.

use serde::{Deserialize, Serialize};

use super::received::{Asked, Request};
use crate::app::App;
use crate::domain::client::{self, Client};
use crate::domain::grant::{AuthorizationRequest, Prompt};
use crate::domain::policy::Need;
use crate::domain::session::Session;
use crate::flows::Caller;
use crate::flows::spaces::{REQUEST, REQUEST_OF_DEVICE, REQUEST_OF_SESSION};
use crate::flows::throttle::{Asker, ByAsker};
use crate::kernel::ids::RequestId;
use crate::kernel::text::one_line;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::{AttemptCookie, TokenHash};
use crate::platform::ephemeral::Key;

/// A request as kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptRequest {
    pub(super) request: AuthorizationRequest,
    pub(super) binding: TokenHash<AttemptCookie>,
    /// The application's name, for pages on the way back to it.
    pub(super) client_name: String,
    /// The subject an `id_token_hint` or the `claims` named.
    pub(super) expected_subject: Option<String>,
}

/// Where requests are kept, by who asks.
const SPACES: ByAsker<KeptRequest> = ByAsker { session: &REQUEST_OF_SESSION, device: &REQUEST_OF_DEVICE, stranger: &REQUEST };

fn key(id: RequestId) -> Key<KeptRequest> {
    REQUEST.key(id)
}

/// Keeps a request. Only what is kept counts towards what this caller may have kept.
pub(super) async fn keep(
    app: &App,
    caller: &Caller,
    session: Option<&Session>,
    asked: &Asked,
    request: Request,
) -> Result<RequestId, Fault> {
    let id = request.request.id;
    let kept = KeptRequest {
        request: request.request,
        binding: caller.binding,
        client_name: asked.client.name.clone(),
        expected_subject: request.expected_subject,
    };
    app.ephemeral.put(&Asker::of(app, caller, session).await?.key(id, &SPACES), &kept).await?;
    Ok(id)
}

/// The request of this browser, if it is kept; another browser's looks like none (SE-18).
pub(super) async fn find(app: &App, caller: &Caller, id: RequestId) -> Result<Option<KeptRequest>, Fault> {
    Ok(app.ephemeral.get(&key(id)).await?.filter(|kept| kept.binding == caller.binding))
}

/// Takes a request out for its one answer; false when another answer took it.
pub(super) async fn take(app: &App, id: RequestId) -> Result<bool, Fault> {
    Ok(app.ephemeral.take(&key(id)).await?.is_some())
}

/// Puts a request back that could not be answered: nothing was given, so nothing is used up.
pub(super) async fn put_back(app: &App, caller: &Caller, kept: &KeptRequest) -> Result<(), Fault> {
    let key = Asker::of(app, caller, None).await?.key(kept.request.id, &SPACES).until(kept.ends(app));
    app.ephemeral.put(&key, kept).await
}

impl KeptRequest {
    fn ends(&self, app: &App) -> Timestamp {
        self.request.created_at.plus(app.settings.sign_in.attempt)
    }
    /// The same as when it arrived, against the registration of this moment.
    pub(super) fn asked(&self, client: Client) -> Asked {
        let request = Request { request: self.request.clone(), expected_subject: self.expected_subject.clone() };
        Asked {
            client,
            redirect_uri: self.request.redirect_uri.clone(),
            state: self.request.state.clone(),
            silent: self.request.prompts(Prompt::None),
            request: Ok(request),
        }
    }
}

/// What a sign-in page needs to know of the request it is for.
#[derive(Clone, Debug)]
pub struct RequestSummary {
    /// What must be proved.
    pub need: Need,
    /// The application's name.
    pub client_name: String,
    /// Who runs it.
    pub run_by: String,
    /// Whom it expects: text for the name field, nothing more (OA-67).
    pub login_hint: Option<String>,
}

/// Looks a kept request of this browser up.
pub async fn look(app: &App, caller: &Caller, id: RequestId) -> Result<Option<RequestSummary>, Fault> {
    let Some(kept) = find(app, caller, id).await? else { return Ok(None) };
    let client = kept.request.client;
    let Some(client) = app.read(move |w| client::find_by_id(w, client)).await? else { return Ok(None) };
    let request = Request { request: kept.request, expected_subject: kept.expected_subject };
    Ok(Some(RequestSummary {
        need: request.need(app.now(), app.settings.session.reauthentication),
        login_hint: request.request.login_hint.as_deref().map(|hint| one_line(hint, 254)),
        client_name: client.name,
        run_by: client.run_by,
    }))
}
