//! What a person proved, and what may be said of it to applications.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A kind of credential: what is bound to an account, guessed at, counted, and proved. Everything names it by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A password: something known.
    Password,
    /// A code of an authenticator app: something had.
    Totp,
    /// A passkey: something had, and with user verification something known or being.
    Passkey,
    /// A recovery code from a list that was kept: something had.
    #[serde(alias = "recovery")]
    RecoveryCode,
}

impl Method {
    /// The word for audit entries.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::Passkey => "passkey",
            Self::RecoveryCode => "recovery_code",
        }
    }
}

/// One proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthEvent {
    /// How.
    pub method: Method,
    /// When.
    pub at: Timestamp,
    /// Whether the authenticator checked that it was the person (WA-31).
    pub user_verified: bool,
    /// For a passkey: whether it may be copied to other devices by its provider (AA-04).
    pub synced: bool,
}

/// How sure a sign-in is, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Acr {
    /// Not enough to be signed in at all.
    One,
    /// Two kinds of factor.
    Two,
    /// Phishing-resistant: a passkey with user verification.
    PhishingResistant,
    /// Phishing-resistant and bound to one device.
    PhishingResistantDevice,
}

impl Acr {
    /// What applications see: `phr` and `phrh` are the values of OpenID Connect Extended Authentication Profile.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::One => "aal1",
            Self::Two => "aal2",
            Self::PhishingResistant => "phr",
            Self::PhishingResistantDevice => "phrh",
        }
    }
    /// From what an application asks for; `None` for a value we do not know, and for that of less than everybody proves,
    /// which is offered to nobody (OA-81).
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "aal2" => Some(Self::Two),
            "phr" => Some(Self::PhishingResistant),
            "phrh" => Some(Self::PhishingResistantDevice),
            _ => None,
        }
    }
}

/// How sure a set of proofs is (AA-01). A code never makes it phishing-resistant (OT-09).
pub fn acr(events: &[AuthEvent]) -> Acr {
    let passkeys = || events.iter().filter(|event| event.method == Method::Passkey);
    if passkeys().any(|event| event.user_verified && !event.synced) {
        Acr::PhishingResistantDevice
    } else if passkeys().any(|event| event.user_verified) {
        Acr::PhishingResistant
    } else if events.iter().any(|event| event.method == Method::Password) && events.iter().any(|event| event.method != Method::Password) {
        Acr::Two
    } else {
        Acr::One
    }
}

/// Authentication method references (RFC 8176) of a set of proofs: only what really happened (OA-69).
pub fn amr(events: &[AuthEvent]) -> Vec<&'static str> {
    let mut values = Vec::new();
    for event in events {
        match event.method {
            Method::Password => values.push("pwd"),
            Method::Totp => values.push("otp"),
            // RFC 8176 has no word for a code that is looked up in a list; `mfa` says that there were two factors.
            Method::RecoveryCode => {}
            Method::Passkey => {
                values.push(if event.synced { "swk" } else { "hwk" });
                if event.user_verified {
                    values.push("user");
                }
            }
        }
    }
    if acr(events) >= Acr::Two {
        values.push("mfa");
    }
    // Each once, in the order it happened.
    let mut named = Vec::new();
    for value in values {
        if !named.contains(&value) {
            named.push(value);
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(method: Method, user_verified: bool, synced: bool) -> AuthEvent {
        AuthEvent { method, at: Timestamp::from_seconds(1), user_verified, synced }
    }

    #[test]
    fn what_is_said_is_what_happened() {
        // OA-69, OT-09, AA-01, AA-04, WA-31
        let password = event(Method::Password, false, false);
        let code = event(Method::Totp, false, false);
        let recovery = event(Method::RecoveryCode, false, false);
        let synced = event(Method::Passkey, true, true);
        let bound = event(Method::Passkey, true, false);
        let touch_only = event(Method::Passkey, false, false);
        for (events, level, values) in [
            (vec![password.clone()], Acr::One, vec!["pwd"]),
            (vec![password.clone(), code.clone()], Acr::Two, vec!["pwd", "otp", "mfa"]),
            (vec![synced], Acr::PhishingResistant, vec!["swk", "user", "mfa"]),
            (vec![bound], Acr::PhishingResistantDevice, vec!["hwk", "user", "mfa"]),
            (vec![touch_only.clone()], Acr::One, vec!["hwk"]),
            (vec![recovery.clone()], Acr::One, vec![]),
            (vec![code.clone(), recovery.clone()], Acr::One, vec!["otp"]),
            (vec![touch_only.clone(), recovery.clone()], Acr::One, vec!["hwk"]),
            (vec![password.clone(), recovery], Acr::Two, vec!["pwd", "mfa"]),
            (vec![password, touch_only], Acr::Two, vec!["pwd", "hwk", "mfa"]),
        ] {
            assert_eq!((acr(&events), amr(&events)), (level, values), "{events:?}");
        }
    }
}
