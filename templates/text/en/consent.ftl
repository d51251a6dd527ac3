# What an application gets.
consent-title = { $app } asks for
consent-lead = { $app } is run by { $run_by }. You will go back to <code translate="no">{ $back_to }</code>.
consent-lead-app = You will go back to <code translate="no">{ $back_to }</code> when you allow this.
consent-changed = You decided about { $app } before. This has changed since:
consent-changed-name = it was called { $before }
consent-changed-run_by = { $before } ran it
consent-changed-run_by_nobody = it was not said who runs it
consent-changed-host = you went back to <code translate="no">{ $before }</code>, and now to <code translate="no">{ $back_to }</code>
consent-changed-more = it asks for more than before
consent-changed-needs = it does not work any more without { $before ->
    [name] your name
    [username] your user name
   *[email] your e-mail address
}, which you chose not to give
consent-changed-own = who decides what it gets
consent-changed-text = this page says more exactly what an app gets
consent-nothing-else = It also learns when and how you signed in, and with your name when your account last changed. Nothing else is given: no password, no passkey, no code.
consent-lasts-until-more = Your answer holds until { $app } asks for more, or something that this page says of it changes.
consent-lasts-this-time = { $app } has to ask you each time.
consent-own-title = What { $app } gets
consent-own-lead = { $app } is one of { $organisation }’s own applications, so what it gets was decided for everyone. You will go back to <code translate="no">{ $back_to }</code>.
consent-own-by = { $by } decided this on { $at }: { $reason }
consent-own-host = Whoever runs this service decided this on { $at }: { $reason }
consent-own-lasts = You are told once, and again when this changes. Everything { $app } is given is on record, and your applications page shows it.
consent-own-continue = Continue to { $app }
consent-own-not = Do not continue
consent-own-as = You are signed in as { $person }.
consent-allow = Allow and continue
consent-decline = Decline
consent-as = You decide this as { $person }.
claim-new = new,
claim-needed = needed
claim-your-choice = your choice
claim-no-value = You have not given one
claim-nothing = nothing to give
claim-subject = A number for you
claim-subject-purpose = { $app } will know you by this number. Other apps get another one, so they cannot compare you.
claim-name = Your name
claim-name-purpose = To greet you and to show who did what.
claim-name-declined = Without it you appear as a number.
claim-username = Your user name
claim-username-purpose = To name your account there.
claim-username-declined = Without it the app chooses or asks for one.
claim-email = Your e-mail
claim-email-purpose = To send you messages and to find an account you may have there.
claim-email-declined = Without it the app cannot write to you.

denied-title = { $app } is not open to you
denied-lead = You are signed in as { $person }. Nothing is wrong with your account.
denied-groups = { $count ->
    [one] Only people in this group may use { $app }:
   *[other] Only people in one of these groups may use { $app }:
}
denied-no-groups = Nobody may use { $app } at present.
denied-ask = If you need it, ask an administrator of { $organisation } to put you in, or { $run_by }, who runs { $app }.
denied-ask-nobody = If you need it, ask an administrator of { $organisation } to put you in.
denied-incomplete-title = { $app } needs more than your account has
denied-incomplete-lead = You are signed in as { $person }. { $app } does not work without this, and your account does not have it:
denied-incomplete-ask = Ask an administrator of { $organisation } to add it.
denied-back = Back to { $app }
denied-other = Sign in with another account
denied-off-title = { $app } is switched off
denied-off-lead = Nobody can sign in to { $app } at present. Nothing is wrong with your account.
denied-off-ask = Ask { $run_by } about it.
denied-off-ask-nobody = Ask an administrator of { $organisation } about it.

continue-title = Go on to { $app }
continue-lead = You are signed in. { $app } is an app on this device, so your browser waits for you to open it.
continue-close = You can close this page afterwards.
