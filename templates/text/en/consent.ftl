# What an application gets.
consent-title = { $app } wants to access your account
consent-lead = { $app } is run by { $run_by }. After this you’ll go back to <code translate="no">{ $back_to }</code>.
consent-lead-app = After this you’ll go back to <code translate="no">{ $back_to }</code>.
consent-changed = This has changed since you last decided about { $app }:
consent-changed-name = it was called { $before }
consent-changed-run_by = { $before } ran it
consent-changed-run_by_nobody = it didn’t say who runs it
consent-changed-host = you went back to <code translate="no">{ $before }</code>, and now go back to <code translate="no">{ $back_to }</code>
consent-changed-more = it’s asking for more than before
consent-changed-needs = it no longer works without { $before ->
    [name] your name
    [username] your username
   *[email] your email
}, which you chose not to share
consent-changed-own = who decides what it gets
consent-changed-text = this page says more exactly what an app gets
consent-nothing-else = { $app } also sees when and how you signed in. If it gets your name, it sees when your profile last changed. It never sees your password, passkey or codes.
consent-lasts-until-more = We’ll remember this until { $app } asks for more, or something on this page changes.
consent-lasts-this-time = { $app } has to ask you each time.
consent-own-title = What { $app } gets
consent-own-lead = { $app } is one of { $organisation }’s own apps, so what it gets was decided for everyone. After this you’ll go back to <code translate="no">{ $back_to }</code>.
consent-own-by = Decided by { $by } on { $at }. Reason: { $reason }
consent-own-host = Decided by the person who runs this service on { $at }. Reason: { $reason }
consent-own-lasts = You’re told once, and again when this changes. Everything { $app } gets is recorded, and you can see it under “Apps”.
consent-own-continue = Continue to { $app }
consent-own-not = Cancel
consent-own-as = Signed in as { $person }.
consent-allow = Allow and continue
consent-decline = Decline
consent-as = Signed in as { $person }.
claim-new = New ·
claim-needed = Required
claim-your-choice = Optional
claim-no-value = Not set
claim-nothing = Nothing to share
claim-subject = Your ID at this app
claim-subject-purpose = { $app } will know you by this ID. Other apps get a different one, so they can’t link you.
claim-name = Your name
claim-name-purpose = To greet you and to show who did what.
claim-name-declined = Without it, you may appear there only as an ID.
claim-username = Your username
claim-username-purpose = To use as your username there.
claim-username-declined = Without it, the app chooses one or asks for one.
claim-email = Your email
claim-email-purpose = To send you messages and to find an account you may have there.
claim-email-declined = Without it, the app can’t email you.

denied-title = You don’t have access to { $app }
denied-lead = You’re signed in as { $person }. There’s nothing wrong with your account.
denied-groups = { $count ->
    [one] Only people in this group may use { $app }:
   *[other] Only people in one of these groups may use { $app }:
}
denied-no-groups = No one can use { $app } at the moment.
denied-ask = To get access, ask your { $organisation } administrator or { $run_by }, who runs { $app }.
denied-ask-nobody = To get access, ask your { $organisation } administrator.
denied-incomplete-title = { $app } needs more than your account has
denied-incomplete-lead = You’re signed in as { $person }. { $app } doesn’t work without this, and your account doesn’t have it:
denied-incomplete-ask = Ask your { $organisation } administrator to add it.
denied-back = Back to { $app }
denied-other = Use another account
denied-off-title = { $app } is currently unavailable
denied-off-lead = No one can sign in to { $app } at the moment. There’s nothing wrong with your account.
denied-off-ask = Contact { $run_by } for help.
denied-off-ask-nobody = Contact your { $organisation } administrator for help.

continue-title = Return to { $app }
continue-lead = You’re signed in. { $app } is an app on this device. Open it to finish.
continue-close = You can then close this page.
