//! `/`: the landing page, for those who are not signed in.

use serde::Serialize;

use crate::platform::render::Page;

/// What the landing page says.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Landing {
    /// No administrator exists yet.
    NotSetUp {
        /// The command that prints a new set-up link, as it can be typed.
        command: String,
    },
    /// Set up: sign in.
    SignIn,
    /// Opened under a name that is not the one it is set up as.
    WrongName {
        /// The address in the browser, such as `http://192.168.1.5:8080`.
        opened_as: String,
        /// Our address, such as `http://localhost:8080`.
        set_up_as: String,
        /// WaysToReach to reach it from another machine, while no public address is set.
        ways: Option<WaysToReach>,
    },
}

/// Commands that make the service reachable from other machines.
#[derive(Clone, Debug, Serialize)]
pub struct WaysToReach {
    /// An SSH tunnel from the machine with the browser.
    pub tunnel: String,
    /// Starting with a public address, behind a proxy that keeps the TLS certificate.
    pub serve: String,
}

/// The landing page.
#[derive(Clone, Debug, Serialize)]
pub struct LandingPage {
    /// What it says.
    pub landing: Landing,
}

impl Page for LandingPage {
    const TEMPLATE: &'static str = "pages/system/landing.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for LandingPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let ways = WaysToReach {
                tunnel: "ssh -L 8080:localhost:8080 192.168.1.5".into(),
                serve: "vouchsafe serve --public-url https://auth.example.org".into(),
            };
            vec![
                ("not_set_up", Self { landing: Landing::NotSetUp { command: "cargo run --release -- setup-link".into() } }),
                ("sign_in", Self { landing: Landing::SignIn }),
                (
                    "wrong_name",
                    Self {
                        landing: Landing::WrongName {
                            opened_as: "http://192.168.1.5:8080".into(),
                            set_up_as: "http://localhost:8080".into(),
                            ways: Some(ways),
                        },
                    },
                ),
                (
                    "wrong_name_public",
                    Self {
                        landing: Landing::WrongName {
                            opened_as: "https://10.0.0.7".into(),
                            set_up_as: "https://auth.example.org".into(),
                            ways: None,
                        },
                    },
                ),
            ]
        }
    }
}
