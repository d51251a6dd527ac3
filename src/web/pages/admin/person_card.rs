//! `/people/<id>/card`: a link for somebody, to print or to hand over. It can be looked at for ten minutes after it was
//! made, in the session that made it; then nobody can see it again, and a new one has to be made.

use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::domain::totp::qr_svg;
use crate::flows::people::Card;
use crate::flows::spaces::LINK_CARD;
use crate::kernel::ids::{PersonId, SessionId};
use crate::platform::ephemeral::Key;
use crate::web::Failure;
use crate::web::guard::{Browser, ReauthenticatedAdmin, Shared};
use crate::web::pages::account::frame::profile;
use crate::web::pages::admin::frame;
use crate::web::pages::admin::person_view::PersonCardPage;
use crate::web::respond::see_other;

fn key(session: SessionId, person: PersonId) -> Key<Card> {
    LINK_CARD.key(format!("{session}.{person}")).made_by(session)
}

/// Leads to the page that shows a card. The link is made by then, and the one before opens nothing any more: where it cannot
/// be kept for that page, this answer shows it.
pub(in crate::web::pages) async fn hand_over(
    app: &App,
    browser: &Browser,
    admin: &ReauthenticatedAdmin,
    card: Card,
) -> Result<HttpResponse, Failure> {
    let person = card.person;
    match app.ephemeral.put(&key(admin.signed_in.session.id, person), &card).await {
        Ok(()) => Ok(see_other(&format!("/people/{person}/card"))),
        Err(fault) => {
            tracing::warn!(%fault, "a link for somebody is shown at once, because it cannot be kept");
            let page = PersonCardPage { again: false, ..card_page(app, admin, card).await? };
            frame::page(app, browser, admin, &page).await
        }
    }
}

/// Shows it.
pub async fn show(app: Shared, browser: Browser, admin: ReauthenticatedAdmin, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let person: PersonId = id.parse().map_err(|_| Failure::NotFound)?;
    let Some(kept) = app.ephemeral.get(&key(admin.signed_in.session.id, person)).await? else {
        return Ok(see_other(&format!("/people/{person}")));
    };
    frame::page(&app, &browser, &admin, &card_page(&app, &admin, kept).await?).await
}

async fn card_page(app: &App, admin: &ReauthenticatedAdmin, card: Card) -> Result<PersonCardPage, Failure> {
    Ok(PersonCardPage {
        again: true,
        id: card.person.to_string(),
        join: card.address.starts_with(&app.settings.origin().join("/invite/")),
        qr_svg: qr_svg(&card.address, &app.settings.server.organisation)?,
        username: profile(app, card.person).await?.login().to_owned(),
        by: profile(app, admin.signed_in.session.person).await?.name,
        local: app.settings.origin().is_local(),
        name: card.name,
        address: card.address,
        ends_at: card.ends_at,
    })
}
