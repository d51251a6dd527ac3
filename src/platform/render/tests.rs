//! The words: every key used is written, nothing is written twice in a template.

use super::*;

#[test]
fn templates_and_texts_load() {
    Renderer::new().expect("templates and texts load");
}

#[test]
fn no_value_is_left_out_silently() {
    let texts = Texts::load().unwrap();
    assert!(texts.plain("en", &Text::new("span-seconds")).is_err(), "a text without its value is a fault");
    assert!(texts.plain("en", &Text::new("there-is-no-such-text")).is_err());
    assert_eq!(texts.plain("en", &Text::new("span-seconds").with("count", 1_i64)).unwrap(), "1 second");
    assert_eq!(texts.plain("xx", &Text::new("span-seconds").with("count", 12_i64)).unwrap(), "12 seconds");
}
