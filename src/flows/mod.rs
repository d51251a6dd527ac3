//! Floor 3: corridors. Flows own the transactions and are the only place where rooms meet; neighbours do not know
//! each other.

pub mod account;
pub mod address_check;
pub mod apps;
pub mod demo_app;
pub mod elevation;
pub mod enrolment;
pub mod factors;
pub mod jobs;
pub mod notifications;
pub mod oidc;
pub mod people;
pub mod reauth;
pub mod revalidate;
pub mod sessions;
pub mod setup_link;
pub mod sign_in;
pub mod signing_keys;
pub mod spaces;
#[cfg(test)]
pub mod testing;
pub mod throttle;

use std::net::IpAddr;

use crate::domain::access::AdminActor;
use crate::domain::audit::Entry;
use crate::kernel::ids::{PersonId, RequestId};
use crate::platform::crypto::token::{AttemptCookie, DeviceCookie, SessionCookie, TokenHash};

/// The person who stands at the other end of a request, as far as flows need to know.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The network address.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub user_agent: String,
    /// What journeys begun in this browser are bound to.
    pub binding: TokenHash<AttemptCookie>,
    /// The session cookie it carries.
    pub session: Option<TokenHash<SessionCookie>>,
    /// The device cookie it carries.
    pub device: Option<TokenHash<DeviceCookie>>,
}

impl Caller {
    /// The networks its tries are counted under.
    pub fn networks(&self) -> throttle::Networks {
        throttle::Networks::of(self.address)
    }

    /// What an audit entry keeps of them, sealed.
    pub fn audit_origin(&self) -> serde_json::Value {
        serde_json::json!({ "address": self.address.to_string(), "user_agent": self.user_agent })
    }
}

/// An administrator who acts, and from where: from nowhere for a command at the host.
#[derive(Clone, Debug)]
pub struct ActingAdmin {
    /// Who, with a fresh proof.
    pub actor: AdminActor,
    /// From which browser.
    pub caller: Option<Caller>,
}

impl ActingAdmin {
    /// Someone in a browser.
    pub fn in_browser(actor: &AdminActor, caller: Caller) -> Self {
        Self { actor: actor.clone(), caller: Some(caller) }
    }

    /// The person who gives a command at the host of the service.
    pub fn at_the_host() -> Self {
        Self { actor: AdminActor::at_the_host(), caller: None }
    }

    /// Which person, unless it is a command.
    pub fn person(&self) -> Option<PersonId> {
        self.actor.person()
    }

    /// Adds to the record of an act from where it was done, sealed for who did it.
    pub fn sign(&self, entry: Entry) -> Entry {
        match (&self.caller, self.person()) {
            (Some(caller), Some(by)) => entry.personal(Some(by), caller.audit_origin()),
            _ => entry,
        }
    }
}

/// Where a sign-in leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum After {
    /// To the person's own pages.
    Account,
    /// Back to an application's request.
    Request(RequestId),
}
