//! Rows of `grants`, `codes`, `access_tokens` and `app_sessions`.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::{ChosenClaims, CodeTerms, NewGrant, Since, no_resources};
use crate::each;
use crate::kernel::claim::ClaimRules;
use crate::kernel::ids::{AppSessionId, ClientId, EntryId, GrantId, PersonId, SessionId};
use crate::kernel::proof::AuthEvent;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::schema::{
    access_tokens, app_sessions, client_groups, clients, codes, consents, grants, memberships, persons, sessions, subjects,
};
use crate::platform::db::{Json, Work, prepared_update};

/// A code that has just been claimed, with its grant.
#[derive(Clone, Debug)]
pub struct CodeRow {
    /// The grant.
    pub grant: GrantId,
    /// Whose data.
    pub person: PersonId,
    /// To which application it was given (OA-27).
    pub client: ClientId,
    /// In which session.
    pub session: SessionId,
    /// The session as the application knows it.
    pub sid: AppSessionId,
    /// The person as the application knows them, once it does.
    pub subject: Option<String>,
    /// The scopes.
    pub scopes: Vec<String>,
    /// The claims chosen.
    pub claims: ChosenClaims,
    /// How sure the application is told the sign-in is.
    pub acr: String,
    /// The proofs.
    pub events: Vec<AuthEvent>,
    /// Where the answer went.
    pub redirect_uri: String,
    /// The PKCE challenge.
    pub code_challenge: Option<String>,
    /// The nonce.
    pub nonce: Option<String>,
    /// Whether the grant still holds: not revoked, session open by the limits of this moment (SE-12), person active,
    /// application on and open to them.
    pub live: bool,
}

/// A live access token with its grant.
#[derive(Clone, Debug)]
pub struct LiveAccessToken {
    /// The grant.
    pub grant: GrantId,
    /// Whose data.
    pub person: PersonId,
    /// To which application.
    pub client: ClientId,
    /// The person as the application knows them.
    pub subject: Option<String>,
    /// The scopes.
    pub scopes: Vec<String>,
    /// The claims chosen.
    pub claims: ChosenClaims,
    /// The ledger entry that stands for its uses, once there was one.
    pub entry: Option<EntryId>,
}

pub(super) fn insert_grant(w: &mut Work<'_>, id: GrantId, new: &NewGrant, sid: AppSessionId) -> Result<(), Fault> {
    let row = (
        grants::id.eq(id),
        grants::person_id.eq(new.person),
        grants::client_id.eq(new.client),
        grants::session_id.eq(new.session),
        grants::app_session_id.eq(sid),
        grants::scopes.eq(new.scopes.join(" ")),
        grants::claims.eq(Json(new.claims.clone())),
        grants::resources.eq(Json(no_resources())),
        grants::acr.eq(new.acr.as_str()),
        grants::events.eq(Json(new.events.clone())),
        grants::created_at.eq(w.now),
    );
    each!(w.conn, c => diesel::insert_into(grants::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn insert_code(w: &mut Work<'_>, hash: &[u8; 32], grant: GrantId, terms: &CodeTerms) -> Result<(), Fault> {
    let row = (
        codes::hash.eq(hash.as_slice()),
        codes::grant_id.eq(grant),
        codes::redirect_uri.eq(&terms.redirect_uri),
        codes::code_challenge.eq(&terms.code_challenge),
        codes::nonce.eq(&terms.nonce),
        codes::created_at.eq(w.now),
        codes::expires_at.eq(w.now.plus(terms.lifetime)),
    );
    each!(w.conn, c => diesel::insert_into(codes::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn claim_code(w: &mut Work<'_>, hash: &[u8; 32]) -> Result<bool, Fault> {
    let now = w.now;
    let open = codes::table.filter(codes::hash.eq(hash.as_slice())).filter(codes::claimed_at.is_null().and(codes::expires_at.gt(now)));
    let changed = each!(w.conn, c => prepared_update(open, codes::claimed_at.eq(now)).execute(c))?;
    Ok(changed == 1)
}

pub(super) fn find_code(w: &mut Work<'_>, hash: &[u8; 32]) -> Result<Option<(GrantId, Option<Timestamp>)>, Fault> {
    Ok(each!(w.conn, c => codes::table
        .filter(codes::hash.eq(hash.as_slice()))
        .select((codes::grant_id, codes::claimed_at))
        .get_result(c)
        .optional())?)
}

/// The number under which the application of a grant knows its person.
#[diesel::dsl::auto_type]
fn its_subject() -> _ {
    subjects::person_id.eq(grants::person_id).and(subjects::sector.eq(clients::sector))
}

/// The application is open to the person of the grant: to everyone, or to a group they are in.
#[diesel::dsl::auto_type]
fn may_use() -> _ {
    let shared = client_groups::table
        .inner_join(memberships::table.on(memberships::group_id.eq(client_groups::group_id)))
        .filter(client_groups::client_id.eq(clients::id))
        .filter(memberships::person_id.eq(grants::person_id));
    clients::access.eq("everyone").or(exists(shared))
}

type CodeColumns = (
    (GrantId, PersonId, ClientId, SessionId, AppSessionId),
    (String, Json<ChosenClaims>, String, Json<Vec<AuthEvent>>),
    (String, Option<String>, Option<String>),
    bool,
    (Json<ClaimRules>, Option<Json<Vec<String>>>, Option<String>),
);

pub(super) fn load_code(w: &mut Work<'_>, hash: &[u8; 32], since: Since) -> Result<CodeRow, Fault> {
    let now = w.now;
    let (
        (grant, person, client, session, sid),
        (scopes, claims, acr, events),
        (redirect_uri, code_challenge, nonce),
        live,
        (rules, decided, subject),
    ): CodeColumns = each!(w.conn, c => codes::table
        .inner_join(grants::table.inner_join(sessions::table))
        .inner_join(persons::table.on(persons::id.eq(grants::person_id)))
        .inner_join(clients::table.on(clients::id.eq(grants::client_id)))
        .left_join(consents::table.on(consents::person_id.eq(grants::person_id).and(consents::client_id.eq(grants::client_id))))
        .left_join(subjects::table.on(its_subject()))
        .filter(codes::hash.eq(hash.as_slice()))
        .select((
            (grants::id, grants::person_id, grants::client_id, grants::session_id, grants::app_session_id),
            (grants::scopes, grants::claims, grants::acr, grants::events),
            (codes::redirect_uri, codes::code_challenge, codes::nonce),
            grants::revoked_at.is_null()
                .and(sessions::ended_at.is_null().and(sessions::expires_at.gt(now)))
                .and(sessions::created_at.gt(since.opened).and(sessions::last_used_at.gt(since.used)))
                .and(persons::state.eq("active").and(clients::disabled_at.is_null()))
                .and(may_use()),
            (clients::claim_rules, consents::claims.nullable(), subjects::subject.nullable()),
        ))
        .get_result(c))?;
    // The decision behind the grant stands: a person who withdraws it ends everything given under it (OA-112).
    let (live, decided) = (live && decided.is_some(), decided.map(|claims| claims.0).unwrap_or_default());
    Ok(CodeRow {
        grant,
        person,
        client,
        session,
        sid,
        subject,
        scopes: words(&scopes),
        claims: claims.0.within(&decided, rules.0),
        acr,
        events: events.0,
        redirect_uri,
        code_challenge,
        nonce,
        live,
    })
}

pub(super) fn insert_access_token(
    w: &mut Work<'_>,
    hash: &[u8; 32],
    grant: GrantId,
    scopes: &[String],
    expires_at: Timestamp,
) -> Result<(), Fault> {
    let row = (
        access_tokens::hash.eq(hash.as_slice()),
        access_tokens::grant_id.eq(grant),
        access_tokens::scopes.eq(scopes.join(" ")),
        access_tokens::userinfo_count.eq(0),
        access_tokens::created_at.eq(w.now),
        access_tokens::expires_at.eq(expires_at),
    );
    each!(w.conn, c => diesel::insert_into(access_tokens::table).values(row).execute(c))?;
    Ok(())
}

type AccessColumns =
    ((GrantId, PersonId, ClientId, String, Json<ChosenClaims>, Option<EntryId>), (Json<ClaimRules>, Json<Vec<String>>, Option<String>));

pub(super) fn find_access(w: &mut Work<'_>, hash: &[u8; 32], since: Since) -> Result<Option<LiveAccessToken>, Fault> {
    let now = w.now;
    let row: Option<AccessColumns> = each!(w.conn, c => access_tokens::table
        .inner_join(grants::table.inner_join(sessions::table))
        .inner_join(persons::table.on(persons::id.eq(grants::person_id)))
        .inner_join(clients::table.on(clients::id.eq(grants::client_id)))
        .inner_join(consents::table.on(consents::person_id.eq(grants::person_id).and(consents::client_id.eq(grants::client_id))))
        .left_join(subjects::table.on(its_subject()))
        .filter(access_tokens::hash.eq(hash.as_slice()).and(access_tokens::expires_at.gt(now)))
        .filter(grants::revoked_at.is_null())
        .filter(sessions::ended_at.is_null().and(sessions::expires_at.gt(now)))
        .filter(sessions::created_at.gt(since.opened).and(sessions::last_used_at.gt(since.used)))
        .filter(persons::state.eq("active").and(clients::disabled_at.is_null()))
        .filter(may_use())
        .select((
            (grants::id, grants::person_id, grants::client_id, access_tokens::scopes, grants::claims, access_tokens::userinfo_entry_id),
            (clients::claim_rules, consents::claims, subjects::subject.nullable()),
        ))
        .get_result(c)
        .optional())?;
    Ok(row.map(|((grant, person, client, scopes, claims, entry), (rules, decided, subject))| LiveAccessToken {
        grant,
        person,
        client,
        scopes: words(&scopes),
        claims: claims.0.within(&decided.0, rules.0),
        subject,
        entry,
    }))
}

pub(super) fn claim_first_userinfo(w: &mut Work<'_>, hash: &[u8; 32], entry: EntryId) -> Result<bool, Fault> {
    let first = access_tokens::table.filter(access_tokens::hash.eq(hash.as_slice()).and(access_tokens::userinfo_count.eq(0)));
    let set = (access_tokens::userinfo_count.eq(1), access_tokens::userinfo_entry_id.eq(entry));
    let changed = each!(w.conn, c => prepared_update(first, set).execute(c))?;
    Ok(changed == 1)
}

pub(super) fn find_userinfo_entry(w: &mut Work<'_>, hash: &[u8; 32]) -> Result<Option<EntryId>, Fault> {
    let found: Option<Option<EntryId>> = each!(w.conn, c => access_tokens::table
        .filter(access_tokens::hash.eq(hash.as_slice()))
        .select(access_tokens::userinfo_entry_id)
        .get_result(c)
        .optional())?;
    Ok(found.flatten())
}

/// Revokes a grant with its codes and tokens.
pub fn revoke(w: &mut Work<'_>, grant: GrantId) -> Result<(), Fault> {
    let now = w.now;
    each!(w.conn, c => diesel::update(grants::table.find(grant).filter(grants::revoked_at.is_null()))
        .set(grants::revoked_at.eq(now))
        .execute(c))?;
    Ok(())
}

/// Revokes all grants of a session.
pub fn revoke_for_session(w: &mut Work<'_>, session: SessionId) -> Result<(), Fault> {
    let now = w.now;
    each!(w.conn, c => diesel::update(grants::table
        .filter(grants::session_id.eq(session).and(grants::revoked_at.is_null())))
        .set(grants::revoked_at.eq(now))
        .execute(c))?;
    Ok(())
}

/// Revokes all grants of a person.
pub fn revoke_for_person(w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
    let now = w.now;
    each!(w.conn, c => diesel::update(grants::table
        .filter(grants::person_id.eq(person).and(grants::revoked_at.is_null())))
        .set(grants::revoked_at.eq(now))
        .execute(c))?;
    Ok(())
}

/// Revokes all grants of a person to an application; says how many held.
pub fn revoke_for_person_and_client(w: &mut Work<'_>, person: PersonId, client: ClientId) -> Result<usize, Fault> {
    let now = w.now;
    Ok(each!(w.conn, c => diesel::update(grants::table
        .filter(grants::person_id.eq(person).and(grants::client_id.eq(client)).and(grants::revoked_at.is_null())))
        .set(grants::revoked_at.eq(now))
        .execute(c))?)
}

/// Revokes all grants to an application; says how many held.
pub fn revoke_for_client(w: &mut Work<'_>, client: ClientId) -> Result<usize, Fault> {
    let now = w.now;
    Ok(each!(w.conn, c => diesel::update(grants::table
        .filter(grants::client_id.eq(client).and(grants::revoked_at.is_null())))
        .set(grants::revoked_at.eq(now))
        .execute(c))?)
}

/// How many grants to an application hold, as far as their sessions say.
pub fn count_open(w: &mut Work<'_>, client: ClientId) -> Result<i64, Fault> {
    let now = w.now;
    Ok(each!(w.conn, c => grants::table
        .inner_join(sessions::table)
        .filter(grants::client_id.eq(client).and(grants::revoked_at.is_null()))
        .filter(sessions::ended_at.is_null().and(sessions::expires_at.gt(now)))
        .count()
        .get_result(c))?)
}

pub(super) fn insert_app_session(w: &mut Work<'_>, id: AppSessionId, session: SessionId, client: ClientId) -> Result<(), Fault> {
    let row = (
        app_sessions::id.eq(id),
        app_sessions::session_id.eq(session),
        app_sessions::client_id.eq(client),
        app_sessions::created_at.eq(w.now),
    );
    each!(w.conn, c => diesel::insert_into(app_sessions::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub(super) fn find_app_session(w: &mut Work<'_>, session: SessionId, client: ClientId) -> Result<Option<AppSessionId>, Fault> {
    Ok(each!(w.conn, c => app_sessions::table
        .filter(app_sessions::session_id.eq(session).and(app_sessions::client_id.eq(client)))
        .select(app_sessions::id)
        .get_result(c)
        .optional())?)
}

pub(super) fn find_session_of(w: &mut Work<'_>, sid: AppSessionId, client: ClientId) -> Result<Option<SessionId>, Fault> {
    Ok(each!(w.conn, c => app_sessions::table
        .filter(app_sessions::id.eq(sid).and(app_sessions::client_id.eq(client)))
        .select(app_sessions::session_id)
        .get_result(c)
        .optional())?)
}

/// Deletes at most `most` grants whose session was over before `before`, with their codes and tokens; says how many. That
/// must be longer ago than any token lives, so that presenting such a code again would have nothing left to revoke (OA-26).
pub fn sweep(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    let ids: Vec<GrantId> = each!(w.conn, c => grants::table
        .inner_join(sessions::table)
        .filter(sessions::ended_at.lt(before).or(sessions::expires_at.lt(before)))
        .select(grants::id)
        .limit(most)
        .load(c))?;
    Ok(each!(w.conn, c => diesel::delete(grants::table.filter(grants::id.eq_any(&ids))).execute(c))?)
}

/// Deletes at most `most` codes that ended before `before` and that nobody presented; says how many. A claimed code stays
/// as long as its grant, so that a second presentation always revokes (OA-26).
pub fn sweep_codes(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    let hashes: Vec<Vec<u8>> = each!(w.conn, c => codes::table
        .filter(codes::claimed_at.is_null().and(codes::expires_at.lt(before)))
        .select(codes::hash)
        .limit(most)
        .load(c))?;
    Ok(each!(w.conn, c => diesel::delete(codes::table.filter(codes::hash.eq_any(&hashes))).execute(c))?)
}

/// Deletes at most `most` access tokens that ended before `before`; says how many.
pub fn sweep_access_tokens(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    let hashes: Vec<Vec<u8>> = each!(w.conn, c => access_tokens::table
        .filter(access_tokens::expires_at.lt(before))
        .select(access_tokens::hash)
        .limit(most)
        .load(c))?;
    Ok(each!(w.conn, c => diesel::delete(access_tokens::table.filter(access_tokens::hash.eq_any(&hashes))).execute(c))?)
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}
