//! The organisation's own applications: their people are told what they get, and not asked.

use crate::kernel::Timestamp;
use crate::kernel::ids::PersonId;

/// The organisation runs the application itself: its people are told what it gets, and not asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Why.
    pub reason: String,
    /// The administrator who decided it; `None` when it was decided on the host.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}
