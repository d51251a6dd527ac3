//! The secrets of an application: at most two, of which the last one stays.

use super::store;
use crate::kernel::ids::{ClientId, SecretId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::same;
use crate::platform::crypto::token::{ClientSecret, Token, TokenHash};
use crate::platform::db::Work;

/// How many secrets an application may have, so that one can be exchanged without a pause (OA-42).
pub const MOST_SECRETS: i64 = 2;

/// A secret that opens, as far as anybody may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenSecret {
    /// Its row.
    pub id: SecretId,
    /// When it was made.
    pub made_at: Timestamp,
}

/// The outcome of revoking a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// It no longer opens anything.
    Done,
    /// It is the only one, and stays: without one the application could no longer ask for tokens.
    Last,
    /// The application has no such secret, or no longer.
    NotThere,
}

pub(super) fn make_secret(w: &mut Work<'_>, client: ClientId) -> Result<(SecretId, Token<ClientSecret>), Fault> {
    let secret = Token::<ClientSecret>::make(w.entropy);
    let id = SecretId::make(w.now, w.entropy);
    store::insert_secret(w, id, client, secret.hash().as_bytes())?;
    Ok((id, secret))
}

/// Makes a further secret for an application; `None` when it has [`MOST_SECRETS`]. They are counted while the application
/// is held, so that of many who add one at the same moment no more than fit succeed.
pub fn add_secret(w: &mut Work<'_>, client: ClientId) -> Result<Option<(SecretId, Token<ClientSecret>)>, Fault> {
    store::hold(w, client)?;
    if store::count_secrets(w, client)? >= MOST_SECRETS { Ok(None) } else { make_secret(w, client).map(Some) }
}

/// Revokes one secret, unless it is the last. Counted while the application is held: of two who revoke one each, one is told
/// that it is the last.
pub fn revoke_secret(w: &mut Work<'_>, client: ClientId, secret: SecretId) -> Result<Revoked, Fault> {
    store::hold(w, client)?;
    let secrets = store::list_secrets(w, client)?;
    if !secrets.iter().any(|known| known.id == secret) {
        return Ok(Revoked::NotThere);
    }
    if secrets.len() == 1 {
        return Ok(Revoked::Last);
    }
    Ok(if store::revoke_secret(w, client, secret)? { Revoked::Done } else { Revoked::NotThere })
}

/// The secrets of an application that open, oldest first.
pub fn secrets(w: &mut Work<'_>, client: ClientId) -> Result<Vec<OpenSecret>, Fault> {
    store::list_secrets(w, client)
}

/// Replaces all secrets of an application by one new one.
pub fn renew_secret(w: &mut Work<'_>, client: ClientId) -> Result<Token<ClientSecret>, Fault> {
    store::revoke_secrets(w, client)?;
    Ok(make_secret(w, client)?.1)
}

/// Whether a presented secret is one of the application's. Compares hashes in constant time (CR-04).
pub fn secret_matches(w: &mut Work<'_>, client: ClientId, presented: &TokenHash<ClientSecret>) -> Result<bool, Fault> {
    let hashes = store::list_secret_hashes(w, client)?;
    Ok(hashes.iter().fold(false, |found, hash| same(hash, presented.as_bytes()) | found))
}
