//! An administrator vouches for an address: applications are told that it is confirmed, without a mail server.

use vouchsafe::domain::audit::Kind;

use super::{come_in, entries, invite, page_of};
use crate::oidc::code;
use crate::support::app::Inside;
use crate::support::people::Ana;
use crate::support::{Backend, both};

both!(a_vouched_address_is_confirmed_until_it_is_taken_back, nobody_vouches_for_themselves_or_past_their_right);

async fn a_vouched_address_is_confirmed_until_it_is_taken_back(backend: Backend) {
    // OA-70, EN-15
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let grafana = server.register("Grafana").await;
    let (ben, _) = come_in(&server, &invite(&ana, &[("email", "ben@acme.example")]).await).await;
    let told = async || {
        let (asked, code) = code(&ben, &grafana, "openid email", &["email"]).await;
        let (claims, answer) = grafana.exchange(&asked, &code, server.time()).await;
        let userinfo = grafana.userinfo(answer["access_token"].as_str().unwrap()).await.expect(200).json();
        assert_eq!((&claims["email"], &claims["email_verified"]), (&userinfo["email"], &userinfo["email_verified"]));
        claims["email_verified"].as_bool().unwrap()
    };
    assert!(!told().await);
    let person = page_of(&ana, "Ben Example").await;
    assert!(person.words().contains("not confirmed") && person.text().contains("/vouch\""), "{}", person.words());
    let person = person.url.path().to_owned();
    let ask = ana.http.get(&format!("{person}/vouch")).await.expect(200);
    assert!(ask.words().contains("ben@acme.example"), "{}", ask.words());
    ana.http.submit(&ask, "/vouch", &[("reason", " ")]).await.expect(422);
    assert!(!told().await);
    let page = ana.http.submit(&ask, "/vouch", &[("reason", "Given out by <b>us</b>")]).await.expect(200);
    let by = "Vouched for by Ana Example on 23 November 2026";
    for words in [page.words(), ben.get("/me").await.expect(200).words()] {
        assert!(words.contains(by) && words.contains("Given out by <b>us</b>") && !words.contains("not confirmed"), "{words}");
    }
    assert!(told().await);

    let ask = ana.http.get(&format!("{person}/withdraw_vouch")).await.expect(200);
    ana.http.submit(&ask, "/withdraw_vouch", &[("reason", "It is another Ben's")]).await.expect(200);
    assert!(!told().await);
    assert!(!ben.get("/me").await.expect(200).words().contains("vouched"));
    let page = ana.http.submit(&ask, "/withdraw_vouch", &[("reason", "Twice")]).await.expect(200);
    assert!(page.words().contains("no longer exists"), "{}", page.words());
    for kind in [Kind::EmailVouched, Kind::EmailVouchWithdrawn] {
        assert_eq!(entries(&server, "ben", kind).await, 1, "{kind:?}");
    }
}

async fn nobody_vouches_for_themselves_or_past_their_right(backend: Backend) {
    // EN-15
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let own = page_of(&ana, "Ana Example").await;
    assert!(own.words().contains("You can’t vouch for your own address") && !own.text().contains("/vouch\""), "{}", own.words());
    let own = own.url.path().to_owned();
    let ask = ana.http.get(&format!("{own}/vouch")).await.expect(200);
    ana.http.submit(&ask, "/vouch", &[("reason", "I know myself")]).await.expect(403);
    // Who looks after people only does nothing to an owner; who looks after applications gets nowhere near.
    let (dan, _) = come_in(&server, &invite(&ana, &[("name", "Dan"), ("username", "dan"), ("role", "people")]).await).await;
    let (chi, _) = come_in(&server, &invite(&ana, &[("name", "Chi"), ("username", "chi"), ("role", "applications")]).await).await;
    let ask = dan.get(&format!("{own}/vouch")).await.expect(200);
    dan.submit(&ask, "/vouch", &[("reason", "x")]).await.expect(403);
    chi.get(&format!("{own}/vouch")).await.expect(403);
    assert_eq!(entries(&server, "ana", Kind::EmailVouched).await, 0);
    // Without an address there is nothing to vouch for.
    let person = page_of(&ana, "Dan").await;
    assert!(!person.text().contains("/vouch\""));
    let ask = ana.http.get(&format!("{}/vouch", person.url.path())).await.expect(200);
    assert!(ask.words().contains("has no email address"), "{}", ask.words());
}
