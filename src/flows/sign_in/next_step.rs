//! What comes next: one pure function of what has been proved, what there is, and what is needed.

use crate::domain::policy::Need;
use crate::kernel::proof::{Acr, AuthEvent, Method};

/// The sign-in methods an account has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// A password.
    pub password: bool,
    /// An authenticator.
    pub totp: bool,
    /// A passkey.
    pub passkey: bool,
    /// A recovery code that was not used yet.
    pub recovery: bool,
}

/// A step of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInStep {
    /// An authenticator code.
    Totp,
    /// A passkey.
    Passkey,
    /// A recovery code, where it is the only thing left beside the password.
    Recovery,
    /// Nothing the account has is enough: it must add something first (AA-05, AA-06).
    Enrol,
    /// Enough.
    Done,
}

/// Decides the next step. Someone who typed a password is likely to have no passkey at hand: the code comes first,
/// and the page offers the other way.
pub fn next_step(events: &[AuthEvent], enrolled: Enrolled, need: &Need) -> SignInStep {
    if need.met_by(events) {
        return SignInStep::Done;
    }
    let has_password = events.iter().any(|event| event.method == Method::Password);
    let has_code = events.iter().any(|event| matches!(event.method, Method::Totp | Method::RecoveryCode));
    // Who must add a passkey first proves everything the account has (WA-71).
    let code_helps = need.acr <= Acr::Two || !enrolled.passkey && !has_code;
    if has_password && enrolled.totp && code_helps {
        return SignInStep::Totp;
    }
    // Who confirms by password although there is a passkey cannot use it.
    if enrolled.passkey && !(need.or_recovery_code && recovery_helps(events, enrolled, need)) {
        return SignInStep::Passkey;
    }
    if recovery_helps(events, enrolled, need) { SignInStep::Recovery } else { SignInStep::Enrol }
}

/// Whether a recovery code may stand for the second factor now: after the password, and only where an authenticator's
/// code would do as well (AA-09).
pub fn recovery_helps(events: &[AuthEvent], enrolled: Enrolled, need: &Need) -> bool {
    let has = |method| events.iter().any(|event| event.method == method);
    enrolled.recovery
        && !need.no_recovery_code
        && !need.met_by(events)
        && has(Method::Password)
        && !has(Method::Totp)
        && !has(Method::RecoveryCode)
        && (need.acr <= Acr::Two || need.or_recovery_code || !enrolled.passkey)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy;
    use crate::kernel::Timestamp;

    #[test]
    fn the_table() {
        // AA-01, AA-05, AA-09
        let event = |method, user_verified| AuthEvent { method, at: Timestamp::from_seconds(5), user_verified, synced: true };
        let (password, code, passkey) = (event(Method::Password, false), event(Method::Totp, false), event(Method::Passkey, true));
        let has = |totp, passkey| Enrolled { password: true, totp, passkey, recovery: false };
        let plain = policy::for_sign_in();
        let strong = plain.at_least(Acr::PhishingResistant);
        let later = plain.since(Timestamp::from_seconds(9));
        for (events, enrolled, need, step) in [
            (vec![password.clone()], has(true, false), plain, SignInStep::Totp),
            (vec![password.clone()], has(true, true), plain, SignInStep::Totp),
            (vec![password.clone()], has(false, true), plain, SignInStep::Passkey),
            (vec![password.clone()], has(false, false), plain, SignInStep::Enrol),
            (vec![password.clone(), code.clone()], has(true, false), plain, SignInStep::Done),
            (vec![passkey.clone()], has(false, true), plain, SignInStep::Done),
            (vec![passkey.clone()], has(true, true), strong, SignInStep::Done),
            (vec![password.clone(), code.clone()], has(true, true), strong, SignInStep::Passkey),
            (vec![password.clone()], has(true, false), strong, SignInStep::Totp),
            (vec![password.clone(), code.clone()], has(true, false), strong, SignInStep::Enrol),
            (vec![password], has(true, true), strong, SignInStep::Passkey),
            (vec![passkey], has(false, true), later, SignInStep::Passkey),
            (vec![], has(true, false), plain, SignInStep::Enrol),
        ] {
            assert_eq!(next_step(&events, enrolled, &need), step, "{events:?} {enrolled:?}");
        }
    }
    #[test]
    fn a_recovery_code_stands_for_a_code_and_for_nothing_stronger() {
        // AA-09, RC-15, WA-71
        let event = |method| AuthEvent { method, at: Timestamp::from_seconds(5), user_verified: false, synced: false };
        let (password, code, recovery) = (event(Method::Password), event(Method::Totp), event(Method::RecoveryCode));
        let has = |totp, passkey| Enrolled { password: true, totp, passkey, recovery: true };
        let plain = policy::for_sign_in();
        let strong = plain.at_least(Acr::PhishingResistant);
        for (events, enrolled, need, helps, step) in [
            (vec![password.clone()], has(true, false), plain, true, SignInStep::Totp),
            (vec![password.clone()], has(false, true), plain, true, SignInStep::Passkey),
            (vec![password.clone()], has(false, false), plain, true, SignInStep::Recovery),
            (vec![password.clone()], Enrolled { recovery: false, ..has(false, false) }, plain, false, SignInStep::Enrol),
            (vec![password.clone()], has(true, false), plain.without_recovery_code(), false, SignInStep::Totp),
            (vec![password.clone(), recovery.clone()], has(true, false), plain, false, SignInStep::Done),
            (vec![password.clone(), recovery.clone()], has(true, false), plain.without_recovery_code(), false, SignInStep::Totp),
            (vec![password.clone()], has(true, true), strong, false, SignInStep::Passkey),
            (vec![password.clone()], has(true, false), strong, true, SignInStep::Totp),
            (vec![password.clone(), recovery], has(true, false), strong, false, SignInStep::Enrol),
            (vec![password, code], has(true, false), strong, false, SignInStep::Enrol),
            (vec![], has(true, true), plain, false, SignInStep::Passkey),
        ] {
            assert_eq!(recovery_helps(&events, enrolled, &need), helps, "{events:?} {enrolled:?}");
            assert_eq!(next_step(&events, enrolled, &need), step, "{events:?} {enrolled:?}");
        }
    }
}
