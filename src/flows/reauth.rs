//! Whether someone proved within the last minutes, as surely as their account can, that it is them (SE-13, WA-71).

use crate::app::App;
use crate::domain::policy::{self, Need, RecoveryCodes};
use crate::domain::session::Session;
use crate::domain::{access, passkey};
use crate::flows::{Caller, revalidate, sessions};
use crate::kernel::ids::{PersonId, SessionId};
use crate::kernel::proof::Acr;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// What a proof needs to be fresh, from `since` on. Of anyone who has a role a recovery code never counts (RC-15, EN-15).
///
/// # Errors
/// When the database cannot be asked.
pub fn need(w: &mut Work<'_>, person: PersonId, since: Timestamp, codes: RecoveryCodes) -> Result<Need, Fault> {
    // The surest that an account can prove: with any of its passkeys, or else with two factors.
    let highest = if passkey::list(w, person)?.is_empty() { Acr::Two } else { Acr::PhishingResistant };
    let for_changes = if access::roles(w, person)?.is_empty() { RecoveryCodes::Count } else { RecoveryCodes::DoNotCount };
    let need = policy::for_changes(highest, for_changes, since);
    Ok(if codes == RecoveryCodes::DoNotCount { need.without_recovery_code() } else { need })
}

/// Whether the proofs of a session are fresh enough, and sure enough, for a change; or, where recovery codes do not count, for
/// acting on others and for making recovery codes.
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_recent(app: &App, session: &Session, codes: RecoveryCodes) -> Result<bool, Fault> {
    let person = session.person;
    let since = app.now().minus(app.settings.session.reauthentication);
    Ok(app.read(move |w| need(w, person, since, codes)).await?.met_by(&session.events))
}

/// A signed-in person who proved within the last minutes, as surely as their account can, that it is them. Only
/// [`Reauthentication::of`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct Reauthentication {
    session: SessionId,
    person: PersonId,
}

impl Reauthentication {
    /// From a live session; `None` when its proofs are too old, or less than the account's surest way (SE-13, WA-71).
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn of(app: &App, session: &Session) -> Result<Option<Self>, Fault> {
        let fresh = is_recent(app, session, RecoveryCodes::Count).await?;
        Ok(fresh.then_some(Self { session: session.id, person: session.person }))
    }
    /// Whose sign-in methods are changed; there is no other way to name them (WA-72).
    pub fn person(self) -> PersonId {
        self.person
    }
    /// In which session.
    pub fn session(self) -> SessionId {
        self.session
    }

    /// Keeps the account for the rest of the transaction, so that of two changes at the same time the second sees the first. Stops a
    /// change whose session was ended while it was on its way.
    pub(crate) fn hold(self, w: &mut Work<'_>) -> Result<(), Fault> {
        revalidate::hold(w, self.person, self.session)
    }

    /// Ends every other session of the person, and what applications were given in them (SE-10).
    pub(crate) fn end_others(self, w: &mut Work<'_>, caller: &Caller) -> Result<usize, Fault> {
        sessions::end_others(w, self.person, self.session, caller)
    }
}

/// A [`Reauthentication`] person whose proof needed no recovery code: it alone makes new ones (RC-15).
#[derive(Clone, Copy, Debug)]
pub struct WithoutRecoveryCode(Reauthentication);

impl WithoutRecoveryCode {
    /// From a live session; `None` when its proof is too old, or stands on a recovery code.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn of(app: &App, session: &Session) -> Result<Option<Self>, Fault> {
        let enough = is_recent(app, session, RecoveryCodes::DoNotCount).await?;
        Ok(enough.then_some(Self(Reauthentication { session: session.id, person: session.person })))
    }
    /// The proof for everything else.
    pub fn recent(self) -> Reauthentication {
        self.0
    }
}
