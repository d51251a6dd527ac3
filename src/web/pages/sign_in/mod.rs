//! Signing in, its steps, proving it again, and signing out.

pub mod journey;
pub mod login;
pub mod login_view;
pub mod logout;
pub mod reauthenticate;
pub mod reauthenticate_view;
pub mod recovery_code;
pub mod steps;
pub mod steps_view;

#[cfg(test)]
use crate::platform::render::testing::Gallery;

/// Adds the samples of this folder's pages.
#[cfg(test)]
pub(in crate::web) fn samples(gallery: &mut Gallery<'_>) {
    gallery
        .add::<login_view::LoginPage>()
        .add::<steps_view::PasskeyStepPage>()
        .add::<steps_view::TotpStepPage>()
        .add::<steps_view::RecoveryCodePage>()
        .add::<steps_view::RecoveryCodeUsedPage>()
        .add::<steps_view::PausedPage>()
        .add::<steps_view::InterruptedPage>()
        .add::<crate::web::pages::account::me_view::LogoutPage>()
        .add::<reauthenticate_view::ReauthenticatePage>();
}
