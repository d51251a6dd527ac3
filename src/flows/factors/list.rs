//! What a person can sign in with, and whether enough would remain.

use crate::app::App;
use crate::domain::passkey::{self, Passkey};
use crate::domain::password::{self, StoredPassword};
use crate::domain::policy;
use crate::domain::recovery::{self, Status};
use crate::domain::totp::{self, Totp};
use crate::kernel::ids::{PasskeyId, PersonId, TotpId};
use crate::kernel::proof::{AuthEvent, Method};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// Everything a person can sign in with.
#[derive(Clone, Debug)]
pub struct Factors {
    /// The passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// The authenticators, oldest first.
    pub authenticators: Vec<Totp>,
    /// The password.
    pub password: Option<StoredPassword>,
    /// The recovery codes, which stand in for one of the others and are never enough to stay with.
    pub recovery: Option<Status>,
}

/// One credential that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A passkey.
    Passkey(PasskeyId),
    /// An authenticator.
    Totp(TotpId),
}

impl Credential {
    /// Its method.
    pub fn method(self) -> Method {
        match self {
            Self::Passkey(_) => Method::Passkey,
            Self::Totp(_) => Method::Totp,
        }
    }
}

/// What would remain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remaining {
    /// Passkeys.
    pub passkeys: usize,
    /// Authenticators that are not switched off.
    pub authenticators: usize,
    /// A password that is not switched off.
    pub password: bool,
}

impl Remaining {
    /// Whether someone with this can reach what signing in asks for: the same rule that sign-in follows, asked with
    /// one proof of each kind that is left (WA-74).
    pub fn is_enough(self) -> bool {
        let event = |method, user_verified| AuthEvent { method, at: Timestamp::from_seconds(0), user_verified, synced: true };
        let mut events = Vec::new();
        if self.passkeys > 0 {
            events.push(event(Method::Passkey, true));
        }
        if self.password {
            events.push(event(Method::Password, false));
        }
        if self.authenticators > 0 {
            events.push(event(Method::Totp, false));
        }
        policy::for_sign_in().met_by(&events)
    }
}

/// A person's sign-in methods.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(app: &App, person: PersonId) -> Result<Factors, Fault> {
    app.read(move |w| list_in(w, person)).await
}

pub(super) fn list_in(w: &mut Work<'_>, person: PersonId) -> Result<Factors, Fault> {
    Ok(Factors {
        passkeys: passkey::list(w, person)?,
        authenticators: totp::list(w, person)?,
        password: password::find(w, person)?,
        recovery: recovery::status(w, person)?,
    })
}

impl Factors {
    /// The name of a thing, if it is there.
    pub fn name_of(&self, credential: Credential) -> Option<&str> {
        match credential {
            Credential::Passkey(id) => self.passkeys.iter().find(|passkey| passkey.id == id).map(|passkey| passkey.name.as_str()),
            Credential::Totp(id) => self.authenticators.iter().find(|totp| totp.id == id).map(|totp| totp.name.as_str()),
        }
    }
}

/// What would remain without a thing. What is switched off cannot be signed in with and does not count.
pub fn remaining_without(factors: &Factors, credential: Credential, disable_after: i32) -> Remaining {
    let live = |failures: i32| failures < disable_after;
    Remaining {
        passkeys: factors.passkeys.iter().filter(|passkey| Credential::Passkey(passkey.id) != credential).count(),
        authenticators: factors.authenticators.iter().filter(|totp| live(totp.failures) && Credential::Totp(totp.id) != credential).count(),
        password: factors.password.as_ref().is_some_and(|stored| live(stored.failures)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passkey_or_a_password_with_an_authenticator_must_remain() {
        // WA-74, AA-01
        let left = |passkeys, authenticators, password| Remaining { passkeys, authenticators, password };
        for (remaining, enough) in [
            (left(0, 0, false), false),
            (left(0, 0, true), false),
            (left(0, 2, false), false),
            (left(0, 1, true), true),
            (left(1, 0, false), true),
            (left(1, 0, true), true),
        ] {
            assert_eq!(remaining.is_enough(), enough, "{remaining:?}");
        }
    }
}
