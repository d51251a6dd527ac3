//! Rows of `signing_keys`.

use diesel::prelude::*;
use serde_json::Value;

use crate::each;
use crate::kernel::Fault;
use crate::kernel::ids::SigningKeyId;
use crate::platform::db::schema::signing_keys;
use crate::platform::db::{Json, Work};

#[derive(Queryable, Selectable)]
#[diesel(table_name = signing_keys)]
pub(super) struct KeyRow {
    pub(super) id: SigningKeyId,
    pub(super) kid: String,
    pub(super) algorithm: String,
    pub(super) public_jwk: Json<Value>,
    pub(super) private_key: Vec<u8>,
}

pub(super) fn insert_if_absent(w: &mut Work<'_>, key: KeyRow) -> Result<bool, Fault> {
    let row = (
        signing_keys::id.eq(key.id),
        signing_keys::kid.eq(key.kid),
        signing_keys::algorithm.eq(key.algorithm),
        signing_keys::state.eq("current"),
        signing_keys::public_jwk.eq(key.public_jwk),
        signing_keys::private_key.eq(key.private_key),
        signing_keys::created_at.eq(w.now),
    );
    let stored = each!(w.conn, c => diesel::insert_into(signing_keys::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(stored == 1)
}

pub(super) fn list(w: &mut Work<'_>) -> Result<Vec<KeyRow>, Fault> {
    Ok(each!(w.conn, c => signing_keys::table
        .filter(signing_keys::state.eq("current"))
        .order(signing_keys::created_at.asc())
        .select(KeyRow::as_select())
        .load(c))?)
}
