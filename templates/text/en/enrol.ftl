# Making ways to sign in.
method-title = How do you want to sign in?
method-lead = Hello { $name }. Choose one now; you can add the other later.
method-more-title = One more way to sign in
method-more-lead = Every account at { $organisation } needs two proofs, or one passkey. A password alone can be stolen.
method-passkey = Passkey
method-passkey-text = Sign in with your face, your fingerprint or your device’s passcode. One step, nothing to remember, and it cannot be used on a false site.
method-passkey-hint = Do not make one on a device you share.
method-passkey-button = Make a passkey
method-password = Password and authenticator
method-password-text = A password, and a six-digit code from an app on your phone or computer. Two steps each time.
method-password-button = Use a password and a code
method-totp = Authenticator
method-totp-text = A six-digit code from an app on your phone or computer, after your password.
method-totp-button = Add an authenticator

passkey-make-title = Make a passkey
passkey-make-lead = Your device will ask for your face, your fingerprint or its passcode, and then keep the passkey for you.
passkey-make-shared = Your face or fingerprint never leaves the device. Do not make a passkey on a device you share.
passkey-make-button = Make the passkey

password-choose-title = Choose a password
password-choose-next = Next comes an authenticator app, so that the password alone is not enough.
password-hint = At least { $minimum } characters. Any kind counts; three or four words are good. Pasting is fine.
password-current = Current password
password-new = New password
password-end-others = Sign out all other browsers and devices
password-end-others-hint = Leave this on if somebody else may know the old password.

totp-add-title = Add an authenticator
totp-add-lead = An authenticator is an app that shows a new six-digit code every 30 seconds.
totp-step-app = Open your authenticator app
totp-step-app-text = On a phone, a tablet or a computer. Any app that shows time-based codes works.
totp-no-app = I do not have an authenticator app
totp-no-app-text = Your phone’s password settings may already have one, and so do many password managers, on computers too. Otherwise look for “authenticator” in your app store and choose one from a maker you trust.
totp-step-scan = Scan this with the app
totp-qr-label = QR code with the key for your authenticator
totp-open-here = Open my authenticator on this device
totp-cannot-scan = I cannot scan the QR code
totp-cannot-scan-text = Choose “enter a key” in the app and type or paste this:
totp-step-confirm = Enter the code the app shows
totp-label = Name of this authenticator
totp-label-hint = So that you know which one it is
totp-code-hint = The key is saved only after the right code, and is not shown again.
totp-confirm = Confirm and save

enrol-done-title = You are in
enrol-done-lead = Well done, { $name }.
enrol-done-administrator = Well done, { $name }. You are the administrator of { $organisation }.
enrol-done-have = What you have now
enrol-done-passkey = A passkey, named <strong>{ $name }</strong>
enrol-done-password = A password
enrol-done-authenticator = An authenticator, named <strong>{ $name }</strong>
enrol-done-recovery = { $count ->
    [one] One recovery code
   *[other] { $count } recovery codes
}
enrol-done-no-recovery = You have no recovery codes yet: you can make them under “Ways to sign in”.
enrol-recovery-title = In case you lose it
enrol-recovery-later = Not now
enrol-recovery-later-hint = You can make them at any time under “Ways to sign in”.
enrol-done-second = Add a second way soon, on another device, in case this one gets lost.
