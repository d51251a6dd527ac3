//! A recovery code: eighty random bits as sixteen characters that are hard to confuse.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::kernel::Entropy;

/// Digits and capitals without I, L, O and U: 32 characters, five bits each.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS: usize = 16;
const GROUP: usize = 4;

/// A code: as made, or as typed and made regular. Prints nothing.
#[derive(Clone)]
pub struct RecoveryCode(SecretString);

impl RecoveryCode {
    /// A new one.
    pub fn make(entropy: &dyn Entropy) -> Self {
        let letters = entropy.bytes::<LETTERS>().map(|byte| ALPHABET.get(usize::from(byte % 32)).copied().map_or('0', char::from));
        Self(letters.iter().collect::<String>().into())
    }

    /// What someone typed: in any case, with or without spaces and hyphens of any kind, with an o for a zero and an
    /// i or l for a one. `None` when that is no code at all.
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.len() > 200 {
            return None;
        }
        let letters: Option<String> = typed
            .chars()
            .filter(|letter| {
                !letter.is_whitespace() && !matches!(letter, '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}')
            })
            .map(|letter| match letter.to_ascii_uppercase() {
                'O' => Some('0'),
                'I' | 'L' => Some('1'),
                other => u8::try_from(other).ok().filter(|byte| ALPHABET.contains(byte)).map(char::from),
            })
            .collect();
        letters.filter(|letters| letters.len() == LETTERS).map(|letters| Self(letters.into()))
    }

    /// Its characters, for hashing.
    pub fn secret(&self) -> &SecretString {
        &self.0
    }

    /// As people are shown it: `XXXX-XXXX-XXXX-XXXX`.
    pub fn grouped(&self) -> String {
        let letters = self.0.expose_secret();
        let groups: Vec<&str> = (0..LETTERS).step_by(GROUP).filter_map(|from| letters.get(from..from + GROUP)).collect();
        groups.join("-")
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code([REDACTED])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::crypto::OsEntropy;

    #[test]
    fn a_code_has_eighty_bits_and_its_look_alikes_are_forgiven() {
        // OT-10, RC-03
        let code = RecoveryCode::make(&OsEntropy);
        let shown = code.grouped();
        assert_eq!(shown.len(), 19);
        assert!(shown.split('-').all(|group| group.len() == 4));
        assert_eq!(RecoveryCode::parse(&shown).unwrap().grouped(), shown);
        let plain = RecoveryCode::parse("0123456789ABCDEF").unwrap();
        for typed in ["0123-4567-89ab-cdef", " o i 2 3 4567 89AB CDEF ", "OL23–4567—89AB-CDEF", "O123456789abcdef\n"] {
            assert_eq!(RecoveryCode::parse(typed).unwrap().grouped(), plain.grouped(), "{typed:?}");
        }
        for typed in ["", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEF-0", "0123-4567-89AB-CDEU", "0123-4567-89AB-CD\u{1d7d8}F"] {
            assert!(RecoveryCode::parse(typed).is_none(), "{typed:?}");
        }
        assert!(RecoveryCode::parse(&" ".repeat(1000)).is_none());
    }

    #[test]
    fn every_letter_comes_up_and_none_is_printed() {
        // LG-06
        let many: String = (0..500).map(|_| RecoveryCode::make(&OsEntropy).grouped()).collect();
        assert!(ALPHABET.iter().all(|letter| many.contains(char::from(*letter))));
        let code = RecoveryCode::make(&OsEntropy);
        assert!(!format!("{code:?}").contains(&code.grouped()[..4]));
    }
}
