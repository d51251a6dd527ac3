//! Turns the verdict on an authorization into a page, an error for the application, or a code. Nothing else does.

use super::hint::hint;
use super::kept;
use super::received::Asked;
use super::refusal::refusal as refusal_of;
use super::rejection::NotTold;
use super::settle::{self, Inputs, SettledRequest};
use super::standing::ConsentAnswer;
use super::verdict::{ConsentReason, Denial, SignInReason, Verdict};
use super::{code_url, error_url};
use crate::app::App;
use crate::domain::client::{self, Access, Client};
use crate::domain::consent::Consent;
use crate::domain::group;
use crate::domain::identity::{self, Profile};
use crate::domain::session::Session;
use crate::flows::Caller;
use crate::flows::oidc::claims::{self, Claim};
use crate::flows::oidc::params::Params;
use crate::flows::oidc::refusal::Refusal;
use crate::kernel::Fault;
use crate::kernel::ids::RequestId;
use crate::platform::crypto::token::{SessionCookie, TokenHash};
use crate::platform::db::Work;

/// What an authorization comes to, for the browser.
#[derive(Debug)]
pub enum AuthorizeOutcome {
    /// The person is told on a page, and the browser sent nowhere.
    Page(NotTold, Refusal),
    /// The browser goes to the application with the answer.
    Application {
        /// The whole address.
        url: String,
        /// The application's name.
        app: String,
        /// It asked to see no page.
        silent: bool,
    },
    /// The person must sign in for the kept request.
    SignIn {
        /// The request.
        request: RequestId,
        /// Why.
        reason: SignInReason,
    },
    /// The request is kept; what it needs of the person is asked where it goes on.
    Continue(RequestId),
    /// The person must be asked.
    Consent(Box<Question>),
    /// The person may not use the application.
    Denied(Box<DeniedFor>),
    /// A page would be needed, and this request shows none: an image, a script, a frame in another page.
    NotNavigation(Refusal),
    /// This browser has no such request.
    Gone,
}

/// How a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The browser shows the answer as a page of its own.
    Navigation,
    /// It does not: nothing is kept for it.
    Embedded,
}

/// What the person is asked.
#[derive(Debug)]
pub struct Question {
    /// Why.
    pub reason: ConsentReason,
    /// The application.
    pub client: Client,
    /// What it asks for.
    pub claims: Vec<Claim>,
    /// What of it the application needs.
    pub needed: Vec<Claim>,
    /// The administrator who decided that the application is the organisation's own, if one did.
    pub own_by: Option<String>,
    /// What the person decided before.
    pub before: Option<Consent>,
    /// The person's values.
    pub profile: Profile,
    /// The subject it will know them by.
    pub subject: String,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// Goes into the form and comes back with the answer.
    pub shown: String,
}

/// Who cannot use which application, and why.
#[derive(Debug)]
pub struct DeniedFor {
    /// Why.
    pub denial: Denial,
    /// The application's name.
    pub app: String,
    /// Who runs it.
    pub run_by: String,
    /// The name of the account.
    pub person: String,
    /// The groups that may use it.
    pub groups: Vec<String>,
    /// Goes into the form by which the application is told.
    pub shown: String,
}

/// Takes a request. With a session that suffices and consent that stands it is answered here, in one transaction, and
/// nothing is kept.
pub async fn begin(
    app: &App,
    caller: &Caller,
    cookie: Option<TokenHash<SessionCookie>>,
    params: &Params,
    arrival: Arrival,
) -> Result<AuthorizeOutcome, Fault> {
    let inputs = Inputs::of(app, caller, cookie, None);
    let (hint, sent) = (hint(app, params), params.clone());
    let settled = if cookie.is_some() {
        let work = move |w: &mut Work<'_>| {
            let settled = settle::arrived(w, &sent, hint.as_ref(), &inputs)?;
            settle::carry_out(w, settled, &inputs)
        };
        app.write(work).await?
    } else {
        // Without a cookie nobody is signed in, so nothing is written.
        app.read(move |w| settle::arrived(w, &sent, hint.as_ref(), &inputs)).await?
    };
    let refusal = || refusal_of(&settled, params);
    let (verdict, asked) = match (&settled.verdict, &settled.standing.asked) {
        (Verdict::Page(stop), _) | (_, Err(stop)) => return Ok(AuthorizeOutcome::Page(stop.clone(), refusal())),
        (verdict, Ok(asked)) => (verdict, asked),
    };
    match (verdict, &asked.request) {
        (Verdict::Error(_), _) => {
            refusal().log(None);
            answer_of(app, &settled, asked)
        }
        (Verdict::Code(_), _) => answer_of(app, &settled, asked),
        (_, Ok(request)) if arrival == Arrival::Navigation => {
            let id = kept::keep(app, caller, settled.session.as_ref(), asked, request.clone()).await?;
            Ok(match verdict {
                Verdict::SignIn(reason) => AuthorizeOutcome::SignIn { request: id, reason: *reason },
                _ => AuthorizeOutcome::Continue(id),
            })
        }
        _ => Ok(AuthorizeOutcome::NotNavigation(Refusal {
            check: "navigation",
            sent: "a request for something else than a page".into(),
            ..refusal()
        })),
    }
}

/// Goes on with a kept request of this browser, perhaps with the person's answer. Everything is decided again.
pub async fn resume(
    app: &App,
    caller: &Caller,
    cookie: Option<TokenHash<SessionCookie>>,
    id: RequestId,
    answer: Option<ConsentAnswer>,
) -> Result<AuthorizeOutcome, Fault> {
    let Some(kept) = kept::find(app, caller, id).await? else { return Ok(AuthorizeOutcome::Gone) };
    let inputs = Inputs::of(app, caller, cookie, answer);
    let (request, given) = (kept.clone(), inputs.clone());
    let Some(settled) = app.read(move |w| settle::kept(w, &request, &given)).await? else { return Ok(AuthorizeOutcome::Gone) };
    if !settled.verdict.is_answer() {
        return present(app, settled, id, &inputs).await;
    }
    // Of several answers to one request one takes it.
    if !kept::take(app, id).await? {
        return Ok(AuthorizeOutcome::Gone);
    }
    let (request, given) = (kept.clone(), inputs.clone());
    let work = move |w: &mut Work<'_>| {
        let settled = settle::kept(w, &request, &given)?;
        settled.map(|settled| settle::carry_out(w, settled, &given)).transpose()
    };
    match app.write(work).await {
        Ok(None) => Ok(AuthorizeOutcome::Gone),
        Ok(Some(settled)) => {
            if !settled.verdict.is_answer() {
                kept::put_back(app, caller, &kept).await?;
            }
            present(app, settled, id, &inputs).await
        }
        Err(fault) => {
            kept::put_back(app, caller, &kept).await?;
            Err(fault)
        }
    }
}

/// The verdict on a kept request, as the browser is answered.
pub(super) async fn present(app: &App, settled: SettledRequest, id: RequestId, inputs: &Inputs) -> Result<AuthorizeOutcome, Fault> {
    let Ok(asked) = &settled.standing.asked else { return Ok(AuthorizeOutcome::Gone) };
    let refusal = || refusal_of(&settled, &Params::default());
    match &settled.verdict {
        Verdict::Page(stop) => Ok(AuthorizeOutcome::Page(stop.clone(), refusal())),
        // A person who declines is no mistake of the application.
        Verdict::Error(rejection) => {
            if !rejection.declined {
                refusal().log(None);
            }
            answer_of(app, &settled, asked)
        }
        Verdict::Code(_) => answer_of(app, &settled, asked),
        Verdict::SignIn(reason) => Ok(AuthorizeOutcome::SignIn { request: id, reason: *reason }),
        Verdict::Consent(reason) => match (&settled.session, shown(&settled, inputs)) {
            (Some(session), Some(shown)) => {
                let before = settled.standing.person.as_ref().and_then(|person| person.consent.clone());
                question(app, session, asked, AskedBecause { reason: reason.clone(), before, shown }).await
            }
            _ => Ok(AuthorizeOutcome::Gone),
        },
        Verdict::Denied(denial) => match (&settled.session, shown(&settled, inputs)) {
            (Some(session), Some(shown)) => {
                refusal().log(None);
                denied(app, session, asked, denial, shown).await
            }
            _ => Ok(AuthorizeOutcome::Gone),
        },
    }
}

/// The answer to the application: an error or a code.
fn answer_of(app: &App, settled: &SettledRequest, asked: &Asked) -> Result<AuthorizeOutcome, Fault> {
    let url = match (&settled.verdict, &asked.request, &settled.code) {
        (Verdict::Error(rejection), _, _) => error_url(app, &asked.redirect_uri, asked.state.as_deref(), rejection.refused),
        (Verdict::Code(_), Ok(request), Some(code)) => code_url(app, &request.request, code.expose()),
        _ => return Err(Fault::internal("an authorization was to be answered without an answer")),
    };
    Ok(AuthorizeOutcome::Application { url, app: asked.client.name.clone(), silent: asked.silent })
}

fn shown(settled: &SettledRequest, inputs: &Inputs) -> Option<String> {
    settled.standing.showing(settled.session.as_ref()).map(|showing| showing.token(&inputs.form_key))
}

/// Why the question is asked, and what was decided before.
struct AskedBecause {
    reason: ConsentReason,
    before: Option<Consent>,
    shown: String,
}

async fn question(app: &App, session: &Session, asked: &Asked, why: AskedBecause) -> Result<AuthorizeOutcome, Fault> {
    let Ok(request) = &asked.request else { return Ok(AuthorizeOutcome::Gone) };
    let (person, client) = (session.person, asked.client.clone());
    let decided_by = client.own.as_ref().and_then(|own| own.by);
    let (profile, subject, own_by) = app
        .write(move |w| {
            let by = decided_by.map(|by| identity::name_of(w, by)).transpose()?.flatten();
            Ok((identity::profile(w, person)?, client::subject(w, person, &client.sector)?, by))
        })
        .await?;
    Ok(AuthorizeOutcome::Consent(Box::new(Question {
        reason: why.reason,
        claims: claims::asked(&request.request, &asked.client),
        needed: claims::needed(&request.request, &asked.client),
        own_by,
        client: asked.client.clone(),
        before: why.before,
        profile,
        subject,
        redirect_uri: asked.redirect_uri.clone(),
        shown: why.shown,
    })))
}

/// Says which groups may use the application: a person who is in none can ask to be put into one.
async fn denied(app: &App, session: &Session, asked: &Asked, denial: &Denial, shown: String) -> Result<AuthorizeOutcome, Fault> {
    let (person, access) = (session.person, asked.client.access.clone());
    let (profile, all) = app.read(move |w| Ok((identity::profile(w, person)?, group::list(w)?))).await?;
    Ok(AuthorizeOutcome::Denied(Box::new(DeniedFor {
        denial: denial.clone(),
        app: asked.client.name.clone(),
        run_by: asked.client.run_by.clone(),
        person: profile.login().to_owned(),
        groups: match access {
            Access::Everyone => vec![],
            groups @ Access::Groups(_) => groups.names(&all).unwrap_or_default(),
        },
        shown,
    })))
}
