//! Where the master key comes from: a value of the configuration, or the file `<data>/keys/master`.

use std::io::Write;
use std::path::{Path, PathBuf};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::store;
use crate::kernel::{Entropy, Fault};
use crate::platform::crypto::envelope::SealingKey;
use crate::platform::crypto::sha256;
use crate::platform::db::Conn;
use crate::platform::secret_file::{self, FileTrust};

/// A key takes 64 characters at most.
const LARGEST: u64 = 4_096;

/// Where to look for the master key.
pub struct MasterKeySource {
    /// The key itself, from the configuration.
    pub value: Option<Zeroizing<String>>,
    /// The file it is kept in, and made in for a new database.
    pub file: PathBuf,
    /// What is asked of that file.
    pub trust: FileTrust,
}

/// Why there is no usable master key; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyProblem {
    /// The database belongs to a key that was not found.
    #[error("This database is sealed by master key {needed}, and {file} does not hold it. Put that key there, or set keys.master.")]
    Missing {
        /// The id the database names.
        needed: Uuid,
        /// Where the key is looked for.
        file: String,
    },
    /// The key given is another than the database's.
    #[error("This database is sealed by master key {needed}; the key in {from} is {found}. Put the right key there.")]
    Other {
        /// The id the database names.
        needed: Uuid,
        /// The id of the key that was given.
        found: Uuid,
        /// Where that key came from.
        from: String,
    },
    /// What was given is not a key.
    #[error("{from} does not hold a master key: 32 bytes in base64url or hexadecimal are needed.")]
    Malformed {
        /// Where it came from.
        from: String,
    },
    /// The key file is a link, or others can read it.
    #[error(
        "The key file {file} {how}. Make it readable by its owner only (chmod 600), or set keys.files to mounted where a platform mounts it so."
    )]
    Exposed {
        /// The file.
        file: String,
        /// What is wrong with it.
        how: String,
    },
    /// The key file cannot be read or made.
    #[error("The key file {file} cannot be used: {error}")]
    File {
        /// The file.
        file: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The database did not answer.
    #[error("{0}")]
    Database(#[from] Fault),
}

/// Finds the master key of this database, or makes one when the database is new.
/// Returns the key and whether its file was made now.
///
/// # Errors
/// When the key the database names is not there, or what is there is not a key.
pub fn find_or_make_master(
    conn: &mut Conn<'_>,
    source: &MasterKeySource,
    entropy: &dyn Entropy,
) -> Result<(SealingKey, bool), MasterKeyProblem> {
    let needed = store::owner_of(conn)?;
    let file = source.file.display().to_string();
    let (found, from) = match &source.value {
        Some(text) => (Some(parse(text, "keys.master")?), "keys.master".to_owned()),
        None => (read(source)?, file.clone()),
    };
    match (needed, found) {
        (Some(needed), None) => Err(MasterKeyProblem::Missing { needed, file }),
        (Some(needed), Some(key)) if key.id() != needed => Err(MasterKeyProblem::Other { needed, found: key.id(), from }),
        (_, Some(key)) => Ok((key, false)),
        (None, None) => {
            let key = key_of(entropy.bytes());
            write_new(&source.file, &key).map_err(|error| MasterKeyProblem::File { file, error })?;
            Ok((key, true))
        }
    }
}

/// The key with its id: the first bytes of a hash of the key, so that a key names itself wherever it is kept.
fn key_of(bytes: [u8; 32]) -> SealingKey {
    let mut labelled = Zeroizing::new(b"vouchsafe master key id".to_vec());
    labelled.extend_from_slice(&bytes);
    let digest = sha256(&labelled);
    let (head, _) = digest.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
    SealingKey::new(uuid::Builder::from_custom_bytes(*head).into_uuid(), bytes)
}

fn parse(text: &str, from: &str) -> Result<SealingKey, MasterKeyProblem> {
    let text = text.trim();
    let bytes = if text.len() == 64 { HEXLOWER_PERMISSIVE.decode(text.as_bytes()) } else { BASE64URL_NOPAD.decode(text.as_bytes()) };
    bytes
        .ok()
        .map(Zeroizing::new)
        .and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok())
        .map(key_of)
        .ok_or_else(|| MasterKeyProblem::Malformed { from: from.to_owned() })
}

fn read(source: &MasterKeySource) -> Result<Option<SealingKey>, MasterKeyProblem> {
    let file = source.file.display().to_string();
    let secret = match secret_file::read(&source.file, LARGEST) {
        Ok(secret) => secret,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(MasterKeyProblem::File { file, error }),
    };
    match secret.exposed {
        Some(how) if source.trust == FileTrust::Private => return Err(MasterKeyProblem::Exposed { file, how }),
        Some(how) => tracing::warn!("the master key file {file} {how}"),
        None => {}
    }
    parse(&secret.text, &file).map(Some)
}

fn write_new(file: &Path, key: &SealingKey) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    if let Some(folder) = file.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let text = Zeroizing::new(format!("{}\n", BASE64URL_NOPAD.encode(key.bytes())));
    let mut out = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()
}
