//! A person's own pages.

pub mod frame;
pub mod me;
pub mod me_address;
pub mod me_address_view;
pub mod me_applications;
pub mod me_applications_view;
pub mod me_view;
pub mod security;
pub mod security_change;
pub mod security_passkey_add;
pub mod security_password;
pub mod security_recovery;
pub mod security_totp_add;
pub mod security_view;
