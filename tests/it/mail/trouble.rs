//! Mails that cannot go, mail servers that are away, and nodes that send side by side.

use diesel::prelude::*;
use vouchsafe::domain::audit::Kind;
use vouchsafe::domain::outbox::{self, Body, MailKind};
use vouchsafe::each;
use vouchsafe::flows::jobs;
use vouchsafe::platform::db::schema::{data_keys, outbox as rows};

use super::{ben, deliver, id_of, invite, link_in, mail, mails, ready};
use crate::people::{entries, page_of};
use crate::support::app::Inside;
use crate::support::http::Http;
use crate::support::mailbox::Mailbox;
use crate::support::people::Ana;
use crate::support::{Backend, both};

both!(a_poisoned_letter_stops_none_behind_it, a_dead_link_is_not_sent, without_a_server_nothing_is_sent_later);
both!(a_server_that_is_away_is_tried_until_it_is_back, two_nodes_never_send_one_letter_twice, a_server_at_an_ipv6_address);

/// Bodies that open no more, and a person whose key is gone: given up, recorded, and the others go.
async fn a_poisoned_letter_stops_none_behind_it(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    ben(&server, &ana, &mailbox).await;
    invite(&ana, "cleo").await;
    let (ben, cleo) = (id_of(&server, "ben").await, id_of(&server, "cleo").await);
    server
        .write(move |w| {
            let body = Body { to: "ben@acme.example".into(), ..Body::default() };
            for _ in 0..25 {
                outbox::add(w, ben, MailKind::PasskeyAdded, &body)?;
            }
            each!(w.conn, c => {
                diesel::update(rows::table.filter(rows::person_id.eq(ben))).set(rows::body.eq(b"rubbish".to_vec())).execute(c)?;
                diesel::delete(data_keys::table.filter(data_keys::owner.eq(format!("person:{cleo}")))).execute(c)?;
            });
            Ok(())
        })
        .await
        .unwrap();
    // A key that was opened is used for a minute after it was destroyed.
    server.pass(60);
    invite(&ana, "dan").await;
    assert_eq!(mail(&server, &mailbox).await.to, "dan@acme.example");
    assert_eq!(entries(&server, "ben", Kind::MailGivenUp).await, 25);
    assert_eq!(entries(&server, "cleo", Kind::MailGivenUp).await, 1);
    server.pass(86_400);
    assert_eq!(deliver(&server).await, 0);
}

/// EN-03: an invitation that was withdrawn, replaced, used or is over does not leave.
async fn a_dead_link_is_not_sent(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let withdraw = async |name: &str| {
        let page = page_of(&ana, name).await;
        ana.http.submit(&page, "/withdraw", &[]).await.expect(200);
    };
    invite(&ana, "ben").await;
    withdraw("Ben Example").await;
    assert_eq!(mails(&server, &mailbox).await.len(), 0);
    assert_eq!(entries(&server, "ben", Kind::MailGivenUp).await, 1);
    // Of two the newer one goes.
    let page = page_of(&ana, "Ben Example").await;
    ana.http.submit(&page, "/send", &[]).await.expect(200);
    let page = page_of(&ana, "Ben Example").await;
    ana.http.submit(&page, "/send", &[]).await.expect(200);
    let link = link_in(&mail(&server, &mailbox).await);
    Http::new(&server.address).follow(&link).await.expect(200);
    // While the server was away the time of the link ran out.
    invite(&ana, "cleo").await;
    mailbox.answers("451 come again");
    assert_eq!(deliver(&server).await, 0);
    mailbox.answers("250 taken");
    server.pass(72 * 3600);
    assert_eq!(mails(&server, &mailbox).await.len(), 0);
    assert_eq!(mailbox.take().len(), 0);
}

/// Whatever is written without a mail server is given up within days, and goes nowhere when one is set later.
async fn without_a_server_nothing_is_sent_later(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let page = invite(&ana, "ben").await;
    assert!(page.text().contains("id=\"address\""), "a card: {}", page.words());
    let ben = id_of(&server, "ben").await;
    let body = Body { to: "ben@acme.example".into(), ..Body::default() };
    server.write(move |w| outbox::add(w, ben, MailKind::PasskeyAdded, &body)).await.unwrap();
    server.pass(3 * 86_400);
    let mailbox = Mailbox::open().await;
    let mailer = vouchsafe::platform::mail::Mailer::new(&mailbox.url, "signin@acme.example", "Acme", "localhost").unwrap();
    assert_eq!((jobs::deliver(&server, &mailer).await.unwrap(), mailbox.take().len()), (0, 0));
}

/// Nothing listens at first; when something does, the mail goes, once.
async fn a_server_that_is_away_is_tried_until_it_is_back(backend: Backend) {
    let place = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let server = Inside::with(backend, &[("mail.server", &format!("smtp://{place}"))]).await;
    let ana = Ana::arrive(&server).await;
    invite(&ana, "ben").await;
    for _ in 0..4 {
        assert_eq!(deliver(&server).await, 0);
        server.pass(3_600);
    }
    let mailbox = Mailbox::open_at(&place).await;
    assert_eq!((deliver(&server).await, mailbox.take().len()), (1, 1));
    server.pass(86_400);
    assert_eq!((deliver(&server).await, mailbox.take().len()), (0, 0));
}

/// Two processes on one database; and what one began and did not end goes on at the other after a while.
async fn two_nodes_never_send_one_letter_twice(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let other = server.another_node().await;
    let names: Vec<String> = (0..6).map(|number| format!("guest{number}")).collect();
    for name in &names {
        invite(&ana, name).await;
    }
    let send = async |app: &vouchsafe::app::App| jobs::deliver(app, app.mailer.as_ref().unwrap()).await.unwrap();
    let (one, two) = tokio::join!(send(&server), send(&other));
    let mut to: Vec<String> = mailbox.take().into_iter().map(|mail| mail.to).collect();
    to.sort();
    assert_eq!((one + two, to), (6, names.iter().map(|name| format!("{name}@acme.example")).collect()));
    invite(&ana, "late").await;
    // The first claims it and ends before it is sent.
    assert!(server.write(|w| outbox::claim(w, |_, _, _| Ok(()))).await.unwrap().is_some());
    assert_eq!(send(&other).await, 0, "the first may still be at it");
    server.pass(301);
    assert_eq!((send(&other).await, send(&server).await), (1, 0));
    assert_eq!(mailbox.take().len(), 1);
}

async fn a_server_at_an_ipv6_address(backend: Backend) {
    let mailbox = Mailbox::open_at("[::1]:0").await;
    assert!(mailbox.url.starts_with("smtp://[::1]:"));
    let server = Inside::with(backend, &[("mail.server", &mailbox.url)]).await;
    let ana = Ana::arrive(&server).await;
    invite(&ana, "ben").await;
    assert_eq!(mail(&server, &mailbox).await.to, "ben@acme.example");
}
