//! `/f/<id>/enrol/recovery`: recovery codes at the end of an arrival. They can be left for later.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::enrol::{Opened, open, progress};
use super::enrol_view::EnrolRecoveryPage;
use super::security_recovery::made;
use crate::app::App;
use crate::domain::password;
use crate::domain::recovery::{self, CODES};
use crate::flows::arriving::{Arrival, Ending, Step};
use crate::flows::security::{self, Then, Unaided};
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared, SignedIn};
use crate::web::respond::{page, see_other};

/// The choice.
#[derive(Deserialize)]
pub struct RecoveryForm {
    decision: String,
}

/// Offers the codes; somebody who has some, or cannot use any, goes on.
pub async fn show(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let arrival = match open(&app, &browser, &id, Step::Done).await? {
        Opened::Here(arrival) => arrival,
        Opened::Instead(answer) => return Ok(answer),
    };
    if offered(&app, &browser, &arrival).await?.is_none() {
        return Ok(see_other(&arrival.address()));
    }
    let page_ = EnrolRecoveryPage { flow: arrival.id.to_string(), progress: progress(&arrival, Step::Done), of: CODES };
    page(&app, &browser, &page_)
}

/// Makes them, or leaves them for later.
pub async fn submit(
    app: Shared,
    browser: Browser,
    id: web::Path<String>,
    Posted(form): Posted<RecoveryForm>,
) -> Result<HttpResponse, Failure> {
    let arrival = match open(&app, &browser, &id, Step::Done).await? {
        Opened::Here(arrival) => arrival,
        Opened::Instead(answer) => return Ok(answer),
    };
    match (form.decision.as_str(), offered(&app, &browser, &arrival).await?) {
        ("make", Some(proof)) => {
            let made_ = security::make_codes(&app, proof, &browser.caller(), Then::Arrival(arrival.id)).await?;
            made(&app, &browser, made_, arrival.address())
        }
        ("make" | "later", _) => Ok(see_other(&arrival.address())),
        _ => Err(Failure::BadRequest),
    }
}

/// The proof that makes codes, for somebody who ended well, has just signed in, has none, and has the password after
/// which alone they work.
async fn offered(app: &App, browser: &Browser, arrival: &Arrival) -> Result<Option<Unaided>, Failure> {
    if !matches!(arrival.ending, Some(Ending::Done { .. })) {
        return Ok(None);
    }
    let proof = match SignedIn::find(app, browser).await? {
        Some(signed_in) => Unaided::of(app, &signed_in.session).await?,
        None => None,
    };
    let Some(proof) = proof else { return Ok(None) };
    let person = proof.recent().person();
    let (left, password) =
        app.read(move |w| Ok((recovery::status(w, person)?.map_or(0, |status| status.left), password::exists(w, person)?))).await?;
    Ok((left == 0 && password).then_some(proof))
}
