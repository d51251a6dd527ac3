//! Identifiers: one newtype for each kind of row, all UUIDv7, so that they sort by time of making.
//! An id is a name, never a secret (CR-09).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Entropy, Timestamp};

/// An identifier over a UUID; lets the database floor store every id by one rule.
pub trait UuidId: Copy + 'static {
    /// Wraps a stored UUID.
    fn from_uuid(uuid: Uuid) -> Self;
    /// The bare UUID.
    fn uuid(self) -> Uuid;
}

fn v7(now: Timestamp, entropy: &dyn Entropy) -> Uuid {
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &entropy.bytes()).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id that sorts after those made before `now`.
            pub fn make(now: Timestamp, entropy: &dyn Entropy) -> Self {
                Self(v7(now, entropy))
            }
        }
        impl UuidId for $name {
            fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
            fn uuid(self) -> Uuid { self.0 }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> { text.parse().map(Self) }
        }
    )+
        /// Calls `$then!` with the list of all id types.
        macro_rules! each_id { ($then:ident) => { $then! { $($name)+ } } }
        pub(crate) use each_id;
    };
}

ids! {
    /// A human being with an account.
    PersonId
    /// One value about a person, such as a name.
    ValueId
    /// A key that seals one person's or the service's values.
    DataKeyId
    /// A key under which login names are found.
    IndexKeyId
    /// An authenticator app of a person.
    TotpId
    /// A passkey of a person.
    PasskeyId
    /// A message in the outbox.
    MailId
    /// All recovery codes a person has.
    RecoverySetId
    /// One recovery code.
    RecoveryCodeId
    /// A browser that has signed a person in before.
    DeviceId
    /// A signed-in browser. Stable while its cookie rotates.
    SessionId
    /// A one-use link.
    TicketId
    /// A group of people.
    GroupId
    /// An application; the row, while `client_id` is its name in the protocol.
    ClientId
    /// One secret of an application.
    SecretId
    /// What a person agreed to give an application.
    ConsentId
    /// One act of giving an application access; codes and tokens are its rows.
    GrantId
    /// A session as one application knows it (`sid`).
    AppSessionId
    /// A key that signs tokens.
    SigningKeyId
    /// An entry of the audit log or the ledger.
    EntryId
    /// A step-by-step journey, such as one try to sign in.
    AttemptId
    /// A stored authorization request.
    RequestId
    /// A role given to a person.
    RoleId
}
