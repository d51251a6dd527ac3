//! The shape of what a browser sends, checked strictly before any cryptography: JSON without repeated members,
//! unpadded base64url, sizes, the client data by value, the authenticator data to its last byte.

use std::collections::BTreeMap;
use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_cbor_2::Value as Cbor;

/// Why an answer was refused: a word for the audit line. The browser is told nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CeremonyRefusal(pub &'static str);

/// The largest answer we look at (WA-17).
pub const MOST_BYTES: usize = 64 * 1024;
/// The longest credential id (WA-42).
const LONGEST_ID: usize = 1023;

/// JSON in which no object names a member twice (WA-12).
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Strict {
    Text(String),
    Bool(bool),
    Object(BTreeMap<String, Strict>),
    Array(Vec<Strict>),
    Number,
    Null,
}

impl Strict {
    fn get(&self, name: &str) -> Option<&Strict> {
        match self {
            Self::Object(members) => members.get(name),
            _ => None,
        }
    }
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Strict;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON without repeated members")
            }
            fn visit_bool<E>(self, value: bool) -> Result<Strict, E> {
                Ok(Strict::Bool(value))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Strict, E> {
                Ok(Strict::Number)
            }
            fn visit_u64<E>(self, _: u64) -> Result<Strict, E> {
                Ok(Strict::Number)
            }
            fn visit_f64<E>(self, _: f64) -> Result<Strict, E> {
                Ok(Strict::Number)
            }
            fn visit_str<E>(self, value: &str) -> Result<Strict, E> {
                Ok(Strict::Text(value.to_owned()))
            }
            fn visit_unit<E>(self) -> Result<Strict, E> {
                Ok(Strict::Null)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Strict, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Strict::Array(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Strict, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Strict>()? {
                    if members.insert(name, value).is_some() {
                        return Err(serde::de::Error::custom("a member is repeated"));
                    }
                }
                Ok(Strict::Object(members))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// Whom an assertion names, before anything about it is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCredential {
    /// The credential.
    pub credential_id: Vec<u8>,
    /// The account, if the authenticator said.
    pub user_handle: Option<Vec<u8>>,
}

/// Reads whom an assertion names.
///
/// # Errors
/// When the answer has not the shape of an assertion.
pub fn named(body: &[u8]) -> Result<NamedCredential, CeremonyRefusal> {
    let answer = answer(body)?;
    let handle = match answer.response.get("userHandle") {
        None | Some(Strict::Null) => None,
        // Some security keys name no account by an empty handle.
        Some(Strict::Text(text)) if text.is_empty() => None,
        Some(value) => Some(bytes(Some(value), "user_handle")?),
    };
    Ok(NamedCredential { credential_id: answer.id, user_handle: handle })
}

/// The challenge an answer claims to answer: by it, what we kept about the ceremony is found. Nothing else is believed.
///
/// # Errors
/// When the answer has not the shape of one.
pub fn challenge_of(body: &[u8]) -> Result<String, CeremonyRefusal> {
    let json = member(&answer(body)?.response, "clientDataJSON", "client_data")?;
    let data: Strict = serde_json::from_slice(unmarked(&json)).map_err(|_| CeremonyRefusal("client_data"))?;
    let challenge = data.get("challenge").and_then(Strict::text).filter(|text| text.len() <= 128);
    challenge.map(str::to_owned).ok_or(CeremonyRefusal("challenge"))
}

/// The outer shape both ceremonies share (WA-12 to WA-16).
pub(super) struct PublicKeyCredential {
    pub(super) id: Vec<u8>,
    pub(super) response: Strict,
}

pub(super) fn answer(body: &[u8]) -> Result<PublicKeyCredential, CeremonyRefusal> {
    if body.len() > MOST_BYTES {
        return Err(CeremonyRefusal("body_too_large"));
    }
    let json: Strict = serde_json::from_slice(body).map_err(|_| CeremonyRefusal("body_not_json"))?;
    if json.get("type").and_then(Strict::text) != Some("public-key") {
        return Err(CeremonyRefusal("type"));
    }
    let id = bytes(json.get("id"), "id")?;
    if bytes(json.get("rawId"), "raw_id")? != id {
        return Err(CeremonyRefusal("raw_id"));
    }
    if id.len() > LONGEST_ID {
        return Err(CeremonyRefusal("id_too_long"));
    }
    let response = json.get("response").filter(|response| matches!(response, Strict::Object(_))).cloned();
    Ok(PublicKeyCredential { id, response: response.ok_or(CeremonyRefusal("response"))? })
}

/// Unpadded base64url, not empty (WA-13, WA-16).
fn bytes(value: Option<&Strict>, what: &'static str) -> Result<Vec<u8>, CeremonyRefusal> {
    let text = value.and_then(Strict::text).filter(|text| !text.is_empty()).ok_or(CeremonyRefusal(what))?;
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| CeremonyRefusal(what))
}

pub(super) fn member(response: &Strict, name: &str, what: &'static str) -> Result<Vec<u8>, CeremonyRefusal> {
    bytes(response.get(name), what)
}

/// The transports a registration names, as far as we know the words.
pub(super) fn transports(response: &Strict) -> Vec<String> {
    let known = ["usb", "nfc", "ble", "internal", "hybrid", "smart-card"];
    match response.get("transports") {
        Some(Strict::Array(items)) => {
            let words = items.iter().filter_map(Strict::text).filter(|word| known.contains(word));
            let mut words: Vec<String> = words.map(str::to_owned).collect();
            words.sort_unstable();
            words.dedup();
            words
        }
        _ => Vec::new(),
    }
}

/// Client data without the byte order mark that the specification's "UTF-8 decode" reads past (WA-18).
pub(super) fn unmarked(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json)
}

/// Checks the client data by value (WA-18 to WA-24): type, the very challenge text we sent, the whole origin, not from
/// a frame of another site.
pub(super) fn client_data(json: &[u8], kind: &str, challenge: &str, origin: &str) -> Result<(), CeremonyRefusal> {
    let data: Strict = serde_json::from_slice(unmarked(json)).map_err(|_| CeremonyRefusal("client_data"))?;
    let text = |name: &str| data.get(name).and_then(Strict::text);
    if text("type") != Some(kind) {
        return Err(CeremonyRefusal("client_data_type"));
    }
    if text("challenge") != Some(challenge) {
        return Err(CeremonyRefusal("challenge"));
    }
    if text("origin") != Some(origin) {
        return Err(CeremonyRefusal("origin"));
    }
    match data.get("crossOrigin") {
        None | Some(Strict::Bool(false)) => {}
        _ => return Err(CeremonyRefusal("cross_origin")),
    }
    if data.get("topOrigin").is_some() {
        return Err(CeremonyRefusal("top_origin"));
    }
    match data.get("tokenBinding") {
        None => Ok(()),
        Some(binding) if matches!(binding.get("status").and_then(Strict::text), Some("supported" | "not-supported")) => Ok(()),
        // "present" names a channel we never set up.
        Some(_) => Err(CeremonyRefusal("token_binding")),
    }
}

const UP: u8 = 0x01;
const UV: u8 = 0x04;
const BE: u8 = 0x08;
const BS: u8 = 0x10;
const AT: u8 = 0x40;
const ED: u8 = 0x80;

/// Authenticator data, read to its last byte.
pub(super) struct AuthenticatorData {
    pub(super) rp_id_hash: [u8; 32],
    pub(super) backup_eligible: bool,
    pub(super) backup_state: bool,
    pub(super) counter: u32,
    pub(super) credential: Option<Attested>,
}

/// The credential inside a registration's authenticator data.
pub(super) struct Attested {
    pub(super) aaguid: [u8; 16],
    pub(super) id: Vec<u8>,
    pub(super) public_key: Vec<u8>,
    pub(super) algorithm: i32,
}

/// Reads authenticator data (WebAuthn section 6.1): exact length, consistent flags, present and verified user
/// (WA-27 to WA-32), one unambiguous key (WA-46).
pub(super) fn authenticator_data(data: &[u8]) -> Result<AuthenticatorData, CeremonyRefusal> {
    let short = CeremonyRefusal("authenticator_data_length");
    let (rp_id_hash, rest) = data.split_first_chunk::<32>().ok_or(short)?;
    let (&flags, rest) = rest.split_first().ok_or(short)?;
    let (counter, mut rest) = rest.split_first_chunk::<4>().ok_or(short)?;
    if flags & UP == 0 {
        return Err(CeremonyRefusal("user_not_present"));
    }
    if flags & UV == 0 {
        return Err(CeremonyRefusal("user_not_verified"));
    }
    if flags & BS != 0 && flags & BE == 0 {
        return Err(CeremonyRefusal("backup_flags"));
    }
    let mut credential = None;
    if flags & AT != 0 {
        let (aaguid, after) = rest.split_first_chunk::<16>().ok_or(short)?;
        let (length, after) = after.split_first_chunk::<2>().ok_or(short)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > LONGEST_ID {
            return Err(CeremonyRefusal("credential_id_length"));
        }
        let (id, after) = after.split_at_checked(length).ok_or(short)?;
        let (key, used) = cbor_prefix(after)?;
        let (public_key, after) = after.split_at_checked(used).ok_or(short)?;
        let algorithm = public_key_algorithm(&key)?;
        credential = Some(Attested { aaguid: *aaguid, id: id.to_vec(), public_key: public_key.to_vec(), algorithm });
        rest = after;
    }
    if flags & ED != 0 {
        let (extensions, used) = cbor_prefix(rest)?;
        if !matches!(extensions, Cbor::Map(_)) {
            return Err(CeremonyRefusal("extensions"));
        }
        rest = rest.get(used..).ok_or(short)?;
    }
    if !rest.is_empty() {
        return Err(CeremonyRefusal("authenticator_data_trailing"));
    }
    Ok(AuthenticatorData {
        rp_id_hash: *rp_id_hash,
        backup_eligible: flags & BE != 0,
        backup_state: flags & BS != 0,
        counter: u32::from_be_bytes(*counter),
        credential,
    })
}

/// Reads one CBOR value and says how many bytes it took. Repeated keys, indefinite lengths and long forms write back as
/// other bytes and are refused (WA-46). The members of a map may stand in any order: it means nothing, and not every
/// maker of passkeys sorts them.
fn cbor_prefix(bytes: &[u8]) -> Result<(Cbor, usize), CeremonyRefusal> {
    let refusal = CeremonyRefusal("cbor");
    let mut reader = serde_cbor_2::Deserializer::from_slice(bytes);
    let value = Cbor::deserialize(&mut reader).map_err(|_| refusal)?;
    let used = reader.byte_offset();
    let canonical = serde_cbor_2::to_vec(&value).map_err(|_| refusal)?;
    let sorted = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes.sort_unstable();
        bytes
    };
    if bytes.get(..used).map(sorted) != Some(sorted(&canonical)) {
        return Err(refusal);
    }
    Ok((value, used))
}

/// Reads a value that must fill all of `bytes`.
pub(super) fn cbor_whole(bytes: &[u8]) -> Result<Cbor, CeremonyRefusal> {
    match cbor_prefix(bytes)? {
        (value, used) if used == bytes.len() => Ok(value),
        _ => Err(CeremonyRefusal("cbor_trailing")),
    }
}

/// The algorithm of a COSE key, if it is one we offer and the key fits it (WA-39 to WA-41). Whether a point lies on
/// its curve is the library's to say.
fn public_key_algorithm(key: &Cbor) -> Result<i32, CeremonyRefusal> {
    let Cbor::Map(members) = key else { return Err(CeremonyRefusal("public_key")) };
    let number = |label: i128| match members.get(&Cbor::Integer(label)) {
        Some(Cbor::Integer(number)) => Some(*number),
        _ => None,
    };
    let bytes = |label: i128| match members.get(&Cbor::Integer(label)) {
        Some(Cbor::Bytes(bytes)) => Some(bytes.as_slice()),
        _ => None,
    };
    let labels: Vec<&Cbor> = members.keys().collect();
    let only = |allowed: &[i128]| labels.iter().all(|label| allowed.iter().any(|known| **label == Cbor::Integer(*known)));
    match (number(1), number(3)) {
        // EC2 with ES256 on P-256, ES384 on P-384; y uncompressed; no private member (-4).
        (Some(2), Some(alg @ (-7 | -35))) => {
            let (curve, size) = if alg == -7 { (1, 32) } else { (2, 48) };
            let fits = number(-1) == Some(curve) && [-2, -3].iter().all(|label| bytes(*label).is_some_and(|b| b.len() == size));
            if fits && only(&[1, 3, -1, -2, -3]) {
                i32::try_from(alg).map_err(|_| CeremonyRefusal("algorithm"))
            } else {
                Err(CeremonyRefusal("public_key"))
            }
        }
        // RSA with RS256: at least 2048 bits, an odd exponent above one, no private member.
        (Some(3), Some(-257)) => {
            let modulus = bytes(-1).is_some_and(|n| n.len() >= 256 && n.first().is_some_and(|first| *first >= 0x80));
            let digits: Vec<u8> = bytes(-2).unwrap_or_default().iter().copied().skip_while(|digit| *digit == 0).collect();
            let exponent = digits.last().is_some_and(|last| last % 2 == 1) && digits != [1];
            if modulus && exponent && only(&[1, 3, -1, -2]) { Ok(-257) } else { Err(CeremonyRefusal("public_key")) }
        }
        (Some(1..=3), Some(-7 | -35 | -257)) => Err(CeremonyRefusal("public_key")),
        _ => Err(CeremonyRefusal("algorithm")),
    }
}

/// The authenticator data inside an attestation object (WA-47, WA-48).
pub(super) fn attestation_object(bytes: &[u8]) -> Result<Vec<u8>, CeremonyRefusal> {
    let Cbor::Map(members) = cbor_whole(bytes)? else { return Err(CeremonyRefusal("attestation_object")) };
    let member = |name: &str| members.get(&Cbor::Text(name.to_owned()));
    match (member("fmt"), member("attStmt"), member("authData")) {
        (Some(Cbor::Text(format)), Some(Cbor::Map(statement)), Some(Cbor::Bytes(data))) => {
            if format == "none" && !statement.is_empty() {
                return Err(CeremonyRefusal("attestation_statement"));
            }
            Ok(data.clone())
        }
        _ => Err(CeremonyRefusal("attestation_object")),
    }
}
