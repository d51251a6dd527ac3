//! Disabling and enabling an application, releasing it from PKCE, and removing it.

use super::{AppOutcome, entry, held};
use crate::app::App;
use crate::domain::access::Right;
use crate::domain::audit::{self, Kind};
use crate::domain::{client, consent, grant};
use crate::flows::{ActingAdmin, revalidate};
use crate::kernel::Fault;
use crate::kernel::ids::ClientId;
use crate::kernel::text::{Announcement, Reason};

/// Switches an application off: its codes and tokens end in the same write (OA-18), and anyone who comes from it reads `text`.
///
/// # Errors
/// When something we need is away.
pub async fn disable(app: &App, admin: &ActingAdmin, id: ClientId, text: Announcement, reason: Reason) -> Result<AppOutcome<()>, Fault> {
    let by = admin.clone();
    revalidate::act(app, &admin.actor, Right::Applications, None, move |w| {
        if held!(w, id).disabled {
            return Ok(AppOutcome::NotThere);
        }
        client::disable(w, id, &text)?;
        let ended = grant::revoke_for_client(w, id)?;
        let record = entry(Kind::ClientDisabled, &by, id).fact("reason", reason.as_str());
        audit::append(w, &record.fact("text", text.as_str()).fact("grants_ended", ended))?;
        Ok(AppOutcome::Done(()))
    })
    .await
}

/// Switches an application on again. What it had been given before stays ended; its people sign in anew.
///
/// # Errors
/// When something we need is away.
pub async fn enable(app: &App, admin: &ActingAdmin, id: ClientId, reason: Reason) -> Result<AppOutcome<()>, Fault> {
    let by = admin.clone();
    revalidate::act(app, &admin.actor, Right::Applications, None, move |w| {
        if !held!(w, id).disabled {
            return Ok(AppOutcome::NotThere);
        }
        client::enable(w, id)?;
        // A code made by someone who was on the way while it was switched off is not to come alive now.
        grant::revoke_for_client(w, id)?;
        audit::append(w, &entry(Kind::ClientEnabled, &by, id).fact("reason", reason.as_str()))?;
        Ok(AppOutcome::Done(()))
    })
    .await
}

/// Lets an application that is held to PKCE because it has used it do without it again.
///
/// # Errors
/// When something we need is away.
pub async fn release_pkce(app: &App, admin: &ActingAdmin, id: ClientId, reason: Reason) -> Result<AppOutcome<()>, Fault> {
    let by = admin.clone();
    revalidate::act(app, &admin.actor, Right::Applications, None, move |w| {
        let Some(since) = held!(w, id).pkce_used_at else { return Ok(AppOutcome::NotThere) };
        client::release_pkce(w, id)?;
        let record = entry(Kind::ClientPkceReleased, &by, id).fact("reason", reason.as_str());
        audit::append(w, &record.fact("used_since", since.to_string()))?;
        Ok(AppOutcome::Done(()))
    })
    .await
}

/// Removes an application with its addresses, secrets, grants and consents. Entries of the audit log and the ledger stay.
///
/// # Errors
/// When something we need is away.
pub async fn delete(app: &App, admin: &ActingAdmin, id: ClientId, reason: Reason) -> Result<AppOutcome<()>, Fault> {
    let by = admin.clone();
    revalidate::act(app, &admin.actor, Right::Applications, None, move |w| {
        let known = held!(w, id);
        let (consents, grants) = (consent::count(w, id)?, grant::count_open(w, id)?);
        client::delete(w, id)?;
        // The entries of this application name it by its id, which nothing else knows now.
        let record = entry(Kind::ClientRemoved, &by, id)
            .fact("reason", reason.as_str())
            .fact("name", known.name)
            .fact("client_id", known.client_id)
            .fact("consents", consents)
            .fact("grants", grants);
        audit::append(w, &record)?;
        Ok(AppOutcome::Done(()))
    })
    .await
}
