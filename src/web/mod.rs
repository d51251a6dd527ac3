//! Floor 4: HTTP. The only floor that names actix. Handlers parse what came, call a flow, and answer; they never
//! open a transaction and never decide a rule.

mod failure;
pub mod guard;
pub mod kept_requests;
pub mod oauth;
pub mod pages;
pub mod respond;
pub mod routes;
pub mod server;

pub use failure::Failure;
