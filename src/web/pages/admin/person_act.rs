//! `/people/<id>/<act>`: what an administrator does with someone's account for a reason; each says first what will happen.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::access::AdminActor;
use crate::flows::people::{self, Handover, PersonOutcome};
use crate::kernel::ids::PersonId;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, ReauthenticatedAdmin, Shared};
use crate::web::pages::account::frame::profile;
use crate::web::pages::admin::frame;
use crate::web::pages::admin::people_invite::parse_reason;
use crate::web::pages::admin::person::after;
use crate::web::pages::admin::person_card::hand_over;
use crate::web::pages::done::Done;
use crate::web::pages::parts::FieldError;

/// What an administrator does for a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Sends a reset link.
    Reset,
    /// Vouches for the address.
    Vouch,
    /// Takes that back.
    WithdrawVouch,
    /// Ends all sessions.
    SignOut,
    /// Switches the account off.
    Disable,
    /// Switches it on again.
    Enable,
}

impl Act {
    /// From the address.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "reset" => Some(Self::Reset),
            "vouch" => Some(Self::Vouch),
            "withdraw_vouch" => Some(Self::WithdrawVouch),
            "sign_out" => Some(Self::SignOut),
            "disable" => Some(Self::Disable),
            "enable" => Some(Self::Enable),
            _ => None,
        }
    }
}

/// Asks for the reason. Posts `reason`, and for a link `handover`, to `/people/<id>/<act>`.
#[derive(Clone, Debug, Serialize)]
pub struct PersonActPage {
    /// Whose.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: Option<String>,
    /// What will be done.
    pub act: Act,
    /// How many hours a link will work.
    pub hours: u64,
    /// The address a link can be sent to; where there is none, it is a card.
    pub mail_to: Option<String>,
    /// How the link reaches them: `mail` or `card`.
    pub handover: &'static str,
    /// What was typed.
    pub reason: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for PersonActPage {
    const TEMPLATE: &'static str = "pages/admin/person_act.html";
}

/// Why, and how a link reaches its person.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PersonActForm {
    reason: String,
    handover: String,
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
    let by = admin.acting(browser.caller());
    match act {
        Act::Reset => match people::send_reset_link(&app, &by, id, reason, handover(&form.0.handover).0).await? {
            PersonOutcome::Done(card) => {
                if card.mailed {
                    return Ok(Done::ResetLinkMailed.at(&format!("/people/{id}")));
                }
                hand_over(&app, &browser, &admin, card).await
            }
            other => after(id, other.map(|_| Done::NotThere)),
        },
        Act::Vouch => {
            let outcome = people::vouch_for_email(&app, &by, id, reason).await?;
            after(id, outcome.map(|()| Done::EmailVouched))
        }
        Act::WithdrawVouch => {
            let outcome = people::withdraw_vouch(&app, &by, id, reason).await?;
            after(id, outcome.map(|()| Done::EmailVouchWithdrawn))
        }
        Act::SignOut => {
            let outcome = people::sign_out_everywhere(&app, &by, id, reason).await?;
            after(id, outcome.map(|()| Done::PersonSignedOut))
        }
        Act::Disable => {
            let outcome = people::disable(&app, &by, id, reason).await?;
            after(id, outcome.map(|()| Done::PersonDisabled))
        }
        Act::Enable => {
            let outcome = people::enable(&app, &by, id, reason).await?;
            after(id, outcome.map(|()| Done::PersonEnabled))
        }
    }
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for PersonActPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                id: "01a2".into(),
                name: "Ben Example".into(),
                email: Some("ben@acme.example".into()),
                act: Act::Reset,
                hours: 24,
                mail_to: None,
                handover: "mail",
                reason: String::new(),
                errors: vec![],
            };
            let by_mail = Self { mail_to: Some("ben@acme.example".into()), ..page.clone() };
            vec![
                (
                    "card_chosen",
                    Self { handover: "card", errors: vec![FieldError::new("reason", "error-reason-missing")], ..by_mail.clone() },
                ),
                ("by_mail", by_mail),
                ("vouch", Self { act: Act::Vouch, ..page.clone() }),
                ("vouch_nothing", Self { act: Act::Vouch, email: None, ..page.clone() }),
                ("withdraw_vouch", Self { act: Act::WithdrawVouch, ..page.clone() }),
                ("sign_out", Self { act: Act::SignOut, ..page.clone() }),
                ("disable", Self { act: Act::Disable, ..page.clone() }),
                ("enable", Self { act: Act::Enable, ..page.clone() }),
                ("missing", Self { errors: vec![FieldError::new("reason", "error-reason-missing")], ..page.clone() }),
                ("reset", page),
            ]
        }
    }
}
