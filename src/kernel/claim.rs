//! What an application can be told about a person (OpenID Connect Core section 5.1).

/// A claim, or claims that are given together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// The person's name.
    Name,
    /// Their user name.
    Username,
    /// Their e-mail address, and whether it is confirmed.
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
