//! Rows of `clients`, `client_secrets`, `client_addresses`, `client_groups` and `subjects`.

use diesel::prelude::*;

use super::{Access, AddressPurpose, AddressReasons, ClaimDelivery, Client, ClientAuth, ClientKind, NewClient, OpenSecret, Own};
use crate::each;
use crate::kernel::address::{AddressExemption, RedirectUri};
use crate::kernel::claim::ClaimRules;
use crate::kernel::ids::{ClientId, GroupId, PersonId, SecretId};
use crate::kernel::text::Reason;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::jws::Algorithm;
use crate::platform::db::schema::{client_addresses, client_groups, client_secrets, clients, subjects};
use crate::platform::db::{Json, Work};

#[derive(Queryable, Selectable)]
#[diesel(table_name = clients)]
struct ClientRow {
    id: ClientId,
    client_id: String,
    name: String,
    run_by: String,
    kind: ClientKind,
    authentication: ClientAuth,
    authentication_pinned: bool,
    native: bool,
    algorithm: String,
    sector: String,
    access: String,
    scopes: String,
    hardened: bool,
    pkce_used_at: Option<Timestamp>,
    private_http_reason: Option<String>,
    undotted_scheme_reason: Option<String>,
    demo: bool,
    disabled_at: Option<Timestamp>,
    disabled_text: Option<String>,
    created_at: Timestamp,
    claim_delivery: ClaimDelivery,
    claim_rules: Json<ClaimRules>,
    own_reason: Option<String>,
    own_decided_by: Option<PersonId>,
    own_decided_at: Option<Timestamp>,
}

type WithAddress = (ClientRow, Option<(AddressPurpose, String)>);

/// An application of its rows, one for each address.
fn complete(w: &mut Work<'_>, rows: Vec<WithAddress>) -> Result<Option<Client>, Fault> {
    let (mut row, mut addresses) = (None, Vec::new());
    for (client, address) in rows {
        row.get_or_insert(client);
        addresses.extend(address);
    }
    let Some(row) = row else { return Ok(None) };
    let uris = |purpose: AddressPurpose| {
        addresses
            .iter()
            .filter(|(stored, _)| *stored == purpose)
            .map(|(_, text)| {
                RedirectUri::parse_exempt(text, &AddressExemption::ALL).map_err(|_| Fault::corrupt("client_addresses", "address", row.id))
            })
            .collect::<Result<Vec<_>, _>>()
    };
    let access = match row.access.as_str() {
        "everyone" => Access::Everyone,
        "groups" => Access::Groups(each!(w.conn, c => client_groups::table
            .filter(client_groups::client_id.eq(row.id))
            .select(client_groups::group_id)
            .load::<GroupId>(c))?),
        _ => return Err(Fault::corrupt("clients", "access", row.id)),
    };
    Ok(Some(Client {
        algorithm: Algorithm::parse(&row.algorithm).ok_or_else(|| Fault::corrupt("clients", "algorithm", row.id))?,
        redirect_uris: uris(AddressPurpose::Redirect)?,
        post_logout_redirect_uris: uris(AddressPurpose::PostLogout)?,
        address_reasons: AddressReasons { private_http: row.private_http_reason, undotted_scheme: row.undotted_scheme_reason },
        access,
        scopes: row.scopes.split_whitespace().map(str::to_owned).collect(),
        hardened: row.hardened,
        pkce_used_at: row.pkce_used_at,
        id: row.id,
        client_id: row.client_id,
        name: row.name,
        run_by: row.run_by,
        kind: row.kind,
        auth: if row.authentication_pinned || row.authentication == ClientAuth::None {
            row.authentication
        } else {
            ClientAuth::SecretEither
        },
        native: row.native,
        claim_delivery: row.claim_delivery,
        claim_rules: row.claim_rules.0,
        own: row.own_reason.zip(row.own_decided_at).map(|(reason, at)| Own { reason, by: row.own_decided_by, at }),
        sector: row.sector,
        demo: row.demo,
        disabled: row.disabled_at.is_some(),
        disabled_text: row.disabled_text,
        created_at: row.created_at,
    }))
}

pub(super) fn find(w: &mut Work<'_>, client_id: &str) -> Result<Option<Client>, Fault> {
    let rows: Vec<WithAddress> = each!(w.conn, c => clients::table
        .left_join(client_addresses::table)
        .filter(clients::client_id.eq(client_id))
        .select((ClientRow::as_select(), (client_addresses::purpose, client_addresses::address).nullable()))
        .load(c))?;
    complete(w, rows)
}

/// An application by its row, if it is still there.
pub fn find_by_id(w: &mut Work<'_>, id: ClientId) -> Result<Option<Client>, Fault> {
    let rows: Vec<WithAddress> = each!(w.conn, c => clients::table
        .left_join(client_addresses::table)
        .filter(clients::id.eq(id))
        .select((ClientRow::as_select(), (client_addresses::purpose, client_addresses::address).nullable()))
        .load(c))?;
    complete(w, rows)
}

/// All applications, oldest first.
pub fn list(w: &mut Work<'_>) -> Result<Vec<Client>, Fault> {
    let rows: Vec<WithAddress> = each!(w.conn, c => clients::table
        .left_join(client_addresses::table)
        .order(clients::id.asc())
        .select((ClientRow::as_select(), (client_addresses::purpose, client_addresses::address).nullable()))
        .load(c))?;
    let mut found = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while let Some(first) = rows.next() {
        let id = first.0.id;
        let mut of_one = vec![first];
        while let Some(next) = rows.next_if(|(row, _)| row.id == id) {
            of_one.push(next);
        }
        found.extend(complete(w, of_one)?);
    }
    Ok(found)
}

pub(super) fn list_names(w: &mut Work<'_>) -> Result<Vec<(ClientId, String)>, Fault> {
    Ok(each!(w.conn, c => clients::table.select((clients::id, clients::name)).load(c))?)
}

pub(super) fn list_groups(w: &mut Work<'_>) -> Result<Vec<(GroupId, String)>, Fault> {
    Ok(each!(w.conn, c => client_groups::table
        .inner_join(clients::table)
        .filter(clients::access.eq("groups"))
        .order(clients::name.asc())
        .select((client_groups::group_id, clients::name))
        .load(c))?)
}

/// An update that changes nothing is a lock both databases know.
pub(super) fn hold(w: &mut Work<'_>, id: ClientId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::update(clients::table.find(id)).set(clients::id.eq(id)).execute(c))?;
    Ok(())
}

pub(super) fn insert(w: &mut Work<'_>, id: ClientId, client_id: &str, new: &NewClient) -> Result<(), Fault> {
    let (access, _) = columns(&new.access);
    // The sector is fixed here for good. Each application is one of its own, also when several share a host.
    let sector = id.to_string();
    let row = (
        clients::id.eq(id),
        clients::client_id.eq(client_id),
        clients::name.eq(new.name.as_str()),
        clients::run_by.eq(&new.run_by),
        clients::kind.eq(new.kind),
        clients::authentication.eq(stored(new.auth).0),
        clients::authentication_pinned.eq(stored(new.auth).1),
        clients::native.eq(new.native),
        clients::algorithm.eq(new.algorithm.as_str()),
        clients::claim_delivery.eq(new.claim_delivery),
        clients::claim_rules.eq(Json(new.claim_rules)),
        clients::sector.eq(sector),
        clients::access.eq(access),
        clients::scopes.eq(new.scopes.join(" ")),
        clients::hardened.eq(new.hardened),
        clients::private_http_reason.eq(&new.address_reasons.private_http),
        clients::undotted_scheme_reason.eq(&new.address_reasons.undotted_scheme),
        clients::demo.eq(new.demo),
        clients::created_at.eq(w.now),
    );
    each!(w.conn, c => diesel::insert_into(clients::table).values(row).execute(c))?;
    replace_groups(w, id, &new.access)
}

pub(super) fn update(w: &mut Work<'_>, id: ClientId, new: &NewClient) -> Result<(), Fault> {
    let set = (
        clients::name.eq(new.name.as_str()),
        clients::run_by.eq(&new.run_by),
        clients::authentication.eq(stored(new.auth).0),
        clients::authentication_pinned.eq(stored(new.auth).1),
        clients::algorithm.eq(new.algorithm.as_str()),
        clients::claim_delivery.eq(new.claim_delivery),
        clients::claim_rules.eq(Json(new.claim_rules)),
        clients::access.eq(columns(&new.access).0),
        clients::hardened.eq(new.hardened),
        clients::private_http_reason.eq(&new.address_reasons.private_http),
        clients::undotted_scheme_reason.eq(&new.address_reasons.undotted_scheme),
    );
    each!(w.conn, c => diesel::update(clients::table.find(id)).set(set).execute(c))?;
    replace_groups(w, id, &new.access)
}

/// The method, and whether it is the only one. The version before reads the first column alone.
fn stored(auth: ClientAuth) -> (ClientAuth, bool) {
    if auth == ClientAuth::SecretEither { (ClientAuth::SecretBasic, false) } else { (auth, true) }
}

/// The word of the column, and the rows beside it.
fn columns(access: &Access) -> (&'static str, &[GroupId]) {
    match access {
        Access::Everyone => ("everyone", &[]),
        Access::Groups(groups) => ("groups", groups),
    }
}

fn replace_groups(w: &mut Work<'_>, id: ClientId, access: &Access) -> Result<(), Fault> {
    let (_, groups) = columns(access);
    each!(w.conn, c => {
        diesel::delete(client_groups::table.filter(client_groups::client_id.eq(id))).execute(c)?;
        for group in groups {
            let row = (client_groups::client_id.eq(id), client_groups::group_id.eq(*group));
            diesel::insert_into(client_groups::table).values(row).execute(c)?;
        }
    });
    Ok(())
}

pub(super) fn replace_addresses(w: &mut Work<'_>, id: ClientId, purpose: AddressPurpose, uris: &[RedirectUri]) -> Result<(), Fault> {
    use client_addresses::{address, client_id, purpose as purpose_column, table};
    each!(w.conn, c => {
        diesel::delete(table.filter(client_id.eq(id).and(purpose_column.eq(purpose)))).execute(c)?;
        for uri in uris {
            let row = (client_id.eq(id), purpose_column.eq(purpose), address.eq(uri.as_str()));
            diesel::insert_into(table).values(row).on_conflict_do_nothing().execute(c)?;
        }
    });
    Ok(())
}

pub(super) fn set_disabled(w: &mut Work<'_>, id: ClientId, off: Option<(Timestamp, &str)>) -> Result<(), Fault> {
    let set = (clients::disabled_at.eq(off.map(|(at, _)| at)), clients::disabled_text.eq(off.map(|(_, text)| text)));
    each!(w.conn, c => diesel::update(clients::table.find(id)).set(set).execute(c))?;
    Ok(())
}

pub(super) fn note_pkce(w: &mut Work<'_>, id: ClientId) -> Result<bool, Fault> {
    let now = w.now;
    let changed = each!(w.conn, c => diesel::update(clients::table.find(id).filter(clients::pkce_used_at.is_null()))
        .set(clients::pkce_used_at.eq(now))
        .execute(c))?;
    Ok(changed == 1)
}

/// Notes that what people are shown of an application has changed: those who decided about it are told.
pub fn note_shown_change(w: &mut Work<'_>, id: ClientId) -> Result<(), Fault> {
    let now = w.now;
    each!(w.conn, c => diesel::update(clients::table.find(id)).set(clients::shown_changed_at.eq(now)).execute(c))?;
    Ok(())
}

/// Lets an application do without PKCE again, until it uses it the next time.
pub fn release_pkce(w: &mut Work<'_>, id: ClientId) -> Result<(), Fault> {
    each!(w.conn, c => diesel::update(clients::table.find(id)).set(clients::pkce_used_at.eq(None::<Timestamp>)).execute(c))?;
    Ok(())
}

/// Removes an application with everything given to it, and the numbers by which only it knew people.
pub fn delete(w: &mut Work<'_>, id: ClientId) -> Result<(), Fault> {
    let sector: Option<String> = each!(w.conn, c => clients::table.find(id).select(clients::sector).get_result(c).optional())?;
    each!(w.conn, c => diesel::delete(clients::table.find(id)).execute(c))?;
    let Some(sector) = sector else { return Ok(()) };
    let shared: i64 = each!(w.conn, c => clients::table.filter(clients::sector.eq(&sector)).count().get_result(c))?;
    if shared == 0 {
        each!(w.conn, c => diesel::delete(subjects::table.filter(subjects::sector.eq(&sector))).execute(c))?;
    }
    Ok(())
}

pub(super) fn insert_secret(w: &mut Work<'_>, id: SecretId, client: ClientId, hash: &[u8; 32]) -> Result<(), Fault> {
    let row = (
        client_secrets::id.eq(id),
        client_secrets::client_id.eq(client),
        client_secrets::hash.eq(hash.as_slice()),
        client_secrets::created_at.eq(w.now),
    );
    each!(w.conn, c => diesel::insert_into(client_secrets::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn list_secrets(w: &mut Work<'_>, client: ClientId) -> Result<Vec<OpenSecret>, Fault> {
    let rows: Vec<(SecretId, Timestamp)> = each!(w.conn, c => client_secrets::table
        .filter(client_secrets::client_id.eq(client).and(client_secrets::revoked_at.is_null()))
        .order(client_secrets::id.asc())
        .select((client_secrets::id, client_secrets::created_at))
        .load(c))?;
    Ok(rows.into_iter().map(|(id, made_at)| OpenSecret { id, made_at }).collect())
}

pub(super) fn count_secrets(w: &mut Work<'_>, client: ClientId) -> Result<i64, Fault> {
    Ok(each!(w.conn, c => client_secrets::table
        .filter(client_secrets::client_id.eq(client).and(client_secrets::revoked_at.is_null()))
        .count()
        .get_result(c))?)
}

pub(super) fn revoke_secret(w: &mut Work<'_>, client: ClientId, secret: SecretId) -> Result<bool, Fault> {
    let now = w.now;
    let changed = each!(w.conn, c => diesel::update(client_secrets::table
        .filter(client_secrets::id.eq(secret).and(client_secrets::client_id.eq(client)).and(client_secrets::revoked_at.is_null())))
        .set(client_secrets::revoked_at.eq(now))
        .execute(c))?;
    Ok(changed == 1)
}

pub(super) fn list_secret_hashes(w: &mut Work<'_>, client: ClientId) -> Result<Vec<Vec<u8>>, Fault> {
    Ok(each!(w.conn, c => client_secrets::table
        .filter(client_secrets::client_id.eq(client).and(client_secrets::revoked_at.is_null()))
        .select(client_secrets::hash)
        .load(c))?)
}

pub(super) fn revoke_secrets(w: &mut Work<'_>, client: ClientId) -> Result<(), Fault> {
    let now = w.now;
    each!(w.conn, c => diesel::update(client_secrets::table
        .filter(client_secrets::client_id.eq(client).and(client_secrets::revoked_at.is_null())))
        .set(client_secrets::revoked_at.eq(now))
        .execute(c))?;
    Ok(())
}

pub(super) fn find_subject(w: &mut Work<'_>, person: PersonId, sector: &str) -> Result<Option<String>, Fault> {
    Ok(each!(w.conn, c => subjects::table
        .filter(subjects::person_id.eq(person).and(subjects::sector.eq(sector)))
        .select(subjects::subject)
        .get_result(c)
        .optional())?)
}

pub(super) fn insert_subject(w: &mut Work<'_>, person: PersonId, sector: &str, subject: &str) -> Result<(), Fault> {
    let row = (subjects::person_id.eq(person), subjects::sector.eq(sector), subjects::subject.eq(subject), subjects::created_at.eq(w.now));
    each!(w.conn, c => diesel::insert_into(subjects::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub(super) fn set_own(w: &mut Work<'_>, id: ClientId, reason: Option<&Reason>, by: Option<PersonId>) -> Result<(), Fault> {
    let set = (
        clients::own_reason.eq(reason.map(Reason::as_str)),
        clients::own_decided_by.eq(by.filter(|_| reason.is_some())),
        clients::own_decided_at.eq(reason.map(|_| w.now)),
    );
    each!(w.conn, c => diesel::update(clients::table.find(id)).set(set).execute(c))?;
    Ok(())
}
