//! `/me/applications`: the applications this person allowed, and changing or stopping what one gets.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};

use crate::domain::identity::Profile;
use crate::flows::oidc::allowed::{self, Allowed, DecisionChange};
use crate::flows::oidc::claims::{self, Claim};
use crate::kernel::claim::ClaimRule;
use crate::kernel::ids::ClientId;
use crate::web::Failure;
use crate::web::guard::{Browser, NoFields, Posted, Shared, SignedIn};
use crate::web::pages::account::frame::{self, DoneQuery};
use crate::web::pages::account::me_applications_view::{AllowedCard, ChoiceRow, MeApplicationPage, MeApplicationsPage};
use crate::web::pages::consent::view::{ClaimRow, ShownOwn};
use crate::web::pages::done::Done;

const HERE: &str = "/me/applications";

/// The list.
pub async fn list(app: Shared, browser: Browser, signed_in: SignedIn, query: web::Query<DoneQuery>) -> Result<HttpResponse, Failure> {
    let person = signed_in.session.person;
    let apps = allowed::list(&app, person).await?.iter().map(card).collect();
    frame::page_after(&app, &browser, person, &query, &MeApplicationsPage { apps }).await
}

/// One of them.
pub async fn show(
    app: Shared,
    browser: Browser,
    signed_in: SignedIn,
    id: web::Path<String>,
    query: web::Query<DoneQuery>,
) -> Result<HttpResponse, Failure> {
    let client: ClientId = id.parse().map_err(|_| Failure::NotFound)?;
    let person = signed_in.session.person;
    let (found, profile) = allowed::find(&app, person, client).await?.ok_or(Failure::NotFound)?;
    let claims = found.asked().into_iter().map(|claim| row(&found, &profile, claim)).collect();
    let page = MeApplicationPage::new(card(&found), claims);
    frame::page_after(&app, &browser, person, &query, &page).await
}

/// Takes the choice.
pub async fn change(
    app: Shared,
    browser: Browser,
    signed_in: SignedIn,
    id: web::Path<String>,
    Posted(form): Posted<HashMap<String, String>>,
) -> Result<HttpResponse, Failure> {
    let client: ClientId = id.parse().map_err(|_| Failure::NotFound)?;
    let ticked = |claim: &Claim| form.get(&format!("claim_{}", claim.as_str())).is_some_and(|value| value == "yes");
    let chosen = Claim::ALL.into_iter().filter(ticked).collect();
    Ok(match allowed::change(&app, &browser.caller(), &signed_in.session, client, chosen).await? {
        DecisionChange::Saved => Done::ChoiceSaved.at(&format!("{HERE}/{client}")),
        DecisionChange::NotThere => Done::NotThere.at(HERE),
    })
}

/// Stops it.
pub async fn stop(
    app: Shared,
    browser: Browser,
    signed_in: SignedIn,
    id: web::Path<String>,
    _: Posted<NoFields>,
) -> Result<HttpResponse, Failure> {
    let client: ClientId = id.parse().map_err(|_| Failure::NotFound)?;
    let done = match allowed::stop(&app, &browser.caller(), &signed_in.session, client).await? {
        DecisionChange::Saved => Done::AppStopped,
        DecisionChange::NotThere => Done::NotThere,
    };
    Ok(done.at(HERE))
}

fn card(allowed: &Allowed) -> AllowedCard {
    let client = &allowed.client;
    AllowedCard {
        id: client.id.to_string(),
        name: client.name.clone(),
        run_by: client.run_by.clone(),
        gets: allowed.given().into_iter().map(|claim| ClaimRow::of(claim, None).label).collect(),
        since: allowed.consent.given_at,
        told: allowed.consent.was_told(),
        own: client.own.as_ref().map(|own| ShownOwn { reason: own.reason.clone(), by: allowed.own_by.clone(), at: own.at }),
        off: client.disabled,
        last_released: allowed.last_released,
    }
}

fn row(allowed: &Allowed, profile: &Profile, claim: Claim) -> ChoiceRow {
    let row = ClaimRow::of(claim, claims::shown(claim, profile));
    let shown = match allowed.rule(claim) {
        ClaimRule::Needed => row.needed(),
        _ if allowed.given().contains(&claim) => row.ticked(),
        _ => row,
    };
    ChoiceRow { rule: allowed.rule(claim).as_str(), claim: shown }
}
