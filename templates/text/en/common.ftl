# Words that stand on many pages.
skip = Skip to the content
title-error = Error:
foot-address = Check that the address bar shows <code translate="no">{ $origin }</code> before you type a password.
foot-support = Help
foot-privacy = Privacy
foot-terms = Terms of use
nav-main = Main
nav-menu = Menu
nav-you = You
nav-apps = Apps
nav-home = Home
nav-security = Sign-in methods
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
try-a-sign-in = Try the demo app
use-another-way = Use another method
continue-to = Continue to { $app }
continue-to-account = Go to your account
back-to = Back to { $app }
not-you = Not you? Sign out
list-and = {" and "}
none-given = None given
progress = Step { $at } of { $of }
progress-open = Step { $at }

tone-good = Done
tone-care = Important
tone-stop = Error
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
passkey-cancelled = Cancelled or timed out. Try again, or use another method.
passkey-cancelled-create = No passkey was created: the request was cancelled or timed out. Try again, or use another method.
passkey-exists = This device already has a passkey for your account. You can sign in with it.
passkey-unsupported = This browser can’t use passkeys. Use another method or another browser.
passkey-refused-here = Your browser doesn’t allow passkeys here. Check that the address bar shows the address at the foot of this page.
passkey-not-made = This passkey couldn’t be added. Try again, or use another method.
passkey-no-script = Passkeys need JavaScript, which is turned off in this browser. Use another method, or turn it on for this site.
offline = You’re offline. Nothing was sent.
trouble-here = That didn’t work. Try again in a moment.
passkey-refused = We couldn’t sign you in with this passkey. Try again, or use another method.
passkey-too-old = This passkey request has expired. Start again.
passkey-taken = This passkey is already in use. Choose another device or provider.
passkey-too-many = You can’t add another passkey. Remove one first.
page-too-old = This page is out of date. Reload it to continue.
