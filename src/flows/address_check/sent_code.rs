//! The code that was sent to an address, as it is kept.

use serde::{Deserialize, Serialize};

use crate::kernel::Timestamp;
use crate::kernel::ids::{AttemptId, SessionId};

/// A code that was sent, without the code.
#[derive(Serialize, Deserialize)]
pub(crate) struct SentCode {
    pub(super) id: AttemptId,
    pub(super) session: SessionId,
    /// Of the address as it was.
    pub(super) address: [u8; 32],
    /// Of the code and the address.
    pub(super) code: [u8; 32],
    pub(super) until: Timestamp,
}
