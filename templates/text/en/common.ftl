# Words that stand on many pages.
skip = Skip to the content
title-error = Error:
foot-address = This page is <code translate="no">{ $origin }</code>. Compare it with the address bar before you type a password.
foot-support = Help
foot-privacy = Privacy
foot-terms = Terms of use
nav-main = Main
nav-menu = Menu
nav-you = You
nav-apps = Apps
nav-home = Home
nav-security = Ways to sign in
nav-sign-out = Sign out
continue = Continue
cancel = Cancel
or = or
done = Done
optional = (optional)
recommended = Recommended
one-moment = One moment…
copy = Copy
copied = Copied
reference = Reference
sign-in = Sign in
sign-in-again = Sign in again
try-a-sign-in = Try a sign-in
use-another-way = Use another way
continue-to = Continue to { $app }
continue-to-account = Go to your account
back-to = Back to { $app }
not-you = Not you? Sign out
list-and = {" and "}
none-given = None given
progress = Step { $at } of { $of }
progress-open = Step { $at }

tone-good = Done
tone-care = Take care
tone-stop = Stopped
tone-note = Note

password = Password
password-show = Show
password-hide = Hide
password-show-label = Show the password
password-hide-label = Hide the password

summary-title = There is a problem

# Dates and durations. $time is in UTC; a script may show the reader’s own time zone instead.
when = { $day } { $month } { $year }, { $time } UTC
clock = { $time } UTC
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
span-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
span-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}

# What the passkey scripts say.
passkey-waiting = Waiting for your device…
passkey-checking = Your device answered. One moment…
passkey-cancelled = Nothing happened: the request was closed or timed out. Try again, or use another way.
passkey-cancelled-create = No passkey was made: the request was closed or timed out. Try again, or use another way.
passkey-exists = This device already has a passkey for your account. You can sign in with it; there is nothing to do.
passkey-unsupported = This browser cannot use passkeys. Use another way, or another browser.
passkey-refused-here = Your browser does not allow a passkey here. Compare the address in the address bar with the one at the foot of this page.
passkey-not-made = This passkey could not be added. Try again, or use another way.
passkey-no-script = Passkeys need JavaScript, which is off in this browser. Use another way, or switch it on for this address.
offline = You are offline. Nothing was sent.
trouble-here = This did not work just now. Try again in a moment.
passkey-refused = We could not sign you in with this passkey. Try again, or use another way.
passkey-too-old = This took longer than five minutes, so we stopped. Start again.
passkey-taken = This passkey is already in use. Choose another device or provider.
passkey-too-many = Your account has as many passkeys as it can have. Remove one first.
page-too-old = This page is out of date. Reload it and go on from there.
