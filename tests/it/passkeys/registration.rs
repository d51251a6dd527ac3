//! Lies while a passkey is made (WebAuthn, section 7.1).

use ciborium::Value as Cbor;
use serde_json::{Value as Json, json};

use super::{before_the_first_passkey, client_data, refused, signed_in};
use crate::support::app::Inside;
use crate::support::authenticator::{Algorithm, Authenticator, Creation, Format, Key, base64url, flag, sha256};
use crate::support::{Backend, both};

both!(lies_are_refused, bodies_that_are_none_are_refused, what_may_vary_is_accepted);

type Lie = Box<dyn FnOnce(Creation, &Json) -> Creation>;

fn lie(change: impl FnOnce(Creation) -> Creation + 'static) -> Lie {
    Box::new(|creation, _| change(creation))
}

fn edited(change: impl FnOnce(&mut Json) + 'static) -> Lie {
    lie(|creation| creation.edit(change))
}

fn cbor(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

/// A P-256 key with one member changed, added or (with `None`) left out.
fn key_with(label: i64, value: Option<Cbor>) -> Vec<u8> {
    let label = Cbor::Integer(label.into());
    let mut members = Key::make(Algorithm::Es256).cose();
    match value {
        Some(value) => match members.iter_mut().find(|(known, _)| *known == label) {
            Some((_, old)) => *old = value,
            None => members.push((label, value)),
        },
        None => members.retain(|(known, _)| *known != label),
    }
    cbor(&Cbor::Map(members))
}

fn number(value: i64) -> Option<Cbor> {
    Some(Cbor::Integer(value.into()))
}

fn lies() -> Vec<(&'static str, Lie)> {
    let without = |name: &'static str| edited(move |json| drop(json["response"].as_object_mut().unwrap().remove(name)));
    let mut lies: Vec<(&'static str, Lie)> = vec![
        // WA-13, WA-14, WA-15, WA-16
        ("WA-13 id missing", edited(|json| drop(json.as_object_mut().unwrap().remove("id")))),
        ("WA-13 id a number", edited(|json| json["id"] = json!(7))),
        ("WA-13 id empty", edited(|json| json["id"] = json!(""))),
        ("WA-13 id padded", edited(|json| json["id"] = json!(format!("{}=", json["id"].as_str().unwrap())))),
        ("WA-13 id in another alphabet", edited(|json| (json["id"], json["rawId"]) = (json!("++//"), json!("++//")))),
        ("WA-14 another rawId", edited(|json| json["rawId"] = json!(base64url(&[9; 32])))),
        ("WA-14 another id in both", edited(|json| (json["id"], json["rawId"]) = (json!(base64url(&[9; 32])), json!(base64url(&[9; 32]))))),
        ("WA-15 no type", edited(|json| drop(json.as_object_mut().unwrap().remove("type")))),
        ("WA-15 another type", edited(|json| json["type"] = json!("public_key"))),
        ("WA-16 no response", edited(|json| drop(json.as_object_mut().unwrap().remove("response")))),
        ("WA-16 a list as response", edited(|json| json["response"] = json!([]))),
        ("WA-16 no client data", without("clientDataJSON")),
        ("WA-16 no attestation object", without("attestationObject")),
        ("WA-16 empty attestation object", edited(|json| json["response"]["attestationObject"] = json!(""))),
        // WA-18 to WA-24
        ("WA-18 client data not UTF-8", lie(|creation| creation.client_data(b"{\"type\":\"\xff\"}"))),
        ("WA-18 client data not JSON", lie(|creation| creation.client_data(b"webauthn.create"))),
        ("WA-19 the other type", lie(|creation| creation.type_("webauthn.get"))),
        ("WA-19 payment", lie(|creation| creation.type_("payment.get"))),
        ("WA-19 empty type", lie(|creation| creation.type_(""))),
        ("WA-20 another challenge", lie(|creation| creation.challenge(&base64url(&[0; 32])))),
        ("WA-20 empty challenge", lie(|creation| creation.challenge(""))),
        ("WA-20 padded", Box::new(|creation, options| creation.challenge(&format!("{}=", options["challenge"].as_str().unwrap())))),
        ("WA-20 a prefix", Box::new(|creation, options| creation.challenge(&options["challenge"].as_str().unwrap()[..22]))),
        ("WA-23 in a frame", lie(|creation| creation.cross_origin(Some(true)))),
        ("WA-23 around it", lie(|creation| creation.top_origin("https://evil.example"))),
        (
            "WA-24 token binding",
            Box::new(|creation, options| {
                let more = r#","crossOrigin":false,"tokenBinding":{"status":"present","id":"x"}"#;
                let origin = options["test_origin"].as_str().unwrap().to_owned();
                creation.client_data(&client_data("webauthn.create", options, &origin, more))
            }),
        ),
        // WA-26 to WA-32
        ("WA-26 another site", lie(|creation| creation.rp_id_hash(sha256(b"evil.example")))),
        ("WA-27 cut short", lie(|creation| creation.edit_data(|data| data.truncate(36)))),
        ("WA-27 cut in the key", lie(|creation| creation.edit_data(|data| data.truncate(data.len() - 1)))),
        ("WA-27 bytes after the end", lie(|creation| creation.trailing_bytes(&[0]))),
        ("WA-28 no credential", lie(|creation| creation.without(flag::AT))),
        ("WA-28 credential without its flag", lie(|creation| creation.edit_data(|data| data[32] &= !flag::AT))),
        ("WA-28 extensions only in the flag", lie(|creation| creation.edit_data(|data| data[32] |= flag::ED))),
        ("WA-28 extensions that are none", lie(|creation| creation.extensions(&[0x01]))),
        ("WA-29 nobody there", lie(|creation| creation.without(flag::UP))),
        ("WA-30 nobody recognised", lie(|creation| creation.without(flag::UV))),
        ("WA-32 copied but cannot be", lie(|creation| creation.flags(flag::UP | flag::UV | flag::AT | flag::BS))),
        // WA-39 to WA-46
        ("WA-39 EdDSA", lie(|creation| creation.cose(&ed25519()))),
        ("WA-39 an unknown algorithm", lie(|creation| creation.cose(&key_with(3, number(-9))))),
        ("WA-40 no kind", lie(|creation| creation.cose(&key_with(1, None)))),
        ("WA-40 no algorithm", lie(|creation| creation.cose(&key_with(3, None)))),
        ("WA-40 no curve", lie(|creation| creation.cose(&key_with(-1, None)))),
        ("WA-40 no y", lie(|creation| creation.cose(&key_with(-3, None)))),
        ("WA-40 compressed", lie(|creation| creation.cose(&key_with(-3, Some(Cbor::Bool(true)))))),
        ("WA-40 not on the curve", lie(|creation| creation.cose(&key_with(-3, Some(Cbor::Bytes(vec![1; 32])))))),
        ("WA-40 another kind than algorithm", lie(|creation| creation.cose(&key_with(1, number(3))))),
        ("WA-40 a private member", lie(|creation| creation.cose(&key_with(-4, Some(Cbor::Bytes(vec![1; 32])))))),
        ("WA-40 RSA of 1024 bits", lie(|creation| creation.cose(&rsa(vec![0xff; 128], vec![1, 0, 1])))),
        ("WA-40 RSA with exponent 1", lie(|creation| creation.cose(&rsa(vec![0xff; 256], vec![1])))),
        ("WA-40 RSA with an even exponent", lie(|creation| creation.cose(&rsa(vec![0xff; 256], vec![1, 0, 0])))),
        ("WA-41 P-384 under ES256", lie(|creation| creation.cose(&key_with(-1, number(2))))),
        ("WA-42 an id too long", lie(|creation| creation.id(&[5; 1024]))),
        ("WA-42 an id that is empty", lie(|creation| creation.id(&[]))),
        ("WA-42 a length beyond the end", lie(|creation| creation.edit_data(|data| data[53] = 0xff))),
        ("WA-46 the key twice", lie(|creation| creation.cose(&repeated()))),
        ("WA-46 of indefinite length", lie(|creation| creation.cose(&[0xbf, 0x01, 0x02, 0xff]))),
        // WA-47 to WA-49, WA-56
        ("WA-47 no object", lie(|creation| creation.attestation_object(b"\x01"))),
        ("WA-47 an empty object", lie(|creation| creation.attestation_object(&[0xa0]))),
        ("WA-48 none, with a statement", lie(|creation| creation.format(other("none", vec![(Cbor::from("alg"), Cbor::from(-7))])))),
        ("WA-49 signed by another", lie(|creation| creation.format(Format::PackedSelf).signature(&[0x30, 0x06, 2, 1, 1, 2, 1, 1]))),
        (
            "WA-49 another algorithm",
            lie(|creation| {
                creation.format(other("packed", vec![(Cbor::from("alg"), Cbor::from(-257)), (Cbor::from("sig"), Cbor::Bytes(vec![1; 70]))]))
            }),
        ),
    ];
    for format in ["NONE", "", "unknown", "android-safetynet", "compound"] {
        lies.push(("WA-47 another format", lie(move |creation| creation.format(other(format, vec![])))));
    }
    lies.extend(origins().into_iter().map(|origin| ("WA-21 origin", lie(move |creation| creation.origin(origin)) as Lie)));
    lies
}

/// WA-21: everything that is not exactly our origin.
pub fn origins() -> Vec<&'static str> {
    let mut all = vec!["", "null", "https://localhost", "http://localhost", "http://localhost:1", "http://127.0.0.1", "http://LOCALHOST"];
    all.extend(["http://sub.localhost", "http://localhost.evil.example", "http://evil.example/http://localhost"]);
    all
}

fn other(name: &str, statement: Vec<(Cbor, Cbor)>) -> Format {
    Format::Other(name.into(), Cbor::Map(statement))
}

fn ed25519() -> Vec<u8> {
    let member = |label: i64, value: Cbor| (Cbor::Integer(label.into()), value);
    let bytes = Cbor::Bytes(vec![7; 32]);
    cbor(&Cbor::Map(vec![member(1, Cbor::from(1)), member(3, Cbor::from(-8)), member(-1, Cbor::from(6)), member(-2, bytes)]))
}

fn rsa(modulus: Vec<u8>, exponent: Vec<u8>) -> Vec<u8> {
    let member = |label: i64, value: Cbor| (Cbor::Integer(label.into()), value);
    let (modulus, exponent) = (Cbor::Bytes(modulus), Cbor::Bytes(exponent));
    cbor(&Cbor::Map(vec![member(1, Cbor::from(3)), member(3, Cbor::from(-257)), member(-1, modulus), member(-2, exponent)]))
}

/// A key with `x` in it twice.
fn repeated() -> Vec<u8> {
    let mut members = Key::make(Algorithm::Es256).cose();
    let x = members[3].clone();
    members.push(x);
    cbor(&Cbor::Map(members))
}

async fn lies_are_refused(backend: Backend) {
    let server = Inside::start(backend).await;
    let (http, ceremony) = before_the_first_passkey(&server).await;
    for (name, lie) in lies() {
        let mut options = ceremony.begin(&http).await;
        options["test_origin"] = json!(server.address);
        // Packed as soon as a key is exchanged, so that only the key is wrong.
        let creation = Authenticator::synced().create(&options, &server.address);
        let (answer, _) = lie(creation, &options).finish();
        refused(name, &ceremony.end(&http, &answer).await);
    }
    // After all of that the honest answer is accepted.
    let options = ceremony.begin(&http).await;
    let (answer, _) = Authenticator::synced().create(&options, &server.address).finish();
    assert!(signed_in(&ceremony.end(&http, &answer).await));
}

async fn bodies_that_are_none_are_refused(backend: Backend) {
    // WA-12, WA-17
    let server = Inside::start(backend).await;
    let (http, ceremony) = before_the_first_passkey(&server).await;
    let nested = [vec![b'['; 30_000], vec![b']'; 30_000]].concat();
    let bodies: [&[u8]; 7] = [b"", b"{", b"[]", b"null", b"\"x\"", br#"{"id":"AA","id":"AA"}"#, &nested];
    for body in bodies {
        ceremony.begin(&http).await;
        refused("WA-12 the body", &ceremony.end_with(&http, body).await);
    }
    ceremony.begin(&http).await;
    let answer = ceremony.end_with(&http, &vec![b' '; 65 * 1024]).await;
    assert_eq!(answer.status, 413, "{}", answer.text());
    // An honest answer, but one member is there twice.
    let options = ceremony.begin(&http).await;
    let (answer, _) = Authenticator::synced().create(&options, &server.address).finish();
    let twice = answer.to_string().replacen('{', r#"{"type":"public-key","#, 1);
    refused("WA-12 a member twice", &ceremony.end_with(&http, twice.as_bytes()).await);
}

async fn what_may_vary_is_accepted(backend: Backend) {
    type Shape = fn(Creation, &Json, &str) -> Creation;
    let shapes: [(&str, Shape); 10] = [
        ("WA-18 a byte order mark", |creation, options, origin| {
            creation.client_data(&[b"\xef\xbb\xbf", &client_data("webauthn.create", options, origin, "")[..]].concat())
        }),
        ("WA-46 a key in another order", |creation, _, _| {
            let mut members = Key::make(Algorithm::Es256).cose();
            members.reverse();
            creation.cose(&cbor(&Cbor::Map(members)))
        }),
        ("WA-18 members we do not know", |creation, options, origin| {
            creation.client_data(&client_data("webauthn.create", options, origin, r#","other_keys_can_be_added_here":"x""#))
        }),
        ("WA-18 escapes", |creation, options, origin| {
            let data = String::from_utf8(client_data("webauthn.create", options, origin, "")).unwrap();
            creation.client_data(data.replace("webauthn.create", "webauthn\\u002ecreate").as_bytes())
        }),
        ("WA-38 reserved flags", |creation, _, _| creation.flags(flag::UP | flag::UV | flag::AT | 0x22)),
        ("WA-42 the longest id", |creation, _, _| creation.id(&[5; 1023])),
        ("WA-45 a model", |creation, _, _| creation.aaguid([4; 16])),
        ("WA-69 an extension nobody asked for", |creation, _, _| creation.extensions(b"\xa1\x61x\xf5")),
        ("packed self", |creation, _, _| creation.format(Format::PackedSelf)),
        ("transports nobody knows", |creation, _, _| creation.transports(&["usb", "<script>", "usb"])),
    ];
    for (name, shape) in shapes {
        let server = Inside::start(backend).await;
        let (http, ceremony) = before_the_first_passkey(&server).await;
        let options = ceremony.begin(&http).await;
        let creation = shape(Authenticator::bound().create(&options, &server.address), &options, &server.address);
        let answer = ceremony.end(&http, &creation.finish().0).await;
        assert!(signed_in(&answer), "{name}: {} {}", answer.status, answer.text());
    }
    let server = Inside::start(backend).await;
    let (http, ceremony) = before_the_first_passkey(&server).await;
    let options = ceremony.begin(&http).await;
    let (answer, _) = Authenticator::bound().with(Algorithm::Rs256).create(&options, &server.address).finish();
    assert!(signed_in(&ceremony.end(&http, &answer).await), "RS256");
}
