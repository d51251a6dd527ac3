mail-greeting = Hello { $name },
mail-when = When: { $when }
mail-where = From: { $browser }
mail-reason = The reason given: { $reason }
mail-if-not-you = If that was you, there is nothing to do. If it was not, look at your ways to sign in now, remove what is not yours, and tell your administrator.
mail-own-page = Your ways to sign in:
mail-home-page = Your home page here:
mail-password-page = Change your password:
mail-foot = This message is from { $organisation }, { $origin }.
mail-foot-never = We never ask for a password or a code by mail, and no link in our mail signs you in by itself.

mail-test-subject = A test of mail from { $organisation }
mail-test = This letter was sent to see whether mail from { $organisation } arrives. It does.
mail-test-nothing = There is nothing to do.

mail-invitation-subject = { $by } invites you to { $organisation }
mail-invitation = { $by } has made an account for you at { $organisation }.
mail-invitation-asked = You will be asked to choose how you sign in: with a passkey, or with a password and an authenticator app. It takes about three minutes. Before you agree, the page says who invites you and why; you can also say that this is not for you.
mail-invitation-ends = The invitation works once, until { $ends }.
mail-invitation-link = Open it here:

mail-reset-link-subject = A link to set up your account again was made
mail-reset-link = { $maker ->
    [host] Whoever runs { $organisation }
   *[person] { $by }
} has made a link by which new ways to sign in to your account can be set up, to be handed over in person. Whoever uses it replaces all ways you have now. It works once, until { $ends }.
mail-enrolment-stop = If you asked for it, there is nothing to do. If you did not, sign in and stop the link on your home page. If you cannot sign in, tell your administrator now.
mail-enrolment-by-mail-subject = Set up your account at { $organisation } again
mail-enrolment-by-mail = { $by } sends you a link by which you set up new ways to sign in to your account. It replaces all ways you have now.
mail-enrolment-by-mail-ends = It works once, until { $ends }. Whoever has it can use it, so pass it on to nobody.
mail-enrolment-by-mail-stop = If you did not ask for it, do not use it: sign in at { $home } and stop it there. If you cannot sign in, tell your administrator now.
mail-enrolment-by-mail-link = Open it here; the page asks before anything changes:

mail-started-again-subject = Your account was set up again
mail-started-again = Somebody used the link that was made for you and set up new ways to sign in to your account.
mail-started-again-new-passkey = There now: the passkey { $things }
mail-started-again-new-authenticator = There now: a new password, and the authenticator { $things }
mail-started-again-gone-passkeys = Gone from your passkeys: { $things }
mail-started-again-gone-authenticators = Gone from your authenticators: { $things }
mail-started-again-gone-password = Gone: the old password
mail-started-again-gone-codes = Gone: the recovery codes
mail-started-again-did = Every other browser that was signed in to your account has been signed out.

mail-address-check-subject = A code to confirm your address
mail-address-check = Somebody who is signed in to your account at { $organisation } asked for this letter, to show that it reaches you. Type the code in the browser it was asked for in; then letters about your account come to this address.
mail-address-check-code = The code: { $code }
mail-address-check-ends = It works once, until { $ends }, and only while no newer one was asked for.
mail-address-check-advice = If you did not ask for it, do nothing, and give the code to nobody: without it nothing is confirmed.
mail-address-page = Where it is typed:
mail-details-changed-subject = Your account details were changed
mail-details-changed = { $by } changed your name, username or email at { $organisation }. Reason: { $reason }
mail-details-changed-did = A new email address has to be confirmed before we send account emails there. Links sent to the old address no longer work.
mail-details-changed-advice = If this is a mistake, tell your administrator now.
mail-email-vouched-subject = Your address was vouched for
mail-email-vouched = { $by } has vouched that this address is yours, for your account at { $organisation }.
mail-email-vouched-did = From now on messages about your account come here, and applications you give the address to are told that it is confirmed.
mail-email-vouched-advice = If this account or this address is not yours, tell your administrator now.
mail-email-vouch-withdrawn-subject = Your address counts as unconfirmed again
mail-email-vouch-withdrawn = { $by } has taken back the confirmation that this address is yours, for your account at { $organisation }.
mail-email-vouch-withdrawn-did = This is the last message that comes here until the address is confirmed, and applications are told that it is not confirmed.
mail-email-vouch-withdrawn-advice = To confirm it yourself, sign in and have a code sent from your home page. If you think that this is a mistake, ask your administrator.
mail-passkey-added-subject = A passkey was added to your account
mail-passkey-added = A passkey named “{ $thing }” was added to your account. It can be used to sign in.
mail-passkey-renamed-subject = A passkey of your account has another name
mail-passkey-renamed = The passkey named “{ $before }” of your account is now named “{ $thing }”.
mail-passkey-removed-subject = A passkey was removed from your account
mail-passkey-removed = The passkey named “{ $thing }” was removed from your account. It no longer signs anybody in.
mail-totp-added-subject = An authenticator was added to your account
mail-totp-added = An authenticator named “{ $thing }” was added to your account.
mail-totp-renamed-subject = An authenticator of your account has another name
mail-totp-renamed = The authenticator named “{ $before }” of your account is now named “{ $thing }”.
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
mail-recovery-codes-few-subject = Few recovery codes of your account are left
mail-recovery-codes-few = { $left ->
    [one] One recovery code of your account is left.
   *[other] Only { $left } recovery codes of your account are left.
}
mail-recovery-codes-few-advice = Make new ones before you need them; the old ones stop working then. If it was not you who used the others, tell your administrator now.
mail-password-set-subject = Your account has a password now
mail-password-set = A password was set for your account, which had none.
mail-password-changed-subject = The password of your account was changed
mail-password-changed = The password of your account was changed.

mail-person-disabled-subject = Your account was switched off
mail-person-disabled = { $by } has switched off your account at { $organisation }.
mail-person-disabled-did = You have been signed out everywhere, and apps lose what they were given. Nothing was deleted; the account can be switched on again.
mail-person-disabled-advice = If you think that this is a mistake, ask your administrator.
mail-signed-out-subject = You were signed out everywhere
mail-signed-out = { $by } has signed you out of every browser at { $organisation }.
mail-signed-out-did = Apps lose what they were given. You can sign in again with the ways you had.
mail-signed-out-advice = If you do not know why, look at your ways to sign in and remove any that is not yours.
mail-person-enabled-subject = Your account was switched on again
mail-person-enabled = { $by } has switched on your account at { $organisation } again.
mail-person-enabled-did = You can sign in with the ways you had.
mail-person-enabled-advice = If you do not need the account, tell your administrator.

mail-new-sign-in-subject = A new sign-in to your account
mail-new-sign-in = Somebody signed in to your account with a browser that has not signed in to it before.
mail-new-sign-in-did = It is remembered as one of yours.
mail-new-sign-in-advice = If that was you, there is nothing to do. If it was not, remove the ways to sign in that are not yours and change your password, with all other browsers signed out. Then tell your administrator.
mail-sign-in-unfinished-subject = Somebody knows your password, or you stopped half-way
mail-sign-in-unfinished = The right password of your account was typed, and the next step did not follow within five minutes.
mail-sign-in-unfinished-did = Nobody was signed in by it.
mail-sign-in-unfinished-advice = If that was you, there is nothing to do. If it was not, somebody knows your password: change it now.
mail-many-failures-subject = Many tries to sign in to your account failed
mail-many-failures = Within an hour, ten or more tries to sign in to your account failed. The browser named here made the last of them.
mail-many-failures-did = Such tries are slowed down more and more. Browsers that have signed you in before are not slowed down by others.
mail-many-failures-advice = You need do nothing. While it lasts, your right password may be refused in a browser that is new to your account: sign in with a passkey, or with a browser that has signed you in before. If it was you, and you cannot get in, ask your administrator for a reset link. No more than one such message is sent in a day.

mail-app-changed-subject = { $thing } has changed
mail-app-changed = You allowed { $thing } to get data from your account at { $organisation }. Something you were shown then has changed:
mail-app-name-before = It was called: { $things }
mail-app-run-by = It is run by: { $things }
mail-app-hosts = It now answers at: { $things }
mail-app-changed-did = It gets nothing more by what you allowed before. You will be asked again when you use it.
mail-app-changed-advice = If you do not expect this, do not allow it, and ask your administrator.
