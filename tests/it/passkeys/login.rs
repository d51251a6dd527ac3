//! Lies while signing in with a passkey alone (WebAuthn, section 7.2).

use serde_json::{Value as Json, json};

use super::registration::origins;
use super::{at_login, client_data, refused, signed_in, with_passkey};
use crate::support::app::Inside;
use crate::support::authenticator::{Algorithm, Assertion, Authenticator, Credential, Key, base64url, flag, sha256};
use crate::support::{Backend, both};

both!(lies_are_refused, bodies_that_are_none_are_refused, counters, backup_flags, what_may_vary_is_accepted);
both!(a_mark_before_the_client_data);

type Lie<'a> = Box<dyn FnOnce(Assertion<'a>, &Json) -> Assertion<'a> + 'a>;

fn lie<'a>(change: impl FnOnce(Assertion<'a>) -> Assertion<'a> + 'a) -> Lie<'a> {
    Box::new(|assertion, _| change(assertion))
}

fn edited<'a>(change: impl FnOnce(&mut Json) + 'static) -> Lie<'a> {
    lie(|assertion| assertion.edit(change))
}

fn lies(other: &Key) -> Vec<(&'static str, Lie<'_>)> {
    fn without<'a>(name: &'static str) -> Lie<'a> {
        edited(move |json| drop(json["response"].as_object_mut().unwrap().remove(name)))
    }
    let mut lies: Vec<(&'static str, Lie<'_>)> = vec![
        ("WA-13 id missing", edited(|json| drop(json.as_object_mut().unwrap().remove("id")))),
        ("WA-13 id padded", edited(|json| json["id"] = json!(format!("{}=", json["id"].as_str().unwrap())))),
        ("WA-14 another rawId", edited(|json| json["rawId"] = json!(base64url(&[9; 32])))),
        ("WA-15 another type", edited(|json| json["type"] = json!("password"))),
        ("WA-16 no client data", without("clientDataJSON")),
        ("WA-16 no authenticator data", without("authenticatorData")),
        ("WA-16 no signature", without("signature")),
        ("WA-19 the other type", lie(|assertion| assertion.type_("webauthn.create"))),
        ("WA-20 another challenge", lie(|assertion| assertion.challenge(&base64url(&[0; 32])))),
        ("WA-20 padded", Box::new(|assertion, options| assertion.challenge(&format!("{}=", options["challenge"].as_str().unwrap())))),
        ("WA-20 a prefix", Box::new(|assertion, options| assertion.challenge(&options["challenge"].as_str().unwrap()[..22]))),
        ("WA-23 in a frame", lie(|assertion| assertion.cross_origin(Some(true)))),
        ("WA-23 around it", lie(|assertion| assertion.top_origin("https://evil.example"))),
        ("WA-26 another site", lie(|assertion| assertion.rp_id_hash(sha256(b"evil.example")))),
        ("WA-27 cut short", lie(|assertion| assertion.edit_data(|data| data.truncate(36)))),
        ("WA-27 bytes after the end", lie(|assertion| assertion.trailing_bytes(&[0]))),
        ("WA-28 extensions only in the flag", lie(|assertion| assertion.edit_data(|data| data[32] |= flag::ED))),
        ("WA-28 a credential only in the flag", lie(|assertion| assertion.edit_data(|data| data[32] |= flag::AT))),
        ("WA-29 nobody there", lie(|assertion| assertion.without(flag::UP))),
        ("WA-30 nobody recognised", lie(|assertion| assertion.without(flag::UV))),
        ("WA-32 copied but cannot be", lie(|assertion| assertion.flags(flag::UP | flag::UV | flag::BS))),
        ("WA-60 no account named", lie(|assertion| assertion.user_handle(None))),
        ("WA-60 an account named by nothing", lie(|assertion| assertion.user_handle(Some(&[])))),
        ("WA-60 another account named", lie(|assertion| assertion.user_handle(Some(&[7; 16])))),
        ("WA-60 an unknown passkey", lie(|assertion| assertion.id(&[9; 32]))),
        ("WA-62 one bit of the signature", edited(|json| flip(&mut json["response"]["signature"]))),
        ("WA-62 an empty signature", lie(|assertion| assertion.signature(&[]))),
        ("WA-62 another key", lie(|assertion| assertion.signed_by(other))),
        ("WA-62 other authenticator data", edited(|json| flip(&mut json["response"]["authenticatorData"]))),
        (
            "WA-62 bytes after the signature",
            edited(|json| json["response"]["signature"] = json!(format!("{}AAAA", trimmed(&json["response"]["signature"])))),
        ),
    ];
    lies.extend(origins().into_iter().map(|origin| ("WA-21 origin", lie(move |assertion| assertion.origin(origin)))));
    lies
}

/// Changes the last bit of base64url text that counts.
fn flip(value: &mut Json) {
    let mut bytes = data_encoding::BASE64URL_NOPAD.decode(value.as_str().unwrap().as_bytes()).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    *value = json!(base64url(&bytes));
}

/// Base64url text cut to whole groups, so that more can be put behind it.
fn trimmed(value: &Json) -> String {
    let text = value.as_str().unwrap();
    text[..text.len() / 4 * 4].to_owned()
}

async fn lies_are_refused(backend: Backend) {
    let server = Inside::start(backend).await;
    let (_, credential) = with_passkey(&server, &Authenticator::synced()).await;
    let other = Key::make(Algorithm::Es256);
    for (name, lie) in lies(&other) {
        let (http, ceremony) = at_login(&server).await;
        let options = ceremony.begin(&http).await;
        let answer = lie(credential.get(&options, &server.address), &options).finish();
        refused(name, &ceremony.end(&http, &answer).await);
        // Tries are counted; these tests are not about that.
        server.pass(3_600);
    }
    assert!(sign_in(&server, &credential, |assertion| assertion).await);
}

async fn sign_in<'a>(server: &Inside, credential: &'a Credential, shape: impl FnOnce(Assertion<'a>) -> Assertion<'a>) -> bool {
    let (http, ceremony) = at_login(server).await;
    let options = ceremony.begin(&http).await;
    let answer = shape(credential.get(&options, &server.address)).finish();
    signed_in(&ceremony.end(&http, &answer).await)
}

async fn bodies_that_are_none_are_refused(backend: Backend) {
    // WA-12, WA-17
    let server = Inside::start(backend).await;
    let (_, credential) = with_passkey(&server, &Authenticator::synced()).await;
    let (http, ceremony) = at_login(&server).await;
    for body in [&b""[..], b"{", b"[]", b"null", br#"{"id":"AA","id":"AA"}"#] {
        ceremony.begin(&http).await;
        refused("WA-12 the body", &ceremony.end_with(&http, body).await);
    }
    ceremony.begin(&http).await;
    assert_eq!(ceremony.end_with(&http, &vec![b' '; 65 * 1024]).await.status, 413);
    let options = ceremony.begin(&http).await;
    let answer = credential.get(&options, &server.address).finish().to_string();
    let twice = answer.replacen('{', r#"{"type":"public-key","#, 1);
    refused("WA-12 a member twice", &ceremony.end_with(&http, twice.as_bytes()).await);
}

/// WA-35: a count that does not grow may mean a copy of the key; a count that stays zero means there is none.
async fn counters(backend: Backend) {
    let server = Inside::start(backend).await;
    let (_, credential) = with_passkey(&server, &Authenticator::bound()).await;
    assert!(sign_in(&server, &credential, |assertion| assertion.counter(0)).await, "0 after 0");
    assert!(sign_in(&server, &credential, |assertion| assertion.counter(7)).await, "7 after 0");
    assert!(!sign_in(&server, &credential, |assertion| assertion.counter(7)).await, "7 after 7");
    assert!(!sign_in(&server, &credential, |assertion| assertion.counter(5)).await, "5 after 7");
    assert!(!sign_in(&server, &credential, |assertion| assertion.counter(0)).await, "0 after 7");
    assert!(sign_in(&server, &credential, |assertion| assertion.counter(8)).await, "8 after 7");
    assert!(sign_in(&server, &credential, |assertion| assertion.counter(u32::MAX)).await, "the last count");
}

/// WA-33, WA-34: whether it may be copied never changes; whether it is copied may.
async fn backup_flags(backend: Backend) {
    let (up, be, bs) = (flag::UP | flag::UV, flag::BE, flag::BS);
    let server = Inside::start(backend).await;
    let (_, synced) = with_passkey(&server, &Authenticator::synced()).await;
    assert!(sign_in(&server, &synced, |assertion| assertion.flags(up | be)).await);
    assert!(sign_in(&server, &synced, |assertion| assertion.flags(up | be | bs)).await);
    assert!(!sign_in(&server, &synced, |assertion| assertion.flags(up)).await);
    let server = Inside::start(backend).await;
    let (_, bound) = with_passkey(&server, &Authenticator::bound()).await;
    assert!(!sign_in(&server, &bound, |assertion| assertion.flags(up | be)).await);
    assert!(!sign_in(&server, &bound, |assertion| assertion.flags(up | be | bs)).await);
    assert!(sign_in(&server, &bound, |assertion| assertion.flags(up)).await);
}

async fn what_may_vary_is_accepted(backend: Backend) {
    let server = Inside::start(backend).await;
    let (_, credential) = with_passkey(&server, &Authenticator::bound().with(Algorithm::Rs256)).await;
    assert!(sign_in(&server, &credential, |assertion| assertion.cross_origin(None)).await);
    assert!(sign_in(&server, &credential, |assertion| assertion.flags(flag::UP | flag::UV | 0x22)).await, "WA-38");
    assert!(sign_in(&server, &credential, |assertion| assertion.extensions(b"\xa1\x61x\xf5")).await, "WA-69");
    let (http, ceremony) = at_login(&server).await;
    let options = ceremony.begin(&http).await;
    // WA-08: nothing is said about which passkeys there are.
    assert!(options["allowCredentials"].as_array().is_none_or(Vec::is_empty), "{options}");
    assert_eq!(options["userVerification"], "required");
    let data = client_data("webauthn.get", &options, &server.address, r#","tokenBinding":{"status":"supported"}"#);
    let answer = credential.get(&options, &server.address).client_data(&data).finish();
    assert!(signed_in(&ceremony.end(&http, &answer).await), "WA-24");
}

/// WA-18: a byte order mark before the client data is read past, and nothing else with it.
async fn a_mark_before_the_client_data(backend: Backend) {
    let server = Inside::start(backend).await;
    let (_, credential) = with_passkey(&server, &Authenticator::bound()).await;
    let other = Key::make(Algorithm::Es256);
    let marked = |kind: &str, options: &Json, origin: &str| [b"\xef\xbb\xbf", &client_data(kind, options, origin, "")[..]].concat();
    type Change<'a> = Box<dyn Fn(Assertion<'a>) -> Assertion<'a> + 'a>;
    let changes: Vec<(&str, Change<'_>)> = vec![
        ("one bit of the signature", Box::new(|assertion| assertion.edit(|json| flip(&mut json["response"]["signature"])))),
        ("an empty signature", Box::new(|assertion| assertion.signature(&[]))),
        ("another key", Box::new(|assertion| assertion.signed_by(&other))),
        ("another site", Box::new(|assertion| assertion.rp_id_hash(sha256(b"evil.example")))),
        ("nobody recognised", Box::new(|assertion| assertion.without(flag::UV))),
        ("nobody there", Box::new(|assertion| assertion.without(flag::UP))),
        ("now it may be copied", Box::new(|assertion| assertion.flags(flag::UP | flag::UV | flag::BE))),
        ("another account", Box::new(|assertion| assertion.user_handle(Some(&[7; 16])))),
        ("bytes after the end", Box::new(|assertion| assertion.trailing_bytes(&[0]))),
    ];
    for (name, change) in &changes {
        let (http, ceremony) = at_login(&server).await;
        let options = ceremony.begin(&http).await;
        let data = marked("webauthn.get", &options, &server.address);
        let answer = change(credential.get(&options, &server.address).client_data(&data)).finish();
        refused(name, &ceremony.end(&http, &answer).await);
        server.pass(3_600);
    }
    for (kind, origin) in [("webauthn.create", server.address.as_str()), ("webauthn.get", "http://evil.example")] {
        let (http, ceremony) = at_login(&server).await;
        let options = ceremony.begin(&http).await;
        let answer = credential.get(&options, &server.address).client_data(&marked(kind, &options, origin)).finish();
        refused(origin, &ceremony.end(&http, &answer).await);
    }
    // The mark belongs to what is signed.
    let (http, ceremony) = at_login(&server).await;
    let options = ceremony.begin(&http).await;
    let data = marked("webauthn.get", &options, &server.address);
    let added = credential.get(&options, &server.address).finish();
    let mut added_later = added.clone();
    added_later["response"]["clientDataJSON"] = json!(base64url(&data));
    refused("a mark that was not signed", &ceremony.end(&http, &added_later).await);
    let shape =
        |assertion: Assertion<'_>, options: &Json| assertion.client_data(&marked("webauthn.get", options, &server.address)).finish();
    let (http, ceremony) = at_login(&server).await;
    let options = ceremony.begin(&http).await;
    let answer = shape(credential.get(&options, &server.address), &options);
    assert!(signed_in(&ceremony.end(&http, &answer).await));
    assert!(!signed_in(&ceremony.end(&http, &answer).await), "WA-02");
}
