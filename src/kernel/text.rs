//! Words people type about themselves and their things: parsed at the edge, trusted inside.

use unicode_normalization::UnicodeNormalization;

/// Why a typed text was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextProblem {
    /// Nothing was typed.
    Empty,
    /// More characters than the field takes.
    TooLong,
    /// A control, line-break or direction-changing character (LG-07, OA-111).
    Forbidden,
    /// Not of the form the field needs.
    Malformed,
}

/// Trims, composes (NFC) and refuses characters that could forge a line of a log, mail or page.
fn clean(typed: &str, most: usize) -> Result<String, TextProblem> {
    let text: String = typed.trim().nfc().collect();
    if text.is_empty() {
        return Err(TextProblem::Empty);
    }
    if text.chars().count() > most {
        return Err(TextProblem::TooLong);
    }
    if text.chars().any(is_forbidden) {
        return Err(TextProblem::Forbidden);
    }
    Ok(text)
}

/// Controls, line and paragraph separators, bidi controls and invisible format characters.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $most:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Parses what was typed.
            pub fn parse(typed: &str) -> Result<Self, TextProblem> {
                clean(typed, $most).map(Self)
            }
            /// The text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "([REDACTED])"))
            }
        }
    };
}

text! {
    /// A person's name as they write it, at most 100 characters.
    DisplayName, 100
}
text! {
    /// What a person calls a passkey or an authenticator, at most 60 characters (WA-44).
    DeviceName, 60
}
text! {
    /// A name for an application, at most 60 characters.
    ClientName, 60
}
text! {
    /// What a group of people is called, at most 60 characters.
    GroupName, 60
}
text! {
    /// Why an administrator did something, at most 300 characters.
    Reason, 300
}
text! {
    /// What people read about an application that is switched off, at most 300 characters.
    Announcement, 300
}

/// An e-mail address as written: one `@`, something on both sides, no spaces (CVE-86, CVE-133).
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Parses what was typed; at most 254 characters (RFC 5321).
    pub fn parse(typed: &str) -> Result<Self, TextProblem> {
        let text = clean(typed, 254)?;
        let (local, host) = text.split_once('@').ok_or(TextProblem::Malformed)?;
        let host_ok = !host.is_empty()
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains("..")
            && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
        let local_ok = !local.is_empty()
            && local.chars().count() <= 64
            && local
                .chars()
                .all(|c| !c.is_whitespace() && !matches!(c, '"' | '<' | '>' | '(' | ')' | ',' | ';' | ':' | '\\' | '[' | ']' | '@'));
        if host_ok && local_ok { Ok(Self(text)) } else { Err(TextProblem::Malformed) }
    }
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EmailAddress([REDACTED])")
    }
}

/// A short name to sign in with: 2 to 64 letters, digits, `.`, `-` or `_`; never an address (EN-13).
#[derive(Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Parses what was typed.
    pub fn parse(typed: &str) -> Result<Self, TextProblem> {
        let text = clean(typed, 64)?;
        let ok = text.chars().count() >= 2 && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
        if ok { Ok(Self(text)) } else { Err(TextProblem::Malformed) }
    }
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Username {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Username([REDACTED])")
    }
}

/// The form in which login names are compared: NFKC, case folded, trimmed, composed again (TH-03, EN-13).
/// User names and addresses share it. `None` when nothing is left or the input is absurdly long.
pub fn normalized_login_name(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.is_empty() || typed.len() > 1024 {
        return None;
    }
    let folded: String = caseless::default_case_fold_str(&typed.nfkc().collect::<String>()).nfkc().collect();
    let folded = folded.trim().to_owned();
    (!folded.is_empty()).then_some(folded)
}

/// Shows another party's name so that it cannot pass for ours: for host names, punycode stays punycode (CVE-104).
pub fn one_line(text: &str, most: usize) -> String {
    text.chars().filter(|c| !is_forbidden(*c)).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_compare_equal() {
        // TH-03
        let forms = ["Ana@Acme.Example", "  ana@acme.example ", "ＡＮＡ@acme.example", "ANA@ACME.EXAMPLE"];
        for form in forms {
            assert_eq!(normalized_login_name(form).as_deref(), Some("ana@acme.example"), "{form}");
        }
        assert_eq!(normalized_login_name("Straße"), normalized_login_name("STRASSE"));
        assert_eq!(normalized_login_name("  "), None);
    }

    #[test]
    fn addresses_with_tricks_are_refused() {
        // CVE-86, CVE-133
        for bad in ["", "a", "a@", "@b", "a@b@c", "a b@c.d", "a@b..c", "a@b\r\nBcc: x@y.z", "\"a\"@b.c", "a@.b", "<a@b.c>", "a@b.c\u{202e}"]
        {
            assert!(EmailAddress::parse(bad).is_err(), "{bad:?}");
        }
        for good in ["ana@acme.example", "a.b+c@x-y.example", "jörg@straße.example", "o'hara@acme.example", "root@localhost"] {
            assert!(EmailAddress::parse(good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn names_cannot_break_a_line() {
        // LG-07
        assert_eq!(DisplayName::parse("Ana\nExample").unwrap_err(), TextProblem::Forbidden);
        assert_eq!(DisplayName::parse("Ana\u{202e}elpmaxE").unwrap_err(), TextProblem::Forbidden);
        assert_eq!(DisplayName::parse(" ").unwrap_err(), TextProblem::Empty);
        assert_eq!(DisplayName::parse(&"x".repeat(101)).unwrap_err(), TextProblem::TooLong);
        assert_eq!(DisplayName::parse("  Ana Example ").unwrap().as_str(), "Ana Example");
    }
}
