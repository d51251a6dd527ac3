//! The number under which a sector of applications knows a person.

use super::{Client, store};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::platform::db::Work;

/// The number under which a sector of applications knows a person: random, made on first use, never derived and
/// never given to anybody else (OA-59).
pub fn subject(w: &mut Work<'_>, person: PersonId, sector: &str) -> Result<String, Fault> {
    if let Some(subject) = store::find_subject(w, person, sector)? {
        return Ok(subject);
    }
    let made = data_encoding::BASE64URL_NOPAD.encode(&w.entropy.bytes::<24>());
    store::insert_subject(w, person, sector, &made)?;
    store::find_subject(w, person, sector)?.ok_or_else(|| Fault::internal("a subject was made and is not there"))
}

/// The number under which the application's sector knows a person, if it has met them.
pub fn find_subject(w: &mut Work<'_>, person: PersonId, client: &Client) -> Result<Option<String>, Fault> {
    store::find_subject(w, person, &client.sector)
}
