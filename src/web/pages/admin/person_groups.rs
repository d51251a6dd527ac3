//! `/people/<id>/groups`: which groups a person is in.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::app::App;
use crate::flows::people::{self, GroupRow, Move};
use crate::kernel::ids::PersonId;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Browser, Posted, ReauthenticatedAdmin, Shared};
use crate::web::pages::account::frame::profile;
use crate::web::pages::admin::frame;
use crate::web::pages::admin::people_invite::parse_reason;
use crate::web::pages::admin::person::after;
use crate::web::pages::done::Done;
use crate::web::pages::parts::FieldError;

/// A group the person may be in. Both fields have the value `yes`, or are left out.
#[derive(Clone, Debug, Serialize)]
pub struct GroupTick {
    /// The name of its field.
    pub field: String,
    /// The name of the field that says how it was when the form was shown.
    pub before: String,
    /// Its name.
    pub name: String,
    /// The applications open to it, with commas between them.
    pub opens: String,
    /// They were in it when the form was shown.
    pub was: bool,
    /// It is ticked.
    pub chosen: bool,
}

/// Changing the groups of a person. Posts the fields of the groups and `reason` to `/people/<id>/groups`.
#[derive(Clone, Debug, Serialize)]
pub struct PersonGroupsPage {
    /// Whose.
    pub id: String,
    /// Their name.
    pub name: String,
    /// The groups there are.
    pub groups: Vec<GroupTick>,
    /// What was typed.
    pub reason: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for PersonGroupsPage {
    const TEMPLATE: &'static str = "pages/admin/person_groups.html";
}

/// Shows the groups, those the person is in ticked.
pub async fn show(app: Shared, browser: Browser, admin: ReauthenticatedAdmin, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let id: PersonId = id.parse().map_err(|_| Failure::NotFound)?;
    let groups = known(&app, &admin, id).await?;
    let ticks = groups.iter().map(|(row, is_in)| GroupTick { was: *is_in, chosen: *is_in, ..tick(row) }).collect();
    let page = groups_page(&app, id, ticks).await?;
    frame::page(&app, &browser, &admin, &page).await
}

/// Carries out what was changed on the form, and nothing else: a group that someone else gave or took meanwhile stays so.
pub async fn submit(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    id: web::Path<String>,
    Posted(form): Posted<HashMap<String, String>>,
) -> Result<HttpResponse, Failure> {
    let id: PersonId = id.parse().map_err(|_| Failure::NotFound)?;
    let groups = known(&app, &admin, id).await?;
    let says = |field: String| form.get(&field).is_some_and(|value| value == "yes");
    let (was, is) = (|row: &GroupRow| says(format!("was_{}", row.id)), |row: &GroupRow| says(format!("group_{}", row.id)));
    let reason = match parse_reason(form.get("reason").map_or("", String::as_str)) {
        Ok(reason) => reason,
        Err(error) => {
            let ticks = groups.iter().map(|(row, _)| GroupTick { was: was(row), chosen: is(row), ..tick(row) }).collect();
            let reason = form.get("reason").cloned().unwrap_or_default();
            let page = PersonGroupsPage { reason, errors: vec![error], ..groups_page(&app, id, ticks).await? };
            return frame::answer(&app, &browser, &admin, StatusCode::UNPROCESSABLE_ENTITY, &page).await;
        }
    };
    let moves = groups.iter().filter_map(|(row, _)| match (was(row), is(row)) {
        (false, true) => Some(Move::Join(row.id)),
        (true, false) => Some(Move::Leave(row.id)),
        _ => None,
    });
    let moves: Vec<Move> = moves.collect();
    let outcome = people::move_person(&app, &admin.acting(browser.caller()), id, moves, reason).await?;
    after(id, outcome.map(|()| Done::GroupsChanged))
}

async fn known(app: &App, admin: &ReauthenticatedAdmin, id: PersonId) -> Result<Vec<(GroupRow, bool)>, Failure> {
    people::groups_of(app, admin.actor.looks(), id).await?.ok_or(Failure::NotFound)
}

fn tick(row: &GroupRow) -> GroupTick {
    GroupTick {
        field: format!("group_{}", row.id),
        before: format!("was_{}", row.id),
        name: row.name.clone(),
        opens: row.apps.join(", "),
        was: false,
        chosen: false,
    }
}

async fn groups_page(app: &App, id: PersonId, groups: Vec<GroupTick>) -> Result<PersonGroupsPage, Failure> {
    Ok(PersonGroupsPage { id: id.to_string(), name: profile(app, id).await?.name, groups, reason: String::new(), errors: vec![] })
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for PersonGroupsPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let tick = |id: u8, name: &str, opens: &str, was: bool| GroupTick {
                field: format!("group_{id}"),
                before: format!("was_{id}"),
                name: name.into(),
                opens: opens.into(),
                was,
                chosen: was,
            };
            let groups = vec![tick(1, "Night shift", "", false), tick(2, "Warehouse", "Grafana, Stock list", true)];
            let page = Self { id: "01a2".into(), name: "Ben Example".into(), groups, reason: String::new(), errors: vec![] };
            vec![
                ("none", Self { groups: vec![], ..page.clone() }),
                ("missing", Self { errors: vec![FieldError::new("reason", "error-reason-missing")], ..page.clone() }),
                ("some", page),
            ]
        }
    }
}
