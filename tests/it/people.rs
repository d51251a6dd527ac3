//! Administrators and people: who may look, who may act, and for how long.

use crate::support::app::Inside;
use crate::support::http::Http;
use crate::support::people::Ana;
use crate::support::{Backend, both};

both!(raised_rights_end_unused_and_come_back_by_a_proof,);

async fn raised_rights_end_unused_and_come_back_by_a_proof(backend: Backend) {
    // SE-13
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let home = ana.http.get("/me").await.expect(200);
    assert!(home.text().contains("href=\"/people\""));
    let page = ana.http.get("/people").await.expect(200);
    assert!(page.words().contains("Ana Example"), "{}", page.words());
    // Used every 29 minutes they stay, beyond the proof that raised them.
    for _ in 0..3 {
        server.pass(29 * 60);
        ana.http.get("/people").await.expect(200);
    }
    server.pass(31 * 60);
    let asked = ana.http.get("/people").await.expect(303).location().unwrap();
    assert_eq!((asked.path(), asked.query()), ("/fresh", Some("to=people")));
    ana.http.get("/me").await.expect(200);
    let other = Http::new(&server.address);
    assert_eq!(other.get("/people").await.expect(303).location().unwrap().path(), "/login");
}
