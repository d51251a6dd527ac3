//! `/people`: who there is.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::flows::people::{self, Row};
use crate::kernel::Timestamp;
use crate::kernel::ids::PersonId;
use crate::web::Failure;
use crate::web::guard::{Admin, Browser, Shared};
use crate::web::pages::account::frame::DoneQuery;
use crate::web::pages::admin::frame;
use crate::web::pages::admin::people_view::{PeoplePage, PersonRow, SentLink};

/// Which people.
#[derive(Deserialize)]
pub struct PeopleQuery {
    show: Option<String>,
    after: Option<String>,
}

/// Shows a page of the list.
pub async fn show(
    app: Shared,
    browser: Browser,
    admin: Admin,
    query: web::Query<PeopleQuery>,
    done: web::Query<DoneQuery>,
) -> Result<HttpResponse, Failure> {
    let invited = query.show.as_deref() == Some("invited");
    let after = match &query.after {
        Some(id) => Some(id.parse::<PersonId>().map_err(|_| Failure::NotFound)?),
        None => None,
    };
    let found = people::list(&app, &admin.administrator, people::PeoplePage { invited, after }).await?;
    let now = app.now();
    let page = PeoplePage {
        only_invited: invited,
        invited: found.invited,
        first: after.is_none(),
        people: found.rows.into_iter().map(|row| person_row(row, now)).collect(),
        more: found.more_after.map(|id| format!("/people?{}after={id}", if invited { "show=invited&" } else { "" })),
    };
    frame::page_after(&app, &browser, &admin, &done, &page).await
}

/// What the pages about people say of one.
pub(in crate::web::pages) fn person_row(row: Row, now: Timestamp) -> PersonRow {
    PersonRow {
        id: row.person.id.to_string(),
        state: row.person.state.as_str(),
        name: row.profile.name,
        username: row.profile.username,
        roles: row.roles.iter().map(|role| role.as_str()).collect(),
        passkeys: row.ways.passkeys,
        authenticators: row.ways.authenticators,
        password: row.ways.password,
        last_signed_in: row.last_signed_in,
        link: row.link.map(|link| SentLink::of(&link, now)),
    }
}
