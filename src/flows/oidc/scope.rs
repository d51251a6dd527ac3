//! Scopes: which there are, and what a request gets of them.

/// The scopes we know.
pub(super) const KNOWN: [&str; 3] = ["openid", "profile", "email"];

/// What a request gets: what it asks for, as far as we know it and the application may ask for it (OA-20).
pub(super) fn granted(asked: &[String], registered: &[String]) -> Vec<String> {
    asked.iter().filter(|scope| KNOWN.contains(&scope.as_str()) && registered.contains(scope)).cloned().collect()
}
