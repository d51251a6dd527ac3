//! `/enrolment/<id>/done`: what the account has now, and where to go on.

use actix_web::{HttpResponse, web};

use crate::flows::After;
use crate::flows::enrolment::{Ending, Enrollee, EnrolmentStep, LinkLook};
use crate::flows::factors;
use crate::web::Failure;
use crate::web::guard::{Browser, Shared, SignedIn};
use crate::web::pages::enrolment::invite::dead;
use crate::web::pages::enrolment::open::{Opening, open};
use crate::web::pages::enrolment::setup::closed;
use crate::web::pages::enrolment::view::EnrolDonePage;
use crate::web::pages::sign_in::journey::{Destination, after_path, moved_on};
use crate::web::respond::page;

/// Shows how it ended.
pub async fn show(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let enrolment = match open(&app, &browser, &id, EnrolmentStep::Done).await? {
        Opening::Here(enrolment) => enrolment,
        Opening::Instead(answer) => return Ok(answer),
    };
    let (passkey, password, authenticator) = match &enrolment.ending {
        Some(Ending::Done { passkey, password, authenticator }) => (passkey.clone(), *password, authenticator.clone()),
        Some(Ending::LinkDead { at }) if let Enrollee::LinkHolder(guest) = &enrolment.standing => {
            return dead(&app, &browser, guest.purpose, Some(&LinkLook::Used(*at)), None);
        }
        Some(Ending::LinkDead { .. }) if !enrolment.is_new() => return moved_on(&app, &browser, Some(enrolment.after)).await,
        Some(Ending::LinkDead { at }) => return closed(&app, &browser, Some(&LinkLook::Used(*at))).await,
        None => return Err(Failure::Gone),
    };
    let request = match enrolment.after {
        After::Account => None,
        After::Request(request) => Some(request.to_string()),
    };
    let target = Destination::find(&app, &browser.caller(), request.as_deref()).await?;
    let codes = match SignedIn::find(&app, &browser).await? {
        Some(signed_in) => factors::list(&app, signed_in.session.person).await?.recovery,
        None => None,
    };
    let page_ = EnrolDonePage {
        name: enrolment.name().to_owned(),
        administrator: enrolment.is_first(),
        passkey,
        password,
        authenticator,
        recovery: codes.map_or(0, |status| status.left),
        next: after_path(target.after),
        asking: target.asking,
        demo: if enrolment.after == After::Account { app.demo_url().map(str::to_owned) } else { None },
    };
    page(&app, &browser, &page_)
}
