//! Pieces that several pages share: what an application asks, the addresses of a passkey ceremony, how far
//! one is, and the messages beside fields.

use serde::Serialize;

use crate::kernel::text::{TextProblem, code_point};
use crate::platform::render::Text;

/// The application a sign-in is for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Asking {
    /// The application's name.
    pub app: String,
    /// Who runs it.
    pub run_by: String,
}

/// The two addresses a passkey script posts JSON to. Start answers the options; finish answers
/// `{"next": "/path"}` or `{"message": "words"}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ceremony {
    /// Where the options come from.
    pub start: String,
    /// Where the answer goes.
    pub finish: String,
}

impl Ceremony {
    /// The ceremony under `base`, such as `/login/<id>/passkey`, with an optional query that begins with `?`.
    pub fn under(base: &str, query: &str) -> Self {
        Self { start: format!("{base}/start{query}"), finish: format!("{base}/finish{query}") }
    }
}

/// "Step 2 of 4"; "Step 2" while it is open how many there will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Where one is, from one.
    pub at: u8,
    /// How many there are, once that is known.
    pub of: Option<u8>,
}

/// What is wrong with one field: the words stand beside it and in the summary, which links to it.
/// `field` is the field's name, or `form` for the whole form.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldError {
    /// The field's name, which is also its id.
    pub field: &'static str,
    /// The words.
    pub text: Text,
}

impl FieldError {
    fn new(field: &'static str, key: &'static str) -> Self {
        Self { field, text: Text::new(key) }
    }
    /// Name or password is not right; never which (PW-14).
    pub fn wrong_credentials() -> Self {
        Self::new("password", "error-credentials")
    }
    /// The form was sent without any name.
    pub fn login_name_missing() -> Self {
        Self::new("name", "error-login-name-missing")
    }
    /// A name that cannot be used: the sentence names the character that is in the way, else it is the one of `key`.
    pub fn unfit(field: &'static str, problem: TextProblem, key: &'static str) -> Self {
        let text = match problem {
            TextProblem::Forbidden(c) => Text::new("error-character-hidden").with("code", code_point(c)),
            TextProblem::Borrowed(c) => Text::new("error-character-borrowed").with("character", c.to_string()).with("code", code_point(c)),
            TextProblem::Empty | TextProblem::TooLong | TextProblem::Malformed => Text::new(key),
        };
        Self { field, text }
    }
    /// The display name is empty.
    pub fn name_missing() -> Self {
        Self::new("name", "error-name-missing")
    }
    /// The user name is empty.
    pub fn username_missing() -> Self {
        Self::new("username", "error-username-missing")
    }
    /// The user name cannot be used.
    pub fn username_invalid() -> Self {
        Self::new("username", "error-username-invalid")
    }
    /// Somebody has this user name.
    pub fn username_taken() -> Self {
        Self::new("username", "error-username-taken")
    }
    /// Not an e-mail address.
    pub fn email_invalid() -> Self {
        Self::new("email", "error-email-invalid")
    }
    /// Somebody has this e-mail address.
    pub fn email_taken() -> Self {
        Self::new("email", "error-email-taken")
    }
    /// An administrator gave no reason.
    pub fn reason_missing() -> Self {
        Self::new("reason", "error-reason-missing")
    }
    /// The reason cannot be used.
    pub fn reason_invalid() -> Self {
        Self::new("reason", "error-reason-invalid")
    }
    /// A group's name cannot be used.
    pub fn groups_invalid() -> Self {
        Self::new("groups", "error-groups-invalid")
    }
    /// The password is empty where one is needed. `field` is `password`, `current_password` or `new_password`.
    pub fn password_missing(field: &'static str) -> Self {
        Self::new(field, "error-password-missing")
    }
    /// The new password is shorter than `minimum` (PW-01).
    pub fn password_too_short(field: &'static str, minimum: usize) -> Self {
        Self { field, text: Text::new("error-password-short").with("minimum", minimum) }
    }
    /// The new password is over the work limit of 1024 bytes.
    pub fn password_too_long(field: &'static str) -> Self {
        Self::new(field, "error-password-long")
    }
    /// The new password is on the list of common ones (PW-05).
    pub fn password_common(field: &'static str) -> Self {
        Self::new(field, "error-password-common")
    }
    /// The new password is made of the person's name or the service's.
    pub fn password_context(field: &'static str) -> Self {
        Self::new(field, "error-password-context")
    }
    /// The present password is not right.
    pub fn current_password_wrong() -> Self {
        Self::new("current_password", "error-current-password")
    }
    /// No code was typed.
    pub fn code_missing() -> Self {
        Self::new("code", "error-code-missing")
    }
    /// What was typed is not six digits.
    pub fn code_malformed() -> Self {
        Self::new("code", "error-code-malformed")
    }
    /// The code is not right.
    pub fn code_wrong() -> Self {
        Self::new("code", "error-code-wrong")
    }
    /// The code was used before; the next one comes in `seconds` (OT-04).
    pub fn code_used(seconds: u64) -> Self {
        Self { field: "code", text: Text::new("error-code-used").with("seconds", seconds) }
    }
    /// The device's clock is behind by about `seconds` (OT-09).
    pub fn clock_slow(seconds: u64) -> Self {
        Self { field: "code", text: Text::new("error-clock-slow").with("seconds", seconds) }
    }
    /// The device's clock is ahead by about `seconds`.
    pub fn clock_fast(seconds: u64) -> Self {
        Self { field: "code", text: Text::new("error-clock-fast").with("seconds", seconds) }
    }
    /// What was typed cannot be a code off a message.
    pub fn mailed_code_malformed() -> Self {
        Self::new("code", "error-mailed-code-malformed")
    }
    /// The code is not the one in the mail; so many tries are left.
    pub fn mailed_code_wrong(left: u64) -> Self {
        Self { field: "code", text: Text::new("error-mailed-code-wrong").with("left", left) }
    }
    /// No code works now: a new one has to be sent.
    pub fn mailed_code_ended() -> Self {
        Self::new("form", "error-mailed-code-ended")
    }
    /// No more letters with a code go before an instant, in words.
    pub fn mailed_too_often(until: &str) -> Self {
        Self { field: "form", text: Text::new("error-mailed-too-often").with("until", until) }
    }
    /// No recovery code was typed.
    pub fn recovery_missing() -> Self {
        Self::new("code", "error-recovery-missing")
    }
    /// What was typed cannot be a recovery code.
    pub fn recovery_malformed() -> Self {
        Self::new("code", "error-recovery-malformed")
    }
    /// The recovery code is not one of this account's.
    pub fn recovery_wrong() -> Self {
        Self::new("code", "error-recovery-wrong")
    }
    /// The recovery code was used before (OT-10).
    pub fn recovery_used() -> Self {
        Self::new("code", "error-recovery-used")
    }
    /// The box that says the codes are kept was not ticked.
    pub fn not_kept() -> Self {
        Self::new("kept", "error-recovery-not-kept")
    }
    /// The name of a passkey or an authenticator is empty.
    pub fn label_missing() -> Self {
        Self::new("label", "error-label-missing")
    }
    /// The name of a passkey or an authenticator cannot be used.
    pub fn label_invalid() -> Self {
        Self::new("label", "error-label-invalid")
    }
    /// The account has as many passkeys or authenticators as it may have.
    pub fn too_many() -> Self {
        Self::new("form", "error-too-many")
    }
    /// The form was changed meanwhile, in another tab for example.
    pub fn moved_on() -> Self {
        Self::new("form", "error-moved-on")
    }
}

#[cfg(test)]
mod samples {
    use super::*;

    impl Asking {
        /// An example.
        pub fn sample() -> Self {
            Self { app: "Grafana".into(), run_by: "Acme IT".into() }
        }
    }
}
