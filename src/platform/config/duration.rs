//! Lengths of time as people write them: `90s`, `15m`, `12h`, `90d`.

use std::time::Duration;

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Reads a whole number followed by its unit.
pub fn parse(text: &str) -> Option<Duration> {
    let (unit, seconds) = UNITS.into_iter().find(|(unit, _)| text.ends_with(*unit))?;
    let number = text.strip_suffix(unit)?.trim_end();
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| number.parse::<u64>().ok()?.checked_mul(seconds).map(Duration::from_secs))?
}

/// Writes a length of time in the largest unit that fits exactly.
pub fn show(time: Duration) -> String {
    let seconds = time.as_secs();
    let fits = UNITS.into_iter().find(|(_, unit)| seconds > 0 && seconds.is_multiple_of(*unit));
    let (unit, length) = fits.unwrap_or(('s', 1));
    format!("{}{unit}", seconds / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written_alike() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("12h", 43_200), ("90d", 7_776_000), ("0s", 0)] {
            assert_eq!(parse(text), Some(Duration::from_secs(seconds)));
            assert_eq!(show(Duration::from_secs(seconds)), text);
        }
        assert_eq!(parse("60 m"), Some(Duration::from_secs(3_600)));
        assert_eq!(show(Duration::from_secs(3_600)), "1h");
    }

    #[test]
    fn what_could_be_misread_is_refused() {
        for bad in ["", "15", "m", "-1m", "+1m", "1.5h", "1h30m", "1 hour", "99999999999999999999d", "300000000000000d", "１m", "15M"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
