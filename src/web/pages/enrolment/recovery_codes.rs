//! `/enrolment/<id>/recovery`: recovery codes at the end of an enrolment. They can be left for later.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::app::App;
use crate::domain::recovery::CODES;
use crate::flows::enrolment::{Ending, Enrolment, EnrolmentStep};
use crate::flows::factors::{self, Then};
use crate::flows::reauth::WithoutRecoveryCode;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared, SignedIn};
use crate::web::pages::account::security_recovery::made;
use crate::web::pages::enrolment::open::{Opening, open, progress};
use crate::web::pages::enrolment::view::EnrolRecoveryPage;
use crate::web::respond::{page, see_other};

/// The choice.
#[derive(Deserialize)]
pub struct RecoveryChoiceForm {
    decision: String,
}

/// Offers the codes; someone who has some, or cannot use any, goes on.
pub async fn show(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let enrolment = match open(&app, &browser, &id, EnrolmentStep::Done).await? {
        Opening::Here(enrolment) => enrolment,
        Opening::Instead(answer) => return Ok(answer),
    };
    if offered(&app, &browser, &enrolment).await?.is_none() {
        return Ok(see_other(&enrolment.address()));
    }
    let page_ = EnrolRecoveryPage { flow: enrolment.id.to_string(), progress: progress(&enrolment, EnrolmentStep::Done), of: CODES };
    page(&app, &browser, &page_)
}

/// Makes them, or leaves them for later.
pub async fn submit(
    app: Shared,
    browser: Browser,
    id: web::Path<String>,
    Posted(form): Posted<RecoveryChoiceForm>,
) -> Result<HttpResponse, Failure> {
    let enrolment = match open(&app, &browser, &id, EnrolmentStep::Done).await? {
        Opening::Here(enrolment) => enrolment,
        Opening::Instead(answer) => return Ok(answer),
    };
    match (form.decision.as_str(), offered(&app, &browser, &enrolment).await?) {
        ("make", Some(proof)) => {
            let made_ = factors::make_codes(&app, proof, &browser.caller(), Then::Enrolment(enrolment.id)).await?;
            made(&app, &browser, made_, enrolment.address())
        }
        ("make" | "later", _) => Ok(see_other(&enrolment.address())),
        _ => Err(Failure::BadRequest),
    }
}

/// The proof that makes codes, for someone who ended well, has just signed in, has none, and has the password after
/// which alone they work.
async fn offered(app: &App, browser: &Browser, enrolment: &Enrolment) -> Result<Option<WithoutRecoveryCode>, Failure> {
    if !matches!(enrolment.ending, Some(Ending::Done { .. })) {
        return Ok(None);
    }
    let proof = match SignedIn::find(app, browser).await? {
        Some(signed_in) => WithoutRecoveryCode::of(app, &signed_in.session).await?,
        None => None,
    };
    let Some(proof) = proof else { return Ok(None) };
    let person = proof.recent().person();
    let ways = factors::list(app, person).await?;
    let left = ways.recovery.map_or(0, |status| status.left);
    Ok((left == 0 && ways.password.is_some()).then_some(proof))
}
