//! Signing in, its steps, proving it again, and signing out.

pub mod login;
pub mod login_view;
pub mod logout;
pub mod reauthenticate;
pub mod reauthenticate_view;
pub mod recovery_code;
pub mod steps;
pub mod steps_view;
