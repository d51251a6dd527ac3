//! OpenID Connect for applications: the authorization request, the person's decision, tokens, claims, discovery and
//! sign-out. One file for each endpoint; what endpoints share is beside them.

pub mod allowed;
pub mod authorize;
pub mod claims;
pub mod client_auth;
pub mod consent;
pub mod discovery;
pub mod error;
mod id_token;
pub mod logout;
pub mod params;
mod pkce;
pub mod refusal;
mod scope;
pub mod token;
pub mod userinfo;
pub mod webfinger;
