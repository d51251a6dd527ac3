//! `/people/<id>/card`: a link for someone, to print or to hand over. It can be looked at for ten minutes after it was
//! made, in the session that made it; then nobody can see it again, and a new one has to be made.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::app::App;
use crate::domain::totp::qr_svg;
use crate::flows::people::Card;
use crate::flows::spaces::LINK_CARD;
use crate::kernel::Timestamp;
use crate::kernel::ids::{PersonId, SessionId};
use crate::platform::ephemeral::Key;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, ReauthenticatedAdmin, Shared};
use crate::web::pages::account::frame::profile;
use crate::web::pages::admin::frame;
use crate::web::respond::see_other;

/// A link for someone, to print or to hand over.
#[derive(Clone, Debug, Serialize)]
pub struct PersonCardPage {
    /// Whose it is.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What they type to sign in.
    pub username: String,
    /// Who made it.
    pub by: String,
    /// It is an invitation; otherwise a reset link.
    pub join: bool,
    /// The whole address.
    pub address: String,
    /// The QR code of the address, an `<svg>` element of ours.
    pub qr_svg: String,
    /// Until when it works.
    pub ends_at: Timestamp,
    /// The page can be looked at again for ten minutes.
    pub again: bool,
    /// It opens on this machine only.
    pub local: bool,
}

impl Page for PersonCardPage {
    const TEMPLATE: &'static str = "pages/admin/person_card.html";
}

fn key(session: SessionId, person: PersonId) -> Key<Card> {
    LINK_CARD.key(format!("{session}.{person}")).made_by(session)
}

/// Leads to the page that shows a card. The link is made by then, and the one before no longer works: where it cannot
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
            tracing::warn!(%fault, "a link for someone is shown on this page only, because it cannot be stored");
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

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;
    use crate::web::pages::enrolment::view::NewAuthenticator;

    impl Samples for PersonCardPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                id: "01a2".into(),
                name: "Ben Example".into(),
                username: "ben".into(),
                by: "Ana Example".into(),
                join: true,
                address: "https://auth.acme.example/invite/7KQ29-VXM4T-8C0HR-D3MTZ-PW5X8-A".into(),
                qr_svg: NewAuthenticator::sample().qr_svg,
                ends_at: Timestamp::from_seconds(1_778_017_520),
                again: true,
                local: false,
            };
            vec![
                ("local", Self { local: true, ..page.clone() }),
                ("again", Self { join: false, ..page.clone() }),
                ("now_only", Self { again: false, ..page.clone() }),
                ("join", page),
            ]
        }
    }
}
