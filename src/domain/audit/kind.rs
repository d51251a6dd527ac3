//! What can happen: one word for each kind of entry, as the record keeps it.

use crate::text_enum;

text_enum! {
    /// What happened.
    pub enum Kind {
        /// Entries that were counted only, because an hour had too many of them.
        RecordOmitted = "record.omitted",
        /// Entries whose retention was over were deleted.
        RecordExpired = "record.expired",
        /// A set-up link was made; an older open one became void.
        SetUpLinkMade = "set_up.link_made",
        /// The first administrator was made.
        SetUpCompleted = "set_up.completed",
        /// Someone opened a used, old or made-up link.
        TicketRefused = "ticket.refused",
        /// A person was added.
        PersonCreated = "person.created",
        /// An administrator changed a person's name, username or address; what it was is sealed for the person.
        PersonEdited = "person.edited",
        /// Someone was invited; an older invitation of theirs became void.
        InvitationMade = "invitation.made",
        /// An invitation was withdrawn.
        InvitationWithdrawn = "invitation.withdrawn",
        /// The person who opened an invitation said that it is not for them; it became void.
        InvitationDeclined = "invitation.declined",
        /// An invited person made their first sign-in methods, and the account became active.
        InvitationAccepted = "invitation.accepted",
        /// Someone with an account was sent a reset link; an older one became void.
        ResetLinkCreated = "reset_link.created",
        /// Such a link was withdrawn.
        ResetLinkWithdrawn = "reset_link.withdrawn",
        /// The person who opened such a link said that it is not for them; it became void.
        ResetLinkDeclined = "reset_link.declined",
        /// Someone made new sign-in methods by such a link; the old ones were removed.
        ResetLinkUsed = "reset_link.used",
        /// An account was switched off.
        PersonDisabled = "person.disabled",
        /// An account was switched on again.
        PersonEnabled = "person.enabled",
        /// A group was made.
        GroupMade = "group.made",
        /// A group got another name.
        GroupRenamed = "group.renamed",
        /// A group was removed.
        GroupRemoved = "group.removed",
        /// A person was put into a group.
        GroupJoined = "group.joined",
        /// A person was taken out of a group.
        GroupLeft = "group.left",
        /// A person showed by a code that they read what is sent to their address.
        EmailConfirmed = "email.confirmed",
        /// An administrator vouched for a person's address: it counts as confirmed.
        EmailVouched = "email.vouched",
        /// An administrator took that back.
        EmailVouchWithdrawn = "email.vouch_withdrawn",
        /// A person got a role.
        RoleGranted = "role.granted",
        /// An administrator elevated their rights in a session.
        RightsElevated = "rights.elevated",
        /// The password was right, and another step follows.
        SignInBegun = "sign_in.begun",
        /// Someone signed in.
        SignInSucceeded = "sign_in.succeeded",
        /// A sign-in method was tried and refused.
        SignInRefused = "sign_in.refused",
        /// A try was not looked at because there were too many.
        SignInPaused = "sign_in.paused",
        /// A signed-in person proved again that it is them.
        SessionReauthenticated = "session.reauthenticated",
        /// A session was ended.
        SessionEnded = "session.ended",
        /// All sessions, or all but one, were ended.
        SessionsEnded = "session.all_ended",
        /// A password was set for the first time.
        PasswordSet = "password.set",
        /// A password was changed.
        PasswordChanged = "password.changed",
        /// An authenticator was added.
        TotpAdded = "totp.added",
        /// An authenticator got another name.
        TotpRenamed = "totp.renamed",
        /// An authenticator was removed.
        TotpRemoved = "totp.removed",
        /// The last step of an authenticator lay in the future, because the clock had been ahead, and was taken back.
        TotpStepTakenBack = "totp.step_taken_back",
        /// A passkey was added.
        PasskeyAdded = "passkey.added",
        /// A passkey got another name.
        PasskeyRenamed = "passkey.renamed",
        /// A passkey was removed.
        PasskeyRemoved = "passkey.removed",
        /// A passkey answer was refused while one was to be added.
        PasskeyRefused = "passkey.refused",
        /// A passkey began or stopped being kept in an account of its provider.
        PasskeyBackupChanged = "passkey.backup_changed",
        /// Recovery codes were made; older ones became void.
        RecoveryCodesMade = "recovery.made",
        /// A recovery code was used and is spent.
        RecoveryCodeUsed = "recovery.used",
        /// A sign-in method reached its limit of wrong tries in a row and was switched off.
        FactorDisabled = "factor.disabled",
        /// An application was registered.
        ClientRegistered = "client.registered",
        /// An application was changed.
        ClientChanged = "client.changed",
        /// An application was switched off; what it had been given ended.
        ClientDisabled = "client.disabled",
        /// An application was switched on again.
        ClientEnabled = "client.enabled",
        /// An application used PKCE for the first time and is held to it.
        ClientPkceHeld = "client.pkce_held",
        /// An administrator let an application do without PKCE again.
        ClientPkceReleased = "client.pkce_released",
        /// An application got a further secret.
        ClientSecretMade = "client.secret_made",
        /// A secret of an application was revoked.
        ClientSecretRevoked = "client.secret_revoked",
        /// An application was removed.
        ClientRemoved = "client.removed",
        /// An application failed to prove who it is.
        ClientRefused = "client.refused",
        /// A person agreed to give an application something.
        ConsentGiven = "consent.given",
        /// A person declined.
        ConsentDeclined = "consent.declined",
        /// A person changed which claims an application gets.
        ConsentChanged = "consent.changed",
        /// What a person had agreed to holds no longer.
        ConsentWithdrawn = "consent.withdrawn",
        /// A code was given to an application.
        CodeIssued = "code.issued",
        /// A code was presented and refused.
        CodeRefused = "code.refused",
        /// A code was presented twice; everything given for it was revoked.
        CodeReplayed = "code.replayed",
        /// Someone who is signed in asked for what their role does not give, or for someone who is not theirs.
        ActRefused = "act.refused",
        /// A request without a valid form token or from another site was refused.
        RequestRefused = "request.refused",
        /// A key that signs tokens was made.
        SigningKeyMade = "signing_key.made",
        /// A message could not be sent and is not tried again: what it tells was not told.
        MailGivenUp = "mail.given_up",
        /// Data about a person was given to an application.
        DataReleased = "data.released",
    }
}

impl Kind {
    /// Whether anyone who is refused can have it written again and again.
    pub(super) fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::SignInRefused | Self::SignInPaused | Self::PasskeyRefused | Self::CodeRefused | Self::CodeReplayed | Self::ActRefused
        )
    }
}
