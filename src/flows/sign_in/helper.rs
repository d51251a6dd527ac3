//! Who helps a person whose second factor was a recovery code.

use crate::domain::access;
use crate::domain::identity::{self, PersonState};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::platform::db::Work;

/// Who can bind new factors to an account that was entered by a recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Helper {
    /// Its person.
    Oneself,
    /// Another administrator: of a person with a role a code is no proof for that (EN-15).
    Administrator,
    /// Only a person at the host: there is no other owner.
    Host,
}

/// Who helps a person after a recovery code.
pub fn helper(w: &mut Work<'_>, person: PersonId) -> Result<Helper, Fault> {
    if access::roles(w, person)?.is_empty() {
        return Ok(Helper::Oneself);
    }
    for owner in access::owners(w)?.into_iter().filter(|owner| *owner != person) {
        if identity::find(w, owner)?.is_some_and(|owner| owner.state == PersonState::Active) {
            return Ok(Helper::Administrator);
        }
    }
    Ok(Helper::Host)
}
