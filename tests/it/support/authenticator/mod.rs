//! An authenticator and the browser around it, in software, that can lie in every field.
//!
//! It makes what a page would send: the JSON of `PublicKeyCredential.toJSON()`. Left alone it is honest; each method of
//! `Creation` and `Assertion` changes one thing, and everything computed from that thing (hashes, signatures) follows, so
//! that a test changes one field and nothing else is wrong.

mod assertion;
mod creation;
mod proof;

pub use assertion::Assertion;
pub use creation::{Creation, Format};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use aws_lc_rs::{digest, rand};
use ciborium::Value as Cbor;
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value as Json;

/// The bits of the flags byte (WebAuthn, section 6.1).
pub mod flag {
    /// User present.
    pub const UP: u8 = 0x01;
    /// User verified.
    pub const UV: u8 = 0x04;
    /// May be copied to other devices.
    pub const BE: u8 = 0x08;
    /// Is copied to other devices.
    pub const BS: u8 = 0x10;
    /// Credential data follows.
    pub const AT: u8 = 0x40;
    /// Extensions follow.
    pub const ED: u8 = 0x80;
}

/// A kind of key, by its COSE number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// -7: P-256 with SHA-256.
    Es256,
    /// -257: RSA with SHA-256.
    Rs256,
}

impl Algorithm {
    fn number(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::Rs256 => -257,
        }
    }
}

/// A private key.
pub enum Key {
    /// P-256.
    Es256(EcdsaKeyPair),
    /// RSA, 2048 bits.
    Rs256(RsaKeyPair),
}

impl Key {
    /// A new one.
    pub fn make(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Es256 => Self::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap()),
            Algorithm::Rs256 => Self::Rs256(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
        }
    }
    /// Its kind.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Es256(_) => Algorithm::Es256,
            Self::Rs256(_) => Algorithm::Rs256,
        }
    }
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Es256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }
    /// The public half as a COSE key (RFC 9052, RFC 8230), its members in the order CTAP2 wants.
    pub fn cose(&self) -> Vec<(Cbor, Cbor)> {
        let number = |n: i64| Cbor::Integer(n.into());
        match self {
            Self::Es256(pair) => {
                let point = pair.public_key().as_ref();
                vec![
                    (number(1), number(2)),
                    (number(3), number(-7)),
                    (number(-1), number(1)),
                    (number(-2), Cbor::Bytes(point[1..33].to_vec())),
                    (number(-3), Cbor::Bytes(point[33..65].to_vec())),
                ]
            }
            Self::Rs256(pair) => {
                let public = pair.public_key();
                vec![
                    (number(1), number(3)),
                    (number(3), number(-257)),
                    (number(-1), Cbor::Bytes(public.modulus().big_endian_without_leading_zero().to_vec())),
                    (number(-2), Cbor::Bytes(public.exponent().big_endian_without_leading_zero().to_vec())),
                ]
            }
        }
    }
}

/// A passkey the authenticator keeps.
pub struct Credential {
    /// Its id.
    pub id: Vec<u8>,
    /// Its private key.
    pub key: Key,
    /// The account it was made for.
    pub user_handle: Vec<u8>,
    /// The site it was made for.
    pub rp_id: String,
    /// How often it signed; stays zero for keys that are copied.
    pub counter: u32,
    /// Backup flags (`flag::BE`, `flag::BS`).
    pub backup: u8,
}

impl Credential {
    /// Answers a request for a signature. `options` is what the server sent, with or without `publicKey` around it.
    pub fn get(&self, options: &Json, origin: &str) -> Assertion<'_> {
        Assertion::new(self, inner(options), origin)
    }
}

/// A device that makes passkeys.
#[derive(Clone, Debug)]
pub struct Authenticator {
    /// Its model.
    pub aaguid: [u8; 16],
    /// The kind of key it makes.
    pub algorithm: Algorithm,
    /// Backup flags of what it makes.
    pub backup: u8,
}

impl Authenticator {
    /// One built into the device, that copies its keys to others.
    pub fn synced() -> Self {
        Self { aaguid: [0; 16], algorithm: Algorithm::Es256, backup: flag::BE | flag::BS }
    }
    /// One whose keys never leave it.
    pub fn bound() -> Self {
        Self { backup: 0, ..Self::synced() }
    }
    /// The same with another kind of key.
    pub fn with(self, algorithm: Algorithm) -> Self {
        Self { algorithm, ..self }
    }
    /// Answers a request for a new passkey. `options` is what the server sent, with or without `publicKey` around it.
    pub fn create(&self, options: &Json, origin: &str) -> Creation {
        Creation::new(self, inner(options), origin)
    }
}

fn inner(options: &Json) -> &Json {
    options.get("publicKey").unwrap_or(options)
}

fn text(options: &Json, pointer: &str) -> String {
    options.pointer(pointer).and_then(Json::as_str).unwrap_or_else(|| panic!("no {pointer} in the server's options: {options}")).to_owned()
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest::digest(&digest::SHA256, bytes).as_ref().try_into().unwrap()
}

/// Unpadded base64url.
pub fn base64url(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// Random bytes.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).unwrap();
    bytes
}

fn to_cbor(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

/// What the browser says it did (WebAuthn, section 5.8.1).
#[derive(Clone, Debug)]
struct ClientData {
    type_: String,
    challenge: String,
    origin: String,
    cross_origin: Option<bool>,
    top_origin: Option<String>,
    instead: Option<Vec<u8>>,
}

impl ClientData {
    fn new(type_: &str, options: &Json, origin: &str) -> Self {
        let challenge = text(options, "/challenge");
        Self { type_: type_.into(), challenge, origin: origin.into(), cross_origin: Some(false), top_origin: None, instead: None }
    }
    fn bytes(&self) -> Vec<u8> {
        if let Some(instead) = &self.instead {
            return instead.clone();
        }
        let quoted = |text: &str| Json::from(text).to_string();
        let mut json =
            format!(r#"{{"type":{},"challenge":{},"origin":{}"#, quoted(&self.type_), quoted(&self.challenge), quoted(&self.origin));
        if let Some(cross_origin) = self.cross_origin {
            json += &format!(r#","crossOrigin":{cross_origin}"#);
        }
        if let Some(top_origin) = &self.top_origin {
            json += &format!(r#","topOrigin":{}"#, quoted(top_origin));
        }
        (json + "}").into_bytes()
    }
}

/// The fields of client data that both ceremonies can lie about.
macro_rules! client_data_lies {
    () => {
        /// Another ceremony's type.
        pub fn type_(mut self, type_: &str) -> Self {
            self.client_data.type_ = type_.into();
            self
        }
        /// Another challenge, as base64url text.
        pub fn challenge(mut self, challenge: &str) -> Self {
            self.client_data.challenge = challenge.into();
            self
        }
        /// Another origin.
        pub fn origin(mut self, origin: &str) -> Self {
            self.client_data.origin = origin.into();
            self
        }
        /// Made inside a frame of another site, or silent about it.
        pub fn cross_origin(mut self, cross_origin: Option<bool>) -> Self {
            self.client_data.cross_origin = cross_origin;
            self
        }
        /// The site around the frame.
        pub fn top_origin(mut self, top_origin: &str) -> Self {
            self.client_data.top_origin = Some(top_origin.into());
            self
        }
        /// Other client data altogether, byte for byte.
        pub fn client_data(mut self, bytes: &[u8]) -> Self {
            self.client_data.instead = Some(bytes.to_vec());
            self
        }
        /// Another site's hash.
        pub fn rp_id_hash(mut self, hash: [u8; 32]) -> Self {
            self.rp_id_hash = hash;
            self
        }
        /// Other flags, all of them.
        pub fn flags(mut self, flags: u8) -> Self {
            self.flags = flags;
            self
        }
        /// Without some flags.
        pub fn without(mut self, flags: u8) -> Self {
            self.flags &= !flags;
            self
        }
        /// Another count.
        pub fn counter(mut self, counter: u32) -> Self {
            self.counter = counter;
            self
        }
        /// Another credential id, wherever it stands.
        pub fn id(mut self, id: &[u8]) -> Self {
            self.id = id.to_vec();
            self
        }
        /// Extension outputs, as CBOR; sets the flag.
        pub fn extensions(mut self, cbor: &[u8]) -> Self {
            self.extensions = Some(cbor.to_vec());
            self
        }
        /// Bytes after the end of the authenticator data.
        pub fn trailing_bytes(mut self, bytes: &[u8]) -> Self {
            self.trailing = bytes.to_vec();
            self
        }
        /// Changes the finished authenticator data, before it is signed.
        pub fn edit_data(mut self, edit: fn(&mut Vec<u8>)) -> Self {
            self.data_edits.push(edit);
            self
        }
        /// Changes the finished JSON.
        pub fn edit(mut self, edit: impl FnOnce(&mut serde_json::Value) + 'static) -> Self {
            self.edits.push(Box::new(edit));
            self
        }
    };
}
use client_data_lies;

type Edit = Box<dyn FnOnce(&mut Json)>;
type DataEdit = fn(&mut Vec<u8>);
