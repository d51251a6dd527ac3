//! The factors of an account: each is bound, renamed and removed in one place, with its record and its notification, whether
//! an enrolment or the person's own pages ask for it. On one's own pages every change takes a [`Reauthentication`]: proof
//! within the last minutes (SE-13); the last usable combination cannot be removed (WA-74).
//!
//! [`Reauthentication`]: crate::flows::reauth::Reauthentication

mod change;
mod list;
pub(crate) mod passkey;
pub(crate) mod password;
pub(crate) mod recovery_codes;
pub(crate) mod totp;

pub use change::{Removed, RenameOutcome, remove, rename};
pub use list::{Credential, Factors, Remaining, list, remaining_without};
pub use passkey::{AddedPasskey, add_passkey, start_passkey};
pub use password::{NewPassword, PasswordChange, change_password};
pub use recovery_codes::{CodesKept, CodesOutcome, NewCodes, Then, codes_kept, download_codes, make_codes, new_codes};
pub use totp::{AddedCode, PendingTotp, confirm_totp, pending_totp};

use super::Caller;
use super::notifications::{self, EventContext, Facts};
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::outbox::MailKind;
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::platform::db::Work;

/// Whether the owner of an account is told of a factor by a message of its own (WA-73).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnerNotice {
    /// They are.
    Own,
    /// The account begins with it, or one message tells of all that was made.
    Elsewhere,
}

/// To whose account a factor is bound, in which browser.
#[derive(Clone, Copy)]
pub(crate) struct Binding<'a> {
    pub person: PersonId,
    pub caller: &'a Caller,
    pub notice: OwnerNotice,
}

impl Binding<'_> {
    fn entry(&self, kind: Kind) -> Entry {
        Entry::new(kind, Actor::Person(self.person)).about(self.person)
    }
    fn record(&self, w: &mut Work<'_>, entry: Entry) -> Result<(), Fault> {
        audit::append(w, &entry.personal(Some(self.person), self.caller.audit_origin()))?;
        Ok(())
    }
    fn tell(&self, w: &mut Work<'_>, kind: MailKind, facts: &Facts<'_>) -> Result<(), Fault> {
        match self.notice {
            OwnerNotice::Own => notifications::tell(w, self.person, kind, facts, &EventContext::of(self.caller)),
            OwnerNotice::Elsewhere => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
