//! What a new password must be: long enough, not on the list of common ones, not made of the person's or the
//! service's name (PW-01, PW-05). No rules about kinds of characters (PW-04).

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::kernel::secret::Password;

/// Why a new password was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Fewer characters than `minimum`.
    TooShort {
        /// The least there must be.
        minimum: usize,
    },
    /// On the list of passwords that are tried first.
    Common,
    /// A name or address of the person or the service, or hardly more.
    Context,
}

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| include_str!("data/common-passwords.txt").lines().collect());

/// Checks a new password. `context` are words close to the person and the service: names, addresses, hosts.
pub fn check(password: &Password, context: &[&str], minimum: usize) -> Result<(), Problem> {
    if password.length() < minimum {
        return Err(Problem::TooShort { minimum });
    }
    let folded = caseless::default_case_fold_str(password.expose());
    if COMMON.contains(once(&folded)) || is_one_repeated(&folded) {
        return Err(Problem::Common);
    }
    let bare = bare(&folded);
    if context.iter().flat_map(|text| words(text)).any(|word| bare == word || bare == word.repeat(2)) {
        return Err(Problem::Context);
    }
    Ok(())
}

/// The shorter text that a text is a repetition of: a common password typed twice is one typed first, too.
fn once(text: &str) -> &str {
    let parts = (1..=text.len() / 2).filter(|length| text.len().is_multiple_of(*length));
    parts.filter_map(|length| text.get(..length)).find(|part| part.repeat(text.len() / part.len()) == text).unwrap_or(text)
}

/// The same character over and over.
fn is_one_repeated(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    chars.all(|c| Some(c) == first)
}

/// Without the digits and signs people put before and behind a word.
fn bare(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphabetic()).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The forms of a context text that a password must not be: the whole, its parts, and an address without its host.
fn words(text: &str) -> Vec<String> {
    let folded = caseless::default_case_fold_str(text);
    let mut words: Vec<String> = folded.split(|c: char| !c.is_alphanumeric()).map(bare).collect();
    words.push(bare(&folded));
    words.extend(folded.split_once('@').map(|(local, _)| bare(local)));
    words.retain(|word| word.chars().count() >= 4);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str, minimum: usize) -> Result<(), Problem> {
        check(&Password::parse(text).unwrap(), &["Ana Example", "ana.example@acme.example", "Vouchsafe", "auth.acme.example"], minimum)
    }

    #[test]
    fn length_is_counted_in_characters() {
        // PW-01, PW-03
        for (text, minimum, ok) in [
            ("kzw brn", 8, false),
            ("kzw brnt", 8, true),
            ("kzw brnt kzw b", 15, false),
            ("kzw brnt kzw br", 15, true),
            ("éèàüöîêï", 8, true),
        ] {
            assert_eq!(verdict(text, minimum).is_ok(), ok, "{text}");
        }
        assert_eq!(verdict("short", 12), Err(Problem::TooShort { minimum: 12 }));
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        // PW-05
        for common in ["password", "PASSWORD", "iloveyou", "aaaaaaaaaaaaaaaa", "q1w2e3r4t5y6", "passwordpassword", "dragonDRAGONdragon"] {
            assert_eq!(verdict(common, 8), Err(Problem::Common), "{common}");
        }
        for close in ["anaexample", "Example2026!", "Vouchsafe123", "vouchsafevouchsafe", "ana.example@acme.example"] {
            assert_eq!(verdict(close, 8), Err(Problem::Context), "{close}");
        }
    }

    #[test]
    fn nothing_else_is_demanded() {
        // PW-04
        for fine in ["correct horse battery", "            spaces too", "lower-case-only", "пароль из пяти слов", "🦀🦀🐢🐢🦔🦔🐝🐝"]
        {
            assert_eq!(verdict(fine, 8), Ok(()), "{fine}");
        }
    }
}
