//! What is written down of a request that an application made and that was refused: one line at level info, bounded, with the
//! application, the check that failed, and what was sent beside what is registered. No secret, code or token is in it (LG-06).
//! The reference on a page of ours finds it.

use super::error::Refused;
use crate::app::App;
use crate::domain::client::Client;
use crate::flows::throttle;
use crate::platform::crypto::token::{ClientSecret, Token};
use crate::platform::telemetry::safe;

/// A refusal, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where the request came in.
    pub endpoint: &'static str,
    /// The check that refused.
    pub check: &'static str,
    /// The `client_id` that was sent.
    pub application: String,
    /// The name of the application; empty when it is not known.
    pub name: String,
    /// The value that was sent.
    pub sent: String,
    /// What is registered or supported.
    pub registered: String,
}

impl Refusal {
    /// Writes it down.
    pub fn log(&self, reference: Option<&str>) {
        let [application, name, sent, registered] = [&self.application, &self.name, &self.sent, &self.registered].map(|text| safe(text));
        let (endpoint, check) = (self.endpoint, self.check);
        tracing::info!(reference, endpoint, check, application, name, sent, registered, "a request of an application was refused");
    }
}

/// A refusal of a token request: what the application is told, and what the log says besides.
#[derive(Clone, Debug)]
pub(super) struct TokenRefusal {
    /// What the application is told.
    pub(super) told: Refused,
    /// The check that refused, in one word.
    pub(super) check: &'static str,
    /// What was sent.
    pub(super) sent: String,
    /// What is registered, or expected.
    pub(super) registered: String,
}

/// A refusal of a token request.
pub(super) fn refusal(told: Refused, check: &'static str, sent: impl Into<String>, registered: impl Into<String>) -> TokenRefusal {
    TokenRefusal { told, check, sent: sent.into(), registered: registered.into() }
}

/// Who made a refused request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Applicant<'a> {
    /// An application that is registered.
    Known(&'a Client),
    /// The `client_id` that was sent, of no application or not yet looked up.
    Named(&'a str),
    /// No `client_id` was sent.
    Nameless,
}

impl<'a> Applicant<'a> {
    /// By the `client_id` of a request.
    pub(super) fn of(client_id: Option<&'a str>) -> Self {
        client_id.map_or(Self::Nameless, Self::Named)
    }
    /// For counting: all unknown names together, so that a list of them fills nothing.
    pub(super) fn key(self) -> String {
        if let Self::Known(client) = self { client.id.to_string() } else { "unknown".to_owned() }
    }
}

/// Writes a refusal down. Beyond what is worth a line in a window, each check of each application is told once from each
/// network; and while the counters are away nothing is, as nothing would bound what a stranger writes. True when it was told.
pub(super) async fn note(app: &App, network: &str, applicant: Applicant<'_>, refusal: &TokenRefusal) -> bool {
    let TokenRefusal { told, check, .. } = refusal;
    let kind = format!("token:{check}:{}", applicant.key());
    let is_told = throttle::is_first_in_window_from(app, network, &kind).await.unwrap_or(false);
    if is_told {
        let (application, name) = match applicant {
            Applicant::Known(client) => (client.client_id.clone(), client.name.as_str()),
            Applicant::Named(client_id) => (named(client_id), ""),
            Applicant::Nameless => ("(missing)".to_owned(), ""),
        };
        let [name, sent, registered] = [name, &refusal.sent, &refusal.registered].map(safe);
        let (error, description) = (told.error.as_str(), told.description);
        tracing::info!(check, application, name, sent, registered, error, description, "a token request was refused");
    }
    is_told
}

/// A `client_id` for the log. A secret sent in its place is not shown.
fn named(client_id: &str) -> String {
    if Token::<ClientSecret>::parse(client_id).is_some() { "(a client secret)".to_owned() } else { safe(client_id) }
}
