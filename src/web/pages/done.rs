//! `Done`: what was changed, said at the top of the next page. It travels as a word in the query
//! (`/me/security?done=passkey_added`), so the list is closed and no text can be slipped in.

use actix_web::HttpResponse;

use crate::platform::render::{Notice, Text, Tone};
use crate::web::respond::see_other;

/// The table: each change, its word in the query, the tone and the text that tell of it.
macro_rules! done {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $tone:ident, $key:literal;)+) => {
        /// A change that is announced on the next page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Done {
            $($(#[$doc])* $name,)+
        }

        const WORDS: &[(&str, Done)] = &[$(($word, Done::$name),)+];

        impl Done {
            /// The word in the query.
            const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// The message on the next page.
            pub fn notice(self) -> Notice {
                match self { $(Self::$name => Notice { tone: Tone::$tone, text: Text::new($key) },)+ }
            }
        }
    };
}

done! {
    /// A passkey was added.
    PasskeyAdded = "passkey_added", Good, "done-passkey-added";
    /// A passkey has another name.
    PasskeyRenamed = "passkey_renamed", Good, "done-renamed";
    /// A passkey was removed here; the device may still keep it.
    PasskeyRemoved = "passkey_removed", Good, "done-passkey-removed";
    /// An authenticator was added.
    AuthenticatorAdded = "authenticator_added", Good, "done-authenticator-added";
    /// An authenticator has another name.
    AuthenticatorRenamed = "authenticator_renamed", Good, "done-renamed";
    /// An authenticator was removed.
    AuthenticatorRemoved = "authenticator_removed", Good, "done-authenticator-removed";
    /// The first password was set, other sessions go on.
    PasswordSet = "password_set", Good, "done-password-set";
    /// The first password was set and all other sessions were ended.
    PasswordSetOthersEnded = "password_set_others_ended", Good, "done-password-set-others-ended";
    /// The password was changed, other sessions go on.
    PasswordChanged = "password_changed", Good, "done-password-changed";
    /// The password was changed and all other sessions were ended.
    PasswordChangedOthersEnded = "password_changed_others_ended", Good, "done-password-changed-others-ended";
    /// Recovery codes replaced older ones and were kept.
    RecoveryCodesReplaced = "recovery_codes_replaced", Good, "done-recovery-codes-replaced";
    /// The first recovery codes were made and kept.
    RecoveryCodesMade = "recovery_codes_made", Good, "done-recovery-codes-made";
    /// An address was confirmed.
    AddressConfirmed = "address_confirmed", Good, "done-address-confirmed";
    /// An invitation is on its way by mail.
    InvitationMailed = "invitation_mailed", Good, "done-invitation-mailed";
    /// A reset link is on its way by mail.
    ResetLinkMailed = "reset_link_mailed", Good, "done-reset-link-mailed";
    /// An invitation, or a reset link, was withdrawn.
    LinkWithdrawn = "link_withdrawn", Good, "done-link-withdrawn";
    /// The person who opened a link said that it is not for them.
    LinkDeclined = "link_declined", Good, "done-link-declined";
    /// The owner of an account stopped a link that was open for it.
    LinkStopped = "link_stopped", Good, "done-link-stopped";
    /// What a person is called was changed.
    PersonEdited = "person_edited", Good, "done-person-edited";
    /// An address was vouched for.
    EmailVouched = "email_vouched", Good, "done-email-vouched";
    /// That was taken back.
    EmailVouchWithdrawn = "email_vouch_withdrawn", Good, "done-email-vouch-withdrawn";
    /// An account was signed out everywhere.
    PersonSignedOut = "person_signed_out", Good, "done-person-signed-out";
    /// An account was switched off.
    PersonDisabled = "person_disabled", Good, "done-person-disabled";
    /// An account was switched on again.
    PersonEnabled = "person_enabled", Good, "done-person-enabled";
    /// What an application gets was chosen anew.
    ChoiceSaved = "choice_saved", Good, "done-choice-saved";
    /// An application was stopped by the person.
    AppStopped = "app_stopped", Good, "done-app-stopped";
    /// An application was changed.
    AppChanged = "app_changed", Good, "done-app-changed";
    /// An application was switched off.
    AppDisabled = "app_disabled", Good, "done-app-disabled";
    /// An application was switched on again.
    AppEnabled = "app_enabled", Good, "done-app-enabled";
    /// An application may do without PKCE again.
    PkceReleased = "pkce_released", Good, "done-pkce-released";
    /// An application was removed.
    AppDeleted = "app_deleted", Good, "done-app-deleted";
    /// A secret of an application was revoked.
    SecretRevoked = "secret_revoked", Good, "done-secret-revoked";
    /// There are as many secrets as an application may have.
    TooManySecrets = "too_many_secrets", Note, "done-too-many-secrets";
    /// A group was made.
    GroupMade = "group_made", Good, "done-group-made";
    /// A group has another name.
    GroupRenamed = "group_renamed", Good, "done-renamed";
    /// A group was removed.
    GroupDeleted = "group_deleted", Good, "done-group-deleted";
    /// A person is in other groups.
    GroupsChanged = "groups_changed", Good, "done-groups-changed";
    /// The thing to change no longer exists.
    NotThere = "not_there", Note, "done-not-there";
}

impl Done {
    /// The change with this word; anything else is none.
    pub fn parse(word: &str) -> Option<Self> {
        WORDS.iter().find(|(known, _)| *known == word).map(|(_, done)| *done)
    }

    /// A page of ours that says it.
    pub fn path(self, page: &str) -> String {
        format!("{page}?done={}", self.word())
    }

    /// Leads to a page of ours that says it.
    pub fn at(self, page: &str) -> HttpResponse {
        see_other(&self.path(page))
    }
}
