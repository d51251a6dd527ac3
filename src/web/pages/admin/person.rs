//! `/people/<id>`: one person, and what an administrator can do for them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::app::App;
use crate::domain::access::AdminActor;
use crate::flows::people::{self, Handover, Outcome};
use crate::kernel::ids::PersonId;
use crate::web::Failure;
use crate::web::guard::{Admin, Browser, NoFields, Posted, ReauthenticatedAdmin, Shared};
use crate::web::pages::account::frame::{DoneQuery, profile};
use crate::web::pages::account::me_address_view::ShownVouch;
use crate::web::pages::admin::frame;
use crate::web::pages::admin::people::person_row;
use crate::web::pages::admin::people_invite::parse_reason;
use crate::web::pages::admin::person_card::hand_over;
use crate::web::pages::admin::person_view::{Act, PersonActPage, PersonPage};
use crate::web::pages::done::Done;

/// Why, and how a link reaches its person.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PersonActForm {
    reason: String,
    handover: String,
}

/// Shows somebody.
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
        groups: found.groups,
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
    match people::send_invitation(&app, &admin.actor, Some(&browser.caller()), id).await? {
        Outcome::Done(card) => {
            if card.mailed {
                return Ok(Done::InvitationMailed.at(&format!("/people/{id}")));
            }
            hand_over(&app, &browser, &admin, card).await
        }
        other => after(id, other.map(|_| Done::NotThere)),
    }
}

/// Withdraws the link that is open for somebody.
pub async fn withdraw(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    id: web::Path<String>,
    _: Posted<NoFields>,
) -> Result<HttpResponse, Failure> {
    let id: PersonId = id.parse().map_err(|_| Failure::NotFound)?;
    let outcome = people::withdraw(&app, &admin.actor, Some(&browser.caller()), id).await?;
    after(id, outcome.map(|()| Done::LinkWithdrawn))
}

/// Back to the person, saying what was done.
pub(in crate::web::pages) fn after(id: PersonId, outcome: Outcome<Done>) -> Result<HttpResponse, Failure> {
    let done = match outcome {
        Outcome::Done(done) => done,
        Outcome::NotThere => Done::NotThere,
        Outcome::NotYours => return Err(Failure::Forbidden),
    };
    Ok(done.at(&format!("/people/{id}")))
}

fn address(address: &(String, String)) -> Result<(PersonId, Act), Failure> {
    let (id, act) = address;
    let act = Act::parse(act).ok_or(Failure::NotFound)?;
    Ok((id.parse().map_err(|_| Failure::NotFound)?, act))
}

/// By mail, unless the other was chosen: then no administrator ever sees the link.
fn handover(typed: &str) -> (Handover, &'static str) {
    if typed == "card" { (Handover::Card, "card") } else { (Handover::Mail, "mail") }
}

/// Asks for the reason, and says what will happen.
pub async fn ask(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let (id, act) = address(&path)?;
    let page = ask_page(&app, &admin.actor, id, act, PersonActForm::default()).await?;
    frame::page(&app, &browser, &admin, &page).await
}

async fn ask_page(app: &App, actor: &AdminActor, id: PersonId, act: Act, typed: PersonActForm) -> Result<PersonActPage, Failure> {
    if !people::exists(app, actor, id).await? {
        return Err(Failure::NotFound);
    }
    let profile = profile(app, id).await?;
    Ok(PersonActPage {
        id: id.to_string(),
        name: profile.name,
        email: profile.email,
        act,
        hours: app.settings.links.reset.as_secs() / 3600,
        mail_to: if act == Act::Reset { people::mail_address(app, actor, id).await? } else { None },
        handover: handover(&typed.handover).1,
        reason: typed.reason,
        errors: vec![],
    })
}

/// Does it.
pub async fn act(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    path: web::Path<(String, String)>,
    form: Posted<PersonActForm>,
) -> Result<HttpResponse, Failure> {
    let (id, act) = address(&path)?;
    let reason = match parse_reason(&form.0.reason) {
        Ok(reason) => reason,
        Err(error) => {
            let page = PersonActPage { errors: vec![error], ..ask_page(&app, &admin.actor, id, act, form.0).await? };
            return frame::answer(&app, &browser, &admin, StatusCode::UNPROCESSABLE_ENTITY, &page).await;
        }
    };
    let caller = browser.caller();
    match act {
        Act::Reset => match people::send_reset_link(&app, &admin.actor, Some(&caller), id, reason, handover(&form.0.handover).0).await? {
            Outcome::Done(card) => {
                if card.mailed {
                    return Ok(Done::ResetLinkMailed.at(&format!("/people/{id}")));
                }
                hand_over(&app, &browser, &admin, card).await
            }
            other => after(id, other.map(|_| Done::NotThere)),
        },
        Act::Vouch => {
            let outcome = people::vouch_for_email(&app, &admin.actor, Some(&caller), id, reason).await?;
            after(id, outcome.map(|()| Done::EmailVouched))
        }
        Act::WithdrawVouch => {
            let outcome = people::withdraw_vouch(&app, &admin.actor, Some(&caller), id, reason).await?;
            after(id, outcome.map(|()| Done::EmailVouchWithdrawn))
        }
        Act::SignOut => {
            let outcome = people::sign_out_everywhere(&app, &admin.actor, Some(&caller), id, reason).await?;
            after(id, outcome.map(|()| Done::PersonSignedOut))
        }
        Act::Disable => {
            let outcome = people::disable(&app, &admin.actor, Some(&caller), id, reason).await?;
            after(id, outcome.map(|()| Done::PersonDisabled))
        }
        Act::Enable => {
            let outcome = people::enable(&app, &admin.actor, Some(&caller), id, reason).await?;
            after(id, outcome.map(|()| Done::PersonEnabled))
        }
    }
}
