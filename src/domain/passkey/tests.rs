//! Shapes by themselves; rows on both databases.

use serde_json::json;

use super::shape::*;
use super::*;
use crate::domain::identity::testing::person;
use crate::platform::db::testing::each_backend;

fn new(id: &[u8]) -> NewPasskey {
    NewPasskey {
        credential_id: id.to_vec(),
        public_key: vec![0xa0],
        algorithm: -7,
        aaguid: Uuid::from_u128(9),
        counter: u32::MAX,
        backup_eligible: true,
        backup_state: false,
        transports: vec!["hybrid".into(), "internal".into()],
    }
}

fn named_(name: &str) -> DeviceName {
    DeviceName::parse(name).unwrap()
}

fn made(w: &mut Work<'_>, person: PersonId, id: &[u8]) -> PasskeyId {
    let Inserted::Made(id) = insert(w, person, &named_("Ana's phone"), &new(id)).unwrap() else { panic!("not made") };
    id
}

#[test]
fn a_credential_belongs_to_one_account() {
    // WA-43, CVE-07
    each_backend(|w| {
        let (ana, ben) = (person(w, "Ana"), person(w, "Ben"));
        let id = made(w, ana, b"one");
        for whose in [ana, ben] {
            assert_eq!(insert(w, whose, &named_("again"), &new(b"one")).unwrap(), Inserted::Taken);
        }
        let (found, passkey) = find_by_credential(w, b"one").unwrap().unwrap();
        assert_eq!((found, passkey.id, passkey.name.as_str()), (ana, id, "Ana's phone"));
        assert_eq!((passkey.counter, passkey.backup_eligible, passkey.backup_state), (u32::MAX, true, false));
        assert_eq!((passkey.transports, passkey.aaguid), (new(b"").transports, Uuid::from_u128(9)));
        for other in [&b"on"[..], b"one\0", b"ONE", b""] {
            assert!(find_by_credential(w, other).unwrap().is_none());
        }
        // Another account neither renames nor removes it (EN-15).
        assert!(!rename(w, ben, id, &named_("mine")).unwrap() && !remove(w, ben, id).unwrap());
        assert!(rename(w, ana, id, &named_("Ana's key")).unwrap());
        assert_eq!(list(w, ana).unwrap().first().unwrap().name, "Ana's key");
        assert!(list(w, ben).unwrap().is_empty());
        // Removed is removed immediately (WA-63).
        assert!(remove(w, ana, id).unwrap() && !remove(w, ana, id).unwrap());
        assert!(find_by_credential(w, b"one").unwrap().is_none());
    });
}

#[test]
fn of_two_uses_of_one_state_one_wins() {
    // WA-34, WA-36, WA-37
    each_backend(|w| {
        let ana = person(w, "Ana");
        made(w, ana, b"one");
        let (_, before) = find_by_credential(w, b"one").unwrap().unwrap();
        assert!(claim_use(w, &before, &Proof { counter: 7, backup_state: true }).unwrap());
        assert!(!claim_use(w, &before, &Proof { counter: 8, backup_state: false }).unwrap());
        let (_, after) = find_by_credential(w, b"one").unwrap().unwrap();
        assert_eq!((after.counter, after.backup_state, after.version), (7, true, before.version + 1));
        assert_eq!(after.last_used_at, Some(w.now));
        assert!(claim_use(w, &after, &Proof { counter: 8, backup_state: true }).unwrap());
    });
}

#[test]
fn an_account_has_so_many_and_their_names_are_sealed() {
    // WA-44, CR-06
    each_backend(|w| {
        let (ana, ben) = (person(w, "Ana"), person(w, "Ben"));
        for n in 0..MOST {
            made(w, ana, &n.to_be_bytes());
        }
        assert_eq!(insert(w, ana, &named_("more"), &new(b"more")).unwrap(), Inserted::TooMany);
        made(w, ben, b"more");
        let row = store::list(w, ana).unwrap().remove(0);
        assert!(!row.name.windows(5).any(|bytes| bytes == b"phone"));
        // The name of one row is not a name in another.
        let ids: Vec<PasskeyId> = list(w, ana).unwrap().into_iter().map(|passkey| passkey.id).collect();
        store::rename(w, ana, *ids.last().unwrap(), &row.name).unwrap();
        assert!(list(w, ana).is_err());
    });
}

fn shaped(json: &str) -> Result<(), CeremonyRefusal> {
    answer(json.as_bytes()).map(|_| ())
}

#[test]
fn an_answer_has_one_shape() {
    // WA-12 to WA-17, WA-42
    let whole = |id: &str, raw: &str| format!(r#"{{"id":"{id}","rawId":"{raw}","type":"public-key","response":{{}}}}"#);
    assert_eq!(shaped(&whole("AAAA", "AAAA")), Ok(()));
    for (json, why) in [
        (whole("AAAA", "AAAB"), "raw_id"),
        (whole("AAA=", "AAA="), "id"),
        (whole("AA+/", "AA+/"), "id"),
        (whole("AAA", "AAB"), "raw_id"),
        (whole("AB", "AB"), "id"),
        (whole("", ""), "id"),
        (whole(&"A".repeat(4 * 342), &"A".repeat(4 * 342)), "id_too_long"),
        (whole("AAAA", "AAAA").replace("public-key", "public-Key"), "type"),
        (whole("AAAA", "AAAA").replace("{}", "[]"), "response"),
        (whole("AAAA", "AAAA").replace("{}", r#"{"a":1,"a":1}"#), "body_not_json"),
        (whole("AAAA", "AAAA").replace("{}", r#"{"a":{"x":[{"b":1,"\u0062":1}]}}"#), "body_not_json"),
        (whole("AAAA", "AAAA").replace("{}", &format!("{{\"a\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000))), "body_not_json"),
        (whole("AAAA", "AAAA") + "x", "body_not_json"),
        (" ".repeat(MOST_BYTES + 1), "body_too_large"),
    ] {
        assert_eq!(shaped(&json), Err(CeremonyRefusal(why)), "{}", &json[..json.len().min(120)]);
    }
}

#[test]
fn client_data_is_compared_by_value() {
    // WA-18 to WA-24
    let check = |data: &serde_json::Value| client_data(data.to_string().as_bytes(), "webauthn.get", "Y2hhbGxlbmdl", "https://id.example");
    let honest = json!({ "type": "webauthn.get", "challenge": "Y2hhbGxlbmdl", "origin": "https://id.example", "crossOrigin": false });
    assert_eq!(check(&honest), Ok(()));
    for (name, value, why) in [
        ("type", json!("webauthn.create"), "client_data_type"),
        ("type", json!(["webauthn.get"]), "client_data_type"),
        ("challenge", json!("Y2hhbGxlbmd"), "challenge"),
        ("challenge", json!("Y2hhbGxlbmdl="), "challenge"),
        ("challenge", json!("Y2hhbGxlbmdlAA"), "challenge"),
        ("origin", json!("https://id.example/"), "origin"),
        ("origin", json!("https://id.example:443"), "origin"),
        ("origin", json!("https://ID.example"), "origin"),
        ("origin", json!("https://id.example.evil.example"), "origin"),
        ("origin", json!("android:apk-key-hash:AAAA"), "origin"),
        ("crossOrigin", json!(true), "cross_origin"),
        ("crossOrigin", json!("false"), "cross_origin"),
        ("topOrigin", json!("https://id.example"), "top_origin"),
        ("topOrigin", json!(null), "top_origin"),
        ("tokenBinding", json!("supported"), "token_binding"),
        ("tokenBinding", json!({}), "token_binding"),
        ("tokenBinding", json!({ "status": "present", "id": "AAAA" }), "token_binding"),
        ("tokenBinding", json!({ "status": "else" }), "token_binding"),
    ] {
        let mut data = honest.clone();
        data[name] = value;
        assert_eq!(check(&data), Err(CeremonyRefusal(why)), "{data}");
    }
    let mut more = honest.clone();
    more["tokenBinding"] = json!({ "status": "supported" });
    more["more"] = json!([1, { "a": null }]);
    assert_eq!(check(&more), Ok(()));
    let marked = [b"\xef\xbb\xbf", honest.to_string().as_bytes()].concat();
    assert_eq!(client_data(&marked, "webauthn.get", "Y2hhbGxlbmdl", "https://id.example"), Ok(()));
    let twice = honest.to_string().replacen('{', r#"{"origin":"https://evil.example","#, 1);
    assert_eq!(client_data(twice.as_bytes(), "webauthn.get", "Y2hhbGxlbmdl", "https://id.example"), Err(CeremonyRefusal("client_data")));
}

/// A P-256 key whose members stand in this order.
fn key(order: &[usize]) -> Vec<u8> {
    let coordinate = |label: u8| [&[label, 0x58, 32][..], &[label; 32]].concat();
    let members = [vec![1, 2], vec![3, 0x26], vec![0x20, 1], coordinate(0x21), coordinate(0x22)];
    let mut key = vec![0xa0 | u8::try_from(order.len()).unwrap()];
    order.iter().for_each(|member| key.extend(&members[*member]));
    key
}

/// Authenticator data of a registration: flags, the key, and what follows it.
fn data(flags: u8, key: &[u8], after: &[u8]) -> Vec<u8> {
    [&[7; 32][..], &[flags, 0, 0, 0, 9], &[4; 16], &[0, 3], b"one", key, after].concat()
}

fn refusal(data: &[u8]) -> &'static str {
    authenticator_data(data).err().map_or("accepted", |refusal| refusal.0)
}

#[test]
fn authenticator_data_is_read_to_its_last_byte() {
    // WA-27 to WA-32, WA-38, WA-42
    const OK: u8 = 0x45;
    let honest = data(OK, &key(&[0, 1, 2, 3, 4]), &[]);
    let read = authenticator_data(&honest).ok().unwrap();
    let credential = read.credential.unwrap();
    assert_eq!((read.counter, read.rp_id_hash, credential.id.as_slice(), credential.algorithm), (9, [7; 32], &b"one"[..], -7));
    assert_eq!((credential.aaguid, credential.public_key), ([4; 16], key(&[0, 1, 2, 3, 4])));
    for length in 0..honest.len() {
        assert_ne!(refusal(&honest[..length]), "accepted", "{length}");
    }
    let key = key(&[0, 1, 2, 3, 4]);
    for (why, data) in [
        ("accepted", data(OK | 0x22, &key, &[])),
        ("accepted", data(OK | 0x18, &key, &[])),
        ("accepted", data(OK | 0x08, &key, &[])),
        ("accepted", data(OK | 0x80, &key, &[0xa0])),
        ("user_not_present", data(OK & !0x01, &key, &[])),
        ("user_not_verified", data(OK & !0x04, &key, &[])),
        ("backup_flags", data(OK | 0x10, &key, &[])),
        ("authenticator_data_trailing", data(OK, &key, &[0])),
        ("authenticator_data_trailing", data(OK, &key, &[0xa0])),
        ("authenticator_data_trailing", data(OK & !0x40, &key, &[])),
        ("authenticator_data_trailing", data(OK | 0x80, &key, &[0xa0, 0])),
        ("cbor", data(OK | 0x80, &key, &[])),
        ("extensions", data(OK | 0x80, &key, &[0x80])),
    ] {
        assert_eq!(refusal(&data), why);
    }
    let mut long = honest.clone();
    long[53] = 4;
    assert_eq!(refusal(&long), "credential_id_length");
    long[53..55].copy_from_slice(&[0, 200]);
    assert_eq!(refusal(&long), "authenticator_data_length");
    long[53..55].copy_from_slice(&[0, 0]);
    assert_eq!(refusal(&long), "credential_id_length");
}

#[test]
fn cbor_means_one_thing() {
    // WA-46
    for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]] {
        assert_eq!(refusal(&data(0x45, &key(&order), &[])), "accepted", "{order:?}");
    }
    assert_eq!(refusal(&data(0x45, &key(&[0, 1, 2, 3, 4, 3]), &[])), "cbor");
    // Members in a map of indefinite length, a number longer than it need be, and bytes in pieces.
    let sorted = key(&[0, 1, 2, 3, 4]);
    assert_eq!(refusal(&data(0x45, &[&[0xbf], &sorted[1..], &[0xff]].concat(), &[])), "cbor");
    assert_eq!(refusal(&data(0x45, &[&[0xa5, 1, 0x18, 2], &sorted[3..]].concat(), &[])), "cbor");
    let pieces = [&[0x5f, 0x50][..], &[0x22; 16], &[0x50], &[0x22; 16], &[0xff]].concat();
    assert_eq!(refusal(&data(0x45, &[&sorted[..sorted.len() - 34], &pieces].concat(), &[])), "cbor");
    let many: Vec<u8> = (0..24).flat_map(|n| [n, 0]).collect();
    assert_eq!(refusal(&data(0xc5, &sorted, &[&[0xbf], &many[..], &[0x18, 24, 0, 0xff]].concat())), "cbor");
    // Depth and promises of length cost nothing (WA-17).
    for bomb in
        [vec![0x81; 40_000], vec![0xd8; 40_000], vec![0x9b, 0, 0, 0, 0xff, 0, 0, 0, 0], vec![0xbb, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]]
    {
        assert_eq!(cbor_whole(&bomb).err(), Some(CeremonyRefusal("cbor")));
        assert_eq!(attestation_object(&bomb).err(), Some(CeremonyRefusal("cbor")));
    }
}

#[test]
fn a_key_fits_its_algorithm() {
    // WA-39, WA-40, WA-41
    let rsa = |modulus: &[u8], exponent: &[u8]| {
        let length = u16::try_from(modulus.len()).unwrap().to_be_bytes();
        let head = [0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59, length[0], length[1]];
        [&head[..], modulus, &[0x21, 0x40 | u8::try_from(exponent.len()).unwrap()], exponent].concat()
    };
    let small = [0x7f].repeat(256);
    for (why, key) in [
        ("accepted", rsa(&[0xff; 256], &[1, 0, 1])),
        ("public_key", rsa(&[&[0][..], &[0xff; 255]].concat(), &[1, 0, 1])),
        ("public_key", rsa(&small, &[1, 0, 1])),
        ("public_key", rsa(&[0xff; 256], &[])),
        ("public_key", rsa(&[0xff; 256], &[1])),
        ("public_key", rsa(&[0xff; 256], &[0, 0, 1])),
        ("public_key", rsa(&[0xff; 256], &[0, 0, 0, 1])),
        ("public_key", rsa(&[0xff; 256], &[1, 0, 0])),
        ("public_key", key(&[0, 1, 3, 4])),
        ("algorithm", key(&[1, 2, 3, 4])),
        ("algorithm", key(&[0, 2, 3, 4])),
        ("algorithm", vec![0xa0]),
        ("public_key", vec![0x80]),
    ] {
        assert_eq!(refusal(&data(0x45, &key, &[])), why);
    }
}

#[test]
fn only_transports_we_know_are_kept_each_once() {
    let many: Vec<&str> = ["usb", "nfc", "<script>", "USB"].repeat(2_000);
    let response: Strict = serde_json::from_value(json!({ "transports": many })).unwrap();
    assert_eq!(transports(&response), ["nfc", "usb"]);
    let none: Strict = serde_json::from_value(json!({ "transports": "usb" })).unwrap();
    assert!(transports(&none).is_empty());
}
