//! What a new password must be: long enough, not on the list of common ones, not made of the person's or the
//! service's name (PW-01, PW-05). No rules about kinds of characters (PW-04).

use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;

use crate::kernel::secret::Password;

/// Why a new password was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
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

/// The list as it was published (`data/README.md`): packed, and read through for each new password, which takes some
/// twenty milliseconds; unpacked it would rest in memory for good.
static COMMON: &[u8] = include_bytes!("data/passwords.txt.gz");

/// Checks a new password. `context` are words close to the person and the service: names, addresses, hosts.
pub fn check(password: &Password, context: &[&str], minimum: usize) -> Result<(), PasswordProblem> {
    if password.length() < minimum {
        return Err(PasswordProblem::TooShort { minimum });
    }
    let folded = caseless::default_case_fold_str(password.expose());
    if is_a_run(&folded) || is_listed(&[&folded, once(&folded)]) {
        return Err(PasswordProblem::Common);
    }
    let bare = bare(&folded);
    if context.iter().flat_map(|text| words(text)).any(|word| bare == word || bare == word.repeat(2)) {
        return Err(PasswordProblem::Context);
    }
    Ok(())
}

/// The shorter text that a text is a repetition of: a common password typed twice is one typed first, too.
fn once(text: &str) -> &str {
    let parts = (1..=text.len() / 2).filter(|length| text.len().is_multiple_of(*length));
    parts.filter_map(|length| text.get(..length)).find(|part| part.repeat(text.len() / part.len()) == text).unwrap_or(text)
}

/// The same character over and over, or an alphabet or digits counted up or down, from nine on with zero.
fn is_a_run(text: &str) -> bool {
    let follows = |by: i64| {
        let mut pairs = text.chars().zip(text.chars().skip(1));
        pairs.all(|(a, b)| match (a.to_digit(10), b.to_digit(10)) {
            (Some(a), Some(b)) => (i64::from(a) + by).rem_euclid(10) == i64::from(b),
            _ => i64::from(u32::from(a)) + by == i64::from(u32::from(b)),
        })
    };
    [-1, 0, 1].into_iter().any(follows)
}

/// Whether one of these is on the list, in whatever case.
fn is_listed(wanted: &[&str]) -> bool {
    let mut list = BufReader::new(GzDecoder::new(COMMON));
    let mut line = Vec::new();
    while list.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let common = line.trim_ascii_end();
        if wanted.iter().any(|text| common.eq_ignore_ascii_case(text.as_bytes())) {
            return true;
        }
        line.clear();
    }
    false
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
    // Initials and the like are in too many words to mean anything.
    words.retain(|word| word.chars().count() >= 3);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str, minimum: usize) -> Result<(), PasswordProblem> {
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
        assert_eq!(verdict("short", 12), Err(PasswordProblem::TooShort { minimum: 12 }));
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        // PW-05
        let listed = ["password", "PASSWORD", "iloveyou", "q1w2e3r4t5y6", "Password1234", "administrator", "qwertyuiop123"];
        let twice = ["passwordpassword", "dragonDRAGONdragon", "abc123abc123", "letmein1letmein1"];
        let runs = ["aaaaaaaaaaaaaaaa", "1234567890123456", "0123456789012", "9876543210987", "abcdefghijklmn", "zyxwvutsrqpo"];
        for common in listed.iter().chain(&twice).chain(&runs) {
            assert_eq!(verdict(common, 8), Err(PasswordProblem::Common), "{common}");
        }
        for close in ["anaexample", "Example2026!", "Vouchsafe123", "vouchsafevouchsafe", "ana.example@acme.example", "ana-20261123"] {
            assert_eq!(verdict(close, 8), Err(PasswordProblem::Context), "{close}");
        }
    }

    #[test]
    fn the_list_is_whole_and_long_enough_for_our_shortest_password() {
        // PW-05, PW-06: at least 3000 that the rules would otherwise accept; to its last line.
        let text = std::io::read_to_string(GzDecoder::new(COMMON)).unwrap();
        assert_eq!(text.lines().count(), 437_652);
        assert!(text.lines().filter(|line| line.chars().count() >= 15).count() > 1_000);
        assert!(text.lines().filter(|line| line.chars().count() >= 12).count() > 3_000);
        assert!(is_listed(&[text.lines().last().unwrap()]) && !is_listed(&["not on any list", "also not"]));
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
