//! `/consent/<request>`: what an application gets, with its value, decided by the person.
//! The application is not for this person. And the plain link for addresses of private schemes.
//!
//! The form posts `decision` (`allow` or `decline`) and one field per optional claim that is allowed, named
//! `claim_<claim>` with the value `yes`.

use serde::Serialize;

use crate::domain::consent::Change;
use crate::flows::oidc::authorize::{ConsentReason, Question};
use crate::flows::oidc::claims;
use crate::kernel::Timestamp;
use crate::kernel::address::host_of;
use crate::kernel::claim::Claim;
use crate::kernel::ids::RequestId;
use crate::platform::render::{Page, Text};

/// One thing an application asks for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimRow {
    /// The claim or group of claims, such as `name` or `email`; the field is `claim_<claim>`.
    pub claim: &'static str,
    /// What it is called: "Your name".
    pub label: Text,
    /// What would be given; none when the account has no such value.
    pub value: Option<String>,
    /// What for.
    pub purpose: Text,
    /// What a "no" means; only for what may be declined.
    pub consequence: Option<Text>,
    /// The application does not work without it.
    pub needed: bool,
    /// Ticked, for what may be declined.
    pub chosen: bool,
    /// The person was not asked about it before, though about others.
    pub is_new: bool,
}

impl ClaimRow {
    /// The row of a claim.
    pub fn of(claim: Claim, value: Option<String>) -> Self {
        match claim {
            Claim::Name => Self::name(value),
            Claim::Username => Self::username(value),
            Claim::Email => Self::email(value),
        }
    }
    /// The person's name and username (scope `profile`).
    pub fn name(value: Option<String>) -> Self {
        Self::optional("name", "claim-name", value, "claim-name-purpose", "claim-name-declined")
    }
    /// The username (`preferred_username`).
    pub fn username(value: Option<String>) -> Self {
        Self::optional("username", "claim-username", value, "claim-username-purpose", "claim-username-declined")
    }
    /// The email address (scope `email`).
    pub fn email(value: Option<String>) -> Self {
        Self::optional("email", "claim-email", value, "claim-email-purpose", "claim-email-declined")
    }
    /// The same row for a claim that cannot be declined.
    pub fn needed(self) -> Self {
        Self { needed: true, chosen: true, consequence: None, ..self }
    }
    /// The same row, marked as new.
    pub fn marked_new(self) -> Self {
        Self { is_new: true, ..self }
    }
    /// The same row, ticked.
    pub fn ticked(self) -> Self {
        Self { chosen: true, ..self }
    }

    fn optional(claim: &'static str, label: &'static str, value: Option<String>, purpose: &'static str, consequence: &'static str) -> Self {
        let (label, purpose) = (Text::new(label), Text::new(purpose));
        Self { claim, label, value, purpose, consequence: Some(Text::new(consequence)), needed: false, chosen: false, is_new: false }
    }
}

/// Something that is not as it was when the person decided.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownChange {
    /// `name`, `run_by`, `run_by_nobody`, `host`, `more`, `needs`, `own` or `text`.
    pub what: &'static str,
    /// What it was, where it is named.
    pub before: String,
}

impl ShownChange {
    /// As the page says it.
    pub fn of(change: &Change) -> Self {
        let (what, before) = match change {
            Change::Name(before) => ("name", before.clone()),
            Change::RunBy(before) if before.is_empty() => ("run_by_nobody", String::new()),
            Change::RunBy(before) => ("run_by", before.clone()),
            Change::Host(before) => ("host", before.join(", ")),
            Change::More => ("more", String::new()),
            Change::Needs(claims) => ("needs", claims.first().cloned().unwrap_or_default()),
            Change::Own => ("own", String::new()),
            Change::Text => ("text", String::new()),
        };
        Self { what, before }
    }
}

/// Who decided that the organisation runs an application itself, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownOwn {
    /// Why.
    pub reason: String,
    /// The administrator; `None` when it was decided on the host.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// The decision.
#[derive(Clone, Debug, Serialize)]
pub struct ConsentPage {
    /// The request's id, for the form's address.
    pub request: String,
    /// Says in the form to whom the page was shown.
    pub shown_to: String,
    /// The application's name.
    pub app: String,
    /// Who runs it.
    pub run_by: String,
    /// The address the person is sent back to, as host or scheme.
    pub back_to: String,
    /// Who decides: the name of the account.
    pub person: String,
    /// What is asked, apart from the number below.
    pub claims: Vec<ClaimRow>,
    /// The number the application will know this person by.
    pub subject: String,
    /// The organisation runs it itself: the person is told, and not asked.
    pub own: Option<ShownOwn>,
    /// What has changed since the person decided.
    pub changes: Vec<ShownChange>,
    /// The application has to ask each time; otherwise the answer is kept.
    pub each_time: bool,
}

impl ConsentPage {
    /// The page for a question.
    pub fn of(id: RequestId, question: Question) -> Self {
        let changes = match &question.reason {
            ConsentReason::Changed(changes) => changes.as_slice(),
            ConsentReason::First | ConsentReason::Requested | ConsentReason::EachTime => &[],
        };
        let more = changes.contains(&Change::More);
        let claims = question.claims.iter().map(|claim| {
            let value = claims::shown(*claim, &question.profile);
            let row = ClaimRow::of(*claim, value);
            let chosen = question.before.as_ref().is_some_and(|before| before.claims.iter().any(|word| word == claim.as_str()));
            let row = match (question.needed.contains(claim), chosen) {
                (true, _) => row.needed(),
                (false, true) => row.ticked(),
                (false, false) => row,
            };
            let is_new = more && question.before.as_ref().is_some_and(|before| !before.was_asked(claim.as_str()));
            if is_new { row.marked_new() } else { row }
        });
        Self {
            request: id.to_string(),
            shown_to: question.shown,
            claims: claims.collect(),
            each_time: question.client.is_asked_for_each_time(&question.redirect_uri),
            back_to: host_of(&question.redirect_uri),
            changes: changes.iter().map(ShownChange::of).collect(),
            own: question.client.own.map(|own| ShownOwn { reason: own.reason, by: question.own_by, at: own.at }),
            app: question.client.name,
            run_by: question.client.run_by,
            person: question.profile.login().to_owned(),
            subject: question.subject,
        }
    }
}

impl Page for ConsentPage {
    const TEMPLATE: &'static str = "pages/consent/consent.html";
}

/// Why an application is closed to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// Only members of some groups may use it.
    NotForYou,
    /// It needs something of them that their account does not have.
    Incomplete,
    /// It was switched off.
    Off,
}

/// May not use this application.
#[derive(Clone, Debug, Serialize)]
pub struct DeniedPage {
    /// The application's name.
    pub app: String,
    /// Who runs it.
    pub run_by: String,
    /// Why.
    pub closed: Closed,
    /// What its administrators say about its being switched off.
    pub text: String,
    /// The name of the account; none where nobody had to sign in.
    pub person: String,
    /// The groups that may use it.
    pub groups: Vec<String>,
    /// What it needs and the account does not have, as labels.
    pub lacks: Vec<Text>,
    /// The id of the kept request: another person can sign in for it, or the application be told.
    pub request: Option<String>,
    /// Says in the form to whom the page was shown.
    pub shown_to: String,
}

impl DeniedPage {
    /// About an application, with nothing more to say.
    pub fn about(closed: Closed, app: String, run_by: String) -> Self {
        let none = String::new;
        Self { app, run_by, closed, text: none(), person: none(), groups: vec![], lacks: vec![], request: None, shown_to: none() }
    }
}

impl Page for DeniedPage {
    const TEMPLATE: &'static str = "pages/consent/denied.html";
}

/// "Continue to the app": for redirect addresses a browser would not follow after a form.
#[derive(Clone, Debug, Serialize)]
pub struct ContinuePage {
    /// The application's name.
    pub app: String,
    /// The whole address with the answer in it.
    pub url: String,
}

impl Page for ContinuePage {
    const TEMPLATE: &'static str = "pages/consent/continue.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl ShownOwn {
        /// An example.
        pub fn sample() -> Self {
            Self { reason: "Our own intranet".into(), by: Some("Chi".into()), at: Timestamp::from_seconds(1_777_817_520) }
        }
    }

    impl ConsentPage {
        /// An example.
        fn sample() -> Self {
            Self {
                request: "r1".into(),
                shown_to: "s1".into(),
                app: "Grafana".into(),
                run_by: "Acme IT".into(),
                back_to: "grafana.example.org".into(),
                person: "Ana Example".into(),
                claims: vec![
                    ClaimRow::name(Some("Ana Example".into())).needed(),
                    ClaimRow::username(Some("ana".into())).ticked(),
                    ClaimRow::email(Some("ana@acme.example".into())),
                ],
                subject: "g7f3a-1c9e0-55b2d".into(),
                own: None,
                changes: vec![],
                each_time: false,
            }
        }
    }

    impl Samples for ConsentPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self::sample();
            vec![
                ("number_only", Self { claims: vec![], each_time: true, ..page.clone() }),
                (
                    "more",
                    Self {
                        changes: vec![ShownChange::of(&Change::More)],
                        claims: vec![ClaimRow::name(Some("Ana Example".into())).needed(), ClaimRow::email(None).marked_new()],
                        ..page.clone()
                    },
                ),
                (
                    "changed",
                    Self {
                        changes: vec![
                            ShownChange::of(&Change::Name("Notes".into())),
                            ShownChange::of(&Change::RunBy(String::new())),
                            ShownChange::of(&Change::Host(vec!["notes.example.org".into(), "n.example.org".into()])),
                            ShownChange::of(&Change::Text),
                        ],
                        ..page.clone()
                    },
                ),
                (
                    "needs",
                    Self {
                        changes: vec![ShownChange::of(&Change::Needs(vec!["email".into()]))],
                        claims: vec![ClaimRow::name(Some("Ana Example".into())).needed(), ClaimRow::email(None).needed()],
                        ..page.clone()
                    },
                ),
                ("own", Self { own: Some(ShownOwn::sample()), ..page.clone() }),
                (
                    "own_changed",
                    Self {
                        own: Some(ShownOwn { by: None, ..ShownOwn::sample() }),
                        claims: vec![ClaimRow::name(Some("Ana Example".into())).needed()],
                        changes: vec![ShownChange::of(&Change::Own)],
                        ..page.clone()
                    },
                ),
                ("first", page),
            ]
        }
    }

    impl Samples for DeniedPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                person: "ana".into(),
                groups: vec!["Finance".into(), "Night shift".into()],
                request: Some("01a2".into()),
                shown_to: "s1".into(),
                ..Self::about(Closed::NotForYou, "Payroll".into(), "Acme IT".into())
            };
            let off = Self::about(Closed::Off, "Payroll".into(), "Acme IT".into());
            vec![
                ("off", Self { text: "We move it to a new machine. It is back on Monday.".into(), ..off.clone() }),
                ("off_nobody_named", Self { run_by: String::new(), ..off }),
                ("one_group", Self { groups: vec!["Finance".into()], run_by: String::new(), ..page.clone() }),
                ("no_group", Self { groups: vec![], ..page.clone() }),
                (
                    "incomplete",
                    Self {
                        closed: Closed::Incomplete,
                        lacks: [Claim::Username, Claim::Email].map(|claim| ClaimRow::of(claim, None).label).into(),
                        groups: vec![],
                        ..page.clone()
                    },
                ),
                ("not_for_you", page),
            ]
        }
    }

    impl Samples for ContinuePage {
        fn samples() -> Vec<(&'static str, Self)> {
            vec![("native", Self { app: "Notes".into(), url: "org.example.notes:/callback?code=vsc_1&state=2".into() })]
        }
    }
}
