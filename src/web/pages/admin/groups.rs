//! `/groups`: the groups, what each opens, and making, naming and removing one.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::flows::people::{self, GroupNamed, GroupRemoved, GroupRow};
use crate::kernel::ids::GroupId;
use crate::kernel::text::GroupName;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Admin, Browser, Posted, ReauthenticatedAdmin, Shared};
use crate::web::pages::account::frame::DoneQuery;
use crate::web::pages::admin::frame;
use crate::web::pages::admin::people_invite::parse_reason;
use crate::web::pages::done::Done;
use crate::web::pages::parts::FieldError;

/// One group.
#[derive(Clone, Debug, Serialize)]
pub struct GroupLine {
    /// Its row.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many people are in it.
    pub members: i64,
    /// The applications open to it.
    pub apps: Vec<String>,
}

/// The list of groups.
#[derive(Clone, Debug, Serialize)]
pub struct GroupsPage {
    /// The groups.
    pub groups: Vec<GroupLine>,
}

impl Page for GroupsPage {
    const TEMPLATE: &'static str = "pages/admin/groups.html";
}

/// Making a group. Posts `name` to `/groups/new`.
#[derive(Clone, Debug, Serialize)]
pub struct GroupNewPage {
    /// What was typed.
    pub name: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for GroupNewPage {
    const TEMPLATE: &'static str = "pages/admin/group_new.html";
}

/// Giving a group another name. Posts `name` and `reason` to `/groups/<id>/rename`.
#[derive(Clone, Debug, Serialize)]
pub struct GroupRenamePage {
    /// Its row.
    pub id: String,
    /// Its name now.
    pub old: String,
    /// What was typed.
    pub name: String,
    /// What was typed.
    pub reason: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for GroupRenamePage {
    const TEMPLATE: &'static str = "pages/admin/group_rename.html";
}

/// Removing a group. Posts `reason` to `/groups/<id>/delete`, unless applications are open to it.
#[derive(Clone, Debug, Serialize)]
pub struct GroupDeletePage {
    /// The group.
    pub group: GroupLine,
    /// What was typed.
    pub reason: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for GroupDeletePage {
    const TEMPLATE: &'static str = "pages/admin/group_delete.html";
}

/// A name for a group.
#[derive(Deserialize)]
pub struct GroupNameForm {
    #[serde(default)]
    name: String,
}

/// Another name for a group, and why.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct GroupRenameForm {
    name: String,
    reason: String,
}

/// Why a group is removed.
#[derive(Deserialize)]
pub struct ReasonForm {
    #[serde(default)]
    reason: String,
}

/// Shows the list.
pub async fn show(app: Shared, browser: Browser, admin: Admin, query: web::Query<DoneQuery>) -> Result<HttpResponse, Failure> {
    let groups = people::list_groups(&app, &admin.administrator).await?.into_iter().map(line).collect();
    frame::page_after(&app, &browser, &admin, &query, &GroupsPage { groups }).await
}

fn line(row: GroupRow) -> GroupLine {
    GroupLine { id: row.id.to_string(), name: row.name, members: row.members, apps: row.apps }
}

/// Asks for the name of a new group.
pub async fn new(app: Shared, browser: Browser, admin: ReauthenticatedAdmin) -> Result<HttpResponse, Failure> {
    frame::page(&app, &browser, &admin, &GroupNewPage { name: String::new(), errors: vec![] }).await
}

/// Makes it.
pub async fn make(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    Posted(form): Posted<GroupNameForm>,
) -> Result<HttpResponse, Failure> {
    let error = match parse_name(&form.name) {
        Ok(name) => match people::make_group(&app, &admin.acting(browser.caller()), name).await? {
            GroupNamed::Done(_) => return Ok(back(Done::GroupMade)),
            GroupNamed::NotThere => return Ok(back(Done::NotThere)),
            GroupNamed::NotYours => return Err(Failure::Forbidden),
            GroupNamed::Taken => taken(),
        },
        Err(error) => error,
    };
    again(&app, &browser, &admin, &GroupNewPage { name: form.name, errors: vec![error] }).await
}

/// Asks for another name.
pub async fn ask_name(app: Shared, browser: Browser, admin: ReauthenticatedAdmin, id: web::Path<String>) -> Result<HttpResponse, Failure> {
    let group = known(&app, &admin, &id).await?;
    let page =
        GroupRenamePage { id: group.id.to_string(), old: group.name.clone(), name: group.name, reason: String::new(), errors: vec![] };
    frame::page(&app, &browser, &admin, &page).await
}

/// Gives it.
pub async fn rename(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    id: web::Path<String>,
    Posted(form): Posted<GroupRenameForm>,
) -> Result<HttpResponse, Failure> {
    let group = known(&app, &admin, &id).await?;
    let errors = match (parse_name(&form.name), parse_reason(&form.reason)) {
        (Ok(name), Ok(reason)) => match people::rename_group(&app, &admin.acting(browser.caller()), group.id, name, reason).await? {
            GroupNamed::Done(_) => return Ok(back(Done::GroupRenamed)),
            GroupNamed::NotThere => return Ok(back(Done::NotThere)),
            GroupNamed::NotYours => return Err(Failure::Forbidden),
            GroupNamed::Taken => vec![taken()],
        },
        (name, reason) => name.err().into_iter().chain(reason.err()).collect(),
    };
    let page = GroupRenamePage { id: group.id.to_string(), old: group.name, name: form.name, reason: form.reason, errors };
    again(&app, &browser, &admin, &page).await
}

/// Says what removing a group changes, and asks why.
pub async fn ask_delete(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    id: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let group = known(&app, &admin, &id).await?;
    frame::page(&app, &browser, &admin, &GroupDeletePage { group: line(group), reason: String::new(), errors: vec![] }).await
}

/// Removes it.
pub async fn delete(
    app: Shared,
    browser: Browser,
    admin: ReauthenticatedAdmin,
    id: web::Path<String>,
    Posted(form): Posted<ReasonForm>,
) -> Result<HttpResponse, Failure> {
    let group = known(&app, &admin, &id).await?;
    let error = match parse_reason(&form.reason) {
        Ok(reason) => match people::remove_group(&app, &admin.acting(browser.caller()), group.id, reason).await? {
            GroupRemoved::Done => return Ok(back(Done::GroupDeleted)),
            GroupRemoved::NotThere => return Ok(back(Done::NotThere)),
            GroupRemoved::NotYours => return Err(Failure::Forbidden),
            GroupRemoved::InUse(_) => FieldError::new("form", "error-group-in-use"),
        },
        Err(error) => error,
    };
    let group = known(&app, &admin, &id).await?;
    again(&app, &browser, &admin, &GroupDeletePage { group: line(group), reason: form.reason, errors: vec![error] }).await
}

async fn known(app: &App, admin: &ReauthenticatedAdmin, id: &str) -> Result<GroupRow, Failure> {
    let id: GroupId = id.parse().map_err(|_| Failure::NotFound)?;
    people::find_group(app, admin.actor.looks(), id).await?.ok_or(Failure::NotFound)
}

fn back(done: Done) -> HttpResponse {
    done.at("/groups")
}

fn parse_name(typed: &str) -> Result<GroupName, FieldError> {
    GroupName::parse(typed).map_err(|problem| FieldError::unfit("name", problem, "error-group-name"))
}

fn taken() -> FieldError {
    FieldError::new("name", "error-group-taken")
}

async fn again<P: Page>(app: &App, browser: &Browser, admin: &ReauthenticatedAdmin, page: &P) -> Result<HttpResponse, Failure> {
    frame::answer(app, browser, admin, StatusCode::UNPROCESSABLE_ENTITY, page).await
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl GroupLine {
        /// An example.
        pub fn sample() -> Self {
            Self { id: "01a2".into(), name: "Warehouse".into(), members: 14, apps: vec!["Grafana".into(), "Stock list".into()] }
        }
    }

    impl Samples for GroupsPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let warehouse = GroupLine::sample();
            let shift = GroupLine { name: "Night shift <b>Example</b>".into(), members: 1, apps: vec![], ..warehouse.clone() };
            let board = GroupLine { name: "Board".into(), members: 0, ..shift.clone() };
            vec![("many", Self { groups: vec![board, shift, warehouse] }), ("none", Self { groups: vec![] })]
        }
    }

    impl Samples for GroupNewPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let taken = vec![FieldError::new("name", "error-group-taken")];
            vec![("taken", Self { name: "Warehouse".into(), errors: taken }), ("first", Self { name: String::new(), errors: vec![] })]
        }
    }

    impl Samples for GroupRenamePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { id: "01a2".into(), old: "Warehouse".into(), name: "Warehouse".into(), reason: String::new(), errors: vec![] };
            let missing = vec![FieldError::new("name", "error-group-name"), FieldError::new("reason", "error-reason-missing")];
            vec![("missing", Self { name: String::new(), errors: missing, ..page.clone() }), ("first", page)]
        }
    }

    impl Samples for GroupDeletePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self { group: GroupLine { apps: vec![], ..GroupLine::sample() }, reason: String::new(), errors: vec![] };
            let in_use = vec![FieldError::new("form", "error-group-in-use")];
            vec![
                ("in_use", Self { group: GroupLine::sample(), ..page.clone() }),
                ("refused", Self { group: GroupLine::sample(), errors: in_use, ..page.clone() }),
                ("empty", Self { group: GroupLine { members: 0, ..page.group.clone() }, ..page.clone() }),
                ("missing", Self { errors: vec![FieldError::new("reason", "error-reason-missing")], ..page.clone() }),
                ("members", page),
            ]
        }
    }
}
