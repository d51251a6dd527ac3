//! Reset links: by mail, so that no administrator sees them, or as a card that its owner hears of.

use super::{ben, deliver, link_in, mail, ready};
use crate::people::{come_in, entries, invite, link_on, page_of};
use crate::support::http::Http;
use crate::support::{Backend, both};
use vouchsafe::domain::audit::Kind;

both!(by_mail_nobody_else_sees_the_link, by_card_the_owner_hears_of_it, without_a_confirmed_address_it_is_a_card);

/// EN-02, EN-09, RC-12: sent where they have shown that they read; what was there and what is there now is told.
async fn by_mail_nobody_else_sees_the_link(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let (old, _) = ben(&server, &ana, &mailbox).await;
    let person = page_of(&ana, "Ben Example").await.url.path().to_owned();
    let ask = ana.http.get(&format!("{person}/reset")).await.expect(200);
    assert!(ask.words().contains("By email") && ask.words().contains("ben@acme.example"), "{}", ask.words());
    // A mistake keeps what was chosen.
    let again = ana.http.submit(&ask, "/reset", &[("reason", ""), ("handover", "card")]).await.expect(422);
    assert_eq!(again.form("/reset").value("handover"), Some("card"));
    // By mail unless the other is chosen.
    let page = ana.http.submit(&ask, "/reset", &[("reason", "Rang me from his desk")]).await.expect(200);
    assert!(page.url.path() == person && page.words().contains("sent by email"), "{}", page.words());
    ana.http.get(&format!("{person}/card")).await.expect(303);
    let told = mail(&server, &mailbox).await;
    assert_eq!(told.to, "ben@acme.example");
    for said in [
        "Ana Example",
        "Rang me from his desk",
        "replaces all your current sign-in methods",
        "expires on 24 November 2026",
        "cancel it there",
    ] {
        assert!(told.text().contains(said), "{said}: {}", told.text());
    }
    let link = link_in(&told);
    assert!(!page.text().contains(&link));
    old.get("/me").await.expect(200);
    come_in(&server, &link).await;
    old.get("/me").await.expect(303);
    let told = mail(&server, &mailbox).await;
    assert_eq!(told.header("subject").as_deref(), Some("Your sign-in was reset"));
    for said in ["the authenticator “phone”", "Removed authenticators: “phone”", "Removed: the old password", "signed out"] {
        assert!(told.text().contains(said), "{said}: {}", told.text());
    }
    assert!(!told.text().contains("passkeys “"), "{}", told.text());
    assert_eq!(entries(&server, "ben", Kind::ResetLinkUsed).await, 1);
}

/// EN-09: who, why, until when, and how to stop it.
async fn by_card_the_owner_hears_of_it(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let (old, _) = ben(&server, &ana, &mailbox).await;
    let person = page_of(&ana, "Ben Example").await.url.path().to_owned();
    let ask = ana.http.get(&format!("{person}/reset")).await.expect(200);
    let card = ana.http.submit(&ask, "/reset", &[("reason", "Seen in person"), ("handover", "card")]).await.expect(200);
    let link = link_on(&card);
    let told = mail(&server, &mailbox).await;
    for said in ["Ana Example", "Seen in person", "expires on 24 November 2026", "cancel the link on your home page"] {
        assert!(told.text().contains(said), "{said}: {}", told.text());
    }
    assert!(told.text().lines().any(|line| line == format!("{}/me", server.address)), "{}", told.text());
    assert!(!told.text().contains("/reset/"), "the notice does not bring the link");
    let home = old.get("/me").await.expect(200);
    old.submit(&home, "/reset-link/stop", &[]).await.expect(200);
    Http::new(&server.address).follow(&link).await.expect(410);
}

/// Someone whose address is not shown to be theirs, or who has none, gets a card, whatever is posted.
async fn without_a_confirmed_address_it_is_a_card(backend: Backend) {
    let (server, ana, _mailbox) = ready(backend).await;
    let (cleo, _) = come_in(&server, &invite(&ana, &[("name", "Cleo"), ("username", "cleo")]).await).await;
    cleo.get("/me").await.expect(200);
    for name in ["Cleo", "Ana Example"] {
        let person = page_of(&ana, name).await.url.path().to_owned();
        let ask = ana.http.get(&format!("{person}/reset")).await.expect(200);
        assert!(!ask.text().contains("name=\"handover\""), "{}", ask.words());
        let token = ask.form("/reset").value("form_token").unwrap().to_owned();
        let fields = [("form_token", token.as_str()), ("reason", "Seen in person"), ("handover", "mail")];
        let to = ana.http.post_form(&format!("{person}/reset"), &fields).await.expect(303).location().unwrap();
        assert!(to.path().ends_with("/card"), "{to}");
        link_on(&ana.http.get(to.path()).await.expect(200));
    }
    assert_eq!(deliver(&server).await, 0);
}
