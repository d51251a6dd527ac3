//! Applications: who they are, where they are answered, how they prove who they are, and who may use them.
//! Also the number under which each sector of applications knows a person.

mod application;
mod own;
mod registration;
mod secrets;
mod store;
mod subject;
#[cfg(test)]
pub mod testing;

pub use application::{Access, AddressPurpose, AddressReasons, ClaimDelivery, Client, ClientAuth, ClientKind, PkceRule};
pub use own::Own;
pub use registration::{NewClient, Registered, RegistrationRefused, change, register};
pub use secrets::{MOST_SECRETS, OpenSecret, Revoked, add_secret, renew_secret, revoke_secret, secret_matches, secrets};
pub use store::{delete, find_by_id, list, note_shown_change, release_pkce};
pub use subject::{find_subject, subject};

use crate::kernel::Fault;
use crate::kernel::address::RedirectUri;
use crate::kernel::ids::{ClientId, GroupId};
use crate::kernel::text::{Announcement, ClientName, name_as_read};
use crate::platform::db::Work;

/// Notes that a confidential application used PKCE: from then on it is held to it. True when that is new.
pub fn note_pkce(w: &mut Work<'_>, client: &Client) -> Result<bool, Fault> {
    if client.kind == ClientKind::Public || client.pkce_used_at.is_some() { Ok(false) } else { store::note_pkce(w, client.id) }
}

/// Finds an application and keeps it from others who want to change it, until the end of the caller's transaction.
pub fn hold(w: &mut Work<'_>, id: ClientId) -> Result<Option<Client>, Fault> {
    store::hold(w, id)?;
    store::find_by_id(w, id)
}

/// Finds an application by its name in the protocol.
pub fn find(w: &mut Work<'_>, client_id: &str) -> Result<Option<Client>, Fault> {
    // Postgres cannot even compare to a text with NUL; nobody has such a name (WB-13).
    if client_id.contains('\0') {
        return Ok(None);
    }
    store::find(w, client_id)
}

/// An application that must be there.
pub fn load(w: &mut Work<'_>, id: ClientId) -> Result<Client, Fault> {
    store::find_by_id(w, id)?.ok_or_else(|| Fault::internal(format!("application {id} is gone")))
}

/// Whether an application, other than `except`, has a name that people could take for this one.
/// Asked while [`group::hold_all`](crate::domain::group::hold_all) keeps the names.
pub fn has_name(w: &mut Work<'_>, name: &ClientName, except: Option<ClientId>) -> Result<bool, Fault> {
    let name = name_as_read(name.as_str());
    Ok(store::list_names(w)?.iter().any(|(id, known)| Some(*id) != except && name_as_read(known) == name))
}

/// Which applications are open to which groups: one pair for each, the applications by their names.
pub fn open_to_groups(w: &mut Work<'_>) -> Result<Vec<(GroupId, String)>, Fault> {
    store::list_groups(w)
}

/// The built-in demo: the one beside the server, and those started by themselves.
pub fn list_demos(w: &mut Work<'_>) -> Result<Vec<Client>, Fault> {
    Ok(store::list(w)?.into_iter().filter(|client| client.demo).collect())
}

/// Replaces the addresses at which an application is answered.
pub fn set_addresses(w: &mut Work<'_>, id: ClientId, purpose: AddressPurpose, uris: &[RedirectUri]) -> Result<(), Fault> {
    store::replace_addresses(w, id, purpose, uris)
}

/// Switches an application off, with what people will read about it.
pub fn disable(w: &mut Work<'_>, id: ClientId, text: &Announcement) -> Result<(), Fault> {
    let now = w.now;
    store::set_disabled(w, id, Some((now, text.as_str())))
}

/// Switches it on again.
pub fn enable(w: &mut Work<'_>, id: ClientId) -> Result<(), Fault> {
    store::set_disabled(w, id, None)
}
