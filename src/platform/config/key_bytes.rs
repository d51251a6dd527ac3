//! A key of 32 bytes as it is written in a setting or a file.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use zeroize::Zeroizing;

/// 32 secret bytes. Prints as `[REDACTED]` and is wiped when dropped.
#[derive(Clone)]
pub struct KeyBytes(Zeroizing<[u8; 32]>);

impl KeyBytes {
    /// Reads 64 hexadecimal digits or base64url; white space around is ignored. Refuses 32 equal bytes,
    /// which someone typed as a placeholder.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let decoded = match text.len() {
            64 => HEXLOWER_PERMISSIVE.decode(text.as_bytes()),
            _ => BASE64URL_NOPAD.decode(text.trim_end_matches('=').as_bytes()),
        };
        let decoded = Zeroizing::new(decoded.ok()?);
        let bytes = Zeroizing::new(<[u8; 32]>::try_from(decoded.as_slice()).ok()?);
        bytes.iter().any(|byte| Some(byte) != bytes.first()).then_some(Self(bytes))
    }
    /// The key as base64url, for what takes it as text.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL_NOPAD.encode(self.0.as_slice()))
    }
    /// The bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for KeyBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyBytes([REDACTED])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_both_spellings_and_never_printed() {
        // LG-06
        let bytes: [u8; 32] = std::array::from_fn(|i| u8::try_from(i).unwrap() * 7);
        let hex = HEXLOWER_PERMISSIVE.encode(&bytes);
        for text in [hex.clone(), hex.to_uppercase(), BASE64URL_NOPAD.encode(&bytes), format!(" {}=\n", BASE64URL_NOPAD.encode(&bytes))] {
            let key = KeyBytes::parse(&text).unwrap();
            assert_eq!(key.bytes(), &bytes);
            assert_eq!(format!("{key:?}"), "KeyBytes([REDACTED])");
        }
        for bad in ["", "changeme", &hex[..62], &"00".repeat(32), &"g".repeat(64)] {
            assert!(KeyBytes::parse(bad).is_none(), "{bad}");
        }
    }
}
