mail-greeting = Hello { $name },
mail-when = When: { $when }
mail-where = Device: { $browser }
mail-reason = Reason: { $reason }
mail-if-not-you = If this was you, you don’t need to do anything. If it wasn’t, check your sign-in methods now, remove anything that isn’t yours, and tell your administrator.
mail-own-page = Your sign-in methods:
mail-home-page = Your account:
mail-password-page = Change your password:
mail-foot = This message is from { $organisation }, { $origin }.
mail-foot-never = We never ask for a password or a code by email, and none of our links signs you in.

mail-test-subject = Test email from { $organisation }
mail-test = This is a test. Email from { $organisation } is working.
mail-test-nothing = You don’t need to do anything.

mail-invitation-subject = { $by } has invited you to { $organisation }
mail-invitation = { $by } has created an account for you at { $organisation }.
mail-invitation-asked = You’ll choose how to sign in: with a passkey, or with a password and an authenticator app. It takes about three minutes. Before you accept, the page tells you who invited you and why. You can also decline.
mail-invitation-ends = The invitation works once and expires on { $ends }.
mail-invitation-link = Open it here:

mail-reset-link-subject = A reset link was created for your account
mail-reset-link = { $maker ->
    [host] The person who runs { $organisation }
   *[person] { $by }
} created a link to reset your sign-in, to be handed over in person. Using it replaces all your current sign-in methods. It works once and expires on { $ends }.
mail-enrolment-stop = If you asked for it, you don’t need to do anything. If you didn’t, sign in and cancel the link on your home page. If you can’t sign in, tell your administrator now.
mail-enrolment-by-mail-subject = Reset your sign-in at { $organisation }
mail-enrolment-by-mail = { $by } sent you a link to reset your sign-in. Using it replaces all your current sign-in methods.
mail-enrolment-by-mail-ends = It works once and expires on { $ends }. Anyone with the link can use it, so don’t share it.
mail-enrolment-by-mail-stop = If you didn’t ask for it, don’t use it. Sign in at { $home } and cancel it there. If you can’t sign in, tell your administrator now.
mail-enrolment-by-mail-link = Open the link. The page asks you before anything changes:

mail-started-again-subject = Your sign-in was reset
mail-started-again = Someone used the reset link for your account and set up new sign-in methods.
mail-started-again-new-passkey = Added: the passkey { $things }
mail-started-again-new-authenticator = Added: a new password and the authenticator { $things }
mail-started-again-gone-passkeys = Removed passkeys: { $things }
mail-started-again-gone-authenticators = Removed authenticators: { $things }
mail-started-again-gone-password = Removed: the old password
mail-started-again-gone-codes = Removed: the recovery codes
mail-started-again-did = Every other browser that was signed in to your account has been signed out.

mail-address-check-subject = Your code to confirm your email
mail-address-check = Someone who is signed in to your account at { $organisation } asked for this code to confirm this email address. Enter it in the browser where you asked for it. After that, we’ll send security emails to this address.
mail-address-check-code = Your code: { $code }
mail-address-check-ends = It works once and expires on { $ends }. A newer code replaces it.
mail-address-check-advice = If you didn’t ask for it, ignore this email and don’t share the code. Without it, nothing is confirmed.
mail-address-page = Enter it here:
mail-details-changed-subject = Your account details were changed
mail-details-changed = { $by } changed your name, username or email at { $organisation }. Reason: { $reason }
mail-details-changed-did = A new email address has to be confirmed before we send account emails there. Links sent to the old address no longer work.
mail-details-changed-advice = If this is a mistake, tell your administrator now.
mail-email-vouched-subject = Your email address was vouched for
mail-email-vouched = { $by } has vouched that this address is yours, for your account at { $organisation }.
mail-email-vouched-did = From now on we send security emails here, and apps that get this address are told that it’s confirmed.
mail-email-vouched-advice = If this account or this address isn’t yours, tell your administrator now.
mail-email-vouch-withdrawn-subject = Your email address is no longer confirmed
mail-email-vouch-withdrawn = { $by } no longer vouches that this address is yours, for your account at { $organisation }.
mail-email-vouch-withdrawn-did = We won’t send more emails here until the address is confirmed, and apps are told that it isn’t confirmed.
mail-email-vouch-withdrawn-advice = To confirm it yourself, sign in and send a code from your home page. If you think this is a mistake, ask your administrator.
mail-passkey-added-subject = A passkey was added to your account
mail-passkey-added = The passkey “{ $thing }” was added to your account. It can be used to sign in.
mail-passkey-renamed-subject = A passkey was renamed
mail-passkey-renamed = The passkey “{ $before }” in your account is now called “{ $thing }”.
mail-passkey-removed-subject = A passkey was removed from your account
mail-passkey-removed = The passkey “{ $thing }” was removed from your account. It can no longer be used to sign in.
mail-totp-added-subject = An authenticator was added to your account
mail-totp-added = The authenticator “{ $thing }” was added to your account.
mail-totp-renamed-subject = An authenticator was renamed
mail-totp-renamed = The authenticator “{ $before }” in your account is now called “{ $thing }”.
mail-totp-removed-subject = An authenticator was removed from your account
mail-totp-removed = The authenticator “{ $thing }” was removed from your account.
mail-recovery-codes-made-subject = New recovery codes were created for your account
mail-recovery-codes-made = New recovery codes were created for your account. Any older ones no longer work.
mail-recovery-code-used-subject = A recovery code was used to sign in
mail-recovery-code-used = A recovery code was used to sign in to your account.
mail-recovery-codes-left = { $left ->
    [0] It was the last one. Create new ones before you need them.
    [one] You have 1 left. Create new ones before you need them.
   *[other] You have { $left } left.
}
mail-recovery-codes-few-subject = Your recovery codes are running low
mail-recovery-codes-few = { $left ->
    [one] You have 1 recovery code left.
   *[other] You have only { $left } recovery codes left.
}
mail-recovery-codes-few-advice = Create new ones before you need them. The old ones then stop working. If you didn’t use the others yourself, tell your administrator now.
mail-password-set-subject = A password was added to your account
mail-password-set = A password was added to your account. It had none before.
mail-password-changed-subject = Your password was changed
mail-password-changed = The password for your account was changed.

mail-person-disabled-subject = Your account was disabled
mail-person-disabled = { $by } has disabled your account at { $organisation }.
mail-person-disabled-did = You’ve been signed out everywhere, and app access was revoked. Nothing was deleted. The account can be enabled again.
mail-person-disabled-advice = If you think this is a mistake, ask your administrator.
mail-signed-out-subject = You were signed out everywhere
mail-signed-out = { $by } has signed you out of every browser at { $organisation }.
mail-signed-out-did = App access was revoked. You can sign in again with the same sign-in methods.
mail-signed-out-advice = If you don’t know why, check your sign-in methods and remove any that aren’t yours.
mail-person-enabled-subject = Your account was enabled
mail-person-enabled = { $by } has enabled your account at { $organisation } again.
mail-person-enabled-did = You can sign in with the same methods as before.
mail-person-enabled-advice = If you don’t need the account, tell your administrator.

mail-new-sign-in-subject = New sign-in to your account
mail-new-sign-in = Someone signed in to your account from a browser that hasn’t been used for it before.
mail-new-sign-in-did = We’ll recognise this browser next time.
mail-new-sign-in-advice = If this was you, you don’t need to do anything. If it wasn’t, remove the sign-in methods that aren’t yours and change your password, signing out all other browsers. Then tell your administrator.
mail-sign-in-unfinished-subject = Someone may know your password
mail-sign-in-unfinished = Someone entered the correct password for your account, but didn’t complete the next step within five minutes.
mail-sign-in-unfinished-did = No one was signed in.
mail-sign-in-unfinished-advice = If this was you, you don’t need to do anything. If it wasn’t, someone knows your password. Change it now.
mail-many-failures-subject = Many failed sign-in attempts
mail-many-failures = Within an hour, there were ten or more failed sign-in attempts on your account. The last one came from the browser named here.
mail-many-failures-did = We slow these attempts down more and more. Browsers that have signed you in before aren’t slowed down by others.
mail-many-failures-advice = You don’t need to do anything. While it lasts, your correct password may be refused in a browser that is new to your account. Use a passkey, or a browser you’ve signed in with before. If it was you and you can’t get in, ask your administrator for a reset link. We send this email at most once a day.

mail-app-changed-subject = { $thing } has changed
mail-app-changed = You allowed { $thing } to get data from your account at { $organisation }. Something has changed since then:
mail-app-name-before = Previous name: { $things }
mail-app-run-by = Run by: { $things }
mail-app-hosts = Now at: { $things }
mail-app-changed-did = It gets nothing more based on what you allowed before. We’ll ask you again when you use it.
mail-app-changed-advice = If you didn’t expect this, don’t allow it, and ask your administrator.
