//! Names as people read them: what looks alike is one.

use icu_properties::CodePointMapData;
use icu_properties::props::Script;
use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

use super::is_forbidden;

/// The form in which the names of applications and of groups are compared, so that no two look alike to people: NFKC, case
/// folded, without anything invisible, any space as one, and letters as the Latin ones they look like (UTS 39).
pub fn name_as_read(name: &str) -> String {
    let folded: String = caseless::default_case_fold_str(&name.nfkc().collect::<String>()).nfkc().filter(|c| !is_forbidden(*c)).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ").chars().map(latin_like).collect()
}

/// The Latin letter or digit a small letter looks like, as it is or as a capital. Among themselves Latin letters stay apart
/// (`rn` is no `m`): names are told apart by them, and readers of Latin see the difference.
fn latin_like(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let as_capital = c.to_uppercase().collect::<String>();
    [c.to_string(), as_capital].iter().find_map(|form| one_ascii(form)).unwrap_or(c)
}

fn one_ascii(form: &str) -> Option<char> {
    let mut like = skeleton(form);
    let first = like.next().filter(char::is_ascii_alphanumeric)?;
    like.next().is_none().then(|| first.to_ascii_lowercase())
}

/// The first letter of a word that another alphabet lends it: no language writes Latin letters beside Cyrillic or Greek
/// ones in one word, and some of them look alike.
pub(super) fn borrowed(word: &str) -> Option<char> {
    let of = |scripts: &[Script], c: char| c.nfkc().any(|c| scripts.contains(&CodePointMapData::<Script>::new().get(c)));
    let has_latin = word.chars().any(|c| of(&[Script::Latin], c));
    word.chars().find(|c| has_latin && of(&[Script::Cyrillic, Script::Greek], *c))
}
