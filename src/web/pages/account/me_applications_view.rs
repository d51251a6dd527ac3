//! `/me/applications`: what each application this person allowed gets, since when, and who decided.

use serde::Serialize;

use crate::kernel::Timestamp;
use crate::platform::render::{Page, Text};
use crate::web::pages::consent::view::{ClaimRow, ShownOwn};

/// An application, in the list and at the top of its own page.
#[derive(Clone, Debug, Serialize)]
pub struct AllowedCard {
    /// Its row.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub run_by: String,
    /// What it gets, apart from the number.
    pub gets: Vec<Text>,
    /// Since when.
    pub since: Timestamp,
    /// The person was told; otherwise they decided.
    pub told: bool,
    /// The organisation runs it itself.
    pub own: Option<ShownOwn>,
    /// It is switched off.
    pub off: bool,
    /// When it was last given something about this person.
    pub last_released: Option<Timestamp>,
}

/// The list.
#[derive(Clone, Debug, Serialize)]
pub struct MeApplicationsPage {
    /// The applications, by their names.
    pub apps: Vec<AllowedCard>,
}

impl Page for MeApplicationsPage {
    const TEMPLATE: &'static str = "pages/account/me_applications.html";
}

/// One claim the person was asked or told about.
#[derive(Clone, Debug, Serialize)]
pub struct ChoiceRow {
    /// Who decides: `needed`, `choice` or `never`.
    pub rule: &'static str,
    /// The claim, ticked when it is given.
    pub claim: ClaimRow,
}

/// One application. Posts `claim_<claim>` with the value `yes` for each that is given to `/me/applications/<id>`, and nothing
/// to `/me/applications/<id>/stop`.
#[derive(Clone, Debug, Serialize)]
pub struct MeApplicationPage {
    /// As in the list.
    pub app: AllowedCard,
    /// What the person was asked or told about.
    pub claims: Vec<ChoiceRow>,
    /// Something is the person's choice.
    pub choice: bool,
}

impl MeApplicationPage {
    /// Of an application and its claims.
    pub fn new(app: AllowedCard, claims: Vec<ChoiceRow>) -> Self {
        let choice = claims.iter().any(|row| row.rule == "choice" && row.claim.value.is_some());
        Self { app, claims, choice }
    }
}

impl Page for MeApplicationPage {
    const TEMPLATE: &'static str = "pages/account/me_application.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl AllowedCard {
        /// An example.
        pub fn sample() -> Self {
            let at = Timestamp::from_seconds(1_777_817_520);
            Self {
                id: "01a2".into(),
                name: "Grafana".into(),
                run_by: "Acme IT".into(),
                gets: vec![Text::new("claim-name"), Text::new("claim-email")],
                since: at,
                told: false,
                own: None,
                off: false,
                last_released: Some(at),
            }
        }
    }

    impl AllowedCard {
        /// One of the organisation's own.
        fn own_sample() -> Self {
            Self {
                id: "01a3".into(),
                name: "Intranet".into(),
                run_by: String::new(),
                told: true,
                own: Some(ShownOwn::sample()),
                ..Self::sample()
            }
        }
    }

    impl Samples for MeApplicationsPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let number_only = AllowedCard {
                name: "Notes".into(),
                run_by: String::new(),
                gets: vec![],
                off: true,
                last_released: None,
                ..AllowedCard::sample()
            };
            vec![
                ("none", Self { apps: vec![] }),
                ("some", Self { apps: vec![AllowedCard::sample(), AllowedCard::own_sample(), number_only] }),
            ]
        }
    }

    impl Samples for MeApplicationPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let row = |rule, claim| ChoiceRow { rule, claim };
            let name = row("needed", ClaimRow::name(Some("Ana Example".into())).needed());
            let choices = vec![
                name.clone(),
                row("choice", ClaimRow::username(Some("ana".into()))),
                row("choice", ClaimRow::email(Some("ana@acme.example".into())).ticked()),
            ];
            let fixed = vec![name, row("never", ClaimRow::username(Some("ana".into()))), row("needed", ClaimRow::email(None).needed())];
            let number_only = AllowedCard { gets: vec![], off: true, last_released: None, ..AllowedCard::sample() };
            let page = Self::new(AllowedCard::sample(), choices);
            let fixed = Self::new(AllowedCard::own_sample(), fixed);
            let number_only = Self::new(number_only, vec![]);
            vec![("own", fixed), ("number_only", number_only), ("choice", page)]
        }
    }
}
