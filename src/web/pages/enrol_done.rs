//! `/f/<id>/enrol/done`: what the account has now, and where to go on.

use actix_web::{HttpResponse, web};

use super::enrol::{Opened, open};
use super::enrol_view::EnrolDonePage;
use super::flow::moved_on;
use super::invite::dead;
use super::login::{Target, after_path};
use super::setup::closed;
use crate::domain::recovery;
use crate::flows::After;
use crate::flows::arriving::{Ending, LinkLook, Standing, Step};
use crate::web::Failure;
use crate::web::guard::{Browser, Shared, SignedIn};
use crate::web::respond::page;

/// Shows how it ended.
pub async fn show(app: Shared, browser: Browser, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let arrival = match open(&app, &browser, &id, Step::Done).await? {
        Opened::Here(arrival) => arrival,
        Opened::Instead(answer) => return Ok(answer),
    };
    let (passkey, password, authenticator) = match &arrival.ending {
        Some(Ending::Done { passkey, password, authenticator }) => (passkey.clone(), *password, authenticator.clone()),
        Some(Ending::LinkDead { at }) if let Standing::Guest(guest) = &arrival.standing => {
            return dead(&app, &browser, guest.purpose, Some(&LinkLook::Used(*at)), None);
        }
        Some(Ending::LinkDead { .. }) if !arrival.is_new() => return moved_on(&app, &browser, Some(arrival.after)).await,
        Some(Ending::LinkDead { at }) => return closed(&app, &browser, Some(&LinkLook::Used(*at))).await,
        None => return Err(Failure::Gone),
    };
    let request = match arrival.after {
        After::Account => None,
        After::Request(request) => Some(request.to_string()),
    };
    let target = Target::find(&app, &browser.caller(), request.as_deref()).await?;
    let codes = match SignedIn::find(&app, &browser).await? {
        Some(signed_in) => app.read(move |w| recovery::status(w, signed_in.session.person)).await?,
        None => None,
    };
    let page_ = EnrolDonePage {
        name: arrival.name().to_owned(),
        administrator: arrival.is_first(),
        passkey,
        password,
        authenticator,
        recovery: codes.map_or(0, |status| status.left),
        next: after_path(target.after),
        asking: target.asking,
        demo: if arrival.after == After::Account { app.demo_url().map(str::to_owned) } else { None },
    };
    page(&app, &browser, &page_)
}
