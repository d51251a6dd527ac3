//! `/me`: the account's home.

use actix_web::{HttpResponse, web};

use crate::domain::access::Role;
use crate::flows::account::{self, Home};
use crate::flows::enrolment::{self, OpenLink};
use crate::flows::factors;
use crate::flows::notifications::browser_words;
use crate::kernel::proof::{AuthEvent, Method};
use crate::web::Failure;
use crate::web::guard::{Browser, NoFields, Posted, Shared, SignedIn};
use crate::web::pages::account::frame::{self, DoneQuery};
use crate::web::pages::account::me_address_view::{MailReach, ShownVouch};
use crate::web::pages::account::me_view::{AppTile, LinkForMe, MePage, Next, ThisSession};
use crate::web::pages::done::Done;

/// Shows the account.
pub async fn show(app: Shared, browser: Browser, signed_in: SignedIn, query: web::Query<DoneQuery>) -> Result<HttpResponse, Failure> {
    let session = signed_in.session;
    let person = session.person;
    let limits = app.session_limits();
    let ways = factors::list(&app, person).await?;
    let Home { profile, session: detail, roles, vouched_by, apps } = account::home(&app, session).await?;
    let session = &detail.session;
    let link = enrolment::open_link(&app, person).await?;
    let page = MePage {
        reach: MailReach::of(&app, &profile),
        vouch: profile.email_vouch.as_ref().map(|vouch| ShownVouch::of(vouch, vouched_by)),
        email_confirmed: profile.email_confirmed,
        name: profile.name,
        username: profile.username,
        email: profile.email,
        administrator: !roles.is_empty(),
        by_code: !roles.is_empty() && only_by_code(&session.events),
        link: link.map(|OpenLink { by, reason, ends_at }| LinkForMe { by, reason, ends_at }),
        passkeys: ways.passkeys.len(),
        authenticators: ways.authenticators.len(),
        password: ways.password.is_some(),
        recovery: ways.recovery.as_ref().map(|status| status.left),
        session: ThisSession {
            since: session.created_at,
            until: session.expires_at.min(session.created_at.plus(limits.lifetime)),
            browser: browser_words(&detail.place.user_agent),
            methods: session.events.iter().map(|event| event.method).collect(),
        },
        demo: app.demo_url().filter(|_| roles.contains(&(Role::Owner, None))).map(str::to_owned),
        apps: apps.into_iter().map(AppTile::of).collect(),
        next: Next::Nothing,
    };
    let page = MePage { next: page.next(), ..page };
    frame::page_after(&app, &browser, person, &query, &page).await
}

/// Whether the second proof of a session is a recovery code and nothing surer.
fn only_by_code(events: &[AuthEvent]) -> bool {
    let has = |method: Method| events.iter().any(|event| event.method == method);
    has(Method::RecoveryCode) && !has(Method::Passkey) && !has(Method::Totp)
}

/// Stops the reset link that is open for this account.
pub async fn stop_link(app: Shared, browser: Browser, signed_in: SignedIn, _: Posted<NoFields>) -> Result<HttpResponse, Failure> {
    let done = enrolment::stop_link(&app, &browser.caller(), signed_in.session.person).await?;
    let done = if done { Done::LinkStopped } else { Done::NotThere };
    Ok(done.at("/me"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_coarsely() {
        for (agent, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18 Safari/605.1.15",
                "Safari on macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/140 Mobile Safari/604.1",
                "Chrome on iPhone",
            ),
            ("curl/8", "Unknown browser"),
            ("<script>", "Unknown browser"),
            ("", "Unknown browser"),
        ] {
            assert_eq!(browser_words(agent), words);
        }
    }
}
