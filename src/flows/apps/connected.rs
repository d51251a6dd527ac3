//! What an application has to be told once, right after it was connected or got another secret.

use serde::{Deserialize, Serialize};

use super::NewSecret;
use crate::domain::client::{Client, Registered};
use crate::kernel::ids::ClientId;

/// What an application has to be told.
#[derive(Serialize, Deserialize)]
pub struct Connected {
    /// The application.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// Its `client_id`.
    pub client_id: String,
    /// The new secret; none for a public application.
    pub secret: Option<String>,
    /// Whether it had one before.
    pub further: bool,
    /// Its scopes, as a request writes them.
    pub scopes: String,
    /// What its ID tokens are signed with.
    pub algorithm: String,
}

impl Connected {
    /// Of an application that was connected just now.
    pub fn first(registered: Registered) -> Self {
        Self::of(registered.client, registered.secret.map(|secret| secret.expose().to_owned()))
    }

    /// With a further secret of one that was connected before.
    pub fn further(made: NewSecret) -> Self {
        let secret = made.secret.expose().to_owned();
        Self { further: true, ..Self::of(made.client, Some(secret)) }
    }

    fn of(client: Client, secret: Option<String>) -> Self {
        Self {
            id: client.id,
            name: client.name,
            client_id: client.client_id,
            secret,
            further: false,
            scopes: client.scopes.join(" "),
            algorithm: client.algorithm.as_str().to_owned(),
        }
    }
}
