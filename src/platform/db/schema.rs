//! The tables as Diesel sees them: one set for both databases. `migrations/` is where they are made.

#![expect(missing_docs, reason = "columns are described where they are made, in migrations")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    service (id) {
        id -> Integer,
        master_key_id -> DbUuid,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    settings (name) {
        name -> Text,
        value -> DbJson,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    data_keys (id) {
        id -> DbUuid,
        owner -> Text,
        sealed -> Binary,
        master_key_id -> DbUuid,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    index_keys (id) {
        id -> DbUuid,
        sealed -> Binary,
        state -> Text,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    persons (id) {
        id -> DbUuid,
        state -> Text,
        handle -> Binary,
        language -> Nullable<Text>,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    person_values (id) {
        id -> DbUuid,
        person_id -> DbUuid,
        attribute -> Text,
        value -> Binary,
        source -> Text,
        checked_at -> Nullable<DbTime>,
        changed_at -> DbTime,
        vouch -> Nullable<Binary>,
        vouched_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    login_names (key_id, digest) {
        key_id -> DbUuid,
        digest -> Binary,
        person_id -> DbUuid,
        kind -> Text,
        value -> Binary,
        confirmed_at -> Nullable<DbTime>,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    word_prefixes (digest, person_id) {
        digest -> Integer,
        person_id -> DbUuid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    passwords (person_id) {
        person_id -> DbUuid,
        hash -> Binary,
        failures -> Integer,
        changed_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    idle_tries (slot) {
        slot -> Integer,
        tries -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::DbUuid;

    totp_steps (totp_id, step) {
        totp_id -> DbUuid,
        step -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    totps (id) {
        id -> DbUuid,
        person_id -> DbUuid,
        name -> Binary,
        seed -> Binary,
        last_step -> BigInt,
        failures -> Integer,
        created_at -> DbTime,
        last_used_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    passkeys (id) {
        id -> DbUuid,
        person_id -> DbUuid,
        credential_id -> Binary,
        public_key -> Binary,
        algorithm -> Integer,
        counter -> BigInt,
        user_verified -> Bool,
        backup_eligible -> Bool,
        backup_state -> Bool,
        aaguid -> DbUuid,
        transports -> Text,
        name -> Binary,
        version -> BigInt,
        created_at -> DbTime,
        last_used_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    recovery_sets (id) {
        id -> DbUuid,
        person_id -> DbUuid,
        salt -> Binary,
        memory_kib -> Integer,
        passes -> Integer,
        failures -> Integer,
        made_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    recovery_codes (id) {
        id -> DbUuid,
        set_id -> DbUuid,
        hash -> Binary,
        claimed_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    known_devices (id) {
        id -> DbUuid,
        person_id -> DbUuid,
        cookie_hash -> Binary,
        password_failures -> Integer,
        totp_failures -> Integer,
        recovery_failures -> Integer,
        created_at -> DbTime,
        last_used_at -> DbTime,
        expires_at -> DbTime,
        previous_hash -> Nullable<Binary>,
        previous_until -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    sessions (id) {
        id -> DbUuid,
        cookie_hash -> Binary,
        person_id -> DbUuid,
        events -> DbJson,
        address -> Binary,
        user_agent -> Binary,
        created_at -> DbTime,
        last_used_at -> DbTime,
        expires_at -> DbTime,
        rights_used_at -> Nullable<DbTime>,
        ended_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    tickets (id) {
        id -> DbUuid,
        kind -> Text,
        hash -> Binary,
        person_id -> Nullable<DbUuid>,
        made_by -> Nullable<DbUuid>,
        reason -> Nullable<Binary>,
        created_at -> DbTime,
        expires_at -> DbTime,
        used_at -> Nullable<DbTime>,
        voided_at -> Nullable<DbTime>,
        declined_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    outbox (id) {
        id -> DbUuid,
        person_id -> DbUuid,
        kind -> Text,
        body -> Nullable<Binary>,
        browser -> Nullable<Binary>,
        tries -> Integer,
        next_try_at -> DbTime,
        sent_at -> Nullable<DbTime>,
        given_up_at -> Nullable<DbTime>,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    groups (id) {
        id -> DbUuid,
        name -> Text,
        name_as_read -> Text,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    memberships (group_id, person_id) {
        group_id -> DbUuid,
        person_id -> DbUuid,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    roles (id) {
        id -> DbUuid,
        person_id -> DbUuid,
        role -> Text,
        group_id -> Nullable<DbUuid>,
        granted_by -> Nullable<DbUuid>,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    clients (id) {
        id -> DbUuid,
        client_id -> Text,
        name -> Text,
        run_by -> Text,
        kind -> Text,
        authentication -> Text,
        authentication_pinned -> Bool,
        native -> Bool,
        algorithm -> Text,
        sector -> Text,
        access -> Text,
        scopes -> Text,
        private_http_reason -> Nullable<Text>,
        undotted_scheme_reason -> Nullable<Text>,
        hardened -> Bool,
        pkce_used_at -> Nullable<DbTime>,
        shown_changed_at -> Nullable<DbTime>,
        demo -> Bool,
        disabled_at -> Nullable<DbTime>,
        disabled_text -> Nullable<Text>,
        created_at -> DbTime,
        claim_delivery -> Text,
        claim_rules -> DbJson,
        own_reason -> Nullable<Text>,
        own_decided_by -> Nullable<DbUuid>,
        own_decided_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    client_secrets (id) {
        id -> DbUuid,
        client_id -> DbUuid,
        hash -> Binary,
        created_at -> DbTime,
        revoked_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    client_addresses (client_id, purpose, address) {
        client_id -> DbUuid,
        purpose -> Text,
        address -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    client_groups (client_id, group_id) {
        client_id -> DbUuid,
        group_id -> DbUuid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    subjects (person_id, sector) {
        person_id -> DbUuid,
        sector -> Text,
        subject -> Text,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    consents (id) {
        id -> DbUuid,
        person_id -> DbUuid,
        client_id -> DbUuid,
        scopes -> Text,
        claims -> DbJson,
        given_at -> DbTime,
        shown -> Nullable<DbJson>,
        told_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    app_sessions (id) {
        id -> DbUuid,
        session_id -> DbUuid,
        client_id -> DbUuid,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    grants (id) {
        id -> DbUuid,
        person_id -> DbUuid,
        client_id -> DbUuid,
        session_id -> DbUuid,
        app_session_id -> DbUuid,
        scopes -> Text,
        claims -> DbJson,
        resources -> DbJson,
        key_thumbprint -> Nullable<Text>,
        acr -> Text,
        events -> DbJson,
        created_at -> DbTime,
        revoked_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    codes (hash) {
        hash -> Binary,
        grant_id -> DbUuid,
        redirect_uri -> Text,
        code_challenge -> Nullable<Text>,
        nonce -> Nullable<Text>,
        created_at -> DbTime,
        expires_at -> DbTime,
        claimed_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    access_tokens (hash) {
        hash -> Binary,
        grant_id -> DbUuid,
        scopes -> Text,
        userinfo_count -> BigInt,
        userinfo_entry_id -> Nullable<DbUuid>,
        created_at -> DbTime,
        expires_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    signing_keys (id) {
        id -> DbUuid,
        kid -> Text,
        algorithm -> Text,
        state -> Text,
        public_jwk -> DbJson,
        private_key -> Binary,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    entries (id) {
        id -> DbUuid,
        book -> Text,
        kind -> Text,
        at -> DbTime,
        actor_kind -> Text,
        actor_id -> Nullable<DbUuid>,
        subject_id -> Nullable<DbUuid>,
        client_id -> Nullable<DbUuid>,
        body -> Binary,
        leaf_hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{DbJson, DbTime, DbUuid};
    entry_parts (entry_id, place) {
        entry_id -> DbUuid,
        person_id -> Nullable<DbUuid>,
        place -> Integer,
        body -> Binary,
        hash -> Binary,
    }
}

diesel::joinable!(person_values -> persons (person_id));
diesel::joinable!(login_names -> index_keys (key_id));
diesel::joinable!(login_names -> persons (person_id));
diesel::joinable!(word_prefixes -> persons (person_id));
diesel::joinable!(passwords -> persons (person_id));
diesel::joinable!(totps -> persons (person_id));
diesel::joinable!(passkeys -> persons (person_id));
diesel::joinable!(recovery_sets -> persons (person_id));
diesel::joinable!(recovery_codes -> recovery_sets (set_id));
diesel::joinable!(known_devices -> persons (person_id));
diesel::joinable!(sessions -> persons (person_id));
diesel::joinable!(tickets -> persons (person_id));
diesel::joinable!(outbox -> persons (person_id));
diesel::joinable!(memberships -> groups (group_id));
diesel::joinable!(memberships -> persons (person_id));
diesel::joinable!(roles -> persons (person_id));
diesel::joinable!(roles -> groups (group_id));
diesel::joinable!(client_secrets -> clients (client_id));
diesel::joinable!(client_addresses -> clients (client_id));
diesel::joinable!(client_groups -> clients (client_id));
diesel::joinable!(client_groups -> groups (group_id));
diesel::joinable!(subjects -> persons (person_id));
diesel::joinable!(consents -> persons (person_id));
diesel::joinable!(consents -> clients (client_id));
diesel::joinable!(app_sessions -> sessions (session_id));
diesel::joinable!(app_sessions -> clients (client_id));
diesel::joinable!(grants -> persons (person_id));
diesel::joinable!(grants -> clients (client_id));
diesel::joinable!(grants -> sessions (session_id));
diesel::joinable!(grants -> app_sessions (app_session_id));
diesel::joinable!(codes -> grants (grant_id));
diesel::joinable!(access_tokens -> grants (grant_id));
diesel::joinable!(entry_parts -> entries (entry_id));
diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::DbUuid;
    entry_counts (about_id, kind, hour) {
        about -> Text,
        about_id -> DbUuid,
        kind -> Text,
        hour -> BigInt,
        entries -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    service,
    settings,
    data_keys,
    index_keys,
    persons,
    person_values,
    login_names,
    word_prefixes,
    passwords,
    idle_tries,
    totps,
    passkeys,
    recovery_sets,
    recovery_codes,
    known_devices,
    sessions,
    tickets,
    outbox,
    groups,
    memberships,
    roles,
    clients,
    client_secrets,
    client_addresses,
    client_groups,
    subjects,
    consents,
    app_sessions,
    grants,
    codes,
    access_tokens,
    signing_keys,
    entries,
    entry_parts,
    entry_counts
);
