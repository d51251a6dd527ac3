//! A code as people type it.

use secrecy::{ExposeSecret, SecretString};

/// Six digits. Prints as `[REDACTED]`.
#[derive(Clone, Debug)]
pub struct TotpCode(SecretString);

impl TotpCode {
    /// Takes what was typed: spaces and hyphens are dropped, digits of other scripts read as digits (OT-06).
    /// `None` for anything but six digits.
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.len() > 200 {
            return None;
        }
        let digits: Option<String> = typed
            .chars()
            .filter(|c| {
                !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}')
            })
            .map(ascii_digit)
            .collect();
        digits.filter(|digits| digits.len() == 6).map(|digits| Self(digits.into()))
    }
    /// The digits.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// ASCII, Arabic-Indic, extended Arabic-Indic, Devanagari, Bengali and full-width digits.
fn ascii_digit(c: char) -> Option<char> {
    let zeros = ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{ff10}'];
    zeros.into_iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(zero)).filter(|value| *value < 10)?;
        char::from_digit(value, 10)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_and_scripts_write_it() {
        // OT-06, CVE-29
        for typed in ["012345", " 012 345 ", "012-345", "٠١٢٣٤٥", "०१२३४५", "０１２３４５", "\u{2066}012345\u{2069}"]
        {
            assert_eq!(TotpCode::parse(typed).unwrap().expose(), "012345", "{typed}");
        }
        for bad in ["", "12345", "1234567", "12345x", "½23456", "123 456 7", "-12345", "①②③④⑤⑥"] {
            assert!(TotpCode::parse(bad).is_none(), "{bad}");
        }
    }
}
