//! `/people`: who there is.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::domain::ticket::Newest;
use crate::flows::people::{self, Row};
use crate::kernel::Timestamp;
use crate::kernel::ids::PersonId;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Admin, Browser, Shared};
use crate::web::pages::account::frame::DoneQuery;
use crate::web::pages::admin::frame;

/// One person.
#[derive(Clone, Debug, Serialize)]
pub struct PersonLine {
    /// The id, for links.
    pub id: String,
    /// `invited`, `active`, `disabled` or `erased`.
    pub state: &'static str,
    /// Their name.
    pub name: String,
    /// Their user name.
    pub username: Option<String>,
    /// Their roles, as their words.
    pub roles: Vec<&'static str>,
    /// How many passkeys they have.
    pub passkeys: usize,
    /// How many authenticators they have.
    pub authenticators: usize,
    /// Whether they have a password.
    pub password: bool,
    /// When they last signed in.
    pub last_signed_in: Option<Timestamp>,
    /// Their newest link, if there was one.
    pub link: Option<SentLink>,
}

/// What became of a link that was sent to somebody.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SentLink {
    /// It can be used.
    Open {
        /// Until when.
        until: Timestamp,
    },
    /// Nobody used it in time.
    Ended {
        /// When it ended.
        at: Timestamp,
    },
    /// It was used.
    Used {
        /// When.
        at: Timestamp,
    },
    /// It was withdrawn.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// Whoever opened it said that it is not for them.
    Declined {
        /// When.
        at: Timestamp,
    },
}

impl SentLink {
    /// What became of a link by now.
    pub fn of(link: &Newest, now: Timestamp) -> Self {
        match (link.used_at, link.declined_at, link.voided_at) {
            (Some(at), ..) => Self::Used { at },
            (None, Some(at), _) => Self::Declined { at },
            (None, None, Some(at)) => Self::Withdrawn { at },
            (None, None, None) if link.is_open(now) => Self::Open { until: link.expires_at },
            (None, None, None) => Self::Ended { at: link.expires_at },
        }
    }
}

/// The list of people.
#[derive(Clone, Debug, Serialize)]
pub struct PeoplePage {
    /// Only those who were invited and have not come yet.
    pub only_invited: bool,
    /// How many were invited and have not come yet.
    pub invited: i64,
    /// The first page.
    pub first: bool,
    /// The people.
    pub people: Vec<PersonLine>,
    /// The address of the next page, if there is one.
    pub more: Option<String>,
}

impl Page for PeoplePage {
    const TEMPLATE: &'static str = "pages/admin/people.html";
}

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
    let found = people::list(&app, &admin.administrator, people::PeopleQuery { invited, after }).await?;
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
pub(in crate::web::pages) fn person_row(row: Row, now: Timestamp) -> PersonLine {
    PersonLine {
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

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl SentLink {
        /// One of each.
        pub fn samples() -> [Self; 5] {
            let at = Timestamp::from_seconds(1_778_017_520);
            [Self::Open { until: at }, Self::Ended { at }, Self::Used { at }, Self::Withdrawn { at }, Self::Declined { at }]
        }
    }

    impl PersonLine {
        /// An example.
        pub fn sample() -> Self {
            Self {
                id: "01a2094e-84be-7374-8cb4-aa55cbd9c4c2".into(),
                state: "active",
                name: "Ana Example".into(),
                username: Some("ana".into()),
                roles: vec!["owner"],
                passkeys: 2,
                authenticators: 1,
                password: true,
                last_signed_in: Some(Timestamp::from_seconds(1_777_817_520)),
                link: None,
            }
        }
    }

    impl Samples for PeoplePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let ana = PersonLine::sample();
            let nothing =
                PersonLine { roles: vec![], passkeys: 0, authenticators: 0, password: false, last_signed_in: None, ..ana.clone() };
            let row =
                |name: &str, state: &'static str| PersonLine { name: name.into(), username: Some("chi".into()), state, ..nothing.clone() };
            let invited = SentLink::samples().map(|link| PersonLine { link: Some(link), ..row("Ben Example", "invited") }).to_vec();
            let disabled = PersonLine { passkeys: 1, roles: vec!["people", "applications"], ..row("Chi Example", "disabled") };
            let erased = PersonLine { username: None, ..row("", "erased") };
            let page = Self { only_invited: false, invited: 0, first: true, people: vec![ana.clone()], more: None };
            vec![
                (
                    "many",
                    Self {
                        invited: 3,
                        people: vec![disabled, erased, ana],
                        more: Some("/people?after=01a2094e-84be-7374-8cb4-aa55cbd9c4c2".into()),
                        ..page.clone()
                    },
                ),
                ("invited", Self { only_invited: true, invited: 3, people: invited, ..page.clone() }),
                ("nobody_invited", Self { only_invited: true, people: vec![], ..page.clone() }),
                ("end", Self { first: false, people: vec![], ..page.clone() }),
                ("alone", page),
            ]
        }
    }
}
