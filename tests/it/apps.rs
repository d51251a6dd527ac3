//! Connecting an application by page, as its administrator and its users see it.

use vouchsafe::domain::group;

use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::Ana;
use crate::support::relying_party::Application;
use crate::support::{Backend, both};

both!(
    an_application_is_connected_by_page_and_signs_people_in,
    what_is_wrong_is_said_and_nothing_typed_is_lost,
    only_whoever_has_the_right_and_a_fresh_proof_connects,
    an_application_with_a_secret_can_be_hardened,
);

const REDIRECT: &str = "https://wiki.example/callback";

const WIKI: &[(&str, &str)] = &[
    ("name", "Wiki"),
    ("run_by", "Acme IT"),
    ("redirect_uris", REDIRECT),
    ("who", "everyone"),
    ("shape", "server"),
    ("authentication", "client_secret_basic"),
    ("algorithm", "ES256"),
    ("claim_delivery", "id_token_and_userinfo"),
];

/// Sends the form with `changes`.
async fn connect(http: &Http, changes: &[(&str, &str)]) -> Answer {
    let page = http.get("/apps/new").await.expect(200);
    let mut fields: Vec<(&str, &str)> = WIKI.iter().filter(|(name, _)| !changes.iter().any(|(other, _)| other == name)).copied().collect();
    fields.extend_from_slice(changes);
    let form = page.form("/apps/new");
    fields.push(("form_token", form.value("form_token").unwrap()));
    http.post_form("/apps/new", &fields).await
}

/// The text of the element with this id.
fn value(page: &Answer, id: &str) -> Option<String> {
    let text = page.text();
    let (_, rest) = text.split_once(&format!("id=\"{id}\""))?;
    Some(rest.split_once('>')?.1.split('<').next()?.to_owned())
}

async fn an_application_is_connected_by_page_and_signs_people_in(backend: Backend) {
    // OA-30, LG-06
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let empty = ana.http.get("/apps").await.expect(200);
    assert!(empty.words().contains("No application is connected yet"), "{}", empty.words());
    let to = connect(&ana.http, &[]).await.expect(303).location().unwrap();
    let shown = ana.http.get(to.as_str()).await.expect(200);
    let (id, secret) = (value(&shown, "client-id").unwrap(), value(&shown, "client-secret").unwrap());
    assert!(!to.as_str().contains(&secret));
    assert_eq!(value(&shown, "issuer").unwrap(), server.address);

    let wiki = Application::discover(&server.address, &id, Some(&secret), REDIRECT).await;
    let asked = wiki.ask("openid profile", &[]);
    let page = ana.http.follow(asked.url.as_str()).await.expect(200);
    let action =
        page.text().split("action=\"").find_map(|part| part.split('"').next().filter(|to| to.starts_with("/consent/"))).unwrap().to_owned();
    let back = ana.http.send_form(&page, &action, &[("decision", "allow")]).await.expect(303).location().unwrap();
    let (claims, _) = wiki.exchange(&asked, &wiki.code(&asked, &back), server.time()).await;
    assert_eq!(claims["aud"], id.as_str());

    let list = ana.http.get("/apps").await.expect(200);
    assert!(list.words().contains("Wiki") && list.words().contains("Everyone") && !list.text().contains(&secret), "{}", list.words());
    // The secret is not to be had again, by nobody and from nowhere.
    assert_eq!(Http::new(&server.address).get(to.as_str()).await.expect(303).location().unwrap().path(), "/login");
    server.pass(11 * 60);
    let later = ana.http.get(to.as_str()).await.expect(303).location().unwrap();
    assert_eq!(Some(later.path()), to.path().strip_suffix("/connected"));
    assert!(!ana.http.get(later.as_str()).await.expect(200).text().contains(&secret));
}

async fn what_is_wrong_is_said_and_nothing_typed_is_lost(backend: Backend) {
    // OA-05
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    for (changes, words) in [
        (&[("name", " ")][..], "Enter the name"),
        (&[("name", &"x".repeat(61))], "at most 60 characters"),
        (&[("run_by", "a\u{202e}b")], "on one line"),
        (&[("redirect_uris", " \r\n ")], "at least one redirect URI"),
        (&[("redirect_uris", "https://wiki.example/callback\r\nhttps://*.example/")], "a wildcard"),
        (&[("redirect_uris", "javascript:alert(1)")], "isn’t secure"),
        (&[("redirect_uris", "http://wiki.example/callback")], "isn’t secure"),
        (&[("redirect_uris", "https://wiki.example/#x")], "a # part"),
        (&[("redirect_uris", "https://a:b@wiki.example/")], "a username or password"),
        (&[("post_logout_redirect_uris", "wiki")], "isn’t a complete address"),
        (&[("who", "")], "Choose who may use it"),
        (&[("who", "groups")], "Choose who may use it"),
        (&[("shape", "")], "Choose the application type"),
        (&[("authentication", "none")], "Choose a client authentication method"),
        (&[("authentication", "")], "Choose a client authentication method"),
        (&[("algorithm", "none")], "Choose a signing algorithm"),
        (&[("claim_delivery", "")], "Choose one of these places"),
    ] {
        let refused = connect(&ana.http, changes).await.expect(422);
        assert!(refused.words().contains(words), "{changes:?}: {}", refused.words());
        let form = refused.form("/apps/new");
        for (name, value) in WIKI.iter().filter(|(name, _)| ["name", "run_by"].contains(name)) {
            let expected = changes.iter().find(|(other, _)| other == name).map_or(*value, |(_, value)| *value);
            assert_eq!(form.value(name), Some(expected));
        }
    }
    assert!(ana.http.get("/apps").await.expect(200).words().contains("No application is connected yet"));
    // Nothing is chosen before someone chooses.
    let first = ana.http.get("/apps/new").await.expect(200).form("/apps/new");
    assert_eq!((first.value("who"), first.value("shape")), (None, None));
    // Two of one name only when that is meant.
    connect(&ana.http, &[]).await.expect(303);
    let again = connect(&ana.http, &[("name", "WIKI")]).await.expect(422);
    assert!(again.words().contains("Another application has this or a similar name"));
    connect(&ana.http, &[("name", "WIKI"), ("same_name", "yes")]).await.expect(303);
    // Groups are offered by name, and what was ticked is kept.
    server.write(|w| group::find_or_create(w, "Warehouse")).await.unwrap();
    let page = ana.http.get("/apps/new").await.expect(200).text();
    let field = format!("group_{}", page.split("name=\"group_").nth(1).unwrap().split('"').next().unwrap());
    let kept = connect(&ana.http, &[("name", ""), ("who", "groups"), (&field, "yes")]).await.expect(422);
    // Who, the group, where it runs and where claims are read.
    assert_eq!(kept.text().matches(" checked").count(), 4);
    connect(&ana.http, &[("name", "Payroll"), ("who", "groups"), (&field, "yes")]).await.expect(303);
    assert!(ana.http.get("/apps").await.expect(200).words().contains("Warehouse"));
}

async fn only_whoever_has_the_right_and_a_fresh_proof_connects(backend: Backend) {
    // EN-15, SE-13
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let page = ana.http.get("/apps/new").await.expect(200);
    server.pass(16 * 60);
    ana.http.get("/apps").await.expect(200);
    assert_eq!(ana.http.get("/apps/new").await.expect(303).location().unwrap().query(), Some("to=/apps/new"));
    assert_eq!(ana.http.send_form(&page, "/apps/new", WIKI).await.expect(303).location().unwrap().path(), "/reauthenticate");
    server.pass(31 * 60);
    assert_eq!(ana.http.get("/apps").await.expect(303).location().unwrap().query(), Some("to=/apps"));
    assert_eq!(Http::new(&server.address).get("/apps").await.expect(303).location().unwrap().path(), "/login");
}

async fn an_application_with_a_secret_can_be_hardened(backend: Backend) {
    // OA-30
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    for (shape, hardened, said) in [
        ("browser", "yes", "Required, because it has no secret"),
        ("installed", "", "Required, because it has no secret"),
        ("server", "yes", "Always required"),
        ("server", "", "PKCE or a nonce"),
    ] {
        let name = format!("{shape} {hardened}");
        let shown = connect(&ana.http, &[("shape", shape), ("name", &name), ("hardened", hardened)]).await.expect(303).location().unwrap();
        let shown = ana.http.get(shown.as_str()).await.expect(200);
        assert_eq!(value(&shown, "client-secret").is_some(), shape == "server");
        let page = ana.http.get(shown.url.path().trim_end_matches("/connected")).await.expect(200);
        assert!(page.words().contains(said), "{name}: {}", page.words());
    }
}
