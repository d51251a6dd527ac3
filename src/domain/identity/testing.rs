//! Accounts for the tests of other rooms.

use super::{Created, NewPerson, PersonState, create, new_handle};
use crate::kernel::ids::PersonId;
use crate::kernel::text::{DisplayName, EmailAddress};
use crate::platform::db::Work;

/// An active account with nothing but a name.
pub fn person(w: &mut Work<'_>, name: &str) -> PersonId {
    made(w, name, None)
}

/// An active account with an address nobody has confirmed.
pub fn person_with_email(w: &mut Work<'_>, name: &str, email: &str) -> PersonId {
    made(w, name, Some(email))
}

fn made(w: &mut Work<'_>, name: &str, email: Option<&str>) -> PersonId {
    let new = NewPerson {
        handle: new_handle(w.entropy),
        name: DisplayName::parse(name).unwrap(),
        username: None,
        email: email.map(|email| EmailAddress::parse(email).unwrap()),
        state: PersonState::Active,
    };
    let Created::Made(person) = create(w, &new).unwrap() else { panic!("nothing is taken") };
    person.id
}
