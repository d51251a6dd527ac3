//! Finding people by the beginning of a word without keeping the word: keyed hashes of beginnings of 3 to 12
//! characters (the whole word when shorter), cut to 20 bits so that several words share a value.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{Profile, store};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::platform::crypto::envelope::SealingKey;
use crate::platform::crypto::hmac_sha256;
use crate::platform::db::Work;

const SHORTEST: usize = 3;
const LONGEST: usize = 12;
const BITS: u32 = 20;
/// Each word that is searched for is one more part of the query; the others count for nothing.
const MOST_WORDS: usize = 8;

/// The words someone searches for.
#[derive(Clone, Debug)]
pub struct SearchWords {
    words: Vec<String>,
    /// For [`super::PeopleFilter::beginnings`].
    pub beginnings: Vec<i32>,
}

impl SearchWords {
    /// Reads what was typed; `None` when there is no word in it.
    ///
    /// # Errors
    /// When the key of the index cannot be read.
    pub fn read(w: &mut Work<'_>, typed: &str) -> Result<Option<Self>, Fault> {
        let words = first_words(typed);
        if words.is_empty() {
            return Ok(None);
        }
        let (_, key) = w.index_key()?;
        // Of an address the database knows the part before the @; the rest is compared once it is opened.
        let indexed = typed.split_whitespace().map(super::local_part).flat_map(first_words).take(MOST_WORDS);
        let beginnings = indexed.map(|word| digest_of_beginning(&key, &word)).collect();
        Ok(Some(Self { words, beginnings }))
    }

    /// Whether each of the words begins a word of someone's name, username or address.
    pub fn match_profile(&self, profile: &Profile) -> bool {
        let texts = [Some(profile.name.as_str()), profile.username.as_deref(), profile.email.as_deref()];
        let known: Vec<String> = texts.into_iter().flatten().flat_map(words_of).collect();
        self.words.iter().all(|word| known.iter().any(|known| known.starts_with(word.as_str())))
    }
}

/// Writes down the beginnings of all words in `texts` for a person.
pub(super) fn index(w: &mut Work<'_>, person: PersonId, key: &SealingKey, texts: &[&str]) -> Result<(), Fault> {
    let mut digests: Vec<i32> = texts
        .iter()
        .flat_map(|text| words_of(text))
        .flat_map(|word| beginnings(&word))
        .map(|beginning| short_digest(key, &beginning))
        .collect();
    digests.sort_unstable();
    digests.dedup();
    store::insert_word_prefixes(w, person, &digests)
}

/// The hash under which those are found who have a word that begins with `word`: of a word shorter than the shortest beginning
/// only those who have exactly that word.
fn digest_of_beginning(key: &SealingKey, word: &str) -> i32 {
    let beginning: String = word.chars().take(LONGEST).collect();
    short_digest(key, &beginning)
}

fn first_words(typed: &str) -> Vec<String> {
    words_of(typed).into_iter().take(MOST_WORDS).collect()
}

/// Words: case folded, accents removed, split where no letter or digit is.
fn words_of(text: &str) -> Vec<String> {
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
        assert_eq!(words_of("José  MÜLLER-Ortiz"), ["jose", "muller", "ortiz"]);
        assert_eq!(beginnings("jose"), ["jos", "jose"]);
        assert_eq!(beginnings("bo"), ["bo"]);
    }
}
