//! A password as typed, held so that it cannot be printed.

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

/// The longest password we hash, in bytes after normalisation; longer is refused, never cut (PW-02).
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// A password in Unicode form NFC (PW-03). Prints as `[REDACTED]`.
#[derive(Clone, Debug)]
pub struct Password(SecretString);

impl Password {
    /// Takes what was typed. `None` when it is empty or longer than [`MAX_PASSWORD_BYTES`].
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.is_empty() || typed.len() > MAX_PASSWORD_BYTES * 4 {
            return None;
        }
        let normal: String = typed.nfc().collect();
        (normal.len() <= MAX_PASSWORD_BYTES).then(|| Self(normal.into()))
    }
    /// The normalised text, for hashing and for the rules.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
    /// Length in code points, as NIST counts it (PW-03).
    pub fn length(&self) -> usize {
        self.expose().chars().count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_an_accent_are_one_password() {
        // PW-03
        let composed = Password::parse("caf\u{e9} au lait").unwrap();
        let decomposed = Password::parse("cafe\u{301} au lait").unwrap();
        assert_eq!(composed.expose(), decomposed.expose());
        assert_eq!(composed.length(), 12);
    }

    #[test]
    fn too_long_is_refused_and_not_cut() {
        // PW-02
        assert!(Password::parse(&"a".repeat(1024)).is_some());
        assert!(Password::parse(&"a".repeat(1025)).is_none());
        assert!(Password::parse("").is_none());
    }

    #[test]
    fn a_password_prints_nothing() {
        // LG-06
        let secret = Password::parse("hunter2hunter2").unwrap();
        assert!(!format!("{secret:?}").contains("hunter2"));
    }
}
