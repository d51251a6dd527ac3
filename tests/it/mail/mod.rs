//! Mails: who gets which, what they say, and that none is lost or sent twice.

mod address;
mod command;
mod notifications;
mod reset_links;
mod suspicious;
mod trouble;

use vouchsafe::domain::identity;
use vouchsafe::flows::jobs;
use vouchsafe::kernel::ids::PersonId;

use crate::people::come_in;
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::mailbox::{Mail, Mailbox};
use crate::support::people::{Ana, PASSWORD};
use crate::support::{Backend, both};

both!(an_invitation_goes_by_mail_and_confirms_the_address, a_letter_waits_for_a_server_that_is_away, of_several_nodes_one_sends);

async fn ready(backend: Backend) -> (Inside, Ana, Mailbox) {
    let mailbox = Mailbox::open().await;
    let server = Inside::with(backend, &[("mail.server", &mailbox.url), ("mail.from", "signin@acme.example")]).await;
    let ana = Ana::arrive(&server).await;
    (server, ana, mailbox)
}

async fn deliver(server: &Inside) -> usize {
    jobs::deliver(server, server.mailer.as_ref().unwrap()).await.unwrap()
}

async fn invite(ana: &Ana, username: &str) -> Answer {
    let page = ana.http.get("/people/invite").await.expect(200);
    let address = format!("{username}@acme.example");
    let fields = [("name", "Ben Example"), ("username", username), ("email", &address), ("reason", "Starts on Monday")];
    ana.http.submit(&page, "/people/invite", &fields).await.expect(200)
}

/// Everything that goes now.
async fn mails(server: &Inside, mailbox: &Mailbox) -> Vec<Mail> {
    deliver(server).await;
    mailbox.take()
}

/// The only mail that goes now.
async fn mail(server: &Inside, mailbox: &Mailbox) -> Mail {
    let mails = mails(server, mailbox).await;
    let told: Vec<_> = mails.iter().map(|mail| mail.header("subject")).collect();
    mails.into_iter().next().filter(|_| told.len() == 1).unwrap_or_else(|| panic!("not one mail: {told:?}"))
}

/// Ben, who came by an invitation in his mail and so has a confirmed address: his browser and the key of his authenticator.
async fn ben(server: &Inside, ana: &Ana, mailbox: &Mailbox) -> (Http, String) {
    invite(ana, "ben").await;
    come_in(server, &link_in(&mail(server, mailbox).await)).await
}

/// Someone's id.
async fn id_of(server: &Inside, name: &'static str) -> PersonId {
    server.read(move |w| Ok(identity::find_by_login_name(w, name)?.unwrap().id)).await.unwrap()
}

fn link_in(mail: &Mail) -> String {
    let text = mail.text();
    let link = text.split_whitespace().find(|word| word.contains("/invite/") || word.contains("/reset/"));
    let link = link.unwrap_or_else(|| panic!("no link:\n{text}"));
    url::Url::parse(link).unwrap().path().to_owned()
}

async fn an_invitation_goes_by_mail_and_confirms_the_address(backend: Backend) {
    // EN-01, EN-02, EN-05, WA-73
    let (server, ana, mailbox) = ready(backend).await;
    let page = invite(&ana, "ben").await;
    assert!(page.words().contains("sent by email"), "{}", page.words());
    let card = ana.http.get(&format!("{}/card", page.url.path())).await.expect(303);
    assert_eq!(card.location().unwrap().path(), page.url.path(), "nobody else sees the link");
    assert_eq!(deliver(&server).await, 1);
    let [mail] = mailbox.take().try_into().unwrap();
    assert_eq!(mail.to, "ben@acme.example");
    assert_eq!(mail.header("auto-submitted").as_deref(), Some("auto-generated"));
    assert_eq!(mail.header("list-id").as_deref(), Some("<account.localhost>"));
    assert!(mail.header("from").unwrap().contains("<signin@acme.example>"));
    assert!(mail.header("subject").unwrap().contains("Ana Example has invited you"));
    let text = mail.text();
    for said in ["Hello Ben Example", "Starts on Monday", "Ana Example", "passkey", "expires on 26 November 2026", server.address.as_str()]
    {
        assert!(text.contains(said), "{said}:\n{text}");
    }
    let (ben, _) = come_in(&server, &link_in(&mail)).await;
    assert_eq!(deliver(&server).await, 0, "who has just joined knows it");
    // What happens to his account from now on is told to the address he has shown to be his.
    let page = ben.get("/me/security/password").await.expect(200);
    let fields = [("current_password", PASSWORD), ("new_password", "another good phrase")];
    ben.submit(&page, "/me/security/password", &fields).await.expect(200);
    assert_eq!(deliver(&server).await, 1);
    let [mail] = mailbox.take().try_into().unwrap();
    assert_eq!(mail.to, "ben@acme.example");
    assert_eq!(mail.header("subject").as_deref(), Some("Your password was changed"));
    assert!(mail.text().contains("23 November 2026") && mail.text().contains("/me/security"), "{}", mail.text());
    // Ana never showed that her address is hers.
    let page = ana.http.get("/me/security/password").await.expect(200);
    ana.http.submit(&page, "/me/security/password", &fields).await.expect(200);
    assert_eq!(deliver(&server).await, 0);
}

async fn a_letter_waits_for_a_server_that_is_away(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    mailbox.answers("535 who are you");
    invite(&ana, "ben").await;
    assert_eq!(deliver(&server).await, 0);
    mailbox.answers("451 come again");
    server.pass(121);
    assert_eq!(deliver(&server).await, 0);
    mailbox.answers("250 taken");
    assert_eq!(deliver(&server).await, 0, "not at once");
    server.pass(241);
    assert_eq!((deliver(&server).await, mailbox.take().len()), (1, 1));
    server.pass(86_400);
    assert_eq!(deliver(&server).await, 0, "and once only");
    mailbox.answers("550 nobody here");
    let page = ana.http.follow("/people/invite").await.expect(200);
    // A day later the rights must be elevated again.
    assert_eq!(page.url.path(), "/login");
    ana.sign_in(&server, &ana.http, "/login").await;
    invite(&ana, "cleo").await;
    assert_eq!(deliver(&server).await, 0);
    mailbox.answers("250 taken");
    server.pass(86_400);
    assert_eq!((deliver(&server).await, mailbox.take().len()), (0, 0), "refused for good");
}

async fn of_several_nodes_one_sends(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let names: Vec<String> = (0..5).map(|number| format!("guest{number}")).collect();
    for name in &names {
        invite(&ana, name).await;
    }
    let sent: usize = futures_util::future::join_all((0..4).map(|_| deliver(&server))).await.into_iter().sum();
    let mut to: Vec<String> = mailbox.take().into_iter().map(|mail| mail.to).collect();
    to.sort();
    assert_eq!((sent, to), (5, names.iter().map(|name| format!("{name}@acme.example")).collect()));
}
