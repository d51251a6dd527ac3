# The account.
me-title = Home
me-hello = Hello { $name }
me-in-order = Everything is in order.
me-no-passkey = One thing would help: a passkey. It is quicker than a password, and nobody can trick you out of it.
me-by-code = You signed in with a recovery code. With one, an administrator changes neither other people nor their own ways to sign in: ask an owner, or whoever runs this server, for a link to new ways.
me-one-way = One thing needs you: you have one way to sign in. If you lose it, you cannot get in by yourself.
me-add-way = Add another way
me-manage = See and change them
me-account = Account
me-role = Role
me-administrator = Administrator
me-session = This session
me-browser = Browser
me-signed-in = Signed in
me-how = How
me-ends = Ends at the latest
me-sign-out = Sign out, here or everywhere
me-demo = See it work
me-demo-text = The demo application is a small separate app that asks you to sign in, and then shows what it learned about you.
email-confirmed = confirmed
email-unconfirmed = not confirmed
email-vouched-by = { $by } vouched for it on { $at }: { $reason }
email-vouched-host = Whoever runs this service vouched for it on { $at }: { $reason }
letters-title = Letters
letters-confirmed = When something here changes, or somebody else may be trying to sign in, a letter to { $email } tells you.
letters-unconfirmed = We cannot tell you when something happens to your account: your address { $email } is not confirmed. Until it is, no letter about your account reaches you.
letters-send = Send a code
letters-no-mail = This service sends no mail, so no letter tells you when something happens to your account. Look at your ways to sign in from time to time.
letters-no-address = Your account has no address, so no letter tells you when something happens to it. Look at your ways to sign in from time to time.
address-title = Confirm your address
address-lead = We send a code to { $email }. When you type it here, we know that letters about your account reach you there.
address-sent = We sent a letter with a code to { $email }. Type the code here.
address-code-hint = Two groups of four. Capitals, spaces and hyphens do not matter.
address-confirm = Confirm the address
address-until = The code works once, until { $at }, in this browser and as long as you stay signed in. If no letter comes, look where unwanted mail is kept, or have a new code sent; the old one stops working then.
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
security-title = Ways to sign in
security-passkeys-text = One step, with your face, your fingerprint or your device’s passcode. Cannot be used on a false site.
security-no-passkey = You have no passkey yet. With one you sign in quicker and without your password.
security-add-passkey = Add a passkey
security-kept-in = Kept in
security-where = Where
security-synced = Copied to your other devices by its provider
security-one-device = Only on this one device
security-added = Added
security-last-used = Last used
security-never = Not yet
security-rename = Rename <span class="for-readers">{ $name }</span>
security-remove = Remove <span class="for-readers">{ $name }</span>
security-authenticators-text = A six-digit code, after your password.
security-no-authenticator = You have no authenticator. A password needs one beside it.
security-add-authenticator = Add an authenticator
security-totp-disabled = Switched off after too many wrong codes. Remove it and add it again.
security-password-changed = Last changed { $at }. We keep only a fingerprint of it that cannot be turned back.
security-password-disabled = Switched off after too many wrong tries. Choose a new one.
security-no-password = You have no password, and you do not need one.
security-change-password = Change the password
security-set-password = Set a password
security-set-password-hint = A password works together with an authenticator, never alone.
security-save-password = Save the password
security-back = Back to ways to sign in

recovery-codes = Recovery codes
security-recovery-text = Codes on paper for the day you have lost your phone or passkey. Each works once, after your password.
security-recovery-left = { $left } of { $of } left, made { $at }.
security-recovery-few = Few are left. Make new ones before they run out.
security-recovery-used-up = All are used. Make new ones.
security-recovery-disabled = Switched off after too many wrong tries. Make new ones.
security-no-recovery = You have no recovery codes. If you lose your phone or passkey, you may not get in by yourself.
security-recovery-make = Make recovery codes
security-recovery-again = Make new recovery codes
recovery-make-lead = You get { $count } codes. Each one stands in for your phone or passkey once, after your password.
recovery-make-keep = Print them or keep them in your password manager, not only on the phone you sign in with.
recovery-no-password = You have no password, so a recovery code would open nothing. Another passkey on another device is better.
recovery-make-void = Your old codes stop working at once, used or not.
recovery-codes-title = Your recovery codes
recovery-codes-lead = This is the only time they are shown. They work from now on.
recovery-sheet-title = Recovery codes for { $organisation }
recovery-sheet-made = Made { $at }
recovery-cross-out = Each code works once. Cross out used codes.
recovery-copy = Copy all
recovery-download = Download
recovery-print = Print
recovery-downloaded = They were downloaded as recovery-codes.txt. Look in your downloads.
recovery-kept = I have kept them
recovery-kept-hint = Somewhere you will find them without this device
recovery-whose = User name: { $username }
recovery-file-title = Recovery codes for { $organisation }
recovery-file-made = Made on { $day }

rename-title-passkey = Rename the passkey
rename-title-totp = Rename the authenticator
rename-label = Name
rename-hint = A name that tells you which device it is
rename-save = Save the name
remove-heading = Remove { $name }?
remove-title-passkey = Remove a passkey
remove-title-totp = Remove an authenticator
remove-lead-passkey = It stops working here at once. Remove it from your password manager or your security key too, so that it is not offered again.
remove-lead-totp = Its codes stop working here at once. Delete the entry in the app too.
remove-remains = You can still sign in with
remove-passkeys = { $count ->
    [one] one passkey
   *[other] { $count } passkeys
}
remove-password-code = { $count ->
    [one] your password and one authenticator
   *[other] your password and { $count } authenticators
}
remove-button-passkey = Remove the passkey
remove-button-totp = Remove the authenticator
remove-keep = Keep it
remove-last = Without it you could not sign in any more. Add another way first, then remove this one.
remove-add-first = Add another way

done-passkey-added = Your passkey was added. You can sign in with it from now on.
done-renamed = The new name was saved.
done-passkey-removed = The passkey was removed. Delete it in your password manager or on your security key too, so that it is not offered again.
done-authenticator-added = The authenticator was added.
done-authenticator-removed = The authenticator was removed. Delete its entry in the app too.
done-password-changed = The password was changed. Other browsers stay signed in.
done-password-changed-others-ended = The password was changed. All other browsers and devices were signed out.
done-address-confirmed = Your address is confirmed. Letters about your account go there from now on.
done-invitation-mailed = The invitation is on its way by mail. Nobody else can see its link.
done-reset-link-mailed = The link is on its way by mail. Nobody else can see it.
done-recovery-codes-made = Your new recovery codes work from now on. Older ones do not any more.
done-not-there = That is not there any more. Nothing was changed.

applications-title = Applications you use
applications-lead = These applications are told who you are when you sign in to them. You can change what each gets, and stop it.
applications-none = You have not signed in to an application yet. When you do, it stands here with what it gets, and you can change or stop that.
applications-own = Run by { $organisation }
applications-gets = Gets
applications-number = A number for you, and nothing else
applications-decided = You decided
applications-told = You were told
applications-open = Change or stop <span class="for-readers">what { $app } gets</span>
applications-back = Back to the applications
application-title = What { $app } gets
application-own = { $app } is one of { $organisation }’s own applications, so what it gets was decided for everyone.
application-off = { $app } is switched off at present and is given nothing.
application-choice = Your choice
application-fixed = What it gets
application-choice-counts = What you save counts at once. What { $app } was told before it may still have.
application-save = Save
application-stop-title = Stop { $app }
application-stop-text = { $app } is given nothing more, and its access to your data ends at once. You may stay signed in inside it until it asks us again.
application-stop-asked = The next time you sign in to it, you are asked again.
application-stop-own = The next time you sign in to it, you are told again what it gets.
application-stop = Stop
me-apps = Your apps
me-next = Next
claim-never = not given any more
done-choice-saved = Your choice was saved and counts from now on.
done-app-stopped = The application was stopped. It is given nothing more.
