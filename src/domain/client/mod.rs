//! Applications: who they are, where they are answered, how they prove who they are, and who may use them.
//! Also the number under which each sector of applications knows a person.

mod own;
mod store;
#[cfg(test)]
pub mod testing;

use crate::kernel::address::RedirectUri;
use crate::kernel::claim::ClaimRules;
use crate::kernel::ids::{ClientId, GroupId, PersonId, SecretId};
use crate::kernel::text::{Announcement, ClientName, Reason, name_as_read};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::jws::Algorithm;
use crate::platform::crypto::same;
use crate::platform::crypto::token::{ClientSecret, Token, TokenHash};
use crate::platform::db::Work;
use crate::text_enum;

pub use own::Own;
pub use store::{delete, find_by_id, list, note_shown_change, release_pkce};

/// Secrets an application may have at once, so that one can be exchanged without a pause (OA-42).
pub const MOST_SECRETS: i64 = 2;

text_enum! {
    /// Whether an application can keep a secret.
    pub enum ClientKind {
        /// It runs on a server and has a secret.
        Confidential = "confidential",
        /// It runs where its user can read it; PKCE is its only proof.
        Public = "public",
    }
}

text_enum! {
    /// How an application authenticates at the token endpoint (OA-39): one with a secret by either method, unless it is
    /// registered for one and no other.
    pub enum ClientAuth {
        /// HTTP Basic or in the body, as the application chooses.
        SecretEither = "either",
        /// HTTP Basic.
        SecretBasic = "client_secret_basic",
        /// In the body.
        SecretPost = "client_secret_post",
        /// Not at all.
        None = "none",
    }
}

text_enum! {
    /// What an address of an application is for.
    pub enum AddressPurpose {
        /// The answer to a sign-in.
        Redirect = "redirect",
        /// After sign-out.
        PostLogout = "post_logout",
    }
}

text_enum! {
    /// Where an application reads the claims it is given (OpenID Connect Core section 5).
    pub enum ClaimDelivery {
        /// In the ID token and at the userinfo endpoint: most programs read only the ID token.
        IdTokenAndUserinfo = "id_token_and_userinfo",
        /// At the userinfo endpoint; in the ID token only what the `claims` parameter asks for there.
        Userinfo = "userinfo",
    }
}

/// Who may use an application. Must be chosen when it is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everyone with an account.
    Everyone,
    /// People in one of these groups.
    Groups(Vec<GroupId>),
}

impl Access {
    /// Whether somebody in `groups` may use it.
    pub fn allows(&self, groups: &[GroupId]) -> bool {
        match self {
            Self::Everyone => true,
            Self::Groups(allowed) => allowed.iter().any(|group| groups.contains(group)),
        }
    }
    /// The names of the groups it is open to, in the order of `groups`; none when everyone may.
    pub fn names(&self, groups: &[(GroupId, String)]) -> Option<Vec<String>> {
        match self {
            Self::Everyone => None,
            Self::Groups(allowed) => Some(groups.iter().filter(|(id, _)| allowed.contains(id)).map(|(_, name)| name.clone()).collect()),
        }
    }
}

/// An application.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its row.
    pub id: ClientId,
    /// Its name in the protocol.
    pub client_id: String,
    /// Its name for people.
    pub name: String,
    /// Who runs it, for people.
    pub run_by: String,
    /// Whether it can keep a secret.
    pub kind: ClientKind,
    /// How it proves who it is.
    pub auth: ClientAuth,
    /// Whether it is installed on people's devices: then a loopback redirect may change its port (OA-02).
    pub native: bool,
    /// What its ID tokens are signed with.
    pub algorithm: Algorithm,
    /// Where it reads claims.
    pub claim_delivery: ClaimDelivery,
    /// Who decides about each claim.
    pub claim_rules: ClaimRules,
    /// The organisation runs it itself.
    pub own: Option<Own>,
    /// Applications of one sector know a person by the same number.
    pub sector: String,
    /// Who may use it.
    pub access: Access,
    /// The scopes it may ask for.
    pub scopes: Vec<String>,
    /// Whether an administrator set it to always use PKCE.
    pub hardened: bool,
    /// Since when it is known to use PKCE; it is held to that (OA-30).
    pub pkce_used_at: Option<Timestamp>,
    /// Whether it is the built-in demo.
    pub demo: bool,
    /// Whether it has been switched off.
    pub disabled: bool,
    /// What people read while it is.
    pub disabled_text: Option<String>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Where sign-ins may be answered.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where a sign-out may lead.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Why its addresses may be what others may not.
    pub address_reasons: AddressReasons,
}

/// Why an application's addresses may be what the rule does not allow (OA-05); none where it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressReasons {
    /// Why they may be http on a private network.
    pub private_http: Option<String>,
    /// Why they may have a custom scheme without a dot.
    pub undotted_scheme: Option<String>,
}

impl Client {
    /// Whether its user is asked each time it is answered at this address: any program on a device could pretend to be an
    /// application without a secret behind a loopback address or a custom scheme. An https address is the application's own
    /// (RFC 8252 section 8.6, OA-110).
    pub fn is_asked_for_each_time(&self, redirect_uri: &str) -> bool {
        (self.native || self.kind == ClientKind::Public) && !redirect_uri.starts_with("https://")
    }
    /// What the application must send to protect its codes (RFC 9700 section 2.1.1, OA-30).
    pub fn pkce(&self) -> PkceRule {
        match (self.kind, self.hardened, self.pkce_used_at) {
            (ClientKind::Public, ..) => PkceRule::Public,
            (ClientKind::Confidential, true, _) => PkceRule::Hardened,
            (ClientKind::Confidential, false, Some(since)) => PkceRule::UsedBefore(since),
            (ClientKind::Confidential, false, None) => PkceRule::OrNonce,
        }
    }
    /// Whether a sign-in may be answered at `asked`: an exact string, but for a native application's loopback port.
    pub fn redirects_to(&self, asked: &str) -> bool {
        self.redirect_uris.iter().any(|uri| if self.native { uri.matches(asked) } else { uri.as_str() == asked })
    }
    /// The addresses where sign-ins may be answered, in one text.
    pub fn redirect_addresses(&self) -> String {
        let texts: Vec<&str> = self.redirect_uris.iter().map(RedirectUri::as_str).collect();
        texts.join(" ")
    }
}

/// What an application must send with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PkceRule {
    /// PKCE: it has no other proof.
    Public,
    /// PKCE: an administrator set it so.
    Hardened,
    /// PKCE: it has used it since this instant.
    UsedBefore(Timestamp),
    /// PKCE or a nonce.
    OrNonce,
}

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

/// A secret that opens, as far as anybody may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenSecret {
    /// Its row.
    pub id: SecretId,
    /// When it was made.
    pub made_at: Timestamp,
}

/// What became of revoking a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// It opens nothing any more.
    Done,
    /// It is the only one, and stays: without one the application could not ask for tokens any more.
    Last,
    /// The application has no such secret, or not any more.
    NotThere,
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

/// Notes that a confidential application used PKCE: from then on it is held to it. True when that is new.
pub fn note_pkce(w: &mut Work<'_>, client: &Client) -> Result<bool, Fault> {
    if client.kind == ClientKind::Public || client.pkce_used_at.is_some() { Ok(false) } else { store::note_pkce(w, client.id) }
}

/// Finds an application and keeps it from others who want to change it, until the end of the caller's transaction.
pub fn hold(w: &mut Work<'_>, id: ClientId) -> Result<Option<Client>, Fault> {
    store::hold(w, id)?;
    store::find_by_id(w, id)
}

fn make_secret(w: &mut Work<'_>, client: ClientId) -> Result<(SecretId, Token<ClientSecret>), Fault> {
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

/// The number under which a sector of applications knows a person: random, made on first use, never derived and
/// never given to anybody else (OA-59).
pub fn subject(w: &mut Work<'_>, person: PersonId, sector: &str) -> Result<String, Fault> {
    if let Some(subject) = store::find_subject(w, person, sector)? {
        return Ok(subject);
    }
    let made = data_encoding::BASE64URL_NOPAD.encode(&w.entropy.bytes::<24>());
    store::insert_subject(w, person, sector, &made)?;
    store::find_subject(w, person, sector)?.ok_or_else(|| Fault::internal("a subject was made and is not there"))
}

/// The number under which the application's sector knows a person, if it has met them.
pub fn find_subject(w: &mut Work<'_>, person: PersonId, client: &Client) -> Result<Option<String>, Fault> {
    store::find_subject(w, person, &client.sector)
}
