//! Random bearer values. Each kind has its own prefix and its own type, so that none serves for another (TK-04);
//! each is shown once and kept as SHA-256 (OA-57, SE-01).

use std::marker::PhantomData;

use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::sha256;
use crate::kernel::Entropy;

/// A kind of token.
pub trait TokenKind {
    /// How its tokens begin.
    const PREFIX: &'static str;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {}
        impl TokenKind for $name { const PREFIX: &'static str = $prefix; }
    )+};
}

kinds! {
    /// The cookie of a session.
    SessionCookie = "vss_";
    /// The cookie of a known device.
    DeviceCookie = "vsd_";
    /// The cookie that binds journeys and forms to a browser.
    AttemptCookie = "vsf_";
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

impl<K: TokenKind> Token<K> {
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

impl<K: TokenKind> std::fmt::Debug for Token<K> {
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
        Self(grouped(symbols.into_iter(), 5).into())
    }
    /// A presented code, as forgiving as reading aloud and copying need: any case, spaces and line ends, hyphens and
    /// what mail programs make of them, O for 0, I and L for 1.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self(grouped(typed_symbols(text, SYMBOLS)?.into_iter(), 5).into()))
    }
    /// The code as shown.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
    /// What is kept.
    pub fn hash(&self) -> [u8; 32] {
        sha256(format!("ticket\0{}", self.expose()).as_bytes())
    }
    /// A word that stands for the code where it must not stand itself, such as a form: 64 bits of its hash.
    pub fn reference(&self) -> String {
        BASE64URL_NOPAD.encode(self.hash().get(..8).unwrap_or_default())
    }
}

impl std::fmt::Debug for TicketCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TicketCode([REDACTED])")
    }
}

/// A code someone types off a message: 40 random bits, such as `7KQ2-9VXM`. Too few to stand alone: its tries are counted.
#[derive(Clone)]
pub struct MailedCode(SecretString);

const MAILED_SYMBOLS: usize = 8;

impl MailedCode {
    /// A new code.
    pub fn make(entropy: &dyn Entropy) -> Self {
        let symbols = entropy.bytes::<MAILED_SYMBOLS>().map(|byte| symbol(byte & 31));
        Self(grouped(symbols.into_iter(), 4).into())
    }
    /// A typed code, as forgiving as [`TicketCode::parse`].
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self(grouped(typed_symbols(text, MAILED_SYMBOLS)?.into_iter(), 4).into()))
    }
    /// The code as shown.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for MailedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MailedCode([REDACTED])")
    }
}

fn typed_symbols(text: &str, count: usize) -> Option<Vec<char>> {
    if text.len() > 200 {
        return None;
    }
    let symbols: Vec<char> = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}'))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let fits = symbols.len() == count && symbols.iter().all(|c| ALPHABET.iter().any(|known| char::from(*known) == *c));
    fits.then_some(symbols)
}

fn symbol(value: u8) -> char {
    ALPHABET.get(usize::from(value)).copied().map_or('0', char::from)
}

fn grouped(symbols: impl Iterator<Item = char>, by: usize) -> String {
    let mut text = String::new();
    for (place, symbol) in symbols.enumerate() {
        if place > 0 && place % by == 0 {
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

    fn whole_or_not_at_all<K: TokenKind>() {
        let token = Token::<K>::make(&OsEntropy);
        let text = token.expose().to_owned();
        assert_eq!(text.len(), K::PREFIX.len() + LENGTH);
        assert_eq!(Token::<K>::parse(&text).unwrap().hash(), token.hash());
        for length in 0..text.len() {
            assert!(Token::<K>::parse(&text[..length]).is_none(), "{length}");
            assert!(Token::<K>::parse(&text[length + 1..]).is_none(), "{length}");
        }
        for more in ["A", "=", " ", "\0", "\n", ".", "AAAA"] {
            assert!(Token::<K>::parse(&format!("{text}{more}")).is_none(), "{more:?}");
            assert!(Token::<K>::parse(&format!("{more}{text}")).is_none(), "{more:?}");
        }
        assert!(Token::<K>::parse(&text.to_uppercase()).is_none());
        // Another character anywhere: no token, or another one.
        for place in K::PREFIX.len()..text.len() {
            let other = if text[place..].starts_with('A') { "B" } else { "A" };
            let changed = format!("{}{other}{}", &text[..place], &text[place + 1..]);
            assert!(Token::<K>::parse(&changed).is_none_or(|changed| changed.hash() != token.hash()), "{place}");
        }
        assert_eq!(format!("{token:?}"), format!("{}[REDACTED]", K::PREFIX));
    }

    #[test]
    fn a_token_matches_whole_or_not_at_all() {
        // CVE-68, OA-57, TK-04, LG-06
        whole_or_not_at_all::<SessionCookie>();
        whole_or_not_at_all::<DeviceCookie>();
        whole_or_not_at_all::<AttemptCookie>();
        whole_or_not_at_all::<Code>();
        whole_or_not_at_all::<AccessToken>();
        whole_or_not_at_all::<ClientSecret>();
    }

    #[test]
    fn no_kind_is_read_as_another() {
        // TK-04, CVE-04
        let prefixes =
            [SessionCookie::PREFIX, DeviceCookie::PREFIX, AttemptCookie::PREFIX, Code::PREFIX, AccessToken::PREFIX, ClientSecret::PREFIX];
        assert_eq!(prefixes.iter().collect::<std::collections::HashSet<_>>().len(), prefixes.len());
        let body = "A".repeat(LENGTH);
        let kinds: [fn(&str) -> bool; 6] = [
            |text| Token::<SessionCookie>::parse(text).is_some(),
            |text| Token::<DeviceCookie>::parse(text).is_some(),
            |text| Token::<AttemptCookie>::parse(text).is_some(),
            |text| Token::<Code>::parse(text).is_some(),
            |text| Token::<AccessToken>::parse(text).is_some(),
            |text| Token::<ClientSecret>::parse(text).is_some(),
        ];
        for prefix in prefixes {
            assert_eq!(kinds.iter().filter(|reads| reads(&format!("{prefix}{body}"))).count(), 1, "{prefix}");
        }
        assert!(kinds.iter().all(|reads| !reads(&body)));
    }

    #[test]
    fn a_token_has_one_spelling() {
        // OA-57: the last character carries two unused bits, which must be zero
        assert!(Token::<Code>::parse(&format!("vsc_{}A", "A".repeat(42))).is_some());
        for last in ["B", "C", "D", "/", "+", "="] {
            assert!(Token::<Code>::parse(&format!("vsc_{}{last}", "A".repeat(42))).is_none(), "{last}");
        }
    }

    #[test]
    fn the_hash_is_sha_256_of_the_whole_text() {
        // OA-57; computed with Python's hashlib: it is what rows hold, so it never changes
        let token = Token::<AccessToken>::parse(&format!("vsa_{}", "A".repeat(43))).unwrap();
        let expected = "0eacc43db76c45a13003f305521d1d91890937bf5b934c459405f3d9910ee72d";
        assert_eq!(data_encoding::HEXLOWER.encode(token.hash().as_bytes()), expected);
        assert_eq!(format!("{:?}", token.hash()), "TokenHash(0eac..)");
        let written = serde_json::to_string(&token.hash()).unwrap();
        assert_eq!(serde_json::from_str::<TokenHash<AccessToken>>(&written).unwrap(), token.hash());
        assert!(serde_json::from_str::<TokenHash<AccessToken>>("\"AAAA\"").is_err());
        assert!(TokenHash::<AccessToken>::from_bytes(&[1; 31]).is_none());
        assert!(TokenHash::<AccessToken>::from_bytes(&[1; 33]).is_none());
    }

    #[test]
    fn a_code_survives_being_read_aloud() {
        let code = TicketCode::make(&OsEntropy);
        assert_eq!(code.expose().len(), 31);
        let plain = code.expose().replace('-', "");
        for spelt in [
            code.expose().to_lowercase(),
            plain.clone(),
            code.expose().replace('-', " "),
            code.expose().replace('-', "\u{2011}"),
            code.expose().replace('-', "\u{2013}"),
            format!(" \t{}\r\n", code.expose()),
            plain.replace('0', "O").replace('1', "I"),
            plain.to_lowercase().replace('0', "o").replace('1', "l"),
            plain.chars().map(|c| format!("{c} ")).collect(),
        ] {
            assert_eq!(TicketCode::parse(&spelt).unwrap().hash(), code.hash(), "{spelt}");
        }
        assert_eq!(format!("{code:?}"), "TicketCode([REDACTED])");
    }

    #[test]
    fn a_code_matches_whole_or_not_at_all() {
        // CVE-68, CR-09
        let code = TicketCode::parse("7kq29 vxm4t 8cohr d3mtz pw5x8 a").unwrap();
        assert_eq!(code.expose(), "7KQ29-VXM4T-8C0HR-D3MTZ-PW5X8-A");
        let expected = "872ccd6aded9902f6ff91cc3b1f56996e6d14528e2d3aee9080f24514d39bea5";
        assert_eq!(data_encoding::HEXLOWER.encode(&code.hash()), expected);
        for length in 0..code.expose().len() {
            assert!(TicketCode::parse(&code.expose()[..length]).is_none(), "{length}");
        }
        let u = code.expose().replace('A', "U");
        for bad in [&format!("{}X", code.expose()), &code.expose().replace('-', "/"), &u, &u.replace('U', "\u{c0}"), &" ".repeat(26)] {
            assert!(TicketCode::parse(bad).is_none(), "{bad}");
        }
        let long = format!("{}{}", code.expose(), "-".repeat(200));
        assert!(TicketCode::parse(&long).is_none());
        let made: std::collections::HashSet<_> = (0..1000).map(|_| TicketCode::make(&OsEntropy).hash()).collect();
        assert_eq!(made.len(), 1000);
    }

    #[test]
    fn a_mailed_code_has_forty_bits_and_is_typed_as_people_type() {
        let code = MailedCode::make(&OsEntropy);
        assert_eq!(code.expose().len(), 9);
        let plain = MailedCode::parse("01AB-CDEF").unwrap();
        for typed in ["01abcdef", " o i a b\u{2011}cdef\n", "0LAB CDEF"] {
            assert_eq!(MailedCode::parse(typed).unwrap().expose(), plain.expose(), "{typed}");
        }
        for typed in ["", "01AB-CDE", "01AB-CDEF-0", "01AB-CDEU", "01AB-CDE\u{1d7d8}"] {
            assert!(MailedCode::parse(typed).is_none(), "{typed}");
        }
        assert_eq!(format!("{code:?}"), "MailedCode([REDACTED])");
    }
}
