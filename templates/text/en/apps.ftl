# The administrators’ pages about applications.
apps-title = Applications
apps-none = No application is connected yet. Connect the first one: you need its name and the address where it takes the answer to a sign-in.
apps-off = Switched off
apps-demo = Demonstration
apps-nobody = Nobody: its groups are gone
apps-last-released = Last given data
apps-never-released = Never
apps-back = Back to the applications
apps-back-to = Go to { $app }
app-off-text = Whoever comes from it reads:
app-run-by-nobody = Nobody was named
app-since = Connected
app-pkce = PKCE
app-nonce = Nonce
app-demanded = Required
app-exempt-because = Not required: { $reason }
app-demo-fixed = This is the built-in demonstration. It looks after itself, and goes when a public address is set.

app-secrets = Secrets
app-secret-made = Made { $at }
app-secret-revoke = Revoke <span class="for-readers">the secret made { $at }</span>
app-secret-add = Make a second secret
app-secret-add-text = To exchange a secret without a pause: make a second one, give it to the application, then revoke the first. Both work until then.
app-secret-full = There are two, which is as many as there can be. Revoke one to make another.
app-secret-title = Revoke a secret of { $app }?
app-secret-ask = { $app } cannot use it any more from this moment on. Be sure that it uses the other one.
app-secret-button = Revoke it
app-secret-last = This is the only secret of { $app }. Without one it could sign nobody in, so it stays. To exchange it, make a second one first. To stop the application, switch it off, so that people read why.

app-change = Change it
app-change-text = Its name, its addresses, who may use it, how its ID tokens are signed, and its exemptions.
app-change-title = Change { $app }
app-change-lead = What you save counts from the next moment on, also for whoever is signed in to it.
app-change-fixed-server = It runs on a server. That and its client ID are for good, and so are the numbers by which it knows people: connect it anew for something else.
app-change-fixed-browser = It runs in the browser. That and its client ID are for good, and so are the numbers by which it knows people: connect it anew for something else.
app-change-fixed-installed = It runs on people’s devices. That and its client ID are for good, and so are the numbers by which it knows people: connect it anew for something else.
app-change-button = Save the changes

app-disable = Switch it off
app-disable-text = Nobody can sign in to it any more, and what it was given ends at once. It can be switched on again.
app-enable = Switch it on
app-enable-text = People can sign in to it again. What it was given before stays ended.
app-delete = Remove it
app-delete-text = For good. To stop it for some time, switch it off.
app-text = What people will read
app-text-hint = Why it is off and until when, in a sentence. Whoever comes from it reads this
act-app-title-disable = Switch off { $app }?
act-app-lead-disable = Nobody can sign in to it any more, and its codes and tokens end at once. Nothing is deleted.
act-app-button-disable = Switch it off
act-app-title-enable = Switch on { $app }?
act-app-lead-enable = People can sign in to it again at once. What it was given before stays ended.
act-app-button-enable = Switch it on
act-app-title-delete = Remove { $app } for good?
act-app-lead-delete = Nobody can sign in to it any more, and this cannot be undone. These go with it:
act-app-button-delete = Remove it
act-app-goes-secrets = its registration, with its addresses and secrets
act-app-goes-grants = { $count ->
    [one] one sign-in, with its codes and tokens
   *[other] { $count } sign-ins, with their codes and tokens
}
act-app-goes-consents = { $count ->
    [one] the answer of one person about what it may get
   *[other] the answers of { $count } people about what it may get
}
act-app-goes-numbers = the numbers by which it knew people: connected anew, it would get other ones
act-app-stays = The record of what was given to it, and of what was done here, stays.
app-further-title = A new secret for { $app }
app-further-lead = Give it to { $app }. The other secret goes on working until you revoke it.
done-app-changed = The changes were saved and count from now on.
done-app-disabled = The application was switched off, and what it had been given ended.
done-app-enabled = The application was switched on again.
done-app-deleted = The application was removed.
done-secret-revoked = The secret was revoked. It opens nothing any more.
done-too-many-secrets = There are two secrets already. Revoke one to make another.

app-new-title = Connect an application
app-new-lead = Its documentation calls this OpenID Connect, OIDC or single sign-on.
app-new-button = Connect it
app-name = Name
app-name-hint = As people will see it when they sign in
app-same-name = Take this name although another application has it
app-same-name-hint = People will not be able to tell the two apart
app-run-by = Run by
app-run-by-hint = Who people can ask about it, for example: Acme IT
app-redirects = Redirect addresses
app-redirects-hint = Its documentation calls them redirect URIs or callbacks. Where it takes the answer to a sign-in, one address on each line, exactly as it will ask for it
app-post-logout = Addresses after signing out
app-post-logout-hint = Where people may be sent after they signed out, one address on each line
app-who = Who may use it
app-who-everyone = Everyone with an account
app-who-everyone-hint = People who join later too
app-who-groups = Only people in these groups
app-who-groups-hint = Tick at least one group
app-who-no-groups = There are no groups yet. Somebody who looks after people can make one.
app-shape = Where it runs
app-shape-server = On a server
app-shape-server-hint = It can keep a secret. Most web applications are of this kind
app-shape-browser = In the browser
app-shape-browser-hint = Whoever uses it could read a secret, so it gets none
app-shape-installed = On people’s devices
app-shape-installed-hint = A desktop, phone or command-line program. It gets no secret, and may use any port on its own device
app-algorithm = Signature of its ID tokens
app-algorithm-hint = If its documentation says nothing, leave RS256. ES256 is smaller and faster where the application can check it
algorithm-RS256 = RS256: every library can check it
algorithm-ES256 = ES256: recommended for newer libraries
algorithm-EdDSA = EdDSA: only where the documentation names it
app-exempt = Exemptions, if it cannot do PKCE or send a nonce
app-exempt-text = Both protect a sign-in from being taken over on its way. Only an application on a server can do without, and the reason is kept in the record.
app-no-pkce = Do not require PKCE
app-no-pkce-hint = It then has to send a nonce, unless it is exempt from that too
app-pkce-reason = Why it cannot do PKCE
app-no-nonce = Do not require a nonce
app-no-nonce-hint = It only matters where PKCE is not required
app-nonce-reason = Why it cannot send a nonce
app-exempt-reason-hint = Kept in the record

app-connected-title = { $app } is connected
app-connected-lead = Give { $app } these values. It learns everything else from the discovery address.
app-secret-once = The secret is shown for ten minutes, here and to you alone. Copy it now: nobody can see it again.
app-client-id = Client ID
app-secret = Client secret
app-no-secret = None: it proves itself by PKCE.
app-issuer = Issuer
app-discovery = Discovery address
app-settings = All of it
app-settings-text = The names differ from application to application; the values are these.

error-app-text-missing = Enter what people will read
error-secret-last = This is the only secret, so it was not revoked
error-app-name-missing = Enter the name of the application
error-app-name-invalid = Use at most 60 characters, on one line
error-app-same-name = Another application has this name, and people tell applications apart by their names. Choose another, or tick the box below
error-app-run-by = Use at most 60 characters, on one line
error-app-no-redirect = Enter at least one redirect address
error-app-who = Choose who may use it
error-app-group = One of these groups is gone. Choose again
error-app-shape = Choose where it runs
error-app-algorithm = Choose one of these signatures
error-app-exempt-reason = Enter a reason of at most 300 characters
error-app-exempt-public = Only an application on a server can do without this
error-address-malformed = { $address } is not a whole address, such as https://wiki.example.org/callback
error-address-scheme = { $address } is not safe: use https, http on the device itself, or an app’s own scheme with a dot
error-address-fragment = { $address } must have no # part
error-address-user = { $address } must have no user name and no password in it
error-address-pattern = { $address } must have no wildcard: addresses are compared letter by letter
error-address-long = { $address }… is longer than 2000 characters
