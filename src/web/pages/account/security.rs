//! `/me/security`: ways to sign in.

use actix_web::{HttpResponse, web};

use crate::flows::factors;
use crate::web::Failure;
use crate::web::guard::{Browser, Shared, SignedIn};
use crate::web::pages::account::frame::{self, DoneQuery, profile};
use crate::web::pages::account::me_address_view::MailReach;
use crate::web::pages::account::security_recovery::line;
use crate::web::pages::account::security_view::{AuthenticatorCard, PasskeyCard, PasswordLine, SecurityPage};

/// Shows the list.
pub async fn show(app: Shared, browser: Browser, signed_in: SignedIn, query: web::Query<DoneQuery>) -> Result<HttpResponse, Failure> {
    let person = signed_in.session.person;
    let ways = factors::list(&app, person).await?;
    let off = |failures: i32| failures >= app.settings.sign_in.disable_after;
    let passkeys = ways.passkeys.into_iter().map(|passkey| PasskeyCard {
        id: passkey.id.to_string(),
        provider: passkey.provider().map(str::to_owned),
        name: passkey.name,
        created_at: passkey.created_at,
        last_used_at: passkey.last_used_at,
        synced: passkey.backup_eligible,
    });
    let authenticators = ways.authenticators.into_iter().map(|totp| AuthenticatorCard {
        id: totp.id.to_string(),
        name: totp.name,
        created_at: totp.created_at,
        last_used_at: totp.last_used_at,
        disabled: off(totp.failures),
    });
    let page = SecurityPage {
        reach: MailReach::of(&app, &profile(&app, person).await?),
        passkeys: passkeys.collect(),
        authenticators: authenticators.collect(),
        password: ways.password.map(|stored| PasswordLine { changed_at: stored.changed_at, disabled: off(stored.failures) }),
        recovery: ways.recovery.map(|status| line(status, app.settings.sign_in.disable_after)),
    };
    frame::page_after(&app, &browser, person, &query, &page).await
}
