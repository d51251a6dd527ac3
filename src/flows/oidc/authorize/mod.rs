//! The authorization endpoint (OpenID Connect Core section 3.1.2): a request is checked once and kept on the server;
//! what happens next is decided from what is kept, never from what a browser sends again (OA-35).

mod checks;
mod decide;
mod request;
mod respond;

pub use decide::{Decision, Question, decide};
pub(super) use decide::{grant_code, standing};
pub(crate) use request::StoredRequest;
pub(super) use request::key;
pub use request::{Asking, Begun, begin, look};
pub use respond::{error_url, is_web_address};
