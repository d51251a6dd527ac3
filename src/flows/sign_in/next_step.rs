//! What comes next: one pure function of what has been proved, what there is, and what is needed.

use crate::domain::policy::Need;
use crate::kernel::proof::{Acr, AuthEvent, Method};

/// The ways to sign in an account has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// A password.
    pub password: bool,
    /// An authenticator.
    pub totp: bool,
    /// A passkey.
    pub passkey: bool,
}

/// A step of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// An authenticator code.
    Totp,
    /// A passkey.
    Passkey,
    /// Nothing the account has is enough: it must add something first (AA-05, AA-06).
    Enrol,
    /// Enough.
    Done,
}

/// Decides the next step. Somebody who typed a password is likely to have no passkey at hand: the code comes first,
/// and the page offers the other way.
pub fn next_step(events: &[AuthEvent], enrolled: Enrolled, need: &Need) -> Step {
    if need.met_by(events) {
        return Step::Done;
    }
    let has_password = events.iter().any(|event| event.method == Method::Password);
    let has_code = events.iter().any(|event| event.method == Method::Totp);
    // Who must add a passkey first proves everything the account has (WA-71).
    let code_helps = need.acr <= Acr::Two || !enrolled.passkey && !has_code;
    if has_password && enrolled.totp && code_helps {
        return Step::Totp;
    }
    if enrolled.passkey {
        return Step::Passkey;
    }
    Step::Enrol
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
        let has = |totp, passkey| Enrolled { password: true, totp, passkey };
        let plain = policy::for_sign_in(None, &[], None);
        let strong = plain.at_least(Acr::PhishingResistant);
        let later = plain.since(Timestamp::from_seconds(9));
        for (events, enrolled, need, step) in [
            (vec![password.clone()], has(true, false), plain, Step::Totp),
            (vec![password.clone()], has(true, true), plain, Step::Totp),
            (vec![password.clone()], has(false, true), plain, Step::Passkey),
            (vec![password.clone()], has(false, false), plain, Step::Enrol),
            (vec![password.clone(), code.clone()], has(true, false), plain, Step::Done),
            (vec![passkey.clone()], has(false, true), plain, Step::Done),
            (vec![passkey.clone()], has(true, true), strong, Step::Done),
            (vec![password.clone(), code.clone()], has(true, true), strong, Step::Passkey),
            (vec![password.clone()], has(true, false), strong, Step::Totp),
            (vec![password.clone(), code.clone()], has(true, false), strong, Step::Enrol),
            (vec![password], has(true, true), strong, Step::Passkey),
            (vec![passkey], has(false, true), later, Step::Passkey),
            (vec![], has(true, false), plain, Step::Enrol),
        ] {
            assert_eq!(next_step(&events, enrolled, &need), step, "{events:?} {enrolled:?}");
        }
    }
}
