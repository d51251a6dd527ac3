//! What a sign-in must reach: the only place that decides it. Pure; reads nothing.

use crate::kernel::Timestamp;
use crate::kernel::proof::{Acr, AuthEvent, Method, acr};

/// What proofs are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Need {
    /// At least this sure.
    pub acr: Acr,
    /// Every proof must be from this instant or later: a confirmation, `prompt=login` or `max_age`.
    pub not_before: Option<Timestamp>,
    /// Recovery codes do not count: they make no new ones of their kind (RC-15).
    #[serde(default)]
    pub no_recovery_code: bool,
    /// A password and a recovery code are enough, however sure the proof must be otherwise.
    #[serde(default)]
    pub or_recovery_code: bool,
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
    /// The same, proved without a recovery code (RC-15).
    pub fn without_recovery_code(self) -> Self {
        Self { no_recovery_code: true, ..self }
    }
    /// Whether these proofs are enough. Old ones do not count at all (OA-64, OA-65).
    pub fn met_by(&self, events: &[AuthEvent]) -> bool {
        let counts = |event: &&AuthEvent| {
            self.not_before.is_none_or(|instant| event.at >= instant) && !(self.no_recovery_code && event.method == Method::RecoveryCode)
        };
        let counted: Vec<AuthEvent> = events.iter().filter(counts).cloned().collect();
        let by_code = self.or_recovery_code && counted.iter().any(|event| event.method == Method::RecoveryCode);
        acr(&counted) >= if by_code { Acr::Two } else { self.acr }
    }
}

/// What signing in needs: everyone needs two factors, or one passkey with user verification (AA-01).
pub fn for_sign_in() -> Need {
    Need { acr: Acr::Two, not_before: None, no_recovery_code: false, or_recovery_code: false }
}

/// Whether a recovery code proves anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoveryCodes {
    /// It does, of a person without a role.
    Count,
    /// It does not, of anybody (RC-15).
    DoNotCount,
}

/// What changing one's sign-in methods needs: proofs from `since` or later, as sure as the surest way the account has
/// (SE-13, WA-71), or a recovery code beside the password, which is what it was saved for. Otherwise anyone who phished a
/// password and a code could put their own passkey beside the owner's. Of anyone who has a role a recovery code is no proof
/// here: with a passkey added by it they would act on everybody else (AA-09, EN-15); another administrator helps them.
pub fn for_changes(highest: Acr, codes: RecoveryCodes, since: Timestamp) -> Need {
    let need = for_sign_in().at_least(highest).since(since);
    let count = codes == RecoveryCodes::Count;
    Need { or_recovery_code: count, no_recovery_code: !count, ..need }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_password_is_never_enough_and_old_proofs_do_not_count() {
        // AA-01, AA-06, OA-65
        let at = |seconds| Timestamp::from_seconds(seconds);
        let event = |method, seconds, user_verified| AuthEvent { method, at: at(seconds), user_verified, synced: true };
        let need = for_sign_in();
        assert!(!need.met_by(&[]));
        assert!(!need.met_by(&[event(Method::Password, 10, false)]));
        assert!(need.met_by(&[event(Method::Password, 10, false), event(Method::Totp, 20, false)]));
        assert!(need.met_by(&[event(Method::Passkey, 10, true)]));
        let by_recovery = [event(Method::Password, 10, false), event(Method::RecoveryCode, 20, false)];
        assert!(need.met_by(&by_recovery) && !need.without_recovery_code().met_by(&by_recovery), "RC-15");
        for highest in [Acr::PhishingResistant, Acr::Two] {
            for (codes, enough) in [(RecoveryCodes::Count, true), (RecoveryCodes::DoNotCount, false)] {
                assert_eq!(for_changes(highest, codes, at(5)).met_by(&by_recovery), enough, "AA-09, EN-15: {highest:?} {codes:?}");
            }
        }
        assert!(!need.met_by(&[event(Method::Passkey, 10, false)]));
        assert!(!need.since(at(15)).met_by(&[event(Method::Password, 10, false), event(Method::Totp, 20, false)]));
        assert!(!need.at_least(Acr::PhishingResistant).met_by(&[event(Method::Password, 10, false), event(Method::Totp, 20, false)]));
    }
}
