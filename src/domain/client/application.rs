//! An application as it is registered.

use super::own::Own;
use crate::kernel::Timestamp;
use crate::kernel::address::RedirectUri;
use crate::kernel::claim::ClaimRules;
use crate::kernel::ids::{ClientId, GroupId};
use crate::platform::crypto::jws::Algorithm;
use crate::text_enum;

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
