//! The protocol endpoints as applications and attackers see them, on both databases: what is refused, how, and that what
//! is allowed is exactly what was asked for and agreed to.

mod allowed;
mod authorize;
mod consent;
mod decisions;
mod direct;
mod logout;
mod machines;
mod proofs;
mod published;
mod token;
mod userinfo;

use vouchsafe::domain::client::{ClientAuth, ClientKind, NewClient};
use vouchsafe::kernel::address::RedirectUri;

use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::Ana;
use crate::support::relying_party::{Application, Asked};

/// Opens a request in a browser that is signed in, and allows what is asked with these optional claims if there is a
/// question. The answer is the one that sends the browser back to the application.
async fn allow(http: &Http, asked: &Asked, optional: &[&str]) -> Answer {
    let page = http.follow(asked.url.as_str()).await;
    if page.status == 303 {
        return page;
    }
    let action = consent_action(&page.expect(200));
    let page = http.follow(asked.url.as_str()).await;
    // The request was opened twice; each opening is a request of its own.
    let own = consent_action(&page);
    assert_ne!(action, own);
    let claims: Vec<String> = optional.iter().map(|claim| format!("claim_{claim}")).collect();
    let mut values: Vec<(&str, &str)> = claims.iter().map(|name| (name.as_str(), "yes")).collect();
    values.push(("decision", "allow"));
    http.send_form(&page, &own, &values).await.expect(303)
}

/// Where the consent page of a request posts to.
fn consent_action(page: &Answer) -> String {
    page.url.path().replace("/authorize/continue/", "/consent/")
}

/// A code for an application, and what was asked for it.
pub(crate) async fn code(http: &Http, application: &Application, scope: &str, optional: &[&str]) -> (Asked, String) {
    let asked = application.ask(scope, &[]);
    let back = allow(http, &asked, optional).await;
    let code = application.code(&asked, &back.location().unwrap());
    (asked, code)
}

/// A server, Ana signed in, and an application with defaults.
async fn ready(backend: crate::support::Backend) -> (Inside, Ana, Application) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let application = server.register("Grafana").await;
    (server, ana, application)
}

/// Makes an application public.
fn public(new: &mut NewClient) {
    (new.kind, new.auth) = (ClientKind::Public, ClientAuth::None);
}

fn address(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap()
}

/// A request of this application with one parameter changed, or left out with `None`.
fn changed(asked: &Asked, name: &str, value: Option<&str>) -> String {
    let mut url = asked.url.clone();
    let pairs: Vec<(String, String)> = asked.url.query_pairs().into_owned().filter(|(known, _)| known != name).collect();
    url.query_pairs_mut().clear().extend_pairs(pairs);
    if let Some(value) = value {
        url.query_pairs_mut().append_pair(name, value);
    }
    url.to_string()
}
