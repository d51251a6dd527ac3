//! Claims: what there is to know about a person, under which scope, and what of it a grant gives.

use serde_json::{Map, Value, json};

use crate::domain::client::ClaimDelivery;
use crate::domain::grant::{AuthorizationRequest, ChosenClaims};
use crate::domain::identity::Profile;

/// Something an application can be told, as the person sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The person's name.
    Name,
    /// Their user name.
    Username,
    /// Their e-mail address, with whether it is proved theirs.
    Email,
}

impl Claim {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Name, Self::Username, Self::Email];

    /// The word for forms and stored choices.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Username => "username",
            Self::Email => "email",
        }
    }
    /// From the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|claim| claim.as_str() == text)
    }
    /// The scope that asks for it.
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Name | Self::Username => "profile",
            Self::Email => "email",
        }
    }
    /// The claims of the standard it stands for (OpenID Connect Core section 5.1).
    pub const fn standard(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["name"],
            Self::Username => &["preferred_username"],
            Self::Email => &["email", "email_verified"],
        }
    }
    /// Whether an application that asks for the scope gets it with a yes to the whole.
    pub const fn needed(self) -> bool {
        matches!(self, Self::Name)
    }
    /// The value, for showing; `None` when the account has none.
    pub fn shown(self, profile: &Profile) -> Option<String> {
        match self {
            Self::Name => Some(profile.name.clone()).filter(|name| !name.is_empty()),
            Self::Username => profile.username.clone(),
            Self::Email => profile.email.clone(),
        }
    }
}

/// What a request asks for, by scope or one by one; only what the application is registered for.
pub(super) fn asked(request: &AuthorizationRequest, registered: &[String]) -> Vec<Claim> {
    Claim::ALL
        .into_iter()
        .filter(|claim| {
            let by_name = |list: &[String]| claim.standard().iter().any(|name| list.iter().any(|wanted| wanted == name));
            let by_scope = request.scopes.iter().any(|scope| scope == claim.scope());
            let one_by_one = by_name(&request.claims.id_token) || by_name(&request.claims.userinfo);
            by_scope || (one_by_one && registered.iter().any(|scope| scope == claim.scope()))
        })
        .collect()
}

/// Which of the allowed claims go where: all to userinfo, and into the ID token too unless the application is registered for
/// userinfo only; then only what its request names there (OpenID Connect Core section 5.5, OA-70).
pub(super) fn chosen(request: &AuthorizationRequest, delivery: ClaimDelivery, allowed: &[Claim]) -> ChosenClaims {
    let words = |list: Vec<Claim>| list.into_iter().map(|claim| claim.as_str().to_owned()).collect();
    let named_there = |claim: &Claim| claim.standard().iter().any(|name| request.claims.id_token.iter().any(|wanted| wanted == name));
    let into_token = |claim: &Claim| delivery == ClaimDelivery::IdTokenAndUserinfo || named_there(claim);
    ChosenClaims { userinfo: words(allowed.to_vec()), id_token: words(allowed.iter().copied().filter(into_token).collect()) }
}

/// The members a list of chosen claims becomes; what the account does not have is left out.
pub(super) fn members(chosen: &[String], profile: &Profile) -> Map<String, Value> {
    let mut members = Map::new();
    for claim in chosen.iter().filter_map(|word| Claim::parse(word)) {
        match claim {
            Claim::Name => {
                members.insert("name".into(), json!(profile.name));
                if let Some(at) = profile.updated_at {
                    members.insert("updated_at".into(), json!(at.seconds()));
                }
            }
            Claim::Username => {
                if let Some(username) = &profile.username {
                    members.insert("preferred_username".into(), json!(username));
                }
            }
            Claim::Email => {
                if let Some(email) = &profile.email {
                    members.insert("email".into(), json!(email));
                    members.insert("email_verified".into(), json!(profile.email_confirmed));
                }
            }
        }
    }
    members
}
