//! Addresses on the web: where we are reached, and where an application may be answered.

mod origin;
mod problem;
mod redirect;
mod shown;

pub use origin::Origin;
pub use problem::AddressProblem;
pub use redirect::{AddressExemption, RedirectUri};
pub use shown::{ascii_of, host_of, origin_of};
