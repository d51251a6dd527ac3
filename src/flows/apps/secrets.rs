//! Several secrets at the same time, so that one can be exchanged without a pause (OA-42).

use super::{AppOutcome, entry, held};
use crate::app::App;
use crate::domain::access::Right;
use crate::domain::audit::{self, Kind};
use crate::domain::client::{self, Client, ClientAuth, Revoked};
use crate::flows::{ActingAdmin, revalidate};
use crate::kernel::Fault;
use crate::kernel::ids::{ClientId, SecretId};
use crate::platform::crypto::token::{ClientSecret, Token};

/// A new secret, to be shown once.
#[derive(Debug)]
pub struct NewSecret {
    /// Whose it is.
    pub client: Client,
    /// Its row.
    pub id: SecretId,
    /// The secret.
    pub secret: Token<ClientSecret>,
}

/// The result of adding a secret.
#[derive(Debug)]
pub enum SecretAdded {
    /// It was made.
    Made(Box<NewSecret>),
    /// There are as many as an application may have.
    TooMany,
    /// The application can keep no secret.
    Public,
}

/// Makes a further secret; the others go on opening.
///
/// # Errors
/// When something we need is away.
pub async fn add_secret(app: &App, admin: &ActingAdmin, id: ClientId) -> Result<AppOutcome<SecretAdded>, Fault> {
    let by = admin.clone();
    revalidate::act(app, &admin.actor, Right::Applications, None, move |w| {
        let client = held!(w, id);
        if client.auth == ClientAuth::None {
            return Ok(AppOutcome::Done(SecretAdded::Public));
        }
        let Some((secret_id, secret)) = client::add_secret(w, id)? else { return Ok(AppOutcome::Done(SecretAdded::TooMany)) };
        audit::append(w, &entry(Kind::ClientSecretMade, &by, id).fact("secret", secret_id.to_string()))?;
        Ok(AppOutcome::Done(SecretAdded::Made(Box::new(NewSecret { client, id: secret_id, secret }))))
    })
    .await
}

/// Revokes a secret, which opens nothing from this write on. The last one stays: an application that is to ask for nothing
/// can be disabled instead, which people are told.
///
/// # Errors
/// When something we need is away.
pub async fn revoke_secret(app: &App, admin: &ActingAdmin, id: ClientId, secret: SecretId) -> Result<AppOutcome<Revoked>, Fault> {
    let by = admin.clone();
    revalidate::act(app, &admin.actor, Right::Applications, None, move |w| {
        let _client = held!(w, id);
        let revoked = client::revoke_secret(w, id, secret)?;
        if revoked == Revoked::Done {
            audit::append(w, &entry(Kind::ClientSecretRevoked, &by, id).fact("secret", secret.to_string()))?;
        }
        Ok(AppOutcome::Done(revoked))
    })
    .await
}
