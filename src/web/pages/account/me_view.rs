//! `/me`: the account's home. And `/logout`.

use serde::Serialize;

use crate::flows::account::Openable;
use crate::kernel::Timestamp;
use crate::kernel::address::host_of;
use crate::kernel::proof::Method;
use crate::platform::render::Page;
use crate::web::pages::account::me_address_view::{MailReach, ShownVouch};

/// This session, as its person sees it.
#[derive(Clone, Debug, Serialize)]
pub struct ThisSession {
    /// Since when.
    pub since: Timestamp,
    /// When it ends at the latest.
    pub until: Timestamp,
    /// The browser in words, such as "Firefox on Linux".
    pub browser: String,
    /// How the person signed in.
    pub methods: Vec<Method>,
}

/// A link by which anyone who has it makes new sign-in methods for this account.
#[derive(Clone, Debug, Serialize)]
pub struct LinkForMe {
    /// Who made it; nobody when it was made on the host.
    pub by: Option<String>,
    /// Why.
    pub reason: String,
    /// When it ends.
    pub ends_at: Timestamp,
}

/// An application to open.
#[derive(Clone, Debug, Serialize)]
pub struct AppTile {
    /// Its name.
    pub name: String,
    /// The first letter of it.
    pub letter: String,
    /// One of six colours, the same for the same name.
    pub colour: u32,
    /// Its address.
    pub address: String,
    /// Its host, as people read it.
    pub host: String,
}

impl AppTile {
    /// The tile of an application.
    pub fn of(Openable { name, address }: Openable) -> Self {
        let letter = name.chars().next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        let colour = name.chars().fold(0_u32, |sum, letter| sum.wrapping_mul(31).wrapping_add(u32::from(letter))) % 6;
        Self { letter, colour, host: host_of(&address), name, address }
    }
}

/// The one thing that would help an account most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// A passkey: there is none.
    Passkey,
    /// Another sign-in method: there is one way in only.
    Method,
    /// Recovery codes, which stand in for a lost authenticator.
    Recovery,
    /// The email is not confirmed.
    Email,
    /// Everything is in order.
    Nothing,
}

/// The account's home.
#[derive(Clone, Debug, Serialize)]
pub struct MePage {
    /// The person's name.
    pub name: String,
    /// The username, if there is one.
    pub username: Option<String>,
    /// The email address, if there is one.
    pub email: Option<String>,
    /// Whether it is confirmed.
    pub email_confirmed: bool,
    /// Who vouched for it, if an administrator did.
    pub vouch: Option<ShownVouch>,
    /// Whether messages reach them.
    pub reach: MailReach,
    /// The person administers this service.
    pub administrator: bool,
    /// They have a role and signed in with a recovery code, so they change no sign-in method now.
    pub by_code: bool,
    /// A reset link that is open for this account.
    pub link: Option<LinkForMe>,
    /// How many passkeys there are.
    pub passkeys: usize,
    /// How many authenticators there are.
    pub authenticators: usize,
    /// Whether there is a password.
    pub password: bool,
    /// How many recovery codes are left; nothing when none were made.
    pub recovery: Option<usize>,
    /// This session.
    pub session: ThisSession,
    /// The demo application's address, while it runs.
    pub demo: Option<String>,
    /// The applications to open.
    pub apps: Vec<AppTile>,
    /// What would help most.
    pub next: Next,
}

impl MePage {
    /// What would help this account most.
    pub fn next(&self) -> Next {
        match &self.reach {
            // First, as it is one press, and what happens to the account is told there.
            MailReach::Unconfirmed { .. } => Next::Email,
            _ if self.passkeys == 0 => Next::Passkey,
            _ if self.passkeys == 1 && !(self.password && self.authenticators > 0) => Next::Method,
            _ if self.password && self.recovery.unwrap_or(0) == 0 => Next::Recovery,
            _ => Next::Nothing,
        }
    }
}

impl Page for MePage {
    const TEMPLATE: &'static str = "pages/account/me.html";
}

/// What the sign-out page says.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Leaving {
    /// Asks: this browser, or everywhere.
    Ask {
        /// The application that asks for it, if one does.
        app: Option<String>,
        /// The application's sign-out request, sealed, for the hidden field `request`.
        request: Option<String>,
    },
    /// Done.
    Done {
        /// Every session was ended, not only this one.
        everywhere: bool,
        /// The application to go back to: its name and its registered address.
        back: Option<Back>,
    },
    /// Nobody was signed in.
    Nobody,
}

/// An application to go back to.
#[derive(Clone, Debug, Serialize)]
pub struct Back {
    /// Its name.
    pub app: String,
    /// Its address.
    pub url: String,
}

/// `/logout`. Posts `scope` (`here` or `everywhere`) and `request`. Starts no passkey request, ever (B.2).
#[derive(Clone, Debug, Serialize)]
pub struct LogoutPage {
    /// What it says.
    pub leaving: Leaving,
    /// Why the application that sent the person here is not gone back to.
    pub not_back: Option<NotBack>,
}

/// A mistake in an application's sign-out request.
#[derive(Clone, Debug, Serialize)]
pub struct NotBack {
    /// What it is, for the application's developer; plain words in English.
    pub detail: String,
    /// The reference under which the log has it.
    pub reference: String,
}

impl Page for LogoutPage {
    const TEMPLATE: &'static str = "pages/sign_in/logout.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for MePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let at = Timestamp::from_seconds(1_777_817_520);
            let page = Self {
                name: "Ana Example".into(),
                username: Some("ana".into()),
                email: Some("ana@acme.example".into()),
                email_confirmed: true,
                vouch: None,
                reach: MailReach::Confirmed { email: "ana@acme.example".into() },
                administrator: true,
                by_code: false,
                link: None,
                passkeys: 2,
                authenticators: 1,
                password: true,
                recovery: Some(9),
                session: ThisSession {
                    since: at,
                    until: at.plus(std::time::Duration::from_secs(43_200)),
                    browser: "Firefox on Linux".into(),
                    methods: vec![Method::Password, Method::Totp],
                },
                demo: Some("http://127.0.0.1:8081/".into()),
                apps: [("Grafana", "grafana.example.org"), ("Notes & wiki", "wiki.example.org"), ("payroll", "pay.example.org:8443")]
                    .into_iter()
                    .map(|(name, host)| AppTile::of(Openable { name: name.into(), address: format!("https://{host}/") }))
                    .collect(),
                next: Next::Nothing,
            };
            vec![
                (
                    "one_passkey",
                    Self {
                        passkeys: 1,
                        authenticators: 0,
                        password: false,
                        recovery: None,
                        email: None,
                        email_confirmed: false,
                        reach: MailReach::NoAddress,
                        administrator: false,
                        demo: None,
                        apps: vec![],
                        ..page.clone()
                    },
                ),
                ("no_passkey", Self { passkeys: 0, username: None, ..page.clone() }),
                ("by_code", Self { by_code: true, passkeys: 0, ..page.clone() }),
                ("link_host", Self { link: Some(LinkForMe { by: None, reason: "Seen in person".into(), ends_at: at }), ..page.clone() }),
                (
                    "link",
                    Self { link: Some(LinkForMe { by: Some("Chi".into()), reason: "Seen in person".into(), ends_at: at }), ..page.clone() },
                ),
                (
                    "unconfirmed",
                    Self { email_confirmed: false, reach: MailReach::Unconfirmed { email: "ana@acme.example".into() }, ..page.clone() },
                ),
                ("vouched", Self { vouch: Some(ShownVouch::sample()), ..page.clone() }),
                ("vouched_host", Self { vouch: Some(ShownVouch { by: None, ..ShownVouch::sample() }), ..page.clone() }),
                ("no_mail", Self { email_confirmed: false, reach: MailReach::NoMail, ..page.clone() }),
                ("no_recovery", Self { recovery: None, ..page.clone() }),
                ("in_order", page),
            ]
            .into_iter()
            .map(|(name, page)| (name, Self { next: page.next(), ..page }))
            .collect()
        }
    }

    impl Samples for LogoutPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let back = Some(Back { app: "Grafana".into(), url: "https://grafana.example.org/".into() });
            let page = |leaving| Self { leaving, not_back: None };
            let ask = || Leaving::Ask { app: Some("Grafana".into()), request: Some("l1".into()) };
            let detail = "post_logout_redirect_uri https://grafana.example.org/bye is not registered for Grafana";
            let not_back = || Some(NotBack { detail: detail.into(), reference: "K7Q2-9VXM".into() });
            vec![
                ("ask", page(Leaving::Ask { app: None, request: None })),
                ("ask_app", page(ask())),
                ("ask_not_back", Self { not_back: not_back(), ..page(ask()) }),
                ("done", page(Leaving::Done { everywhere: false, back: None })),
                ("done_app", page(Leaving::Done { everywhere: false, back })),
                ("done_everywhere", page(Leaving::Done { everywhere: true, back: None })),
                ("nobody", page(Leaving::Nobody)),
                ("nobody_not_back", Self { not_back: not_back(), ..page(Leaving::Nobody) }),
            ]
        }
    }
}
