# Signing in.
login-title = Sign in
login-asking = to continue to <strong>{ $app }</strong>, run by { $run_by }
login-asking-app = to continue to <strong>{ $app }</strong>
login-other = The account you are in now is signed out of this browser when you sign in with another one.
login-expected-app = { $app } asks for another account than the one you are signed in with. Sign in with that account, or go back to the app.
login-again = You are signed in already. What you want to do needs you to sign in once more.
login-again-app = You are signed in already. { $app } asks you to sign in once more.
login-name = E-mail or user name
login-with-passkey = Sign in with a passkey
login-help = Cannot sign in?
login-help-phone = Your passkey is on your phone: press the button above and choose another device.
login-help-keys = The password is refused: look at the keyboard layout and at caps lock, and use “Show”.
login-refused = If you are sure of both: wrong tries by others can keep a right password from being taken in a browser that is new to your account. A passkey still works, and so does a browser that you have signed in with before.
login-help-lost = You have lost your phone or passkey: type your password, then choose “Use a recovery code” and one of those you printed or saved.
login-help-ask = Nothing works: ask whoever runs { $organisation } where you are. Never tell anyone your password or a code.

signing-in-as = Signing in as <strong>{ $name }</strong>
signing-in-not-you = Not you?
turn-back = Cancel and return to { $app }
account-disabled = Your account is disabled. Ask an administrator of your organisation to enable it.

flow-passkey-title = Use your passkey
flow-passkey-text = Your device will ask for your face, your fingerprint or its passcode. That stays on your device.
flow-passkey-start = Use the passkey
flow-use-passkey = Use a passkey instead
flow-use-totp = Use a code from your authenticator instead

flow-totp-title = Enter your code
flow-totp-from-one = The six digits from <strong>{ $name }</strong>.
flow-totp-from-any = The six digits from any one of these:
flow-totp-from-app = The six digits from your authenticator app.
flow-totp-disabled = Codes are switched off for your account after too many wrong ones.
flow-totp-disabled-passkey = Your passkey still works.
flow-totp-disabled-alone = Ask whoever runs { $organisation } where you are to help you in.

flow-use-recovery = Use a recovery code

flow-recovery-title = Use a recovery code
flow-recovery-text = One of the codes you printed or saved. It stands in for your phone or passkey this once, and then it is spent.
flow-recovery-label = Recovery code
flow-recovery-hint = Four groups of four. Capitals, spaces and hyphens do not matter.
flow-recovery-disabled = Recovery codes are switched off for your account after too many wrong ones.
flow-recovery-none = A recovery code does not help here: there is none left for this account, or something stronger is asked for.
flow-recovery-lost = I have no recovery code
flow-recovery-ask = Ask an administrator of { $organisation } where you are to let you back in. Never tell anyone your password or a code.
flow-recovery-host = If you run this server yourself, type this on its host, in the same folder, with your user name for NAME and why between the quotes. It prints a link to new ways to sign in, and is recorded:
recovery-done-title = You are signed in
recovery-done-left = { $count ->
    [0] That was your last recovery code.
    [one] You have one recovery code left.
   *[other] You have { $count } recovery codes left.
}
recovery-done-cross-out = Cross out the one you used: it will not work again.
recovery-done-few = Make new ones soon.
recovery-done-none = Make new ones now, or you may not get in the next time.
recovery-done-lost = Did you lose your phone or passkey? Then add a new one under “Ways to sign in” and remove the lost one. New recovery codes need it too.

recovery-done-administrator = Did you lose your phone or passkey? You are an administrator, and with a recovery code an administrator changes neither other people nor their own ways to sign in. Ask an owner to send you a link to new ways to sign in.
recovery-done-alone = Did you lose your phone or passkey? You are an administrator, and with a recovery code an administrator changes neither other people nor their own ways to sign in. No other owner can help, so have this typed on the host of this server, with your user name for NAME. It prints a link to new ways to sign in:

code-label = Code
code-hint = A new one comes every 30 seconds.
code-pasted = We continue by ourselves when a code is pasted or filled in.

wait-tries-title = Too many wrong tries
wait-again-title = Wait before you do this again
wait-pause-password = Signing in to this account with a password pauses for { $span }.
wait-pause-code = Codes for this account pause for { $span }.
wait-pause-recovery = Recovery codes for this account pause for { $span }.
wait-pause-network = Passwords and codes from your network pause for { $span }.
wait-pause-again = You can do this again in { $span }.
wait-why = There were several wrong tries, and each one makes the pause longer. Your account is not locked, and nothing is lost.
wait-why-network = There were many wrong tries from your network, perhaps by somebody else in it. Your account is not locked.
wait-why-again = It was done several times in a short while. Nothing is wrong with your account, and what you did last stays as it is.
wait-for = About { $span } to go
wait-left-second = {"{n}"} s to go
wait-left-minute = {"{n}"} min to go
wait-over = You can go on now.
wait-passkey = A passkey still works: it cannot be guessed, so it is never paused.
wait-use-passkey = Sign in with a passkey
wait-next = Try again

again-old-title = This took a while
again-old-lead = This sign-in is no longer open. It was started too long ago, or the server was restarted since.
again-old-text = Start again. Nothing was changed.
again-old-app = Start again. You will still go on to { $app }.
again-old-kept = Start again. You will still go on to the application you came from.
continue-to-kept = Continue to the application
again-start = Start again
again-cookie-title = Your browser did not keep our cookie
again-cookie-lead = We use one cookie to know that these steps belong together, and it did not come back.
again-cookie-causes = Usually it is one of these:
again-cookie-blocked = Cookies are blocked for this address.
again-cookie-address = The page was opened under another address than <code translate="no">{ $origin }</code>.
again-cookie-private = The form was opened in one window and sent from another, such as a private one.
again-try = Try again
again-finished-title = You are signed in
again-finished-lead = This sign-in was finished in another tab, as { $name }.

reauthenticate-title = Confirm that it is you
reauthenticate-act-me-security = You are about to change how you sign in.
reauthenticate-act-me-security-passkeys-add = You are about to add a passkey.
reauthenticate-act-me-security-passkeys-one-rename = You are about to rename a passkey.
reauthenticate-act-me-security-passkeys-one-remove = You are about to remove a passkey.
reauthenticate-act-me-security-authenticators-add = You are about to add an authenticator.
reauthenticate-act-me-security-authenticators-one-rename = You are about to rename an authenticator.
reauthenticate-act-me-security-authenticators-one-remove = You are about to remove an authenticator.
reauthenticate-act-me-security-password = You are about to change your password.
reauthenticate-act-me-security-recovery = You are about to make recovery codes.
reauthenticate-act-people = You are about to look after people.
reauthenticate-act-people-invite = You are about to invite somebody.
reauthenticate-act-people-one = You are about to look after somebody’s account.
reauthenticate-act-people-one-reset = You are about to make a link by which somebody makes new ways to sign in.
reauthenticate-act-people-one-disable = You are about to switch somebody’s account off.
reauthenticate-act-people-one-enable = You are about to switch somebody’s account on.
reauthenticate-act-people-one-vouch = You are about to vouch for somebody’s address.
reauthenticate-act-people-one-withdraw_vouch = You are about to take back that an address is somebody’s.
reauthenticate-act-people-one-groups = You are about to change which groups somebody is in.
reauthenticate-act-groups = You are about to look after groups.
reauthenticate-act-groups-new = You are about to make a group.
reauthenticate-act-groups-one-rename = You are about to rename a group.
reauthenticate-act-groups-one-delete = You are about to remove a group.
reauthenticate-act-apps = You are about to look after applications.
reauthenticate-act-apps-new = You are about to connect an application.
reauthenticate-act-apps-one = You are about to look after an application.
reauthenticate-act-apps-one-change = You are about to change an application.
reauthenticate-act-apps-one-disable = You are about to switch an application off.
reauthenticate-act-apps-one-enable = You are about to switch an application on.
reauthenticate-act-apps-one-release_pkce = You are about to let an application do without PKCE again.
reauthenticate-act-apps-one-delete = You are about to remove an application for good.
reauthenticate-act-other = You are about to open a page that is for you alone.
reauthenticate-then = Confirming holds for 15 minutes.
reauthenticate-passkey = Confirm with your passkey
reauthenticate-without-recovery-code = Use your password and your authenticator. A recovery code is not enough for this.
reauthenticate-nothing = You have neither a passkey nor an authenticator at present. Add one first, then come back.
reauthenticate-administrator = You are an administrator: whoever changes how you sign in could act on everybody’s account. If you have lost your authenticator, ask another administrator for a new link to set up your account.
reauthenticate-lost = Your account has a passkey, so a password and an authenticator’s code are not enough here: whoever had learned them could change how you sign in. If you cannot use any of your passkeys, ask an administrator for a new link to set up your account.
reauthenticate-administrator-act = If you have lost your authenticator, ask another administrator for a new link to set up your account.
reauthenticate-lost-act = Your account has a passkey, so nothing less is enough here. If you cannot use any of your passkeys, ask another administrator for a new link to set up your account.
reauthenticate-by-code = If you cannot use any of your passkeys, confirm with your password and one of your recovery codes.
reauthenticate-by-code-hint = A recovery code comes next
reauthenticate-password-hint = Your authenticator’s code comes next
reauthenticate-back = Back without changes

logout-title = Sign out
logout-lead = Do you want to sign out of { $organisation }?
logout-lead-app = { $app } asks to sign you out. Do you want to sign out of { $organisation } too?
logout-not-back = You will not be sent back: the app’s request has a mistake, which is for the people who make or run the app to fix.
logout-here = Sign out of this browser
logout-everywhere = Sign out everywhere
logout-hint = Everywhere means every browser and device you are signed in with.
logout-stay = Stay signed in
logout-done-title = You are signed out
logout-done-here = You are signed out of { $organisation } in this browser.
logout-done-everywhere = You are signed out of { $organisation } in every browser.
logout-done-apps = An app you opened may keep you signed in by itself. Sign out there too if others use this device.
logout-nobody-title = You are not signed in
logout-nobody = Nobody is signed in to { $organisation } in this browser.
