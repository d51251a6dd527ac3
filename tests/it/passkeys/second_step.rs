//! The passkey after the password: the account is known, and only its passkeys count.

use super::{CeremonyForm, refused, signed_in};
use crate::support::app::Inside;
use crate::support::authenticator::{Authenticator, Credential, flag};
use crate::support::http::Http;
use crate::support::people::{Ana, PASSWORD};
use crate::support::{Backend, both};

both!(only_this_account_s_passkeys_count, the_step_belongs_to_one_browser);

/// Ana with password, authenticator and a passkey.
async fn ana(server: &Inside) -> (Ana, Credential) {
    let ana = Ana::arrive(server).await;
    let add = CeremonyForm::on(&ana.http.get("/me/security/passkeys/add").await.expect(200));
    let options = add.begin(&ana.http).await;
    let (answer, credential) = Authenticator::synced().create(&options, &server.address).finish();
    assert_eq!(add.end(&ana.http, &answer).await.status, 200);
    (ana, credential)
}

/// A new browser after the right password, at the passkey step.
async fn at_the_step(server: &Inside) -> (Http, CeremonyForm, String) {
    let http = Http::new(&server.address);
    let page = http.get("/login").await.expect(200);
    let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    let path = page.url.path().replace("/totp", "/passkey");
    let page = http.get(&path).await.expect(200);
    let ceremony = CeremonyForm::on(&page);
    (http, ceremony, path)
}

async fn only_this_account_s_passkeys_count(backend: Backend) {
    let server = Inside::start(backend).await;
    let (_ana, credential) = ana(&server).await;
    let (http, ceremony, _) = at_the_step(&server).await;
    // WA-58, WA-59
    let options = ceremony.begin(&http).await;
    assert_eq!(options["allowCredentials"].as_array().unwrap().len(), 1);
    refused("WA-59 an id outside the list", &ceremony.end(&http, &credential.get(&options, &server.address).id(&[9; 32]).finish()).await);
    // WA-61
    let options = ceremony.begin(&http).await;
    let other = credential.get(&options, &server.address).user_handle(Some(&[7; 16])).finish();
    refused("WA-61 another account named", &ceremony.end(&http, &other).await);
    // WA-30, WA-33
    let options = ceremony.begin(&http).await;
    refused("WA-30", &ceremony.end(&http, &credential.get(&options, &server.address).without(flag::UV).finish()).await);
    let options = ceremony.begin(&http).await;
    refused("WA-33", &ceremony.end(&http, &credential.get(&options, &server.address).without(flag::BE | flag::BS).finish()).await);
    // The account is known already: a key that does not name it is fine.
    let options = ceremony.begin(&http).await;
    assert!(signed_in(&ceremony.end(&http, &credential.get(&options, &server.address).user_handle(None).finish()).await));
    // Some keys name it by an empty handle.
    let (http, ceremony, _) = at_the_step(&server).await;
    let options = ceremony.begin(&http).await;
    assert!(signed_in(&ceremony.end(&http, &credential.get(&options, &server.address).user_handle(Some(&[])).finish()).await));
}

/// WA-65, CVE-24: who did not give the password cannot take the step.
async fn the_step_belongs_to_one_browser(backend: Backend) {
    let server = Inside::start(backend).await;
    let (_ana, credential) = ana(&server).await;
    let (http, ceremony, path) = at_the_step(&server).await;
    let options = ceremony.begin(&http).await;
    let answer = credential.get(&options, &server.address).finish();
    let (stranger, page) = super::at_login(&server).await;
    let stolen = stranger.post_json(&format!("{path}/finish"), &page.token, &answer).await;
    assert!(!signed_in(&stolen), "{}", stolen.text());
    let looked = stranger.get(&path).await;
    assert!(looked.attribute("data-start").is_none(), "another browser's step is shown: {}", looked.words());
    // An answer that was seen elsewhere is spent; Ana's own browser goes on with a new one.
    refused("a ceremony that is over", &ceremony.end(&http, &answer).await);
    let options = ceremony.begin(&http).await;
    assert!(signed_in(&ceremony.end(&http, &credential.get(&options, &server.address).finish()).await));
}
