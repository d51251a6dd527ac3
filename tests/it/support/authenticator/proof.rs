//! The authenticator against webauthn-rs itself: honest answers pass, lies are refused. (The library lets some lies pass,
//! such as bytes after the end; that the server refuses those too is tested with the server.)

use ciborium::Value as Cbor;
use serde_json::{Value as Json, json};
use uuid::Uuid;
use webauthn_rs::prelude::{Passkey, PasskeyAuthentication, PasskeyRegistration, Url, Webauthn, WebauthnBuilder};

use super::{Algorithm, Assertion, Authenticator, Creation, Credential, Format, Key, flag, sha256};

const ORIGIN: &str = "http://localhost:8080";

fn site() -> Webauthn {
    WebauthnBuilder::new("localhost", &Url::parse(ORIGIN).unwrap()).unwrap().rp_name("Test").build().unwrap()
}

fn begin(site: &Webauthn) -> (Json, PasskeyRegistration) {
    let (options, state) = site.start_passkey_registration(Uuid::from_u128(7), "ana", "Ana", None).unwrap();
    (serde_json::to_value(options).unwrap(), state)
}

/// Registers with an answer as `shape` makes it.
fn register(authenticator: &Authenticator, shape: impl FnOnce(Creation) -> Creation) -> Result<(Passkey, Credential), String> {
    let site = site();
    let (options, state) = begin(&site);
    let (answer, credential) = shape(authenticator.create(&options, ORIGIN)).finish();
    let answer = serde_json::from_value(answer).map_err(|error| format!("{error}"))?;
    let passkey = site.finish_passkey_registration(&answer, &state).map_err(|error| format!("{error:?}"))?;
    Ok((passkey, credential))
}

fn ask(site: &Webauthn, passkey: &Passkey) -> (Json, PasskeyAuthentication) {
    let (options, state) = site.start_passkey_authentication(std::slice::from_ref(passkey)).unwrap();
    (serde_json::to_value(options).unwrap(), state)
}

/// Signs in with an answer as `shape` makes it.
fn sign_in<'a>(passkey: &Passkey, credential: &'a Credential, shape: impl FnOnce(Assertion<'a>) -> Assertion<'a>) -> Result<(), String> {
    let site = site();
    let (options, state) = ask(&site, passkey);
    let answer = shape(credential.get(&options, ORIGIN)).finish();
    let answer = serde_json::from_value(answer).map_err(|error| format!("{error}"))?;
    site.finish_passkey_authentication(&answer, &state).map(drop).map_err(|error| format!("{error:?}"))
}

#[test]
fn honest_answers_pass() {
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        for format in [Format::None, Format::PackedSelf] {
            for authenticator in [Authenticator::synced().with(algorithm), Authenticator::bound().with(algorithm)] {
                let (passkey, mut credential) = register(&authenticator, |answer| answer.format(format.clone()))
                    .unwrap_or_else(|error| panic!("{algorithm:?} {format:?}: {error}"));
                assert_eq!(&passkey.cred_id()[..], &credential.id[..]);
                sign_in(&passkey, &credential, |answer| answer).unwrap();
                credential.counter = 5;
                sign_in(&passkey, &credential, |answer| answer).unwrap();
            }
        }
    }
}

#[test]
fn lies_while_registering_are_refused() {
    let bound = Authenticator::bound();
    let other = Key::make(Algorithm::Es256);
    type Lie = Box<dyn FnOnce(Creation) -> Creation>;
    let lies: Vec<(&str, Lie)> = vec![
        ("origin", Box::new(|answer| answer.origin("https://localhost.evil.example"))),
        ("challenge", Box::new(|answer| answer.challenge("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))),
        ("type", Box::new(|answer| answer.type_("webauthn.get"))),
        ("client data", Box::new(|answer| answer.client_data(b"{}"))),
        ("site", Box::new(|answer| answer.rp_id_hash(sha256(b"evil.example")))),
        ("present", Box::new(|answer| answer.without(flag::UP))),
        ("verified", Box::new(|answer| answer.without(flag::UV))),
        ("no credential", Box::new(|answer| answer.without(flag::AT))),
        ("backup", Box::new(|answer| answer.flags(flag::UP | flag::UV | flag::AT | flag::BS))),
        ("signature", Box::new(|answer| answer.format(Format::PackedSelf).signature(&[1; 70]))),
        ("object", Box::new(|answer| answer.attestation_object(&[0xa0]))),
        ("key", Box::new(|answer| answer.cose(&[0xa0]))),
        ("another's key", Box::new(move |answer| answer.format(Format::PackedSelf).cose(&super::to_cbor(&Cbor::Map(other.cose()))))),
        ("json", Box::new(|answer| answer.edit(|json| json["response"]["attestationObject"] = json!("AAAA")))),
    ];
    for (name, lie) in lies {
        assert!(register(&bound, lie).is_err(), "the lie about {name} passed");
    }
}

#[test]
fn what_may_vary_passes() {
    let authenticator = Authenticator { aaguid: [3; 16], ..Authenticator::synced() };
    let shape = |answer: Creation| {
        let extensions = super::to_cbor(&Cbor::Map(vec![(Cbor::from("credProtect"), Cbor::from(2))]));
        answer.cross_origin(None).aaguid([9; 16]).counter(4).id(&[7; 64]).transports(&["usb", "nfc"]).extensions(&extensions)
    };
    let (passkey, credential) = register(&authenticator, shape).unwrap();
    assert_eq!((credential.counter, &credential.id[..]), (4, &[7; 64][..]));
    sign_in(&passkey, &credential, |answer| answer.counter(9).user_handle(None).cross_origin(None)).unwrap();
}

#[test]
fn lies_while_signing_in_are_refused() {
    let (passkey, credential) = register(&Authenticator::bound(), |answer| answer.counter(10)).unwrap();
    let other = Key::make(Algorithm::Es256);
    type Lie<'a> = Box<dyn FnOnce(Assertion<'a>) -> Assertion<'a> + 'a>;
    let lies: Vec<(&str, Lie<'_>)> = vec![
        ("origin", Box::new(|answer| answer.origin("http://localhost:8080.evil.example"))),
        ("challenge", Box::new(|answer| answer.challenge("AAAA"))),
        ("type", Box::new(|answer| answer.type_("webauthn.create"))),
        ("client data", Box::new(|answer| answer.client_data(b"[]"))),
        ("site", Box::new(|answer| answer.rp_id_hash(sha256(b"evil.example")))),
        ("present", Box::new(|answer| answer.flags(flag::UV))),
        ("verified", Box::new(|answer| answer.without(flag::UV))),
        ("counter", Box::new(|answer| answer.counter(10))),
        ("id", Box::new(|answer| answer.id(&[1; 32]))),
        ("key", Box::new(|answer| answer.signed_by(&other))),
        ("signature", Box::new(|answer| answer.signature(&[0x30, 0x00]))),
        ("json", Box::new(|answer| answer.edit(|json| json["response"]["signature"] = json!("AAAA")))),
    ];
    // Honest but for the lie: the count grows.
    for (name, lie) in lies {
        assert!(sign_in(&passkey, &credential, |answer| lie(answer.counter(11))).is_err(), "the lie about {name} passed");
    }
    sign_in(&passkey, &credential, |answer| answer.counter(11)).unwrap();
}
