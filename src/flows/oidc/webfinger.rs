//! WebFinger for issuer discovery (RFC 7033, OpenID Connect Discovery section 2). Every well-formed resource gets the same
//! answer, so that nobody learns from it who has an account; and any domain, because a domain may forward its requests here.

use serde_json::{Value, json};
use url::Url;

/// The relation by which clients ask for the issuer.
const ISSUER: &str = "http://openid.net/specs/connect/1.0/issuer";
/// The longest resource that is answered, in bytes; it comes back in the answer.
const LONGEST: usize = 1024;

/// The descriptor for a query; `None` when `resource` is missing, twice there, or no URI (RFC 7033 section 4.2).
pub fn descriptor(issuer: &str, query: &[u8]) -> Option<Value> {
    let of = |wanted: &'static str| form_urlencoded::parse(query).filter(move |(name, _)| name == wanted).map(|(_, value)| value);
    let (resource, second) = (of("resource").next()?, of("resource").nth(1));
    if second.is_some() || resource.len() > LONGEST || Url::parse(&resource).is_err() {
        return None;
    }
    // Without `rel` all links are meant; there is one.
    let wanted = of("rel").next().is_none() || of("rel").any(|rel| rel == ISSUER);
    let links = if wanted { vec![json!({ "rel": ISSUER, "href": issuer })] } else { Vec::new() };
    Some(json!({ "subject": resource, "links": links }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: &str = "https://auth.example.org";

    #[test]
    fn the_issuer_is_the_one_link_and_the_same_for_every_account() {
        for query in [
            "resource=acct%3Aana%40example.org",
            "resource=acct:nobody@example.org&rel=http%3A%2F%2Fopenid.net%2Fspecs%2Fconnect%2F1.0%2Fissuer",
        ] {
            let answer = descriptor(US, query.as_bytes()).unwrap();
            assert_eq!(answer["links"], json!([{ "rel": ISSUER, "href": US }]), "{query}");
        }
        let subject = &descriptor(US, b"resource=acct%3Aana%40example.org").unwrap()["subject"];
        assert_eq!(subject, "acct:ana@example.org");
        let other = descriptor(US, b"resource=acct:a@b&rel=http%3A%2F%2Fwebfinger.net%2Frel%2Favatar").unwrap();
        assert_eq!(other["links"], json!([]));
    }

    #[test]
    fn a_resource_is_one_uri() {
        let long = format!("resource=acct:{}@b", "a".repeat(2000));
        for query in ["", "resource=", "resource=ana", "rel=x", "resource=acct:a@b&resource=acct:c@d", &long] {
            assert!(descriptor(US, query.as_bytes()).is_none(), "{query}");
        }
    }
}
