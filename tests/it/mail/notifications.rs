//! What people are told about their account, and that names in it are only names.

use std::collections::BTreeMap;

use vouchsafe::domain::client;
use vouchsafe::domain::outbox::{self, Body, MailKind};
use vouchsafe::flows::{ActingAdmin, apps, jobs};

use super::{ben, deliver, id_of, mail, mails, ready};
use crate::passkeys::{CeremonyForm, signed_in};
use crate::people::{come_in, invite, page_of};
use crate::support::authenticator::Authenticator;
use crate::support::http::Http;
use crate::support::people::{PASSWORD, recovery_codes};
use crate::support::{Backend, both};

both!(no_name_is_more_than_a_name, names_of_ways_to_sign_in_are_told, a_first_password_is_told);
both!(few_recovery_codes_are_told_once, an_account_switched_off_and_on_is_told, a_changed_application_is_told_once);
both!(an_address_that_is_vouched_for_hears_of_it);

/// WB-06, CVE-132, CVE-133: in no message of any kind does a name begin a header, a line or an element.
async fn no_name_is_more_than_a_name(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    ben(&server, &ana, &mailbox).await;
    let person = id_of(&server, "ben").await;
    let hostile = "x\r\nBcc: eve@evil.example\r\n\r\n<img src=x onerror=alert(1)>\u{2028}<b>&\"'\u{202e}{ $by }";
    let names = ["name", "thing", "before", "by", "reason", "ends", "browser", "link", "left", "code"];
    let again = ["new_passkey", "new_authenticator", "gone_passkeys", "gone_authenticators", "gone_password", "gone_codes"];
    for kind in MailKind::ALL {
        let facts: BTreeMap<String, String> =
            names.iter().chain(&again).map(|name| ((*name).to_owned(), format!("{name}{hostile}"))).collect();
        let body = Body { to: "ben@acme.example".into(), facts, ticket: None };
        server.write(move |w| outbox::add(w, person, *kind, &body)).await.unwrap();
        let mail = mail(&server, &mailbox).await;
        let (text, html, mut headers) = (mail.text(), mail.html(), mail.headers());
        headers.sort();
        let expected =
            ["auto-submitted", "content-type", "date", "from", "list-id", "message-id", "mime-version", "subject", "to"].map(str::to_owned);
        assert_eq!(headers, expected, "{kind:?}");
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "{kind:?}: {text}");
        assert!(text.contains("x Bcc:") || text.contains("xBcc:"), "{kind:?} names nothing: {text}");
        assert!(html.contains("&lt;img src=x") && !html.contains("<img") && !html.contains("<b>"), "{kind:?}: {html}");
        assert!(!text.contains('\u{202e}') && !text.contains('\u{2028}'), "{kind:?}: {text}");
        // Whatever else it says, it says of whom it is and what it never asks.
        assert!(text.contains("We never ask for a password"), "{kind:?}: {text}");
        assert!(text.contains("UTC") || matches!(kind, MailKind::Invitation | MailKind::ResetLink), "{kind:?}: {text}");
    }
    // An address that is more than one gets nothing, and stops nothing.
    for to in ["ben@acme.example\r\nRCPT TO:<eve@evil.example>", "ben@acme.example, eve@evil.example", "<ben@acme.example>%0aeve"] {
        let body = Body { to: to.into(), ..Body::default() };
        server.write(move |w| outbox::add(w, person, MailKind::PasskeyAdded, &body)).await.unwrap();
    }
    assert_eq!((deliver(&server).await, mailbox.take().len()), (0, 0));
}

/// EN-08: also a new name is told, with the old one, and markup in it stays text.
async fn names_of_ways_to_sign_in_are_told(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let (http, _) = ben(&server, &ana, &mailbox).await;
    let page = http.get("/me/security").await.expect(200);
    let path = page.link("/rename").expect("a link to rename");
    let form = http.get(&path).await.expect(200);
    http.submit(&form, "/rename", &[("label", "<b>old</b> phone")]).await.expect(200);
    let told = mail(&server, &mailbox).await;
    assert_eq!(told.header("subject").as_deref(), Some("An authenticator was renamed"));
    let text = told.text();
    assert!(text.contains("“phone”") && text.contains("“<b>old</b> phone”") && text.contains("/me/security"), "{text}");
    assert!(told.html().contains("&lt;b&gt;old"), "{}", told.html());
    // The same name again is no news.
    http.submit(&form, "/rename", &[("label", "<b>old</b> phone")]).await.expect(200);
    assert_eq!(deliver(&server).await, 0);
}

/// EN-08, WA-73: someone who came with a passkey names it and sets a password.
async fn a_first_password_is_told(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    super::invite(&ana, "ben").await;
    let link = super::link_in(&mail(&server, &mailbox).await);
    let http = Http::new(&server.address);
    let page = http.follow(&link).await.expect(200);
    let page = http.submit(&page, page.url.path(), &[]).await.expect(200);
    let page = http.submit(&page, "/method", &[("method", "passkey")]).await.expect(200);
    let ceremony = CeremonyForm::on(&page);
    let options = ceremony.begin(&http).await;
    let (answer, _) = Authenticator::synced().create(&options, &server.address).finish();
    assert!(signed_in(&ceremony.end(&http, &answer).await));
    let page = http.get("/me/security").await.expect(200);
    let form = http.get(&page.link("/rename").expect("a passkey to rename")).await.expect(200);
    http.submit(&form, "/rename", &[("label", "blue key")]).await.expect(200);
    let told = mail(&server, &mailbox).await;
    assert_eq!(told.header("subject").as_deref(), Some("A passkey was renamed"));
    assert!(told.text().contains("“blue key”"), "{}", told.text());
    let page = http.get("/me/security/password").await.expect(200);
    http.submit(&page, "/me/security/password", &[("new_password", "another good phrase")]).await.expect(200);
    let told = mail(&server, &mailbox).await;
    assert_eq!(told.header("subject").as_deref(), Some("A password was added to your account"));
}

/// E-07: each use is told, and once that few are left.
async fn few_recovery_codes_are_told_once(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let (http, _) = ben(&server, &ana, &mailbox).await;
    let page = http.get("/me/security/recovery").await.expect(200);
    let page = http.submit(&page, "/me/security/recovery", &[]).await.expect(200);
    let codes = recovery_codes(&page);
    assert!(mail(&server, &mailbox).await.header("subject").unwrap().starts_with("New recovery codes"), "E-06");
    let mut few = Vec::new();
    for (used, code) in codes.iter().enumerate() {
        let http = Http::new(&server.address);
        let page = http.get("/login").await.expect(200);
        let page = http.submit(&page, "/login", &[("name", "ben"), ("password", PASSWORD)]).await.expect(200);
        let page = http.get(&page.url.path().replace("/totp", "/recovery")).await.expect(200);
        http.submit(&page, "/recovery", &[("code", code)]).await.expect(200);
        let told = mails(&server, &mailbox).await;
        let subjects: Vec<String> = told.iter().map(|mail| mail.header("subject").unwrap()).collect();
        assert!(subjects.iter().any(|subject| subject == "A recovery code was used to sign in"), "{subjects:?}");
        if subjects.iter().any(|subject| subject == "Your recovery codes are running low") {
            few.push(used + 1);
            let mail = told.iter().find(|mail| mail.header("subject").unwrap().contains("running low")).unwrap();
            assert!(mail.text().contains("You have only 3 recovery codes"), "{}", mail.text());
        }
        server.pass(60);
    }
    assert_eq!(few, [7]);
}

/// E-11, D.4: who, why, and what it means.
async fn an_account_switched_off_and_on_is_told(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    ben(&server, &ana, &mailbox).await;
    let person = page_of(&ana, "Ben Example").await.url.path().to_owned();
    for (act, subject, says) in [
        ("disable", "Your account was disabled", "signed out everywhere"),
        ("enable", "Your account was enabled", "with the same methods as before"),
    ] {
        let ask = ana.http.get(&format!("{person}/{act}")).await.expect(200);
        ana.http.submit(&ask, &format!("/{act}"), &[("reason", "A long <i>leave</i>")]).await.expect(200);
        let told = mail(&server, &mailbox).await;
        assert_eq!((told.to.as_str(), told.header("subject").as_deref()), ("ben@acme.example", Some(subject)));
        for said in ["Ana Example", "A long <i>leave</i>", says, "23 November 2026", "UTC"] {
            assert!(told.text().contains(said), "{said}: {}", told.text());
        }
    }
}

/// OA-110: the person who allowed an application hears that it is no longer what they were shown; once, and nobody else does.
async fn a_changed_application_is_told_once(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let (http, _) = ben(&server, &ana, &mailbox).await;
    let application = server.register("Notes").await;
    crate::oidc::code(&http, &application, "openid", &[]).await;
    server.pass(60);
    let id = {
        let name = application.client_id.clone();
        server.read(move |w| client::find(w, &name)).await.unwrap().unwrap().id
    };
    let change = async |edit: fn(apps::TypedApp) -> apps::TypedApp| {
        let edit = move |now| Some(edit(now));
        apps::change_typed(&server, &ActingAdmin::at_the_host(), id, edit, apps::SameName::Refused).await.unwrap();
        jobs::tell_of_changes(&server).await.unwrap();
    };
    change(|now| apps::TypedApp { algorithm: "EdDSA".into(), ..now }).await;
    assert!(mails(&server, &mailbox).await.is_empty(), "nothing that was shown");
    change(|now| apps::TypedApp { name: "Payroll".into(), redirect_uris: vec!["https://payroll.example/cb".into()], ..now }).await;
    let mail = mail(&server, &mailbox).await;
    let text = mail.text();
    assert_eq!(mail.header("subject").as_deref(), Some("Payroll has changed"));
    for said in ["You allowed Payroll", "Previous name: Notes", "Now at: payroll.example", "We’ll ask you again"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    jobs::tell_of_changes(&server).await.unwrap();
    assert!(mails(&server, &mailbox).await.is_empty());
}

/// EN-08: the address is told that it counts as confirmed now, and once more when that is taken back.
async fn an_address_that_is_vouched_for_hears_of_it(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let (dan, _) = come_in(&server, &invite(&ana, &[("name", "Dan"), ("username", "dan"), ("role", "owner")]).await).await;
    let person = page_of(&ana, "Ana Example").await.url.path().to_owned();
    for (act, subject, says) in [
        ("vouch", "Your email address was vouched for", "From now on we send security emails here"),
        ("withdraw_vouch", "Your email address is no longer confirmed", "We won’t send more emails here"),
    ] {
        let ask = dan.get(&format!("{person}/{act}")).await.expect(200);
        dan.submit(&ask, &format!("/{act}"), &[("reason", "The contract")]).await.expect(200);
        let told = mail(&server, &mailbox).await;
        assert_eq!((told.to.as_str(), told.header("subject").as_deref()), ("ana@acme.example", Some(subject)));
        for said in ["Dan", "The contract", says] {
            assert!(told.text().contains(said), "{said}: {}", told.text());
        }
    }
}
