//! Registering an application, and changing what may change of it.

use super::application::{Access, AddressPurpose, AddressReasons, ClaimDelivery, Client, ClientAuth, ClientKind};
use super::secrets::make_secret;
use super::{load, store};
use crate::kernel::Fault;
use crate::kernel::address::RedirectUri;
use crate::kernel::claim::ClaimRules;
use crate::kernel::ids::{ClientId, PersonId};
use crate::kernel::text::{ClientName, Reason};
use crate::platform::crypto::jws::Algorithm;
use crate::platform::crypto::token::{ClientSecret, Token};
use crate::platform::db::Work;

/// What an application is registered from.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// Its name in the protocol; random when not given.
    pub client_id: Option<String>,
    /// Its name for people.
    pub name: ClientName,
    /// Who runs it.
    pub run_by: String,
    /// Whether it can keep a secret.
    pub kind: ClientKind,
    /// How it proves who it is.
    pub auth: ClientAuth,
    /// Whether it is installed on people's devices.
    pub native: bool,
    /// What its ID tokens are signed with; RS256 when nothing is known about it (OA-60).
    pub algorithm: Algorithm,
    /// Where it reads claims.
    pub claim_delivery: ClaimDelivery,
    /// Who decides about each claim.
    pub claim_rules: ClaimRules,
    /// Why the organisation's people are told what it gets and not asked, if the organisation runs it itself.
    pub own: Option<Reason>,
    /// Where sign-ins may be answered.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where a sign-out may lead.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Why its addresses may be what others may not.
    pub address_reasons: AddressReasons,
    /// Who may use it.
    pub access: Access,
    /// The scopes it may ask for.
    pub scopes: Vec<String>,
    /// Whether it must always use PKCE.
    pub hardened: bool,
    /// Whether it is the built-in demo.
    pub demo: bool,
}

/// Why an application was not registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationRefused {
    /// Another application has this `client_id`.
    Taken,
    /// Another application has this name for people, and nobody said that this is meant.
    SameName,
    /// A public application has a secret, or a confidential one has none.
    Contradiction,
    /// No redirect address was given.
    NoRedirect,
}

/// A registered application and its secret, shown this once.
pub struct Registered {
    /// The application.
    pub client: Client,
    /// Its secret, unless it is public.
    pub secret: Option<Token<ClientSecret>>,
}

/// Registers an application.
pub fn register(w: &mut Work<'_>, new: &NewClient, by: Option<PersonId>) -> Result<Result<Registered, RegistrationRefused>, Fault> {
    let has_secret = new.auth != ClientAuth::None;
    if has_secret != (new.kind == ClientKind::Confidential) {
        return Ok(Err(RegistrationRefused::Contradiction));
    }
    if new.redirect_uris.is_empty() {
        return Ok(Err(RegistrationRefused::NoRedirect));
    }
    let id = ClientId::make(w.now, w.entropy);
    let client_id = new.client_id.clone().unwrap_or_else(|| id.to_string());
    if store::find(w, &client_id)?.is_some() {
        return Ok(Err(RegistrationRefused::Taken));
    }
    store::insert(w, id, &client_id, new)?;
    store::set_own(w, id, new.own.as_ref(), by)?;
    store::replace_addresses(w, id, AddressPurpose::Redirect, &new.redirect_uris)?;
    store::replace_addresses(w, id, AddressPurpose::PostLogout, &new.post_logout_redirect_uris)?;
    let secret = if has_secret { Some(make_secret(w, id)?.1) } else { None };
    Ok(Ok(Registered { client: load(w, id)?, secret }))
}

/// Changes what may change of an application to what `new` says. Its name in the protocol, where it runs and its sector
/// are for good: they are what it and its people know it by.
pub fn change(w: &mut Work<'_>, known: &Client, new: &NewClient, by: Option<PersonId>) -> Result<(), Fault> {
    let id = known.id;
    store::update(w, id, new)?;
    // Whoever changes something else has not decided this.
    if known.own.as_ref().map(|own| own.reason.as_str()) != new.own.as_ref().map(Reason::as_str) {
        store::set_own(w, id, new.own.as_ref(), by)?;
    }
    store::replace_addresses(w, id, AddressPurpose::Redirect, &new.redirect_uris)?;
    store::replace_addresses(w, id, AddressPurpose::PostLogout, &new.post_logout_redirect_uris)
}
