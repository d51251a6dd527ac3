//! Accounts for the tests of other rooms.

use super::{Created, NewPerson, PersonState, create, new_handle};
use crate::kernel::ids::PersonId;
use crate::kernel::text::DisplayName;
use crate::platform::db::Work;

/// An active account with nothing but a name.
pub fn person(w: &mut Work<'_>, name: &str) -> PersonId {
    let new = NewPerson {
        handle: new_handle(w.entropy),
        name: DisplayName::parse(name).unwrap(),
        username: None,
        email: None,
        state: PersonState::Active,
    };
    let Created::Made(person) = create(w, &new).unwrap() else { panic!("nothing is taken") };
    person.id
}
