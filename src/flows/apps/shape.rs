//! Where an application runs.

use crate::domain::client::{Client, ClientKind};

/// Where an application runs, which decides whether it can keep a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// On a server: it has a secret.
    Server,
    /// In the browser: no secret.
    Browser,
    /// On people's devices: no secret, and any port on the device itself (RFC 8252 section 7.3).
    Installed,
}

impl Shape {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Server, Self::Browser, Self::Installed];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Browser => "browser",
            Self::Installed => "installed",
        }
    }
    /// Where an application that is connected runs.
    pub fn of(client: &Client) -> Self {
        match (client.native, client.kind) {
            (true, _) => Self::Installed,
            (false, ClientKind::Public) => Self::Browser,
            (false, ClientKind::Confidential) => Self::Server,
        }
    }
    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.as_str() == word)
    }
}
