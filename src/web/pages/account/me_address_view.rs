//! `/me/address`: a code off a message shows that its reader reads what is sent to their address. And whether messages reach
//! a person, as their other pages say it.

use serde::Serialize;

use crate::app::App;
use crate::domain::identity::{Profile, Vouch};
use crate::kernel::Timestamp;
use crate::platform::render::Page;
use crate::web::pages::parts::FieldError;

/// Whether a message tells a person when something happens to their account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum MailReach {
    /// It does.
    Confirmed {
        /// Where to.
        email: String,
    },
    /// Not before the address is confirmed.
    Unconfirmed {
        /// The address.
        email: String,
    },
    /// There is no address.
    NoAddress,
    /// This service sends no message.
    NoMail,
}

impl MailReach {
    /// Of a person.
    pub fn of(app: &App, profile: &Profile) -> Self {
        match &profile.email {
            _ if app.mailer.is_none() => Self::NoMail,
            None => Self::NoAddress,
            Some(email) if profile.email_confirmed => Self::Confirmed { email: email.clone() },
            Some(email) => Self::Unconfirmed { email: email.clone() },
        }
    }
}

/// Who vouched for an address, as its person and administrators read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownVouch {
    /// The administrator's name; `None` when it was done on the host.
    pub by: Option<String>,
    /// Why they were sure.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

impl ShownVouch {
    /// With the name of who did it.
    pub fn of(vouch: &Vouch, by: Option<String>) -> Self {
        Self { by, reason: vouch.reason.clone(), at: vouch.at }
    }
}

/// Typing the code. Posts `code` to `/me/address`, and nothing to `/me/address/send`.
#[derive(Clone, Debug, Serialize)]
pub struct MeAddressPage {
    /// The address.
    pub email: String,
    /// Until when the code works that was sent; none was, or it is void.
    pub until: Option<Timestamp>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for MeAddressPage {
    const TEMPLATE: &'static str = "pages/account/me_address.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl ShownVouch {
        /// An example.
        pub fn sample() -> Self {
            Self { by: Some("Chi".into()), reason: "Seen on the contract".into(), at: Timestamp::from_seconds(1_777_817_520) }
        }
    }

    impl Samples for MeAddressPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let at = Timestamp::from_seconds(1_777_817_520);
            let page = Self { email: "ana@acme.example".into(), until: Some(at), errors: vec![] };
            vec![
                ("missing", Self { errors: vec![FieldError::new("code", "error-code-missing")], ..page.clone() }),
                ("malformed", Self { errors: vec![FieldError::new("code", "error-mailed-code-malformed")], ..page.clone() }),
                ("wrong", Self { errors: vec![FieldError::new("code", "error-mailed-code-wrong").with("left", 4_u64)], ..page.clone() }),
                ("last", Self { errors: vec![FieldError::new("code", "error-mailed-code-wrong").with("left", 1_u64)], ..page.clone() }),
                ("ended", Self { until: None, errors: vec![FieldError::new("form", "error-mailed-code-ended")], ..page.clone() }),
                (
                    "mails",
                    Self {
                        until: None,
                        errors: vec![FieldError::new("form", "error-mailed-too-often").with("until", "3 May 2026, 14:12 UTC")],
                        ..page.clone()
                    },
                ),
                ("none", Self { until: None, ..page.clone() }),
                ("sent", page),
            ]
        }
    }
}
