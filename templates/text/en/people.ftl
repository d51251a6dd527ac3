# The administrators’ pages about people.
nav-admin-label = Administration
nav-admin-people = People
nav-admin-groups = Groups
nav-admin-apps = Applications
care-store-evicts = Redis may evict active sign-ins and rate limits: its maxmemory-policy is { $policy }. Set it to noeviction.
care-store-away = Redis isn’t answering. No one can sign in until it does. Anyone who is signed in stays signed in.
care-proxy-untrusted = Visitor addresses are forwarded by { $peer }, which isn’t trusted. All visitors behind it count as one, so failed attempts by one visitor slow down the others. If it’s your proxy, add it to server.trusted_proxies. If it isn’t, someone is bypassing your proxy: block that path.
care-proxy-unreadable = The proxy at { $peer } forwards something that isn’t an address. Visitors it doesn’t name count as one. See the log for what it sent.
care-proxy-contradiction = The proxy at { $peer } passes on both X-Forwarded-For and Forwarded, and they name different visitors, so neither counts. Configure it to remove the header that it doesn’t write itself.
role-owner = Owner
role-people = People
role-applications = Applications
people-title = People
people-show-all = Show everyone
people-nobody-invited = Pending invitations appear here until they’re used.
people-nameless = Erased person
people-state-invited = Invited
people-state-disabled = Disabled
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
people-open = View <span class="for-readers">{ $name }</span>
people-back = Back to People
people-state-active = Active
sent-none = None
sent-open = Pending until { $at }
sent-ended = Expired on { $at }, not used
sent-used = Used on { $at }
sent-withdrawn = Cancelled on { $at }
sent-declined = Declined on { $at } (“not me”)
reason = Reason

invite-somebody = Invite someone
invite-form-lead = They’ll get a one-time link, valid for { $hours } hours, to set up their own sign-in.
invite-already = There’s already a pending invitation for this name.
invite-already-open = View the invitation and send it again
invite-username-hint = They’ll type this to sign in. Use letters, digits, dots, hyphens or underscores.
invite-email-hint = They can also sign in with it, and apps can ask for it. If email is set up, we send the invitation there.
invite-groups = Groups
invite-groups-hint = Separate with commas. New names create new groups.
invite-known-groups = Existing groups
invite-role-hint = Lets them administer: Applications, People, or everything (Owner).
role-none = None
invite-reason-hint = Shown to the person and kept in the audit log.
invite-button = Create invitation

person-state = Account
person-since = Created
person-no-groups = None
person-groups-change = Edit groups
person-reset-link = Reset link
person-acts = Actions
person-not-yours = Only an owner can manage this administrator.
person-send = Send a new invitation
person-send-text = Cancels the previous link.
person-reset = Reset sign-in
person-reset-text = For someone who has lost their phone or forgotten their password. Make sure it’s really them.
person-withdraw = Cancel link
person-withdraw-text = Cancels the link immediately, even if they’ve already started.
person-vouch = Vouch for email address
person-vouch-text = Only if you know that the address is theirs. Apps are then told that it’s confirmed, and security emails go there.
person-vouch-myself = You can’t vouch for your own address. Ask another administrator, or the person who runs this server, who can use the command person vouch.
person-withdraw_vouch = Stop vouching for email address
person-withdraw_vouch-text = The address is then unconfirmed, until they confirm it themselves or someone vouches for it again.
person-sign-out = Sign out everywhere
person-sign-out-text = If someone else may be using one of their sessions. They can sign in again immediately.
person-disable = Disable account
person-disable-text = Signs them out everywhere and stops them from signing in. You can enable it again.
person-enable = Enable account
person-enable-text = They can sign in again with the same methods as before.

act-title-reset = Reset sign-in
act-heading-reset = Reset sign-in for { $name }
act-lead-reset = Creates a link that works once, for { $hours } hours. When they finish, their old passkeys, password, authenticators and recovery codes stop working, and all their browsers are signed out. Until then nothing changes.
act-reason-hint-reset = How did you verify their identity? For example: “met in person”. Shown to the person and kept in the audit log.
act-button-reset = Create reset link
act-handover = How they get it
act-handover-mail = By email
act-handover-mail-hint = To { $address } (confirmed). No one else sees the link.
act-handover-card = As a card, handed over in person
act-handover-card-hint = For someone who can’t read their email now. We email them that a link exists.
act-title-vouch = Vouch for an email address
act-heading-vouch = Vouch for { $name }’s email address?
act-lead-vouch = Apps are told that the address is confirmed, and some let people in based on it. Security emails and reset links go there.
act-vouch-address = Email: { $email }
act-vouch-no-address = The account has no email address.
act-reason-hint-vouch = How do you know it’s theirs? For example: “issued by us”. Shown to the person and kept in the audit log.
act-button-vouch = Vouch for email address
act-title-withdraw_vouch = Stop vouching for an email address
act-heading-withdraw_vouch = Stop vouching for { $name }’s email address?
act-lead-withdraw_vouch = From the next sign-in, apps are told that it isn’t confirmed. We won’t send security emails there.
act-reason-hint-withdraw_vouch = Shown to the person and kept in the audit log.
act-button-withdraw_vouch = Stop vouching
act-title-sign_out = Sign someone out everywhere
act-heading-sign_out = Sign out { $name } everywhere?
act-lead-sign_out = They’re signed out of every browser immediately, and app access is revoked. They can sign in again with the same methods.
act-reason-hint-sign_out = Kept in the audit log.
act-button-sign_out = Sign out everywhere
act-title-disable = Disable an account
act-heading-disable = Disable the account of { $name }?
act-lead-disable = They’re signed out everywhere immediately, and app access is revoked. Nothing is deleted.
act-reason-hint-disable = Sent to the person if email reaches them, and kept in the audit log.
act-button-disable = Disable account
act-title-enable = Enable an account
act-heading-enable = Enable the account of { $name }?
act-lead-enable = They can sign in again immediately with the same methods as before.
act-reason-hint-enable = Sent to the person if email reaches them, and kept in the audit log.
act-button-enable = Enable account
act-back = Cancel

card-title = Invitation card
card-again-title = Reset card
card-once = You can see this link for ten minutes only. Print it, or hand it over so that only this person can read it.
card-now = You can see this link only now, on this page. Print it, or hand it over so that only this person can read it, before you leave or reload the page.
card-heading = { $name }, welcome to { $organisation }
card-again-heading = Reset your sign-in, { $name }
card-text = { $by } has invited you. Use this card to set up your sign-in. It takes about three minutes.
card-again-text = { $by } created this card for you. Use it to reset your sign-in. It takes about three minutes. Your old sign-in methods then stop working.
card-step-open = Scan the QR code with your phone or tablet, or type the address below on your computer.
card-step-check = Check that the address begins with <code translate="no">{ $origin }</code>.
card-step-start = Read the page, then choose Start.
card-qr-label = QR code with the address below
card-ends = Works once, until { $at }. Anyone with this card can use it, so keep it to yourself and destroy it afterwards.
link-local = This link only works on the server itself. Set <code translate="no">server.public_url</code> to use it elsewhere.
card-print = Prints on one page.

done-link-withdrawn = Link cancelled. It no longer works.
done-link-declined = Thanks for telling us. The link no longer works, and administrators can see that you declined it.
done-link-stopped = Link cancelled. It no longer works, and administrators can see that you cancelled it.
done-email-vouched = The email address is now confirmed.
done-email-vouch-withdrawn = The email address is no longer confirmed.
done-person-signed-out = Signed out everywhere.
done-person-disabled = Account disabled. Its sessions have ended.
done-person-enabled = Account enabled.
me-link-by = <strong>{ $by }</strong> created a link to reset your sign-in. Reason: { $reason }.
me-link-host = The person who runs this service created a link to reset your sign-in. Reason: { $reason }.
me-link-until = It works until { $at }. Didn’t ask for it? Cancel it. Anyone with the link can take over your account.
me-link-stop = Cancel reset link
