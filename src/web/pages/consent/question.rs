//! The page that asks what an application gets, and the person's answer: `POST /consent/{id}`.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::view::{Changed, ClaimRow, ConsentPage, ShownOwn};
use crate::app::App;
use crate::domain::consent::Change;
use crate::flows::oidc::authorize::{self, Answer, ConsentReason, Decision, Question};
use crate::flows::oidc::claims::{self, Claim};
use crate::kernel::address::host_of;
use crate::kernel::ids::RequestId;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, Shared, SignedIn};
use crate::web::oauth::authorize::show as answered;
use crate::web::respond::{self, PageOptions};

/// Asks.
pub(crate) fn show(app: &App, browser: &Browser, id: RequestId, question: Question) -> Result<HttpResponse, Failure> {
    let changes = match &question.reason {
        ConsentReason::Changed(changes) => changes.as_slice(),
        ConsentReason::First | ConsentReason::Requested | ConsentReason::EachTime => &[],
    };
    let more = changes.contains(&Change::More);
    let claims = question.claims.iter().map(|claim| {
        let value = claims::shown(*claim, &question.profile);
        let row = ClaimRow::of(*claim, value);
        let chosen = question.before.as_ref().is_some_and(|before| before.claims.iter().any(|word| word == claim.as_str()));
        let row = if question.needed.contains(claim) { row.needed() } else { row.chosen(chosen) };
        let is_new = more && question.before.as_ref().is_some_and(|before| !before.was_asked(claim.as_str()));
        if is_new { row.marked_new() } else { row }
    });
    let page = ConsentPage {
        request: id.to_string(),
        shown_to: question.shown,
        claims: claims.collect(),
        each_time: question.client.is_asked_for_each_time(&question.redirect_uri),
        back_to: host_of(&question.redirect_uri),
        changes: changes.iter().map(Changed::of).collect(),
        own: question.client.own.map(|own| ShownOwn { reason: own.reason, by: question.own_by, at: own.at }),
        app: question.client.name,
        run_by: question.client.run_by,
        person: question.profile.login().to_owned(),
        subject: question.subject,
    };
    let options = PageOptions { leads_out: true, popup: true, ..PageOptions::default() };
    respond::page_with(app, browser, StatusCode::OK, &page, options)
}

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
    let answer = Answer { decision, shown: form.remove("shown_to").unwrap_or_default() };
    let outcome = authorize::resume(&app, &browser.caller(), Some(signed_in.cookie), id, Some(answer)).await?;
    match outcome {
        // What was answered is not what would be shown now, or another person was asked: the page is shown anew.
        authorize::Outcome::Consent(_) => Ok(respond::see_other(&format!("/authorize/continue/{id}"))),
        outcome => answered(&app, &browser, Some(id), outcome).await,
    }
}
