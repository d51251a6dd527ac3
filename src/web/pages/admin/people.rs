//! `/people`: who there is.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::domain::identity::{PageStart, PersonState};
use crate::domain::ticket::Newest;
use crate::flows::people::{self, GroupRow, PeopleCounts, Row};
use crate::kernel::Timestamp;
use crate::platform::render::Page;
use crate::web::Failure;
use crate::web::guard::{Admin, Browser, Shared};
use crate::web::pages::account::frame::DoneQuery;
use crate::web::pages::admin::frame;
use crate::web::pages::admin::list::{self, ListFilter, Paging};

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
    /// The names of their groups.
    pub groups: Vec<String>,
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

/// A group that the list can be narrowed to.
#[derive(Clone, Debug, Serialize)]
pub struct GroupOption {
    /// Its row.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether its members are shown.
    pub chosen: bool,
}

/// The list of people.
#[derive(Clone, Debug, Serialize)]
pub struct PeoplePage {
    /// What was typed to find people.
    pub typed: String,
    /// Which people: the word of the filter.
    pub show: &'static str,
    /// Whether anything narrows the list.
    pub narrowed: bool,
    /// The filters.
    pub filters: Vec<ListFilter>,
    /// The groups.
    pub groups: Vec<GroupOption>,
    /// The people.
    pub people: Vec<PersonLine>,
    /// Where this page stands.
    pub paging: Paging,
}

impl Page for PeoplePage {
    const TEMPLATE: &'static str = "pages/admin/people.html";
}

/// Which people.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PeopleListQuery {
    /// What was typed.
    q: String,
    /// The word of a filter.
    show: String,
    /// A group.
    group: String,
    /// The page after this person.
    after: String,
    /// The page before this person.
    before: String,
}

/// The filters: the word, and the people it lets through.
const FILTERS: &[(&str, Option<PersonState>)] = &[
    ("all", None),
    ("active", Some(PersonState::Active)),
    ("invited", Some(PersonState::Invited)),
    ("disabled", Some(PersonState::Disabled)),
    ("administrators", None),
];

/// As many characters as somebody types to find people; more find nobody.
const MOST_TYPED: usize = 200;

impl PeopleListQuery {
    /// What the flow is asked for; `None` when a word or an id is none of ours.
    fn read(&self) -> Option<people::PeopleQuery> {
        let (word, state) = FILTERS.iter().find(|(word, _)| *word == self.shown())?;
        let from = match (self.after.as_str(), self.before.as_str()) {
            ("", "") => PageStart::First,
            (after, "") => PageStart::After(after.parse().ok()?),
            ("", before) => PageStart::Before(before.parse().ok()?),
            _ => return None,
        };
        let group = if self.group.is_empty() { None } else { Some(self.group.parse().ok()?) };
        let typed = self.q.chars().take(MOST_TYPED).collect();
        Some(people::PeopleQuery { typed, state: *state, administrators: *word == "administrators", group, from })
    }

    fn shown(&self) -> &str {
        if self.show.is_empty() { "all" } else { &self.show }
    }

    /// The same search with another filter.
    fn with_filter(&self, word: &str) -> String {
        list::address("/people", &[("q", &self.q), ("show", if word == "all" { "" } else { word }), ("group", &self.group)])
    }

    /// The same list from another place on.
    fn from(&self, name: &str, person: Option<&PersonLine>) -> Option<String> {
        let (show, id) = (if self.shown() == "all" { "" } else { self.shown() }, &person?.id);
        Some(list::address("/people", &[("q", &self.q), ("show", show), ("group", &self.group), (name, id)]))
    }

    fn filters(&self, counts: PeopleCounts) -> Vec<ListFilter> {
        let count = |word| match word {
            "active" => counts.active,
            "invited" => counts.invited,
            "disabled" => counts.disabled,
            "administrators" => counts.administrators,
            _ => counts.all,
        };
        let filter =
            |word: &'static str| ListFilter { word, count: count(word), address: self.with_filter(word), current: word == self.shown() };
        FILTERS.iter().map(|(word, _)| filter(word)).collect()
    }
}

/// Shows a page of the list.
pub async fn show(
    app: Shared,
    browser: Browser,
    admin: Admin,
    query: web::Query<PeopleListQuery>,
    done: web::Query<DoneQuery>,
) -> Result<HttpResponse, Failure> {
    let asked = query.read().ok_or(Failure::NotFound)?;
    let groups = people::list_groups(&app, &admin.administrator).await?;
    let counts = people::count(&app, &admin.administrator).await?;
    let found = people::list(&app, &admin.administrator, asked).await?;
    let now = app.now();
    let lines: Vec<PersonLine> = found.rows.into_iter().map(|row| person_row(row, now)).collect();
    let previous = query.from("before", lines.first().filter(|_| found.earlier));
    let next = query.from("after", lines.last().filter(|_| found.later));
    let page = PeoplePage {
        typed: query.q.clone(),
        show: FILTERS.iter().map(|(word, _)| *word).find(|word| *word == query.shown()).unwrap_or("all"),
        narrowed: !query.q.is_empty() || !query.group.is_empty() || query.shown() != "all",
        filters: query.filters(counts),
        groups: groups.into_iter().map(|group| option(group, &query.group)).collect(),
        paging: Paging::new(found.range, previous, next),
        people: lines,
    };
    frame::page_after(&app, &browser, &admin, &done, &page).await
}

fn option(group: GroupRow, chosen: &str) -> GroupOption {
    let id = group.id.to_string();
    GroupOption { chosen: id == chosen, id, name: group.name }
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
        groups: row.groups,
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
                groups: vec![],
                link: None,
            }
        }
    }

    fn filters(current: &str) -> Vec<ListFilter> {
        let query = PeopleListQuery { show: current.into(), ..PeopleListQuery::default() };
        query.filters(PeopleCounts { all: 1_284, active: 1_235, invited: 37, disabled: 12, administrators: 6 })
    }

    impl Samples for PeoplePage {
        fn samples() -> Vec<(&'static str, Self)> {
            let ana = PersonLine { groups: vec!["IT".into(), "Owners <b>of</b> it".into()], ..PersonLine::sample() };
            let nothing = PersonLine {
                roles: vec![],
                passkeys: 0,
                authenticators: 0,
                password: false,
                last_signed_in: None,
                groups: vec![],
                ..ana.clone()
            };
            let row =
                |name: &str, state: &'static str| PersonLine { name: name.into(), username: Some("chi".into()), state, ..nothing.clone() };
            let invited = SentLink::samples().map(|link| PersonLine { link: Some(link), ..row("Ben Example", "invited") }).to_vec();
            let disabled = PersonLine { passkeys: 1, roles: vec!["people", "applications"], ..row("Chi Example", "disabled") };
            let group = |name: &str, chosen| GroupOption { id: "01a2".into(), name: name.into(), chosen };
            let page = Self {
                typed: String::new(),
                show: "all",
                narrowed: false,
                filters: filters(""),
                groups: vec![],
                people: vec![ana.clone()],
                paging: Paging { first: 1, last: 1, total: 1, ..Paging::default() },
            };
            let many =
                Paging { first: 51, last: 100, total: 1_284, previous: Some("/people".into()), next: Some("/people?after=01a2".into()) };
            let groups = vec![group("Warehouse", true), group("IT", false)];
            vec![
                (
                    "many",
                    Self {
                        groups: groups.clone(),
                        people: vec![disabled.clone(), ana.clone(), row("A", "active")],
                        paging: many,
                        ..page.clone()
                    },
                ),
                ("invited", Self { show: "invited", narrowed: true, filters: filters("invited"), people: invited, ..page.clone() }),
                ("found", Self { typed: "exa".into(), narrowed: true, groups, people: vec![disabled, ana], ..page.clone() }),
                ("not_found", Self { typed: "xyz <b>".into(), narrowed: true, people: vec![], paging: Paging::default(), ..page.clone() }),
                ("alone", page),
            ]
        }
    }
}
