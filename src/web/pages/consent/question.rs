//! The person's answer to what an application gets: `POST /consent/{id}`.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};

use crate::flows::oidc::authorize::{self, ConsentAnswer, Decision};
use crate::flows::oidc::claims::Claim;
use crate::kernel::ids::RequestId;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared, SignedIn};
use crate::web::oauth::authorize::show as answered;
use crate::web::respond;

/// Takes the decision.
pub async fn submit(
    app: Shared,
    browser: Browser,
    signed_in: SignedIn,
    id: web::Path<String>,
    Posted(mut form): Posted<HashMap<String, String>>,
) -> Result<HttpResponse, Failure> {
    let Ok(id) = id.parse::<RequestId>() else { return Err(Failure::NotFound) };
    let decision = match form.get("decision").map(String::as_str) {
        Some("allow") => {
            let ticked = |claim: &Claim| form.get(&format!("claim_{}", claim.as_str())).is_some_and(|value| value == "yes");
            Decision::Allow(Claim::ALL.into_iter().filter(ticked).collect())
        }
        Some("decline") => Decision::Decline,
        _ => return Err(Failure::BadRequest),
    };
    let answer = ConsentAnswer { decision, shown: form.remove("shown_to").unwrap_or_default() };
    let outcome = authorize::resume(&app, &browser.caller(), Some(signed_in.cookie), id, Some(answer)).await?;
    match outcome {
        // What was answered is not what would be shown now, or another person was asked: the page is shown anew.
        authorize::AuthorizeOutcome::Consent(_) => Ok(respond::see_other(&format!("/authorize/continue/{id}"))),
        outcome => answered(&app, &browser, Some(id), outcome).await,
    }
}
