//! Who decides what an application is told about a person: the application's registration, or the person.

use serde::{Deserialize, Serialize};

use crate::kernel::Timestamp;
use crate::kernel::claim::Claim;
use crate::kernel::ids::PersonId;
use crate::text_enum;

text_enum! {
    /// Who decides about one claim.
    pub enum ClaimRule {
        /// The application does not work without it: it is given whenever the person agrees to anything.
        Needed = "needed",
        /// The person chooses.
        Choice = "choice",
        /// It is never given, and people are not asked.
        Never = "never",
    }
}

/// The rule for each claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimRules {
    name: ClaimRule,
    username: ClaimRule,
    email: ClaimRule,
}

impl ClaimRules {
    /// Of an application that others run, unless its registration says otherwise.
    pub const OF_OTHERS: Self = Self { name: ClaimRule::Needed, username: ClaimRule::Choice, email: ClaimRule::Choice };
    /// Of one of the organisation's own.
    pub const OF_OWN: Self = Self { email: ClaimRule::Needed, ..Self::OF_OTHERS };

    /// The rule for a claim.
    pub const fn of(self, claim: Claim) -> ClaimRule {
        match claim {
            Claim::Name => self.name,
            Claim::Username => self.username,
            Claim::Email => self.email,
        }
    }
    /// The same with another rule for one claim.
    pub const fn with(self, claim: Claim, rule: ClaimRule) -> Self {
        match claim {
            Claim::Name => Self { name: rule, ..self },
            Claim::Username => Self { username: rule, ..self },
            Claim::Email => Self { email: rule, ..self },
        }
    }
}

impl Default for ClaimRules {
    fn default() -> Self {
        Self::OF_OTHERS
    }
}

/// The organisation runs the application itself: its people are told what it gets, and not asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Why.
    pub reason: String,
    /// The administrator who decided it; `None` when it was decided on the host.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}
