//! Who decides what an application gets: its registration, the person, and the person anew on their own pages.

use serde_json::{Value, json};
use vouchsafe::domain::audit::{self, Book, Kind};
use vouchsafe::domain::identity;
use vouchsafe::kernel::claim::{Claim, ClaimRule, ClaimRules};
use vouchsafe::kernel::text::Reason;

use super::{allow, code, consent_action, ready};
use crate::people::{come_in, invite};
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::relying_party::Application;
use crate::support::{Backend, both};

both!(
    each_claim_is_decided_by_who_the_registration_says,
    what_is_needed_must_be_there,
    what_a_request_calls_essential_is_needed_where_it_may_be,
    people_are_told_once_about_the_organisations_own,
    a_person_changes_what_an_application_gets,
    a_person_stops_an_application,
);

const ALL: &str = "openid profile email";

/// What userinfo says with a token, without the number.
async fn told(application: &Application, token: &str) -> Vec<String> {
    let body = application.userinfo(token).await.expect(200).json();
    body.as_object().unwrap().keys().filter(|name| *name != "sub").cloned().collect()
}

async fn token(server: &Inside, application: &Application, asked: &crate::support::relying_party::Asked, back: &Answer) -> (Value, String) {
    let code = application.code(asked, &back.location().unwrap());
    let (claims, answer) = application.exchange(asked, &code, server.time()).await;
    (claims, answer["access_token"].as_str().unwrap().to_owned())
}

/// The entries of a kind about Ana.
async fn entries(server: &Inside, kind: Kind) -> Vec<Value> {
    let read = server.read(|w| {
        let ana = identity::find_by_login_name(w, "ana")?.unwrap();
        audit::recent(w, Book::Audit, ana.id, 100)
    });
    read.await.unwrap().into_iter().filter(|entry| entry.kind == kind).map(|entry| entry.facts).collect()
}

/// Posts a form with these fields and no other, also such as it does not offer.
async fn post(http: &Http, page: &Answer, action: &str, fields: &[(&str, &str)]) -> Answer {
    let form = page.form(action);
    let hidden = ["form_token", "shown_to"].into_iter().filter_map(|name| Some((name, form.value(name)?)));
    let all: Vec<(&str, &str)> = hidden.chain(fields.iter().copied()).collect();
    http.post_form(action, &all).await
}

/// The page of the only application of someone.
async fn page_of(http: &Http) -> Answer {
    let list = http.get("/me/applications").await.expect(200);
    http.get(&list.link("/me/applications/0").unwrap()).await.expect(200)
}

/// What an application does not work without and an account does not have is said to the person, and no code is given.
async fn what_is_needed_must_be_there(backend: Backend) {
    let (server, ana, _) = ready(backend).await;
    let link = invite(&ana, &[]).await;
    let (ben, _) = come_in(&server, &link).await;
    let rules = ClaimRules::OF_OTHERS.with(Claim::Email, ClaimRule::Needed);
    let wiki = server.register_with("Wiki", |new| new.claim_rules = rules).await;
    let page = ben.follow(wiki.ask(ALL, &[]).url.as_str()).await.expect(403);
    for said in ["Wiki needs more than your account has", "Your email", "signed in as ben", "Ask your Vouchsafe administrator"] {
        assert!(page.words().contains(said), "{said}: {}", page.words());
    }
    let again = ben.send_form(&page, &consent_action(&page), &[("decision", "allow")]).await.expect(403);
    assert!(again.words().contains("needs more than"), "{}", again.words());
    let back = ben.send_form(&page, &consent_action(&page), &[("decision", "decline")]).await.expect(303);
    assert_eq!(back.sent_back("error").as_deref(), Some("access_denied"));
    let silent = ben.get(wiki.ask(ALL, &[("prompt", "none")]).url.as_str()).await.expect(303);
    assert_eq!(silent.sent_back("error").as_deref(), Some("interaction_required"));
    // Where it is not asked for, nothing lacks; and Ana has what is.
    ben.follow(wiki.ask("openid profile", &[]).url.as_str()).await.expect(200);
    ana.http.follow(wiki.ask(ALL, &[]).url.as_str()).await.expect(200);
}

/// OA-70, OA-110
async fn each_claim_is_decided_by_who_the_registration_says(backend: Backend) {
    let (server, ana, _) = ready(backend).await;
    let rules = ClaimRules::OF_OTHERS.with(Claim::Email, ClaimRule::Needed).with(Claim::Username, ClaimRule::Never);
    let wiki = server.register_with("Wiki", |new| new.claim_rules = rules).await;
    let asked = wiki.ask(ALL, &[("claims", "{\"id_token\":{\"preferred_username\":{\"essential\":true}}}")]);
    let page = ana.http.follow(asked.url.as_str()).await.expect(200);
    let text = page.text();
    assert!(page.words().contains("Your email Required") && !text.contains("claim_email\" type"), "{}", page.words());
    assert!(!text.contains("claim_username") && !page.words().contains("Your username"), "{}", page.words());
    // A form that says more than its page asked changes nothing.
    let back = post(&ana.http, &page, &consent_action(&page), &[("decision", "allow"), ("claim_username", "yes")]).await.expect(303);
    let (claims, token) = token(&server, &wiki, &asked, &back).await;
    let given = ["email", "email_verified", "name", "updated_at"];
    assert_eq!(told(&wiki, &token).await, given);
    assert!(claims.get("preferred_username").is_none() && claims["email"] == "ana@acme.example", "{claims}");
    // An administrator who says never counts for tokens that are out.
    let rules = rules.with(Claim::Email, ClaimRule::Never);
    let id = wiki.client_id.clone();
    let page = server.read(move |w| vouchsafe::domain::client::find(w, &id)).await.unwrap().unwrap().id;
    crate::managing::change(
        &ana.http,
        &format!("/apps/{page}"),
        &[
            ("redirect_uris", "https://wiki.example/callback"),
            ("rule_name", rules.of(Claim::Name).as_str()),
            ("rule_username", rules.of(Claim::Username).as_str()),
            ("rule_email", rules.of(Claim::Email).as_str()),
        ],
    )
    .await
    .expect(303);
    assert_eq!(told(&wiki, &token).await, ["name", "updated_at"]);
}

/// OIDC Core section 5.5.1
async fn what_a_request_calls_essential_is_needed_where_it_may_be(backend: Backend) {
    let (server, ana, grafana) = ready(backend).await;
    let (asked, first) = code(&ana.http, &grafana, ALL, &[]).await;
    let (claims, _) = grafana.exchange(&asked, &first, server.time()).await;
    assert!(claims.get("email").is_none(), "{claims}");
    let asked = grafana.ask(ALL, &[("claims", "{\"userinfo\":{\"email\":{\"essential\":true}}}")]);
    let page = ana.http.follow(asked.url.as_str()).await.expect(200);
    let words = page.words();
    assert!(words.contains("no longer works without your email") && !words.contains("asking for more than before"), "{words}");
    let back = ana.http.send_form(&page, &consent_action(&page), &[("decision", "allow")]).await.expect(303);
    let (claims, _) = token(&server, &grafana, &asked, &back).await;
    assert_eq!(claims["email"], "ana@acme.example");
    // Once given, it is not asked again, essential or not.
    for more in [&[][..], &[("claims", "{\"id_token\":{\"email\":{\"essential\":true}}}")]] {
        ana.http.get(grafana.ask(ALL, more).url.as_str()).await.expect(303);
    }
}

/// OA-110: told on a page before the first code, never silently; then not again.
async fn people_are_told_once_about_the_organisations_own(backend: Backend) {
    let (server, ana, _) = ready(backend).await;
    let own = server
        .register_with("Intranet", |new| {
            new.own = Some(Reason::parse("Everyone here works with it").unwrap());
            new.claim_rules = ClaimRules::OF_OWN;
        })
        .await;
    let silent = own.ask(ALL, &[("prompt", "none")]);
    let back = ana.http.get(silent.url.as_str()).await.expect(303);
    assert_eq!(back.sent_back("error").as_deref(), Some("consent_required"));
    let asked = own.ask(ALL, &[]);
    let page = ana.http.follow(asked.url.as_str()).await.expect(200);
    let words = page.words();
    for said in ["What Intranet gets", "Everyone here works with it", "Decided by the person who runs this service", "Your email Required"]
    {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(!words.contains("Intranet wants to access your account"), "{words}");
    let back = ana.http.send_form(&page, &consent_action(&page), &[("decision", "allow")]).await.expect(303);
    let (claims, _) = token(&server, &own, &asked, &back).await;
    assert_eq!((&claims["name"], &claims["email"]), (&json!("Ana Example"), &json!("ana@acme.example")));
    assert_eq!(entries(&server, Kind::ConsentGiven).await[0]["basis"], "told");
    for more in [&[][..], &[("prompt", "none")]] {
        let back = ana.http.get(own.ask(ALL, more).url.as_str()).await.expect(303);
        assert!(back.sent_back("code").is_some(), "{:?}", back.location());
    }
    let list = ana.http.get("/me/applications").await.expect(200).words();
    assert!(list.contains("Intranet") && list.contains("Run by") && list.contains("You were told"), "{list}");
    // Run by others from now on: then people are asked.
    let id = own.client_id.clone();
    let page = server.read(move |w| vouchsafe::domain::client::find(w, &id)).await.unwrap().unwrap().id;
    let changes = [("redirect_uris", "https://intranet.example/callback"), ("own", ""), ("rule_email", "needed")];
    crate::managing::change(&ana.http, &format!("/apps/{page}"), &changes).await.expect(303);
    let page = ana.http.follow(own.ask(ALL, &[]).url.as_str()).await.expect(200);
    assert!(
        page.words().contains("Intranet wants to access your account") && page.words().contains("who decides what it gets"),
        "{}",
        page.words()
    );
}

/// OA-112
async fn a_person_changes_what_an_application_gets(backend: Backend) {
    let (server, ana, grafana) = ready(backend).await;
    let empty = ana.http.get("/me/applications").await.expect(200).words();
    assert!(empty.contains("You haven’t signed in to an app yet"), "{empty}");
    let asked = grafana.ask(ALL, &[]);
    let back = allow(&ana.http, &asked, &["email"]).await;
    let (_, before) = token(&server, &grafana, &asked, &back).await;
    assert_eq!(told(&grafana, &before).await, ["email", "email_verified", "name", "updated_at"]);
    // On its way while the choice changes.
    let (waiting, late) = code(&ana.http, &grafana, ALL, &[]).await;

    let page = page_of(&ana.http).await;
    let words = page.words();
    assert!(words.contains("What Grafana gets") && words.contains("ana@acme.example") && words.contains("Acme IT"), "{words}");
    let path = page.url.path().to_owned();
    let fields = [("claim_email", ""), ("claim_username", "yes")];
    let saved = ana.http.submit(&page, &path, &fields).await.expect(200);
    assert!(saved.words().contains("Choices saved"), "{}", saved.words());
    // Tokens and codes from before give what is chosen now, and nothing they were not made for.
    assert_eq!(told(&grafana, &before).await, ["name", "updated_at"]);
    let (claims, _) = grafana.exchange(&waiting, &late, server.time()).await;
    assert!(claims.get("email").is_none() && claims.get("preferred_username").is_none(), "{claims}");
    // The next sign-in gives the new choice, without a question.
    let asked = grafana.ask(ALL, &[]);
    let back = ana.http.get(asked.url.as_str()).await.expect(303);
    let (_, after) = token(&server, &grafana, &asked, &back).await;
    assert_eq!(told(&grafana, &after).await, ["name", "preferred_username", "updated_at"]);
    let changed = entries(&server, Kind::ConsentChanged).await;
    assert_eq!(changed, [json!({ "claims": { "old": ["name", "email"], "new": ["name", "username"] } })]);
    // Saving the same is no change, and what is needed cannot be unticked by hand.
    let form = ana.http.get(&path).await.expect(200);
    post(&ana.http, &form, &path, &[("claim_name", ""), ("claim_username", "yes")]).await.expect(303);
    assert_eq!(entries(&server, Kind::ConsentChanged).await.len(), 1);
    assert_eq!(told(&grafana, &after).await, ["name", "preferred_username", "updated_at"]);
    // Of another person there is nothing to see or to change here.
    let (ben, _) = come_in(&server, &invite(&ana, &[]).await).await;
    ben.get(&path).await.expect(404);
    assert!(ben.get("/me/applications").await.expect(200).words().contains("You haven’t signed in"));
}

/// OA-112, OA-54
async fn a_person_stops_an_application(backend: Backend) {
    let (server, ana, grafana) = ready(backend).await;
    let asked = grafana.ask(ALL, &[]);
    let back = allow(&ana.http, &asked, &["email"]).await;
    let (_, token) = token(&server, &grafana, &asked, &back).await;
    let (waiting, late) = code(&ana.http, &grafana, ALL, &[]).await;
    let page = page_of(&ana.http).await;
    let path = page.url.path().to_owned();
    let stopped = ana.http.submit(&page, &format!("{path}/stop"), &[]).await.expect(200);
    assert!(stopped.words().contains("App stopped") && stopped.words().contains("You haven’t signed in"), "{}", stopped.words());
    assert_eq!(grafana.userinfo(&token).await.status, 401);
    let refused = grafana.token(&grafana.token_fields(&waiting, &late)).await.expect(400);
    assert_eq!(refused.json()["error"], "invalid_grant");
    assert_eq!(entries(&server, Kind::ConsentWithdrawn).await.len(), 1);
    ana.http.get(&path).await.expect(404);
    let again = ana.http.submit(&page, &format!("{path}/stop"), &[]).await.expect(200);
    assert!(again.words().contains("no longer exists"), "{}", again.words());
    assert_eq!(entries(&server, Kind::ConsentWithdrawn).await.len(), 1);
    // The next request asks, as if it were the first.
    let page = ana.http.follow(grafana.ask(ALL, &[]).url.as_str()).await.expect(200);
    assert!(
        page.words().contains("Grafana wants to access your account") && !page.words().contains("since you last decided about"),
        "{}",
        page.words()
    );
    let silent = ana.http.get(grafana.ask(ALL, &[("prompt", "none")]).url.as_str()).await.expect(303);
    assert_eq!(silent.sent_back("error").as_deref(), Some("consent_required"));
    // Without a decision behind it a grant gives nothing, however it came about.
    let back = allow(&ana.http, &grafana.ask("openid", &[]), &[]).await;
    assert!(back.sent_back("code").is_some());
}
