# Signing in.
login-title = Sign in
login-asking = to continue to <strong>{ $app }</strong> ({ $run_by })
login-asking-app = to continue to <strong>{ $app }</strong>
login-other = Signing in with another account will sign you out of your current account in this browser.
login-expected-app = { $app } asks for a different account than the one you’re signed in with. Sign in with that account, or go back to the app.
login-again = Please sign in again to continue.
login-again-app = Please sign in again to continue to { $app }.
login-name = Email or username
login-with-passkey = Sign in with a passkey
login-help = Can’t sign in?
login-help-phone = If your passkey is on your phone, choose “Sign in with a passkey”, then choose another device.
login-help-keys = If your password is refused, check Caps Lock and your keyboard layout, and use “Show”.
login-refused = Sure that both are right? When others try to guess a password, the correct one can be refused in a browser that is new to the account. A passkey still works, and so does a browser you’ve signed in with before.
login-help-lost = If you’ve lost your phone or passkey, enter your password, then choose “Use a recovery code” and enter one of your saved codes.
login-help-ask = Still stuck? Contact your { $organisation } administrator. Never tell anyone your password or a code.

signing-in-as = Signing in as <strong>{ $name }</strong>
signing-in-not-you = Not you?
turn-back = Cancel and return to { $app }
account-disabled = Your account is disabled. Ask an administrator of your organisation to enable it.

flow-passkey-title = Use your passkey
flow-passkey-text = Your device will ask for your face, fingerprint or passcode. These stay on your device.
flow-passkey-start = Use passkey
flow-use-passkey = Use a passkey instead
flow-use-totp = Use a code from your authenticator instead

flow-totp-title = Enter your code
flow-totp-from-one = Enter the 6-digit code from <strong>{ $name }</strong>.
flow-totp-from-any = Enter the 6-digit code from any of these:
flow-totp-from-app = Enter the 6-digit code from your authenticator app.
flow-totp-disabled = Authenticator codes are disabled for your account after too many wrong attempts.
flow-totp-disabled-passkey = You can still use your passkey.
flow-totp-disabled-alone = Ask your { $organisation } administrator to help you back in.

flow-use-recovery = Use a recovery code

flow-recovery-title = Use a recovery code
flow-recovery-text = Enter one of your saved codes. Each can be used once.
flow-recovery-label = Recovery code
flow-recovery-hint = Four groups of four characters. Capitals, spaces and hyphens don’t matter.
flow-recovery-disabled = Recovery codes are disabled for your account after too many wrong attempts.
flow-recovery-none = Recovery codes can’t be used here. You may have none left, or a stronger sign-in method is needed.
flow-recovery-lost = I don’t have a recovery code
flow-recovery-ask = Ask your { $organisation } administrator to help you back in. Never tell anyone your password or a code.
flow-recovery-host = If you run this server yourself, run this command on the server, in the same folder. Replace NAME with your username and give the reason in quotes. It prints a reset link, and is recorded in the audit log:
recovery-done-title = You’re signed in
recovery-done-left = { $count ->
    [0] That was your last recovery code.
    [one] You have one recovery code left.
   *[other] You have { $count } recovery codes left.
}
recovery-done-cross-out = Cross out the code you used. It won’t work again.
recovery-done-few = Create new ones soon.
recovery-done-none = Create new ones now, or you may be locked out next time.
recovery-done-lost = Lost your phone or passkey? Add a new one under “Sign-in methods” and remove the lost one. You’ll need it to create new recovery codes.

recovery-done-administrator = Lost your phone or passkey? Because you used a recovery code, you can’t manage people or change your sign-in methods. Ask an owner for a reset link.
recovery-done-alone = Lost your phone or passkey? Because you used a recovery code, you can’t manage people or change your sign-in methods. No other owner can help, so have this command run on the server, with your username for NAME. It prints a reset link:

code-label = Code
code-hint = It changes every 30 seconds.
code-pasted = Pasted codes are submitted automatically.

wait-tries-title = Too many wrong tries
wait-again-title = Wait before you do this again
wait-pause-password = Signing in to this account with a password pauses for { $span }.
wait-pause-code = Codes for this account pause for { $span }.
wait-pause-recovery = Recovery codes for this account pause for { $span }.
wait-pause-network = Passwords and codes from your network pause for { $span }.
wait-pause-again = You can do this again in { $span }.
wait-why = After several wrong attempts, we make you wait a little longer each time. Your account isn’t locked.
wait-why-network = Someone else on your network may have made them. Your account isn’t locked.
wait-why-again = There’s nothing wrong with your account, and your last change is kept.
wait-for = Try again in { $span }.
wait-left-second = Seconds left: {"{n}"}
wait-left-minute = Minutes left: {"{n}"}
wait-over = You can try again now.
wait-passkey = You can still use a passkey.
wait-use-passkey = Sign in with a passkey
wait-next = Try again

again-old-title = This sign-in has expired
again-old-lead = It was started too long ago, or the server was restarted.
again-old-text = Start again. Nothing was changed.
again-old-app = Start again. You’ll still continue to { $app }.
again-old-kept = Start again. You’ll still continue to the app you came from.
continue-to-kept = Continue to the app
again-start = Start again
again-cookie-title = Cookies are blocked
again-cookie-lead = We use a cookie to connect these steps, and your browser didn’t send it back.
again-cookie-causes = The usual causes are:
again-cookie-blocked = Cookies are blocked for this site.
again-cookie-address = You opened the page at a different address than <code translate="no">{ $origin }</code>.
again-cookie-private = You opened the form in one window and sent it from another, such as a private one.
again-try = Try again
again-finished-title = You’re signed in
again-finished-lead = You finished signing in as { $name } in another tab.

reauthenticate-title = Confirm it’s you
reauthenticate-act-me-security = To change how you sign in, confirm it’s you.
reauthenticate-act-me-security-passkeys-add = To add a passkey, confirm it’s you.
reauthenticate-act-me-security-passkeys-one-rename = To rename a passkey, confirm it’s you.
reauthenticate-act-me-security-passkeys-one-remove = To remove a passkey, confirm it’s you.
reauthenticate-act-me-security-authenticators-add = To add an authenticator, confirm it’s you.
reauthenticate-act-me-security-authenticators-one-rename = To rename an authenticator, confirm it’s you.
reauthenticate-act-me-security-authenticators-one-remove = To remove an authenticator, confirm it’s you.
reauthenticate-act-me-security-password = To change your password, confirm it’s you.
reauthenticate-act-me-security-recovery = To create recovery codes, confirm it’s you.
reauthenticate-act-people = To manage people, confirm it’s you.
reauthenticate-act-people-invite = To invite someone, confirm it’s you.
reauthenticate-act-people-one = To manage this account, confirm it’s you.
reauthenticate-act-people-one-reset = To create a reset link for someone, confirm it’s you.
reauthenticate-act-people-one-disable = To disable an account, confirm it’s you.
reauthenticate-act-people-one-enable = To enable an account, confirm it’s you.
reauthenticate-act-people-one-vouch = To vouch for an email address, confirm it’s you.
reauthenticate-act-people-one-withdraw_vouch = To stop vouching for an email address, confirm it’s you.
reauthenticate-act-people-one-groups = To edit someone’s groups, confirm it’s you.
reauthenticate-act-groups = To manage groups, confirm it’s you.
reauthenticate-act-groups-new = To create a group, confirm it’s you.
reauthenticate-act-groups-one-rename = To rename a group, confirm it’s you.
reauthenticate-act-groups-one-delete = To delete a group, confirm it’s you.
reauthenticate-act-apps = To manage applications, confirm it’s you.
reauthenticate-act-apps-new = To connect an application, confirm it’s you.
reauthenticate-act-apps-one = To manage an application, confirm it’s you.
reauthenticate-act-apps-one-change = To edit an application, confirm it’s you.
reauthenticate-act-apps-one-disable = To disable an application, confirm it’s you.
reauthenticate-act-apps-one-enable = To enable an application, confirm it’s you.
reauthenticate-act-apps-one-release_pkce = To allow an application without PKCE, confirm it’s you.
reauthenticate-act-apps-one-delete = To delete an application, confirm it’s you.
reauthenticate-act-other = To open this page, confirm it’s you.
reauthenticate-then = You won’t be asked again for { $span }.
reauthenticate-passkey = Confirm with your passkey
reauthenticate-without-recovery-code = Use your password and your authenticator. You can’t use a recovery code here.
reauthenticate-nothing = You don’t have a passkey or an authenticator yet. Add one first, then come back.
reauthenticate-administrator = You’re an administrator, so anyone who changed how you sign in could act on everyone’s account. If you’ve lost your authenticator, ask another administrator for a reset link.
reauthenticate-lost = Your account has a passkey, so a password and an authenticator code aren’t enough here: anyone who learned them could change how you sign in. If you can’t use any of your passkeys, ask an administrator for a reset link.
reauthenticate-administrator-act = If you’ve lost your authenticator, ask another administrator for a reset link.
reauthenticate-lost-act = Your account has a passkey, so you need it here. If you can’t use any of your passkeys, ask another administrator for a reset link.
reauthenticate-by-code = If you can’t use any of your passkeys, confirm with your password and one of your recovery codes.
reauthenticate-by-code-hint = You’ll enter a recovery code next.
reauthenticate-password-hint = You’ll enter your authenticator code next.
reauthenticate-back = Cancel

logout-title = Sign out
logout-lead = Do you want to sign out of { $organisation }?
logout-lead-app = { $app } wants to sign you out. Do you want to sign out of { $organisation } too?
logout-not-back = You won’t be sent back, because the app’s request has a mistake. The people who make or run the app need to fix it.
logout-here = Sign out of this browser
logout-everywhere = Sign out everywhere
logout-hint = “Everywhere” means every browser and device you’re signed in with.
logout-stay = Cancel
logout-done-title = You’re signed out
logout-done-here = You’re signed out of { $organisation } in this browser.
logout-done-everywhere = You’re signed out of { $organisation } in every browser.
logout-done-apps = You may still be signed in to apps. Sign out of them too on a shared device.
logout-nobody-title = You’re not signed in
logout-nobody = No one is signed in to { $organisation } in this browser.
