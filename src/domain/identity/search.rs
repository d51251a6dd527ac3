//! Finding people by the beginning of a word without keeping the word: keyed hashes of beginnings of 3 to 12
//! characters (the whole word when shorter), cut to 20 bits so that several words share a value.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::store;
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::platform::crypto::envelope::SealingKey;
use crate::platform::crypto::hmac_sha256;
use crate::platform::db::Work;

const SHORTEST: usize = 3;
const LONGEST: usize = 12;
const BITS: u32 = 20;

/// Writes down the beginnings of all words in `texts` for a person.
pub(super) fn index(w: &mut Work<'_>, person: PersonId, key: &SealingKey, texts: &[&str]) -> Result<(), Fault> {
    let mut digests: Vec<i32> = texts
        .iter()
        .flat_map(|text| words(text))
        .flat_map(|word| beginnings(&word))
        .map(|beginning| short_digest(key, &beginning))
        .collect();
    digests.sort_unstable();
    digests.dedup();
    store::insert_word_prefixes(w, person, &digests)
}

/// Words: case folded, accents removed, split where no letter or digit is.
fn words(text: &str) -> Vec<String> {
    let plain: String = caseless::default_case_fold_str(text).nfkd().filter(|c| !is_combining_mark(*c)).collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn beginnings(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    if chars.len() <= SHORTEST {
        return vec![word.to_owned()];
    }
    (SHORTEST..=chars.len().min(LONGEST)).map(|n| chars.iter().take(n).collect()).collect()
}

fn short_digest(key: &SealingKey, beginning: &str) -> i32 {
    let [a, b, c, d, ..] = hmac_sha256(key.bytes(), format!("word beginning\0{beginning}").as_bytes());
    i32::try_from(u32::from_be_bytes([a, b, c, d]) >> (32 - BITS)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_case_and_accents() {
        assert_eq!(words("José  MÜLLER-Ortiz"), ["jose", "muller", "ortiz"]);
        assert_eq!(beginnings("jose"), ["jos", "jose"]);
        assert_eq!(beginnings("bo"), ["bo"]);
    }
}
