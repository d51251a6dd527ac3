//! `POST /consent/{id}`: the person's decision. The page itself is shown where the request goes on.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};

use crate::flows::oidc::claims::Claim;
use crate::flows::oidc::consent::{self, Answer};
use crate::kernel::ids::RequestId;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared, SignedIn, was_shown_to};
use crate::web::oauth::authorize;
use crate::web::respond;

/// Takes the decision.
pub async fn submit(
    app: Shared,
    browser: Browser,
    signed_in: SignedIn,
    id: web::Path<String>,
    Posted(form): Posted<HashMap<String, String>>,
) -> Result<HttpResponse, Failure> {
    let Ok(id) = id.parse::<RequestId>() else { return Err(Failure::NotFound) };
    let shown = form.get("shown_to").map(String::as_str).unwrap_or_default();
    if !was_shown_to(&app, signed_in.session.person, id, shown) {
        // Somebody else was asked, who was signed in when the page was shown: decided anew, for who is signed in now.
        return Ok(respond::see_other(&format!("/authorize/continue/{id}")));
    }
    let answer = match form.get("decision").map(String::as_str) {
        Some("allow") => {
            let ticked = |claim: &Claim| form.get(&format!("claim_{}", claim.as_str())).is_some_and(|value| value == "yes");
            Answer::Allow(Claim::ALL.into_iter().filter(ticked).collect())
        }
        Some("decline") => Answer::Decline,
        _ => return Err(Failure::BadRequest),
    };
    let decision = consent::answer(&app, &browser.caller(), &signed_in.session, id, answer).await?;
    authorize::show(&app, &browser, id, decision).await
}
