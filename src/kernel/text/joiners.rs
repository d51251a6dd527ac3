//! Characters that nobody sees and that some writing cannot do without: joiners inside words of scripts that use them
//! (RFC 5892, appendix A.1 and A.2) and inside emoji, and variation selectors after what they select a form of (UTS 51,
//! UTS 37). Anywhere else they only make two equal texts differ.

use icu_properties::props::{Emoji, EmojiModifier, ExtendedPictographic, Ideographic, JoiningType, Script};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::char::canonical_combining_class;

const ZWNJ: char = '\u{200c}';
const ZWJ: char = '\u{200d}';
const EMOJI_FORM: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';
/// The canonical combining class of viramas.
const VIRAMA: u8 = 9;

/// Whether the invisible character `c` belongs between the text before it and the text after it.
pub(super) fn belongs(c: char, before: &str, after: &str) -> bool {
    let (last, next) = (before.chars().next_back(), after.chars().next());
    let Some(last) = last else { return false };
    match c {
        ZWNJ => is_virama(last) || joins_on_both_sides(before, after),
        ZWJ => is_virama(last) || (last.is_alphabetic() && next.is_some_and(is_virama)) || joins_emoji(before, next),
        '\u{fe0e}' | EMOJI_FORM => is_emoji(last) && (!last.is_ascii() || next == Some(KEYCAP)) || is_ideograph(last),
        '\u{fe00}'..='\u{fe0d}' | '\u{e0100}'..='\u{e01ef}' => is_ideograph(last),
        '\u{180b}'..='\u{180d}' | '\u{180f}' => CodePointMapData::<Script>::new().get(last) == Script::Mongolian,
        _ => false,
    }
}

fn is_virama(c: char) -> bool {
    canonical_combining_class(c) == VIRAMA
}

fn is_ideograph(c: char) -> bool {
    CodePointSetData::new::<Ideographic>().contains(c)
}

fn is_emoji(c: char) -> bool {
    CodePointSetData::new::<Emoji>().contains(c)
}

/// RFC 5892, A.1: `(Joining_Type:{L,D})(Joining_Type:T)* ZWNJ (Joining_Type:T)*(Joining_Type:{R,D})`.
fn joins_on_both_sides(before: &str, after: &str) -> bool {
    let left = nearest_joining(before.chars().rev());
    let right = nearest_joining(after.chars());
    matches!(left, Some(JoiningType::LeftJoining | JoiningType::DualJoining))
        && matches!(right, Some(JoiningType::RightJoining | JoiningType::DualJoining))
}

fn nearest_joining(text: impl Iterator<Item = char>) -> Option<JoiningType> {
    let mut kinds = text.map(|c| CodePointMapData::<JoiningType>::new().get(c));
    kinds.find(|kind| *kind != JoiningType::Transparent)
}

/// UTS 51, ED-16: a pictograph, with a form or a skin tone, before the joiner, and a pictograph after it.
fn joins_emoji(before: &str, next: Option<char>) -> bool {
    let pictographs = CodePointSetData::new::<ExtendedPictographic>();
    let modifiers = CodePointSetData::new::<EmojiModifier>();
    let base = before.chars().rev().find(|c| *c != EMOJI_FORM && !modifiers.contains(*c));
    base.is_some_and(|c| pictographs.contains(c)) && next.is_some_and(|c| pictographs.contains(c))
}
