//! Words people type about themselves and their things: parsed at the edge, trusted inside.

mod joiners;
mod likeness;

pub use likeness::name_as_read;
use unicode_normalization::UnicodeNormalization;

/// Why a typed text was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Empty,
    /// More characters than the field takes.
    #[error("it is too long")]
    TooLong,
    /// A control, line-break, direction-changing or invisible character where no script needs it (LG-07, CVE-104).
    #[error("the character {} cannot be seen there, or changes how a line is read", code_point(*.0))]
    Forbidden(char),
    /// A letter of another alphabet than those beside it (OA-111, CVE-104).
    #[error("the letter {letter} ({code}) is from a different alphabet than the letters next to it", letter = .0, code = code_point(*.0))]
    Borrowed(char),
    /// Not of the form the field needs.
    #[error("it is not of the form it needs")]
    Malformed,
}

/// A character as standards name it: `U+200B`.
pub fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// What a text is for, which decides what may stand in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// People know someone or something by it: invisible is only what its script or an emoji needs, and no word borrows
    /// letters.
    Name,
    /// It is typed to reach someone: nothing in it may be invisible.
    Address,
    /// People read it as a sentence, or it is their own note: what joins letters and pictures may stand anywhere in it.
    Prose,
}

/// Trims, composes (NFC) and refuses characters that could forge a line of a log, mail or page, or another name.
fn clean(typed: &str, most: usize, use_of_it: Use) -> Result<String, TextProblem> {
    let text: String = typed.trim().nfc().collect();
    if text.is_empty() {
        return Err(TextProblem::Empty);
    }
    if text.chars().count() > most {
        return Err(TextProblem::TooLong);
    }
    if let Some((_, c)) = text.char_indices().find(|(at, c)| is_forbidden(*c) && !may_stand(&text, *at, *c, use_of_it)) {
        return Err(TextProblem::Forbidden(c));
    }
    if use_of_it == Use::Name
        && let Some(c) = text.split(|c: char| !c.is_alphabetic()).find_map(likeness::borrowed)
    {
        return Err(TextProblem::Borrowed(c));
    }
    Ok(text)
}

/// Whether an invisible character at a byte of the text is of use there.
fn may_stand(text: &str, at: usize, c: char, use_of_it: Use) -> bool {
    match use_of_it {
        Use::Address => false,
        Use::Prose => matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}'),
        Use::Name => {
            let (before, rest) = text.split_at(at);
            joiners::belongs(c, before, rest.get(c.len_utf8()..).unwrap_or_default())
        }
    }
}

/// Controls, line and paragraph separators, bidi controls, annotations, and all that Unicode lets a reader not see
/// (`Default_Ignorable_Code_Point`), with the blank of Braille.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $most:expr, $use:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Parses what was typed.
            pub fn parse(typed: &str) -> Result<Self, TextProblem> {
                clean(typed, $most, $use).map(Self)
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
    DisplayName, 100, Use::Name
}
text! {
    /// What a person calls a passkey or an authenticator, at most 60 characters (WA-44).
    DeviceName, 60, Use::Prose
}
text! {
    /// A name for an application, at most 60 characters.
    ClientName, 60, Use::Name
}
text! {
    /// What a group of people is called, at most 60 characters.
    GroupName, 60, Use::Name
}
text! {
    /// Why an administrator did something, at most 300 characters.
    Reason, 300, Use::Prose
}
text! {
    /// What people read about an application that is switched off, at most 300 characters.
    Announcement, 300, Use::Prose
}

/// An email address as written: one `@`, something on both sides, no spaces (CVE-86, CVE-133).
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Parses what was typed; at most 254 characters (RFC 5321).
    pub fn parse(typed: &str) -> Result<Self, TextProblem> {
        let text = clean(typed, 254, Use::Address)?;
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
        let text = clean(typed, 64, Use::Name)?;
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
        assert_eq!(DisplayName::parse("Ana\nExample").unwrap_err(), TextProblem::Forbidden('\n'));
        assert_eq!(DisplayName::parse("Ana\u{202e}elpmaxE").unwrap_err(), TextProblem::Forbidden('\u{202e}'));
        assert_eq!(DisplayName::parse(" ").unwrap_err(), TextProblem::Empty);
        assert_eq!(DisplayName::parse(&"x".repeat(101)).unwrap_err(), TextProblem::TooLong);
        assert_eq!(DisplayName::parse("  Ana Example ").unwrap().as_str(), "Ana Example");
    }

    #[test]
    fn names_hide_nothing_and_borrow_no_letters() {
        // CVE-104, LG-07, OA-111
        for hidden in ["\u{61c}", "\u{ad}", "\u{200c}", "\u{200d}", "\u{180e}", "\u{fe0f}", "\u{e0061}", "\u{34f}", "\u{3164}", "\u{2800}"]
        {
            let named = |problem| matches!(problem, TextProblem::Forbidden(c) if hidden.contains(c));
            assert!(ClientName::parse(&format!("Gra{hidden}fana")).is_err_and(named), "{hidden:?}");
            assert!(GroupName::parse(&format!("Board{hidden}")).is_err_and(named), "{hidden:?}");
            assert!(!one_line(&format!("a{hidden}b"), 9).contains(hidden));
        }
        for (borrowed, letter) in [("Fіnance", 'і'), ("Βoard", 'Β'), ("Team Раyroll", 'Р')] {
            assert_eq!(GroupName::parse(borrowed).unwrap_err(), TextProblem::Borrowed(letter), "{borrowed}");
        }
        for fine in ["Финансы", "Διοίκηση", "Team Финансы", "Łódź", "経理部", "Ελλάδα 2"] {
            assert_eq!(GroupName::parse(fine).unwrap().as_str(), fine);
        }
        assert_eq!(Reason::parse("Birthday \u{2764}\u{fe0f}").unwrap().as_str(), "Birthday \u{2764}\u{fe0f}");
        assert_eq!(Reason::parse("a\u{202e}b").unwrap_err(), TextProblem::Forbidden('\u{202e}'));
    }

    #[test]
    fn names_that_look_alike_are_one() {
        // CVE-104, OA-111
        for (one, other) in [
            ("Finance", "FINANCE"),
            ("Finance", "Ｆinance"),
            ("Night shift", "Night\u{a0} shift"),
            ("Straße", "STRASSE"),
            ("COMTE", "СОМТЕ"),
            ("Pay", "Рау"),
            ("Wiki", "Wi\u{200d}ki"),
            ("ශ්\u{200d}රී", "ශ්රී"),
            ("Ana \u{2764}\u{fe0f}", "Ana \u{2764}"),
            ("Тест", "тест"),
        ] {
            assert_eq!(name_as_read(one), name_as_read(other), "{one} {other}");
        }
        for (one, other) in [("Mail", "Mali"), ("Modern", "Modem"), ("Team 1", "Team I"), ("Łódź", "Lodz")] {
            assert_ne!(name_as_read(one), name_as_read(other), "{one} {other}");
        }
    }

    #[test]
    fn names_are_taken_as_people_write_them() {
        // RFC 5892, A.1 and A.2; UTS 51
        for name in [
            "ශ්\u{200d}රී ලංකා",
            "Ana \u{2764}\u{fe0f}",
            "नवी\u{0928}\u{094d}\u{200d}द्र",
            "র\u{200d}\u{09cd}যাচেল",
            "علی\u{200c}رضا",
            "می\u{200c}خواهم",
            "葛\u{e0100}城",
            "\u{1f469}\u{1f3fd}\u{200d}\u{1f4bb} Ana",
            "\u{1f3f3}\u{fe0f}\u{200d}\u{1f308}",
            "1\u{fe0f}\u{20e3}",
            "ᠮᠣ\u{180b}ᠩ",
        ] {
            assert_eq!(DisplayName::parse(name).map(|name| name.as_str().to_owned()), Ok(name.nfc().collect()), "{name}");
            assert!(GroupName::parse(name).is_ok() && ClientName::parse(name).is_ok(), "{name}");
        }
        for (name, c) in [
            ("An\u{200d}a", '\u{200d}'),
            ("An\u{200c}a", '\u{200c}'),
            ("\u{200d}Ana", '\u{200d}'),
            ("Ana 1\u{fe0f}", '\u{fe0f}'),
            ("Ana\u{fe0f}", '\u{fe0f}'),
            ("\u{2764}\u{200d}a", '\u{200d}'),
            ("علی\u{200c} رضا", '\u{200c}'),
            ("Ana\u{e0100}", '\u{e0100}'),
            ("葛\u{e0100}\u{e0101}", '\u{e0101}'),
            ("Ana\u{200b}", '\u{200b}'),
        ] {
            let problem = DisplayName::parse(name).unwrap_err();
            assert_eq!(problem, TextProblem::Forbidden(c), "{name:?}");
            assert!(problem.to_string().contains(&code_point(c)));
        }
        assert!(Username::parse("ශ්\u{200d}රී").is_err() && EmailAddress::parse("ශ්\u{200d}රී@a.example").is_err());
    }
}
