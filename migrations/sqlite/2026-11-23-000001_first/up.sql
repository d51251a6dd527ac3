-- The first shape of the data. Every column says its class: secret, personal, internal or public;
-- a test reads these comments and the data catalogue is made from them.

-- service: one row: which master key seals this database
CREATE TABLE service (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), -- class: internal
    master_key_id BLOB NOT NULL, -- class: internal
    created_at INTEGER NOT NULL -- class: internal
) STRICT;

-- settings: values all nodes share, such as the cost of a password hash and the address the server is reached at
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY, -- class: internal
    value TEXT NOT NULL, -- class: internal
    created_at INTEGER NOT NULL -- class: internal
) STRICT;

-- data_keys: one key for each person and for the service, sealed by the master key
CREATE TABLE data_keys (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    owner TEXT NOT NULL UNIQUE, -- class: internal
    sealed BLOB NOT NULL, -- class: secret
    master_key_id BLOB NOT NULL, -- class: internal
    created_at INTEGER NOT NULL -- class: internal
) STRICT;

-- index_keys: keys under which login names and word beginnings are found
CREATE TABLE index_keys (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    sealed BLOB NOT NULL, -- class: secret
    state TEXT NOT NULL, -- class: internal
    created_at INTEGER NOT NULL -- class: internal
) STRICT;
CREATE UNIQUE INDEX index_keys_one_current ON index_keys (state) WHERE state = 'current';

-- persons: everyone with an account; what is known about them is in person_values
CREATE TABLE persons (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    state TEXT NOT NULL, -- class: internal
    handle BLOB NOT NULL UNIQUE, -- class: internal
    language TEXT, -- class: internal
    created_at INTEGER NOT NULL, -- class: internal
    updated_at INTEGER NOT NULL -- class: internal
) STRICT;

-- person_values: name, address and other values about a person
CREATE TABLE person_values (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    person_id BLOB NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    attribute TEXT NOT NULL, -- class: internal
    value BLOB NOT NULL, -- class: personal
    source TEXT NOT NULL, -- class: internal
    checked_at INTEGER, -- class: internal
    changed_at INTEGER NOT NULL, -- class: internal
    UNIQUE (person_id, attribute)
) STRICT;

-- login_names: user names and addresses share one table, so that none can equal another
CREATE TABLE login_names (
    key_id BLOB NOT NULL REFERENCES index_keys ON DELETE CASCADE, -- class: internal
    digest BLOB NOT NULL, -- class: internal
    person_id BLOB NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    kind TEXT NOT NULL, -- class: internal
    value BLOB NOT NULL, -- class: personal
    confirmed_at INTEGER, -- class: internal
    created_at INTEGER NOT NULL, -- class: internal
    PRIMARY KEY (key_id, digest)
) STRICT;
CREATE INDEX login_names_by_person_id ON login_names (person_id);

-- word_prefixes: keyed, shortened hashes of the beginnings of words, for staff search
CREATE TABLE word_prefixes (
    digest INTEGER NOT NULL, -- class: internal
    person_id BLOB NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    PRIMARY KEY (digest, person_id)
) STRICT;
CREATE INDEX word_prefixes_by_person_id ON word_prefixes (person_id);

-- passwords: one sealed Argon2id hash a person
CREATE TABLE passwords (
    person_id BLOB NOT NULL PRIMARY KEY REFERENCES persons ON DELETE CASCADE, -- class: internal
    hash BLOB NOT NULL, -- class: secret
    failures INTEGER NOT NULL, -- class: internal
    changed_at INTEGER NOT NULL -- class: internal
) STRICT;

-- idle_tries: tries of passwords of accounts that nobody has; counting them must cost what counting the others costs
CREATE TABLE idle_tries (
    slot INTEGER NOT NULL PRIMARY KEY, -- class: internal
    tries INTEGER NOT NULL -- class: internal
) STRICT;

-- totps: authenticator apps
CREATE TABLE totps (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    person_id BLOB NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    name BLOB NOT NULL, -- class: personal
    seed BLOB NOT NULL, -- class: secret
    last_step INTEGER NOT NULL, -- class: internal
    failures INTEGER NOT NULL, -- class: internal
    created_at INTEGER NOT NULL, -- class: internal
    last_used_at INTEGER -- class: internal
) STRICT;
CREATE INDEX totps_by_person_id ON totps (person_id);

-- passkeys: WebAuthn credentials
CREATE TABLE passkeys (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    person_id BLOB NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    credential_id BLOB NOT NULL UNIQUE, -- class: internal
    public_key BLOB NOT NULL, -- class: internal
    algorithm INTEGER NOT NULL, -- class: internal
    counter INTEGER NOT NULL, -- class: internal
    user_verified INTEGER NOT NULL, -- class: internal
    backup_eligible INTEGER NOT NULL, -- class: internal
    backup_state INTEGER NOT NULL, -- class: internal
    aaguid BLOB NOT NULL, -- class: internal
    transports TEXT NOT NULL, -- class: internal
    name BLOB NOT NULL, -- class: personal
    version INTEGER NOT NULL, -- class: internal
    created_at INTEGER NOT NULL, -- class: internal
    last_used_at INTEGER -- class: internal
) STRICT;
CREATE INDEX passkeys_by_person_id ON passkeys (person_id);

-- recovery_sets: a person's recovery codes, all made at one time, with the salt and the cost their hashes share
CREATE TABLE recovery_sets (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    person_id BLOB NOT NULL UNIQUE REFERENCES persons ON DELETE CASCADE, -- class: internal
    salt BLOB NOT NULL, -- class: internal
    memory_kib INTEGER NOT NULL, -- class: internal
    passes INTEGER NOT NULL, -- class: internal
    failures INTEGER NOT NULL, -- class: internal
    made_at INTEGER NOT NULL -- class: internal
) STRICT;

-- recovery_codes: each works once
CREATE TABLE recovery_codes (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    set_id BLOB NOT NULL REFERENCES recovery_sets ON DELETE CASCADE, -- class: internal
    hash BLOB NOT NULL, -- class: secret
    claimed_at INTEGER -- class: internal
) STRICT;
CREATE INDEX recovery_codes_by_set_id ON recovery_codes (set_id);

-- known_devices: browsers that have signed a person in, with a budget of wrong tries of their own
CREATE TABLE known_devices (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    person_id BLOB NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    cookie_hash BLOB NOT NULL, -- class: internal
    password_failures INTEGER NOT NULL, -- class: internal
    totp_failures INTEGER NOT NULL, -- class: internal
    recovery_failures INTEGER NOT NULL, -- class: internal
    created_at INTEGER NOT NULL, -- class: internal
    last_used_at INTEGER NOT NULL, -- class: internal
    expires_at INTEGER NOT NULL, -- class: internal
    UNIQUE (person_id, cookie_hash)
) STRICT;

-- sessions: signed-in browsers
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    cookie_hash BLOB NOT NULL UNIQUE, -- class: internal
    person_id BLOB NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    events TEXT NOT NULL, -- class: internal
    address BLOB NOT NULL, -- class: personal
    user_agent BLOB NOT NULL, -- class: personal
    created_at INTEGER NOT NULL, -- class: internal
    last_used_at INTEGER NOT NULL, -- class: internal
    expires_at INTEGER NOT NULL, -- class: internal
    rights_used_at INTEGER, -- class: internal
    ended_at INTEGER -- class: internal
) STRICT;
CREATE INDEX sessions_by_person_id ON sessions (person_id);

-- tickets: one-use links for set-up, invitation and reset
CREATE TABLE tickets (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    kind TEXT NOT NULL, -- class: internal
    hash BLOB NOT NULL UNIQUE, -- class: internal
    person_id BLOB REFERENCES persons ON DELETE CASCADE, -- class: internal
    made_by BLOB, -- class: internal
    reason BLOB, -- class: personal
    created_at INTEGER NOT NULL, -- class: internal
    expires_at INTEGER NOT NULL, -- class: internal
    used_at INTEGER, -- class: internal
    voided_at INTEGER, -- class: internal
    declined_at INTEGER -- class: internal
) STRICT;

-- outbox: letters to send, written together with what they tell; browser: whose finished sign-in makes a letter void
CREATE TABLE outbox (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    person_id BLOB NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    kind TEXT NOT NULL, -- class: internal
    body BLOB, -- class: personal
    browser BLOB, -- class: internal
    tries INTEGER NOT NULL, -- class: internal
    next_try_at INTEGER NOT NULL, -- class: internal
    sent_at INTEGER, -- class: internal
    given_up_at INTEGER, -- class: internal
    created_at INTEGER NOT NULL -- class: internal
) STRICT;
CREATE INDEX outbox_due ON outbox (next_try_at) WHERE sent_at IS NULL AND given_up_at IS NULL;
CREATE INDEX outbox_by_person_id ON outbox (person_id);

-- groups
CREATE TABLE groups (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    name TEXT NOT NULL, -- class: internal
    name_as_read TEXT NOT NULL UNIQUE, -- class: internal
    created_at INTEGER NOT NULL -- class: internal
) STRICT;

-- memberships: who is in which group
CREATE TABLE memberships (
    group_id BLOB NOT NULL REFERENCES groups ON DELETE CASCADE, -- class: internal
    person_id BLOB NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    created_at INTEGER NOT NULL, -- class: internal
    PRIMARY KEY (group_id, person_id)
) STRICT;
CREATE INDEX memberships_by_person_id ON memberships (person_id);

-- roles: what a person may do as an administrator, everywhere or for one group
CREATE TABLE roles (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    person_id BLOB NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    role TEXT NOT NULL, -- class: internal
    group_id BLOB REFERENCES groups ON DELETE CASCADE, -- class: internal
    granted_by BLOB, -- class: internal
    created_at INTEGER NOT NULL -- class: internal
) STRICT;
CREATE INDEX roles_by_person_id ON roles (person_id);

-- clients: applications
CREATE TABLE clients (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    client_id TEXT NOT NULL UNIQUE, -- class: internal
    name TEXT NOT NULL, -- class: internal
    run_by TEXT NOT NULL, -- class: internal
    kind TEXT NOT NULL, -- class: internal
    authentication TEXT NOT NULL, -- class: internal
    native INTEGER NOT NULL, -- class: internal
    algorithm TEXT NOT NULL, -- class: internal
    sector TEXT NOT NULL, -- class: internal
    access TEXT NOT NULL, -- class: internal
    scopes TEXT NOT NULL, -- class: internal
    pkce_exempt_reason TEXT, -- class: internal
    nonce_required INTEGER NOT NULL, -- class: internal
    nonce_exempt_reason TEXT, -- class: internal
    consent_required INTEGER NOT NULL, -- class: internal
    demo INTEGER NOT NULL, -- class: internal
    disabled_at INTEGER, -- class: internal
    disabled_text TEXT, -- class: internal
    created_at INTEGER NOT NULL -- class: internal
) STRICT;

-- client_secrets: several at once, so that they can be exchanged without a pause
CREATE TABLE client_secrets (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    client_id BLOB NOT NULL REFERENCES clients ON DELETE CASCADE, -- class: internal
    hash BLOB NOT NULL, -- class: internal
    created_at INTEGER NOT NULL, -- class: internal
    revoked_at INTEGER -- class: internal
) STRICT;
CREATE INDEX client_secrets_by_client_id ON client_secrets (client_id);

-- client_addresses: where an application may be answered after sign-in or sign-out
CREATE TABLE client_addresses (
    client_id BLOB NOT NULL REFERENCES clients ON DELETE CASCADE, -- class: internal
    purpose TEXT NOT NULL, -- class: internal
    address TEXT NOT NULL, -- class: internal
    PRIMARY KEY (client_id, purpose, address)
) STRICT;

-- client_groups: the groups that may use an application
CREATE TABLE client_groups (
    client_id BLOB NOT NULL REFERENCES clients ON DELETE CASCADE, -- class: internal
    group_id BLOB NOT NULL REFERENCES groups ON DELETE CASCADE, -- class: internal
    PRIMARY KEY (client_id, group_id)
) STRICT;

-- subjects: the number under which the applications of one sector know a person
CREATE TABLE subjects (
    person_id BLOB NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    sector TEXT NOT NULL, -- class: internal
    subject TEXT NOT NULL UNIQUE, -- class: internal
    created_at INTEGER NOT NULL, -- class: internal
    PRIMARY KEY (person_id, sector)
) STRICT;

-- consents: what a person agreed to give an application
CREATE TABLE consents (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    person_id BLOB NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    client_id BLOB NOT NULL REFERENCES clients ON DELETE CASCADE, -- class: internal
    scopes TEXT NOT NULL, -- class: internal
    claims TEXT NOT NULL, -- class: internal
    given_at INTEGER NOT NULL, -- class: internal
    UNIQUE (person_id, client_id)
) STRICT;

-- app_sessions: a session as one application knows it
CREATE TABLE app_sessions (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    session_id BLOB NOT NULL REFERENCES sessions ON DELETE CASCADE, -- class: internal
    client_id BLOB NOT NULL REFERENCES clients ON DELETE CASCADE, -- class: internal
    created_at INTEGER NOT NULL, -- class: internal
    UNIQUE (session_id, client_id)
) STRICT;

-- grants: one act of giving an application access; codes and tokens belong to it
CREATE TABLE grants (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    person_id BLOB NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    client_id BLOB NOT NULL REFERENCES clients ON DELETE CASCADE, -- class: internal
    session_id BLOB NOT NULL REFERENCES sessions ON DELETE CASCADE, -- class: internal
    app_session_id BLOB NOT NULL REFERENCES app_sessions ON DELETE CASCADE, -- class: internal
    scopes TEXT NOT NULL, -- class: internal
    claims TEXT NOT NULL, -- class: internal
    resources TEXT NOT NULL, -- class: internal
    key_thumbprint TEXT, -- class: internal
    acr TEXT NOT NULL, -- class: internal
    events TEXT NOT NULL, -- class: internal
    created_at INTEGER NOT NULL, -- class: internal
    revoked_at INTEGER -- class: internal
) STRICT;
CREATE INDEX grants_by_session_id ON grants (session_id);
CREATE INDEX grants_by_person_id ON grants (person_id);
CREATE INDEX grants_by_client_id ON grants (client_id);
CREATE INDEX grants_by_app_session_id ON grants (app_session_id);

-- codes: authorization codes
CREATE TABLE codes (
    hash BLOB NOT NULL PRIMARY KEY, -- class: internal
    grant_id BLOB NOT NULL REFERENCES grants ON DELETE CASCADE, -- class: internal
    redirect_uri TEXT NOT NULL, -- class: internal
    code_challenge TEXT, -- class: internal
    nonce TEXT, -- class: internal
    created_at INTEGER NOT NULL, -- class: internal
    expires_at INTEGER NOT NULL, -- class: internal
    claimed_at INTEGER -- class: internal
) STRICT;
CREATE INDEX codes_by_grant_id ON codes (grant_id);

-- access_tokens
CREATE TABLE access_tokens (
    hash BLOB NOT NULL PRIMARY KEY, -- class: internal
    grant_id BLOB NOT NULL REFERENCES grants ON DELETE CASCADE, -- class: internal
    scopes TEXT NOT NULL, -- class: internal
    userinfo_count INTEGER NOT NULL, -- class: internal
    userinfo_entry_id BLOB, -- class: internal
    created_at INTEGER NOT NULL, -- class: internal
    expires_at INTEGER NOT NULL -- class: internal
) STRICT;
CREATE INDEX access_tokens_by_grant_id ON access_tokens (grant_id);

-- signing_keys: keys that sign tokens
CREATE TABLE signing_keys (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    kid TEXT NOT NULL UNIQUE, -- class: internal
    algorithm TEXT NOT NULL, -- class: internal
    state TEXT NOT NULL, -- class: internal
    public_jwk TEXT NOT NULL, -- class: internal
    private_key BLOB NOT NULL, -- class: secret
    created_at INTEGER NOT NULL -- class: internal
) STRICT;
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (algorithm) WHERE state = 'current';

-- entries: the audit log and the ledger; rows are only ever added
CREATE TABLE entries (
    id BLOB NOT NULL PRIMARY KEY, -- class: internal
    book TEXT NOT NULL, -- class: internal
    kind TEXT NOT NULL, -- class: internal
    at INTEGER NOT NULL, -- class: internal
    actor_kind TEXT NOT NULL, -- class: internal
    actor_id BLOB, -- class: internal
    subject_id BLOB, -- class: internal
    client_id BLOB, -- class: internal
    body BLOB NOT NULL, -- class: personal
    leaf_hash BLOB NOT NULL -- class: internal
) STRICT;
CREATE INDEX entries_by_subject_id_book_id ON entries (subject_id, book, id);
CREATE INDEX entries_by_book_id ON entries (book, id);
CREATE INDEX entries_by_client_id_book_id ON entries (client_id, book, id);

-- entry_parts: what an entry says about one person, sealed under that person's key
CREATE TABLE entry_parts (
    entry_id BLOB NOT NULL REFERENCES entries ON DELETE CASCADE, -- class: internal
    person_id BLOB, -- class: internal
    place INTEGER NOT NULL, -- class: internal
    body BLOB NOT NULL, -- class: personal
    hash BLOB NOT NULL, -- class: internal
    PRIMARY KEY (entry_id, place)
) STRICT;
