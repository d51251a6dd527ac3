//! The form about an application, as the pages that connect and change one show it.

use serde::Serialize;

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

/// Who decides about a claim.
#[derive(Clone, Debug, Serialize)]
pub struct RuleChoice {
    /// The name of its field.
    pub field: &'static str,
    /// The claim.
    pub claim: &'static str,
    /// `usual`, `needed`, `choice` or `never`.
    pub chosen: String,
}

/// What is asked about an application. These are the fields, and those of the groups.
#[derive(Clone, Debug, Serialize)]
pub struct AppForm {
    /// What was typed.
    pub name: String,
    /// What was typed.
    pub run_by: String,
    /// What was typed, an address a line.
    pub redirect_uris: String,
    /// What was typed, an address a line.
    pub post_logout_redirect_uris: String,
    /// Why its addresses may be http on a private network; empty when they may not.
    pub private_http_reason: String,
    /// Why they may have a custom scheme without a dot; empty when they may not.
    pub undotted_scheme_reason: String,
    /// `everyone`, `groups`, or nothing chosen yet.
    pub who: String,
    /// The groups there are.
    pub groups: Vec<GroupChoice>,
    /// `server`, `browser`, `installed`, or nothing chosen yet.
    pub shape: String,
    /// How it presents its secret, if it has one.
    pub authentication: String,
    /// How its ID tokens are signed.
    pub algorithm: String,
    /// Where it reads claims.
    pub claim_delivery: String,
    /// Who decides about each claim.
    pub claim_rules: Vec<RuleChoice>,
    /// The organisation runs it itself.
    pub own: bool,
    /// Why its people are told and not asked.
    pub own_reason: String,
    /// It must always use PKCE.
    pub hardened: bool,
    /// Offers to take a name that another application has.
    pub same_name: bool,
}

impl AppForm {
    /// With nothing typed.
    pub fn empty() -> Self {
        Self {
            name: String::new(),
            run_by: String::new(),
            redirect_uris: String::new(),
            post_logout_redirect_uris: String::new(),
            private_http_reason: String::new(),
            undotted_scheme_reason: String::new(),
            who: String::new(),
            groups: vec![],
            shape: String::new(),
            authentication: "either".into(),
            algorithm: "RS256".into(),
            claim_delivery: "id_token_and_userinfo".into(),
            claim_rules: [("rule_name", "name"), ("rule_username", "username"), ("rule_email", "email")]
                .map(|(field, claim)| RuleChoice { field, claim, chosen: "usual".into() })
                .into(),
            own: false,
            own_reason: String::new(),
            hardened: false,
            same_name: false,
        }
    }
}

#[cfg(test)]
mod samples {
    use super::*;

    impl AppForm {
        /// An example.
        pub fn sample() -> Self {
            let group = |field: &str, name: &str, chosen| GroupChoice { field: field.into(), name: name.into(), chosen };
            Self {
                name: "Grafana".into(),
                run_by: "Acme IT".into(),
                redirect_uris: "https://grafana.example.org/login/generic_oauth".into(),
                who: "groups".into(),
                groups: vec![group("group_1", "Warehouse", true), group("group_2", "Night shift", false)],
                shape: "server".into(),
                hardened: true,
                ..Self::empty()
            }
        }
    }
}
