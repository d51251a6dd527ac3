//! What a sign-in must reach: the only place that decides it. Pure; reads nothing.

use crate::kernel::Timestamp;
use crate::kernel::ids::{ClientId, GroupId, PersonId};
use crate::kernel::proof::{Acr, AuthEvent, acr};

/// What proofs are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Need {
    /// At least this sure.
    pub acr: Acr,
    /// Every proof must be from this instant or later: a confirmation, `prompt=login` or `max_age`.
    pub not_before: Option<Timestamp>,
}

impl Need {
    /// The same, and at least `acr`.
    pub fn at_least(self, acr: Acr) -> Self {
        Self { acr: self.acr.max(acr), ..self }
    }
    /// The same, proved at `instant` or later.
    pub fn since(self, instant: Timestamp) -> Self {
        Self { not_before: self.not_before.max(Some(instant)), ..self }
    }
    /// Whether these proofs are enough. Old ones do not count at all (OA-64, OA-65).
    pub fn met_by(&self, events: &[AuthEvent]) -> bool {
        let recent: Vec<AuthEvent> =
            events.iter().filter(|event| self.not_before.is_none_or(|instant| event.at >= instant)).cloned().collect();
        acr(&recent) >= self.acr
    }
}

/// What signing in needs, for a person in these groups and, if there is one, the application asking.
/// Everyone needs two factors, or one passkey with user verification (AA-01).
pub fn for_sign_in(_person: Option<PersonId>, _groups: &[GroupId], _client: Option<ClientId>) -> Need {
    Need { acr: Acr::Two, not_before: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::proof::Method;

    #[test]
    fn one_password_is_never_enough_and_old_proofs_do_not_count() {
        // AA-01, AA-06, OA-65
        let at = |seconds| Timestamp::from_seconds(seconds);
        let event = |method, seconds, user_verified| AuthEvent { method, at: at(seconds), user_verified, synced: true };
        let need = for_sign_in(None, &[], None);
        assert!(!need.met_by(&[]));
        assert!(!need.met_by(&[event(Method::Password, 10, false)]));
        assert!(need.met_by(&[event(Method::Password, 10, false), event(Method::Totp, 20, false)]));
        assert!(need.met_by(&[event(Method::Passkey, 10, true)]));
        assert!(!need.met_by(&[event(Method::Passkey, 10, false)]));
        assert!(!need.since(at(15)).met_by(&[event(Method::Password, 10, false), event(Method::Totp, 20, false)]));
        assert!(!need.at_least(Acr::PhishingResistant).met_by(&[event(Method::Password, 10, false), event(Method::Totp, 20, false)]));
    }
}
