//! Who enrols: the first administrator, someone with a link, or someone whose account needs one more sign-in method.

use serde::{Deserialize, Serialize};

use crate::domain::identity::{NameKind, PersonState};
use crate::domain::ticket::TicketKind;
use crate::kernel::ids::{PersonId, TicketId};
use crate::kernel::proof::AuthEvent;

/// Who arrives.
#[derive(Clone, Serialize, Deserialize)]
pub enum Enrollee {
    /// The first administrator, by a set-up link.
    New(Newcomer),
    /// Someone whom an administrator sent a link.
    LinkHolder(LinkHolder),
    /// Someone with an account.
    AccountHolder(AccountHolder),
}

impl Enrollee {
    /// Whose enrolments are counted together: those of one link, or of one person.
    pub(super) fn maker(&self) -> String {
        match self {
            Self::New(newcomer) => newcomer.ticket.to_string(),
            Self::LinkHolder(holder) => holder.ticket.to_string(),
            Self::AccountHolder(holder) => holder.person.to_string(),
        }
    }
}

/// Where the first administrator says who they are.
pub(super) const FIRST_PAGE: &str = "/setup";

/// Someone who has no account yet.
#[derive(Clone, Serialize, Deserialize)]
pub struct Newcomer {
    /// The link they came by.
    pub ticket: TicketId,
    /// The name by which their passkeys will know the account.
    pub handle: [u8; 16],
    /// Their name, as parsed.
    pub name: String,
    /// Their username, as parsed.
    pub username: String,
    /// Their address, as parsed; empty for none.
    pub email: String,
    /// A name that turned out to be someone else's.
    pub taken: Option<Taken>,
}

/// Which name was taken; `NameKind` as it is stored here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Taken {
    /// The username.
    Username,
    /// The address.
    Email,
}

impl From<NameKind> for Taken {
    fn from(kind: NameKind) -> Self {
        match kind {
            NameKind::Username => Self::Username,
            NameKind::Email => Self::Email,
        }
    }
}

impl Newcomer {
    pub(super) fn new(ticket: TicketId, handle: [u8; 16]) -> Self {
        Self { ticket, handle, name: String::new(), username: String::new(), email: String::new(), taken: None }
    }
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkPurpose {
    /// To join: the account is there and has no sign-in method.
    Join,
    /// To make new sign-in methods, in place of those there are.
    Reset,
}

impl LinkPurpose {
    pub(super) fn ticket(self) -> TicketKind {
        match self {
            Self::Join => TicketKind::Invitation,
            Self::Reset => TicketKind::Reset,
        }
    }
    /// The state an account must be in: of someone switched off meanwhile no link works (RC-11, EN-03).
    pub(super) fn fits(self, state: PersonState) -> bool {
        match self {
            Self::Join => state == PersonState::Invited,
            Self::Reset => state == PersonState::Active,
        }
    }
    /// The first page of a link's address.
    pub fn page(self) -> &'static str {
        match self {
            Self::Join => "invite",
            Self::Reset => "reset",
        }
    }
}

/// Someone on the way in by such a link.
#[derive(Clone, Serialize, Deserialize)]
pub struct LinkHolder {
    /// What the link is for.
    pub purpose: LinkPurpose,
    /// The link.
    pub ticket: TicketId,
    /// Whose account it is.
    pub person: PersonId,
    /// The name by which passkeys know the account.
    pub handle: [u8; 16],
    /// Their name.
    pub name: String,
    /// What they type to sign in.
    pub login: String,
    /// Their address; empty for none.
    pub email: String,
}

/// Someone who has an account and too few sign-in methods.
#[derive(Clone, Serialize, Deserialize)]
pub struct AccountHolder {
    /// Who.
    pub person: PersonId,
    /// The handle of the account.
    pub handle: [u8; 16],
    /// Their name.
    pub name: String,
    /// What they type to sign in.
    pub login: String,
    /// What they proved in the sign-in that led here.
    pub events: Vec<AuthEvent>,
    /// An authenticator would do, too; otherwise only a passkey reaches what is asked for.
    pub code_would_do: bool,
}
