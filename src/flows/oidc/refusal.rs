//! What is written to the log about a refused request of an application: one line, bounded, from which its developer sees
//! what was sent and what is registered. The reference on a page of ours finds it.

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
