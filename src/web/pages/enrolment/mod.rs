//! Set-up, invitations, reset links, and the steps by which an account gets its sign-in methods.

pub mod done;
pub mod invite;
pub mod invite_view;
pub mod link;
pub mod method;
pub mod open;
pub mod passkey;
pub mod password;
pub mod recovery_codes;
pub mod setup;
pub mod setup_view;
pub mod totp;
pub mod view;
