//! What is registered about an application: shown in plain words, changed, and who may.

use vouchsafe::domain::audit::Kind;
use vouchsafe::domain::client::Access;
use vouchsafe::flows::demo_app::{self, Demo};

use super::{allow, code, page_of, record, token};
use crate::people::{come_in, invite};
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::Ana;
use crate::support::relying_party::Application;
use crate::support::{Backend, both};

both!(
    everything_registered_is_said_in_plain_words,
    a_change_counts_at_once_and_is_written_down,
    a_secret_is_presented_in_either_way_or_the_one_chosen,
    what_is_wrong_changes_nothing,
    an_older_form_puts_nothing_back,
    the_demo_is_shown_and_left_alone,
    only_whoever_looks_after_applications_gets_there,
);

const OLD: &str = "https://grafana.example/callback";

/// Sends the form of a change. A page read without a browser does not say what is in its larger fields.
pub(crate) async fn change(http: &Http, page: &str, changes: &[(&str, &str)]) -> Answer {
    let address = format!("{page}/change");
    let shown = http.get(&address).await.expect(200);
    let mut fields = vec![("redirect_uris", OLD), ("authentication", "client_secret_basic"), ("algorithm", "ES256")];
    fields.retain(|(name, _)| !changes.iter().any(|(other, _)| other == name));
    fields.extend_from_slice(changes);
    http.send_form(&shown, &address, &fields).await
}

async fn everything_registered_is_said_in_plain_words(backend: Backend) {
    // OA-30
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let grafana = server
        .register_with("Grafana", |new| {
            new.access = Access::Groups(vec![]);
            new.hardened = true;
        })
        .await;
    let link = ana.http.get("/apps").await.expect(200).link("/apps/0").unwrap();
    assert_eq!(link, page_of(&server, &grafana).await);
    let page = ana.http.get(&link).await.expect(200);
    let (words, text) = (page.words(), page.text());
    for said in [
        "Grafana",
        "Acme IT",
        grafana.client_id.as_str(),
        OLD,
        "https://grafana.example/bye",
        "No one (its groups were deleted)",
        "On a server",
        "ES256",
        "PKCE Always required",
        "Last used Never",
        "Created 23 November 2026, 12:0",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(!text.contains(grafana.secret.as_deref().unwrap()));
    ana.http.get("/apps/01a2094e-84be-7374-8cb4-aa55cbd9c4c2").await.expect(404);
    ana.http.get("/apps/grafana").await.expect(404);
}

async fn a_change_counts_at_once_and_is_written_down(backend: Backend) {
    // OA-03, OA-28, OA-30
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let mut grafana = server.register("Grafana").await;
    let page = page_of(&server, &grafana).await;
    // On their way before the change: a question, a request without PKCE, a code.
    let asked = grafana.ask("openid", &[("prompt", "consent")]);
    let question = ana.http.follow(asked.url.as_str()).await.expect(200);
    let mut bare = grafana.ask("openid", &[("prompt", "consent")]).url;
    let pairs: Vec<(String, String)> = bare.query_pairs().into_owned().filter(|(name, _)| !name.starts_with("code_challenge")).collect();
    bare.query_pairs_mut().clear().extend_pairs(pairs);
    let spared = ana.http.follow(bare.as_str()).await.expect(200);
    let (before, waiting) = code(&ana.http, &grafana, "openid").await;

    let (other, both) = ("https://grafana.example/new", format!("{OLD}\r\nhttps://grafana.example/new"));
    let to = change(&ana.http, &page, &[("redirect_uris", &both), ("hardened", "yes")]).await.expect(303).location().unwrap();
    let after = ana.http.get(to.as_str()).await.expect(200).words();
    assert!(after.contains("Changes saved") && after.contains(other) && after.contains("PKCE Always required"), "{after}");
    // The request without PKCE came while that was allowed, and is answered no more.
    assert_eq!(allow(&ana.http, &spared).await.expect(303).sent_back("error").as_deref(), Some("invalid_request"));
    assert_eq!(ana.http.get(bare.as_str()).await.expect(303).sent_back("error").as_deref(), Some("invalid_request"));

    server.pass(1);
    let changes = [("redirect_uris", other), ("name", "Charts"), ("run_by", "The charts team"), ("algorithm", "EdDSA")];
    change(&ana.http, &page, &changes).await.expect(303);
    // Nothing goes to the old address now, whatever was on its way there.
    let stopped = allow(&ana.http, &question).await.expect(400);
    assert!(stopped.words().contains("isn’t registered for it"), "{}", stopped.words());
    ana.http.get(asked.url.as_str()).await.expect(400);
    let late = grafana.token(&grafana.token_fields(&before, &waiting)).await.expect(400);
    assert_eq!(late.json()["error"], "invalid_grant");
    grafana.redirect_uri = other.to_owned();
    let asked = grafana.ask("openid", &[("prompt", "consent")]);
    let question = ana.http.follow(asked.url.as_str()).await.expect(200);
    assert!(question.words().contains("Charts is run by The charts team"), "{}", question.words());
    vouchsafe::flows::signing_keys::wait_for(&server, vouchsafe::platform::crypto::jws::Algorithm::EdDsa).await.unwrap();
    let back = allow(&ana.http, &question).await.expect(303).location().unwrap();
    let code = grafana.code(&asked, &back);
    let answer = grafana.token(&grafana.token_fields(&asked, &code)).await.expect(200).json();
    let header = jsonwebtoken::decode_header(answer["id_token"].as_str().unwrap()).unwrap();
    assert_eq!(header.alg, jsonwebtoken::Algorithm::EdDSA);

    let told = record(&server, &page, Kind::ClientChanged).await;
    assert_eq!(told.len(), 2);
    assert_eq!(told[1]["hardened"], serde_json::json!({ "old": false, "new": true }));
    assert_eq!(told[1]["redirect_uris"], serde_json::json!({ "old": [OLD], "new": [OLD, other] }));
    assert_eq!(told[0]["name"], serde_json::json!({ "old": "Grafana", "new": "Charts" }));
    assert_eq!(told[0].as_object().unwrap().len(), 4, "only what changed: {}", told[0]);
    // Saving what is there already is no change.
    change(&ana.http, &page, &[("redirect_uris", other), ("algorithm", "EdDSA")]).await.expect(303);
    assert_eq!(record(&server, &page, Kind::ClientChanged).await.len(), 2);
}

async fn a_secret_is_presented_in_either_way_or_the_one_chosen(backend: Backend) {
    // OA-39, OA-81
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let grafana = server.register("Grafana").await;
    let secret = grafana.secret.clone().unwrap();
    let page = page_of(&server, &grafana).await;
    let fields = [("grant_type", "authorization_code"), ("code", "x")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let in_body = [("client_id", grafana.client_id.clone()), ("client_secret", secret)].map(|(name, value)| (name.to_owned(), value));
    let posting = Application::discover(&server.address, &grafana.client_id, None, OLD).await;
    for (way, shown, header, body) in [
        ("client_secret_post", "Body only (client_secret_post)", "invalid_client", "invalid_grant"),
        ("client_secret_basic", "Header only (client_secret_basic)", "invalid_grant", "invalid_client"),
        ("either", "In the header or the body", "invalid_grant", "invalid_grant"),
    ] {
        let to = change(&ana.http, &page, &[("authentication", way)]).await.expect(303).location().unwrap();
        assert!(ana.http.get(to.as_str()).await.expect(200).words().contains(shown), "{shown}");
        assert_eq!(grafana.token(&fields).await.json()["error"], header, "{way}");
        assert_eq!(posting.token(&[&fields[..], &in_body].concat()).await.json()["error"], body, "{way}");
        server.pass(1);
    }
    let told = record(&server, &page, Kind::ClientChanged).await;
    assert_eq!(told[2]["authentication"], serde_json::json!({ "old": "client_secret_basic", "new": "client_secret_post" }));
    assert_eq!(told[0]["authentication"], serde_json::json!({ "old": "client_secret_basic", "new": "either" }));
}

async fn what_is_wrong_changes_nothing(backend: Backend) {
    // OA-05, OA-30
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let grafana = server.register("Grafana").await;
    server.register("Payroll").await;
    let tool = server
        .register_with("Tool", |new| {
            (new.kind, new.auth) = (vouchsafe::domain::client::ClientKind::Public, vouchsafe::domain::client::ClientAuth::None);
        })
        .await;
    let page = page_of(&server, &grafana).await;
    for (changes, words) in [
        (&[("name", " ")][..], "Enter the name"),
        (&[("name", "PAYROLL")], "Another application has this or a similar name"),
        (&[("redirect_uris", " ")], "at least one redirect URI"),
        (&[("redirect_uris", "https://*.example/")], "a wildcard"),
        (&[("authentication", "none")], "Choose a client authentication method"),
        (&[("algorithm", "none")], "Choose a signing algorithm"),
        (&[("who", "groups")], "Choose who may use it"),
    ] {
        let refused = change(&ana.http, &page, changes).await.expect(422);
        assert!(refused.words().contains(words), "{changes:?}: {}", refused.words());
    }
    assert!(record(&server, &page, Kind::ClientChanged).await.is_empty());
    let taken = change(&ana.http, &page, &[("name", "PAYROLL")]).await;
    ana.http
        .send_form(
            &taken,
            "/change",
            &[("same_name", "yes"), ("redirect_uris", OLD), ("authentication", "client_secret_basic"), ("algorithm", "ES256")],
        )
        .await
        .expect(303);
    // Where it runs is for good, whatever a form says.
    let page = page_of(&server, &tool).await;
    post(&ana.http, &page, &[("shape", "server"), ("redirect_uris", "https://tool.example/callback")]).await.expect(303);
    assert!(ana.http.get(&page).await.expect(200).words().contains("In the browser"));
}

/// A form was open while someone else took an address and everyone's access away: saving it does not put them back.
async fn an_older_form_puts_nothing_back(backend: Backend) {
    // OA-03, OA-28
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let leaked = "https://grafana.example/leaked";
    let grafana = server
        .register_with("Grafana", |new| new.redirect_uris.push(vouchsafe::kernel::address::RedirectUri::parse(leaked).unwrap()))
        .await;
    let group = server.write(|w| vouchsafe::domain::group::find_or_create(w, "Board")).await.unwrap();
    let page = page_of(&server, &grafana).await;
    let (address, field, addresses) = (format!("{page}/change"), format!("group_{group}"), format!("{OLD}\r\n{leaked}"));
    let older = ana.http.get(&address).await.expect(200);
    // Shown again for another mistake, it is still the older form.
    let typed = [("name", "Charts"), ("run_by", ""), ("redirect_uris", addresses.as_str())];
    let wrong = ana.http.send_form(&older, &address, &[&typed[..], &[("algorithm", "none")]].concat()).await.expect(422);
    change(&ana.http, &page, &[("who", "groups"), (&field, "yes")]).await.expect(303);

    let mut shown = None;
    for older in [older, wrong] {
        let fields = [&typed[..], &[("algorithm", "ES256")]].concat();
        let again = ana.http.send_form(&older, &address, &fields).await.expect(422);
        let client = server.read(vouchsafe::domain::client::list).await.unwrap().remove(0);
        assert_eq!((client.name.as_str(), client.access), ("Grafana", Access::Groups(vec![group])));
        assert_eq!(client.redirect_uris.iter().map(|uri| uri.as_str()).collect::<Vec<_>>(), [OLD]);
        let words = again.words();
        for said in ["Someone else changed this application while you were editing", "You had entered: Charts", "You had left it empty"] {
            assert!(words.contains(said), "{said}: {words}");
        }
        assert!(words.contains(&format!("You had entered: {OLD} {leaked}")), "{words}");
        let form = again.form(&address);
        assert_eq!((form.value("name"), form.value("who"), form.value(&field)), (Some("Grafana"), Some("groups"), Some("yes")));
        shown = Some(again);
    }
    assert_eq!(record(&server, &page, Kind::ClientChanged).await.len(), 1);
    // What is shown then can be saved.
    let fields = [("name", "Charts"), ("redirect_uris", OLD), ("authentication", "client_secret_basic"), ("algorithm", "ES256")];
    ana.http.send_form(&shown.unwrap(), &address, &fields).await.expect(303);
    let client = server.read(vouchsafe::domain::client::list).await.unwrap().remove(0);
    assert_eq!((client.name.as_str(), client.access), ("Charts", Access::Groups(vec![group])));
}

/// The form with fields that its page does not offer.
async fn post(http: &Http, page: &str, changes: &[(&str, &str)]) -> Answer {
    let address = format!("{page}/change");
    let shown = http.get(&address).await.expect(200);
    let form = shown.form(&address);
    let (token, seen) = (form.value("form_token").unwrap(), form.value("seen").unwrap());
    let mut fields = vec![
        ("form_token", token),
        ("seen", seen),
        ("name", "Grafana"),
        ("who", "everyone"),
        ("authentication", "client_secret_basic"),
        ("algorithm", "ES256"),
        ("claim_delivery", "id_token_and_userinfo"),
        ("redirect_uris", OLD),
    ];
    fields.retain(|(name, _)| !changes.iter().any(|(other, _)| other == name));
    fields.extend_from_slice(changes);
    http.post_form(&address, &fields).await
}

async fn the_demo_is_shown_and_left_alone(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    demo_app::register(&server, Demo::Beside, "http://127.0.0.1:8081").await.unwrap();
    let link = ana.http.get("/apps").await.expect(200).link("/apps/0").unwrap();
    let page = ana.http.get(&link).await.expect(200);
    assert!(page.words().contains("built-in demo app") && !page.text().contains("<form"), "{}", page.words());
    let token = ana.http.get("/apps/new").await.expect(200).form("/apps/new").value("form_token").unwrap().to_owned();
    let secret = page_secret(&server, &link).await;
    for act in ["change", "disable", "enable", "delete", &format!("secrets/{secret}")] {
        ana.http.get(&format!("{link}/{act}")).await.expect(403);
    }
    for act in ["change", "disable", "enable", "delete", "secrets", &format!("secrets/{secret}")] {
        let fields =
            [("form_token", token.as_str()), ("text", "x"), ("reason", "x"), ("name", "x"), ("redirect_uris", OLD), ("who", "everyone")];
        let fields = if act.starts_with("secrets") { &fields[..1] } else { &fields[..] };
        ana.http.post_form(&format!("{link}/{act}"), fields).await.expect(403);
    }
}

async fn page_secret(server: &Inside, link: &str) -> String {
    let id = link.strip_prefix("/apps/").unwrap().parse().unwrap();
    server.read(move |w| vouchsafe::domain::client::secrets(w, id)).await.unwrap()[0].id.to_string()
}

async fn only_whoever_looks_after_applications_gets_there(backend: Backend) {
    // EN-15, SE-13
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let grafana = server.register("Grafana").await;
    let page = page_of(&server, &grafana).await;
    let secret = page_secret(&server, &page).await;
    let shown = ana.http.get(&page).await.expect(200);
    let (dan, _) = come_in(&server, &invite(&ana, &[("name", "Dan"), ("username", "dan"), ("role", "people")]).await).await;
    let (chi, _) = come_in(&server, &invite(&ana, &[("name", "Chi"), ("username", "chi"), ("role", "applications")]).await).await;
    for path in [page.clone(), format!("{page}/change"), format!("{page}/disable"), format!("{page}/secrets/{secret}")] {
        assert!(!dan.get(&path).await.expect(403).words().contains("Grafana"));
        chi.get(&path).await.expect(200);
    }
    for path in ["/groups", "/groups/new"] {
        chi.get(path).await.expect(403);
        dan.get(path).await.expect(200);
    }
    let form_token = dan.get("/groups/new").await.expect(200).form("/groups/new").value("form_token").unwrap().to_owned();
    for act in ["change", "disable", "delete", "secrets", &format!("secrets/{secret}")] {
        dan.post_form(&format!("{page}/{act}"), &[("form_token", &form_token)]).await.expect(403);
    }
    // An old proof lets look, and not act; after a new one the application is where it goes on.
    server.pass(16 * 60);
    ana.http.get(&page).await.expect(200);
    let asked = ana.http.send_form(&shown, "/secrets", &[]).await.expect(303).location().unwrap();
    assert!(asked.path() == "/reauthenticate" && asked.query().unwrap() == format!("to={page}"), "{asked}");
    assert_eq!(record(&server, &page, Kind::ClientSecretMade).await.len(), 0);
    // It goes on working all the same.
    token(&server, &ana.http, &grafana).await;
}
