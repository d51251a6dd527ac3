//! `/token`: every way a code or an application can be wrong, and what an honest one gets.

mod client_auth;
mod codes;
mod pkce;
mod requests;
mod tokens;

use crate::support::http::Answer;

type Fields = Vec<(String, String)>;

/// The same fields with one changed, or left out.
fn with(fields: &Fields, name: &str, value: Option<&str>) -> Fields {
    let mut fields: Fields = fields.iter().filter(|(known, _)| known != name).cloned().collect();
    fields.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    fields
}

/// An error as every one must be (OA-37, OA-48, WB-08).
#[track_caller]
fn is_error(answer: &Answer, status: u16, error: &str) {
    assert_eq!((answer.status, answer.json()["error"].as_str()), (status, Some(error)), "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.header("content-type").unwrap().starts_with("application/json"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(answer.header("access-control-allow-credentials").is_none());
    assert!(answer.json().get("access_token").is_none() && answer.json().get("id_token").is_none());
}

/// The sentence of an error, in the characters RFC 6749 section 5.2 allows.
#[track_caller]
fn described(answer: &Answer) -> String {
    let text = answer.json()["error_description"].as_str().unwrap_or_default().to_owned();
    assert!(!text.is_empty() && text.bytes().all(|b| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\')), "{text:?}");
    text
}
