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

#[cfg(test)]
use crate::platform::render::testing::Gallery;

/// Adds the samples of this folder's pages.
#[cfg(test)]
pub(in crate::web) fn samples(gallery: &mut Gallery<'_>) {
    gallery
        .add::<me_view::MePage>()
        .add::<me_address_view::MeAddressPage>()
        .add::<me_applications_view::MeApplicationsPage>()
        .add::<me_applications_view::MeApplicationPage>()
        .add::<security::SecurityPage>()
        .add::<security_passkey_add::SecurityPasskeyAddPage>()
        .add::<security_totp_add::SecurityTotpAddPage>()
        .add::<security_password::SecurityPasswordPage>()
        .add::<security_change::SecurityRenamePage>()
        .add::<security_change::SecurityRemovePage>()
        .add::<security_recovery::SecurityRecoveryPage>()
        .add::<security_recovery::SecurityRecoveryCodesPage>();
}
