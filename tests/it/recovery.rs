//! Recovery codes: how people get them, what one opens, and what it does not.

use reqwest::Method;

use crate::passkeys::with_passkey;
use crate::people;
use crate::support::app::Inside;
use crate::support::authenticator::Authenticator;
use crate::support::http::{Answer, Http};
use crate::support::people::{Ana, PASSWORD, recovery_codes};
use crate::support::{Backend, both};

both!(shown_once_and_kept, one_signs_in_once, an_application_is_told_what_happened);
both!(new_ones_need_another_factor, old_ones_are_void, guesses_are_slowed_down, without_a_password_it_opens_nothing);
both!(nobody_keeps_codes_that_open_nothing, a_code_raises_no_rights, of_administrators_a_code_changes_nothing);
both!(no_code_is_spent_after_a_password_that_was_changed);

const HERE: &str = "/me/security/recovery";
const CODES: &str = "/me/security/recovery/codes";

/// A new browser after the right password: the page for a recovery code.
async fn at_the_recovery_code(server: &Inside, name: &str) -> (Http, Answer) {
    let http = Http::new(&server.address);
    let page = http.get("/login").await.expect(200);
    let page = http.submit(&page, "/login", &[("name", name), ("password", PASSWORD)]).await.expect(200);
    assert!(page.words().contains("Use a recovery code"), "{}", page.words());
    let page = http.get(&page.url.path().replace("/totp", "/recovery")).await.expect(200);
    (http, page)
}

async fn sign_in(server: &Inside, code: &str) -> (Http, Answer) {
    sign_in_as(server, "ana", code).await
}

async fn sign_in_as(server: &Inside, name: &str, code: &str) -> (Http, Answer) {
    let (http, page) = at_the_recovery_code(server, name).await;
    let answer = http.submit(&page, "/recovery", &[("code", code)]).await;
    (http, answer)
}

/// OT-10, RC-03: ten of eighty bits, on one page and in one file; nowhere afterwards.
async fn shown_once_and_kept(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let page = ana.http.get("/me/security").await.expect(200);
    assert!(page.words().contains("You have no recovery codes."), "{}", page.words());
    let page = ana.http.get(HERE).await.expect(200);
    let page = ana.http.submit(&page, HERE, &[]).await.expect(200);
    assert_eq!(page.url.path(), CODES);
    let codes = recovery_codes(&page);
    assert_eq!(codes.len(), 10);
    let different: std::collections::BTreeSet<&String> = codes.iter().collect();
    assert_eq!(different.len(), 10);
    // A reload shows the same; a sign that one has them is asked for.
    assert_eq!(recovery_codes(&ana.http.get(CODES).await.expect(200)), codes);
    let again = ana.http.send_form(&page, CODES, &[]).await.expect(422);
    assert!(again.words().contains("Save the codes, then tick the box"));
    // The file, without a script: once. A HEAD takes nothing.
    ana.http.request(Method::HEAD, "/me/security/recovery/codes.txt").send().await.expect(303);
    let file = ana.http.get("/me/security/recovery/codes.txt").await.expect(200);
    assert_eq!(file.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(file.header("content-disposition").unwrap().starts_with("attachment"));
    for part in codes.iter().map(String::as_str).chain([server.address.as_str(), "2026-11-23", "Cross out used codes"]) {
        assert!(file.text().contains(part), "{part} is not in the file:\n{}", file.text());
    }
    let second = ana.http.get("/me/security/recovery/codes.txt").await.expect(303);
    assert_eq!(second.location().unwrap().path(), CODES);
    let page = ana.http.get(CODES).await.expect(200);
    assert!(page.words().contains("Downloaded as recovery-codes.txt"));
    // Another browser of the same person, freshly signed in, sees nothing of them.
    let other = Http::new(&server.address);
    ana.sign_in(&server, &other, "/login").await.expect(200);
    assert_eq!(other.get(CODES).await.expect(303).location().unwrap().path(), HERE);
    let page = ana.http.submit(&page, CODES, &[("kept", "yes")]).await.expect(200);
    assert!(page.words().contains("Your recovery codes are ready"), "{}", page.words());
    assert!(page.words().contains("10 of 10 left. Created 23 November 2026"), "{}", page.words());
    ana.http.get(CODES).await.expect(303);
    ana.http.get("/me/security/recovery/codes.txt").await.expect(303);
}

/// OT-10, CVE-37: instead of the authenticator, once; typed as people type.
async fn one_signs_in_once(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let codes = ana.make_recovery_codes().await;
    let (http, page) = sign_in(&server, &codes[0].to_lowercase().replace('-', " ").replace('0', "o")).await;
    assert!(page.words().contains("You have 9 recovery codes left."), "{}", page.words());
    assert!(!page.words().contains("Create new ones"), "{}", page.words());
    assert!(http.get("/me").await.expect(200).words().contains("password and recovery code"));
    let (other, page) = sign_in(&server, &codes[0]).await;
    assert_eq!((page.status, other.get("/me").await.status), (422, 303));
    assert!(page.words().contains("You’ve already used this code"), "{}", page.words());
    // The same page takes another one.
    let page = other.submit(&page, "/recovery", &[("code", &codes[1])]).await.expect(200);
    assert!(page.words().contains("You have 8 recovery codes left."), "{}", page.words());
    for (used, left) in [(2, "7"), (3, "6"), (4, "5"), (5, "4"), (6, "3"), (7, "2"), (8, "one recovery code")] {
        let (_, page) = sign_in(&server, &codes[used]).await;
        assert!(page.words().contains(&format!("You have {left}")), "{}", page.words());
        assert_eq!(page.words().contains("Create new ones soon"), used >= 6, "{}", page.words());
    }
    let (http, page) = sign_in(&server, &codes[9]).await;
    assert!(page.words().contains("That was your last recovery code.") && page.words().contains("Create new ones now"), "{}", page.words());
    assert!(http.get("/me/security").await.expect(200).words().contains("You’ve used them all. Create new ones."));
    // With none left there is no longer such a way.
    let page = http.get("/login?again=1").await.expect(200);
    let page = Http::new(&server.address).follow(page.url.path()).await;
    assert_eq!(page.status, 200);
    let http = Http::new(&server.address);
    let page = http.get("/login").await.expect(200);
    let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    assert!(!page.words().contains("Use a recovery code"), "{}", page.words());
}

/// OA-69, AA-09: two factors, said as what they were; nothing stronger.
async fn an_application_is_told_what_happened(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let codes = ana.make_recovery_codes().await;
    let wiki = server.register("Wiki").await;
    let asked = wiki.ask("openid", &[]);
    let http = Http::new(&server.address);
    let page = http.follow(asked.url.as_str()).await.expect(200);
    let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    let page = http.get(&page.url.path().replace("/totp", "/recovery")).await.expect(200);
    let page = http.submit(&page, "/recovery", &[("code", &codes[0])]).await.expect(200);
    assert!(page.words().contains("Continue to Wiki"), "{}", page.words());
    let consent = http.follow(&page.link("/authorize/continue/").expect("a way on")).await.expect(200);
    let action = consent.url.path().replace("/authorize/continue/", "/consent/");
    let answer = http.send_form(&consent, &action, &[("decision", "allow")]).await.expect(303);
    let code = wiki.code(&asked, &answer.location().unwrap());
    let (claims, _) = wiki.exchange(&asked, &code, server.time()).await;
    assert_eq!((claims["acr"].as_str(), &claims["amr"]), (Some("aal2"), &serde_json::json!(["pwd", "mfa"])));
}

/// RC-15: anyone who came in by a recovery code may add a passkey or an authenticator, and only with it make new codes.
async fn new_ones_need_another_factor(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (http, key) = people::come_in(&server, &people::invite(&ana, &[]).await).await;
    let ben = Ana { http, key };
    let codes = ben.make_recovery_codes().await;
    let (http, _) = sign_in_as(&server, "ben", &codes[0]).await;
    http.get("/me/security/passkeys/add").await.expect(200);
    let token = http.get("/logout").await.form("/logout/confirm").value("form_token").unwrap().to_owned();
    for path in [HERE, CODES, "/me/security/recovery/codes.txt"] {
        let answer = http.get(path).await.expect(303);
        assert_eq!(answer.location().unwrap().path(), "/reauthenticate", "{path}");
    }
    for path in [HERE, CODES] {
        let answer = http.post_form(path, &[("form_token", &token), ("kept", "yes")]).await.expect(303);
        assert_eq!(answer.location().unwrap().path(), "/reauthenticate", "{path}");
    }
    let page = http.follow(HERE).await.expect(200);
    assert!(page.words().contains("You can’t use a recovery code here"), "{}", page.words());
    let page = http.submit(&page, "/reauthenticate", &[("password", PASSWORD)]).await.expect(200);
    assert!(!page.words().contains("Use a recovery code"), "{}", page.words());
    let recovery = page.url.path().replace("/totp", "/recovery");
    assert!(http.get(&recovery).await.expect(200).words().contains("can’t be used here"));
    let form = page.form("/totp");
    let (token, step) = (form.value("form_token").unwrap(), form.value("step").unwrap());
    http.post_form(&recovery, &[("form_token", token), ("step", step), ("code", &codes[1])]).await.expect(303);
    http.get(HERE).await.expect(303);
    let page = http.submit(&page, "/totp", &[("code", &ben.code(&server))]).await.expect(200);
    assert_eq!(page.url.path(), HERE);
    assert!(page.words().contains("9 of 10 left"), "what was refused was not spent: {}", page.words());
    // For other changes a recovery code confirms as well as an authenticator.
    server.pass(16 * 60);
    let page = http.follow("/me/security/password").await.expect(200);
    let page = http.submit(&page, "/reauthenticate", &[("password", PASSWORD)]).await.expect(200);
    let page = http.get(&page.url.path().replace("/totp", "/recovery")).await.expect(200);
    let page = http.submit(&page, "/recovery", &[("code", &codes[1])]).await.expect(200);
    assert!(page.link("/me/security/password").is_some(), "{}", page.words());
    http.get("/me/security/password").await.expect(200);
}

/// OT-10: making new ones makes all old ones void.
async fn old_ones_are_void(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let old = ana.make_recovery_codes().await;
    let new = ana.make_recovery_codes().await;
    let (http, page) = sign_in(&server, &old[3]).await;
    assert_eq!((page.status, http.get("/me").await.status), (422, 303));
    assert!(page.words().contains("the old ones no longer work"), "{}", page.words());
    http.submit(&page, "/recovery", &[("code", &new[3])]).await.expect(200);
    http.get("/me").await.expect(200);
}

/// TH-01, TH-02, TH-05, TH-12: counted like every guess, apart from the authenticator's.
async fn guesses_are_slowed_down(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let codes = ana.make_recovery_codes().await;
    for typed in ["", "123456", "7KQ2-9VXM-4T8C-0HR", "7KQ2-9VXM-4T8C-0HRU"] {
        let (_, page) = sign_in(&server, typed).await;
        assert_eq!(page.status, 422, "{typed:?}");
    }
    let mut statuses = Vec::new();
    for _ in 0..7 {
        statuses.push(sign_in(&server, "7KQ2-9VXM-4T8C-0HRD").await.1.status);
    }
    assert_eq!(statuses, [422, 422, 422, 422, 422, 422, 429]);
    let (_, page) = sign_in(&server, &codes[0]).await;
    assert!(page.status == 429 && page.header("retry-after").is_some(), "TH-12");
    assert!(page.words().contains("Recovery codes for this account pause for"), "{}", page.words());
    let (http, page) = at_the_recovery_code(&server, "ana").await;
    let page = http.get(&page.url.path().replace("/recovery", "/totp")).await.expect(200);
    http.submit(&page, "/totp", &[("code", &ana.code(&server))]).await.expect(200);
    http.get("/me").await.expect(200);
    // Her own machine has a count of its own (TH-06).
    let page = ana.http.get("/login?again=1").await.expect(200);
    let page = ana.http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    let page = ana.http.get(&page.url.path().replace("/totp", "/recovery")).await.expect(200);
    ana.http.submit(&page, "/recovery", &[("code", &codes[0])]).await.expect(200);
}

/// AA-05: it is a second step and never a first; the page says whom to ask.
async fn without_a_password_it_opens_nothing(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let codes = ana.make_recovery_codes().await;
    let (http, page) = at_the_recovery_code(&server, "ana").await;
    for words in ["administrator to help you back in", "vouchsafe admin reset"] {
        assert!(page.words().contains(words), "{}", page.words());
    }
    // In another browser the same address is nobody's.
    let stranger = Http::new(&server.address);
    let login = stranger.get("/login").await.expect(200);
    let token = login.form("/login").value("form_token").unwrap().to_owned();
    let fields = [("form_token", token.as_str()), ("step", "1"), ("code", &codes[0])];
    stranger.post_form(page.url.path(), &fields).await.expect(200);
    stranger.get(&format!("{}/done", page.url.path())).await;
    stranger.get("/me").await.expect(303);
    // The page of the end is there only after the end.
    assert!(!http.get(&format!("{}/done", page.url.path())).await.words().contains("recovery codes left"));
    let (_, page) = sign_in(&server, &codes[0]).await;
    assert!(page.words().contains("You have 9 recovery codes left."), "nothing was spent: {}", page.words());
}

/// An account that has no password is told so, and offered something that helps.
async fn nobody_keeps_codes_that_open_nothing(backend: Backend) {
    let server = Inside::start(backend).await;
    let (http, _) = with_passkey(&server, &Authenticator::synced()).await;
    for path in ["/me/security", HERE] {
        let page = http.get(path).await.expect(200);
        assert!(page.words().contains("Recovery codes only work with a password"), "{}", page.words());
        assert!(!page.words().contains("Create recovery codes"), "{}", page.words());
    }
}

/// EN-15, SE-13, RC-15: anyone who came in by a recovery code acts on nobody else, until an authenticator has proved more.
async fn a_code_raises_no_rights(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let codes = ana.make_recovery_codes().await;
    let (http, _) = sign_in(&server, &codes[0]).await;
    let asked = http.get("/people").await.expect(303).location().unwrap();
    let page = http.get(asked.as_str()).await.expect(200);
    assert!(page.words().contains("You can’t use a recovery code here."), "{}", page.words());
    let page = http.submit(&page, "/reauthenticate", &[("password", PASSWORD)]).await.expect(200);
    assert!(!page.words().contains("Use a recovery code"), "{}", page.words());
    server.pass(31);
    let code = ana.code(&server);
    let page = http.submit(&page, "/totp", &[("code", &code)]).await.expect(200);
    assert_eq!(page.url.path(), "/people");
}

/// AA-09, EN-15, WA-71: with a sign-in method that a stolen code added, someone would act on everybody. Of anyone who has a
/// role a code signs in, and adds, changes and removes nothing.
async fn of_administrators_a_code_changes_nothing(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let codes = ana.make_recovery_codes().await;
    let (http, done) = sign_in(&server, &codes[0]).await;
    // She is told who can help instead: of the only owner that is anyone who has the host.
    for said in ["you can’t manage people or change your sign-in methods", "No other owner can help", "admin reset NAME --reason"] {
        assert!(done.words().contains(said), "{said}: {}", done.words());
    }
    let home = http.get("/me").await.expect(200);
    assert!(home.words().contains("Ask an owner, or the person who runs") && !home.words().contains("Add a passkey"), "{}", home.words());
    let list = ana.http.get("/me/security").await.expect(200);
    let remove = list.link("/remove").expect("a way to remove");
    let rename = list.link("/rename").expect("a way to rename");
    let token = http.get("/logout").await.form("/logout/confirm").value("form_token").unwrap().to_owned();
    let adding = ["/me/security/passkeys/add", "/me/security/authenticators/add", "/me/security/password"];
    for path in adding.into_iter().chain([remove.as_str(), rename.as_str()]) {
        assert_eq!(http.get(path).await.expect(303).location().unwrap().path(), "/reauthenticate", "{path}");
        if path != adding[0] {
            assert_eq!(
                http.post_form(path, &[("form_token", &token)]).await.expect(303).location().unwrap().path(),
                "/reauthenticate",
                "{path}"
            );
        }
    }
    let page = http.follow(adding[0]).await.expect(200);
    assert!(page.words().contains("ask another administrator for a reset link"), "{}", page.words());
    let page = http.submit(&page, "/reauthenticate", &[("password", PASSWORD)]).await.expect(200);
    assert!(!page.words().contains("Use a recovery code"), "{}", page.words());
    let recovery = page.url.path().replace("/totp", "/recovery");
    let form = page.form("/totp");
    let (token, step) = (form.value("form_token").unwrap(), form.value("step").unwrap());
    http.post_form(&recovery, &[("form_token", token), ("step", step), ("code", &codes[1])]).await.expect(303);
    http.get(adding[0]).await.expect(303);
    let page = http.submit(&page, "/totp", &[("code", &ana.code(&server))]).await.expect(200);
    assert_eq!(page.url.path(), adding[0]);
}

/// OT-10, SE-10: what the password opened is over when it was changed meanwhile; the code still works afterwards.
async fn no_code_is_spent_after_a_password_that_was_changed(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let codes = ana.make_recovery_codes().await;
    let (http, page) = at_the_recovery_code(&server, "ana").await;
    server.pass(1);
    let change = ana.http.get("/me/security/password").await.expect(200);
    let other = "another good phrase";
    ana.http.submit(&change, "/me/security/password", &[("current_password", PASSWORD), ("new_password", other)]).await.expect(200);
    let answer = http.submit(&page, "/recovery", &[("code", &codes[0])]).await;
    assert!(!answer.words().contains("recovery codes left"), "{}", answer.words());
    http.get("/me").await.expect(303);
    let page = http.get("/login").await.expect(200);
    let page = http.submit(&page, "/login", &[("name", "ana"), ("password", other)]).await.expect(200);
    let page = http.get(&page.url.path().replace("/totp", "/recovery")).await.expect(200);
    let page = http.submit(&page, "/recovery", &[("code", &codes[0])]).await.expect(200);
    assert!(page.words().contains("You have 9 recovery codes left."), "{}", page.words());
}
