//! Administrators and people: who there is, and (with an [`AdminActor`](crate::domain::access::AdminActor)) who joins.

mod list;

pub use list::{MOST_ON_PAGE, Overview, PeoplePage, Row, Ways, list};
