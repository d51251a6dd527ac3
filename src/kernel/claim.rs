//! What an application can be told about a person (OpenID Connect Core section 5.1).

use serde::{Deserialize, Serialize};

/// A claim, or claims that are given together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// The person's name.
    Name,
    /// Their username.
    Username,
    /// Their email address, and whether it is confirmed.
    Email,
}

impl Claim {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Name, Self::Username, Self::Email];

    /// The word for forms and stored choices.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Username => "username",
            Self::Email => "email",
        }
    }
    /// From the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|claim| claim.as_str() == text)
    }
    /// The scope that asks for it.
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Name | Self::Username => "profile",
            Self::Email => "email",
        }
    }
    /// The claims of the standard it stands for.
    pub const fn standard(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["name"],
            Self::Username => &["preferred_username"],
            Self::Email => &["email", "email_verified"],
        }
    }
    /// Whether one of these names of the standard is its own.
    pub fn is_named_in(self, names: &[String]) -> bool {
        self.standard().iter().any(|name| names.iter().any(|named| named == name))
    }
}

/// Who decides about one claim of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimRule {
    /// The application does not work without it: it is given whenever the person agrees to anything.
    Needed,
    /// The person chooses.
    Choice,
    /// It is never given, and people are not asked.
    Never,
}

impl ClaimRule {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Needed, Self::Choice, Self::Never];

    /// The word for forms, flags and what is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Needed => "needed",
            Self::Choice => "choice",
            Self::Never => "never",
        }
    }
    /// From the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == text)
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
