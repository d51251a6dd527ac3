//! Rows of `service`, `data_keys` and `index_keys`.

use diesel::prelude::*;
use uuid::Uuid;

use crate::each;
use crate::kernel::Fault;
use crate::kernel::ids::{DataKeyId, IndexKeyId};
use crate::platform::db::schema::{data_keys, index_keys, service};
use crate::platform::db::types::AnyUuid;
use crate::platform::db::{Conn, Work};

/// Claims the database for `master` if nobody has, and says whose it is.
pub(super) fn claim_service(w: &mut Work<'_>, master: Uuid) -> Result<Uuid, Fault> {
    let row = (service::id.eq(1), service::master_key_id.eq(AnyUuid(master)), service::created_at.eq(w.now));
    each!(w.conn, c => diesel::insert_into(service::table).values(row).on_conflict_do_nothing().execute(c))?;
    owner_of(&mut w.conn)?.ok_or_else(|| Fault::crypto("the database names no master key"))
}

/// The id of the master key the database belongs to; `None` for an empty one.
pub(super) fn owner_of(conn: &mut Conn<'_>) -> Result<Option<Uuid>, Fault> {
    let found: Option<AnyUuid> = each!(*conn, c => service::table.select(service::master_key_id).get_result(c).optional())?;
    Ok(found.map(|id| id.0))
}

pub(super) fn find_data_key(w: &mut Work<'_>, owner: &str) -> Result<Option<(DataKeyId, Vec<u8>)>, Fault> {
    Ok(each!(w.conn, c => data_keys::table
        .filter(data_keys::owner.eq(owner))
        .select((data_keys::id, data_keys::sealed))
        .get_result(c)
        .optional())?)
}

/// The data keys of some owners, each with its owner.
pub(super) fn find_data_keys(w: &mut Work<'_>, owners: &[String]) -> Result<Vec<(String, DataKeyId, Vec<u8>)>, Fault> {
    Ok(each!(w.conn, c => data_keys::table
        .filter(data_keys::owner.eq_any(owners))
        .select((data_keys::owner, data_keys::id, data_keys::sealed))
        .load(c))?)
}

pub(super) fn insert_data_key(w: &mut Work<'_>, id: DataKeyId, owner: &str, sealed: &[u8], master: Uuid) -> Result<(), Fault> {
    let row = (
        data_keys::id.eq(id),
        data_keys::owner.eq(owner),
        data_keys::sealed.eq(sealed),
        data_keys::master_key_id.eq(AnyUuid(master)),
        data_keys::created_at.eq(w.now),
    );
    each!(w.conn, c => diesel::insert_into(data_keys::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub(super) fn delete_data_key(w: &mut Work<'_>, owner: &str) -> Result<(), Fault> {
    each!(w.conn, c => diesel::delete(data_keys::table.filter(data_keys::owner.eq(owner))).execute(c))?;
    Ok(())
}

/// The owners that begin with `prefix` and come before `before`.
pub(super) fn list_owners(w: &mut Work<'_>, prefix: &str, before: &str) -> Result<Vec<String>, Fault> {
    let all = data_keys::table.filter(data_keys::owner.like(format!("{prefix}%")));
    let owners: Vec<String> = each!(w.conn, c => all.select(data_keys::owner).order(data_keys::owner).load(c))?;
    // Compared here: a database may sort text by the rules of a language.
    Ok(owners.into_iter().filter(|owner| owner.as_str() < before).collect())
}

pub(super) fn insert_index_key(w: &mut Work<'_>, id: IndexKeyId, sealed: &[u8]) -> Result<(), Fault> {
    let row = (index_keys::id.eq(id), index_keys::sealed.eq(sealed), index_keys::state.eq("current"), index_keys::created_at.eq(w.now));
    each!(w.conn, c => diesel::insert_into(index_keys::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub(super) fn current_index_key(w: &mut Work<'_>) -> Result<Option<(IndexKeyId, Vec<u8>)>, Fault> {
    Ok(each!(w.conn, c => index_keys::table
        .filter(index_keys::state.eq("current"))
        .select((index_keys::id, index_keys::sealed))
        .get_result(c)
        .optional())?)
}
