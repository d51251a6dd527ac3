//! Arriving: how an account gets its first sign-in methods. The first administrator comes by a set-up link, a colleague
//! by an invitation, someone who lost their ways by a link that an administrator sent them anew; an account that signs
//! in with too few factors comes from its sign-in and can do nothing else (AA-06, EN-16).
//!
//! Everything typed and made on the way is an [`Enrolment`] in the short-lived store, bound to one browser. The database
//! learns of it in the last step, in ONE write: the link is claimed, the account made, its role and factors stored,
//! the record written, the session opened. Anyone who stops half-way leaves nothing behind.

mod attempt;
mod enrollee;
mod factors;
mod finish;
mod link;
mod passkey;
mod setup;
mod unfinished;

pub use attempt::{Ending, Enrolment, EnrolmentStep, FoundAttempt, Phc, open};
pub use enrollee::{AccountHolder, Enrollee, LinkHolder, LinkPurpose, Newcomer, Taken};
pub use factors::{Coded, Moved, PasswordGiven, choose, give_code, give_password};
pub use finish::{Ended, EnrolledSession};
pub use link::{Invitation, OpenLink, Welcome, Welcomed, decline, look_in, open_link, start, stop_link};
pub use passkey::{RegistrationOutcome, finish_passkey, start_passkey};
pub use setup::{LinkLook, SetupOutcome, TypedPerson, begin, look, returning};
pub use unfinished::{Unfinished, known_person};

#[cfg(test)]
mod tests;
