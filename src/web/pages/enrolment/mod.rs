//! Set-up, invitations, reset links, and the steps by which an account gets its sign-in methods.

pub mod done;
pub mod invite;
pub mod invite_view;
pub mod link;
mod link_cookie;
pub mod method;
pub mod open;
pub mod passkey;
pub mod password;
pub mod recovery_codes;
pub mod setup;
pub mod setup_view;
pub mod totp;
pub mod view;

#[cfg(test)]
use crate::platform::render::testing::Gallery;

/// Adds the samples of this folder's pages.
#[cfg(test)]
pub(in crate::web) fn samples(gallery: &mut Gallery<'_>) {
    gallery
        .add::<setup_view::SetupNamePage>()
        .add::<setup_view::SetupEndedPage>()
        .add::<view::EnrolMethodPage>()
        .add::<view::EnrolPasskeyPage>()
        .add::<view::EnrolPasswordPage>()
        .add::<view::EnrolTotpPage>()
        .add::<view::EnrolRecoveryPage>()
        .add::<view::EnrolDonePage>()
        .add::<invite_view::InvitePage>()
        .add::<invite_view::InviteElsewherePage>()
        .add::<invite_view::InviteEndedPage>();
}
