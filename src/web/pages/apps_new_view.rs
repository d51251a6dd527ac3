//! A8 `/apps/new`: what is asked about an application.

use serde::Serialize;

use super::parts::FieldError;
use crate::platform::render::{Page, Text};

/// A group that may be let in. The field has the value `yes`.
#[derive(Clone, Debug, Serialize)]
pub struct GroupChoice {
    /// The name of its field.
    pub field: String,
    /// Its name.
    pub name: String,
    /// It was ticked.
    pub chosen: bool,
}

/// Connecting an application. Posts these fields, and those of the groups, to `/apps/new`.
#[derive(Clone, Debug, Serialize)]
pub struct AppsNewPage {
    /// What was typed.
    pub name: String,
    /// What was typed.
    pub run_by: String,
    /// What was typed, an address a line.
    pub redirect_uris: String,
    /// What was typed, an address a line.
    pub post_logout_redirect_uris: String,
    /// `everyone`, `groups`, or nothing chosen yet.
    pub who: String,
    /// The groups there are.
    pub groups: Vec<GroupChoice>,
    /// `server`, `browser`, `installed`, or nothing chosen yet.
    pub shape: String,
    /// How its ID tokens are signed.
    pub algorithm: String,
    /// PKCE is not to be demanded.
    pub no_pkce: bool,
    /// Why.
    pub pkce_reason: String,
    /// A nonce is not to be demanded.
    pub no_nonce: bool,
    /// Why.
    pub nonce_reason: String,
    /// Offers to take a name that another application has.
    pub same_name: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Page for AppsNewPage {
    const TEMPLATE: &'static str = "pages/apps_new.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = Self {
            name: String::new(),
            run_by: String::new(),
            redirect_uris: String::new(),
            post_logout_redirect_uris: String::new(),
            who: String::new(),
            groups: vec![],
            shape: String::new(),
            algorithm: "RS256".into(),
            no_pkce: false,
            pkce_reason: String::new(),
            no_nonce: false,
            nonce_reason: String::new(),
            same_name: false,
            errors: vec![],
        };
        let group = |field: &str, name: &str, chosen| GroupChoice { field: field.into(), name: name.into(), chosen };
        let typed = Self {
            name: "Grafana".into(),
            run_by: "Acme IT".into(),
            redirect_uris: "https://grafana.example.org/login/generic_oauth".into(),
            who: "groups".into(),
            groups: vec![group("group_1", "Warehouse", true), group("group_2", "Night shift", false)],
            shape: "server".into(),
            no_pkce: true,
            ..page.clone()
        };
        let error = |field, key| FieldError { field, text: Text::new(key) };
        let all = vec![
            error("name", "error-app-name-missing"),
            error("redirect_uris", "error-app-no-redirect"),
            error("who", "error-app-who"),
            error("shape", "error-app-shape"),
        ];
        let address = FieldError { field: "redirect_uris", text: Text::new("error-address-pattern").with("address", "https://*.example") };
        vec![
            ("errors", Self { errors: all, ..page.clone() }),
            ("reason", Self { errors: vec![address, error("pkce_reason", "error-app-exempt-reason")], ..typed.clone() }),
            ("same_name", Self { same_name: true, errors: vec![error("name", "error-app-same-name")], ..typed }),
            ("first", page),
        ]
    }
}
