//! What we sign, read by another library; what others sign or forge, refused.

use aws_lc_rs::hmac;
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{DecodingKey, Validation};

use super::*;

fn pair(algorithm: Algorithm) -> (SigningPair, String, Vec<Value>) {
    let (pair, pkcs8) = SigningPair::generate(algorithm).unwrap();
    let kid = pair.thumbprint();
    assert_eq!(SigningPair::from_pkcs8(algorithm, &pkcs8).unwrap().thumbprint(), kid);
    let published = vec![pair.public_jwk(&kid)];
    (pair, kid, published)
}

/// A token with any header, rightly signed.
fn signed(pair: &SigningPair, header: &str, claims: &str) -> String {
    let text = |part: &str| BASE64URL_NOPAD.encode(part.as_bytes());
    let body = format!("{}.{}", text(header), text(claims));
    let signature = pair.sign(body.as_bytes()).unwrap();
    format!("{body}.{}", BASE64URL_NOPAD.encode(&signature))
}

fn checks(algorithm: Algorithm, other: jsonwebtoken::Algorithm, width: usize) {
    let (pair, kid, published) = pair(algorithm);
    assert_eq!(pair.algorithm(), algorithm);
    assert_eq!(format!("{pair:?}"), format!("SigningPair({})", algorithm.as_str()));
    let [jwk] = published.as_slice() else { panic!("one key") };
    // OA-61
    let members: Vec<&str> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
    assert!(members.iter().all(|name| ["use", "alg", "kid", "kty", "crv", "x", "y", "n", "e"].contains(name)), "{members:?}");
    assert_eq!((&jwk["use"], &jwk["alg"], &jwk["kid"]), (&json!("sig"), &json!(algorithm.as_str()), &json!(kid)));
    let read: Jwk = serde_json::from_value(jwk.clone()).unwrap();
    assert_eq!(read.thumbprint(ThumbprintHash::SHA256).unwrap(), kid);
    // OA-60: another library reads it with nothing but the published key, and needs exp and aud as applications do
    let claims = json!({ "sub": "x", "aud": "app", "exp": 4_102_444_800_u64 });
    let token = pair.sign_jwt(&kid, "JWT", &claims).unwrap();
    let mut validation = Validation::new(other);
    validation.set_audience(&["app"]);
    let found = jsonwebtoken::decode::<Value>(&token, &DecodingKey::from_jwk(&read).unwrap(), &validation).unwrap();
    assert_eq!(found.claims, claims);
    assert_eq!((found.header.typ.as_deref(), found.header.kid.as_deref()), (Some("JWT"), Some(kid.as_str())));
    let signature = BASE64URL_NOPAD.decode(token.rsplit('.').next().unwrap().as_bytes()).unwrap();
    assert_eq!(signature.len(), width);
    assert_eq!(verify_own(&token, &published, "JWT").unwrap(), claims);
    forgeries(&pair, &kid, &published, &token);
}

/// Everything a token of ours can be turned into without the key.
fn forgeries(pair: &SigningPair, kid: &str, published: &[Value], token: &str) {
    let refused = |forged: &str| assert!(verify_own(forged, published, "JWT").is_none(), "{forged}");
    let [head, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let alg = pair.algorithm().as_str();
    // TK-01: cut at every length, longer, every part of the signature touched
    for length in 0..token.len() {
        refused(&token[..length]);
    }
    for more in ["A", "=", ".", ".A", " ", "\n", "AAAA"] {
        refused(&format!("{token}{more}"));
    }
    let raw = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    for place in 0..raw.len() {
        let mut touched = raw.clone();
        touched[place] ^= 1;
        refused(&format!("{head}.{claims}.{}", BASE64URL_NOPAD.encode(&touched)));
    }
    refused(&format!("{head}.{claims}.{}", BASE64URL_NOPAD.encode(&vec![0; raw.len()])));
    refused(&format!("{head}.{}.{signature}", part(&json!({ "sub": "y" }))));
    // TK-01: other names of alg, with our signature and with none
    for other in ["none", "nOnE", "NONE", "", "HS256", "RS512", "ES384", "rs256", "es256", "eddsa", "PS256"] {
        let header = json!({ "alg": other, "typ": "JWT", "kid": kid });
        refused(&format!("{}.{claims}.", part(&header)));
        refused(&format!("{}.{claims}.{signature}", part(&header)));
        refused(&signed(pair, &header.to_string(), r#"{"sub":"x"}"#));
    }
    // CVE-84: HS256 with what everybody knows as the secret
    let public = published[0].clone();
    let number = |name: &str| public.get(name).and_then(Value::as_str).map(|text| BASE64URL_NOPAD.decode(text.as_bytes()).unwrap());
    for secret in [Some(public.to_string().into_bytes()), number("n"), number("x"), Some(kid.as_bytes().to_vec()), Some(vec![])] {
        let Some(secret) = secret else { continue };
        for named in ["HS256", alg] {
            let body = format!("{}.{claims}", part(&json!({ "alg": named, "typ": "JWT", "kid": kid })));
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), body.as_bytes());
            refused(&format!("{body}.{}", BASE64URL_NOPAD.encode(tag.as_ref())));
        }
    }
    // TK-04, TK-06: rightly signed, yet not what was asked for or not understood
    for header in [
        format!(r#"{{"alg":"{alg}","typ":"logout+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"{alg}","typ":"jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"{alg}","typ":["JWT"],"kid":"{kid}"}}"#),
        format!(r#"{{"alg":"{alg}","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#),
        format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"../../{kid}"}}"#),
        format!(r#"{{"alg":"{alg}","typ":"JWT","kid":{{"x":1}}}}"#),
        format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}","crit":["exp"]}}"#),
        format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}","crit":[]}}"#),
        format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}","crit":null}}"#),
        format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}","b64":false}}"#),
        format!(r#"{{"alg":"none","alg":"{alg}","typ":"JWT","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"{alg}","typ":"at+jwt","typ":"JWT","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}","zip":"DEF"}}"#),
        format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}","enc":"A256GCM"}}"#),
        format!(r#"["{alg}"]"#),
        "null".into(),
        String::new(),
    ] {
        refused(&signed(pair, &header, r#"{"sub":"x"}"#));
    }
    for claims in ["", "null", "[]", "\"x\"", "{", r#"{"sub":"x"}{}"#] {
        refused(&signed(pair, &json!({ "alg": alg, "typ": "JWT", "kid": kid }).to_string(), claims));
    }
    // TK-06: huge
    let huge = json!({ "sub": "x".repeat(LONGEST) });
    refused(&pair.sign_jwt(kid, "JWT", &huge).unwrap());
    // No key, and a key of another algorithm under the same name
    assert!(verify_own(token, &[], "JWT").is_none());
    for other in Algorithm::ALL.into_iter().filter(|other| *other != pair.algorithm()) {
        let mut renamed = published[0].clone();
        renamed["alg"] = json!(other.as_str());
        assert!(verify_own(token, &[renamed], "JWT").is_none(), "{}", other.as_str());
    }
}

#[test]
fn rs256_is_read_by_others_and_cannot_be_forged() {
    // OA-60, OA-61, CR-03, TK-01, TK-06: 3072 bits
    checks(Algorithm::Rs256, jsonwebtoken::Algorithm::RS256, 384);
}

#[test]
fn es256_is_read_by_others_and_cannot_be_forged() {
    // OA-60, OA-61, TK-01, TK-06
    checks(Algorithm::Es256, jsonwebtoken::Algorithm::ES256, 64);
}

#[test]
fn eddsa_is_read_by_others_and_cannot_be_forged() {
    // OA-60, OA-61, TK-01, TK-06
    checks(Algorithm::EdDsa, jsonwebtoken::Algorithm::EdDSA, 64);
}

#[test]
fn keys_in_the_header_are_not_looked_at() {
    // TK-02, CVE-83
    let (_, kid, published) = pair(Algorithm::Es256);
    let (theirs, their_kid, their_keys) = pair(Algorithm::Es256);
    let [their_jwk] = their_keys.as_slice() else { panic!("one key") };
    for named in [&kid, &their_kid] {
        for extra in [
            json!({}),
            json!({ "jwk": their_jwk }),
            json!({ "jku": "https://evil.example/keys" }),
            json!({ "x5u": "https://evil.example/chain" }),
            json!({ "x5c": ["MIIB"] }),
        ] {
            let mut header = json!({ "alg": "ES256", "typ": "JWT", "kid": named });
            header.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            let forged = signed(&theirs, &header.to_string(), r#"{"sub":"x"}"#);
            assert!(verify_own(&forged, &published, "JWT").is_none(), "{header}");
        }
    }
}

#[test]
fn the_key_is_found_by_its_name_among_several() {
    // OA-61, TK-02: after a rotation the old key is still published
    let (old, old_kid, old_keys) = pair(Algorithm::Es256);
    let (new, new_kid, new_keys) = pair(Algorithm::EdDsa);
    assert_ne!(old_kid, new_kid);
    let published = [new_keys, old_keys].concat();
    let claims = json!({ "sub": "x" });
    for (pair, kid, other) in [(&old, &old_kid, &new_kid), (&new, &new_kid, &old_kid)] {
        assert_eq!(verify_own(&pair.sign_jwt(kid, "JWT", &claims).unwrap(), &published, "JWT").unwrap(), claims);
        assert!(verify_own(&pair.sign_jwt(other, "JWT", &claims).unwrap(), &published, "JWT").is_none());
    }
}

#[test]
fn times_are_left_to_the_caller() {
    // TK-03: the caller has the clock; a hint may have ended (OpenID Connect Core, 3.1.2.1)
    let (pair, kid, published) = pair(Algorithm::EdDsa);
    for claims in [json!({ "exp": 1 }), json!({ "nbf": 4_102_444_800_u64 }), json!({})] {
        assert_eq!(verify_own(&pair.sign_jwt(&kid, "JWT", &claims).unwrap(), &published, "JWT").unwrap(), claims);
    }
}

#[test]
fn the_list_of_algorithms_is_exact() {
    // TK-01
    for algorithm in Algorithm::ALL {
        assert_eq!(Algorithm::parse(algorithm.as_str()), Some(algorithm));
        assert_eq!(Algorithm::parse(&format!("{} ", algorithm.as_str())), None);
    }
    for other in ["", "none", "HS256", "rs256", "Es256", "EDDSA", "Ed25519"] {
        assert_eq!(Algorithm::parse(other), None, "{other}");
    }
}

#[test]
fn a_stored_key_is_read_as_what_it_is_only() {
    let (_, pkcs8) = SigningPair::generate(Algorithm::EdDsa).unwrap();
    // PKCS#8 version 1, which every library reads
    assert_eq!(pkcs8.len(), 48);
    assert!(SigningPair::from_pkcs8(Algorithm::Es256, &pkcs8).is_err());
    assert!(SigningPair::from_pkcs8(Algorithm::Rs256, &pkcs8).is_err());
    assert!(SigningPair::from_pkcs8(Algorithm::EdDsa, &pkcs8[..47]).is_err());
    assert!(SigningPair::from_pkcs8(Algorithm::EdDsa, &[]).is_err());
}
