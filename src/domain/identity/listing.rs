//! Lists of people: which, and from where on.
//!
//! Names are sealed, so the database can neither compare nor sort them: a typed word is found by the keyed hashes of word
//! beginnings, and pages go by id, which sorts by the time an account was created.

use super::PersonState;
use crate::kernel::ids::{GroupId, PersonId};

/// Which people a list shows; nobody erased. Everything that is set must hold.
#[derive(Clone, Debug, Default)]
pub struct PeopleFilter {
    /// Those in this state.
    pub state: Option<PersonState>,
    /// Those with a role that is not for one group only.
    pub administrators: bool,
    /// The members of this group.
    pub group: Option<GroupId>,
    /// This account and no other.
    pub only: Option<PersonId>,
    /// Those with a word for each of these beginnings, and a few others: look at the words too ([`super::SearchWords::match_profile`]).
    pub beginnings: Vec<i32>,
}

/// Where a page of a list begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageStart {
    /// At the beginning of the list.
    #[default]
    First,
    /// After this account.
    After(PersonId),
    /// So that it ends before this account.
    Before(PersonId),
}
