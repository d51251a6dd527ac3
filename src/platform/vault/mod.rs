//! The vault: the master key, and the data keys in the database that it seals.
//!
//! Every person has a data key, the service has one, and so has each month and class of the record (for what an entry says
//! of someone unknown).
//! What is personal or secret is sealed under one of them, so that destroying a person's key makes everything
//! about them unreadable, and a stolen database alone opens nothing. The database names the master key it
//! belongs to; a node with another key refuses to start.

mod keys;
mod master;
mod opened;
mod store;

use std::sync::{Arc, OnceLock};

use opened::OpenedKeys;

pub use master::{MasterKeyProblem, MasterKeySource, find_or_make_master};

use crate::kernel::Fault;
use crate::kernel::ids::IndexKeyId;
use crate::platform::crypto::envelope::{FieldLabel, SealingKey, key_id_of};

/// The keys of this server. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    master: SealingKey,
    known: Arc<VaultKeys>,
}

struct VaultKeys {
    service: OnceLock<SealingKey>,
    index: OnceLock<(IndexKeyId, SealingKey)>,
    people: OpenedKeys,
}

/// Keys of people that are kept opened: as many people as use a large service within a minute, at 100 bytes each.
const MOST_OPENED: usize = 4_096;

impl Vault {
    /// A vault that opens with `master`.
    pub fn new(master: SealingKey) -> Self {
        let people = OpenedKeys::new(MOST_OPENED);
        Self { master, known: Arc::new(VaultKeys { service: OnceLock::new(), index: OnceLock::new(), people }) }
    }
}

/// Opens `sealed` with `key` after checking that it is the key that sealed it, for a clearer fault.
pub fn open_with(key: &SealingKey, field: FieldLabel, row: &[u8], sealed: &[u8]) -> Result<String, Fault> {
    if key_id_of(sealed) != Some(key.id()) {
        return Err(Fault::crypto(format!("a value of {} is sealed under another key", field.0)));
    }
    let bytes = key.open(field, row, sealed)?;
    String::from_utf8(bytes.to_vec()).map_err(|_| Fault::crypto(format!("a value of {} is not text", field.0)))
}
