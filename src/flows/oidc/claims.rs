//! Claims: what a request asks for, what of it the application needs, and what a grant gives.

use serde_json::{Map, Value, json};

use crate::domain::client::{ClaimDelivery, Client};
use crate::domain::grant::{AuthorizationRequest, ChosenClaims};
use crate::domain::identity::{Attribute, Profile};

pub use crate::kernel::claim::{Claim, ClaimRule};

/// The value of a claim, for showing; `None` when the account has none.
pub fn shown(claim: Claim, profile: &Profile) -> Option<String> {
    match claim {
        Claim::Name => Some(profile.name.clone()).filter(|name| !name.is_empty()),
        Claim::Username => profile.username.clone(),
        Claim::Email => profile.email.clone(),
    }
}

/// Where the value of a claim is kept.
pub(super) const fn attribute(claim: Claim) -> Attribute {
    match claim {
        Claim::Name => Attribute::Name,
        Claim::Username => Attribute::Username,
        Claim::Email => Attribute::Email,
    }
}

/// What a request asks for, by scope or one by one: only what the application is registered for, and nothing that is never
/// given.
pub(super) fn asked(request: &AuthorizationRequest, client: &Client) -> Vec<Claim> {
    let is_asked = |claim: &Claim| {
        let by_scope = request.scopes.iter().any(|scope| scope == claim.scope());
        let one_by_one = claim.is_named_in(&request.claims.id_token) || claim.is_named_in(&request.claims.userinfo);
        by_scope || (one_by_one && client.scopes.iter().any(|scope| scope == claim.scope()))
    };
    Claim::ALL.into_iter().filter(|claim| client.claim_rules.of(*claim) != ClaimRule::Never).filter(is_asked).collect()
}

/// Which of the claims asked for the application needs: by its registration, or because the request calls them essential
/// where the registration leaves the choice to the person (OpenID Connect Core section 5.5.1).
pub(super) fn needed(request: &AuthorizationRequest, client: &Client) -> Vec<Claim> {
    let is_needed = |claim: &Claim| match client.claim_rules.of(*claim) {
        ClaimRule::Needed => true,
        ClaimRule::Choice => claim.is_named_in(&request.claims.essential),
        ClaimRule::Never => false,
    };
    asked(request, client).into_iter().filter(is_needed).collect()
}

/// Which of the allowed claims go where: all to userinfo, and into the ID token too unless the application is registered for
/// userinfo only; then only what its request names there (OpenID Connect Core section 5.5, OA-70).
pub(super) fn chosen(request: &AuthorizationRequest, delivery: ClaimDelivery, allowed: &[Claim]) -> ChosenClaims {
    let words = |list: Vec<Claim>| list.into_iter().map(|claim| claim.as_str().to_owned()).collect();
    let named_there = |claim: &Claim| claim.is_named_in(&request.claims.id_token);
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
