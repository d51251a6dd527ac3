//! `/groups`: the groups, and the pages that make, name and remove one.

use serde::Serialize;

use crate::platform::render::Page;
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
