//! `/logout`: sign out of this browser or everywhere; also where applications send people who sign out of them
//! (RP-Initiated Logout). Nobody is signed out by an address alone unless their own session's token says so (OA-115).

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::flows::oidc::authorize::is_web_address;
use crate::flows::oidc::logout::{self, Reach, Refused, Wish};
use crate::flows::oidc::params::Params;
use crate::kernel::ids::AttemptId;
use crate::platform::ephemeral::Key;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared, SignedIn, read_body};
use crate::web::pages::account::me_view::{Back, Leaving, LogoutPage};
use crate::web::pages::system::error_view::Problem;
use crate::web::respond::{self, PageOptions, cookie};

/// Where a sign-out leads afterwards, kept while the person is asked.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    app: String,
    back_to: Option<String>,
}

/// The form.
#[derive(Deserialize)]
pub struct Form {
    scope: Option<String>,
    request: Option<String>,
}

fn key(id: &str) -> Key<Kept> {
    Key::new("logout", id)
}

/// Asks, or signs out at once when an application's token of this very session came along.
pub async fn show(app: Shared, browser: Browser, request: HttpRequest) -> Result<HttpResponse, Failure> {
    // Whoever only looks signs nobody out (WB-02).
    if request.method() == Method::HEAD {
        return Ok(HttpResponse::Ok().finish());
    }
    let params = Params::parse(request.query_string().as_bytes());
    let signed_in = SignedIn::find(&app, &browser).await?;
    let session = signed_in.as_ref().map(|signed_in| &signed_in.session);
    let wish = match logout::wish(&app, session, &params).await? {
        Ok(wish) => wish,
        Err(Refused::Contradiction) => {
            let detail = "the sign-out request contradicts itself, or its post_logout_redirect_uri is not registered".to_owned();
            return Err(Failure::Application(Problem::BadAppRequest { detail }));
        }
    };
    let Some(signed_in) = signed_in else { return nobody(&app, &browser, &wish) };
    if wish.of_this_session {
        logout::sign_out(&app, &browser.caller(), &signed_in.session, Reach::Here).await?;
        return done(&app, kept(&wish), Reach::Here).await;
    }
    let kept = kept(&wish);
    let id = match &kept {
        Some(kept) => {
            let id = AttemptId::make(app.now(), &*app.entropy).to_string();
            app.ephemeral.put(&key(&id), kept, app.settings.sign_in.attempt).await?;
            Some(id)
        }
        None => None,
    };
    let leads_out = kept.as_ref().is_some_and(|kept| kept.back_to.is_some());
    let page = LogoutPage { leaving: Leaving::Ask { app: kept.map(|kept| kept.app), request: id } };
    respond::page_with(&app, &browser, StatusCode::OK, &page, PageOptions { leads_out, ..PageOptions::default() })
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
pub async fn confirm(app: Shared, browser: Browser, Posted(form): Posted<Form>) -> Result<HttpResponse, Failure> {
    let kept = match &form.request {
        Some(id) => app.ephemeral.take(&key(id)).await?,
        None => None,
    };
    let Some(signed_in) = SignedIn::find(&app, &browser).await? else { return Ok(respond::see_other("/logout")) };
    let reach = match form.scope.as_deref() {
        Some("here") => Reach::Here,
        Some("everywhere") => Reach::Everywhere,
        _ => return Err(Failure::BadRequest),
    };
    logout::sign_out(&app, &browser.caller(), &signed_in.session, reach).await?;
    done(&app, kept, reach).await
}

fn kept(wish: &Wish) -> Option<Kept> {
    wish.client.as_ref().map(|client| Kept { app: client.name.clone(), back_to: wish.back_to.clone() })
}

/// Back to the application, or to the page that says it is done; no cookie of the session is left (OA-117).
async fn done(app: &App, kept: Option<Kept>, reach: Reach) -> Result<HttpResponse, Failure> {
    let scope = if reach == Reach::Everywhere { "everywhere" } else { "here" };
    let mut answer = match kept {
        Some(Kept { back_to: Some(address), .. }) if is_web_address(&address) => respond::see_other(&address),
        Some(kept @ Kept { back_to: Some(_), .. }) => {
            // An application's own scheme is a link the person follows, on a page that can be loaded again.
            let id = AttemptId::make(app.now(), &*app.entropy).to_string();
            app.ephemeral.put(&key(&id), &kept, app.settings.sign_in.attempt).await?;
            respond::see_other(&format!("/logout/done?scope={scope}&request={id}"))
        }
        _ => respond::see_other(&format!("/logout/done?scope={scope}")),
    };
    let failed = |_| Failure::Broken("a cookie could not be taken back".to_owned());
    answer.add_cookie(&cookie::clear_session(app)).map_err(failed)?;
    answer.add_cookie(&cookie::renew_attempt(app)).map_err(failed)?;
    // A link opened here is not for whoever sits here next.
    answer.add_cookie(&cookie::clear_link(app)).map_err(failed)?;
    Ok(answer)
}

/// What was done, said on a page that can be loaded again.
#[derive(Deserialize)]
pub struct DoneQuery {
    scope: Option<String>,
    request: Option<String>,
}

/// Says that the person is signed out.
pub async fn show_done(app: Shared, browser: Browser, query: web::Query<DoneQuery>) -> Result<HttpResponse, Failure> {
    // Whoever is signed in again since then is told nothing that is not true.
    if SignedIn::find(&app, &browser).await?.is_some() {
        return Ok(respond::see_other("/logout"));
    }
    let kept = match &query.request {
        Some(id) => app.ephemeral.get(&key(id)).await?,
        None => None,
    };
    let back = kept.and_then(|kept| Some(Back { app: kept.app, url: kept.back_to? }));
    let everywhere = query.scope.as_deref() == Some("everywhere");
    respond::page(&app, &browser, &LogoutPage { leaving: Leaving::Done { everywhere, back } })
}

fn nobody(app: &App, browser: &Browser, wish: &Wish) -> Result<HttpResponse, Failure> {
    match wish.back_to.as_deref().filter(|address| is_web_address(address)) {
        Some(address) => Ok(respond::see_other(address)),
        None => respond::page(app, browser, &LogoutPage { leaving: Leaving::Nobody }),
    }
}
