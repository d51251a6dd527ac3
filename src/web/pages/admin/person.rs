//! `/people/<id>`: one person, and what an administrator can do for them.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::flows::people::{self, PersonOutcome};
use crate::kernel::Timestamp;
use crate::kernel::ids::PersonId;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Admin, Browser, NoFields, Posted, ReauthenticatedAdmin, Shared};
use crate::web::pages::account::frame::DoneQuery;
use crate::web::pages::account::me_address_view::ShownVouch;
use crate::web::pages::admin::frame;
use crate::web::pages::admin::people::{PersonLine, person_row};
use crate::web::pages::admin::person_card::hand_over;
use crate::web::pages::done::Done;

/// One person.
#[derive(Clone, Debug, Serialize)]
pub struct PersonPage {
    /// As in the list.
    pub person: PersonLine,
    /// Their address.
    pub email: Option<String>,
    /// Whether it is confirmed.
    pub email_confirmed: bool,
    /// Who vouched for it, if an administrator did.
    pub vouch: Option<ShownVouch>,
    /// Since when the account is there.
    pub since: Timestamp,
    /// Whether this administrator may act on them.
    pub yours: bool,
    /// Whether it is this administrator.
    pub myself: bool,
    /// Links open on this machine only.
    pub local: bool,
}

impl Page for PersonPage {
    const TEMPLATE: &'static str = "pages/admin/person.html";
}

/// Shows someone.
pub async fn show(
    app: Shared,
    browser: Browser,
    admin: Admin,
    id: web::Path<String>,
    query: web::Query<DoneQuery>,
) -> Result<HttpResponse, Failure> {
    let id: PersonId = id.parse().map_err(|_| Failure::NotFound)?;
    let found = people::find(&app, &admin.administrator, id).await?.ok_or(Failure::NotFound)?;
    let me = admin.signed_in.session.person;
    let page = PersonPage {
        email: found.row.profile.email.clone(),
        vouch: found.row.profile.email_vouch.as_ref().map(|vouch| ShownVouch::of(vouch, found.vouched_by.clone())),
        email_confirmed: found.row.profile.email_confirmed,
        since: found.row.person.created_at,
        person: person_row(found.row, app.now()),
        yours: found.yours,
        myself: id == me,
        local: app.settings.origin().is_local(),
    };
    frame::page_after(&app, &browser, &admin, &query, &page).await
}

/// Sends an invited person a new link.
pub async fn send(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    id: web::Path<String>,
    _: Posted<NoFields>,
) -> Result<HttpResponse, Failure> {
    let id: PersonId = id.parse().map_err(|_| Failure::NotFound)?;
    match people::send_invitation(&app, &admin.acting(browser.caller()), id).await? {
        PersonOutcome::Done(card) => {
            if card.mailed {
                return Ok(Done::InvitationMailed.at(&format!("/people/{id}")));
            }
            hand_over(&app, &browser, &admin, card).await
        }
        other => after(id, other.map(|_| Done::NotThere)),
    }
}

/// Withdraws the link that is open for someone.
pub async fn withdraw(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    id: web::Path<String>,
    _: Posted<NoFields>,
) -> Result<HttpResponse, Failure> {
    let id: PersonId = id.parse().map_err(|_| Failure::NotFound)?;
    let outcome = people::withdraw(&app, &admin.acting(browser.caller()), id).await?;
    after(id, outcome.map(|()| Done::LinkWithdrawn))
}

/// Back to the person, saying what was done.
pub(in crate::web::pages) fn after(id: PersonId, outcome: PersonOutcome<Done>) -> Result<HttpResponse, Failure> {
    let done = match outcome {
        PersonOutcome::Done(done) => done,
        PersonOutcome::NotThere => Done::NotThere,
        PersonOutcome::NotYours => return Err(Failure::Forbidden),
    };
    Ok(done.at(&format!("/people/{id}")))
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;
    use crate::web::pages::admin::people::SentLink;

    impl Samples for PersonPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let [open, ended, used, withdrawn, declined] = SentLink::samples();
            let page = Self {
                person: PersonLine { name: "Ben Example".into(), username: Some("ben".into()), roles: vec![], ..PersonLine::sample() },
                email: Some("ben@acme.example".into()),
                email_confirmed: true,
                vouch: None,
                since: Timestamp::from_seconds(1_777_817_520),
                yours: true,
                myself: false,
                local: false,
            };
            let with = |state: &'static str, link: &SentLink| Self {
                person: PersonLine { state, link: Some(link.clone()), ..page.person.clone() },
                ..page.clone()
            };
            vec![
                ("invited", Self { email_confirmed: false, ..with("invited", &open) }),
                ("invited_local", Self { local: true, ..with("invited", &open) }),
                ("ended", Self { email: None, ..with("invited", &ended) }),
                ("withdrawn", with("invited", &withdrawn)),
                ("declined", with("invited", &declined)),
                ("link_open", with("active", &open)),
                ("link_used", with("active", &used)),
                ("disabled", with("disabled", &withdrawn)),
                ("erased", Self { person: PersonLine { state: "erased", name: String::new(), ..page.person.clone() }, ..page.clone() }),
                ("myself", Self { myself: true, person: PersonLine::sample(), ..page.clone() }),
                ("not_yours", Self { yours: false, person: PersonLine::sample(), ..page.clone() }),
                ("unconfirmed", Self { email_confirmed: false, ..page.clone() }),
                ("vouched", Self { vouch: Some(ShownVouch::sample()), ..page.clone() }),
                ("active", page),
            ]
        }
    }
}
