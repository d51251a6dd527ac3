//! `/invite` and `/reset`: what someone reads who was sent a link.

use serde::Serialize;

use crate::kernel::Timestamp;
use crate::platform::render::Page;
use crate::web::pages::enrolment::setup_view::LinkState;

/// Who sent the link, why, what will be asked. Posts `link` and the token to `<address>` and `<address>/decline`.
#[derive(Clone, Debug, Serialize)]
pub struct InvitePage {
    /// The page's own address.
    pub address: &'static str,
    /// Which link the forms are for.
    pub link: String,
    /// It is an invitation; otherwise a reset link.
    pub join: bool,
    /// Whom it is for.
    pub name: String,
    /// What they will type to sign in.
    pub login: String,
    /// Who sent it; nobody when it was made on the host.
    pub by: Option<String>,
    /// Why.
    pub reason: String,
    /// Until when it works.
    pub ends_at: Timestamp,
}

impl Page for InvitePage {
    const TEMPLATE: &'static str = "pages/enrolment/invite.html";
}

/// A browser in which someone else is signed in.
#[derive(Clone, Debug, Serialize)]
pub struct InviteElsewherePage {
    /// Whom the link is for.
    pub name: String,
    /// Who is signed in.
    pub signed_in: String,
}

impl Page for InviteElsewherePage {
    const TEMPLATE: &'static str = "pages/enrolment/invite_elsewhere.html";
}

/// A link that was used, has ended, or never was.
#[derive(Clone, Debug, Serialize)]
pub struct InviteEndedPage {
    /// It was an invitation; otherwise a reset link.
    pub join: bool,
    /// Why it opens nothing.
    pub link: LinkState,
    /// Its reader has just said that it is not for them.
    pub declined: bool,
}

impl Page for InviteEndedPage {
    const TEMPLATE: &'static str = "pages/enrolment/invite_ended.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for InvitePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                address: "/invite",
                link: "hyzNat7ZkC8".into(),
                join: true,
                name: "Ben Example".into(),
                login: "ben".into(),
                by: Some("Ana Example".into()),
                reason: "You start in the warehouse on Monday".into(),
                ends_at: Timestamp::from_seconds(1_778_017_520),
            };
            vec![
                ("host", Self { by: None, ..page.clone() }),
                ("again", Self { join: false, reason: "You lost your phone".into(), ..page.clone() }),
                ("again_host", Self { join: false, by: None, ..page.clone() }),
                ("join", page),
            ]
        }
    }

    impl Samples for InviteElsewherePage {
        fn samples() -> Vec<(&'static str, Self)> {
            vec![("ana", Self { name: "Ben Example".into(), signed_in: "Ana Example".into() })]
        }
    }

    impl Samples for InviteEndedPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let at = Timestamp::from_seconds(1_777_817_520);
            vec![
                ("used", Self { join: true, link: LinkState::Used { at }, declined: false }),
                ("ended", Self { join: true, link: LinkState::Ended { at }, declined: false }),
                ("replaced", Self { join: true, link: LinkState::Replaced { at }, declined: false }),
                ("declined", Self { join: true, link: LinkState::Replaced { at }, declined: true }),
                ("again_replaced", Self { join: false, link: LinkState::Replaced { at }, declined: false }),
                ("unknown", Self { join: true, link: LinkState::Unknown, declined: false }),
                ("missing", Self { join: true, link: LinkState::Missing, declined: false }),
                ("again_unknown", Self { join: false, link: LinkState::Unknown, declined: false }),
                ("again_missing", Self { join: false, link: LinkState::Missing, declined: false }),
                ("again_used", Self { join: false, link: LinkState::Used { at }, declined: false }),
                ("again_ended", Self { join: false, link: LinkState::Ended { at }, declined: false }),
            ]
        }
    }
}
