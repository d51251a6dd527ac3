//! A person manages their own ways to sign in. Every change takes a [`Reauthentication`]: proof that they showed within the last
//! minutes that it is them (SE-13). Every change is recorded in the write that makes it, and the last usable
//! combination cannot be taken away (WA-74).

mod authenticators;
mod passkeys;
mod passwords;
mod reauthenticated;
mod recovery;
mod ways;

pub use authenticators::{AddedCode, PendingTotp, confirm_totp, pending_totp};
pub(crate) use passkeys::Started;
pub use passkeys::{AddedPasskey, add_passkey, start_passkey};
pub use passwords::{Changed, NewPassword, change_password};
pub use reauthenticated::{Reauthentication, WithoutRecoveryCode};
pub(super) use recovery::SHOWN_FOR;
pub(crate) use recovery::Shown;
pub use recovery::{Made, NewCodes, Then, codes_kept, download_codes, make_codes, new_codes};
pub use ways::{Named, Remaining, Removed, Thing, Ways, remaining_without, remove, rename, ways};

#[cfg(test)]
mod tests;
