# The administrators’ pages about people.
nav-admin-label = Administration
nav-admin-people = People
nav-admin-groups = Groups
nav-admin-apps = Applications
care-store-evicts = Redis may drop sign-ins in progress, and pauses after wrong tries: its maxmemory-policy is { $policy }. Set it to noeviction.
care-store-away = Redis does not answer. Nobody can sign in until it does; whoever is signed in can go on.
care-proxy-untrusted = Addresses of visitors are forwarded by { $peer }, which is not trusted: all visitors behind it count as one, and wrong tries of one pause the others. If it is your proxy, add it to server.trusted_proxies. If it is not, someone goes past your proxy: close that way.
care-proxy-unreadable = The proxy at { $peer } forwards something that is not an address: visitors it does not name count as one. The log says what it wrote.
care-proxy-contradiction = The proxy at { $peer } passes on both X-Forwarded-For and Forwarded, and they name different visitors, so neither counts. Let it remove the header that it does not write itself.
role-owner = Owner
role-people = People
role-applications = Applications
people-title = People
people-show-all = Show everyone
people-nobody-invited = Open invitations stand here until they are used.
people-nameless = Erased person
people-state-invited = Invited
people-state-disabled = Switched off
people-state-erased = Erased
people-invitation = Invitation
people-last = Last sign-in
ways-passkeys = { $count ->
    [one] one passkey
   *[other] { $count } passkeys
}
ways-password = password
ways-authenticators = { $count ->
    [one] one authenticator
   *[other] { $count } authenticators
}
ways-none = None yet
people-open = See more <span class="for-readers">about { $name }</span>
people-back = Back to the people
people-state-active = Active
sent-none = None
sent-open = Open until { $at }
sent-ended = Not used; ended { $at }
sent-used = Used { $at }
sent-withdrawn = Withdrawn { $at }
sent-declined = Whoever opened it on { $at } said: this is not me
reason = Reason

invite-somebody = Invite somebody
invite-form-lead = They get a link that works once, for { $hours } hours. With it they make their own passkey, or a password and a code; nobody else ever knows them.
invite-already = Somebody with this name was invited and has not come yet.
invite-already-open = See their invitation and send it again
invite-username-hint = What they type to sign in. Short is good: letters, digits, dots, hyphens, underscores
invite-email-hint = They can sign in with it too, and apps may ask for it. Where a mail server is set, the invitation goes to it
invite-groups = Groups
invite-groups-hint = Names with commas between them. A new name makes a new group
invite-known-groups = The groups there are
invite-role-hint = What they may do here as an administrator. Applications: connect and change them. People: invite them and help them back in. Owner: everything
role-none = None
invite-reason-hint = The invited person reads it, and it is kept in the record
invite-button = Make the invitation

person-state = Account
person-since = Since
person-no-groups = None
person-groups-change = Change the groups
person-reset-link = Link to new ways to sign in
person-acts = What you can do
person-not-yours = This person administers this service. Only an owner can change their account.
person-send = Send a new invitation
person-send-text = A new link ends the one before.
person-reset = Send a link to new ways to sign in
person-reset-text = For somebody who has lost their phone or forgotten their password. Be sure that it is really them who asks.
person-withdraw = Withdraw the link
person-withdraw-text = The link that is open stops working at once, also for somebody who is on the way with it.
person-vouch = Vouch for the address
person-vouch-text = If you know that the address is theirs. Applications are then told that it is confirmed, and messages about the account go there.
person-vouch-myself = Nobody vouches for their own address: another administrator can, or whoever runs this server, with the command person vouch.
person-withdraw_vouch = Take back the word for the address
person-withdraw_vouch-text = The address then counts as unconfirmed, until they confirm it themselves or somebody vouches for it again.
person-sign-out = Sign them out everywhere
person-sign-out-text = If somebody else sits in one of their browsers. They can sign in again at once, with the ways they have.
person-disable = Switch the account off
person-disable-text = They are signed out everywhere and cannot sign in any more. It can be switched on again.
person-enable = Switch the account on
person-enable-text = They can sign in again, with the ways they had.

act-title-reset = A link to new ways to sign in
act-heading-reset = A link for { $name } to new ways to sign in
act-lead-reset = It works once, for { $hours } hours. When they finish, their old passkeys, password, authenticators and recovery codes stop working and all their browsers are signed out. Until then nothing changes.
act-reason-hint-reset = How you know that it is them, for example: seen in person. They read it, and it is kept in the record
act-button-reset = Make the link
act-handover = How they get it
act-handover-mail = By mail to them
act-handover-mail-hint = To { $address }, which they have shown to be theirs. Nobody else sees the link
act-handover-card = As a card, handed over in person
act-handover-card-hint = For somebody who cannot read their mail now. Their address is told that there is a link
act-title-vouch = Vouch for an address
act-heading-vouch = Vouch for the address of { $name }?
act-lead-vouch = Applications are told that the address is confirmed, and some let people in by it. Messages about the account, and links to new ways to sign in, go there.
act-vouch-address = The address: { $email }
act-vouch-no-address = The account has no address.
act-reason-hint-vouch = How you know that it is theirs, for example: given out by us. They read it, and it is kept in the record
act-button-vouch = Vouch for it
act-title-withdraw_vouch = Take back the word for an address
act-heading-withdraw_vouch = Take back the word for the address of { $name }?
act-lead-withdraw_vouch = From the next sign-in on applications are told that it is not confirmed, and no message about the account goes there.
act-reason-hint-withdraw_vouch = They read it, and it is kept in the record
act-button-withdraw_vouch = Take it back
act-title-sign_out = Sign somebody out everywhere
act-heading-sign_out = Sign out { $name } everywhere?
act-lead-sign_out = They are signed out of every browser at once, and apps lose what they were given. They can sign in again with the ways they have.
act-reason-hint-sign_out = Kept in the record
act-button-sign_out = Sign them out
act-title-disable = Switch an account off
act-heading-disable = Switch off the account of { $name }?
act-lead-disable = They are signed out everywhere at once, and apps lose what they were given. Nothing is deleted.
act-reason-hint-disable = They read it if mail reaches them, and it is kept in the record
act-button-disable = Switch it off
act-title-enable = Switch an account on
act-heading-enable = Switch on the account of { $name }?
act-lead-enable = They can sign in again at once, with the ways they had.
act-reason-hint-enable = They read it if mail reaches them, and it is kept in the record
act-button-enable = Switch it on
act-back = Change nothing

card-title = An invitation to hand over
card-again-title = A link to hand over
card-once = This link is shown on this page for ten minutes and cannot be seen again. Print it, or hand it over in a way that only this person can read.
card-now = This link is shown on this page only, now, and cannot be seen again. Print it, or hand it over in a way that only this person can read, before you leave or reload the page.
card-heading = { $name }, welcome to { $organisation }
card-again-heading = { $name }, make new ways to sign in
card-text = { $by } invites you. With this card you make your own way to sign in, in about three minutes.
card-again-text = { $by } made this card for you. With it you make new ways to sign in, in about three minutes; the old ones stop working then.
card-step-open = Scan the picture with the camera of the phone or tablet you will sign in with, or type the address below on your computer.
card-step-check = Check that the address begins with <code translate="no">{ $origin }</code>.
card-step-start = Read the page, then choose Start.
card-qr-label = QR code of the address below
card-ends = It works once, until { $at }. Whoever has this card can use it: keep it to yourself, and destroy it afterwards.
link-local = This link opens only on this machine. Set <code translate="no">server.public_url</code> first, so that it opens elsewhere too.
card-print = Printed, this page is one sheet in black.

done-link-withdrawn = The link was withdrawn. It opens nothing any more.
done-link-declined = Thank you. This link opens nothing any more, and the administrators can see that it reached the wrong person.
done-link-stopped = The link was stopped. It opens nothing any more, and the administrators can see that you stopped it.
done-email-vouched = The address counts as confirmed from now on.
done-email-vouch-withdrawn = The address counts as unconfirmed again.
done-person-signed-out = They were signed out everywhere.
done-person-disabled = The account was switched off, and its sessions were ended.
done-person-enabled = The account was switched on again.
me-link-by = <strong>{ $by }</strong> made a link by which you can make new ways to sign in. The reason given is: { $reason }.
me-link-host = Whoever runs this service made a link by which you can make new ways to sign in. The reason given is: { $reason }.
me-link-until = It works until { $at }. If you did not ask for it, stop it: whoever has it can take your account over.
me-link-stop = Stop this link
