//! `Done`: what was changed, said at the top of the next page. It travels as a word in the query
//! (`/me/security?done=passkey_added`), so the list is closed and no text can be slipped in.

use crate::platform::render::{Notice, Text, Tone};

/// A change that is announced on the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey has another name.
    PasskeyRenamed,
    /// A passkey was removed here; the device may still keep it.
    PasskeyRemoved,
    /// An authenticator was added.
    AuthenticatorAdded,
    /// An authenticator has another name.
    AuthenticatorRenamed,
    /// An authenticator was removed.
    AuthenticatorRemoved,
    /// The password was changed, other sessions go on.
    PasswordChanged,
    /// The password was changed and all other sessions were ended.
    PasswordChangedOthersEnded,
    /// Recovery codes were made and kept.
    RecoveryCodesMade,
    /// An address was confirmed.
    AddressConfirmed,
    /// An invitation is on its way by mail.
    InvitationMailed,
    /// A link to make new ways to sign in is on its way by mail.
    ResetLinkMailed,
    /// An invitation, or a link to make new ways to sign in, was withdrawn.
    LinkWithdrawn,
    /// Whoever opened a link said that it is not for them.
    LinkDeclined,
    /// The owner of an account stopped a link that was open for it.
    LinkStopped,
    /// An address was vouched for.
    EmailVouched,
    /// That was taken back.
    EmailVouchWithdrawn,
    /// An account was signed out everywhere.
    PersonSignedOut,
    /// An account was switched off.
    PersonDisabled,
    /// An account was switched on again.
    PersonEnabled,
    /// What an application gets was chosen anew.
    ChoiceSaved,
    /// An application was stopped by the person.
    AppStopped,
    /// An application was changed.
    AppChanged,
    /// An application was switched off.
    AppDisabled,
    /// An application was switched on again.
    AppEnabled,
    /// An application may do without PKCE again.
    PkceReleased,
    /// An application was removed.
    AppDeleted,
    /// A secret of an application was revoked.
    SecretRevoked,
    /// There are as many secrets as an application may have.
    TooManySecrets,
    /// A group was made.
    GroupMade,
    /// A group has another name.
    GroupRenamed,
    /// A group was removed.
    GroupDeleted,
    /// A person is in other groups.
    GroupsChanged,
    /// The thing to change is not there any more.
    NotThere,
}

impl Done {
    /// Each of them.
    pub const ALL: &[Self] = &[
        Self::PasskeyAdded,
        Self::PasskeyRenamed,
        Self::PasskeyRemoved,
        Self::AuthenticatorAdded,
        Self::AuthenticatorRenamed,
        Self::AuthenticatorRemoved,
        Self::PasswordChanged,
        Self::PasswordChangedOthersEnded,
        Self::RecoveryCodesMade,
        Self::AddressConfirmed,
        Self::InvitationMailed,
        Self::ResetLinkMailed,
        Self::LinkWithdrawn,
        Self::LinkDeclined,
        Self::LinkStopped,
        Self::EmailVouched,
        Self::EmailVouchWithdrawn,
        Self::PersonSignedOut,
        Self::PersonDisabled,
        Self::PersonEnabled,
        Self::ChoiceSaved,
        Self::AppStopped,
        Self::AppChanged,
        Self::AppDisabled,
        Self::AppEnabled,
        Self::PkceReleased,
        Self::AppDeleted,
        Self::SecretRevoked,
        Self::TooManySecrets,
        Self::GroupMade,
        Self::GroupRenamed,
        Self::GroupDeleted,
        Self::GroupsChanged,
        Self::NotThere,
    ];

    /// The word in the query.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRenamed => "passkey_renamed",
            Self::PasskeyRemoved => "passkey_removed",
            Self::AuthenticatorAdded => "authenticator_added",
            Self::AuthenticatorRenamed => "authenticator_renamed",
            Self::AuthenticatorRemoved => "authenticator_removed",
            Self::PasswordChanged => "password_changed",
            Self::PasswordChangedOthersEnded => "password_changed_others_ended",
            Self::RecoveryCodesMade => "recovery_codes_made",
            Self::AddressConfirmed => "address_confirmed",
            Self::InvitationMailed => "invitation_mailed",
            Self::ResetLinkMailed => "reset_link_mailed",
            Self::LinkWithdrawn => "link_withdrawn",
            Self::LinkDeclined => "link_declined",
            Self::LinkStopped => "link_stopped",
            Self::EmailVouched => "email_vouched",
            Self::EmailVouchWithdrawn => "email_vouch_withdrawn",
            Self::PersonSignedOut => "person_signed_out",
            Self::PersonDisabled => "person_disabled",
            Self::PersonEnabled => "person_enabled",
            Self::ChoiceSaved => "choice_saved",
            Self::AppStopped => "app_stopped",
            Self::AppChanged => "app_changed",
            Self::AppDisabled => "app_disabled",
            Self::AppEnabled => "app_enabled",
            Self::PkceReleased => "pkce_released",
            Self::AppDeleted => "app_deleted",
            Self::SecretRevoked => "secret_revoked",
            Self::TooManySecrets => "too_many_secrets",
            Self::GroupMade => "group_made",
            Self::GroupRenamed => "group_renamed",
            Self::GroupDeleted => "group_deleted",
            Self::GroupsChanged => "groups_changed",
            Self::NotThere => "not_there",
        }
    }

    /// The change with this word; anything else is none.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|done| done.as_str() == word)
    }

    /// The message on the next page.
    pub fn notice(self) -> Notice {
        let key = match self {
            Self::PasskeyAdded => "done-passkey-added",
            Self::PasskeyRenamed => "done-renamed",
            Self::PasskeyRemoved => "done-passkey-removed",
            Self::AuthenticatorAdded => "done-authenticator-added",
            Self::AuthenticatorRenamed => "done-renamed",
            Self::AuthenticatorRemoved => "done-authenticator-removed",
            Self::PasswordChanged => "done-password-changed",
            Self::PasswordChangedOthersEnded => "done-password-changed-others-ended",
            Self::RecoveryCodesMade => "done-recovery-codes-made",
            Self::AddressConfirmed => "done-address-confirmed",
            Self::InvitationMailed => "done-invitation-mailed",
            Self::ResetLinkMailed => "done-reset-link-mailed",
            Self::LinkWithdrawn => "done-link-withdrawn",
            Self::LinkDeclined => "done-link-declined",
            Self::LinkStopped => "done-link-stopped",
            Self::EmailVouched => "done-email-vouched",
            Self::EmailVouchWithdrawn => "done-email-vouch-withdrawn",
            Self::PersonSignedOut => "done-person-signed-out",
            Self::PersonDisabled => "done-person-disabled",
            Self::PersonEnabled => "done-person-enabled",
            Self::ChoiceSaved => "done-choice-saved",
            Self::AppStopped => "done-app-stopped",
            Self::AppChanged => "done-app-changed",
            Self::AppDisabled => "done-app-disabled",
            Self::AppEnabled => "done-app-enabled",
            Self::PkceReleased => "done-pkce-released",
            Self::AppDeleted => "done-app-deleted",
            Self::SecretRevoked => "done-secret-revoked",
            Self::GroupMade => "done-group-made",
            Self::GroupRenamed => "done-renamed",
            Self::GroupDeleted => "done-group-deleted",
            Self::GroupsChanged => "done-groups-changed",
            Self::TooManySecrets => return Notice { tone: Tone::Note, text: Text::new("done-too-many-secrets") },
            Self::NotThere => return Notice { tone: Tone::Note, text: Text::new("done-not-there") },
        };
        Notice::good(Text::new(key))
    }
}
