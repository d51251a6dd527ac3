//! Addresses that can hold a password. They are read strictly: an address in which its readers (libpq, the Redis client, the
//! rules of the web) could find the password in different places is refused, so that no part of it is taken for a host name
//! and printed; and addresses are shown without it.

use url::Url;

/// The schemes whose addresses are understood.
const SCHEMES: [&str; 6] = ["postgres", "postgresql", "redis", "rediss", "smtp", "smtps"];

/// Instead of an address in which it is not certain where the password stands.
pub const HIDDEN: &str = "the value (hidden)";

/// How an address is to be spelt.
pub const SPELLING: &str =
    "it is not a complete address; in a username or password % is written as %25, @ as %40, : as %3A, / as %2F, ? as %3F and # as %23";

/// Reads an address of which all readers agree where its password ends.
pub fn parse(text: &str) -> Option<Url> {
    let (_, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let one_place = rest.matches('@').count() == authority.matches('@').count() && authority.matches('@').count() <= 1;
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '"' | '<' | '>' | '`'));
    if !one_place || !plain || !escapes_are_whole(text) {
        return None;
    }
    Url::parse(text).ok()
}

fn escapes_are_whole(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        let mut digits = after.bytes();
        [digits.next(), digits.next()].iter().all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit()))
    })
}

/// The address without its passwords.
pub fn masked(text: &str) -> String {
    let known = |url: &Url| url.fragment().is_none() && SCHEMES.contains(&url.scheme());
    let Some(mut url) = parse(text).filter(known) else { return HIDDEN.into() };
    if url.password().is_some() && url.set_password(Some("****")).is_err() {
        return HIDDEN.into();
    }
    if url.query_pairs().any(|(name, _)| name.to_ascii_lowercase().contains("pass")) {
        url.set_query(Some("(hidden)"));
    }
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// LG-06
    #[test]
    fn no_spelling_of_a_password_is_shown() {
        let passwords = [
            "hunter2",
            "hunt%er2",
            "hunter2%",
            "hunt@er2",
            "hunt/er2",
            "hunt?er2",
            "hunt#er2",
            "12/hunter2",
            "12#hunter2",
            "12?hunter2",
            "h:unter2",
            "hunt er2",
            "%41hunter2",
            "hunt%zzer2",
            "[hunter2",
            "\\hunter2",
            "hunt\ner2",
        ];
        let forms = [
            "ana:{}@db.example/v",
            ":{}@db.example/0",
            "ana:{}@db.example:5432/v?sslmode=prefer",
            "ana:{}@[::1]:1/v",
            "db.example/v?user=ana&password={}",
            "db.example/v?PassWord={}",
            "ana:{}@",
        ];
        for scheme in ["postgres", "postgresql", "redis", "rediss", "smtp", "smtps", "mysql"] {
            for text in passwords.iter().flat_map(|password| forms.map(|form| format!("{scheme}://{}", form.replace("{}", password)))) {
                let shown = masked(&text);
                assert!(["hunt", "unter2", "er2"].iter().all(|part| !shown.contains(part)), "{text:?} is shown as {shown}");
            }
        }
        for (text, shown) in [
            ("postgres://ana:hunter2@db.example/vouchsafe", "postgres://ana:****@db.example/vouchsafe"),
            ("redis://:hunter2@db.example:6380/3", "redis://:****@db.example:6380/3"),
            ("smtps://db.example", "smtps://db.example"),
            ("postgresql:///d?host=/run/pg", "postgresql:///d?host=/run/pg"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }
}
