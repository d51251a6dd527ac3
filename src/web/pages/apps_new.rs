//! A8 `/apps/new`: connecting an application.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::admin::options;
use super::app_connected::keep;
use super::apps_new_view::{AppsNewPage, GroupChoice};
use super::parts::FieldError;
use crate::app::App;
use crate::flows::apps::{self, Exemption, Place, SameName, Shape, Typed, Unfit, Who, Wrong};
use crate::kernel::address::AddressProblem;
use crate::kernel::ids::GroupId;
use crate::kernel::text::TextProblem;
use crate::platform::render::Text;
use crate::web::Failure;
use crate::web::guard::{Browser, FreshAdmin, Posted, Shared};
use crate::web::respond::{page_with, see_other};

type Fields = HashMap<String, String>;

/// Shows the form.
pub async fn show(app: Shared, browser: Browser, admin: FreshAdmin) -> Result<HttpResponse, Failure> {
    let groups = apps::known_groups(&app, &admin.actor).await?;
    answer(&app, &browser, &admin, StatusCode::OK, &page(&Fields::new(), &groups, vec![], false)).await
}

/// Takes the form.
pub async fn submit(app: Shared, browser: Browser, admin: FreshAdmin, Posted(form): Posted<Fields>) -> Result<HttpResponse, Failure> {
    let groups = apps::known_groups(&app, &admin.actor).await?;
    let same = if is_ticked(&form, "same_name") { SameName::Taken } else { SameName::Refused };
    let unfit = match apps::register_typed(&app, &admin.actor, typed(&form, &groups), same).await? {
        Ok(registered) => {
            let id = registered.client.id;
            keep(&app, &admin, registered).await?;
            return Ok(see_other(&format!("/apps/{id}/connected")));
        }
        Err(unfit) => unfit,
    };
    let (errors, same_name) = match unfit {
        Unfit::SameName => (vec![FieldError { field: "name", text: Text::new("error-app-same-name") }], true),
        Unfit::Wrong(wrong) => (wrong.iter().map(said).collect(), is_ticked(&form, "same_name")),
    };
    answer(&app, &browser, &admin, StatusCode::UNPROCESSABLE_ENTITY, &page(&form, &groups, errors, same_name)).await
}

async fn answer(app: &App, browser: &Browser, admin: &FreshAdmin, status: StatusCode, page: &AppsNewPage) -> Result<HttpResponse, Failure> {
    let options = options(app, admin.signed_in.session.person, |right| admin.actor.may(right), None).await?;
    page_with(app, browser, status, page, options)
}

fn text(form: &Fields, field: &str) -> String {
    form.get(field).cloned().unwrap_or_default()
}

fn is_ticked(form: &Fields, field: &str) -> bool {
    form.get(field).is_some_and(|value| value == "yes")
}

fn is_chosen(form: &Fields, group: GroupId) -> bool {
    is_ticked(form, &format!("group_{group}"))
}

fn typed(form: &Fields, groups: &[(GroupId, String)]) -> Typed {
    let lines = |field: &str| text(form, field).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    Typed {
        name: text(form, "name"),
        run_by: form.get("run_by").filter(|text| !text.trim().is_empty()).cloned(),
        redirect_uris: lines("redirect_uris"),
        post_logout_redirect_uris: lines("post_logout_redirect_uris"),
        who: match form.get("who").map(String::as_str) {
            Some("everyone") => Some(Who::Everyone),
            Some("groups") => {
                Some(Who::Groups(groups.iter().filter(|(id, _)| is_chosen(form, *id)).map(|(_, name)| name.clone()).collect()))
            }
            _ => None,
        },
        shape: form.get("shape").and_then(|word| Shape::parse(word)),
        algorithm: text(form, "algorithm"),
        no_pkce: is_ticked(form, "no_pkce").then(|| text(form, "pkce_reason")),
        no_nonce: is_ticked(form, "no_nonce").then(|| text(form, "nonce_reason")),
    }
}

fn page(form: &Fields, groups: &[(GroupId, String)], errors: Vec<FieldError>, same_name: bool) -> AppsNewPage {
    let algorithm = text(form, "algorithm");
    let choice =
        |(id, name): &(GroupId, String)| GroupChoice { field: format!("group_{id}"), name: name.clone(), chosen: is_chosen(form, *id) };
    AppsNewPage {
        name: text(form, "name"),
        run_by: text(form, "run_by"),
        redirect_uris: text(form, "redirect_uris"),
        post_logout_redirect_uris: text(form, "post_logout_redirect_uris"),
        who: text(form, "who"),
        groups: groups.iter().map(choice).collect(),
        shape: text(form, "shape"),
        algorithm: if algorithm.is_empty() { "RS256".to_owned() } else { algorithm },
        no_pkce: is_ticked(form, "no_pkce"),
        pkce_reason: text(form, "pkce_reason"),
        no_nonce: is_ticked(form, "no_nonce"),
        nonce_reason: text(form, "nonce_reason"),
        same_name,
        errors,
    }
}

/// What is wrong, beside its field.
fn said(wrong: &Wrong) -> FieldError {
    let at = |field: &'static str, key: &'static str| FieldError { field, text: Text::new(key) };
    match wrong {
        Wrong::Name(TextProblem::Empty) => at("name", "error-app-name-missing"),
        Wrong::Name(_) => at("name", "error-app-name-invalid"),
        Wrong::RunBy => at("run_by", "error-app-run-by"),
        Wrong::NoRedirect => at("redirect_uris", "error-app-no-redirect"),
        Wrong::Address(place, typed, problem) => {
            let field = match place {
                Place::Redirect => "redirect_uris",
                Place::PostLogout => "post_logout_redirect_uris",
            };
            let shown: String = typed.chars().take(100).collect();
            FieldError { field, text: Text::new(why(*problem)).with("address", shown) }
        }
        Wrong::NobodyChosen => at("who", "error-app-who"),
        Wrong::NoSuchGroup(_) => at("who", "error-app-group"),
        Wrong::NoShape => at("shape", "error-app-shape"),
        Wrong::Algorithm => at("algorithm", "error-app-algorithm"),
        Wrong::Reason(Exemption::Pkce) => at("pkce_reason", "error-app-exempt-reason"),
        Wrong::Reason(Exemption::Nonce) => at("nonce_reason", "error-app-exempt-reason"),
        Wrong::Exempt(Exemption::Pkce) => at("no_pkce", "error-app-exempt-public"),
        Wrong::Exempt(Exemption::Nonce) => at("no_nonce", "error-app-exempt-public"),
    }
}

fn why(problem: AddressProblem) -> &'static str {
    match problem {
        AddressProblem::Malformed | AddressProblem::Path | AddressProblem::IpAddress => "error-address-malformed",
        AddressProblem::Scheme | AddressProblem::NeedsHttps => "error-address-scheme",
        AddressProblem::Fragment => "error-address-fragment",
        AddressProblem::UserInfo => "error-address-user",
        AddressProblem::Pattern => "error-address-pattern",
        AddressProblem::TooLong => "error-address-long",
    }
}
