//! The secret an authenticator shares with us, and what is computed from it.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use qrcodegen::{QrCode, QrCodeEcc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroizing;

use super::{DRIFT, STEP, TotpCode};
use crate::kernel::{Entropy, Fault};
use crate::platform::crypto::same;

/// 160 random bits (OT-04). `Debug` prints nothing of them.
#[derive(Clone)]
pub struct Seed(Zeroizing<[u8; 20]>);

/// What the first code of a new authenticator shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstCode {
    /// It works; this step is spent.
    Matches {
        /// The step of the code.
        step: i64,
    },
    /// It would work if the device's clock were right: seconds it is ahead, negative when behind.
    ClockOff {
        /// How far, to the half minute.
        seconds: i64,
    },
    /// Not a code of this seed.
    Wrong,
}

impl Seed {
    /// A new seed.
    pub fn make(entropy: &dyn Entropy) -> Self {
        Self(Zeroizing::new(entropy.bytes()))
    }
    /// A stored seed.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }
    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
    /// The key for typing, in groups of four: `JBSW Y3DP ..`.
    pub fn key_groups(&self) -> String {
        let key = BASE32_NOPAD.encode(self.bytes());
        let groups: Vec<&str> = key.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
        groups.join(" ")
    }
    /// The `otpauth:` address for a QR code or a link on the same device.
    pub fn otpauth(&self, issuer: &str, account: &str) -> Result<String, Fault> {
        self.totp(issuer, account)?.to_url().map_err(Fault::internal)
    }
    /// The code of a step.
    pub fn code_at(&self, step: i64) -> Result<String, Fault> {
        let seconds = u64::try_from(step.saturating_mul(STEP)).unwrap_or(0);
        Ok(self.totp("", "x")?.generate(seconds).to_string())
    }

    fn totp(&self, issuer: &str, account: &str) -> Result<Totp, Fault> {
        // A colon separates issuer and account in the address.
        let plain = |text: &str| text.replace(':', " ");
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(30)
            .with_skew(0)
            .with_secret(Secret::new(self.bytes().into()))
            .with_account_name(plain(account))
            .with_issuer((!issuer.is_empty()).then(|| plain(issuer)))
            .build()
            .map_err(Fault::internal)
    }

    /// The newest step within `skew` of `current` whose code this is. All steps are computed and compared in constant
    /// time, whichever fits (OT-07).
    pub(super) fn matching_step(&self, code: &TotpCode, current: i64, skew: i64) -> Option<i64> {
        self.newest_match(code, current - skew, current + skew)
    }

    /// The newest step among the `most` up to `last` whose code this is.
    pub(super) fn step_behind(&self, code: &TotpCode, last: i64, most: i64) -> Option<i64> {
        self.newest_match(code, last - most + 1, last)
    }

    fn newest_match(&self, code: &TotpCode, from: i64, to: i64) -> Option<i64> {
        let mut found = None;
        for step in from..=to {
            let expected = self.code_at(step).unwrap_or_default();
            if same(expected.as_bytes(), code.expose().as_bytes()) {
                found = Some(step);
            }
        }
        found
    }
}

/// Checks the first code of a new authenticator, and helps with a clock that is off (at most five minutes).
pub fn check_enrolment(seed: &Seed, code: &TotpCode, now: crate::kernel::Timestamp, skew: i64) -> FirstCode {
    let current = now.seconds().div_euclid(STEP);
    if let Some(step) = seed.matching_step(code, current, skew) {
        return FirstCode::Matches { step };
    }
    match seed.matching_step(code, current, DRIFT) {
        Some(step) => FirstCode::ClockOff { seconds: (step - current) * STEP },
        None => FirstCode::Wrong,
    }
}

/// A QR code as one inline SVG with one path; no style, no script.
pub fn qr_svg(text: &str, title: &str) -> Result<String, Fault> {
    let qr = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(Fault::internal)?;
    let size = qr.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let start = x;
            while x < size && qr.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let run = x - start;
                path.push_str(&format!("M{},{y}h{run}v1h-{run}z", start + 4, y = y + 4));
            }
            x += 1;
        }
    }
    let title: String = title.chars().filter(|c| !matches!(c, '<' | '>' | '&')).collect();
    let edge = size + 8;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {edge} {edge}\" role=\"img\" width=\"240\" height=\"240\" shape-rendering=\"crispEdges\">\
         <title>{title}</title><rect width=\"{edge}\" height=\"{edge}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed([REDACTED])")
    }
}
impl Serialize for Seed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64URL_NOPAD.encode(self.bytes()))
    }
}
impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map(Zeroizing::new).ok();
        bytes.and_then(|bytes| Self::from_bytes(&bytes)).ok_or_else(|| serde::de::Error::custom("not a seed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Timestamp;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238 appendix B, SHA-1, the last six of its eight digits.
        let seed = Seed::from_bytes(b"12345678901234567890").unwrap();
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")] {
            assert_eq!(seed.code_at(time / 30).unwrap(), code);
        }
    }

    #[test]
    fn a_clock_that_is_off_is_named() {
        // OT-02, OT-05
        let seed = Seed::from_bytes(b"12345678901234567890").unwrap();
        let now = Timestamp::from_seconds(1_795_435_200);
        let step = 1_795_435_200 / 30;
        let at = |offset: i64| check_enrolment(&seed, &TotpCode::parse(&seed.code_at(step + offset).unwrap()).unwrap(), now, 1);
        for offset in -1..=1 {
            assert_eq!(at(offset), FirstCode::Matches { step: step + offset });
        }
        assert_eq!(at(-3), FirstCode::ClockOff { seconds: -90 });
        assert_eq!(at(4), FirstCode::ClockOff { seconds: 120 });
        assert_eq!(at(40), FirstCode::Wrong);
    }

    #[test]
    fn a_seed_prints_nothing() {
        // LG-06, OT-04
        assert_eq!(format!("{:?}", Seed::from_bytes(&[7; 20]).unwrap()), "Seed([REDACTED])");
        let groups = Seed::from_bytes(b"12345678901234567890").unwrap().key_groups();
        assert_eq!(groups, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
