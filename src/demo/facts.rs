//! What was received, as lists to be read: one line for each claim, in the order in which people ask.

use serde_json::{Map, Value};

use super::view::{Fact, LedgerEntry};
use crate::kernel::time::Timestamp;
use crate::platform::render::Text;

/// The order in which claims are shown; what is not named here follows in the order of the alphabet.
const ORDER: &[&str] = &[
    "name",
    "preferred_username",
    "email",
    "email_verified",
    "updated_at",
    "sub",
    "iss",
    "aud",
    "azp",
    "auth_time",
    "amr",
    "acr",
    "iat",
    "exp",
    "nonce",
    "at_hash",
    "sid",
];

/// The claims whose value is an instant in seconds.
const INSTANTS: &[&str] = &["exp", "iat", "nbf", "auth_time", "updated_at"];

/// The lines for a set of claims.
pub(super) fn facts(claims: &Map<String, Value>) -> Vec<Fact> {
    let place = |claim: &str| ORDER.iter().position(|known| *known == claim).unwrap_or(ORDER.len());
    let mut names: Vec<&String> = claims.keys().collect();
    names.sort_by_key(|claim| (place(claim), (*claim).clone()));
    names.into_iter().filter_map(|claim| claims.get(claim).map(|value| fact(claim, value))).collect()
}

fn fact(claim: &str, value: &Value) -> Fact {
    let at = value.as_i64().filter(|_| INSTANTS.contains(&claim)).map(Timestamp::from_seconds);
    let words = match (claim, value) {
        ("amr", Value::Array(methods)) => methods.iter().filter_map(|method| method_words(method.as_str()?)).map(Text::new).collect(),
        _ => Vec::new(),
    };
    Fact { at, words, ..Fact::new(claim, plain(value)) }
}

/// A value without the quotes and brackets of JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// The key of the plain words for a method of RFC 8176.
fn method_words(method: &str) -> Option<&'static str> {
    let key = match method {
        "pwd" => "demo-amr-pwd",
        "otp" => "demo-amr-otp",
        "hwk" => "demo-amr-hwk",
        "swk" => "demo-amr-swk",
        "user" => "demo-amr-user",
        "mfa" => "demo-amr-mfa",
        _ => return None,
    };
    Some(key)
}

/// Reads the header in which the service names a ledger entry: its id, a space, its time (RFC 3339).
pub(super) fn ledger_entry(header: &str, what: &'static str) -> Option<LedgerEntry> {
    let (id, at) = header.trim().split_once(' ')?;
    let proper = !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let at = chrono::DateTime::parse_from_rfc3339(at.trim()).ok()?;
    proper.then(|| LedgerEntry { id: id.to_owned(), at: Timestamp::from_micros(at.timestamp_micros()), what: Text::new(what) })
}

/// The claims inside a token in compact form. Anyone who calls this has verified the token.
pub(super) fn claims_of(token: &str) -> Option<Map<String, Value>> {
    let payload = token.split('.').nth(1)?;
    let json = data_encoding::BASE64URL_NOPAD.decode(payload.as_bytes()).ok()?;
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn claims_are_lines_in_a_readable_order() {
        let Value::Object(claims) = json!({
            "zeta": {"a": 1}, "sub": "s1", "exp": 1_777_817_820, "amr": ["hwk", "user", "odd"], "email_verified": false, "name": "Ana"
        }) else {
            unreachable!()
        };
        let facts = facts(&claims);
        let names: Vec<&str> = facts.iter().map(|fact| fact.claim.as_str()).collect();
        assert_eq!(names, ["name", "email_verified", "sub", "amr", "exp", "zeta"]);
        let values: Vec<&str> = facts.iter().map(|fact| fact.value.as_str()).collect();
        assert_eq!(values, ["Ana", "false", "s1", "hwk, user, odd", "1777817820", r#"{"a":1}"#]);
        assert_eq!(facts[4].at, Some(Timestamp::from_seconds(1_777_817_820)));
        assert_eq!(facts[3].words, [Text::new("demo-amr-hwk"), Text::new("demo-amr-user")]);
    }

    #[test]
    fn the_ledger_entry_is_read_from_its_header() {
        let entry = ledger_entry("0199c2a4-7b1e-7c3a-9a51-2f6f0c9d1e44 2026-05-03T14:12:05Z", "demo-ledger-token").unwrap();
        assert_eq!(entry.id, "0199c2a4-7b1e-7c3a-9a51-2f6f0c9d1e44");
        assert_eq!(entry.at.to_string(), "2026-05-03T14:12:05Z");
        for bad in ["", "id", "id yesterday", "<b> 2026-05-03T14:12:05Z", " 2026-05-03T14:12:05Z"] {
            assert!(ledger_entry(bad, "demo-ledger-token").is_none(), "{bad}");
        }
    }

    #[test]
    fn claims_come_out_of_a_token() {
        let payload = data_encoding::BASE64URL_NOPAD.encode(br#"{"sub":"s1"}"#);
        assert_eq!(claims_of(&format!("h.{payload}.s")).unwrap()["sub"], "s1");
        assert!(claims_of("nothing").is_none() && claims_of("a.!.c").is_none());
    }
}
