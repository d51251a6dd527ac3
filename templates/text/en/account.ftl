# The account.
me-title = Home
me-hello = Hello { $name }
me-in-order = Your account is secure.
me-no-passkey = Add a passkey. It’s faster than a password and can’t be phished.
me-by-code = You signed in with a recovery code, so you can’t manage people or change your sign-in methods. Ask an owner, or the person who runs this server, for a reset link.
me-one-way = You have only one sign-in method. Add another so you don’t get locked out.
me-add-way = Add a sign-in method
me-manage = Manage sign-in methods
me-account = Account
me-role = Role
me-administrator = Administrator
me-session = This session
me-browser = Browser
me-signed-in = Signed in
me-how = Signed in with
me-ends = Expires
me-sign-out = Sign out…
me-demo = Try the demo app
me-demo-text = A small separate app that asks you to sign in, then shows what it learned about you.
email-confirmed = confirmed
email-unconfirmed = not confirmed
email-vouched-by = Vouched for by { $by } on { $at }. Reason: { $reason }
email-vouched-host = Vouched for by the person who runs this service on { $at }. Reason: { $reason }
letters-title = Security emails
letters-confirmed = We email { $email } when your account changes or when someone else may be trying to sign in.
letters-unconfirmed = Confirm { $email } to get security emails.
letters-send = Send a code
letters-no-mail = Email isn’t set up, so no one gets security emails.
letters-no-address = Your account has no email address, so you don’t get security emails. Check your sign-in methods from time to time.
address-title = Confirm your email
address-lead = We’ll send a code to { $email }. Enter it here to confirm the address.
address-sent = We sent a code to { $email }. Enter it here.
address-code-hint = Two groups of four characters. Capitals, spaces and hyphens don’t matter.
address-confirm = Confirm email
address-until = The code expires on { $at }. It works once, in this browser, while you stay signed in. Can’t find the email? Check your spam folder, or send a new code. The old code then stops working.
address-again = Send a new code
address-back = Back to your account
count-ways = { $count ->
    [0] None
   *[other] { $count }
}
me-recovery-left = { $count } left
method-password-word = password
method-totp-word = authenticator code
method-passkey-word = passkey
method-recovery_code-word = recovery code

passkeys = Passkeys
authenticators = Authenticators
password-set = Set
security-title = Sign-in methods
security-passkeys-text = Sign in with your face, fingerprint or device passcode. A passkey works only on this site, so it can’t be phished.
security-no-passkey = You have no passkey yet. With one you can sign in faster, without your password.
security-add-passkey = Add a passkey
security-kept-in = Saved in
security-where = Type
security-synced = Synced across your devices
security-one-device = This device only
security-added = Added
security-last-used = Last used
security-never = Never
security-rename = Rename <span class="for-readers">{ $name }</span>
security-remove = Remove <span class="for-readers">{ $name }</span>
security-authenticators-text = A six-digit code, after your password.
security-no-authenticator = No authenticator yet. You need one to use a password.
security-add-authenticator = Add an authenticator
security-totp-disabled = Disabled after too many wrong codes. Remove it and add it again.
security-password-changed = Last changed { $at }.
security-password-disabled = Disabled after too many wrong attempts. Choose a new password.
security-no-password = You don’t have a password. You don’t need one.
security-change-password = Change password
security-set-password = Set a password
security-set-password-hint = You can use a password only together with an authenticator.
security-save-password = Save password
security-back = Back to sign-in methods

recovery-codes = Recovery codes
security-recovery-text = For when you’ve lost your phone or passkey. Each code works once, after your password.
security-recovery-left = { $left } of { $of } left. Created { $at }.
security-recovery-few = You’re running low. Create new ones.
security-recovery-used-up = You’ve used them all. Create new ones.
security-recovery-disabled = Disabled after too many wrong attempts. Create new ones.
security-no-recovery = You have no recovery codes. If you lose your phone or passkey, you may be locked out.
security-recovery-make = Create recovery codes
security-recovery-again = Create new recovery codes
recovery-make-lead = You’ll get { $count } codes. If you lose your phone or passkey, use one after your password. Each works once.
recovery-make-keep = Print them or save them in your password manager, and not just on the phone you sign in with.
recovery-no-password = Recovery codes only work with a password. Add a passkey on a second device instead.
recovery-make-void = Your old codes stop working immediately, used or not.
recovery-codes-title = Your recovery codes
recovery-codes-lead = Save these now. You won’t be able to see them again.
recovery-sheet-title = Recovery codes for { $organisation }
recovery-sheet-made = Created { $at }
recovery-cross-out = Each code works once. Cross out used codes.
recovery-copy = Copy all
recovery-download = Download
recovery-print = Print
recovery-downloaded = Downloaded as recovery-codes.txt. Check your downloads folder.
recovery-kept = I’ve saved my codes
recovery-kept-hint = Somewhere you can reach without this device.
recovery-whose = Username: { $username }
recovery-file-title = Recovery codes for { $organisation }
recovery-file-made = Created on { $day }

rename-title-passkey = Rename the passkey
rename-title-totp = Rename the authenticator
rename-label = Name
rename-hint = A name that tells you which device it is.
rename-save = Save name
remove-heading = Remove { $name }?
remove-title-passkey = Remove a passkey
remove-title-totp = Remove an authenticator
remove-lead-passkey = You won’t be able to sign in with it. Delete it from your password manager or security key too, so that it’s not offered again.
remove-lead-totp = Its codes stop working immediately. Delete the entry in the app too.
remove-remains = You can still sign in with
remove-passkeys = { $count ->
    [one] one passkey
   *[other] { $count } passkeys
}
remove-password-code = { $count ->
    [one] your password and one authenticator
   *[other] your password and { $count } authenticators
}
remove-button-passkey = Remove passkey
remove-button-totp = Remove authenticator
remove-keep = Cancel
remove-last = This is your only sign-in method. Add another before removing it.
remove-add-first = Add a sign-in method

done-passkey-added = Passkey added. You can now sign in with it.
done-renamed = Name saved.
done-passkey-removed = Passkey removed. Delete it from your password manager or security key too, so that it’s not offered again.
done-authenticator-added = Authenticator added.
done-authenticator-removed = Authenticator removed. Delete its entry in the app too.
done-password-set = Password added. Other browsers stay signed in.
done-password-set-others-ended = Password added. All other browsers and devices were signed out.
done-password-changed = Password changed. Other browsers stay signed in.
done-password-changed-others-ended = Password changed. All other browsers and devices were signed out.
done-address-confirmed = Your email is confirmed. We’ll send security emails there.
done-invitation-mailed = Invitation sent by email. No one else can see its link.
done-reset-link-mailed = Reset link sent by email. No one else can see it.
done-recovery-codes-made = Your recovery codes are ready.
done-recovery-codes-replaced = Your new recovery codes are ready. The old ones no longer work.
done-not-there = That no longer exists. Nothing was changed.

applications-title = Your apps
applications-lead = These apps learn who you are when you sign in to them. You can change what each one gets, or stop it.
applications-none = You haven’t signed in to an app yet. When you do, you’ll see it here with what it gets.
applications-own = Run by { $organisation }
applications-gets = Gets
applications-number = Only your ID at this app
applications-decided = You decided
applications-told = You were told
applications-open = Manage <span class="for-readers">what { $app } gets</span>
applications-back = Back to your apps
application-title = What { $app } gets
application-own = { $app } is one of { $organisation }’s own apps, so what it gets was decided for everyone.
application-off = { $app } is disabled. It isn’t given anything at the moment.
application-choice = Your choice
application-fixed = What it gets
application-choice-counts = Changes apply immediately. { $app } may still have what it was given before.
application-save = Save
application-stop-title = Stop { $app }
application-stop-text = { $app } gets nothing more and loses access to your data immediately. You may stay signed in to it until it asks us again.
application-stop-asked = We’ll ask you again the next time you sign in to it.
application-stop-own = We’ll tell you again what it gets the next time you sign in to it.
application-stop = Stop sharing
me-apps = Your apps
me-next = Next
claim-never = no longer given
done-choice-saved = Choices saved. They apply now.
done-app-stopped = App stopped. It gets nothing more.
