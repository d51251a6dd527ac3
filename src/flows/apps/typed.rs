//! What someone typed about an application, on the page or at the command line.

use std::collections::BTreeMap;

use super::shape::Shape;
use crate::domain::client::{AddressReasons, Client};
use crate::kernel::address::RedirectUri;
use crate::kernel::claim::Claim;
use crate::platform::crypto::sha256;

/// The word for a claim about which nobody said anything.
pub const USUAL: &str = "usual";

/// Who may use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everyone with an account.
    Everyone,
    /// Members of the groups with these names.
    Groups(Vec<String>),
}

/// What someone typed.
#[derive(Clone, Debug)]
pub struct TypedApp {
    /// Its name for people.
    pub name: String,
    /// Who runs it, if someone said so.
    pub run_by: Option<String>,
    /// Where sign-ins are answered.
    pub redirect_uris: Vec<String>,
    /// Where people may be sent after signing out.
    pub post_logout_redirect_uris: Vec<String>,
    /// Why these addresses may be what others may not, if that was asked for.
    pub address_reasons: AddressReasons,
    /// Who may use it, once that was chosen.
    pub who: Option<Who>,
    /// Where it runs, once that was chosen.
    pub shape: Option<Shape>,
    /// How it presents its secret, if it has one (OA-39).
    pub authentication: String,
    /// What its ID tokens are signed with.
    pub algorithm: String,
    /// Where it reads claims.
    pub claim_delivery: String,
    /// Who decides about each claim, as far as someone said so; for the rest as usual.
    pub claim_rules: BTreeMap<Claim, String>,
    /// Why the organisation's people are told and not asked, if the organisation runs it itself.
    pub own: Option<String>,
    /// Whether it must always use PKCE.
    pub hardened: bool,
}

impl TypedApp {
    /// A digest by which a form knows again what it was filled with. Addresses count without regard to their order.
    pub fn digest(&self) -> String {
        let sorted = |texts: &[String]| {
            let mut texts = texts.to_vec();
            texts.sort_unstable();
            texts
        };
        let who = match &self.who {
            None => serde_json::Value::Null,
            Some(Who::Everyone) => "everyone".into(),
            Some(Who::Groups(names)) => sorted(names).into(),
        };
        let all = serde_json::json!([
            self.name,
            self.run_by,
            sorted(&self.redirect_uris),
            sorted(&self.post_logout_redirect_uris),
            self.address_reasons.private_http,
            self.address_reasons.undotted_scheme,
            who,
            self.authentication,
            self.algorithm,
            self.claim_delivery,
            Claim::ALL.map(|claim| self.claim_rules.get(&claim)),
            self.own,
            self.hardened,
        ]);
        data_encoding::BASE64URL_NOPAD.encode(&sha256(all.to_string().as_bytes()))
    }
}

/// What someone would have typed for an application as it is now. `groups` are the names of those that may use it, if not
/// everyone may.
pub fn typed_from(client: &Client, groups: Option<&[String]>) -> TypedApp {
    let texts = |uris: &[RedirectUri]| uris.iter().map(|uri| uri.as_str().to_owned()).collect();
    TypedApp {
        name: client.name.clone(),
        run_by: Some(client.run_by.clone()).filter(|name| !name.is_empty()),
        redirect_uris: texts(&client.redirect_uris),
        post_logout_redirect_uris: texts(&client.post_logout_redirect_uris),
        address_reasons: client.address_reasons.clone(),
        who: Some(groups.map_or(Who::Everyone, |names| Who::Groups(names.to_vec()))),
        shape: Some(Shape::of(client)),
        authentication: client.auth.as_str().to_owned(),
        algorithm: client.algorithm.as_str().to_owned(),
        claim_delivery: client.claim_delivery.as_str().to_owned(),
        claim_rules: Claim::ALL.map(|claim| (claim, client.claim_rules.of(claim).as_str().to_owned())).into(),
        own: client.own.as_ref().map(|own| own.reason.clone()),
        hardened: client.hardened,
    }
}
