//! Rows of `settings`.

use diesel::prelude::*;
use serde_json::Value;

use crate::each;
use crate::kernel::Fault;
use crate::platform::db::schema::settings;
use crate::platform::db::{Json, Work};

pub(super) fn find(w: &mut Work<'_>, name: &str) -> Result<Option<Value>, Fault> {
    let found: Option<Json<Value>> = each!(w.conn, c => settings::table.find(name).select(settings::value).get_result(c).optional())?;
    Ok(found.map(|value| value.0))
}

pub(super) fn insert_if_absent(w: &mut Work<'_>, name: &str, value: Value) -> Result<(), Fault> {
    let row = (settings::name.eq(name), settings::value.eq(Json(value)), settings::created_at.eq(w.now));
    each!(w.conn, c => diesel::insert_into(settings::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub(super) fn replace(w: &mut Work<'_>, name: &str, value: Value) -> Result<(), Fault> {
    let row = (settings::name.eq(name), settings::value.eq(Json(value.clone())), settings::created_at.eq(w.now));
    each!(w.conn, c => diesel::insert_into(settings::table)
        .values(row)
        .on_conflict(settings::name)
        .do_update()
        .set(settings::value.eq(Json(value)))
        .execute(c))?;
    Ok(())
}

pub(super) fn replace_if(w: &mut Work<'_>, name: &str, old: Value, new: Value) -> Result<bool, Fault> {
    let held = settings::table.filter(settings::name.eq(name)).filter(settings::value.eq(Json(old)));
    let changed = each!(w.conn, c => diesel::update(held).set(settings::value.eq(Json(new))).execute(c))?;
    Ok(changed == 1)
}
