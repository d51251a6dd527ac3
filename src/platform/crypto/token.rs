//! Random bearer values. Each kind has its own prefix and its own type, so that none serves for another (TK-04);
//! each is shown once and kept as SHA-256 (OA-57, SE-01).

use std::marker::PhantomData;

use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::sha256;
use crate::kernel::Entropy;

/// A kind of token.
pub trait Kind {
    /// How its tokens begin.
    const PREFIX: &'static str;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {}
        impl Kind for $name { const PREFIX: &'static str = $prefix; }
    )+};
}

kinds! {
    /// The cookie of a session.
    SessionCookie = "vss_";
    /// The cookie of a known device.
    DeviceCookie = "vsd_";
    /// The cookie that binds journeys and forms to a browser.
    FlowCookie = "vsf_";
    /// An authorization code.
    Code = "vsc_";
    /// An access token.
    AccessToken = "vsa_";
    /// A secret of an application.
    ClientSecret = "vsk_";
}

/// Characters of 32 bytes in base64url.
const LENGTH: usize = 43;

/// A token in the clear: 256 random bits. `Debug` prints nothing of it.
pub struct Token<K> {
    text: SecretString,
    kind: PhantomData<K>,
}

impl<K: Kind> Token<K> {
    /// A new token.
    pub fn make(entropy: &dyn Entropy) -> Self {
        let text = format!("{}{}", K::PREFIX, BASE64URL_NOPAD.encode(&entropy.bytes::<32>()));
        Self { text: text.into(), kind: PhantomData }
    }
    /// A presented token, if it has the form of this kind: prefix, length, alphabet. Anything cut or longer has not.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(K::PREFIX)?;
        let fits = rest.len() == LENGTH && BASE64URL_NOPAD.decode(rest.as_bytes()).is_ok();
        fits.then(|| Self { text: text.into(), kind: PhantomData })
    }
    /// The text, to be shown or sent once.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }
    /// What is kept.
    pub fn hash(&self) -> TokenHash<K> {
        TokenHash { bytes: sha256(self.expose().as_bytes()), kind: PhantomData }
    }
}

impl<K> Clone for Token<K> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), kind: PhantomData }
    }
}

impl<K: Kind> std::fmt::Debug for Token<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}[REDACTED]", K::PREFIX)
    }
}

/// What is kept of a token.
pub struct TokenHash<K> {
    bytes: [u8; 32],
    kind: PhantomData<K>,
}

impl<K> TokenHash<K> {
    /// From a stored hash.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self { bytes: bytes.try_into().ok()?, kind: PhantomData })
    }
    /// A hash no token has.
    pub const fn none() -> Self {
        Self { bytes: [0; 32], kind: PhantomData }
    }
    /// The hash.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl<K> Clone for TokenHash<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for TokenHash<K> {}
impl<K> PartialEq for TokenHash<K> {
    fn eq(&self, other: &Self) -> bool {
        super::same(&self.bytes, &other.bytes)
    }
}
impl<K> Eq for TokenHash<K> {}
impl<K> std::fmt::Debug for TokenHash<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [a, b, ..] = self.bytes;
        write!(f, "TokenHash({a:02x}{b:02x}..)")
    }
}
impl<K> Serialize for TokenHash<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64URL_NOPAD.encode(&self.bytes))
    }
}
impl<'de, K> Deserialize<'de> for TokenHash<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok();
        bytes.and_then(|bytes| Self::from_bytes(&bytes)).ok_or_else(|| serde::de::Error::custom("not a hash of a token"))
    }
}

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SYMBOLS: usize = 26;

/// The secret of a one-use link: 130 random bits a person can read out, such as `7KQ29-VXM4T-8C0HR-D3MTZ-PW5X8-A`.
#[derive(Clone)]
pub struct TicketCode(SecretString);

impl TicketCode {
    /// A new code.
    pub fn make(entropy: &dyn Entropy) -> Self {
        let symbols = entropy.bytes::<SYMBOLS>().map(|byte| symbol(byte & 31));
        Self(grouped(symbols.into_iter()).into())
    }
    /// A presented code, as forgiving as reading aloud needs: any case, hyphens and spaces, O for 0, I and L for 1.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 100 {
            return None;
        }
        let symbols: Vec<char> = text
            .chars()
            .filter(|c| !matches!(c, '-' | ' '))
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let fits = symbols.len() == SYMBOLS && symbols.iter().all(|c| ALPHABET.iter().any(|known| char::from(*known) == *c));
        fits.then(|| Self(grouped(symbols.into_iter()).into()))
    }
    /// The code as shown.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
    /// What is kept.
    pub fn hash(&self) -> [u8; 32] {
        sha256(format!("ticket\0{}", self.expose()).as_bytes())
    }
}

impl std::fmt::Debug for TicketCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TicketCode([REDACTED])")
    }
}

fn symbol(value: u8) -> char {
    ALPHABET.get(usize::from(value)).copied().map_or('0', char::from)
}

fn grouped(symbols: impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    for (place, symbol) in symbols.enumerate() {
        if place > 0 && place % 5 == 0 {
            text.push('-');
        }
        text.push(symbol);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::crypto::OsEntropy;

    #[test]
    fn a_token_matches_whole_or_not_at_all() {
        // CVE-68, TK-04
        let token = Token::<AccessToken>::make(&OsEntropy);
        let text = token.expose().to_owned();
        assert_eq!(Token::<AccessToken>::parse(&text).unwrap().hash(), token.hash());
        for length in 0..text.len() {
            assert!(Token::<AccessToken>::parse(&text[..length]).is_none());
        }
        assert!(Token::<AccessToken>::parse(&format!("{text}A")).is_none());
        assert!(Token::<Code>::parse(&text).is_none());
        assert!(!format!("{token:?}").contains(&text[4..]));
    }

    #[test]
    fn a_code_survives_being_read_aloud() {
        let code = TicketCode::make(&OsEntropy);
        assert_eq!(code.expose().len(), 31);
        let spoken = code.expose().to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(TicketCode::parse(&spoken).unwrap().hash(), code.hash());
        for bad in ["", "7KQ29", &format!("{}X", code.expose()), &code.expose().replace('-', "/")] {
            assert!(TicketCode::parse(bad).is_none(), "{bad}");
        }
    }
}
