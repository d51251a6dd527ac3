//! What lies between start and finish belongs to one browser, one purpose, one account, five minutes and one answer.

use serde_json::json;

use super::{CeremonyForm, at_login, before_the_first_passkey, refused, signed_in, with_passkey};
use crate::support::app::Inside;
use crate::support::authenticator::Authenticator;
use crate::support::{Backend, both};

both!(an_answer_works_once, an_answer_works_five_minutes, an_answer_works_where_it_was_asked_for, options_say_what_they_must);
both!(a_passkey_is_registered_once, a_removed_passkey_is_refused_at_once);

/// WA-02: taken at the first finish, whatever came of it.
async fn an_answer_works_once(backend: Backend) {
    let server = Inside::start(backend).await;
    let (http, ceremony) = before_the_first_passkey(&server).await;
    let options = ceremony.begin(&http).await;
    let wrong = Authenticator::synced().create(&options, "http://evil.example").finish().0;
    refused("the origin", &ceremony.end(&http, &wrong).await);
    let right = Authenticator::synced().create(&options, &server.address).finish().0;
    refused("a ceremony that is over", &ceremony.end(&http, &right).await);
    let options = ceremony.begin(&http).await;
    let (answer, credential) = Authenticator::synced().create(&options, &server.address).finish();
    assert!(signed_in(&ceremony.end(&http, &answer).await));

    let (http, ceremony) = at_login(&server).await;
    let options = ceremony.begin(&http).await;
    let wrong = credential.get(&options, "http://evil.example").finish();
    refused("the origin", &ceremony.end(&http, &wrong).await);
    let right = credential.get(&options, &server.address).finish();
    refused("a ceremony that is over", &ceremony.end(&http, &right).await);
    let options = ceremony.begin(&http).await;
    let right = credential.get(&options, &server.address).finish();
    assert!(signed_in(&ceremony.end(&http, &right).await));
    assert!(!signed_in(&ceremony.end(&http, &right).await));
}

/// WA-04: by the server's clock.
async fn an_answer_works_five_minutes(backend: Backend) {
    let server = Inside::start(backend).await;
    let (http, ceremony) = before_the_first_passkey(&server).await;
    let options = ceremony.begin(&http).await;
    server.pass(301);
    refused("time", &ceremony.end(&http, &Authenticator::synced().create(&options, &server.address).finish().0).await);
    let options = ceremony.begin(&http).await;
    server.pass(299);
    let (answer, credential) = Authenticator::synced().create(&options, &server.address).finish();
    assert!(signed_in(&ceremony.end(&http, &answer).await));

    let (http, ceremony) = at_login(&server).await;
    let options = ceremony.begin(&http).await;
    server.pass(301);
    refused("time", &ceremony.end(&http, &credential.get(&options, &server.address).finish()).await);
}

/// WA-03, WA-65: not in another browser, not for another purpose.
async fn an_answer_works_where_it_was_asked_for(backend: Backend) {
    let server = Inside::start(backend).await;
    let (ana, credential) = with_passkey(&server, &Authenticator::synced()).await;
    let (http, ceremony) = at_login(&server).await;
    let options = ceremony.begin(&http).await;
    let (other, others) = at_login(&server).await;
    others.begin(&other).await;
    let answer = credential.get(&options, &server.address).finish();
    refused("another browser's challenge", &others.end(&other, &answer).await);
    // Anyone who holds only the token of another browser's page does not even get to a look.
    let theirs = http.post_json("/login/passkey/finish", &others.token, &answer).await;
    assert!(!signed_in(&theirs) && theirs.status == 403, "{} {}", theirs.status, theirs.text());
    // A challenge to make a passkey does not sign in.
    let add = CeremonyForm::on(&ana.get("/me/security/passkeys/add").await.expect(200));
    let making = add.begin(&ana).await;
    let (login, page) = at_login(&server).await;
    page.begin(&login).await;
    refused("the other purpose", &page.end(&login, &credential.get(&making, &server.address).finish()).await);
    // And a challenge to sign in makes no passkey.
    let (login, page) = at_login(&server).await;
    let mut signing = page.begin(&login).await;
    signing["rp"] = making["rp"].clone();
    signing["user"] = making["user"].clone();
    refused("the other purpose", &add.end(&ana, &Authenticator::synced().create(&signing, &server.address).finish().0).await);
}

/// WA-01, WA-05, WA-06, WA-07, WA-10, WA-11.
async fn options_say_what_they_must(backend: Backend) {
    let server = Inside::start(backend).await;
    let (http, ceremony) = before_the_first_passkey(&server).await;
    let mut challenges = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let options = ceremony.begin(&http).await;
        let challenge = data_encoding::BASE64URL_NOPAD.decode(options["challenge"].as_str().unwrap().as_bytes()).unwrap();
        assert!((16..=64).contains(&challenge.len()) && challenges.insert(challenge));
        let algorithms: Vec<i64> =
            options["pubKeyCredParams"].as_array().unwrap().iter().map(|kind| kind["alg"].as_i64().unwrap()).collect();
        assert!(algorithms.contains(&-7) && algorithms.contains(&-257) && !algorithms.contains(&-65535), "{algorithms:?}");
        assert_eq!(options["rp"]["id"], "localhost");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert!(matches!(options["attestation"].as_str(), None | Some("none")), "{options}");
        assert!(options["timeout"].as_u64().is_some_and(|ms| ms <= 300_000), "{options}");
        let handle = options["user"]["id"].as_str().unwrap();
        assert!((22..=86).contains(&handle.len()) && !handle.contains("ana"), "{handle}");
    }
}

/// WA-06, WA-43: the same passkey is not taken a second time, whatever the browser does with the list it was given.
async fn a_passkey_is_registered_once(backend: Backend) {
    let server = Inside::start(backend).await;
    let (ana, credential) = with_passkey(&server, &Authenticator::synced()).await;
    let add = CeremonyForm::on(&ana.get("/me/security/passkeys/add").await.expect(200));
    let options = add.begin(&ana).await;
    let listed = json!([crate::support::authenticator::base64url(&credential.id)]);
    let excluded: Vec<&serde_json::Value> = options["excludeCredentials"].as_array().unwrap().iter().map(|entry| &entry["id"]).collect();
    assert_eq!(json!(excluded), listed);
    let again = Authenticator::synced().create(&options, &server.address).id(&credential.id).finish().0;
    refused("a passkey that is known", &add.end(&ana, &again).await);
    let options = add.begin(&ana).await;
    let (answer, second) = Authenticator::synced().create(&options, &server.address).finish();
    assert_eq!(add.end(&ana, &answer).await.status, 200);
    assert_eq!(second.user_handle, credential.user_handle, "WA-05: one handle for one account");
}

/// WA-63: a removed passkey signs nobody in, immediately.
async fn a_removed_passkey_is_refused_at_once(backend: Backend) {
    let server = Inside::start(backend).await;
    let (ana, first) = with_passkey(&server, &Authenticator::synced()).await;
    let add = CeremonyForm::on(&ana.get("/me/security/passkeys/add").await.expect(200));
    let options = add.begin(&ana).await;
    let (answer, second) = Authenticator::synced().create(&options, &server.address).finish();
    assert_eq!(add.end(&ana, &answer).await.status, 200);
    let (http, ceremony) = at_login(&server).await;
    let options = ceremony.begin(&http).await;
    let answer = second.get(&options, &server.address).finish();
    // The first link that removes something; either of the two may be removed, the other one must go on.
    let text = ana.get("/me/security").await.expect(200).text();
    let path = text.split('"').find(|part| part.starts_with("/me/security/passkeys/") && part.ends_with("/remove")).unwrap().to_owned();
    let page = ana.get(&path).await.expect(200);
    ana.submit(&page, "/remove", &[]).await.expect(200);
    let second_works = signed_in(&ceremony.end(&http, &answer).await);
    let (http, ceremony) = at_login(&server).await;
    let options = ceremony.begin(&http).await;
    let first_works = signed_in(&ceremony.end(&http, &first.get(&options, &server.address).finish()).await);
    assert!(first_works != second_works, "first {first_works}, second {second_works}");
}
