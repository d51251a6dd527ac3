# Creating sign-in methods.
method-title = How do you want to sign in?
method-lead = Hello { $name }. Choose one now; you can add the other later.
method-more-title = Add a second factor
method-more-lead = Every { $organisation } account needs a passkey, or a password plus a second factor.
method-passkey = Passkey
method-passkey-text = Sign in with your face, fingerprint or device passcode. It takes one step, there’s nothing to remember, and it can’t be phished.
method-passkey-hint = Don’t create one on a shared device.
method-passkey-button = Create a passkey
method-password = Password and authenticator
method-password-text = A password, and a 6-digit code from an app on your phone or computer. It takes two steps each time.
method-password-button = Use a password and a code
method-totp = Authenticator
method-totp-text = A 6-digit code from an app on your phone or computer, after your password.
method-totp-button = Add an authenticator

passkey-make-title = Create a passkey
passkey-make-lead = Your device will ask for your face, fingerprint or passcode, then save the passkey.
passkey-make-shared = Your face or fingerprint never leaves the device. Don’t create a passkey on a shared device.
passkey-make-button = Create passkey

password-choose-title = Choose a password
password-choose-next = Next, you’ll set up an authenticator app.
password-hint = At least { $minimum } characters. Any characters work. Three or four random words are a good choice.
password-current = Current password
password-new = New password
password-end-others = Sign out all other browsers and devices
password-end-others-hint = Keep this ticked if someone else might know your old password.

totp-add-title = Add an authenticator
totp-add-lead = An authenticator is an app that shows a new 6-digit code every 30 seconds.
totp-step-app = Open your authenticator app
totp-step-app-text = On a phone, tablet or computer. Any authenticator app will do.
totp-no-app = I don’t have an authenticator app
totp-no-app-text = Your phone’s password settings may already have one, and so do many password managers, also on computers. If not, search your app store for “authenticator” and choose one from a maker you trust.
totp-step-scan = Scan the QR code with the app
totp-qr-label = QR code with the key for your authenticator
totp-open-here = Open my authenticator on this device
totp-cannot-scan = I can’t scan the QR code
totp-cannot-scan-text = Choose “enter a key” in the app, then type or paste this:
totp-step-confirm = Enter the code the app shows
totp-label = Name of this authenticator
totp-label-hint = To tell it from your other authenticators.
totp-code-hint = Enter the 6-digit code to finish. You won’t see the key again.
totp-confirm = Confirm and save

enrol-done-title = You’re all set
enrol-done-administrator = You’re the administrator of { $organisation }.
enrol-done-have = Your sign-in methods
enrol-done-passkey = A passkey, named <strong>{ $name }</strong>
enrol-done-password = A password
enrol-done-authenticator = An authenticator, named <strong>{ $name }</strong>
enrol-done-recovery = { $count ->
    [one] One recovery code
   *[other] { $count } recovery codes
}
enrol-done-no-recovery = You have no recovery codes yet. You can create them under “Sign-in methods”.
enrol-recovery-title = Save your recovery codes
enrol-recovery-later = Not now
enrol-recovery-later-hint = You can create them at any time under “Sign-in methods”.
enrol-done-second = Add another sign-in method on a second device in case you lose this one.
