//! Someone with an account whose sign-in needs something added first (AA-05, AA-06).

use super::attempt::Enrolment;
use super::enrollee::{AccountHolder, Enrollee};
use crate::app::App;
use crate::domain::identity::{self, PersonState};
use crate::domain::policy::{Need, RecoveryCodes};
use crate::domain::{passkey, recovery, totp};
use crate::flows::{After, Caller, reauth, revalidate};
use crate::kernel::ids::{AttemptId, PersonId};
use crate::kernel::proof::{Acr, AuthEvent, Method};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// A sign-in that nothing the account has can complete.
#[derive(Clone, Debug)]
pub struct Unfinished {
    /// Its id, which becomes the enrolment's.
    pub id: AttemptId,
    /// Who it is, by the proofs so far.
    pub person: PersonId,
    /// The proofs so far.
    pub events: Vec<AuthEvent>,
    /// What it must reach.
    pub need: Need,
    /// Where it leads.
    pub after: After,
}

/// Goes on with a sign-in that something must be added for. `None` when the account has a way it must use instead:
/// nothing is added on the strength of less than the account's own factors (WA-71, CVE-01).
///
/// # Errors
/// When something we need is away.
pub async fn known_person(app: &App, caller: &Caller, from: Unfinished) -> Result<Option<Enrolment>, Fault> {
    let (person, proved, since) = (from.person, from.events.clone(), newest(app));
    let found = app
        .read(move |w| {
            let Some(account) = identity::find(w, person)?.filter(|account| account.state == PersonState::Active) else { return Ok(None) };
            if !may_add(w, person, &proved, since)? {
                return Ok(None);
            }
            Ok(Some((account, identity::profile(w, person)?)))
        })
        .await?;
    let Some((account, profile)) = found else { return Ok(None) };
    let login = profile.login().to_owned();
    let code_would_do = from.need.acr <= Acr::Two;
    let known = AccountHolder { person, handle: account.handle, name: profile.name, login, events: from.events, code_would_do };
    let mut enrolment = Enrolment::new(app, caller, Enrollee::AccountHolder(known), from.after);
    enrolment.id = from.id;
    if !code_would_do {
        enrolment.chosen = Some(Method::Passkey);
    }
    enrolment.store(app).await?;
    Ok(Some(enrolment))
}

/// From when on a proof counts for binding something new: as for every change of one's sign-in methods (SE-13).
pub(super) fn newest(app: &App) -> Timestamp {
    app.now().minus(app.settings.session.reauthentication)
}

/// Whether these proofs are all the account can give, and still hold: both its factors, or its password when that is its
/// only way. What they must be is what every other change asks for: of anyone who has a role a recovery code is no proof
/// (AA-09, EN-15).
pub(super) fn may_add(w: &mut Work<'_>, person: PersonId, proved: &[AuthEvent], since: Timestamp) -> Result<bool, Fault> {
    // Who has a passkey uses it.
    if !passkey::list(w, person)?.is_empty() || !revalidate::still_hold(w, person, proved)? {
        return Ok(false);
    }
    if reauth::need(w, person, since, RecoveryCodes::Count)?.met_by(proved) {
        return Ok(true);
    }
    let by_password = proved.iter().any(|event| event.method == Method::Password && event.at >= since);
    let has_recovery = recovery::status(w, person)?.is_some_and(|status| status.left > 0);
    Ok(by_password && !has_recovery && totp::list(w, person)?.is_empty())
}
