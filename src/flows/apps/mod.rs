//! Applications and administrators: which there are, and (with an [`ActingAdmin`]) which
//! are connected, what becomes of them, and which secrets they have. The page and the command are two faces of the same verbs.

mod change;
mod connected;
mod list;
mod parse;
mod register;
mod secrets;
mod shape;
mod standing;
mod typed;

pub use change::{ChangeOutcome, change_typed};
pub use connected::Connected;
pub use list::{AppDetail, AppOverview, AppReach, NamedApp, find, known_groups, list, named, reach};
pub use parse::{Wrong, parse};
pub(super) use register::register_in;
pub use register::{SameName, Unfit, register, register_typed};
pub use secrets::{NewSecret, SecretAdded, add_secret, revoke_secret};
pub use shape::Shape;
pub use standing::{delete, disable, enable, release_pkce};
pub use typed::{TypedApp, USUAL, Who, typed_from};

use crate::domain::audit::{Entry, Kind};
use crate::domain::client::{self, Client};
use crate::flows::ActingAdmin;
use crate::kernel::Fault;
use crate::kernel::ids::ClientId;
use crate::platform::db::Work;

/// The result of an act on an application.
#[derive(Debug)]
pub enum AppOutcome<T> {
    /// It is done.
    Done(T),
    /// There is no such application, or not in a state for it.
    NotThere,
    /// It is the built-in demo, which looks after itself.
    Demo,
}

impl<T> AppOutcome<T> {
    /// The same outcome of something else.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> AppOutcome<U> {
        match self {
            Self::Done(done) => AppOutcome::Done(change(done)),
            Self::NotThere => AppOutcome::NotThere,
            Self::Demo => AppOutcome::Demo,
        }
    }
}

/// Holds an application for someone who wants to change it.
fn hold(w: &mut Work<'_>, id: ClientId) -> Result<AppOutcome<Client>, Fault> {
    Ok(match client::hold(w, id)? {
        None => AppOutcome::NotThere,
        Some(client) if client.demo => AppOutcome::Demo,
        Some(client) => AppOutcome::Done(client),
    })
}

/// Gives what is held, or ends the verb with the same outcome.
macro_rules! held {
    ($w:expr, $id:expr) => {
        match $crate::flows::apps::hold($w, $id)? {
            $crate::flows::apps::AppOutcome::Done(client) => client,
            $crate::flows::apps::AppOutcome::NotThere => return Ok($crate::flows::apps::AppOutcome::NotThere),
            $crate::flows::apps::AppOutcome::Demo => return Ok($crate::flows::apps::AppOutcome::Demo),
        }
    };
}
use held;

/// The record of an act: who did it to which application, and from where.
fn entry(kind: Kind, admin: &ActingAdmin, about: ClientId) -> Entry {
    admin.sign(Entry::new(kind, admin.actor.actor()).with(about))
}
