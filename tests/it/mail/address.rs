//! A person confirms their address by a code off a message, and only so.

use std::sync::Arc;

use secrecy::ExposeSecret;
use vouchsafe::domain::audit::{self, Book, Kind};
use vouchsafe::domain::identity;

use super::{ben, deliver, id_of, mail, mails, ready};
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::mailbox::{Mail, Mailbox};
use crate::support::people::{Ana, PASSWORD};
use crate::support::relying_party::Application;
use crate::support::rows::change;
use crate::support::{Backend, both};

both!(a_code_confirms_the_address, a_code_has_five_tries, only_the_newest_code_of_this_session_works, of_fifty_posts_one_confirms);
both!(an_address_that_is_gone_or_another_is_not_confirmed, letters_are_few, codes_end, without_mail_or_address_nothing_is_promised);

const NOT_REACHED: &str = "Confirm ana@acme.example to get security emails.";

/// Asks for a code on the page of the account.
async fn ask(http: &Http) -> Answer {
    let page = http.get("/me").await.expect(200);
    http.submit(&page, "/me/address/send", &[]).await.expect(200)
}

/// The code in a message.
fn code_in(mail: &Mail) -> String {
    let text = mail.text();
    let line = text.lines().find_map(|line| line.strip_prefix("Your code: "));
    line.unwrap_or_else(|| panic!("no code:\n{text}")).to_owned()
}

/// Asks, and reads the mail.
async fn code(server: &Inside, http: &Http, mailbox: &Mailbox) -> String {
    ask(http).await;
    code_in(&mail(server, mailbox).await)
}

/// Types a code; where it leads, or the page again.
async fn type_code(http: &Http, code: &str) -> Answer {
    let page = http.get("/me/address").await.expect(200);
    http.send_form(&page, "/me/address", &[("code", code)]).await
}

/// A code of the right form that is not this one.
fn another(code: &str) -> String {
    let last = if code.ends_with('7') { "8" } else { "7" };
    format!("{}{last}", &code[..code.len() - 1])
}

async fn is_confirmed(server: &Inside) -> bool {
    let ana = id_of(server, "ana").await;
    server.read(move |w| Ok(identity::profile(w, ana)?.email_confirmed)).await.unwrap()
}

/// EN-01, EN-08, WA-73, OA-70: told nothing before, everything after; and applications hear of it only then.
async fn a_code_confirms_the_address(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let home = ana.http.get("/me").await.expect(200);
    assert!(home.words().contains(NOT_REACHED) && !home.words().contains("Your account is secure"), "{}", home.words());
    assert!(ana.http.get("/me/security").await.words().contains(NOT_REACHED));
    let application = server.register("Grafana").await;
    assert_eq!(email_verified(&ana, &application).await, false);
    let page = ask(&ana.http).await;
    assert_eq!(page.url.path(), "/me/address");
    assert!(page.words().contains("We sent a code to ana@acme.example"), "{}", page.words());
    let mail = mail(&server, &mailbox).await;
    assert_eq!((mail.to.as_str(), mail.header("subject").as_deref()), ("ana@acme.example", Some("Your code to confirm your email")));
    let text = mail.text();
    for said in [
        "Hello Ana Example",
        "23 November 2026, 12:00 UTC",
        "ignore this email",
        "/me/address",
        "Device: ",
        "It works once and expires on ",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let code = code_in(&mail);
    for (typed, says) in [("", "Enter the code"), ("123456", "Enter all eight"), (another(&code).as_str(), "4 attempts left")] {
        let again = type_code(&ana.http, typed).await.expect(422);
        assert!(again.words().contains(says), "{typed}: {}", again.words());
    }
    assert!(!is_confirmed(&server).await);
    let done = type_code(&ana.http, &format!(" {} ", code.to_lowercase().replace('-', " "))).await.expect(303);
    let page = ana.http.follow_on(done).await.expect(200);
    assert!(page.words().contains("Your email is confirmed.") && !page.words().contains("not confirmed"), "{}", page.words());
    assert!(ana.http.get("/me/security").await.words().contains("We email ana@acme.example when"));
    let person = id_of(&server, "ana").await;
    let recorded = server.read(move |w| audit::recent(w, Book::Audit, person, 20)).await.unwrap();
    assert!(recorded.iter().any(|entry| entry.kind == Kind::EmailConfirmed));
    assert_eq!(email_verified(&ana, &application).await, true);
    // From now on what happens to the account is told.
    let page = ana.http.get("/me/security/password").await.expect(200);
    ana.http
        .submit(&page, "/security/password", &[("current_password", PASSWORD), ("new_password", "another good phrase")])
        .await
        .expect(200);
    assert_eq!(super::mail(&server, &mailbox).await.header("subject").as_deref(), Some("Your password was changed"));
    // There is no longer anything to confirm.
    assert_eq!(ana.http.get("/me/address").await.expect(303).location().unwrap().path(), "/me");
    let page = ana.http.get(&format!("/people/{person}")).await.expect(200);
    assert!(page.words().contains("ana@acme.example confirmed"), "{}", page.words());
}

async fn email_verified(ana: &Ana, application: &Application) -> serde_json::Value {
    let (asked, code) = crate::oidc::code(&ana.http, application, "openid email", &["email"]).await;
    let tokens = application.token(&application.token_fields(&asked, &code)).await.expect(200).json();
    let told = application.userinfo(tokens["access_token"].as_str().unwrap()).await.expect(200).json();
    told["email_verified"].clone()
}

/// OT-11: after the fifth wrong try the right code is nothing, in this tab as in the other, until a new one is sent.
async fn a_code_has_five_tries(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let right = code(&server, &ana.http, &mailbox).await;
    let other_tab = ana.http.get("/me/address").await.expect(200);
    for says in ["4 attempts left", "3 attempts left", "2 attempts left", "1 attempt left", "This code no longer works"] {
        let again = type_code(&ana.http, &another(&right)).await.expect(422);
        assert!(again.words().contains(says), "{says}: {}", again.words());
    }
    let again = ana.http.send_form(&other_tab, "/me/address", &[("code", &right)]).await.expect(422);
    assert!(again.words().contains("This code no longer works"), "{}", again.words());
    assert!(!is_confirmed(&server).await);
    let page = ana.http.submit(&again, "/me/address/send", &[]).await.expect(200);
    let right = code_in(&mail(&server, &mailbox).await);
    ana.http.send_form(&page, "/me/address", &[("code", &right)]).await.expect(303);
    assert!(is_confirmed(&server).await);
}

/// RC-05, OT-11: bound to the person and the session; a newer code makes an older one void.
async fn only_the_newest_code_of_this_session_works(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let old = code(&server, &ana.http, &mailbox).await;
    let tab = ana.http.get("/me/address").await.expect(200);
    let second = code(&server, &ana.http, &mailbox).await;
    let again = ana.http.send_form(&tab, "/me/address", &[("code", &old)]).await.expect(422);
    assert!(again.words().contains("Wrong code. Use the one from the latest email"), "{}", again.words());
    // Another session of hers, and someone else with an address of his own.
    let phone = Http::new(&server.address);
    ana.sign_in(&server, &phone, "/login").await.expect(200);
    mails(&server, &mailbox).await;
    let (ben, _) = ben(&server, &ana, &mailbox).await;
    // As if he had come by a card.
    change(server.settings.database.url.expose_secret(), "UPDATE person_values SET checked_at = NULL WHERE checked_at IS NOT NULL");
    for http in [&phone, &ben] {
        let page = http.get("/me/address").await.expect(200);
        assert!(page.words().contains("We’ll send a code to"), "{}", page.words());
        let token = page.form("/me/address/send").value("form_token").unwrap().to_owned();
        let refused = http.post_form("/me/address", &[("form_token", &token), ("code", &second)]).await.expect(422);
        assert!(refused.words().contains("This code no longer works"), "{}", refused.words());
    }
    // What others typed is not counted as hers; a code for the phone makes hers void.
    let third = code(&server, &phone, &mailbox).await;
    for code in [&second, &third] {
        let refused = ana.http.send_form(&tab, "/me/address", &[("code", code)]).await.expect(422);
        assert!(refused.words().contains("This code no longer works"), "{}", refused.words());
    }
    assert!(!is_confirmed(&server).await);
    type_code(&phone, &third).await.expect(303);
    assert!(is_confirmed(&server).await);
    // The tab that was left open leads home.
    assert_eq!(ana.http.send_form(&tab, "/me/address", &[("code", &second)]).await.expect(303).location().unwrap().path(), "/me");
}

/// RC-05: the right code fifty times in parallel.
async fn of_fifty_posts_one_confirms(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let code = code(&server, &ana.http, &mailbox).await;
    let http = Arc::new(ana.http);
    let page = http.get("/me/address").await.expect(200);
    let token = page.form("/me/address").value("form_token").unwrap().to_owned();
    let mut set = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (http, token, code) = (http.clone(), token.clone(), code.clone());
        set.spawn(async move { http.post_form("/me/address", &[("form_token", &token), ("code", &code)]).await });
    }
    let answers = set.join_all().await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 303 | 422)), "nothing else happened");
    let won = answers.iter().filter(|answer| answer.location().is_some_and(|to| to.query() == Some("done=address_confirmed")));
    assert_eq!(won.count(), 1);
    let person = id_of(&server, "ana").await;
    let recorded = server.read(move |w| audit::recent(w, Book::Audit, person, 20)).await.unwrap();
    assert_eq!(recorded.iter().filter(|entry| entry.kind == Kind::EmailConfirmed).count(), 1);
}

/// A code says something of the address it was sent to, and of no other.
async fn an_address_that_is_gone_or_another_is_not_confirmed(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    let right = code(&server, &ana.http, &mailbox).await;
    let tab = ana.http.get("/me/address").await.expect(200);
    let url = server.settings.database.url.expose_secret().to_owned();
    // The username takes the place of the address: another value, opened by the same key.
    change(&url, "DELETE FROM person_values WHERE attribute = 'email'");
    change(&url, "UPDATE person_values SET attribute = 'email' WHERE attribute = 'username'");
    let page = ana.http.get("/me/address").await.expect(200);
    assert!(page.words().contains("We’ll send a code to ana ."), "no code was sent there: {}", page.words());
    let refused = ana.http.send_form(&tab, "/me/address", &[("code", &right)]).await.expect(422);
    assert!(refused.words().contains("This code no longer works"), "{}", refused.words());
    change(&url, "DELETE FROM person_values WHERE attribute = 'email'");
    let answer = ana.http.send_form(&tab, "/me/address", &[("code", &right)]).await.expect(303);
    assert_eq!((answer.location().unwrap().path(), answer.location().unwrap().query()), ("/me", None));
    let home = ana.http.get("/me").await.expect(200);
    assert!(home.words().contains("None given") && !home.text().contains("/me/address"), "{}", home.words());
}

/// RC-06: nobody's mail is flooded.
async fn letters_are_few(backend: Backend) {
    let (server, ana, mailbox) = ready(backend).await;
    for _ in 0..5 {
        ask(&ana.http).await;
    }
    let page = ana.http.get("/me").await.expect(200);
    let refused = ana.http.send_form(&page, "/me/address/send", &[]).await.expect(422);
    assert!(refused.words().contains("You can send the next one after 24 November 2026, 12:00 UTC"), "{}", refused.words());
    let told = mails(&server, &mailbox).await;
    assert_eq!(told.len(), 5);
    // The newest of them still works.
    let mut left = told.iter().map(code_in);
    let page = ana.http.get("/me/address").await.expect(200);
    let newest = left.next_back().unwrap();
    ana.http.send_form(&page, "/me/address", &[("code", &newest)]).await.expect(303);
    assert!(is_confirmed(&server).await);
}

/// RC-04: a day at most, and no longer than the session.
async fn codes_end(backend: Backend) {
    let mailbox = Mailbox::open().await;
    let settings = [("mail.server", mailbox.url.as_str()), ("session.lifetime", "1d"), ("session.idle", "1d")];
    let server = Inside::with(backend, &settings).await;
    let ana = Ana::arrive(&server).await;
    ask(&ana.http).await;
    let told = mail(&server, &mailbox).await;
    assert!(told.text().contains("It works once and expires on 24 November 2026, 12:00 UTC"), "{}", told.text());
    let tab = ana.http.get("/me/address").await.expect(200);
    server.pass(86_401);
    let refused = ana.http.send_form(&tab, "/me/address", &[("code", &code_in(&told))]).await.expect(303);
    assert_eq!(refused.location().unwrap().path(), "/login");
    ana.sign_in(&server, &ana.http, "/login").await.expect(200);
    let refused = ana.http.send_form(&tab, "/me/address", &[("code", &code_in(&told))]).await.expect(422);
    assert!(refused.words().contains("This code no longer works"), "{}", refused.words());
    assert!(!is_confirmed(&server).await && deliver(&server).await == 0);
}

/// No button that does nothing, and no sentence that is not true.
async fn without_mail_or_address_nothing_is_promised(backend: Backend) {
    let server = Inside::start(backend).await;
    let form = Http::new(&server.address).follow(&server.setup_path().await).await.expect(200);
    assert!(!form.words().contains("Confirm it later"), "{}", form.words());
    let ana = Ana::arrive(&server).await;
    let page = ana.http.get("/me/security").await.expect(200);
    assert!(page.words().contains("Email isn’t set up") && !page.text().contains("/me/address"), "{}", page.words());
    let page = ana.http.get("/me").await.expect(200);
    assert!(page.words().contains("not confirmed") && !page.text().contains("/me/address"), "{}", page.words());
    let token = ana.http.get("/me/security/password").await.form("/password").value("form_token").unwrap().to_owned();
    for path in ["/me/address", "/me/address/send"] {
        let answer = ana.http.post_form(path, &[("form_token", &token), ("code", "7KQ2-9VXM")]).await;
        assert!(answer.status == 422 || answer.location().is_some_and(|to| to.path() == "/me"), "{path}: {}", answer.status);
    }
    let mailbox = Mailbox::open().await;
    let server = Inside::with(backend, &[("mail.server", &mailbox.url)]).await;
    let form = Http::new(&server.address).follow(&server.setup_path().await).await.expect(200);
    assert!(form.words().contains("Confirm it later"), "{}", form.words());
}
