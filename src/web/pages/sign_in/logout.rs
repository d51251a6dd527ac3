//! `/logout`: sign out of this browser or everywhere; also where applications send people who sign out of them
//! (RP-Initiated Logout). Nobody is signed out by an address alone unless their own session's token says so (OA-115).

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::flows::oidc::authorize::is_web_address;
use crate::flows::oidc::logout::{self, LogoutReach, Wish};
use crate::flows::oidc::params::Params;
use crate::kernel::Timestamp;
use crate::platform::crypto::envelope::FieldLabel;
use crate::platform::crypto::token::{AttemptCookie, Token, TokenHash};
use crate::platform::telemetry;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared, SignedIn, read_body};
use crate::web::pages::account::me_view::{Back, Leaving, LogoutPage, NotBack};
use crate::web::pages::shell;
use crate::web::respond::{self, PageOptions, cookie};

/// Where a sign-out leads afterwards. It travels sealed in the form that asks, bound to this browser: nothing is stored for
/// an address that anyone can open (SE-19).
#[derive(Debug, Serialize, Deserialize)]
struct KeptSignOut {
    app: String,
    back_to: Option<String>,
    at: Timestamp,
}

const FIELD: FieldLabel = FieldLabel("form.logout");

impl KeptSignOut {
    fn of(app: &App, wish: &Wish) -> Option<Self> {
        let client = wish.client.as_ref()?;
        Some(Self { app: client.name.clone(), back_to: wish.back_to.clone(), at: app.now() })
    }
    fn seal(&self, app: &App, browser: &TokenHash<AttemptCookie>) -> Result<String, Failure> {
        let plain = serde_json::to_vec(self).map_err(|error| Failure::Broken(error.to_string()))?;
        Ok(BASE64URL_NOPAD.encode(&app.request_key().seal(FIELD, browser.as_bytes(), &plain)?))
    }
    /// `None` for what was tampered with, is of another browser, or too old.
    fn open(app: &App, browser: &TokenHash<AttemptCookie>, sealed: &str) -> Option<Self> {
        let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let plain = app.request_key().open(FIELD, browser.as_bytes(), &sealed).ok()?;
        let kept: Self = serde_json::from_slice(&plain).ok()?;
        (kept.at.plus(app.settings.sign_in.attempt) > app.now()).then_some(kept)
    }
}

/// The form.
#[derive(Deserialize)]
pub struct LogoutForm {
    scope: Option<String>,
    request: Option<String>,
}

/// Asks, or signs out when an application's token of this very session came along.
pub async fn show(app: Shared, browser: Browser, request: HttpRequest) -> Result<HttpResponse, Failure> {
    // HEAD signs nobody out (WB-02).
    if request.method() == Method::HEAD {
        return Ok(HttpResponse::Ok().finish());
    }
    let params = Params::parse(request.query_string().as_bytes());
    let signed_in = SignedIn::find(&app, &browser).await?;
    let session = signed_in.as_ref().map(|signed_in| &signed_in.session);
    let wish = logout::wish(&app, session, &params).await?;
    let refused = wish.refused.as_ref().map(|unusable| {
        let reference = telemetry::request_id(&*app.entropy);
        unusable.refusal.log(Some(&reference));
        NotBack { detail: unusable.detail.clone(), reference }
    });
    let Some(signed_in) = signed_in else { return nobody(&app, &browser, &wish, refused) };
    if wish.of_this_session && refused.is_none() {
        logout::sign_out(&app, &browser.caller(), &signed_in.session, LogoutReach::Here).await?;
        return done(&app, KeptSignOut::of(&app, &wish), LogoutReach::Here);
    }
    let kept = KeptSignOut::of(&app, &wish);
    let request = kept.as_ref().map(|kept| kept.seal(&app, &browser.binding())).transpose()?;
    let leads_out = wish.back_to.is_some();
    let page = LogoutPage { leaving: Leaving::Ask { app: kept.map(|kept| kept.app), request }, not_back: refused };
    let options = PageOptions { leads_out, ..shell::options(&app, signed_in.session.person).await? };
    respond::page_with(&app, &browser, status(&page), &page, options)
}

/// 400 where the application's request has a mistake, whatever the person can still do.
fn status(page: &LogoutPage) -> StatusCode {
    if page.not_back.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK }
}

/// A sign-out request in a body, perhaps from another site: sent on as a GET, which has our cookies and changes nothing.
pub async fn post(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Failure> {
    let body = read_body(&mut payload.into_inner()).await?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(form_urlencoded::parse(request.query_string().as_bytes())).extend_pairs(form_urlencoded::parse(&body));
    let query = query.finish();
    if query.len() > 16 * 1024 {
        return Err(Failure::TooLarge);
    }
    Ok(respond::see_other(&format!("/logout?{query}")))
}

/// Signs out as the person chose.
pub async fn confirm(app: Shared, browser: Browser, Posted(form): Posted<LogoutForm>) -> Result<HttpResponse, Failure> {
    let kept = form.request.as_deref().and_then(|sealed| KeptSignOut::open(&app, &browser.binding(), sealed));
    let Some(signed_in) = SignedIn::find(&app, &browser).await? else { return Ok(respond::see_other("/logout")) };
    let reach = match form.scope.as_deref() {
        Some("here") => LogoutReach::Here,
        Some("everywhere") => LogoutReach::Everywhere,
        _ => return Err(Failure::BadRequest),
    };
    logout::sign_out(&app, &browser.caller(), &signed_in.session, reach).await?;
    done(&app, kept, reach)
}

/// Back to the application, or to the page that says it is done; no cookie of the session is left (OA-117).
fn done(app: &App, kept: Option<KeptSignOut>, reach: LogoutReach) -> Result<HttpResponse, Failure> {
    let scope = if reach == LogoutReach::Everywhere { "everywhere" } else { "here" };
    // Nothing begun before goes on in this browser: not a form in another tab, and no attempt.
    let attempt = Token::<AttemptCookie>::make(&*app.entropy);
    let mut answer = match kept {
        Some(KeptSignOut { back_to: Some(address), .. }) if is_web_address(&address) => respond::see_other(&address),
        Some(kept @ KeptSignOut { back_to: Some(_), .. }) => {
            // A custom scheme is a link the person follows, on a page that can be loaded again.
            respond::see_other(&format!("/logout/done?scope={scope}&request={}", kept.seal(app, &attempt.hash())?))
        }
        _ => respond::see_other(&format!("/logout/done?scope={scope}")),
    };
    let failed = |_| Failure::Broken("a cookie could not be taken back".to_owned());
    answer.add_cookie(&cookie::clear_session(app)).map_err(failed)?;
    answer.add_cookie(&cookie::attempt(app, &attempt)).map_err(failed)?;
    // A link opened here is not for the next person at this browser.
    answer.add_cookie(&cookie::clear_link(app)).map_err(failed)?;
    Ok(answer)
}

/// What was done, said on a page that can be loaded again.
#[derive(Deserialize)]
pub struct SignedOutQuery {
    scope: Option<String>,
    request: Option<String>,
}

/// Says that the person is signed out.
pub async fn show_done(app: Shared, browser: Browser, query: web::Query<SignedOutQuery>) -> Result<HttpResponse, Failure> {
    // To a person who has signed in again since then it would not be true.
    if SignedIn::find(&app, &browser).await?.is_some() {
        return Ok(respond::see_other("/logout"));
    }
    let kept = query.request.as_deref().and_then(|sealed| KeptSignOut::open(&app, &browser.binding(), sealed));
    let back = kept.and_then(|kept| Some(Back { app: kept.app, url: kept.back_to? }));
    let everywhere = query.scope.as_deref() == Some("everywhere");
    respond::page(&app, &browser, &LogoutPage { leaving: Leaving::Done { everywhere, back }, not_back: None })
}

fn nobody(app: &App, browser: &Browser, wish: &Wish, not_back: Option<NotBack>) -> Result<HttpResponse, Failure> {
    match wish.back_to.as_deref().filter(|address| is_web_address(address)) {
        Some(address) => Ok(respond::see_other(address)),
        None => {
            let page = LogoutPage { leaving: Leaving::Nobody, not_back };
            respond::page_with(app, browser, status(&page), &page, PageOptions::default())
        }
    }
}
