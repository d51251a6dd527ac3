//! Applications and administrators: which there are, and (with an [`AdminActor`](crate::domain::access::AdminActor)) which
//! are connected. The page and the command are two faces of the same verbs.

mod list;
mod register;
mod typed;

pub use list::{Overview, known_groups, list};
pub(super) use register::register_in;
pub use register::{SameName, Unfit, register, register_typed};
pub use typed::{Exemption, Place, Shape, Typed, Who, Wrong, parse};
