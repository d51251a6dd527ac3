# The administrators’ pages about people.
nav-admin-label = Administration
nav-admin-people = People
nav-account = Your account
role-owner = Owner
role-people = People
role-applications = Applications
people-title = People
people-invited-lead = { $count ->
    [0] Nobody is on the way in.
    [one] One person was invited and has not come yet.
   *[other] { $count } people were invited and have not come yet.
}
people-show-all = Show everyone
people-show-invited = { $count ->
    [one] One person was invited and has not come yet
   *[other] { $count } people were invited and have not come yet
}
people-nobody-invited = Open invitations stand here until they are used.
people-no-more = There is nobody further on in this list.
people-nameless = Erased person
people-state-invited = Invited
people-state-disabled = Switched off
people-state-erased = Erased
people-invitation = Invitation
people-invitation-until = Open until { $at }
people-invitation-ended = Ended { $at }
people-invitation-none = Withdrawn
people-last = Last sign-in
people-newest = Back to the newest
people-older = Earlier ones
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
me-administration = Administration
me-administration-text = You administer this service.
