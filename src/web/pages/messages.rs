//! Words for answers to scripts: a passkey ceremony that ends without a next page answers
//! `{"message": "…"}`, and the script shows it where the button is.

use crate::platform::render::Text;

/// The passkey was not accepted. Never says why to the browser; the audit line does.
pub fn passkey_refused() -> Text {
    Text::new("passkey-refused")
}

/// The new passkey was not accepted. Never says why to the browser; the audit line does.
pub fn passkey_not_made() -> Text {
    Text::new("passkey-not-made")
}

/// The ceremony is older than five minutes, was used, or belongs to another browser.
pub fn passkey_too_old() -> Text {
    Text::new("passkey-too-old")
}

/// This passkey is already on an account.
pub fn passkey_taken() -> Text {
    Text::new("passkey-taken")
}

/// The account has as many passkeys as it may have.
pub fn passkey_too_many() -> Text {
    Text::new("passkey-too-many")
}

/// The device did not check that it was the person.
pub fn passkey_not_verified() -> Text {
    Text::new("passkey-not-verified")
}

/// The page is older than the attempt: reload it.
pub fn page_too_old() -> Text {
    Text::new("page-too-old")
}

/// Our mistake, or more to do than can be done.
pub fn trouble_here() -> Text {
    Text::new("trouble-here")
}
