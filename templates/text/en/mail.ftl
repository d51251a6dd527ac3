mail-greeting = Hello { $name },
mail-when = When: { $when }
mail-where = From: { $browser }
mail-if-not-you = If that was you, there is nothing to do. If it was not, look at your ways to sign in now, remove what is not yours, and tell your administrator.
mail-own-page = Your ways to sign in:
mail-foot = This message is from { $organisation }, { $origin }.
mail-foot-never = We never ask for a password or a code by mail, and no link in our mail signs anybody in.

mail-invitation-subject = { $by } invites you to { $organisation }
mail-invitation = { $by } has made an account for you at { $organisation }.
mail-invitation-reason = The reason given: { $reason }
mail-invitation-asked = You will be asked to choose how you sign in: with a passkey, or with a password and an authenticator app. It takes about three minutes. Before you agree, the page says who invites you and why; you can also say that this is not for you.
mail-invitation-ends = The invitation works once, until { $ends }.
mail-invitation-link = Open it here:

mail-enrolment-link-subject = A link to set up your account again was made
mail-enrolment-link = { $by } has made a link by which new ways to sign in to your account can be set up. Whoever uses it replaces all ways you have now.
mail-enrolment-link-reason = The reason given: { $reason }

mail-passkey-added-subject = A passkey was added to your account
mail-passkey-added = A passkey named “{ $thing }” was added to your account. It can be used to sign in.
mail-passkey-removed-subject = A passkey was removed from your account
mail-passkey-removed = The passkey named “{ $thing }” was removed from your account. It no longer signs anybody in.
mail-totp-added-subject = An authenticator was added to your account
mail-totp-added = An authenticator named “{ $thing }” was added to your account.
mail-totp-removed-subject = An authenticator was removed from your account
mail-totp-removed = The authenticator named “{ $thing }” was removed from your account.
mail-recovery-codes-made-subject = New recovery codes were made for your account
mail-recovery-codes-made = New recovery codes were made for your account. Any older ones no longer work.
mail-recovery-code-used-subject = A recovery code of your account was used
mail-recovery-code-used = A recovery code was used to sign in to your account.
mail-recovery-codes-left = { $left ->
    [0] It was the last one. Make new ones before you need them.
    [one] One is left. Make new ones before you need them.
   *[other] { $left } are left.
}
mail-password-changed-subject = The password of your account was changed
mail-password-changed = The password of your account was changed.
