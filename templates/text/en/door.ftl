# The door, and set-up links.
door-title = Welcome
door-lead = You are at { $organisation }. Sign in to see your account and how you sign in.
door-not-set-up-title = This server is not set up yet
door-not-set-up-lead = The set-up link was printed where it was started. Whoever opens that link becomes the administrator.
door-not-set-up-lost = Lost it? This command prints a new one:
door-not-set-up-where = Type it on the machine the server runs on, in the same folder. The old link stops working.
door-wrong-name-title = This is not the address it is set up as
door-wrong-name-lead = You opened this as <code translate="no">{ $opened }</code>. It is set up as <code translate="no">{ $ours }</code>.
door-wrong-name-why = Passkeys and safe cookies need HTTPS on any name but localhost. So there are three ways on:
door-here = On the machine itself
door-open-ours = Open { $ours }
door-tunnel = From this machine, for yourself
door-tunnel-text = Keep this tunnel open, then open { $ours } here:
door-proxy = For everyone
door-proxy-text = Put it behind a web server that has a certificate for your own name, and start it with that name:
door-wrong-name-public = Passkeys and cookies belong to one address. Please use that one.

setup-title = You, the first administrator
setup-lead = You opened the set-up link, so you become the administrator of { $organisation }.
setup-name = Name
setup-name-hint = As others should see it
setup-username = User name
setup-username-hint = What you type to sign in. Short is good: letters, digits, dots, hyphens
setup-email = E-mail
setup-email-hint = You can sign in with it too, and apps may ask for it. No mail is sent
setup-ended-title-used = This set-up link was used
setup-ended-title-replaced = This set-up link was replaced
setup-ended-title-ended = This set-up link has ended
setup-ended-title-unknown = There is no such set-up link
setup-ended-used = It was used on { $at } and works only once.
setup-ended-replaced = A newer one was made on { $at }. Only the newest works.
setup-ended-ended = It ended on { $at }. Links work for a short time only.
setup-ended-unknown = Perhaps a part of it is missing: a link is long and ends with a single letter or digit.
setup-ended-command = This command prints a new one, on the machine the server runs on:
setup-ended-set-up = This server has an administrator already.
