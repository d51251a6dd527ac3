//! Looking for a mark in a heap of bytes, in every form someone might have written it in.

use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL_NOPAD, HEXLOWER};

/// Something that must not be found.
pub struct Mark {
    what: String,
    text: String,
    /// The bytes it stands for, where it is itself a way to write bytes.
    raw: Option<Vec<u8>>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// In any messages, anywhere.
    Text,
    /// Six digits that stand alone, in what is text.
    Code,
    /// Where someone is; the log may say it.
    Address,
}

impl Mark {
    fn new(what: &str, text: &str, raw: Option<Vec<u8>>, kind: Kind) -> Self {
        assert!(text.len() >= 6, "{what} is too short to be looked for: {text}");
        Self { what: what.into(), text: text.into(), raw, kind }
    }
    /// Something about a person.
    pub fn personal(what: &str, text: &str) -> Self {
        Self::new(what, text, None, Kind::Text)
    }
    /// A secret as it is typed.
    pub fn secret(what: &str, text: &str) -> Self {
        Self::new(what, text, None, Kind::Text)
    }
    /// A token of ours: a prefix and bytes in base64url.
    pub fn token(what: &str, text: &str) -> Self {
        let body = text.split_once('_').map_or(text, |(_, body)| body);
        Self::new(what, text, BASE64URL_NOPAD.decode(body.as_bytes()).ok().filter(|bytes| bytes.len() >= 16), Kind::Text)
    }
    /// The key of an authenticator, in base32.
    pub fn seed(text: &str) -> Self {
        Self::new("the key of an authenticator", text, Some(BASE32_NOPAD.decode(text.as_bytes()).unwrap()), Kind::Text)
    }
    /// A code of an authenticator.
    pub fn code(text: &str) -> Self {
        Self::new("a code", text, None, Kind::Code)
    }
    /// A network address.
    pub fn address(what: &str, text: &str) -> Self {
        Self::new(what, text, None, Kind::Address)
    }

    /// Forms whose messages may be large or small, and forms whose messages count.
    fn forms(&self) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
        let texts = [self.text.clone().into_bytes(), self.text.to_lowercase().into_bytes(), self.text.to_uppercase().into_bytes()];
        let mut bytes: Vec<Vec<u8>> = texts.to_vec();
        bytes.extend(self.raw.clone());
        let mut loose = vec![self.text.clone().into_bytes()];
        loose.push(form_urlencoded::byte_serialize(self.text.as_bytes()).collect::<String>().into_bytes());
        loose.push(self.text.replace(' ', "%20").into_bytes());
        let mut strict: Vec<Vec<u8>> = self.raw.clone().into_iter().collect();
        for bytes in bytes {
            loose.push(HEXLOWER.encode(&bytes).into_bytes());
            strict.extend(in_base64(&bytes));
        }
        (loose, strict)
    }
}

/// How bytes look in base64, wherever in the encoded text they begin: what depends on their neighbours is left out.
fn in_base64(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    for before in 0..3 {
        let padded = [&vec![0; before][..], bytes].concat();
        let whole = padded.len() / 3 * 3;
        let skip = [0, 2, 3][before];
        for encoded in [BASE64.encode(&padded[..whole]), BASE64URL_NOPAD.encode(&padded[..whole])] {
            forms.push(encoded.into_bytes().split_off(skip));
        }
    }
    forms
}

/// Somewhere things are kept.
pub struct Store {
    name: String,
    /// Each byte as one character, so that the search of the standard library works on any bytes.
    text: String,
    lower: String,
}

fn characters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

impl Store {
    /// One with this in it.
    pub fn new(name: &str, bytes: Vec<u8>) -> Self {
        let text = characters(&bytes);
        Self { name: name.into(), lower: text.to_ascii_lowercase(), text }
    }

    /// Whether this can be read in it.
    pub fn has(&self, text: &str) -> bool {
        self.lower.contains(&text.to_ascii_lowercase())
    }

    /// Where a mark is, if it is anywhere.
    pub fn find(&self, mark: &Mark) -> Option<String> {
        let around = |at: usize| self.text.get(at.saturating_sub(60)..).unwrap_or_default().chars().take(160).collect::<String>();
        let found = |at: usize| format!("{} ({}) is in {}: {:?}", mark.what, mark.text, self.name, around(at));
        match mark.kind {
            Kind::Address if self.name == "the log" => return None,
            Kind::Code => return self.code(&mark.text).map(found),
            _ => {}
        }
        let (loose, strict) = mark.forms();
        let loose = loose.iter().find_map(|form| self.lower.find(&characters(form).to_ascii_lowercase()));
        let strict = || strict.iter().find_map(|form| self.text.find(&characters(form)));
        loose.or_else(strict).map(found)
    }

    /// Six digits with no digit beside them, and not the fraction of a second. Binary files are full of digits by chance.
    fn code(&self, code: &str) -> Option<usize> {
        if self.name.contains("SQLite") {
            return None;
        }
        let near = |at: usize| self.text.as_bytes().get(at).copied().unwrap_or(b' ');
        let alone = |at: &usize| {
            let (before, after) = (near(at.wrapping_sub(1)), near(at + code.len()));
            !before.is_ascii_alphanumeric() && before != b'.' && !after.is_ascii_alphanumeric()
        };
        self.text.match_indices(code).map(|(at, _)| at).find(alone)
    }
}

#[test]
fn a_mark_is_found_in_every_form() {
    let name = Mark::personal("a name", "Zwind+lqu x");
    let seed = Mark::seed("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    for before in ["", "a", "ab", "abc"] {
        for after in ["", "z", "yz"] {
            let around = |text: &[u8]| [before.as_bytes(), text, after.as_bytes()].concat();
            for (mark, bytes) in
                [(&name, b"Zwind+lqu x".to_vec()), (&name, b"zwind+lqu x".to_vec()), (&seed, b"12345678901234567890".to_vec())]
            {
                let bytes = around(&bytes);
                for kept in [
                    bytes.clone(),
                    HEXLOWER.encode(&bytes).into_bytes(),
                    HEXLOWER.encode(&bytes).to_uppercase().into_bytes(),
                    BASE64.encode(&bytes).into_bytes(),
                    BASE64URL_NOPAD.encode(&bytes).into_bytes(),
                ] {
                    assert!(Store::new("x", kept.clone()).find(mark).is_some(), "{}", String::from_utf8_lossy(&kept));
                }
            }
        }
    }
    assert!(Store::new("x", b"?who=Zwind%2Blqu+x&".to_vec()).find(&name).is_some());
    assert!(Store::new("x", b"ZWIND+LQU X".to_vec()).find(&name).is_some());
    assert!(Store::new("x", b"Zwindlqu x".to_vec()).find(&name).is_none());
    let code = Mark::code("123456");
    for (text, found) in [("code=123456&", true), ("0123456", false), ("12:00:00.123456Z", false), ("\"123456\"", true)] {
        assert_eq!(Store::new("x", text.into()).find(&code).is_some(), found, "{text}");
    }
}
