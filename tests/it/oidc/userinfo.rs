//! `/userinfo`: which tokens open it, and what it says and writes down.

use std::time::Duration;

use reqwest::Method;
use vouchsafe::domain::client::ClaimDelivery;
use vouchsafe::domain::grant::{self, CodeClaim, Since};
use vouchsafe::domain::identity::{self, PersonState};
use vouchsafe::domain::ledger::{self, Released, ReleasedIn};
use vouchsafe::platform::crypto::token::{AccessToken, Code, Token};

use super::{allow, code, ready};
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::Ana;
use crate::support::{Backend, both};

both!(
    lowered_limits_hold_for_what_was_given,
    a_token_ends_with_an_unused_session,
    only_a_live_token_opens_it,
    tokens_end_with_what_they_came_from,
    what_is_told_is_written_down,
    claims_stand_in_the_id_token_unless_registered_otherwise
);

/// What applications were given about Ana, newest first.
async fn releases(server: &Inside) -> Vec<Released> {
    let read = server.read(|w| {
        let ana = identity::find_by_login_name(w, "ana")?.unwrap();
        ledger::recent(w, ana.id, 100)
    });
    read.await.unwrap()
}

/// The ledger of Ana: ids and claims, newest first.
pub(super) async fn ledger(server: &Inside) -> Vec<(String, Vec<String>)> {
    releases(server).await.into_iter().map(|row| (row.id.to_string(), row.claims)).collect()
}

/// OA-70, OIDC Core section 5.4: most programs read only the ID token, so it says what the person allowed; an application
/// registered for userinfo only gets there what its `claims` parameter names. The ledger says what was given where.
async fn claims_stand_in_the_id_token_unless_registered_otherwise(backend: Backend) {
    let (server, ana, both) = ready(backend).await;
    let apart = server.register_with("Payroll", |new| new.claim_delivery = ClaimDelivery::Userinfo).await;
    let wanted = [("claims", "{\"id_token\":{\"email\":null}}")];
    for (application, more, in_token) in [
        (&both, &[][..], &["email", "email_verified", "name", "preferred_username", "updated_at"][..]),
        (&apart, &[], &[]),
        (&apart, &wanted, &["email", "email_verified"]),
    ] {
        let asked = application.ask("openid profile email", more);
        let back = allow(&ana.http, &asked, &["email", "username"]).await.location().unwrap();
        server.pass(1);
        let (claims, answer) = application.exchange(&asked, &application.code(&asked, &back), server.time()).await;
        server.pass(1);
        let about = ["email", "email_verified", "name", "preferred_username", "updated_at"];
        let said: Vec<&str> = about.into_iter().filter(|claim| claims.get(claim).is_some()).collect();
        assert_eq!(said, in_token, "{claims}");
        let told = application.userinfo(answer["access_token"].as_str().unwrap()).await.expect(200).json();
        assert!(about.iter().all(|claim| told.get(claim).is_some()), "{told}");
        for claim in in_token {
            assert_eq!(claims[claim], told[claim], "one value in both places");
        }
        let rows = releases(&server).await;
        let [newest, before, ..] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((newest.place, before.place), (Some(ReleasedIn::Userinfo), Some(ReleasedIn::IdToken)));
        assert!(about.iter().all(|claim| before.claims.iter().any(|given| given == claim) == in_token.contains(claim)), "{before:?}");
    }
}

async fn set_state(server: &Inside, state: PersonState) {
    let set = server.write(move |w| {
        let ana = identity::find_by_login_name(w, "ana")?.unwrap();
        identity::set_state(w, ana.id, state)
    });
    set.await.unwrap();
}

#[track_caller]
fn refused(answer: &Answer, status: u16, error: Option<&str>) {
    assert_eq!(answer.status, status, "{}", answer.text());
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(challenge.starts_with("Bearer "), "{challenge}");
    assert_eq!(challenge.contains("error="), error.is_some(), "{challenge}");
    assert!(error.is_none_or(|error| challenge.contains(&format!("error=\"{error}\""))), "{challenge}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.header("content-type").unwrap().starts_with("application/json"));
    assert!(answer.json().get("sub").is_none());
}

/// SE-12, OA-29: a session ends by the limits of now, whatever they were when it began, and its grants and tokens with it.
async fn lowered_limits_hold_for_what_was_given(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let (asked, first) = code(&ana.http, &application, "openid", &[]).await;
    let (_, answer) = application.exchange(&asked, &first, server.time()).await;
    let token = Token::<AccessToken>::parse(answer["access_token"].as_str().unwrap()).unwrap().hash();
    server.pass(120);
    let (now, lately) = (server.live_since(), server.time().minus(Duration::from_secs(100)));
    for (since, open) in [(now, true), (Since { opened: lately, ..now }, false), (Since { used: lately, ..now }, false)] {
        let found = server.read(move |w| grant::find_access(w, &token, since)).await.unwrap();
        assert_eq!(found.is_some(), open, "{since:?}");
    }
    let (_, unspent) = code(&ana.http, &application, "openid", &[]).await;
    let unspent = Token::<Code>::parse(&unspent).unwrap().hash();
    let claimed = server.write(move |w| grant::claim_code(w, &unspent, Since { opened: lately, ..now })).await.unwrap();
    assert!(matches!(claimed, CodeClaim::Won(row) if !row.live), "of a session that is too old");
}

/// SE-05, OA-29: a session nobody uses ends its tokens when it ends, though they would last longer.
async fn a_token_ends_with_an_unused_session(backend: Backend) {
    let server = Inside::with(backend, &[("session.idle", "5m")]).await;
    let ana = Ana::arrive(&server).await;
    let application = server.register("Grafana").await;
    let (asked, first) = code(&ana.http, &application, "openid", &[]).await;
    let (_, answer) = application.exchange(&asked, &first, server.time()).await;
    let http = Http::new(&server.address);
    let bearer = format!("Bearer {}", answer["access_token"].as_str().unwrap());
    let get = async || http.request(Method::GET, "/userinfo").header("authorization", &bearer).send().await;
    server.pass(200);
    assert_eq!(get().await.status, 200);
    server.pass(200);
    refused(&get().await, 401, Some("invalid_token"));
}

/// OA-13, OA-57, OA-73, OA-74, CVE-68, TK-04
async fn only_a_live_token_opens_it(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let (asked, first) = code(&ana.http, &application, "openid profile", &[]).await;
    let (claims, answer) = application.exchange(&asked, &first, server.time()).await;
    let (token, id_token) = (answer["access_token"].as_str().unwrap(), answer["id_token"].as_str().unwrap());
    let http = Http::new(&server.address);
    let get = |header: &str| http.request(Method::GET, "/userinfo").header("authorization", header);
    for method in [Method::GET, Method::POST] {
        let request = http.request(method, "/userinfo").without("origin").without("sec-fetch-site");
        let answer = request.header("authorization", &format!("bEARER {token}")).send().await;
        assert_eq!((answer.status, &answer.json()["sub"]), (200, &claims["sub"]));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert!(answer.header("access-control-allow-credentials").is_none());
    }
    for bad in [
        &token[..token.len() - 1],
        &format!("{token}A"),
        &format!("{token}, {token}"),
        &token[4..],
        &token.replacen("vsa_", "vsc_", 1),
        id_token,
        first.as_str(),
        application.secret.as_deref().unwrap(),
        "x",
    ] {
        refused(&get(&format!("Bearer {bad}")).send().await, 401, Some("invalid_token"));
    }
    assert_eq!(get("Bearer é").send().await.status, 401);
    // RFC 6750 section 2.2: posted in a form, and in one place only.
    let posted = |pairs: &[(&str, &str)]| http.request(Method::POST, "/userinfo").form(pairs);
    assert_eq!(posted(&[("access_token", token)]).send().await.expect(200).json()["sub"], claims["sub"]);
    let twice = posted(&[("access_token", token), ("access_token", token)]);
    let both = posted(&[("access_token", token)]).header("authorization", &format!("Bearer {token}"));
    for bad in [twice, both] {
        refused(&bad.send().await, 400, Some("invalid_request"));
    }
    refused(&posted(&[("access_token", "x")]).send().await, 401, Some("invalid_token"));
    let json = http.request(Method::POST, "/userinfo").json(&serde_json::json!({ "access_token": token }));
    refused(&json.send().await, 401, None);
    // The person's cookies open nothing here, and there is no other place for a token.
    refused(&ana.http.get("/userinfo").await, 401, None);
    refused(&get(&format!("Basic {token}")).send().await, 401, None);
    refused(&get(token).send().await, 401, None);
    refused(&http.get(&format!("/userinfo?access_token={token}")).await, 400, Some("invalid_request"));
    let preflight = http.request(Method::OPTIONS, "/userinfo").header("origin", "https://app.example").send().await.expect(204);
    assert!(preflight.header("access-control-allow-headers").unwrap().contains("authorization"));
}

/// OA-29, OA-47, OA-54, OA-73, SE-08
async fn tokens_end_with_what_they_came_from(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let token = || async {
        let (asked, code) = code(&ana.http, &application, "openid", &[]).await;
        let answer = application.exchange(&asked, &code, server.time()).await.1;
        answer["access_token"].as_str().unwrap().to_owned()
    };
    let first = token().await;
    server.pass(599);
    application.userinfo(&first).await.expect(200);
    server.pass(1);
    refused(&application.userinfo(&first).await, 401, Some("invalid_token"));

    let second = token().await;
    set_state(&server, PersonState::Disabled).await;
    refused(&application.userinfo(&second).await, 401, Some("invalid_token"));
    set_state(&server, PersonState::Active).await;
    application.userinfo(&second).await.expect(200);
    let page = ana.http.get("/logout").await.expect(200);
    ana.http.send_form(&page, "/logout/confirm", &[("scope", "everywhere")]).await;
    refused(&application.userinfo(&second).await, 401, Some("invalid_token"));
}

/// OA-70, OA-75, and one row for each token answer and each token's first use
async fn what_is_told_is_written_down(backend: Backend) {
    let (server, ana, application) = ready(backend).await;
    let (asked, first) = code(&ana.http, &application, "openid profile email", &["email", "username"]).await;
    assert_eq!(ledger(&server).await.len(), 0, "a code tells nothing yet");
    let (_, answer) = application.exchange(&asked, &first, server.time()).await;
    assert_eq!(ledger(&server).await.len(), 1);
    let token = answer["access_token"].as_str().unwrap();
    let told = application.userinfo(token).await.expect(200);
    let entry = told.header("vouchsafe-ledger-entry").unwrap().to_owned();
    let told = told.json();
    assert_eq!((&told["name"], &told["preferred_username"]), (&"Ana Example".into(), &"ana".into()));
    assert_eq!((&told["email"], &told["email_verified"]), (&"ana@acme.example".into(), &false.into()));
    assert!(told["updated_at"].as_i64().is_some_and(|at| at <= server.time().seconds()), "{told}");
    let again = application.userinfo(token).await.expect(200);
    assert!(entry.starts_with(again.header("vouchsafe-ledger-entry").unwrap()), "the same entry stands for repeats");
    let rows = ledger(&server).await;
    assert_eq!(rows.len(), 2, "{rows:?}");
    let row = rows.iter().find(|(id, _)| entry.starts_with(id.as_str()));
    let mut claims = row.unwrap().1.clone();
    claims.sort();
    assert_eq!(claims, ["email", "email_verified", "name", "preferred_username", "sub", "updated_at"]);
}
