//! Arriving: how an account gets its first ways to sign in. The first administrator comes by a set-up link, a colleague
//! by an invitation, somebody who lost their ways by a link that an administrator sent them anew; an account that signs
//! in with too few factors comes from its sign-in and can do nothing else (AA-06, EN-16).
//!
//! Everything typed and made on the way is an [`Arrival`] in the short-lived store, bound to one browser. The database
//! learns of it in the last step, in ONE write: the link is claimed, the account made, its role and factors stored,
//! the record written, the session opened. Whoever stops half-way leaves nothing behind.

mod arrival;
mod factors;
mod finish;
mod guest;
mod known;
mod passkey;
mod setup;

pub use arrival::{Arrival, Chosen, Ending, Found, Phc, Standing, Step, open};
pub use factors::{Coded, Moved, PasswordGiven, choose, give_code, give_password};
pub use finish::{Ended, Signed};
pub use guest::{Guest, Invitation, OpenLink, Purpose, Welcome, Welcomed, decline, look_in, open_link, start, stop_link};
pub use known::{Unfinished, known_person};
pub use passkey::{Answered, finish_passkey, start_passkey};
pub use setup::{Begun, LinkLook, Newcomer, Taken, Typed, begin, look, returning};

#[cfg(test)]
mod tests;
