-- The first shape of the data. Every column says its class: secret, personal, internal or public;
-- a test reads these comments and the data catalogue is made from them.

-- service: one row: which master key seals this database
CREATE TABLE service (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1), -- class: internal
    master_key_id uuid NOT NULL, -- class: internal
    created_at timestamptz NOT NULL -- class: internal
);

-- settings: values all nodes share, such as the cost of a password hash and the address the server is reached at
CREATE TABLE settings (
    name text NOT NULL PRIMARY KEY, -- class: internal
    value jsonb NOT NULL, -- class: internal
    created_at timestamptz NOT NULL -- class: internal
);

-- data_keys: one key for each person and for the service, sealed by the master key
CREATE TABLE data_keys (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    owner text NOT NULL UNIQUE, -- class: internal
    sealed bytea NOT NULL, -- class: secret
    master_key_id uuid NOT NULL, -- class: internal
    created_at timestamptz NOT NULL -- class: internal
);

-- index_keys: keys under which login names and word beginnings are found
CREATE TABLE index_keys (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    sealed bytea NOT NULL, -- class: secret
    state text NOT NULL, -- class: internal
    created_at timestamptz NOT NULL -- class: internal
);
CREATE UNIQUE INDEX index_keys_one_current ON index_keys (state) WHERE state = 'current';

-- persons: everyone with an account; what is known about them is in person_values
CREATE TABLE persons (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    state text NOT NULL, -- class: internal
    handle bytea NOT NULL UNIQUE, -- class: internal
    language text, -- class: internal
    created_at timestamptz NOT NULL, -- class: internal
    updated_at timestamptz NOT NULL -- class: internal
);

-- person_values: name, address and other values about a person
CREATE TABLE person_values (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    attribute text NOT NULL, -- class: internal
    value bytea NOT NULL, -- class: personal
    source text NOT NULL, -- class: internal
    checked_at timestamptz, -- class: internal
    changed_at timestamptz NOT NULL, -- class: internal
    UNIQUE (person_id, attribute)
);

-- login_names: user names and addresses share one table, so that none can equal another
CREATE TABLE login_names (
    key_id uuid NOT NULL REFERENCES index_keys ON DELETE CASCADE, -- class: internal
    digest bytea NOT NULL, -- class: internal
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    kind text NOT NULL, -- class: internal
    value bytea NOT NULL, -- class: personal
    confirmed_at timestamptz, -- class: internal
    created_at timestamptz NOT NULL, -- class: internal
    PRIMARY KEY (key_id, digest)
);
CREATE INDEX login_names_by_person_id ON login_names (person_id);

-- word_prefixes: keyed, shortened hashes of the beginnings of words, for staff search
CREATE TABLE word_prefixes (
    digest integer NOT NULL, -- class: internal
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    PRIMARY KEY (digest, person_id)
);
CREATE INDEX word_prefixes_by_person_id ON word_prefixes (person_id);

-- passwords: one sealed Argon2id hash a person
CREATE TABLE passwords (
    person_id uuid NOT NULL PRIMARY KEY REFERENCES persons ON DELETE CASCADE, -- class: internal
    hash bytea NOT NULL, -- class: secret
    failures integer NOT NULL, -- class: internal
    changed_at timestamptz NOT NULL -- class: internal
);

-- idle_tries: tries of passwords of accounts that nobody has; counting them must cost what counting the others costs
CREATE TABLE idle_tries (
    slot integer NOT NULL PRIMARY KEY, -- class: internal
    tries bigint NOT NULL -- class: internal
);

-- totps: authenticator apps
CREATE TABLE totps (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    name bytea NOT NULL, -- class: personal
    seed bytea NOT NULL, -- class: secret
    last_step bigint NOT NULL, -- class: internal
    failures integer NOT NULL, -- class: internal
    created_at timestamptz NOT NULL, -- class: internal
    last_used_at timestamptz -- class: internal
);
CREATE INDEX totps_by_person_id ON totps (person_id);

-- passkeys: WebAuthn credentials
CREATE TABLE passkeys (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    credential_id bytea NOT NULL UNIQUE, -- class: internal
    public_key bytea NOT NULL, -- class: internal
    algorithm integer NOT NULL, -- class: internal
    counter bigint NOT NULL, -- class: internal
    user_verified boolean NOT NULL, -- class: internal
    backup_eligible boolean NOT NULL, -- class: internal
    backup_state boolean NOT NULL, -- class: internal
    aaguid uuid NOT NULL, -- class: internal
    transports text NOT NULL, -- class: internal
    name bytea NOT NULL, -- class: personal
    version bigint NOT NULL, -- class: internal
    created_at timestamptz NOT NULL, -- class: internal
    last_used_at timestamptz -- class: internal
);
CREATE INDEX passkeys_by_person_id ON passkeys (person_id);

-- recovery_sets: a person's recovery codes, all made at one time, with the salt and the cost their hashes share
CREATE TABLE recovery_sets (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    person_id uuid NOT NULL UNIQUE REFERENCES persons ON DELETE CASCADE, -- class: internal
    salt bytea NOT NULL, -- class: internal
    memory_kib integer NOT NULL, -- class: internal
    passes integer NOT NULL, -- class: internal
    failures integer NOT NULL, -- class: internal
    made_at timestamptz NOT NULL -- class: internal
);

-- recovery_codes: each works once
CREATE TABLE recovery_codes (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    set_id uuid NOT NULL REFERENCES recovery_sets ON DELETE CASCADE, -- class: internal
    hash bytea NOT NULL, -- class: secret
    claimed_at timestamptz -- class: internal
);
CREATE INDEX recovery_codes_by_set_id ON recovery_codes (set_id);

-- known_devices: browsers that have signed a person in, with a budget of wrong tries of their own
CREATE TABLE known_devices (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    cookie_hash bytea NOT NULL, -- class: internal
    password_failures integer NOT NULL, -- class: internal
    totp_failures integer NOT NULL, -- class: internal
    recovery_failures integer NOT NULL, -- class: internal
    created_at timestamptz NOT NULL, -- class: internal
    last_used_at timestamptz NOT NULL, -- class: internal
    expires_at timestamptz NOT NULL, -- class: internal
    UNIQUE (person_id, cookie_hash)
);

-- sessions: signed-in browsers
CREATE TABLE sessions (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    cookie_hash bytea NOT NULL UNIQUE, -- class: internal
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    events jsonb NOT NULL, -- class: internal
    address bytea NOT NULL, -- class: personal
    user_agent bytea NOT NULL, -- class: personal
    created_at timestamptz NOT NULL, -- class: internal
    last_used_at timestamptz NOT NULL, -- class: internal
    expires_at timestamptz NOT NULL, -- class: internal
    rights_used_at timestamptz, -- class: internal
    ended_at timestamptz -- class: internal
);
CREATE INDEX sessions_by_person_id ON sessions (person_id);

-- tickets: one-use links for set-up, invitation and reset
CREATE TABLE tickets (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    kind text NOT NULL, -- class: internal
    hash bytea NOT NULL UNIQUE, -- class: internal
    person_id uuid REFERENCES persons ON DELETE CASCADE, -- class: internal
    made_by uuid, -- class: internal
    reason bytea, -- class: personal
    created_at timestamptz NOT NULL, -- class: internal
    expires_at timestamptz NOT NULL, -- class: internal
    used_at timestamptz, -- class: internal
    voided_at timestamptz, -- class: internal
    declined_at timestamptz -- class: internal
);

-- outbox: letters to send, written together with what they tell; browser: whose finished sign-in makes a letter void
CREATE TABLE outbox (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    kind text NOT NULL, -- class: internal
    body bytea, -- class: personal
    browser bytea, -- class: internal
    tries integer NOT NULL, -- class: internal
    next_try_at timestamptz NOT NULL, -- class: internal
    sent_at timestamptz, -- class: internal
    given_up_at timestamptz, -- class: internal
    created_at timestamptz NOT NULL -- class: internal
);
CREATE INDEX outbox_due ON outbox (next_try_at) WHERE sent_at IS NULL AND given_up_at IS NULL;
CREATE INDEX outbox_by_person_id ON outbox (person_id);

-- groups
CREATE TABLE groups (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    name text NOT NULL, -- class: internal
    name_as_read text NOT NULL UNIQUE, -- class: internal
    created_at timestamptz NOT NULL -- class: internal
);

-- memberships: who is in which group
CREATE TABLE memberships (
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE, -- class: internal
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    created_at timestamptz NOT NULL, -- class: internal
    PRIMARY KEY (group_id, person_id)
);
CREATE INDEX memberships_by_person_id ON memberships (person_id);

-- roles: what a person may do as an administrator, everywhere or for one group
CREATE TABLE roles (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    role text NOT NULL, -- class: internal
    group_id uuid REFERENCES groups ON DELETE CASCADE, -- class: internal
    granted_by uuid, -- class: internal
    created_at timestamptz NOT NULL -- class: internal
);
CREATE INDEX roles_by_person_id ON roles (person_id);

-- clients: applications
CREATE TABLE clients (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    client_id text NOT NULL UNIQUE, -- class: internal
    name text NOT NULL, -- class: internal
    run_by text NOT NULL, -- class: internal
    kind text NOT NULL, -- class: internal
    authentication text NOT NULL, -- class: internal
    native boolean NOT NULL, -- class: internal
    algorithm text NOT NULL, -- class: internal
    sector text NOT NULL, -- class: internal
    access text NOT NULL, -- class: internal
    scopes text NOT NULL, -- class: internal
    pkce_exempt_reason text, -- class: internal
    nonce_required boolean NOT NULL, -- class: internal
    nonce_exempt_reason text, -- class: internal
    consent_required boolean NOT NULL, -- class: internal
    demo boolean NOT NULL, -- class: internal
    disabled_at timestamptz, -- class: internal
    disabled_text text, -- class: internal
    created_at timestamptz NOT NULL -- class: internal
);

-- client_secrets: several at once, so that they can be exchanged without a pause
CREATE TABLE client_secrets (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE, -- class: internal
    hash bytea NOT NULL, -- class: internal
    created_at timestamptz NOT NULL, -- class: internal
    revoked_at timestamptz -- class: internal
);
CREATE INDEX client_secrets_by_client_id ON client_secrets (client_id);

-- client_addresses: where an application may be answered after sign-in or sign-out
CREATE TABLE client_addresses (
    client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE, -- class: internal
    purpose text NOT NULL, -- class: internal
    address text NOT NULL, -- class: internal
    PRIMARY KEY (client_id, purpose, address)
);

-- client_groups: the groups that may use an application
CREATE TABLE client_groups (
    client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE, -- class: internal
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE, -- class: internal
    PRIMARY KEY (client_id, group_id)
);

-- subjects: the number under which the applications of one sector know a person
CREATE TABLE subjects (
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    sector text NOT NULL, -- class: internal
    subject text NOT NULL UNIQUE, -- class: internal
    created_at timestamptz NOT NULL, -- class: internal
    PRIMARY KEY (person_id, sector)
);

-- consents: what a person agreed to give an application
CREATE TABLE consents (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE, -- class: internal
    scopes text NOT NULL, -- class: internal
    claims jsonb NOT NULL, -- class: internal
    given_at timestamptz NOT NULL, -- class: internal
    UNIQUE (person_id, client_id)
);

-- app_sessions: a session as one application knows it
CREATE TABLE app_sessions (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE, -- class: internal
    client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE, -- class: internal
    created_at timestamptz NOT NULL, -- class: internal
    UNIQUE (session_id, client_id)
);

-- grants: one act of giving an application access; codes and tokens belong to it
CREATE TABLE grants (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    person_id uuid NOT NULL REFERENCES persons ON DELETE CASCADE, -- class: internal
    client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE, -- class: internal
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE, -- class: internal
    app_session_id uuid NOT NULL REFERENCES app_sessions ON DELETE CASCADE, -- class: internal
    scopes text NOT NULL, -- class: internal
    claims jsonb NOT NULL, -- class: internal
    resources jsonb NOT NULL, -- class: internal
    key_thumbprint text, -- class: internal
    acr TEXT NOT NULL, -- class: internal
    events jsonb NOT NULL, -- class: internal
    created_at timestamptz NOT NULL, -- class: internal
    revoked_at timestamptz -- class: internal
);
CREATE INDEX grants_by_session_id ON grants (session_id);
CREATE INDEX grants_by_person_id ON grants (person_id);
CREATE INDEX grants_by_client_id ON grants (client_id);
CREATE INDEX grants_by_app_session_id ON grants (app_session_id);

-- codes: authorization codes
CREATE TABLE codes (
    hash bytea NOT NULL PRIMARY KEY, -- class: internal
    grant_id uuid NOT NULL REFERENCES grants ON DELETE CASCADE, -- class: internal
    redirect_uri text NOT NULL, -- class: internal
    code_challenge text, -- class: internal
    nonce text, -- class: internal
    created_at timestamptz NOT NULL, -- class: internal
    expires_at timestamptz NOT NULL, -- class: internal
    claimed_at timestamptz -- class: internal
);
CREATE INDEX codes_by_grant_id ON codes (grant_id);

-- access_tokens
CREATE TABLE access_tokens (
    hash bytea NOT NULL PRIMARY KEY, -- class: internal
    grant_id uuid NOT NULL REFERENCES grants ON DELETE CASCADE, -- class: internal
    scopes text NOT NULL, -- class: internal
    userinfo_count bigint NOT NULL, -- class: internal
    userinfo_entry_id uuid, -- class: internal
    created_at timestamptz NOT NULL, -- class: internal
    expires_at timestamptz NOT NULL -- class: internal
);
CREATE INDEX access_tokens_by_grant_id ON access_tokens (grant_id);

-- signing_keys: keys that sign tokens
CREATE TABLE signing_keys (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    kid text NOT NULL UNIQUE, -- class: internal
    algorithm text NOT NULL, -- class: internal
    state text NOT NULL, -- class: internal
    public_jwk jsonb NOT NULL, -- class: internal
    private_key bytea NOT NULL, -- class: secret
    created_at timestamptz NOT NULL -- class: internal
);
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (algorithm) WHERE state = 'current';

-- entries: the audit log and the ledger; rows are only ever added
CREATE TABLE entries (
    id uuid NOT NULL PRIMARY KEY, -- class: internal
    book text NOT NULL, -- class: internal
    kind text NOT NULL, -- class: internal
    at timestamptz NOT NULL, -- class: internal
    actor_kind text NOT NULL, -- class: internal
    actor_id uuid, -- class: internal
    subject_id uuid, -- class: internal
    client_id uuid, -- class: internal
    body bytea NOT NULL, -- class: personal
    leaf_hash bytea NOT NULL -- class: internal
);
CREATE INDEX entries_by_subject_id_book_id ON entries (subject_id, book, id);
CREATE INDEX entries_by_book_id ON entries (book, id);
CREATE INDEX entries_by_client_id_book_id ON entries (client_id, book, id);

-- entry_parts: what an entry says about one person, sealed under that person's key
CREATE TABLE entry_parts (
    entry_id uuid NOT NULL REFERENCES entries ON DELETE CASCADE, -- class: internal
    person_id uuid, -- class: internal
    place integer NOT NULL, -- class: internal
    body bytea NOT NULL, -- class: personal
    hash bytea NOT NULL, -- class: internal
    PRIMARY KEY (entry_id, place)
);
