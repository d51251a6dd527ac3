//! Several secrets at the same time (OA-42).

use vouchsafe::domain::audit::Kind;
use vouchsafe::domain::client;

use super::{code, page_of, record};
use crate::support::app::Inside;
use crate::support::http::Answer;
use crate::support::people::Ana;
use crate::support::relying_party::Application;
use crate::support::{Backend, both};

both!(a_secret_is_exchanged_without_a_pause, what_has_no_secret_gets_none);

/// The secret a page shows.
fn shown(page: &Answer) -> String {
    let text = page.text();
    let rest = text.split("id=\"client-secret\"").nth(1).unwrap_or_else(|| panic!("no secret on:\n{}", page.words()));
    rest.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()
}

/// What the token endpoint says to a secret, with a code that is in order.
async fn opens(ana: &Ana, grafana: &Application, secret: &str) -> u16 {
    let (asked, code) = code(&ana.http, grafana, "openid").await;
    let with = Application::discover(grafana.metadata["issuer"].as_str().unwrap(), &grafana.client_id, Some(secret), &grafana.redirect_uri);
    with.await.token(&grafana.token_fields(&asked, &code)).await.status
}

async fn a_secret_is_exchanged_without_a_pause(backend: Backend) {
    // OA-42
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let grafana = server.register("Grafana").await;
    let first = grafana.secret.clone().unwrap();
    let path = page_of(&server, &grafana).await;
    let page = ana.http.get(&path).await.expect(200);
    let client = server.read(client::list).await.unwrap().remove(0).id;
    let oldest = format!("{path}/secrets/{}", server.read(move |w| client::secrets(w, client)).await.unwrap().remove(0).id);
    server.pass(60);
    // Only one: it stays, nothing leads to its end, and the address of that says why.
    assert_eq!(page.link(&format!("{path}/secrets/")), None);
    let only = ana.http.get(&oldest).await.expect(200);
    assert!(only.words().contains("only secret of Grafana") && !only.text().contains("<form"), "{}", only.words());
    let token = page.form("/secrets").value("form_token").unwrap().to_owned();
    let refused = ana.http.post_form(&oldest, &[("form_token", &token)]).await.expect(422);
    assert!(refused.words().contains("it wasn’t revoked"), "{}", refused.words());
    assert_eq!(opens(&ana, &grafana, &first).await, 200);

    let to = ana.http.send_form(&page, "/secrets", &[]).await.expect(303).location().unwrap();
    let made = ana.http.get(to.as_str()).await.expect(200);
    assert!(made.words().contains("New secret for Grafana"), "{}", made.words());
    let second = shown(&made);
    assert!(second != first && !to.as_str().contains(&second));
    assert_eq!((opens(&ana, &grafana, &first).await, opens(&ana, &grafana, &second).await), (200, 200));
    // A third one has no room, and there is no button for it.
    let full = ana.http.get(&path).await.expect(200);
    assert!(!full.text().contains("<form") && !full.text().contains(&second), "{}", full.words());
    assert!(full.text().contains(&format!("href=\"{oldest}\"")), "{}", full.text());
    let third = ana.http.post_form(&format!("{path}/secrets"), &[("form_token", &token)]).await.expect(303).location().unwrap();
    assert_eq!(third.query(), Some("done=too_many_secrets"));

    let ask = ana.http.get(&oldest).await.expect(200);
    let done = ana.http.send_form(&ask, &oldest, &[]).await.expect(303).location().unwrap();
    assert_eq!(done.query(), Some("done=secret_revoked"));
    assert_eq!((opens(&ana, &grafana, &first).await, opens(&ana, &grafana, &second).await), (401, 200));
    ana.http.get(&oldest).await.expect(404);
    let gone = ana.http.post_form(&oldest, &[("form_token", &token)]).await.expect(303).location().unwrap();
    assert_eq!(gone.query(), Some("done=not_there"));
    // The page that showed it can be looked at for ten minutes and no longer.
    server.pass(11 * 60);
    assert_eq!(ana.http.get(to.as_str()).await.expect(303).location().unwrap().path(), path);

    let (made, revoked) = (record(&server, &path, Kind::ClientSecretMade).await, record(&server, &path, Kind::ClientSecretRevoked).await);
    assert_eq!((made.len(), revoked.len()), (1, 1));
    assert_eq!(revoked[0]["secret"].as_str(), oldest.rsplit('/').next());
    assert_ne!(made[0]["secret"], revoked[0]["secret"]);
}

async fn what_has_no_secret_gets_none(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let tool = server
        .register_with("Tool", |new| {
            (new.kind, new.auth) = (vouchsafe::domain::client::ClientKind::Public, vouchsafe::domain::client::ClientAuth::None);
        })
        .await;
    let path = page_of(&server, &tool).await;
    let page = ana.http.get(&path).await.expect(200);
    assert!(page.words().contains("None. It uses PKCE") && !page.text().contains("<form"));
    let token = ana.http.get("/apps/new").await.expect(200).form("/apps/new").value("form_token").unwrap().to_owned();
    let refused = ana.http.post_form(&format!("{path}/secrets"), &[("form_token", &token)]).await.expect(303).location().unwrap();
    assert_eq!(refused.query(), Some("done=not_there"));
    assert!(record(&server, &path, Kind::ClientSecretMade).await.is_empty());
}
