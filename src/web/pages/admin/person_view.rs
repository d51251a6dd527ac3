//! `/people/<id>`: one person as administrators see them, the pages that ask for a reason, and the card.

use serde::Serialize;

use crate::kernel::Timestamp;
use crate::platform::render::Page;
use crate::web::pages::account::me_address_view::ShownVouch;
use crate::web::pages::admin::people_view::PersonRow;
use crate::web::pages::parts::FieldError;

/// One person.
#[derive(Clone, Debug, Serialize)]
pub struct PersonPage {
    /// As in the list.
    pub person: PersonRow,
    /// Their address.
    pub email: Option<String>,
    /// Whether it is confirmed.
    pub email_confirmed: bool,
    /// Who vouched for it, if an administrator did.
    pub vouch: Option<ShownVouch>,
    /// Since when the account is there.
    pub since: Timestamp,
    /// Their groups.
    pub groups: Vec<String>,
    /// Whether this administrator may act on them.
    pub yours: bool,
    /// Whether it is this administrator.
    pub myself: bool,
    /// Links open on this machine only.
    pub local: bool,
}

impl Page for PersonPage {
    const TEMPLATE: &'static str = "pages/admin/person.html";
}

/// What an administrator does for a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Sends a link to make new ways to sign in.
    Reset,
    /// Vouches for the address.
    Vouch,
    /// Takes that back.
    WithdrawVouch,
    /// Ends all sessions.
    SignOut,
    /// Switches the account off.
    Disable,
    /// Switches it on again.
    Enable,
}

impl Act {
    /// From the address.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "reset" => Some(Self::Reset),
            "vouch" => Some(Self::Vouch),
            "withdraw_vouch" => Some(Self::WithdrawVouch),
            "sign_out" => Some(Self::SignOut),
            "disable" => Some(Self::Disable),
            "enable" => Some(Self::Enable),
            _ => None,
        }
    }
}

/// Asks for the reason. Posts `reason`, and for a link `handover`, to `/people/<id>/<act>`.
#[derive(Clone, Debug, Serialize)]
pub struct PersonActPage {
    /// Whose.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: Option<String>,
    /// What will be done.
    pub act: Act,
    /// How many hours a link will work.
    pub hours: u64,
    /// The address a link can be sent to; where there is none, it is a card.
    pub mail_to: Option<String>,
    /// How the link reaches them: `mail` or `card`.
    pub handover: &'static str,
    /// What was typed.
    pub reason: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for PersonActPage {
    const TEMPLATE: &'static str = "pages/admin/person_act.html";
}

/// A link for somebody, to print or to hand over.
#[derive(Clone, Debug, Serialize)]
pub struct PersonCardPage {
    /// Whose it is.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What they type to sign in.
    pub username: String,
    /// Who made it.
    pub by: String,
    /// It is an invitation; otherwise a link to make new ways to sign in.
    pub join: bool,
    /// The whole address.
    pub address: String,
    /// The QR code of the address, an `<svg>` element of ours.
    pub qr_svg: String,
    /// Until when it works.
    pub ends_at: Timestamp,
    /// The page can be looked at again for ten minutes.
    pub again: bool,
    /// It opens on this machine only.
    pub local: bool,
}

impl Page for PersonCardPage {
    const TEMPLATE: &'static str = "pages/admin/person_card.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;
    use crate::web::pages::admin::people_view::SentLink;
    use crate::web::pages::enrolment::view::NewAuthenticator;

    impl Samples for PersonPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let [open, ended, used, withdrawn, declined] = SentLink::samples();
            let page = Self {
                person: PersonRow { name: "Ben Example".into(), username: Some("ben".into()), roles: vec![], ..PersonRow::sample() },
                email: Some("ben@acme.example".into()),
                email_confirmed: true,
                vouch: None,
                since: Timestamp::from_seconds(1_777_817_520),
                groups: vec!["Warehouse".into(), "Night shift".into()],
                yours: true,
                myself: false,
                local: false,
            };
            let with = |state: &'static str, link: &SentLink| Self {
                person: PersonRow { state, link: Some(link.clone()), ..page.person.clone() },
                ..page.clone()
            };
            vec![
                ("invited", Self { email_confirmed: false, ..with("invited", &open) }),
                ("invited_local", Self { local: true, ..with("invited", &open) }),
                ("ended", Self { email: None, groups: vec![], ..with("invited", &ended) }),
                ("withdrawn", with("invited", &withdrawn)),
                ("declined", with("invited", &declined)),
                ("link_open", with("active", &open)),
                ("link_used", with("active", &used)),
                ("disabled", with("disabled", &withdrawn)),
                ("erased", Self { person: PersonRow { state: "erased", name: String::new(), ..page.person.clone() }, ..page.clone() }),
                ("myself", Self { myself: true, person: PersonRow::sample(), ..page.clone() }),
                ("not_yours", Self { yours: false, person: PersonRow::sample(), ..page.clone() }),
                ("unconfirmed", Self { email_confirmed: false, ..page.clone() }),
                ("vouched", Self { vouch: Some(ShownVouch::sample()), ..page.clone() }),
                ("active", page),
            ]
        }
    }

    impl Samples for PersonActPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                id: "01a2".into(),
                name: "Ben Example".into(),
                email: Some("ben@acme.example".into()),
                act: Act::Reset,
                hours: 24,
                mail_to: None,
                handover: "mail",
                reason: String::new(),
                errors: vec![],
            };
            let by_mail = Self { mail_to: Some("ben@acme.example".into()), ..page.clone() };
            vec![
                (
                    "card_chosen",
                    Self { handover: "card", errors: vec![FieldError::new("reason", "error-reason-missing")], ..by_mail.clone() },
                ),
                ("by_mail", by_mail),
                ("vouch", Self { act: Act::Vouch, ..page.clone() }),
                ("vouch_nothing", Self { act: Act::Vouch, email: None, ..page.clone() }),
                ("withdraw_vouch", Self { act: Act::WithdrawVouch, ..page.clone() }),
                ("sign_out", Self { act: Act::SignOut, ..page.clone() }),
                ("disable", Self { act: Act::Disable, ..page.clone() }),
                ("enable", Self { act: Act::Enable, ..page.clone() }),
                ("missing", Self { errors: vec![FieldError::new("reason", "error-reason-missing")], ..page.clone() }),
                ("reset", page),
            ]
        }
    }

    impl Samples for PersonCardPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                id: "01a2".into(),
                name: "Ben Example".into(),
                username: "ben".into(),
                by: "Ana Example".into(),
                join: true,
                address: "https://auth.acme.example/invite/7KQ29-VXM4T-8C0HR-D3MTZ-PW5X8-A".into(),
                qr_svg: NewAuthenticator::sample().qr_svg,
                ends_at: Timestamp::from_seconds(1_778_017_520),
                again: true,
                local: false,
            };
            vec![
                ("local", Self { local: true, ..page.clone() }),
                ("again", Self { join: false, ..page.clone() }),
                ("now_only", Self { again: false, ..page.clone() }),
                ("join", page),
            ]
        }
    }
}
