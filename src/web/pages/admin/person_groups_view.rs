//! `/people/<id>/groups`: which groups a person is in.

use serde::Serialize;

use crate::platform::render::Page;
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
