//! The form about an application, whether it is new or changed: what it says, and what is wrong with it.

use std::collections::HashMap;

use serde::Serialize;

use crate::domain::client::{AddressPurpose, AddressReasons, ClaimDelivery};
use crate::flows::apps::{SameName, Shape, TypedApp, USUAL, Unfit, Who, Wrong};
use crate::kernel::address::{AddressExemption, AddressProblem, ascii_of};
use crate::kernel::claim::Claim;
use crate::kernel::ids::GroupId;
use crate::kernel::text::TextProblem;
use crate::web::pages::parts::FieldError;

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

/// The fields by their names.
pub(in crate::web::pages) type Fields = HashMap<String, String>;

fn text(form: &Fields, field: &str) -> String {
    form.get(field).cloned().unwrap_or_default()
}

/// What was typed, if anything was.
fn given(form: &Fields, field: &str) -> Option<String> {
    form.get(field).filter(|text| !text.trim().is_empty()).cloned()
}

fn is_ticked(form: &Fields, field: &str) -> bool {
    form.get(field).is_some_and(|value| value == "yes")
}

fn is_chosen(form: &Fields, group: GroupId) -> bool {
    is_ticked(form, &format!("group_{group}"))
}

/// Whether it is meant that another application has the same name.
pub(in crate::web::pages) fn same_name(form: &Fields) -> SameName {
    if is_ticked(form, "same_name") { SameName::Taken } else { SameName::Refused }
}

/// What the form says.
pub(in crate::web::pages) fn typed(form: &Fields, groups: &[(GroupId, String)]) -> TypedApp {
    let lines = |field: &str| text(form, field).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    TypedApp {
        name: text(form, "name"),
        run_by: given(form, "run_by"),
        redirect_uris: lines("redirect_uris"),
        post_logout_redirect_uris: lines("post_logout_redirect_uris"),
        address_reasons: AddressReasons {
            private_http: given(form, "private_http_reason"),
            undotted_scheme: given(form, "undotted_scheme_reason"),
        },
        who: match form.get("who").map(String::as_str) {
            Some("everyone") => Some(Who::Everyone),
            Some("groups") => {
                Some(Who::Groups(groups.iter().filter(|(id, _)| is_chosen(form, *id)).map(|(_, name)| name.clone()).collect()))
            }
            _ => None,
        },
        shape: form.get("shape").and_then(|word| Shape::parse(word)),
        authentication: text(form, "authentication"),
        algorithm: text(form, "algorithm"),
        claim_delivery: text(form, "claim_delivery"),
        claim_rules: Claim::ALL.into_iter().filter_map(|claim| Some((claim, form.get(rule_field(claim))?.clone()))).collect(),
        own: is_ticked(form, "own").then(|| text(form, "own_reason")),
        hardened: is_ticked(form, "hardened"),
    }
}

/// The fields that say it.
pub(in crate::web::pages) fn fields(typed: &TypedApp, groups: &[(GroupId, String)]) -> Fields {
    let mut fields = Fields::new();
    let mut put = |field: &str, value: String| fields.insert(field.to_owned(), value);
    put("name", typed.name.clone());
    put("run_by", typed.run_by.clone().unwrap_or_default());
    put("redirect_uris", typed.redirect_uris.join("\n"));
    put("post_logout_redirect_uris", typed.post_logout_redirect_uris.join("\n"));
    put("private_http_reason", typed.address_reasons.private_http.clone().unwrap_or_default());
    put("undotted_scheme_reason", typed.address_reasons.undotted_scheme.clone().unwrap_or_default());
    put("authentication", typed.authentication.clone());
    put("algorithm", typed.algorithm.clone());
    put("claim_delivery", typed.claim_delivery.clone());
    for (claim, rule) in &typed.claim_rules {
        put(rule_field(*claim), rule.clone());
    }
    if let Some(reason) = &typed.own {
        put("own", "yes".to_owned());
        put("own_reason", reason.clone());
    }
    match &typed.who {
        Some(Who::Everyone) => drop(put("who", "everyone".to_owned())),
        Some(Who::Groups(names)) => {
            put("who", "groups".to_owned());
            for (id, _) in groups.iter().filter(|(_, name)| names.contains(name)) {
                put(&format!("group_{id}"), "yes".to_owned());
            }
        }
        None => {}
    }
    if let Some(shape) = typed.shape {
        put("shape", shape.as_str().to_owned());
    }
    if typed.hardened {
        put("hardened", "yes".to_owned());
    }
    fields
}

/// The form as it is shown, with what was typed.
pub(in crate::web::pages) fn shown(form: &Fields, groups: &[(GroupId, String)]) -> AppForm {
    let or = |field: &str, first: &str| Some(text(form, field)).filter(|text| !text.is_empty()).unwrap_or_else(|| first.to_owned());
    let choice =
        |(id, name): &(GroupId, String)| GroupChoice { field: format!("group_{id}"), name: name.clone(), chosen: is_chosen(form, *id) };
    AppForm {
        name: text(form, "name"),
        run_by: text(form, "run_by"),
        redirect_uris: text(form, "redirect_uris"),
        post_logout_redirect_uris: text(form, "post_logout_redirect_uris"),
        private_http_reason: text(form, "private_http_reason"),
        undotted_scheme_reason: text(form, "undotted_scheme_reason"),
        who: text(form, "who"),
        groups: groups.iter().map(choice).collect(),
        shape: text(form, "shape"),
        authentication: or("authentication", "either"),
        algorithm: or("algorithm", "RS256"),
        claim_delivery: or("claim_delivery", ClaimDelivery::IdTokenAndUserinfo.as_str()),
        claim_rules: Claim::ALL
            .map(|claim| RuleChoice { field: rule_field(claim), claim: claim.as_str(), chosen: or(rule_field(claim), USUAL) })
            .into(),
        own: is_ticked(form, "own"),
        own_reason: text(form, "own_reason"),
        hardened: is_ticked(form, "hardened"),
        same_name: is_ticked(form, "same_name"),
    }
}

/// The form as it was refused, with what is wrong beside its fields. Where another application has the name, it offers that.
pub(in crate::web::pages) fn refused(unfit: &Unfit, form: &Fields, groups: &[(GroupId, String)]) -> (AppForm, Vec<FieldError>) {
    let shown = shown(form, groups);
    match unfit {
        Unfit::SameName => (AppForm { same_name: true, ..shown }, vec![FieldError::new("name", "error-app-same-name")]),
        Unfit::Wrong(wrong) => (shown, wrong.iter().map(said).collect()),
    }
}

/// That someone else changed the application meanwhile; beside each field that now says something else, what was typed.
pub(in crate::web::pages) fn outdated(now: &TypedApp, typed: &TypedApp) -> Vec<FieldError> {
    let lines = |texts: &[String]| texts.join(" ");
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let differ = [
        ("name", now.name.clone(), typed.name.clone()),
        ("run_by", text(&now.run_by), text(&typed.run_by)),
        ("own_reason", text(&now.own), text(&typed.own)),
        ("redirect_uris", lines(&now.redirect_uris), lines(&typed.redirect_uris)),
        ("private_http_reason", text(&now.address_reasons.private_http), text(&typed.address_reasons.private_http)),
        ("undotted_scheme_reason", text(&now.address_reasons.undotted_scheme), text(&typed.address_reasons.undotted_scheme)),
        ("post_logout_redirect_uris", lines(&now.post_logout_redirect_uris), lines(&typed.post_logout_redirect_uris)),
    ];
    let typed = differ.into_iter().filter(|(_, now, typed)| now != typed).map(|(field, _, typed)| {
        if typed.is_empty() {
            FieldError::new(field, "error-app-outdated-empty")
        } else {
            FieldError::new(field, "error-app-outdated-field").with("typed", typed)
        }
    });
    [FieldError::new("form", "error-app-outdated")].into_iter().chain(typed).collect()
}

/// The field for who decides about a claim.
fn rule_field(claim: Claim) -> &'static str {
    match claim {
        Claim::Name => "rule_name",
        Claim::Username => "rule_username",
        Claim::Email => "rule_email",
    }
}

fn said(wrong: &Wrong) -> FieldError {
    let at = |field: &'static str, key: &'static str| FieldError::new(field, key);
    match wrong {
        Wrong::Name(TextProblem::Empty) => at("name", "error-app-name-missing"),
        Wrong::Name(problem) => FieldError::unfit("name", *problem, "error-app-name-invalid"),
        Wrong::RunBy => at("run_by", "error-app-run-by"),
        Wrong::NoRedirect => at("redirect_uris", "error-app-no-redirect"),
        Wrong::Address(place, typed, problem) => {
            let field = match place {
                AddressPurpose::Redirect => "redirect_uris",
                AddressPurpose::PostLogout => "post_logout_redirect_uris",
            };
            let ascii = ascii_of(typed).filter(|_| *problem == AddressProblem::NotAscii);
            let shown: String = ascii.as_deref().unwrap_or(typed).chars().take(100).collect();
            FieldError::new(field, why(*problem)).with("address", shown)
        }
        Wrong::AddressReason(AddressExemption::PrivateHttp) => at("private_http_reason", "error-app-address-reason"),
        Wrong::AddressReason(AddressExemption::UndottedScheme) => at("undotted_scheme_reason", "error-app-address-reason"),
        Wrong::NobodyChosen => at("who", "error-app-who"),
        Wrong::NoSuchGroup(_) => at("who", "error-app-group"),
        Wrong::NoShape => at("shape", "error-app-shape"),
        Wrong::Authentication => at("authentication", "error-app-authentication"),
        Wrong::Algorithm => at("algorithm", "error-app-algorithm"),
        Wrong::ClaimRule(claim) => at(rule_field(*claim), "error-app-claim-rule"),
        Wrong::OwnReason => at("own_reason", "error-app-own-reason"),
        Wrong::ClaimDelivery => at("claim_delivery", "error-app-claim-delivery"),
    }
}

fn why(problem: AddressProblem) -> &'static str {
    match problem {
        AddressProblem::Malformed | AddressProblem::Path | AddressProblem::IpAddress => "error-address-malformed",
        AddressProblem::Scheme | AddressProblem::NeedsHttps => "error-address-scheme",
        AddressProblem::PrivateHttp => "error-address-private-http",
        AddressProblem::UndottedScheme => "error-address-undotted-scheme",
        AddressProblem::NotAscii => "error-address-not-ascii",
        AddressProblem::Fragment => "error-address-fragment",
        AddressProblem::UserInfo => "error-address-user",
        AddressProblem::Pattern => "error-address-pattern",
        AddressProblem::TooLong => "error-address-long",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Timestamp;
    use crate::platform::crypto::OsEntropy;

    #[test]
    fn what_fields_say_is_what_was_typed() {
        let groups: Vec<(GroupId, String)> =
            ["Warehouse", "Board"].map(|name| (GroupId::make(Timestamp::from_seconds(1), &OsEntropy), name.to_owned())).to_vec();
        let said = TypedApp {
            name: "Wiki".into(),
            run_by: Some("Acme IT".into()),
            redirect_uris: vec!["https://wiki.example/a".into(), "https://wiki.example/b".into()],
            post_logout_redirect_uris: vec![],
            address_reasons: AddressReasons { private_http: Some("No TLS at home".into()), undotted_scheme: None },
            who: Some(Who::Groups(vec!["Board".into()])),
            shape: Some(Shape::Server),
            authentication: "client_secret_post".into(),
            algorithm: "ES256".into(),
            claim_delivery: "userinfo".into(),
            claim_rules: [(Claim::Email, "needed".to_owned())].into(),
            own: Some("Our intranet".into()),
            hardened: true,
        };
        for typed_first in [said.clone(), TypedApp { run_by: None, who: Some(Who::Everyone), hardened: false, ..said }] {
            let read = typed(&fields(&typed_first, &groups), &groups);
            assert_eq!(format!("{read:?}"), format!("{typed_first:?}"));
        }
    }
}
