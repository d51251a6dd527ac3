//! Applications that are switched off, on again, and removed.

use vouchsafe::domain::audit::Kind;
use vouchsafe::domain::{identity, ledger};

use super::{code, page_of, record, token};
use crate::support::app::Inside;
use crate::support::people::Ana;
use crate::support::{Backend, both};

both!(switched_off_it_says_why_and_keeps_nothing, removed_it_leaves_its_record);

async fn switched_off_it_says_why_and_keeps_nothing(backend: Backend) {
    // OA-18
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let grafana = server.register("Grafana").await;
    let path = page_of(&server, &grafana).await;
    let old = token(&server, &ana.http, &grafana).await;
    let (asked, waiting) = code(&ana.http, &grafana, "openid").await;
    let ask = ana.http.get(&format!("{path}/disable")).await.expect(200);
    let refused = ana.http.send_form(&ask, "/disable", &[]).await.expect(422).words();
    assert!(refused.contains("Enter a message for users") && refused.contains("Enter a reason"), "{refused}");
    grafana.userinfo(&old).await.expect(200);

    let fields = [("text", "We move it. It is back on Monday."), ("reason", "Ticket 4411")];
    let done = ana.http.send_form(&ask, "/disable", &fields).await.expect(303).location().unwrap();
    let page = ana.http.get(done.as_str()).await.expect(200).words();
    assert!(page.contains("Disabled") && page.contains("back on Monday") && !page.contains("Ticket"), "{page}");
    assert!(ana.http.get("/apps").await.expect(200).words().contains("Disabled"));
    assert_eq!(grafana.userinfo(&old).await.status, 401);
    let spent = grafana.token(&grafana.token_fields(&asked, &waiting)).await.expect(400);
    assert_eq!(spent.json()["error"], "unauthorized_client");
    let closed = ana.http.follow(grafana.ask("openid", &[]).url.as_str()).await.expect(403);
    assert!(closed.words().contains("Grafana is currently unavailable") && closed.words().contains("back on Monday"), "{}", closed.words());
    assert!(closed.words().contains("Contact Acme IT") && !closed.words().contains("Ticket"));
    // Twice is once.
    let again = ana.http.send_form(&ask, "/disable", &fields).await.expect(303).location().unwrap();
    assert_eq!(again.query(), Some("done=not_there"));

    let ask = ana.http.get(&format!("{path}/enable")).await.expect(200);
    ana.http.send_form(&ask, "/enable", &[("reason", " ")]).await.expect(422);
    ana.http.send_form(&ask, "/enable", &[("reason", "Moved")]).await.expect(303);
    assert!(!ana.http.get(&path).await.expect(200).words().contains("back on Monday"));
    // What ended stays ended; who signs in again gets something new.
    assert_eq!(grafana.userinfo(&old).await.status, 401);
    let spent = grafana.token(&grafana.token_fields(&asked, &waiting)).await.expect(400);
    assert_eq!(spent.json()["error"], "invalid_grant");
    let new = token(&server, &ana.http, &grafana).await;
    grafana.userinfo(&new).await.expect(200);

    let (off, on) = (record(&server, &path, Kind::ClientDisabled).await, record(&server, &path, Kind::ClientEnabled).await);
    assert_eq!((off.len(), on.len()), (1, 1));
    assert_eq!((&off[0]["reason"], &off[0]["text"]), (&"Ticket 4411".into(), &"We move it. It is back on Monday.".into()));
    assert_eq!((&off[0]["grants_ended"], &on[0]["reason"]), (&2.into(), &"Moved".into()));
}

async fn removed_it_leaves_its_record(backend: Backend) {
    // OA-03, LG-12
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let grafana = server.register("Grafana").await;
    let path = page_of(&server, &grafana).await;
    let old = token(&server, &ana.http, &grafana).await;
    let asked = grafana.ask("openid", &[("prompt", "consent")]);
    let question = ana.http.follow(asked.url.as_str()).await.expect(200);
    let told = async || {
        let read = server.read(|w| {
            let ana = identity::find_by_login_name(w, "ana")?.unwrap();
            ledger::recent(w, ana.id, 100)
        });
        read.await.unwrap().len()
    };
    let before = told().await;
    assert_eq!(before, 1);
    let ask = ana.http.get(&format!("{path}/delete")).await.expect(200);
    let said = ask.words();
    for goes in ["1 sign-in, with its codes and tokens", "1 person’s choice", "can’t be undone", "ledger of what it was given"] {
        assert!(said.contains(goes), "{goes}: {said}");
    }
    ana.http.send_form(&ask, "/delete", &[("reason", "")]).await.expect(422);
    let done = ana.http.send_form(&ask, "/delete", &[("reason", "Nobody uses it")]).await.expect(303).location().unwrap();
    let list = ana.http.get(done.as_str()).await.expect(200).words();
    assert!(list.contains("Application deleted") && !list.contains("Grafana"), "{list}");

    assert_eq!(grafana.userinfo(&old).await.status, 401);
    ana.http.get(&path).await.expect(404);
    ana.http.get(&format!("{path}/delete")).await.expect(404);
    let gone = ana.http.send_form(&ask, "/delete", &[("reason", "again")]).await.expect(303).location().unwrap();
    assert_eq!((gone.path(), gone.query()), ("/apps", Some("done=not_there")));
    let unknown = ana.http.get(grafana.ask("openid", &[]).url.as_str()).await.expect(400);
    assert!(unknown.location().is_none() && unknown.words().contains("We don’t know this app"), "{}", unknown.words());
    let late = super::allow(&ana.http, &question).await;
    assert!(late.location().is_none() && !late.words().contains("Grafana"), "{}", late.words());
    let refused = grafana.token(&[("grant_type".into(), "authorization_code".into())]).await.expect(401);
    assert_eq!(refused.json()["error"], "invalid_client");

    assert_eq!(told().await, before, "the ledger stays");
    let removed = record(&server, &path, Kind::ClientRemoved).await;
    assert_eq!((&removed[0]["name"], &removed[0]["reason"]), (&"Grafana".into(), &"Nobody uses it".into()));
    assert_eq!((&removed[0]["grants"], &removed[0]["consents"]), (&1.into(), &1.into()));
    assert_eq!(record(&server, &path, Kind::ClientRegistered).await.len(), 1, "so does the audit log");
}
